"""What is handed on after a refresh, when, and that nothing about it can hurt the refresh."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.exports.reports import ExportError, ExportErrorKind, ExportStatus
from guarddog_gui.domain.exports.targets import ExportFormat, ExportTarget
from guarddog_gui.domain.refresh.history import AttemptResult, Trigger
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.services.refresh import RefreshRequest, RefreshResult
from tests.builders import CARD, SECRET, TICKET, TOKEN
from tests.fakes import (
    NOW,
    FakeAccountLock,
    FakeSecretStore,
    scripted_transport,
    ticket_reply,
    token_reply,
)
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


def test_what_lives_on_the_disk_goes_to_every_outlet_and_to_commands_last() -> None:
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


def test_what_is_dead_or_was_never_there_is_not_handed_on() -> None:
    d = ExportSetup()
    d.holds("T1", age=7200)

    assert d.hand_on() == (ExportStatus(RUN), ExportStatus(ENV))
    assert not d.export_files.written
    assert not d.command_runner.runs


def test_the_ticket_for_cards_goes_along_where_it_is_kept() -> None:
    d = ExportSetup()
    d.holds("T1")
    d.holds("C1", CARD)

    d.hand_on()
    d.hand_on(replace(SHOP, card_ticket=True))

    assert [values for _, _, values in d.command_runner.runs] == [{TOKEN: "T1"}, {TOKEN: "T1", CARD: "C1"}]


# -- how often ----------------------------------------------------------------------------------------


def test_a_command_runs_once_for_the_same_values_and_files_are_looked_after_every_time() -> None:
    d = ExportSetup()
    d.holds("T1")
    first = d.hand_on()
    d.clock.advance(60)

    assert d.hand_on() == first
    assert len(d.command_runner.runs) == 1
    assert len(d.export_files.written) == 2


def test_a_value_that_was_only_prolonged_is_handed_on_again() -> None:
    d = ExportSetup()
    d.holds("T1")
    d.hand_on()
    d.clock.advance(60)
    d.holds("T1")

    assert [report.written_at for report in d.hand_on()] == [NOW + 60, NOW + 60]
    assert len(d.command_runner.runs) == 2


def test_what_failed_is_tried_again_the_next_time_and_the_old_success_stays_known() -> None:
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


def test_an_outlet_that_was_just_added_gets_what_the_others_have() -> None:
    d = ExportSetup()
    d.holds("T1")
    d.hand_on()

    d.hand_on(replace(SHOP, exports=(RUN, ENV, PHP)))

    assert [outlet for _, outlet, _ in d.export_files.written] == [ENV, ENV, PHP]
    assert len(d.command_runner.runs) == 1


def test_an_account_without_outlets_forgets_those_that_it_had() -> None:
    d = ExportSetup()
    d.holds("T1")
    d.hand_on()

    assert d.hand_on(replace(SHOP, exports=())) == ()
    assert d.export_journal.stored[SHOP.appid] == ()
    d.hand_on()
    assert len(d.command_runner.runs) == 2, "it is new again"


def test_an_account_that_never_had_one_costs_no_lock() -> None:
    d = ExportSetup()
    d.holds("T1")

    assert d.hand_on(replace(SHOP, exports=())) == ()
    assert d.exports_lock.acquire_count == 0


# -- several programs ---------------------------------------------------------------------------------


class ContendedLock(FakeAccountLock):
    """A lock that somebody else holds first; `before` is what that one does until it lets go."""

    before: Callable[[], object] = staticmethod(lambda: None)

    @contextmanager
    def acquire(self, appid: str) -> Generator[None]:
        before, self.before = self.before, lambda: None
        before()
        with super().acquire(appid):
            yield


def test_who_waited_for_the_lock_hands_on_what_is_there_by_then() -> None:
    lock = ContendedLock()
    d = ExportSetup(exports_lock=lock)
    d.holds("T1")
    lock.before = lambda: d.holds("T2", age=-1)

    d.hand_on()

    assert [values for _, _, values in d.command_runner.runs] == [{TOKEN: "T2"}]


def test_what_another_program_has_handed_on_meanwhile_is_not_run_twice() -> None:
    lock = ContendedLock()
    d = ExportSetup(exports_lock=lock)
    d.holds("T1")
    lock.before = lambda: ExportSetup(dogs=d.dogs, export_journal=d.export_journal).hand_on()

    d.hand_on()

    assert not d.command_runner.runs


def test_a_value_that_comes_while_a_command_runs_is_what_the_next_one_gets() -> None:
    second = ExportTarget(ExportFormat.COMMAND, command=("second",))
    d = ExportSetup()
    d.holds("T1")
    d.command_runner.on_run = lambda: d.holds("T2", age=-1)

    d.hand_on(replace(SHOP, exports=(RUN, second)))

    assert [values[TOKEN] for _, _, values in d.command_runner.runs] == ["T1", "T2"]


def test_while_another_program_is_at_it_for_too_long_nothing_is_done_and_nothing_raised() -> None:
    d = ExportSetup()
    d.holds("T1")
    d.exports_lock.is_busy = True

    assert d.hand_on() == (ExportStatus(RUN), ExportStatus(ENV))
    assert not d.command_runner.runs


# -- after a refresh ----------------------------------------------------------------------------------


def test_a_refresh_is_handed_on_when_the_account_has_been_let_go() -> None:
    d = ExportSetup(scripted_transport(token_reply("T1"), ticket_reply("J1")))
    held: list[set[str]] = []
    d.command_runner.on_run = lambda: held.append(set(d.lock.held_appids))

    d.refresh(TOKEN, TICKET)

    assert d.command_runner.runs == [(SHOP.appid, RUN, {TOKEN: "T1", TICKET: "J1"})]
    assert held == [set()]


def test_a_value_that_another_program_has_written_is_handed_on_as_well() -> None:
    d = ExportSetup()
    d.holds("theirs")

    (outcome,) = d.refresh(TOKEN)

    assert outcome.entry.result is AttemptResult.STILL_FRESH
    assert [values for _, _, values in d.command_runner.runs] == [{TOKEN: "theirs"}]


def test_a_refresh_that_failed_hands_nothing_on() -> None:
    d = ExportSetup(scripted_transport(token_reply("T1")))
    d.dogs.is_disk_full = True

    d.refresh(TOKEN)

    assert not d.command_runner.runs


def test_an_outlet_that_fails_changes_nothing_about_the_outcome() -> None:
    working, failing = (ExportSetup(scripted_transport(token_reply("T1"))) for _ in range(2))
    failing.command_runner.error, failing.export_files.is_disk_full = FAILED, True

    assert failing.refresh(TOKEN) == working.refresh(TOKEN)
    assert failing.history.entries == working.history.entries


def test_an_attempt_leaves_the_handing_on_to_its_caller() -> None:
    d = ExportSetup(scripted_transport(token_reply("T1")))

    (outcome,) = d.refresher.refresh_without_exports(RefreshRequest(SHOP, (TOKEN,), Trigger.TIMER))

    assert outcome.is_success
    assert not d.command_runner.runs
