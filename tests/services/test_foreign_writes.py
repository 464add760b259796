"""Values written by other programs: adopted with a proof only, at a bounded cost."""

from dataclasses import dataclass, field

from msgspec.structs import replace

from guarddog_gui.domain.accounts.account import Account, Endpoint, Platform
from guarddog_gui.domain.refresh import policy
from guarddog_gui.domain.refresh.foreign_writes import (
    INVALID,
    NO_PROOF,
    OTHER_ACCOUNT,
    RETURNED,
    SAME_TICKET,
    is_of_other_program,
)
from guarddog_gui.domain.refresh.history import AttemptResult, HistoryEntry, Trigger
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord
from guarddog_gui.domain.wechat.protocol import Reply, TransportFailure
from guarddog_gui.services.foreign_writes import count_foreign_writes
from guarddog_gui.services.refresh_request import RefreshMode, RefreshRequest, RefreshResult
from tests.builders import SECRET, SHOP, TICKET, TOKEN
from tests.errcode_catalogue import CATALOGUE
from tests.fakes import (
    OFFLINE_FAILURE,
    FakeSecretStore,
    FakeTransport,
    error_reply,
    scripted_transport,
    ticket_reply,
    token_reply,
)
from tests.in_memory_services import ScriptedServices

OURS, THEIRS = "OURS-" + "a" * 60, "THEIRS-" + "b" * 60


@dataclass
class ForeignWriteSetup(ScriptedServices):
    """The files of an account, which Guard Dog and other programs write."""

    transport: FakeTransport = field(default_factory=lambda: scripted_transport(token_reply(OURS)))
    secrets: FakeSecretStore = field(default_factory=lambda: FakeSecretStore(wx0123456789abcdef=SECRET))

    account: Account = SHOP

    def refresh(
        self,
        kind: TokenKind = TOKEN,
        eagerness: RefreshMode = RefreshMode.IF_NEEDED,
        *,
        seen: TokenRecord | None = None,
        min_left: float | None = None,
    ) -> tuple[RefreshResult, ...]:
        known = ((kind, seen.generated_ms),) if seen else ()
        return self.refresher.refresh(RefreshRequest(self.account, (kind,), Trigger.TIMER, eagerness, min_left, known))

    def look(self, kind: TokenKind = TOKEN) -> RefreshResult:
        (outcome,) = self.refresh(kind, RefreshMode.ADOPT_ONLY)
        return outcome

    def wrote(self, value: str, life: int = 7200, kind: TokenKind = TOKEN) -> TokenRecord:
        """Write as another program does, now."""
        return self.put_value(SHOP, kind, value, lifetime_s=life, directory="/elsewhere", is_foreign=True)

    @property
    def noticed(self) -> list[HistoryEntry]:
        return [entry for entry in self.history.entries if is_of_other_program(entry)]

    def count(self) -> int:
        return count_foreign_writes(self.history, SHOP.appid, TOKEN.value, self.clock())


def folder_with(*replies: Reply | TransportFailure, account: Account = SHOP) -> ForeignWriteSetup:
    """Return a folder with our token in it, and the replies that follow."""
    folder = ForeignWriteSetup(scripted_transport(token_reply(OURS), *replies), account=account)
    folder.refresh()
    folder.clock.advance(600)
    return folder


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
    state = policy.retry_state_from_history(past, CATALOGUE)
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


# -- the classic endpoint: tickets prove to whom a token belongs ---------------------------------------


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
