"""A shared value becomes one of Guard Dog's own."""

from guarddog_gui.domain.refresh import retries
from guarddog_gui.domain.refresh.history import AttemptResult, HistoryEntry, Trigger
from guarddog_gui.domain.tokens.record import fingerprint
from guarddog_gui.services.calls.refresh_request import RefreshMode
from tests.builders import SHOP, TICKET, TOKEN
from tests.fakes import NOW
from tests.services.sharing.desks import Office


def test_file_copy_and_history_agree() -> None:
    office = Office()
    leader, desk = office.leader(), office.leader("other")
    leader.refresh()
    office.clock.advance(600)
    desk.refresh()
    record = desk.services.dogs.read(desk.account, TOKEN)
    copy = desk.services.dogs.read_own_copy(desk.account, TOKEN)
    assert record == copy
    assert record is not None
    entry = desk.services.history.entries[0]
    assert (entry.result, entry.fingerprint, entry.calls) == (AttemptResult.SHARED, fingerprint(record.value), 0)
    assert (entry.at, entry.expires_at) == (record.generated_at, record.expires_at) == (NOW, NOW + 7200)


def test_a_file_that_cannot_be_written_gives_the_value_all_the_same() -> None:
    office = Office()
    office.leader().refresh()
    desk = office.follower()
    desk.services.dogs.is_disk_full = True
    (result,) = desk.refresh(TOKEN)
    assert result.entry.result is AttemptResult.NOT_WRITTEN
    assert result.record is not None


def test_a_replaced_ticket_is_kept_for_the_diagnosis() -> None:
    office = Office()
    leader, desk = office.leader(), office.follower()
    leader.refresh()
    desk.refresh()
    old = desk.value(TICKET)
    while leader.value(TICKET) == old:
        office.clock.advance(300)
        leader.refresh()
    desk.refresh(mode=RefreshMode.MIRROR)
    assert old in desk.services.tickets.recent(desk.account, office.clock())


def test_the_age_of_a_ticket_is_in_the_detail() -> None:
    detail = retries.shared_detail(NOW - 100, NOW - 5, is_replacement=True)
    entry = HistoryEntry(NOW, SHOP.appid, TICKET, Trigger.TIMER, AttemptResult.SHARED, detail=detail)
    assert retries.parse_shared_detail(entry) == (NOW - 100, NOW - 5, True)
    entry = HistoryEntry(NOW, SHOP.appid, TICKET, Trigger.TIMER, AttemptResult.SHARED)
    assert retries.parse_shared_detail(entry) == (NOW, NOW, False)
