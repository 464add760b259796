"""Refusals in WeChat's form."""

import pytest

from guarddog_gui.domain.refresh.history import AttemptResult
from guarddog_gui.serve.refusals import refuse, without_value
from guarddog_gui.serve.values.live_values import NoValue, ServerBusy
from tests.builders import make_entry, make_refused_entry
from tests.errcode_catalogue import CATALOGUE


@pytest.mark.parametrize(
    ("result", "text"),
    [
        (AttemptResult.NO_ANSWER, "WeChat did not give a value"),
        (AttemptResult.LOCK_BUSY, "WeChat did not give a value"),
        (AttemptResult.KEYRING_LOCKED, "keyring"),
        (AttemptResult.NOT_WRITTEN, "files"),
        (AttemptResult.NO_SECRET, "needs attention"),
        (AttemptResult.INTERNAL_ERROR, "mistake"),
    ],
)
def test_a_failure_of_the_server_is_named_without_its_details(result: AttemptResult, text: str) -> None:
    entry = make_entry(result, detail="/home/me/.local/share/guarddog: no space")
    answer = without_value(NoValue(entry), CATALOGUE, client="ci", appid="wx1")
    assert (answer.status, answer.result, answer.client, answer.appid) == (503, "-1", "ci", "wx1")
    assert text in str(answer.fields["errmsg"])
    assert "/home" not in str(answer.fields["errmsg"])


def test_busy_and_unknown_failures() -> None:
    for failure in (ServerBusy(), NoValue(None)):
        answer = without_value(failure, CATALOGUE, client="ci", appid="wx1")
        assert answer.fields["errcode"] == -1
        assert answer.retry_after_s > 0


def test_a_refusal_keeps_wechats_words() -> None:
    entry = make_refused_entry(40164, errmsg="invalid ip 192.0.2.1, not in whitelist", endpoint="stable_token")
    answer = without_value(NoValue(entry), CATALOGUE, client="ci", appid="wx1")
    assert (answer.status, answer.fields["errcode"], answer.retry_after_s) == (502, 40164, 0)
    assert "192.0.2.1" in str(answer.fields["errmsg"])


def test_an_unknown_code_has_a_status_all_the_same() -> None:
    assert refuse(40097, detail="why").fields["errmsg"] == "invalid args: why (Guard Dog)"
    assert refuse(45011, retry_after_s=0.2).retry_after_s == 1
