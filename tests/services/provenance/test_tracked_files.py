"""Own values that other programs rewrite are put right without a call."""

import pytest

from guarddog_gui.domain.refresh.history import AttemptResult
from guarddog_gui.services.calls.refresh_request import RefreshMode
from tests.builders import SHOP, TICKET, TOKEN
from tests.fakes import scripted_transport, ticket_reply, token_reply
from tests.services.provenance.folder_setup import OURS, ForeignWriteSetup


def test_a_rewrite_with_a_shorter_life_is_not_foreign() -> None:
    folder = ForeignWriteSetup()
    mine = folder.refresh()[0].record
    for _ in range(5):
        folder.clock.advance(60)
        folder.wrote(OURS, life=20)
        outcome = folder.look()
        assert (outcome.entry.result, outcome.record) == (AttemptResult.STILL_FRESH, mine)

    assert folder.noticed == []
    assert folder.dogs.read(SHOP, TOKEN) == mine  # for readers that know nothing of the history
    assert folder.transport.endpoints == ["stable_token"]


def test_an_expired_rewrite_of_a_valid_value_costs_no_call() -> None:
    folder = ForeignWriteSetup()
    mine = folder.refresh()[0].record
    folder.wrote(OURS, life=20)
    folder.clock.advance(600)

    (outcome,) = folder.refresh(min_left=60)

    assert (outcome.entry.result, outcome.record) == (AttemptResult.STILL_FRESH, mine)
    assert folder.dogs.read(SHOP, TOKEN) == mine


def test_a_failed_repair_of_the_life_does_not_matter() -> None:
    folder = ForeignWriteSetup()
    mine = folder.refresh()[0].record
    folder.wrote(OURS, life=20)
    folder.dogs.is_disk_full = True
    folder.clock.advance(600)
    assert folder.refresh()[0].record == mine


@pytest.mark.parametrize("text", ["", "{", None], ids=["emptied", "damaged", "another value"])
def test_a_value_that_cannot_be_put_back_on_a_full_disk_is_reported_and_written_later(text: str | None) -> None:
    folder = ForeignWriteSetup()
    mine = folder.refresh()[0].record
    folder.clock.advance(600)
    if text is None:
        folder.wrote("THEIRS", life=1)
        folder.clock.advance(1)  # it needs no proof: its life is over
    else:
        folder.dogs.put_text(SHOP, TOKEN, text)
    folder.dogs.is_disk_full = True

    outcome = folder.look()

    assert (outcome.entry.result, outcome.record) == (AttemptResult.NOT_WRITTEN, mine)
    assert "no space" in outcome.entry.detail
    folder.dogs.is_disk_full = False
    assert folder.refresh()[0].entry.result is AttemptResult.STILL_FRESH
    assert folder.dogs.read(SHOP, TOKEN) == mine
    assert folder.transport.endpoints == ["stable_token"]


def test_a_rewrite_with_the_recorded_expiry_is_written_back_so_that_readers_know_it() -> None:
    folder = ForeignWriteSetup()
    mine = folder.refresh()[0].record
    folder.clock.advance(600.6)
    folder.wrote(OURS, life=6599)
    assert folder.look().record == folder.dogs.read(SHOP, TOKEN) == mine


def test_a_user_refresh_does_not_adopt_a_rewrite_of_the_known_value() -> None:
    folder = ForeignWriteSetup(scripted_transport(token_reply(OURS), token_reply(OURS, 6600)))
    mine = folder.refresh()[0].record
    folder.clock.advance(600)
    folder.wrote(OURS, life=6600)

    (outcome,) = folder.refresh(eagerness=RefreshMode.ALWAYS, seen=mine)

    assert outcome.entry.result is AttemptResult.SAME


def test_a_known_ticket_with_a_longer_life_keeps_its_true_one() -> None:
    ticket = "TICKET-" + "t" * 60
    folder = ForeignWriteSetup(scripted_transport(token_reply(OURS), ticket_reply(ticket)))
    mine = folder.refresh(TICKET)[-1].record
    folder.clock.advance(600)
    folder.wrote(ticket, kind=TICKET)  # getticket always says 7200

    assert folder.look(TICKET).record == mine
    assert folder.dogs.read(SHOP, TICKET) == mine
    assert folder.noticed == []
