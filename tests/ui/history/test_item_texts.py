"""Texts of the items of the history, in both languages."""

from datetime import datetime

import pytest
from msgspec.structs import replace

from guarddog_gui.domain.accounts.account import Environment
from guarddog_gui.domain.refresh.history import (
    CLEAR_QUOTA_KEY,
    SUCCESS_RESULTS,
    AttemptResult,
    HistoryEntry,
    HistoryRow,
    Trigger,
)
from guarddog_gui.domain.refresh.incidents import HistoryItem, Incident, Renewals
from guarddog_gui.domain.refresh.status import KeyState
from guarddog_gui.domain.refresh.timeline import FailureCount
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.history.item_texts import ItemTexts
from tests.fakes import NOW
from tests.runtime.harness import CAFE, SHOP, TOKEN, RuntimeHarness
from tests.ui.conftest import make_formatter
from tests.ui.history.entries import DAY, NOT_LISTED, SUCCESS

MINUTE = 60.0


@pytest.fixture
def texts(formatter: Formatter) -> ItemTexts:
    return texts_of(formatter)


def texts_of(formatter: Formatter) -> ItemTexts:
    texts = ItemTexts(formatter)
    texts.accounts = {SHOP.appid: SHOP, CAFE.appid: replace(CAFE, environment=Environment.PRODUCTION)}
    return texts


def incident(
    *minutes: float, entry: HistoryEntry = NOT_LISTED, recovered: float | None = None, valid: float | None = None
) -> Incident:
    """Return an incident of failures so many minutes ago, with recovery and expiry in minutes from now."""
    made = Incident()
    recovered_at = None if recovered is None else NOW + recovered * MINUTE
    valid_until = None if valid is None else NOW + valid * MINUTE
    for number, ago in enumerate(sorted(minutes)):
        row = HistoryRow(number, replace(entry, at=NOW - ago * MINUTE), None, recovered_at, valid_until)
        made.add_older(row)
    return made


def renewals(*entries: HistoryEntry) -> Renewals:
    made = Renewals()
    for number, entry in enumerate(entries):
        made.add_older(HistoryRow(number, entry))
    return made


BUSY = replace(NOT_LISTED, errcode=-1, ip=None)
SILENT = HistoryEntry(NOW, SHOP.appid, TOKEN, Trigger.TIMER, AttemptResult.NO_ANSWER, detail="timeout")


@pytest.mark.parametrize(
    ("item", "title", "outcome", "state"),
    [
        (
            incident(5, 3, 0),
            "IP not whitelisted for 5 min",
            "3 tries · still open · no valid value for 5 min",
            "failed",
        ),
        (
            incident(8, 5, 3, recovered=-3, valid=60),
            "IP not whitelisted for 5 min",
            "3 tries · token stayed valid",
            "failed",
        ),
        (incident(5, entry=BUSY, recovered=-4.67, valid=60), "WeChat was busy", "recovered after 20 s", "due soon"),
        (incident(5, entry=BUSY, recovered=-3), "WeChat was busy", "no valid value for 2 min", "due soon"),
        (incident(90, 0, entry=SILENT, valid=60), "WeChat did not answer for 2 h", "2 tries · still open", "offline"),
        (
            incident(90, entry=SILENT, valid=-60),
            "WeChat did not answer",
            "still open · no valid value for 1 h",
            "failed",
        ),
        (
            incident(0.3, 0, entry=replace(SILENT, detail="offline"), valid=9),
            "this computer was offline",
            "2 tries · still open",
            "offline",
        ),
        (incident(5, entry=replace(BUSY, key=CLEAR_QUOTA_KEY)), "WeChat was busy", "", "due soon"),
    ],
)
def test_an_incident_tells_reason_duration_tries_and_its_end(
    texts: ItemTexts, item: Incident, title: str, outcome: str, state: str
) -> None:
    assert (texts.title(item), texts.outcome(item), texts.state(item)) == (title, outcome, KeyState(state))


def test_renewals_tell_accounts_results_and_durations(texts: ItemTexts) -> None:
    entries = [replace(SUCCESS, took_ms=ms) for ms in (70, 239)]
    unchanged = replace(SUCCESS, result=AttemptResult.SAME, took_ms=80)
    item = renewals(*entries, unchanged)
    assert (texts.subject(item), texts.title(item)) == ("Shop", "2 tokens renewed · 1 unchanged")
    assert texts.outcome(item) == "70–239 ms"
    both = renewals(entries[0], replace(SUCCESS, appid=CAFE.appid, result=AttemptResult.ADOPTED))
    assert (texts.subject(both), texts.title(both)) == ("2 accounts", "1 token renewed · 1 taken from other programs")
    assert texts.account_of(both) is None


def test_what_the_user_did_on_purpose_is_named(texts: ItemTexts) -> None:
    assert texts.title(renewals(replace(SUCCESS, forced=True))) == "new access_token forced"
    cleared = replace(SUCCESS, key=CLEAR_QUOTA_KEY, result=AttemptResult.QUOTA_CLEARED)
    assert texts.title(renewals(cleared)) == "counters of today set to zero"


def test_a_removed_account_is_shown_with_its_appid(texts: ItemTexts) -> None:
    gone = incident(0, entry=replace(NOT_LISTED, appid="wx-gone"))
    assert texts.subject(gone) == "wx-gone"
    assert texts.account_of(gone) is None


def test_times_show_the_day_only_if_it_differs(texts: ItemTexts) -> None:
    end = datetime(2026, 11, 3, 14, 5).timestamp()  # noqa: DTZ001 - local time is what is shown

    def time_of(*seconds_before: float) -> str:
        item = Incident()
        for number, before in enumerate(seconds_before):
            item.add_older(HistoryRow(number, replace(NOT_LISTED, at=end - before)))
        return texts.time(item)

    assert time_of(0) == "14:05"
    assert time_of(0, 30 * MINUTE) == "13:35–14:05"
    assert time_of(0, DAY) == "11-02–14:05"


def test_days_are_named_in_both_languages(harness: RuntimeHarness) -> None:
    today = datetime.fromtimestamp(NOW).toordinal()  # noqa: DTZ006 - local time is what is shown
    english, chinese = (texts_of(make_formatter(harness, language)) for language in ("en", "zh_CN"))
    assert english.heading(today).startswith("Today · ")
    assert chinese.heading(today - 1).startswith("昨天 · ")
    assert " 月 " in chinese.heading(today - 1)
    assert " · " not in english.heading(today - 2)
    assert english.heading(today - 800).endswith(str(datetime.fromordinal(today - 800).year))


def test_an_attempt_tells_key_trigger_result_and_errcode(harness: RuntimeHarness) -> None:
    entry = replace(NOT_LISTED, trigger=Trigger.USER, took_ms=123)
    english, chinese = (texts_of(make_formatter(harness, language)) for language in ("en", "zh_CN"))
    assert english.attempt(entry)[1:] == ("access_token · manual · refused by WeChat · 40164", "123 ms")
    assert chinese.attempt(entry)[1] == "access_token · 手动 · 微信拒绝 · 40164"
    words = {AttemptResult.NEW: "已刷新", AttemptResult.SAME: "未变化", AttemptResult.ADOPTED: "已采用其他程序的新值"}
    for result, word in words.items():
        assert chinese.attempt(replace(SUCCESS, result=result))[1].endswith(word)


def test_chinese_incidents_read_as_a_developer_says_it(harness: RuntimeHarness) -> None:
    texts = texts_of(make_formatter(harness, "zh_CN"))
    item = incident(8, 5, 3, recovered=-3, valid=60)
    assert texts.title(item) == "IP 不在白名单，持续 5 分钟"
    assert texts.outcome(item) == "3 次 · token 一直可用"
    assert texts.outcome(incident(5, entry=BUSY, recovered=-4.67, valid=60)) == "20 秒后恢复"


@pytest.mark.parametrize("result", sorted(set(AttemptResult) - SUCCESS_RESULTS))
def test_every_failure_has_a_title(texts: ItemTexts, result: AttemptResult) -> None:
    item: HistoryItem = incident(0, entry=replace(SUCCESS, result=result))
    assert texts.title(item)
    assert texts.failure_count(FailureCount(result, 2)).endswith(" · 2 tries")


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.2, "1 s"), (59, "59 s"), (60, "1 min"), (3569, "59 min"), (3600, "1 h"), (3 * DAY, "3 d")]
)
def test_durations_are_rounded(texts: ItemTexts, seconds: float, text: str) -> None:
    assert texts.duration(seconds) == text
