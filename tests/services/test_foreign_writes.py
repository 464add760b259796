"""Values written by other programs: recorded once, adopted, never overwritten."""

from dataclasses import dataclass, field

from msgspec.structs import replace

from guarddog_gui.domain.refresh import policy
from guarddog_gui.domain.refresh.foreign_writes import FOREIGN_WRITE, FOUND_EXISTING
from guarddog_gui.domain.refresh.history import AttemptResult, HistoryEntry, Trigger
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord
from guarddog_gui.services.foreign_writes import TrackedDogFiles, count_foreign_writes
from guarddog_gui.services.refresh import RefreshMode, RefreshRequest, RefreshResult
from tests.builders import SECRET, SHOP, TICKET, TOKEN
from tests.errcode_catalogue import CATALOGUE
from tests.fakes import OFFLINE_FAILURE, FakeSecretStore, FakeTransport, scripted_transport, ticket_reply, token_reply
from tests.in_memory_services import ScriptedServices

OURS, THEIRS = "OURS-" + "a" * 60, "THEIRS-" + "b" * 60


@dataclass
class ForeignWriteSetup(ScriptedServices):
    """The files of an account, which Guard Dog and other programs write."""

    transport: FakeTransport = field(default_factory=lambda: scripted_transport(token_reply(OURS)))
    secrets: FakeSecretStore = field(default_factory=lambda: FakeSecretStore(wx0123456789abcdef=SECRET))

    def refresh(
        self,
        kind: TokenKind = TOKEN,
        eagerness: RefreshMode = RefreshMode.IF_NEEDED,
        *,
        seen: TokenRecord | None = None,
        min_left: float | None = None,
    ) -> tuple[RefreshResult, ...]:
        known = ((kind, seen.generated_ms),) if seen else ()
        return self.refresher.refresh(RefreshRequest(SHOP, (kind,), Trigger.TIMER, eagerness, min_left, known))

    def look(self, kind: TokenKind = TOKEN) -> RefreshResult:
        (outcome,) = self.refresh(kind, RefreshMode.ADOPT_ONLY)
        return outcome

    def wrote(self, value: str, life: int = 7200, kind: TokenKind = TOKEN) -> TokenRecord:
        """Write as another program does, now."""
        return self.put_value(SHOP, kind, value, lifetime_s=life, directory="/elsewhere")

    @property
    def noticed(self) -> list[HistoryEntry]:
        return [entry for entry in self.history.entries if entry.detail == FOREIGN_WRITE]

    def count(self) -> int:
        return count_foreign_writes(self.history, SHOP.appid, TOKEN.value, self.clock())


def test_a_foreign_write_is_recorded_once() -> None:
    folder = ForeignWriteSetup()
    folder.refresh()
    folder.clock.advance(600)
    theirs = folder.wrote(THEIRS)

    tray, cli = folder.look(), folder.refresh(min_left=60)
    folder.look()

    assert (tray.entry.result, tray.record) == (AttemptResult.ADOPTED, theirs)
    assert (cli[0].entry.result, cli[0].record) == (AttemptResult.STILL_FRESH, theirs)
    assert folder.noticed == [tray.entry]
    assert (tray.entry.at, tray.entry.expires_at) == (theirs.generated_at, theirs.expires_at)
    assert folder.transport.endpoints == ["stable_token"]


def test_foreign_writes_are_counted_for_an_hour() -> None:
    folder = ForeignWriteSetup()
    folder.refresh()
    for number in range(3):
        folder.clock.advance(600)
        folder.wrote(f"{THEIRS}{number:04}")
        folder.look()
    assert folder.count() == 3
    folder.clock.advance(2401)
    assert folder.count() == 2
    folder.clock.advance(3600)
    assert folder.count() == 0


def test_the_next_refresh_is_timed_by_the_adopted_value() -> None:
    folder = ForeignWriteSetup()
    folder.refresh()
    folder.clock.advance(600)
    theirs = folder.wrote(THEIRS)
    record = folder.look().record
    past = folder.history.latest(SHOP.appid, TOKEN.value, 50)

    due = policy.due_at(TOKEN, record, policy.retry_state_from_history(past, CATALOGUE), folder.clock())

    assert due == theirs.expires_at - 290


def test_a_value_of_another_guard_dog_process_is_not_foreign() -> None:
    folder = ForeignWriteSetup()
    folder.refresh()
    assert folder.look().entry.result is AttemptResult.STILL_FRESH
    assert folder.noticed == []


def test_a_value_without_history_is_foreign_only_if_seen_to_change() -> None:
    folder = ForeignWriteSetup()
    folder.wrote(THEIRS)
    assert folder.refresh()[0].entry.result is AttemptResult.STILL_FRESH
    assert folder.history.entries == []

    assert folder.look().entry.detail == FOREIGN_WRITE


def test_expired_and_damaged_files_are_not_foreign_writes() -> None:
    folder = ForeignWriteSetup()
    folder.refresh()
    folder.wrote(THEIRS, life=60)
    folder.clock.advance(61)
    assert folder.look().entry.result is AttemptResult.STILL_FRESH
    folder.dogs.put_text(SHOP, TOKEN, "{")
    assert folder.look().record is None
    assert folder.noticed == []


def test_a_foreign_value_that_is_due_is_recorded_and_replaced() -> None:
    folder = ForeignWriteSetup(scripted_transport(token_reply(OURS), token_reply(OURS + "2")))
    folder.refresh()
    folder.clock.advance(600)
    folder.wrote(THEIRS, life=7200)
    folder.clock.advance(7000)

    outcomes = folder.refresh()

    assert [outcome.entry.result for outcome in outcomes] == [AttemptResult.NEW]
    assert len(folder.noticed) == 1


def test_a_known_ticket_with_a_longer_life_is_a_foreign_write() -> None:
    ticket = "TICKET-" + "t" * 60
    folder = ForeignWriteSetup(scripted_transport(token_reply(OURS), ticket_reply(ticket)))
    folder.refresh(TICKET)
    folder.clock.advance(600)
    folder.wrote(ticket, kind=TICKET)  # getticket always says 7200

    assert folder.look(TICKET).entry.detail == FOREIGN_WRITE
    assert len(folder.noticed) == 1


# -- followers ----------------------------------------------------------------------------------------


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


def test_a_rewrite_with_the_recorded_expiry_is_left_alone() -> None:
    folder = ForeignWriteSetup()
    folder.refresh()
    folder.clock.advance(600.6)
    folder.wrote(OURS, life=6599)
    writes = folder.dogs.write_count
    folder.look()
    assert folder.dogs.write_count == writes


def test_a_user_refresh_does_not_adopt_a_rewrite_of_the_known_value() -> None:
    folder = ForeignWriteSetup(scripted_transport(token_reply(OURS), token_reply(OURS, 6600)))
    mine = folder.refresh()[0].record
    folder.clock.advance(600)
    folder.wrote(OURS, life=6600)

    (outcome,) = folder.refresh(eagerness=RefreshMode.ALWAYS, seen=mine)

    assert outcome.entry.result is AttemptResult.SAME


# -- the rest -----------------------------------------------------------------------------------------


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
    standing = policy.retry_state_from_history(folder.history.latest(SHOP.appid, TOKEN.value, 50), CATALOGUE)

    assert standing.failure_count == 1
    assert standing.last_failure is not None


def test_adopting_a_folder_records_no_foreign_write() -> None:
    folder = ForeignWriteSetup()
    theirs = folder.wrote(THEIRS)
    files = TrackedDogFiles(folder.dogs, folder.history, folder.clock)

    files.adopt(SHOP, Trigger.USER)
    files.adopt(replace(SHOP, name="Renamed"), Trigger.USER)

    (line,) = folder.history.entries
    assert (line.result, line.detail, line.at) == (AttemptResult.ADOPTED, FOUND_EXISTING, theirs.generated_at)
    assert folder.look().entry.result is AttemptResult.STILL_FRESH
    assert folder.count() == 0
