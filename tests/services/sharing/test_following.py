"""Followers only read: no request to WeChat, no look into the keyring, and a value that lives is always given."""

import pytest

from guarddog_gui.domain.refresh.history import AttemptResult, Trigger
from guarddog_gui.domain.sharing.problems import SharingProblem
from guarddog_gui.domain.sharing.values import SharingStatus
from guarddog_gui.services.calls.refresh_request import RefreshMode
from tests.builders import SHOP, TICKET, TOKEN
from tests.fake_sharing import DOWN
from tests.services.sharing.desks import Desk, Office


def status_of(desk: Desk) -> SharingStatus:
    status = desk.services.sharing_journal.load(SHOP.appid)
    assert status is not None
    return status


@pytest.mark.parametrize("mode", RefreshMode)
def test_no_mode_asks_wechat_or_the_keyring(mode: RefreshMode) -> None:
    office = Office()
    office.leader().refresh()
    follower = office.follower()
    follower.refresh(mode=mode, trigger=Trigger.USER)
    office.redis.wipe()
    office.clock.advance(8000)
    follower.refresh(mode=mode, trigger=Trigger.USER)
    assert follower.transport.requests == []
    assert follower.services.secrets.lookups == [] if hasattr(follower.services.secrets, "lookups") else True
    assert set(office.redis.commands) <= {"read", "lock", "write"}


def test_nothing_is_written_to_redis() -> None:
    office = Office()
    follower = office.follower()
    follower.refresh()
    follower.refresh(mode=RefreshMode.MIRROR)
    assert (office.redis.commands["write"], office.redis.commands["lock"]) == (0, 0)


def test_a_value_is_given_as_long_as_it_lives_while_redis_is_down() -> None:
    office = Office()
    office.leader().refresh()
    follower = office.follower()
    follower.refresh()
    office.redis.failure = DOWN
    office.clock.advance(7000)
    (result,) = follower.refresh(TOKEN)
    assert (result.entry.result, result.record is not None) == (AttemptResult.STILL_FRESH, True)
    assert status_of(follower).problem is SharingProblem.UNREACHABLE
    office.clock.advance(300)
    (result,) = follower.refresh(TOKEN)
    assert (result.entry.result, result.entry.detail, result.record) == (
        AttemptResult.NOT_SHARED, SharingProblem.UNREACHABLE, None,
    )  # fmt: skip


def test_without_a_leader_it_says_so_and_recovers_by_itself() -> None:
    office = Office()
    leader, follower = office.leader(), office.follower()
    (result,) = follower.refresh(TOKEN)
    assert result.entry.detail == SharingProblem.NO_LEADER
    assert status_of(follower).problem is SharingProblem.NO_LEADER
    leader.refresh()
    (result,) = follower.refresh(TOKEN, mode=RefreshMode.MIRROR)
    assert result.entry.result is AttemptResult.SHARED
    assert (status_of(follower).problem, status_of(follower).leader) == (None, "leader")


def test_a_value_that_went_before_its_end_is_noticed() -> None:
    office = Office()
    office.leader().refresh()
    follower = office.follower()
    follower.refresh()
    office.redis.wipe()
    (result,) = follower.refresh(TOKEN)
    assert result.entry.result is AttemptResult.STILL_FRESH
    assert status_of(follower).problem is SharingProblem.VALUE_LOST


def test_a_life_that_is_too_short_for_the_caller_is_a_failure_with_the_value() -> None:
    office = Office()
    office.leader().refresh()
    follower = office.follower()
    follower.refresh()
    office.clock.advance(7000)
    (result,) = follower.refresh(TOKEN, min_ttl=600)
    assert (result.entry.result, result.record is not None) == (AttemptResult.NOT_SHARED, True)


def test_a_forced_token_is_refused_with_the_reason() -> None:
    office = Office()
    office.leader().refresh()
    follower = office.follower()
    (result,) = follower.refresh(mode=RefreshMode.FORCE, trigger=Trigger.USER)
    assert (result.entry.result, result.entry.detail) == (AttemptResult.NOT_SHARED, SharingProblem.FOLLOWER)


def test_a_clock_that_is_wrong_makes_no_difference() -> None:
    office = Office()
    leader, slow = office.leader(clock_offset_s=3600), office.follower(clock_offset_s=-600)
    leader.refresh()
    slow.refresh()
    office.clock.advance(7199)
    assert slow.value() == leader.value() != ""
    office.clock.advance(2)
    assert slow.value() == ""  # not for ten minutes more, as it would be by the leader's clock


def test_what_another_program_wrote_into_the_file_is_replaced() -> None:
    office = Office()
    office.leader().refresh()
    follower = office.follower()
    follower.refresh()
    value = follower.value()
    follower.services.put_value(follower.account, TOKEN, "91_" + "x" * 60, is_foreign=True)
    follower.refresh(mode=RefreshMode.ADOPT_ONLY)
    assert follower.value() == value


def test_a_ticket_is_followed_without_a_token() -> None:
    office = Office()
    office.leader().refresh()
    follower = office.follower()
    (result,) = follower.refresh(TICKET)
    assert (result.entry.result, follower.value(TICKET) != "") == (AttemptResult.SHARED, True)


def test_the_same_failure_many_times_a_second_is_recorded_once() -> None:
    office = Office()
    follower = office.follower()
    for _ in range(20):
        follower.refresh(TOKEN)
        office.clock.advance(0.1)
    assert len(follower.services.history.entries) == 1
