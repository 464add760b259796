"""Words about shared accounts, in both languages."""

import pytest
from msgspec.structs import replace

from guarddog_gui.domain.refresh.history import AttemptResult
from guarddog_gui.domain.sharing.problems import SharingProblem
from guarddog_gui.domain.sharing.settings import KeyFormat, KeyNames, Sharing, SharingRole
from guarddog_gui.domain.sharing.values import SharedValue, SharingFailure, SharingStatus
from guarddog_gui.services.accounts.sharing_service import PreviewedValue
from tests.builders import TICKET, TOKEN
from tests.fakes import NOW
from tests.services.messages.languages import CHINESE, ENGLISH, SHOP, attempt

FOLLOWER = replace(SHOP, sharing=Sharing(SharingRole.FOLLOWER, "rediss://shop@r.example.com"))
PRODUCTION = replace(SHOP, sharing=Sharing(SharingRole.FOLLOWER, "redis://h", "", (KeyNames(KeyFormat.WXJAVA),)))


@pytest.mark.parametrize("problem", SharingProblem)
def test_every_problem_has_words_in_both_languages(problem: SharingProblem) -> None:
    english, chinese = (messages.for_sharing_failure(SharingFailure(problem, "600")) for messages in (ENGLISH, CHINESE))
    assert english.advice
    assert english.text != chinese.text
    assert "{" not in english.text + chinese.text.replace("{{", "")


def test_a_refresh_without_a_value_tells_why() -> None:
    entry = attempt(AttemptResult.NOT_SHARED, detail=SharingProblem.NO_LEADER.value)
    assert ENGLISH.for_entry(entry).summary == "There is no value in Redis: no leader is awake."
    entry = attempt(AttemptResult.NOT_SHARED, detail=f"{SharingProblem.FORCE_NEEDS_LOCK}: {SharingProblem.UNREACHABLE}")
    assert ENGLISH.for_entry(entry).summary.endswith("Redis cannot be reached.")
    assert ENGLISH.for_entry(attempt(AttemptResult.NOT_SHARED, detail="of a newer version")).summary


def test_a_shared_value_is_told() -> None:
    assert ENGLISH.for_entry(attempt(AttemptResult.SHARED)).summary == "The access_token came from the shared Redis."


def test_a_line_has_role_address_leader_and_age() -> None:
    status = SharingStatus(NOW, leader="laptop-3", written_at=NOW - 724)
    line = ENGLISH.sharing_line(FOLLOWER, status, NOW)
    assert line == "follower · rediss://shop@r.example.com · from laptop-3, 12:04 ago"
    assert ENGLISH.sharing_line(PRODUCTION, None, NOW) == "follower · redis://h · keys of wxjava"
    assert ENGLISH.sharing_line(SHOP, None, NOW) == "not shared"


def test_a_status_without_a_problem_has_no_message() -> None:
    assert ENGLISH.for_sharing_status(None) is None
    assert ENGLISH.for_sharing_status(SharingStatus(NOW)) is None
    message = ENGLISH.for_sharing_status(SharingStatus(NOW, SharingProblem.CLOCK, "-600"))
    assert message is not None
    assert "wrong by 10 min" in message.summary


def test_a_preview_tells_what_was_found() -> None:
    shared = SharedValue("91_secret", 4329, 7200, "wx:access_token:wx1", "laptop")
    assert ENGLISH.preview_line(PreviewedValue(TOKEN, shared, is_known_here=True, is_accepted=True)) == (
        "access_token: found in wx:access_token:wx1, 1:12:09 left, written by laptop, the same as here, accepted by WeChat"
    )
    assert ENGLISH.preview_line(PreviewedValue(TICKET, None)) == "jsapi_ticket: not found"
    endless = PreviewedValue(TOKEN, SharedValue("v", 300, is_endless=True, key="k"), is_accepted=False)
    assert ENGLISH.preview_line(endless) == "access_token: found in k, no end stated, refused by WeChat"
