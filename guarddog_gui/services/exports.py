"""The story of the outlets: what the `.dog` files hold now goes to the other places that want it."""

from dataclasses import replace

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.errors import FileError, LockBusy
from guarddog_gui.domain.exports.formats import ValidRecords
from guarddog_gui.domain.exports.reports import ExportError, ExportErrorKind, ExportStatus, export_statuses
from guarddog_gui.domain.exports.targets import ExportFormat, ExportTarget
from guarddog_gui.services.ports import (
    AccountLock,
    Clock,
    DogFileStore,
    ExportCommandRunner,
    ExportFileWriter,
    ExportJournal,
)


class Exporter:
    """Keeps the outlets of accounts up to date.

    `lock` is one of their own: a slow command must not hold up a refresh. Who gets it reads the `.dog` files
    anew, so that the last one to write always writes the newest.
    """

    def __init__(
        self,
        *,
        dog_files: DogFileStore,
        export_files: ExportFileWriter,
        command_runner: ExportCommandRunner,
        journal: ExportJournal,
        export_lock: AccountLock,
        clock: Clock,
    ) -> None:
        self._dog_files = dog_files
        self._export_files = export_files
        self._command_runner = command_runner
        self._journal = journal
        self._export_lock = export_lock
        self._clock = clock

    def statuses(self, account: Account) -> tuple[ExportStatus, ...]:
        """How each outlet of this account stands."""
        return export_statuses(account.exports, self._journal.load(account.appid))

    def export(self, account: Account) -> tuple[ExportStatus, ...]:
        """Bring every outlet up to the values that live now, and say how each stands. Never raises.

        Files that somebody has changed meanwhile are mended. A command is run once for the same values,
        until that has worked.
        """
        if not account.exports and not self._journal.load(account.appid):
            return ()
        try:
            with self._export_lock.acquire(account.appid):
                return self._export_locked(account)
        except (LockBusy, FileError):  # another Guard Dog is at it, or there can be no file here at all
            return self.statuses(account)

    def _export_locked(self, account: Account) -> tuple[ExportStatus, ...]:
        reports = {report.target: report for report in self.statuses(account)}
        if not reports:
            self._journal.save(account.appid, ())
        for outlet in sorted(account.exports, key=_is_command):
            reports[outlet] = self._export_one(account, reports[outlet])
            self._journal.save(account.appid, tuple(reports.values()))
        return tuple(reports.values())

    def _export_one(self, account: Account, status: ExportStatus) -> ExportStatus:
        values = self._live_values(account)
        born_ms = tuple((kind, record.generated_ms) for kind, record in values.items())
        is_up_to_date = status.is_up_to_date(born_ms)
        if not values or (is_up_to_date and status.target.export_format is ExportFormat.COMMAND):
            return status
        trouble = self._write(status.target, account.appid, values)
        if trouble is not None:
            return replace(status, error=trouble)
        return status if is_up_to_date else ExportStatus(status.target, self._clock(), born_ms)

    def _live_values(self, account: Account) -> ValidRecords:
        now = self._clock()
        records = ((kind, self._dog_files.read(account, kind)) for kind in account.token_kinds)
        return {
            kind: record for kind, record in records if record is not None and record.remaining_s(now) > 0
        }

    def _write(self, target: ExportTarget, appid: str, values: ValidRecords) -> ExportError | None:
        if target.export_format is ExportFormat.COMMAND:
            return self._command_runner.run(target, appid, values)
        try:
            self._export_files.write(target, appid, values)
        except FileError as trouble:
            return ExportError(ExportErrorKind.FILE, str(trouble))
        return None


def _is_command(target: ExportTarget) -> bool:
    """A command may read what the files got, and it may take its time."""
    return target.export_format is ExportFormat.COMMAND
