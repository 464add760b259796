"""The lanes of the history page, and the block that limits the list."""

import pytest
from msgspec.structs import replace
from pytestqt.qtbot import QtBot

from guarddog_gui.runtime.jobs import TimelineQuery
from guarddog_gui.ui.history.lanes import LanesView
from guarddog_gui.ui.history.page import HistoryPage
from tests.fakes import NOW
from tests.runtime.harness import CAFE, SHOP, RuntimeHarness
from tests.ui import find
from tests.ui.history.entries import DAY, NOT_LISTED, SUCCESS
from tests.ui.history.shown import add_second_account, append, items, timeline


def test_the_lanes_show_all_or_the_selected_account_and_the_time(
    page: HistoryPage, harness: RuntimeHarness, qtbot: QtBot
) -> None:
    add_second_account(harness)

    def asked() -> list[TimelineQuery]:
        return [job for job, _ in harness.job_results if isinstance(job, TimelineQuery)]

    page.show()
    qtbot.waitUntil(lambda: len(asked()) == 1)
    page.filter_by_account(CAFE.appid)
    find.button(page, "24 h").click()
    qtbot.waitUntil(lambda: len(asked()) == 3 and timeline(page).since >= NOW - 1.2 * DAY)
    assert {job.appids for job in asked()} == {(SHOP.appid, CAFE.appid), (CAFE.appid,)}
    for job, days in zip(asked(), (7, 7, 1), strict=True):
        assert job.since <= NOW - days * DAY
        assert job.until >= NOW
        assert job.until - job.since < days * DAY * 1.1


def test_accounts_that_fail_have_the_first_lanes(page: HistoryPage, harness: RuntimeHarness, qtbot: QtBot) -> None:
    add_second_account(harness)
    harness.secrets.stored.pop(CAFE.appid, None)
    harness.controller.start()
    harness.wait_until_idle(qtbot)
    page.show()
    harness.wait_until_idle(qtbot)
    assert page._lane_appids == (CAFE.appid, SHOP.appid)


def test_only_the_last_requested_timeline_is_shown(
    page: HistoryPage, harness: RuntimeHarness, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[float] = []
    monkeypatch.setattr(LanesView, "show_timeline", lambda _view, timeline: shown.append(timeline.since))
    page.show()
    find.button(page, "24 h").click()
    harness.wait_until_idle(qtbot)
    assert len(shown) == 1
    assert shown[0] >= NOW - 1.2 * DAY


def test_a_block_limits_the_list_and_its_end_restores_the_filters(
    page: HistoryPage, harness: RuntimeHarness, qtbot: QtBot
) -> None:
    add_second_account(harness)
    append(harness, SUCCESS, NOT_LISTED, replace(NOT_LISTED, appid=CAFE.appid))
    page.show()
    harness.wait_until_idle(qtbot)
    before, narrowest = page.filters(), 560  # far below the width that the page has in the smallest window
    assert len(items(page)) == 3
    find.widget(page, LanesView).block_chosen.emit(SHOP.appid, NOW + 0.5, NOW + 2.5)
    harness.wait_until_idle(qtbot)
    (item,) = items(page)
    assert "Shop, IP not whitelisted" in item
    assert page.filters() == before
    assert page.minimumSizeHint().width() < narrowest
    find.button(page, "Show everything again").click()
    harness.wait_until_idle(qtbot)
    assert len(items(page)) == 3
    assert page.filters() == before
    assert not find.has(page, "Show everything again")


def test_a_second_click_on_the_block_ends_its_limit(page: HistoryPage, harness: RuntimeHarness, qtbot: QtBot) -> None:
    page.show()
    for is_limited in (True, False):
        find.widget(page, LanesView).block_chosen.emit(SHOP.appid, NOW + 0.5, NOW + 2.5)
        assert find.has(page, "Show everything again") is is_limited
    harness.wait_until_idle(qtbot)
