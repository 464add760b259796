"""Tests of the dialogs that ask WeChat about an account: failures, the quota and the report about a rid."""

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton

from guarddog_gui.domain.accounts.keyring_results import SecretMissing
from guarddog_gui.domain.refresh.history import CLEAR_QUOTA_KEY, AttemptResult, HistoryEntry, Trigger
from guarddog_gui.domain.wechat.errcodes import beijing_month_start
from guarddog_gui.domain.wechat.protocol import Reply, TransportFailure
from tests.fakes import NOW, OFFLINE_FAILURE, error_reply, json_reply, token_reply
from tests.runtime.harness import SHOP
from tests.ui.accounts.query_driver import HOSTILE, RID, SECRET_IN_REPORT, QueryDriver, rid_report, shown_answer
from tests.ui.find import button, label, widget
from tests.ui.message_boxes import MessageBoxAnswerer


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (error_reply(76003, "no"), "(76003)"),
        (error_reply(123456, HOSTILE), HOSTILE),
        (OFFLINE_FAILURE, "cannot reach WeChat"),
        (json_reply(errcode=0), "answer"),
    ],
)
def test_a_failed_query_is_explained(driver: QueryDriver, answer: Reply | TransportFailure, words: str) -> None:
    driver.answers["quota/get"] = answer
    assert words in shown_answer(driver.open_quota())


def test_without_a_valid_token_it_says_what_to_do_first(driver: QueryDriver) -> None:
    driver.harness.clock.advance(7200)
    assert "Refresh it first" in shown_answer(driver.open_quota())
    assert driver.paths == []


def test_an_internal_error_is_shown(driver: QueryDriver) -> None:
    driver.answers["quota/get"] = None  # type: ignore[assignment]  # nothing that a transport would give
    driver.harness.transport.handler = lambda _: 1 / 0  # type: ignore[assignment,return-value]  # a bug
    assert "mistake of its own" in shown_answer(driver.open_quota())


def test_each_of_two_dialogs_shows_the_answer_to_its_query(driver: QueryDriver) -> None:
    driver.answers["rid/get"] = rid_report()
    quota, rid = driver.open_quota(answered=False), driver.open_rid(answered=False)
    driver.qtbot.waitUntil(lambda: not (quota.is_waiting or rid.is_waiting))
    assert shown_answer(quota).startswith("/cgi-bin/token:")
    assert "203.0.113.9" in shown_answer(rid)


def test_an_answer_after_closing_the_dialog_is_ignored(driver: QueryDriver) -> None:
    dialog = driver.open_quota(answered=False)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    with driver.qtbot.waitSignal(dialog.destroyed):
        dialog.close()
    driver.qtbot.waitUntil(lambda: bool(driver.harness.job_results))


def test_the_quota_of_each_api_is_one_line(driver: QueryDriver) -> None:
    dialog = driver.open_quota()
    assert dialog.windowTitle() == "Quota of Shop"
    lines = shown_answer(dialog).splitlines()
    assert lines[0] == "/cgi-bin/token: 12 of 2000 used today, 1988 left"
    assert len(lines) == 3
    assert driver.paths == ["get"] * 3


def test_nothing_can_be_cleared_while_the_answer_is_pending(driver: QueryDriver) -> None:
    dialog = driver.open_quota(answered=False)
    assert shown_answer(dialog) == "Asking WeChat…"
    assert not button(dialog, "Clear the counters…").isEnabled()
    driver.qtbot.waitUntil(button(dialog, "Clear the counters…").isEnabled)


def test_clearing_asks_for_confirmation_and_enter_cancels(driver: QueryDriver) -> None:
    dialog = driver.open_quota()
    answerer = MessageBoxAnswerer(None)
    button(dialog, "Clear the counters…").click()
    (asked,) = answerer.shown
    assert asked.default_button == "Cancel"
    assert asked.is_plain_text
    assert "0 of 10 times this month" in asked.informative_text
    assert "clear_quota" not in driver.paths
    assert shown_answer(dialog).startswith("/cgi-bin/token")


@pytest.mark.parametrize("pressed", ["Cancel", None])
def test_a_cancelled_confirmation_clears_nothing(driver: QueryDriver, pressed: str | None) -> None:
    dialog = driver.open_quota()
    answerer = MessageBoxAnswerer(pressed)
    button(dialog, "Clear the counters…").click()
    assert len(answerer.shown) == 1
    assert not dialog.is_waiting
    assert "clear_quota" not in driver.paths


def test_a_confirmed_clearing_is_done_once_and_reported(driver: QueryDriver) -> None:
    dialog = driver.open_quota()
    answerer = MessageBoxAnswerer("Clear the counters")
    button(dialog, "Clear the counters…").click()
    assert len(answerer.shown) == 1
    driver.qtbot.waitUntil(lambda: not dialog.is_waiting)
    assert driver.paths.count("clear_quota") == 1
    assert dict(driver.harness.transport.requests[-1].body or ()) == {"appid": SHOP.appid}
    assert shown_answer(dialog) == (
        "The day's counters are at zero again. Guard Dog has done this 1 of 10 times this month."
    )


def test_only_successful_clearings_of_this_month_are_counted(driver: QueryDriver) -> None:
    month = beijing_month_start(NOW)
    cleared = HistoryEntry(NOW, SHOP.appid, CLEAR_QUOTA_KEY, Trigger.USER, AttemptResult.QUOTA_CLEARED, calls=1)
    for made in (
        replace(cleared, at=month - 1),
        replace(cleared, at=month),
        replace(cleared, at=NOW - 60),
        replace(cleared, at=NOW - 50, result=AttemptResult.REFUSED, errcode=48006),
        replace(cleared, at=NOW - 40, appid="wxOther"),
    ):
        driver.harness.history.append(made)
    answerer = MessageBoxAnswerer("Clear the counters")
    dialog = driver.open_quota()
    button(dialog, "Clear the counters…").click()
    driver.qtbot.waitUntil(lambda: not dialog.is_waiting)
    assert "2 of 10 times this month" in answerer.shown[0].informative_text
    assert "3 of 10 times this month" in shown_answer(dialog)
    assert driver.harness.history.entries[-1] == cleared


def test_the_eleventh_clearing_in_a_month_shows_the_refusal_of_wechat(driver: QueryDriver) -> None:
    driver.answers["clear_quota"] = error_reply(48006, "forbid to clear quota because of reaching the limit")
    dialog = driver.open_quota()
    answerer = MessageBoxAnswerer("Clear the counters")
    button(dialog, "Clear the counters…").click()
    driver.qtbot.waitUntil(lambda: not dialog.is_waiting)
    assert "(48006)" in shown_answer(dialog)
    entry = driver.harness.history.entries[-1]
    assert (entry.key, entry.result, entry.errcode) == (CLEAR_QUOTA_KEY, AttemptResult.REFUSED, 48006)
    clears: list[int] = []
    driver.harness.controller.history_queries.load_quota_clears_this_month(SHOP.appid, clears.append)
    assert clears == [0]
    assert len(answerer.shown) == 1


def test_enter_in_the_dialog_does_not_clear(driver: QueryDriver) -> None:
    dialog = driver.open_quota()
    clear = widget(dialog, QPushButton, "Clear the counters…")
    assert not clear.autoDefault()
    assert not clear.isDefault()


def test_a_report_shows_everything_but_the_secret(driver: QueryDriver) -> None:
    driver.answers["rid/get"] = rid_report()
    dialog = driver.open_rid()
    text = shown_answer(dialog)
    assert "203.0.113.9" in text
    assert "30 ms" in text
    assert "secret=…" in text
    assert "invalid appsecret" in text
    assert SECRET_IN_REPORT not in text
    assert "Body" not in text  # there was none
    assert [button.text() for button in dialog.findChildren(QPushButton)] == ["Close"]
    assert dict(driver.harness.transport.requests[-1].body or ()) == {"rid": RID}


def test_markup_in_a_report_is_shown_as_text(driver: QueryDriver) -> None:
    driver.answers["rid/get"] = rid_report(request_body=HOSTILE, client_ip=HOSTILE)
    dialog = driver.open_rid()
    assert shown_answer(dialog).count(HOSTILE) == 2
    for each in dialog.findChildren(QLabel):
        if each.text():
            assert each.textFormat() is Qt.TextFormat.PlainText
    dialog.grab()


def test_an_expired_rid_is_explained(driver: QueryDriver) -> None:
    driver.answers["rid/get"] = error_reply(76004, "rid expired")
    assert "(76004)" in shown_answer(driver.open_rid())


def test_a_report_can_be_selected_with_the_keyboard(driver: QueryDriver) -> None:
    driver.answers["rid/get"] = rid_report()
    dialog = driver.open_rid()
    flags = label(dialog, "answer").textInteractionFlags()
    assert flags & Qt.TextInteractionFlag.TextSelectableByKeyboard
    assert not flags & Qt.TextInteractionFlag.LinksAccessibleByMouse


# -- without a token ------------------------------------------------------------------------------


@pytest.fixture
def without_token(driver: QueryDriver) -> QueryDriver:
    """The account has no live token, as when today's calls of the token endpoint are used up."""
    driver.harness.clock.advance(7200)
    driver.answers = {
        "clear_quota/v2": json_reply(errcode=0, errmsg="ok"),
        "token": error_reply(45009, "reach max api daily quota limit"),
    }
    return driver


def test_without_a_token_the_counters_are_cleared_with_the_stored_secret(without_token: QueryDriver) -> None:
    dialog = without_token.open_quota()
    assert "the counters can be cleared with the stored AppSecret" in shown_answer(dialog)
    answerer = MessageBoxAnswerer("Clear the counters")
    without_token.answers["token"] = token_reply("87_new")
    button(dialog, "Clear the counters…").click()
    (asked,) = answerer.shown
    assert "Without a live token WeChat gets the stored AppSecret (clear_quota/v2)." in asked.informative_text
    without_token.qtbot.waitUntil(lambda: not dialog.is_waiting)
    without_token.qtbot.waitUntil(lambda: "stable_token" in without_token.paths)
    assert shown_answer(dialog).startswith("The day's counters are at zero again.")
    assert "v2" in without_token.paths


def test_a_keyring_without_the_secret_is_named(without_token: QueryDriver) -> None:
    without_token.harness.secrets.lookup_result = SecretMissing()
    dialog = without_token.open_quota()
    answerer = MessageBoxAnswerer("Clear the counters")
    button(dialog, "Clear the counters…").click()
    without_token.qtbot.waitUntil(lambda: not dialog.is_waiting)
    assert len(answerer.shown) == 1
    assert shown_answer(dialog).startswith("The keyring has no AppSecret for this account.")
