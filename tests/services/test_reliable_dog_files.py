"""Tickets in `.dog` files have the life that the history proves, and no longer one."""

from guarddog_gui.domain.refresh.history import AttemptResult
from guarddog_gui.services.refresh import RefreshMode
from guarddog_gui.services.reliable_dog_files import ReliableDogFiles
from tests.builders import SHOP, TICKET, TOKEN
from tests.fakes import NOW, ticket_reply
from tests.services.refresh_setup import RefreshSetup, make_setup


def reader(d: RefreshSetup) -> ReliableDogFiles:
    return ReliableDogFiles(d.dogs, lambda: d.history)


def life_seen_by_readers(d: RefreshSetup) -> int:
    record = reader(d).read(SHOP, TICKET)
    assert record is not None
    return record.expires_in


def test_a_ticket_that_another_program_wrote_lives_twenty_minutes() -> None:
    d = make_setup()
    d.holds(TICKET, "J-THEIRS")
    assert life_seen_by_readers(d) == 1200


def test_a_ticket_that_guard_dog_saw_begin_has_its_whole_life() -> None:
    d = make_setup(ticket_reply("J1"), ticket_reply("J2"))
    d.holds(TOKEN, "T1")
    d.refresh(TICKET)
    d.clock.advance(1200)
    d.refresh(TICKET)
    assert life_seen_by_readers(d) == 7200


def test_an_adopted_ticket_proves_nothing() -> None:
    d = make_setup(ticket_reply("J1"))
    d.holds(TOKEN, "T1")
    d.refresh(TICKET)
    d.holds(TICKET, "J-THEIRS")
    d.refresh(TICKET, eagerness=RefreshMode.ADOPT_ONLY)
    d.holds(TICKET, "J-THEIRS")
    assert d.history.entries[-1].result is AttemptResult.ADOPTED
    assert life_seen_by_readers(d) == 1200


def test_a_proven_value_needs_no_second_look_into_the_history() -> None:
    d = make_setup(ticket_reply("J1"), ticket_reply("J2"))
    d.holds(TOKEN, "T1")
    d.refresh(TICKET)
    d.clock.advance(1200)
    d.refresh(TICKET)
    files = reader(d)
    before = files.read(SHOP, TICKET)
    d.history.entries.clear()
    assert files.read(SHOP, TICKET) == before


def test_tokens_are_read_as_they_are() -> None:
    d = make_setup()
    held = d.holds(TOKEN, "T1", age=3000)
    assert reader(d).read(SHOP, TOKEN) == held
    assert held.generated_at == NOW - 3000


def test_an_absent_file_stays_absent() -> None:
    assert reader(make_setup()).read(SHOP, TICKET) is None
