"""Values written by other programs: adopted with a proof only, at a bounded cost."""

from guarddog_gui.domain.refresh import policy, retries
from guarddog_gui.domain.refresh.foreign_writes import INVALID, OTHER_ACCOUNT, RETURNED
from guarddog_gui.domain.refresh.history import AttemptResult, HistoryEntry, Trigger
from guarddog_gui.services.calls.refresh_request import RefreshMode
from tests.builders import SHOP, TICKET, TOKEN
from tests.errcode_catalogue import CATALOGUE
from tests.fakes import OFFLINE_FAILURE, scripted_transport, ticket_reply, token_reply
from tests.services.provenance.folder_setup import OURS, THEIRS, ForeignWriteSetup, folder_with


def test_a_token_that_wechat_returns_to_us_as_well_is_adopted_with_its_true_life() -> None:
    folder = folder_with(token_reply(THEIRS, 6000))
    folder.wrote(THEIRS, life=7200)

    result = folder.look()

    assert (result.entry.result, result.entry.detail, result.entry.calls) == (AttemptResult.ADOPTED, RETURNED, 1)
    assert result.record is not None
    assert (result.record.value, result.record.expires_in) == (THEIRS, 6000)
    assert folder.dogs.read(SHOP, TOKEN) == result.record
    assert folder.look().entry.result is AttemptResult.STILL_FRESH
    assert folder.transport.endpoints == ["stable_token"] * 2


def test_a_token_of_another_account_is_replaced_by_ours() -> None:
    folder = folder_with(token_reply(OURS, 6600))
    folder.wrote(THEIRS)

    result = folder.look()

    assert result.record is not None
    assert result.record.value == folder.value_on_disk(SHOP, TOKEN) == OURS
    assert (result.entry.result, result.entry.calls) == (AttemptResult.SAME, 1)
    (noticed,) = folder.noticed
    assert result.foreign_entry == noticed
    assert (noticed.result, noticed.detail, noticed.calls) == (AttemptResult.NOT_ADOPTED, OTHER_ACCOUNT, 0)


def test_a_value_without_a_proof_is_given_to_nobody_while_wechat_is_silent() -> None:
    folder = ForeignWriteSetup(scripted_transport(OFFLINE_FAILURE))
    folder.wrote(THEIRS)
    (result,) = folder.refresh(min_left=60)
    assert result.record is None
    assert not result.is_success


def test_our_value_is_put_back_while_wechat_is_silent_and_confirmed_later() -> None:
    folder = folder_with(OFFLINE_FAILURE, token_reply(OURS, 6000))
    folder.wrote(THEIRS)

    result = folder.look()
    assert result.record is not None
    assert result.record.value == folder.value_on_disk(SHOP, TOKEN) == OURS

    past = folder.history.latest(SHOP.appid, TOKEN.value, 50)
    state = retries.retry_state_from_history(past, CATALOGUE)
    due_at = policy.due_at(TOKEN, result.record, state, folder.clock())
    assert due_at is not None
    assert folder.clock() < due_at <= folder.clock() + 75
    folder.clock.advance(75)
    assert folder.refresh(eagerness=RefreshMode.ALWAYS, seen=result.record)[0].entry.result is AttemptResult.SAME


def test_a_value_judged_before_costs_no_second_call() -> None:
    folder = folder_with(token_reply(OURS, 6600))
    for _ in range(20):
        folder.wrote(THEIRS)
        folder.look()
        assert folder.value_on_disk(SHOP, TOKEN) == OURS
        folder.clock.advance(200)
    assert folder.transport.endpoints == ["stable_token"] * 2


def test_a_storm_of_writes_costs_no_more_calls_than_the_pace_allows() -> None:
    folder = folder_with(*[token_reply(OURS, 6600)] * 30)
    for number in range(100):
        folder.wrote(f"{THEIRS}{number:04}")
        result = folder.refresh(min_left=60)[0] if number % 2 else folder.look()
        assert result.record is not None
        assert result.record.value == folder.value_on_disk(SHOP, TOKEN) == OURS
        folder.clock.advance(0.25)
    assert len(folder.transport.requests) - 1 <= 2
    assert len(folder.noticed) <= 2  # the latest entries keep what the retry state is derived from

    for number in range(3500):  # for another 3500 s, a write per second
        folder.wrote(f"{THEIRS}{number:05}")
        folder.look()
        folder.clock.advance(1)
    assert len(folder.transport.requests) - 1 <= 7


def test_a_storm_of_expired_and_damaged_writes_costs_no_call() -> None:
    folder = folder_with()
    for number in range(50):
        folder.put_value(
            SHOP, TOKEN, f"{THEIRS}{number}", at=folder.clock() - 9000, directory="", is_foreign=True
        )  # fmt: skip
        assert folder.refresh(min_left=60)[0].record is not None
        folder.dogs.put_text(SHOP, TOKEN, "{")
        assert folder.refresh(min_left=60)[0].record is not None
    assert folder.transport.endpoints == ["stable_token"]
    assert {entry.detail for entry in folder.noticed} == {INVALID}


def test_a_verification_respects_a_cooldown_and_the_daily_budget() -> None:
    folder = folder_with()
    folder.history.append(
        HistoryEntry(folder.clock(), SHOP.appid, TOKEN.value, Trigger.TIMER, AttemptResult.NEW, calls=500)
    )
    folder.wrote(THEIRS)
    assert folder.look().record is not None
    assert folder.value_on_disk(SHOP, TOKEN) == OURS
    assert folder.transport.endpoints == ["stable_token"]


def test_writes_of_other_programs_are_counted_for_an_hour() -> None:
    folder = folder_with(*[token_reply(f"{THEIRS}{number:04}") for number in range(3)])
    for number in range(3):
        folder.wrote(f"{THEIRS}{number:04}")
        folder.look()
        folder.clock.advance(600)
    assert folder.count() == 3
    folder.clock.advance(1801)
    assert folder.count() == 2
    folder.clock.advance(3600)
    assert folder.count() == 0


def test_a_value_of_another_guard_dog_process_is_not_foreign() -> None:
    folder = folder_with()
    folder.dogs.own_copies.clear()  # of a version that keeps none
    assert folder.look().entry.result is AttemptResult.STILL_FRESH
    assert folder.noticed == []


def test_a_foreign_ticket_is_adopted_if_wechat_returns_it_to_us() -> None:
    ticket = "TICKET-" + "t" * 60
    folder = folder_with(ticket_reply(ticket), ticket_reply(ticket), ticket_reply(ticket + "2"))
    folder.wrote(ticket, kind=TICKET)
    result = folder.look(TICKET)
    assert (result.entry.result, result.entry.detail) == (AttemptResult.ADOPTED, RETURNED)
    assert result.record is not None
    assert result.record.expires_in == 1200  # its age is unknown
    folder.wrote("OTHER-" + "o" * 60, kind=TICKET)
    assert folder.look(TICKET).record is not None
    assert folder.value_on_disk(SHOP, TICKET) == ticket
    assert folder.noticed[-1].detail == OTHER_ACCOUNT


def test_adopt_only_returns_nothing_while_the_lock_is_busy() -> None:
    folder = ForeignWriteSetup()
    folder.lock.is_busy = True
    assert folder.refresh(TOKEN, RefreshMode.ADOPT_ONLY) == ()
    assert folder.history.entries == []


def test_a_foreign_write_does_not_reset_our_own_failures() -> None:
    folder = ForeignWriteSetup(scripted_transport(token_reply(OURS), OFFLINE_FAILURE))
    folder.refresh()
    folder.clock.advance(7000)
    folder.refresh()
    folder.wrote(THEIRS)
    folder.look()
    standing = retries.retry_state_from_history(folder.history.latest(SHOP.appid, TOKEN.value, 50), CATALOGUE)

    assert standing.failure_count == 1
    assert standing.last_failure is not None
