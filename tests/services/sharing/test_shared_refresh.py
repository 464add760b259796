"""Leaders: one of them asks, the others take over; whatever Redis does, values that live are used."""

import pytest

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.refresh.history import AttemptResult, Trigger
from guarddog_gui.domain.sharing.problems import SharingProblem
from guarddog_gui.domain.sharing.settings import Sharing, SharingRole
from guarddog_gui.domain.sharing.values import SharingFailure
from guarddog_gui.services.calls.refresh_request import RefreshMode, RefreshRequest
from tests.builders import SHOP, TICKET, TOKEN
from tests.fake_sharing import DOWN
from tests.in_memory_services import InMemoryServices
from tests.services.sharing.desks import URL, Office

NEW, SHARED = AttemptResult.NEW, AttemptResult.SHARED


def test_the_second_leader_takes_over_what_the_first_one_fetched() -> None:
    office = Office()
    first, second = office.leader("one"), office.leader("two", clock_offset_s=600)
    first.refresh()
    results = second.refresh()
    assert [result.entry.result for result in results] == [SHARED, SHARED]
    assert (second.value(), second.value(TICKET)) == (first.value(), first.value(TICKET))
    assert second.left_s() == first.left_s()  # by its own clock
    assert (office.token_calls, office.ticket_calls) == (1, 1)


def test_a_shared_value_is_as_good_as_one_that_was_fetched_here() -> None:
    office = Office()
    office.leader("one").refresh()
    second = office.leader("two")
    second.refresh()
    assert [result.entry.result for result in second.refresh()] == [AttemptResult.STILL_FRESH] * 2
    assert second.services.dogs.read_own_copy(second.account, TOKEN) is not None


def test_leaders_fetch_once_per_life_for_a_whole_day() -> None:
    office = Office()
    desks = [office.leader(f"desk {number}", clock_offset_s=number * 300 - 900) for number in range(6)]
    for _ in range(24 * 60):
        for desk in desks:
            desk.refresh(TOKEN)
            assert desk.value()
        office.clock.advance(60)
    assert office.token_calls <= 24 * 3600 / (7200 - 290) + 2


def test_a_leader_that_gets_no_turn_waits_for_the_other_one() -> None:
    office = Office()
    first, second = office.leader("one"), office.leader("two")
    assert office.redis.locks == {}
    first.store.take_lock(first.account, "somebody")
    waits: list[float] = []

    def wait(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == 10:  # the other one has its answer
            first.store.release_lock(first.account, "somebody")
            first.refresh(TOKEN)
        office.clock.advance(seconds)

    second.services.wait = wait
    (result,) = second.refresh(TOKEN)
    assert result.entry.result is SHARED
    assert office.token_calls == 1


def test_a_lock_whose_owner_is_stopped_delays_the_others_for_five_seconds() -> None:
    office = Office()
    leader = office.leader()
    office.redis.locks[SHOP.appid] = ("stopped", office.clock() + 15)
    started_at = office.clock()
    (result,) = leader.refresh(TOKEN)
    assert result.entry.result is NEW
    assert 4 < office.clock() - started_at < 6
    assert office.redis.values[(SHOP.appid, TOKEN)].value == leader.value()


def test_a_leader_asks_itself_while_redis_is_down() -> None:
    office = Office()
    leader = office.leader()
    office.redis.failure = DOWN
    (result,) = leader.refresh(TOKEN)
    assert result.entry.result is NEW
    status = leader.services.sharing_journal.load(SHOP.appid)
    assert status is not None
    assert status.problem is SharingProblem.UNREACHABLE


def test_what_was_fetched_meanwhile_is_shared_when_redis_is_back() -> None:
    office = Office()
    leader, follower = office.leader(), office.follower()
    office.redis.failure = DOWN
    leader.refresh()
    office.redis.failure = None
    leader.refresh(mode=RefreshMode.MIRROR)
    assert office.redis.values[(SHOP.appid, TOKEN)].value == leader.value()
    follower.refresh()
    assert (follower.value(), follower.value(TICKET)) == (leader.value(), leader.value(TICKET))
    status = leader.services.sharing_journal.load(SHOP.appid)
    assert status is not None
    assert status.problem is None


def test_a_redis_that_was_emptied_gets_its_values_back() -> None:
    office = Office()
    leader = office.leader()
    leader.refresh()
    office.redis.wipe()
    office.clock.advance(1000)
    leader.refresh(mode=RefreshMode.MIRROR)
    stored = office.redis.values[(SHOP.appid, TOKEN)]
    assert (stored.value, round(stored.ends_at - office.clock())) == (leader.value(), 6200)


def test_a_forced_token_needs_the_lock() -> None:
    office = Office()
    leader = office.leader()
    leader.refresh()
    old = leader.value()
    office.redis.failure = DOWN
    (result,) = leader.refresh(TOKEN, mode=RefreshMode.FORCE, trigger=Trigger.USER)
    assert (result.entry.result, result.entry.detail) == (
        AttemptResult.NOT_SHARED, f"{SharingProblem.FORCE_NEEDS_LOCK}: {SharingProblem.UNREACHABLE}",
    )  # fmt: skip
    assert leader.value() == old
    office.redis.failure = None
    office.redis.locks[SHOP.appid] = ("another", office.clock() + 15)
    (result,) = leader.refresh(TOKEN, mode=RefreshMode.FORCE, trigger=Trigger.USER)
    assert result.entry.detail == SharingProblem.OTHER_MACHINE
    assert office.token_calls == 1


@pytest.mark.parametrize("seconds", [1, 600])
def test_a_forced_token_reaches_everybody_although_the_old_one_would_live(seconds: float) -> None:
    office = Office()
    first, second, follower = office.leader("one"), office.leader("two"), office.follower()
    for desk in (first, second, follower):
        desk.refresh()
    office.clock.advance(seconds)
    (result,) = first.refresh(TOKEN, mode=RefreshMode.FORCE, trigger=Trigger.USER)
    assert result.entry.result is NEW
    for desk in (second, follower):
        desk.refresh(mode=RefreshMode.MIRROR)
        assert desk.value() == first.value()


def test_the_lock_is_given_back_after_success_failure_and_exceptions() -> None:
    office = Office()
    leader = office.leader()
    leader.refresh()
    assert office.redis.locks == {}
    office.clock.advance(7000)
    office.rules.set_account(office.rules.accounts[0].__class__(SHOP.appid, name="Shop", secret="f" * 32))
    leader.refresh(TOKEN)
    assert office.redis.locks == {}


def test_a_value_that_wechat_has_refused_is_not_taken_over() -> None:
    office = Office()
    first, second = office.leader("one"), office.leader("two")
    first.refresh()
    second.refresh()
    office.rules.revoke_tokens(SHOP.appid)
    office.clock.advance(400)
    results = second.refresh(TICKET, mode=RefreshMode.ALWAYS)  # the ticket's request shows that the token is dead
    assert results[-1].is_success
    assert second.value() != first.value()
    first.refresh(mode=RefreshMode.MIRROR)
    assert first.value() == second.value()


def test_a_leader_whose_answer_was_late_takes_the_later_value() -> None:
    office = Office()
    first, second = office.leader("one"), office.leader("two")
    first.refresh(TOKEN)
    office.clock.advance(7200 - 250)
    second.services.transport = first.transport
    second.refresh(TOKEN)  # a new token, which ends later
    assert second.value() != first.value()
    later = second.value()
    stopped = office.leader("stopped")
    stopped.services.put_value(stopped.account, TOKEN, first.value(), at=office.clock() - 6950)
    (result,) = stopped.refresh(TOKEN, mode=RefreshMode.MIRROR)
    assert (result.entry.result, stopped.value()) == (SHARED, later)


# -- tickets ------------------------------------------------------------------------------------------


def test_a_ticket_of_unknown_age_is_relied_on_for_twenty_minutes_everywhere() -> None:
    office = Office()
    first, second = office.leader("one"), office.follower()
    first.refresh()
    second.refresh()
    assert first.left_s(TICKET) == second.left_s(TICKET) == 1200


def test_an_age_that_one_leader_knows_is_known_to_the_others() -> None:
    office = Office()
    first = office.leader("one")
    first.refresh()
    office.clock.advance(6900)  # nobody looked after the ticket, which now has 300 s left
    second = office.leader("two")
    results = second.refresh()
    assert results[-1].kind is TICKET
    assert second.left_s(TICKET) <= 300  # alone it would have relied on it for twenty minutes


def test_a_ticket_that_was_seen_replacing_another_is_new_for_all() -> None:
    office = Office()
    first = office.leader("one")
    first.refresh()
    ticket = first.value(TICKET)
    while first.value(TICKET) == ticket:
        office.clock.advance(300)
        first.refresh()
    second = office.leader("two")
    second.refresh()
    assert second.value(TICKET) == first.value(TICKET)
    assert second.left_s(TICKET) == first.left_s(TICKET) > 6000
    calls = office.ticket_calls
    office.clock.advance(1500)  # longer than a ticket of unknown age may be relied on
    second.refresh()
    assert office.ticket_calls == calls


def test_an_account_that_is_not_shared_never_touches_redis() -> None:
    office = Office()
    desk = office.leader()
    desk.refresh(account=SHOP)
    desk.refresh(account=SHOP, mode=RefreshMode.MIRROR)
    assert sum(office.redis.commands.values()) == 0


def test_a_program_without_redis_gives_a_follower_its_reason() -> None:
    office = Office()
    desk = office.follower()
    services = InMemoryServices(desk.transport, office.clock)
    account: Account = desk.account
    (result,) = services.refresher.refresh_without_exports(RefreshRequest(account, (TOKEN,), Trigger.COMMAND))
    assert (result.entry.result, result.entry.detail) == (AttemptResult.NOT_SHARED, SharingProblem.NOT_INSTALLED)
    assert desk.transport.requests == []


def test_a_key_that_holds_something_else_does_not_stop_a_leader() -> None:
    office = Office()
    leader = office.leader()
    office.redis.failure = SharingFailure(SharingProblem.FOREIGN_KEY)
    assert leader.refresh(TOKEN)[0].entry.result is NEW


def test_settings_name_the_role() -> None:
    assert Sharing(SharingRole.FOLLOWER, URL).is_follower
