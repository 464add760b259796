"""Values of other programs are absent to readers, and own values have the life on record."""

from msgspec.structs import replace

from guarddog_gui.domain.refresh import foreign_writes
from guarddog_gui.domain.refresh.history import AttemptResult
from guarddog_gui.domain.tokens.record import TokenKind, fingerprint
from guarddog_gui.services.provenance.own_values import OwnValues
from tests.builders import SHOP, TICKET, TOKEN, make_entry
from tests.fakes import NOW, ticket_reply, token_reply
from tests.services.refresh_setup import RefreshSetup, make_setup


def reader(d: RefreshSetup) -> OwnValues:
    return OwnValues(d.dogs, lambda: d.history, d.clock)


def value_seen_by_readers(d: RefreshSetup, kind: TokenKind = TOKEN) -> str | None:
    record = reader(d).read(SHOP, kind)
    return None if record is None else record.value


def test_a_value_of_another_program_is_absent() -> None:
    d = make_setup()
    for kind in (TOKEN, TICKET):
        d.holds(kind, "THEIRS", is_foreign=True)
        assert value_seen_by_readers(d, kind) is None


def test_a_value_with_a_copy_needs_no_history() -> None:
    d = make_setup(token_reply("T1"))
    d.refresh(TOKEN)
    d.history.entries.clear()
    assert value_seen_by_readers(d) == "T1"


def test_a_value_without_a_copy_is_found_in_the_history() -> None:
    d = make_setup(token_reply("T1"))
    d.refresh(TOKEN)
    d.dogs.own_copies.clear()
    assert value_seen_by_readers(d) == "T1"


def test_a_ticket_keeps_the_life_on_record_if_another_program_writes_it_again() -> None:
    d = make_setup(ticket_reply("J1"))
    d.holds(TOKEN, "T1")
    d.refresh(TICKET)
    d.clock.advance(900)
    d.put_value(SHOP, TICKET, "J1", is_foreign=True)
    for own_copies in (dict(d.dogs.own_copies), {}):
        d.dogs.own_copies = own_copies
        record = reader(d).read(SHOP, TICKET)
        assert record is not None
        assert record.expires_at == NOW + 1200


def test_an_older_own_value_is_not_read_again() -> None:
    d = make_setup(token_reply("T1"), token_reply("T2"))
    d.refresh(TOKEN)
    older = d.dogs.read(SHOP, TOKEN)
    assert older is not None
    d.clock.advance(7000)
    d.refresh(TOKEN)
    d.dogs.put_record(SHOP, TOKEN, older)
    assert value_seen_by_readers(d) is None


def test_a_value_that_wechat_refused_is_absent() -> None:
    d = make_setup(token_reply("T1"))
    d.refresh(TOKEN)
    d.dogs.own_copies.clear()
    d.history.append(make_entry(AttemptResult.REFUSED, appid=SHOP.appid, errcode=40001, fingerprint=fingerprint("T1")))
    assert value_seen_by_readers(d) is None


def test_a_value_that_an_older_version_adopted_is_absent() -> None:
    d = make_setup()
    held = d.holds(TOKEN, "THEIRS", is_foreign=True)
    adopted = make_entry(
        AttemptResult.ADOPTED, appid=SHOP.appid, detail="foreign",
        fingerprint=fingerprint("THEIRS"), expires_at=held.expires_at,
    )  # fmt: skip
    d.history.append(adopted)
    assert value_seen_by_readers(d) is None
    d.history.append(replace(adopted, detail=foreign_writes.RETURNED))
    assert value_seen_by_readers(d) == "THEIRS"


def test_an_absent_file_stays_absent() -> None:
    assert value_seen_by_readers(make_setup(), TICKET) is None
