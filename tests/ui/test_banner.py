"""The banner above the pages: the clock, and nothing that belongs to an account."""

import pytest
from msgspec.structs import replace
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.errors import FileError
from guarddog_gui.domain.problems import FileErrorReason
from guarddog_gui.domain.refresh.history import AttemptResult, HistoryEntry, Trigger
from guarddog_gui.domain.refresh.status import Overview
from guarddog_gui.ui.banner import Banner
from guarddog_gui.ui.formatter import Formatter
from tests.fakes import NOW
from tests.runtime.harness import SHOP, TOKEN
from tests.ui.account_statuses import make_account_status

REFUSED = HistoryEntry(NOW, SHOP.appid, TOKEN, Trigger.TIMER, AttemptResult.REFUSED, errcode=40164)


@pytest.fixture
def banner(formatter: Formatter, qtbot: QtBot) -> Banner:
    banner = Banner(formatter)
    qtbot.addWidget(banner)
    return banner


def test_trouble_of_an_account_is_not_in_the_banner(banner: Banner) -> None:
    status = make_account_status(SHOP, failure=REFUSED)
    banner.show_overview(Overview(NOW, (replace(status, superseded_entry=REFUSED),)))
    assert banner.isHidden()


def test_an_unreadable_list_of_accounts_comes_before_a_wrong_clock(banner: Banner) -> None:
    error = FileError("/config/accounts.json", FileErrorReason.PERMISSION_DENIED)
    banner.show_overview(Overview(NOW, list_error=error, clock_skew_minutes=7))
    texts = " ".join(label.text() for label in banner.findChildren(QLabel))
    assert "/config/accounts.json could not be read or written: permission denied." in texts
    assert "minutes" not in texts


@pytest.mark.parametrize(("minutes", "word"), [(7, "ahead of"), (-7, "behind")])
def test_a_wrong_clock_is_reported_until_it_is_right(banner: Banner, minutes: int, word: str) -> None:
    banner.show_overview(Overview(NOW, clock_skew_minutes=minutes))
    assert not banner.isHidden()
    texts = " ".join(label.text() for label in banner.findChildren(QLabel))
    assert f"7 minutes {word} WeChat's" in texts
    assert "Set it right" in texts
    banner.show_overview(Overview(NOW))
    assert banner.isHidden()
