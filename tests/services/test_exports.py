"""Exports after a refresh, which never affect its result."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field

from msgspec.structs import replace

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.exports.reports import ExportError, ExportErrorKind, ExportStatus
from guarddog_gui.domain.exports.targets import ExportFormat, ExportTarget
from guarddog_gui.domain.refresh.history import AttemptResult, Trigger
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.services.calls.refresh_request import RefreshRequest, RefreshResult
from tests.builders import CARD, SECRET, TICKET, TOKEN
from tests.fakes import NOW, FakeAccountLock, FakeSecretStore, scripted_transport, ticket_reply, token_reply
from tests.in_memory_services import ScriptedServices

ENV = ExportTarget(ExportFormat.ENV, "/srv/.env")
PHP = ExportTarget(ExportFormat.PHP_JSON, "/srv/php")
RUN = ExportTarget(ExportFormat.COMMAND, command=("notify",))
SHOP = Account("wx0123456789abcdef", "Shop", exports=(RUN, ENV))
BORN = (int(NOW * 1000), int(NOW * 1000))
FAILED = ExportError(ExportErrorKind.EXIT, "3")


@dataclass
class ExportSetup(ScriptedServices):
    """An Exporter and a Refresher on fakes."""

    secrets: FakeSecretStore = field(default_factory=lambda: FakeSecretStore(wx0123456789abcdef=SECRET))
    has_exports: bool = True

    def hand_on(self, account: Account = SHOP) -> tuple[ExportStatus, ...]:
        return self.exporter.export(account)

    def refresh(self, *kinds: TokenKind) -> tuple[RefreshResult, ...]:
        return self.refresher.refresh(RefreshRequest(SHOP, kinds, Trigger.TIMER))

    def holds(self, value: str, kind: TokenKind = TOKEN, *, age: float = 0, life: int = 7200) -> None:
        self.put_value(SHOP, kind, value, at=self.clock() - age, lifetime_s=life)


# -- what goes where ----------------------------------------------------------------------------------


def test_valid_values_are_exported_to_all_targets_commands_last() -> None:
    d = ExportSetup()
    d.holds("T1")
    d.holds("J1", TICKET)
    d.command_runner.on_run = lambda: d.export_files.written.append((SHOP.appid, ENV, {}))

    reports = d.hand_on()

    assert d.export_files.written[0] == (SHOP.appid, ENV, {TOKEN: "T1", TICKET: "J1"})
    assert d.command_runner.runs == [(SHOP.appid, RUN, {TOKEN: "T1", TICKET: "J1"})]
    assert d.export_files.written[1][2] == {}, "the command came second"
    born = ((TOKEN, BORN[0]), (TICKET, BORN[1]))
    assert reports == (ExportStatus(RUN, NOW, born), ExportStatus(ENV, NOW, born))
    assert d.export_journal.stored[SHOP.appid] == reports


def test_expired_and_missing_values_are_not_exported() -> None:
    d = ExportSetup()
    d.holds("T1", age=7200)

    assert d.hand_on() == (ExportStatus(RUN), ExportStatus(ENV))
    assert not d.export_files.written
    assert not d.command_runner.runs


def test_the_card_ticket_is_exported_if_it_is_enabled() -> None:
    d = ExportSetup()
    d.holds("T1")
    d.holds("C1", CARD)

    d.hand_on()
    d.hand_on(replace(SHOP, card_ticket=True))

    assert [values for _, _, values in d.command_runner.runs] == [{TOKEN: "T1"}, {TOKEN: "T1", CARD: "C1"}]


# -- how often ----------------------------------------------------------------------------------------


def test_a_command_runs_once_per_value_and_files_are_always_written() -> None:
    d = ExportSetup()
    d.holds("T1")
    first = d.hand_on()
    d.clock.advance(60)

    assert d.hand_on() == first
    assert len(d.command_runner.runs) == 1
    assert len(d.export_files.written) == 2


def test_a_value_with_a_longer_life_is_exported_again() -> None:
    d = ExportSetup()
    d.holds("T1")
    d.hand_on()
    d.clock.advance(60)
    d.holds("T1")

    assert [report.written_at for report in d.hand_on()] == [NOW + 60, NOW + 60]
    assert len(d.command_runner.runs) == 2


def test_a_failed_export_is_retried_and_keeps_its_last_success() -> None:
    d = ExportSetup()
    d.holds("T1")
    d.hand_on()
    d.clock.advance(60)
    d.holds("T2")
    d.command_runner.error, d.export_files.is_disk_full = FAILED, True

    failed = d.hand_on()

    assert [report.error for report in failed] == [
        FAILED,
        ExportError(ExportErrorKind.FILE, "/srv/.env: the disk is full"),
    ]
    assert [report.written_at for report in failed] == [NOW, NOW]
    d.command_runner.error, d.export_files.is_disk_full = None, False
    assert [report.error for report in d.hand_on()] == [None, None]
    assert len(d.command_runner.runs) == 3


def test_a_new_target_gets_the_current_values() -> None:
    d = ExportSetup()
    d.holds("T1")
    d.hand_on()

    d.hand_on(replace(SHOP, exports=(RUN, ENV, PHP)))

    assert [target for _, target, _ in d.export_files.written] == [ENV, ENV, PHP]
    assert len(d.command_runner.runs) == 1


def test_statuses_of_removed_targets_are_dropped() -> None:
    d = ExportSetup()
    d.holds("T1")
    d.hand_on()

    assert d.hand_on(replace(SHOP, exports=())) == ()
    assert d.export_journal.stored[SHOP.appid] == ()
    d.hand_on()
    assert len(d.command_runner.runs) == 2, "it is new again"


def test_an_account_without_targets_takes_no_lock() -> None:
    d = ExportSetup()
    d.holds("T1")

    assert d.hand_on(replace(SHOP, exports=())) == ()
    assert d.exports_lock.acquire_count == 0


# -- several programs ---------------------------------------------------------------------------------


class ContendedLock(FakeAccountLock):
    """Lock that another process holds first; `before` is called while it does."""

    before: Callable[[], object] = staticmethod(lambda: None)

    @contextmanager
    def acquire(self, appid: str) -> Generator[None]:
        before, self.before = self.before, lambda: None
        before()
        with super().acquire(appid):
            yield


def test_values_are_read_again_after_waiting_for_the_lock() -> None:
    lock = ContendedLock()
    d = ExportSetup(exports_lock=lock)
    d.holds("T1")
    lock.before = lambda: d.holds("T2", age=-1)

    d.hand_on()

    assert [values for _, _, values in d.command_runner.runs] == [{TOKEN: "T2"}]


def test_a_command_run_by_another_process_meanwhile_is_not_repeated() -> None:
    lock = ContendedLock()
    d = ExportSetup(exports_lock=lock)
    d.holds("T1")
    lock.before = lambda: ExportSetup(dogs=d.dogs, export_journal=d.export_journal).hand_on()

    d.hand_on()

    assert not d.command_runner.runs


def test_the_next_command_gets_a_value_that_came_meanwhile() -> None:
    second = ExportTarget(ExportFormat.COMMAND, command=("second",))
    d = ExportSetup()
    d.holds("T1")
    d.command_runner.on_run = lambda: d.holds("T2", age=-1)

    d.hand_on(replace(SHOP, exports=(RUN, second)))

    assert [values[TOKEN] for _, _, values in d.command_runner.runs] == ["T1", "T2"]


def test_a_busy_export_lock_exports_nothing_and_raises_nothing() -> None:
    d = ExportSetup()
    d.holds("T1")
    d.exports_lock.is_busy = True

    assert d.hand_on() == (ExportStatus(RUN), ExportStatus(ENV))
    assert not d.command_runner.runs


# -- after a refresh ----------------------------------------------------------------------------------


def test_a_refresh_exports_after_releasing_the_account_lock() -> None:
    d = ExportSetup(scripted_transport(token_reply("T1"), ticket_reply("J1")))
    held: list[set[str]] = []
    d.command_runner.on_run = lambda: held.append(set(d.lock.held_appids))

    d.refresh(TOKEN, TICKET)

    assert d.command_runner.runs == [(SHOP.appid, RUN, {TOKEN: "T1", TICKET: "J1"})]
    assert held == [set()]


def test_a_value_of_another_program_is_exported_as_well() -> None:
    d = ExportSetup()
    d.holds("theirs")

    (outcome,) = d.refresh(TOKEN)

    assert outcome.entry.result is AttemptResult.STILL_FRESH
    assert [values for _, _, values in d.command_runner.runs] == [{TOKEN: "theirs"}]


def test_a_failed_refresh_exports_nothing() -> None:
    d = ExportSetup(scripted_transport(token_reply("T1")))
    d.dogs.is_disk_full = True

    d.refresh(TOKEN)

    assert not d.command_runner.runs


def test_a_failed_export_does_not_change_the_result() -> None:
    working, failing = (ExportSetup(scripted_transport(token_reply("T1"))) for _ in range(2))
    failing.command_runner.error, failing.export_files.is_disk_full = FAILED, True

    assert failing.refresh(TOKEN) == working.refresh(TOKEN)
    assert failing.history.entries == working.history.entries


def test_refresh_without_exports_exports_nothing() -> None:
    d = ExportSetup(scripted_transport(token_reply("T1")))

    (outcome,) = d.refresher.refresh_without_exports(RefreshRequest(SHOP, (TOKEN,), Trigger.TIMER))

    assert outcome.is_success
    assert not d.command_runner.runs
