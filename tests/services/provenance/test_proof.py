"""Tickets prove to whom a classic token belongs; what was judged is remembered."""

from msgspec.structs import replace

from guarddog_gui.domain.accounts.account import Endpoint, Platform
from guarddog_gui.domain.refresh.foreign_writes import INVALID, NO_PROOF, OTHER_ACCOUNT, SAME_TICKET
from guarddog_gui.domain.refresh.history import AttemptResult
from tests.builders import SHOP, TICKET, TOKEN
from tests.fakes import OFFLINE_FAILURE, error_reply, scripted_transport, ticket_reply, token_reply
from tests.services.provenance.folder_setup import OURS, THEIRS, ForeignWriteSetup, folder_with

CLASSIC = replace(SHOP, endpoint=Endpoint.CLASSIC)
T1, T2 = "TICKET-1-" + "t" * 60, "TICKET-2-" + "t" * 60


def test_a_classic_token_with_the_same_ticket_is_adopted() -> None:
    folder = folder_with(ticket_reply(T1), ticket_reply(T1), account=CLASSIC)
    theirs = folder.wrote(THEIRS)
    result = folder.look()
    assert (result.entry.result, result.entry.detail, result.entry.calls) == (AttemptResult.ADOPTED, SAME_TICKET, 2)
    assert result.record == theirs
    assert folder.transport.endpoints == ["token", "getticket", "getticket"]
    assert folder.look().entry.result is AttemptResult.STILL_FRESH


def test_a_ticket_in_the_history_is_proof_enough() -> None:
    folder = folder_with(ticket_reply(T1), ticket_reply(T1), account=CLASSIC)
    folder.refresh(TICKET)
    folder.wrote(THEIRS)
    assert folder.look().entry.calls == 1


def test_a_classic_token_with_another_ticket_is_not_adopted() -> None:
    folder = folder_with(ticket_reply(T2), ticket_reply(T1), account=CLASSIC)
    folder.wrote(THEIRS)
    assert folder.look().record is not None
    assert folder.value_on_disk(SHOP, TOKEN) == OURS
    assert (folder.noticed[-1].detail, folder.noticed[-1].calls) == (OTHER_ACCOUNT, 2)
    assert "token" not in folder.transport.endpoints[1:]


def test_a_stable_token_proves_a_classic_one_when_ours_is_dead() -> None:
    stable = "STABLE-" + "s" * 60
    folder = folder_with(
        ticket_reply(T1), error_reply(40001), token_reply(stable), ticket_reply(T1), account=CLASSIC
    )  # fmt: skip
    folder.wrote(THEIRS)
    result = folder.look()
    assert result.record is not None
    assert (result.record.value, result.entry.result) == (THEIRS, AttemptResult.ADOPTED)
    assert folder.transport.endpoints == ["token", "getticket", "getticket", "stable_token", "getticket"]


def test_a_storm_of_dead_classic_tokens_costs_one_call() -> None:
    folder = folder_with(error_reply(40001), account=CLASSIC)
    for number in range(100):
        folder.wrote(f"{THEIRS}{number:04}")
        folder.look()
        assert folder.value_on_disk(SHOP, TOKEN) == OURS
        folder.clock.advance(0.25)
    assert folder.transport.endpoints == ["token", "getticket"]
    assert folder.noticed[0].detail == INVALID


def test_a_classic_mini_program_has_no_proof() -> None:
    folder = folder_with(account=replace(CLASSIC, platform=Platform.MINI_PROGRAM))
    folder.wrote(THEIRS)
    folder.look()
    assert folder.value_on_disk(SHOP, TOKEN) == OURS
    assert folder.noticed[-1].detail == NO_PROOF
    assert folder.transport.endpoints == ["token"]


def test_a_classic_token_of_which_nothing_is_known_is_not_ended_by_a_new_one() -> None:
    folder = ForeignWriteSetup(scripted_transport(OFFLINE_FAILURE), account=CLASSIC)
    folder.wrote(THEIRS)
    (result,) = folder.refresh()
    assert result.entry.result is AttemptResult.NO_ANSWER
    assert folder.transport.endpoints == ["getticket"]
