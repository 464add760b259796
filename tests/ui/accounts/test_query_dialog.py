"""Tests of what the dialogs that ask WeChat have in common: failures, and closing while waiting."""

import pytest
from PySide6.QtCore import Qt

from guarddog_gui.domain.wechat.protocol import Reply, TransportFailure
from tests.fakes import OFFLINE_FAILURE, error_reply, json_reply
from tests.ui.accounts.query_driver import HOSTILE, QueryDriver, rid_report, shown_answer


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
