"""The banner: which problem it shows, in which order, and the buttons that it offers."""

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.accounts.account import Account, Endpoint
from guarddog_gui.domain.accounts.keyring_results import KeyringIsLocked
from guarddog_gui.domain.errors import FileError
from guarddog_gui.domain.problems import FileErrorReason
from guarddog_gui.domain.refresh import policy
from guarddog_gui.domain.refresh.history import AttemptResult, HistoryEntry, Trigger
from guarddog_gui.domain.refresh.status import AccountStatus, KeyState, KeyStatus, Overview
from guarddog_gui.domain.tokens.record import TokenRecord
from guarddog_gui.ui.banner import Banner
from guarddog_gui.ui.errcode_page import ErrcodePage
from guarddog_gui.ui.formatter import Formatter
from tests.fakes import NOW, OFFLINE_FAILURE, error_reply
from tests.runtime.harness import CAFE, SHOP, TOKEN, RuntimeHarness
from tests.ui import find
from tests.ui.app_windows import AppLauncher
from tests.ui.opened_urls import record_opened_urls

STABLE, FETCH, LOADER, DISMISS = "Use stable_token", "Fetch a new one", "Copy the loader for Node", "I know"
CLASSIC = replace(SHOP, endpoint=Endpoint.CLASSIC, ahead=900)
SUPERSEDED_ENTRY = HistoryEntry(
    NOW, SHOP.appid, TOKEN, Trigger.TIMER, AttemptResult.NEW, errcode=40001, detail=policy.SUPERSEDED, ip="203.0.113.9"
)


def status_of(
    account: Account, *, superseded: HistoryEntry | None = None, failure: HistoryEntry | None = None
) -> AccountStatus:
    record = TokenRecord("91_" + "v" * 60, 7200, round(NOW * 1000), "", account.ahead)
    state = KeyState.FAILED if failure is not None else KeyState.FRESH
    keys = tuple(KeyStatus(kind, state, record, failure, NOW + 3600) for kind in account.token_kinds)
    return AccountStatus(account, keys, superseded)


def text(banner: Banner) -> str:
    return find.label(banner, "banner-text").text()


def offered(banner: Banner) -> list[str]:
    """Return the texts of the visible buttons, from the left."""
    return [button.text() for button in banner.findChildren(QPushButton) if not button.isHidden()]


@pytest.fixture
def banner(formatter: Formatter, qtbot: QtBot) -> Banner:
    banner = Banner(formatter)
    qtbot.addWidget(banner)
    return banner


@pytest.fixture
def connected_banner(harness: RuntimeHarness, formatter: Formatter, qtbot: QtBot) -> Banner:
    banner = Banner(formatter)
    qtbot.addWidget(banner)
    harness.controller.overview_changed.connect(banner.show_overview)
    return banner


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The URLs that were opened in the browser."""
    return record_opened_urls(monkeypatch)


def test_without_a_problem_for_the_user_there_is_no_banner(
    connected_banner: Banner, harness: RuntimeHarness, qtbot: QtBot
) -> None:
    assert connected_banner.isHidden()
    harness.controller.start()
    harness.wait_until_idle(qtbot)
    assert connected_banner.isHidden()
    harness.wechat.forced_token_reply = OFFLINE_FAILURE
    harness.advance(7200)
    harness.wait_until_idle(qtbot)
    assert connected_banner.isHidden()  # being offline needs no action of the user


def test_a_failure_is_explained_with_buttons_that_help(
    connected_banner: Banner, harness: RuntimeHarness, qtbot: QtBot, opened: list[str]
) -> None:
    harness.wechat.forced_token_reply = error_reply(40164, "invalid ip 203.0.113.9, not in whitelist")
    harness.controller.start()
    harness.wait_until_idle(qtbot)
    assert not connected_banner.isHidden()
    assert text(connected_banner).startswith("Shop: This computer calls from 203.0.113.9")
    with qtbot.waitSignal(connected_banner.copy_requested) as copied:
        find.button(connected_banner, "Copy IP").click()
    assert copied.args == ["203.0.113.9"]
    find.button(connected_banner, "Open the page").click()
    assert opened[0].startswith("https://")
    with qtbot.waitSignal(connected_banner.retry_requested) as retried:
        find.button(connected_banner, "Try again").click()
    assert retried.args == [SHOP.appid]
    harness.wechat.forced_token_reply = None
    harness.controller.refresh(SHOP.appid)
    harness.wait_until_idle(qtbot)
    assert connected_banner.isHidden()


def test_a_locked_keyring_is_shown_without_an_ip_to_copy(
    connected_banner: Banner, harness: RuntimeHarness, qtbot: QtBot
) -> None:
    harness.secrets.lookup_result = KeyringIsLocked()
    harness.controller.start()
    harness.wait_until_idle(qtbot)
    assert "keyring is locked" in text(connected_banner)
    assert find.button(connected_banner, "Copy IP").isHidden()
    assert find.button(connected_banner, "Open the page").isHidden()


def test_an_errmsg_is_shown_as_plain_text(connected_banner: Banner, harness: RuntimeHarness, qtbot: QtBot) -> None:
    harness.wechat.forced_token_reply = error_reply(123456, "<img src=x>")
    harness.controller.start()
    harness.wait_until_idle(qtbot)
    assert find.label(connected_banner, "banner-text").textFormat() is Qt.TextFormat.PlainText
    assert "<img src=x>" in text(connected_banner)


# -- superseded tokens ----------------------------------------------------------------------------


def test_a_superseded_classic_token_offers_the_stable_endpoint(banner: Banner) -> None:
    banner.show_overview(Overview(NOW, (status_of(CLASSIC, superseded=SUPERSEDED_ENTRY),)))
    assert text(banner).startswith("Shop: At ")
    assert "another program" in text(banner)
    assert offered(banner) == [STABLE, FETCH, DISMISS]


def test_an_account_on_the_stable_endpoint_is_not_offered_to_switch(banner: Banner) -> None:
    banner.show_overview(Overview(NOW, (status_of(SHOP, superseded=SUPERSEDED_ENTRY),)))
    assert offered(banner) == [FETCH, DISMISS]


def test_a_failure_is_shown_before_a_superseded_token(banner: Banner) -> None:
    refused = HistoryEntry(
        NOW, CAFE.appid, TOKEN, Trigger.TIMER, AttemptResult.REFUSED, errcode=40164, ip="203.0.113.9"
    )
    overview = Overview(NOW, (status_of(CLASSIC, superseded=SUPERSEDED_ENTRY), status_of(CAFE, failure=refused)))
    banner.show_overview(overview)
    assert text(banner).startswith("Café: ")
    assert {"Copy IP", "Try again"} < set(offered(banner))
    assert not {STABLE, FETCH, DISMISS} & set(offered(banner))
    banner.show_overview(Overview(NOW, (status_of(CLASSIC, superseded=SUPERSEDED_ENTRY), status_of(CAFE))))
    assert offered(banner) == [STABLE, FETCH, DISMISS]


def test_a_dismissed_message_disappears(banner: Banner, qtbot: QtBot) -> None:
    banner.show_overview(Overview(NOW, (status_of(SHOP, superseded=SUPERSEDED_ENTRY),)))
    with qtbot.waitSignal(banner.superseded_dismissed) as known:
        find.button(banner, DISMISS).click()
    assert known.args == [SHOP.appid]
    banner.show_overview(Overview(NOW, (status_of(SHOP),)))
    assert banner.isHidden()


# -- another program that refreshes ---------------------------------------------------------------


def with_foreign(account: Account, count: int, **changes: HistoryEntry) -> AccountStatus:
    status = status_of(account, **changes)
    token, *others = status.keys
    return replace(status, keys=(replace(token, foreign_refresh_count=count), *others))


def test_another_writer_is_reported_with_the_loader_for_node(banner: Banner, qtbot: QtBot) -> None:
    banner.show_overview(Overview(NOW, (with_foreign(SHOP, 3),)))
    assert text(banner).startswith("Shop: Another program writes ACCESS_TOKEN.dog: 3 times in the last hour.")
    assert offered(banner) == [LOADER, DISMISS]
    with qtbot.waitSignal(banner.node_loader_requested) as wanted:
        find.button(banner, LOADER).click()
    assert wanted.args == [SHOP, TOKEN]
    with (
        qtbot.waitSignal(banner.foreign_writes_dismissed) as known,
        qtbot.assertNotEmitted(banner.superseded_dismissed),
    ):
        find.button(banner, DISMISS).click()
    assert known.args == [SHOP.appid]
    banner.show_overview(Overview(NOW, (with_foreign(SHOP, 1),)))
    assert "ACCESS_TOKEN.dog: once in the last hour. Only a value" in text(banner)


def test_another_writer_is_reported_after_other_problems(banner: Banner) -> None:
    banner.show_overview(Overview(NOW, (with_foreign(CLASSIC, 3, superseded=SUPERSEDED_ENTRY),)))
    assert offered(banner) == [STABLE, FETCH, DISMISS]
    refused = HistoryEntry(
        NOW, CAFE.appid, TOKEN, Trigger.TIMER, AttemptResult.REFUSED, errcode=40164, ip="203.0.113.9"
    )
    banner.show_overview(Overview(NOW, (with_foreign(SHOP, 3), status_of(CAFE, failure=refused))))
    assert not {LOADER, DISMISS} & set(offered(banner))
    banner.show_overview(Overview(NOW, (status_of(SHOP),)))
    assert banner.isHidden()


def test_how_to_fix_opens_the_explanation_of_the_errcode(app_launcher: AppLauncher) -> None:
    window = app_launcher.start("en").window
    find.button(window, "How to fix").click()
    assert find.widget(window, ErrcodePage).isVisible()
    assert "(40164)" in find.label(window, "errcode-meaning").text()
    assert find.label(window, "errcode-fix").text()


def test_an_unreadable_list_is_shown_unless_an_account_has_failed(banner: Banner) -> None:
    error = FileError("/config/accounts.json", FileErrorReason.PERMISSION_DENIED)
    refusal = HistoryEntry(NOW, SHOP.appid, TOKEN, Trigger.TIMER, AttemptResult.REFUSED, errcode=40164)
    banner.show_overview(Overview(NOW, (status_of(SHOP),), list_error=error))
    assert text(banner).startswith("/config/accounts.json could not be read or written: permission denied.")
    assert not banner.isHidden()
    assert offered(banner) == []
    banner.show_overview(Overview(NOW, (status_of(SHOP, failure=refusal),), list_error=error))
    assert "/config/accounts.json" not in text(banner)


def test_a_failure_that_is_tried_again_says_when(banner: Banner, formatter: Formatter) -> None:
    unknown = HistoryEntry(NOW, SHOP.appid, TOKEN, Trigger.TIMER, AttemptResult.REFUSED, errcode=987654, errmsg="new")
    status = status_of(SHOP, failure=unknown)

    banner.show_overview(Overview(NOW, (status,)))
    assert text(banner).endswith(f"(987654) · again at {formatter.format_time(NOW + 3600)}")

    banner.show_overview(Overview(NOW + 3601, (status,)))
    assert "again at" not in text(banner)
