"""Export the current values of an account to its targets: files of other programs, and commands."""

from msgspec import Struct
from msgspec.structs import replace

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.errors import FileError, LockBusy
from guarddog_gui.domain.exports.formats import ValidRecords
from guarddog_gui.domain.exports.reports import ExportError, ExportErrorKind, ExportStatus, export_statuses
from guarddog_gui.domain.exports.targets import ExportFormat, ExportTarget
from guarddog_gui.services import ports


class Exporter(Struct, kw_only=True, eq=False):
    """Keep the export targets of accounts up to date.

    `export_lock` is not the lock of the refreshes, since a slow command must not delay them. Every process
    reads the `.dog` files again after it has acquired the lock, so the last one to write an export writes
    the newest values.
    """

    dog_files: ports.DogFileReader
    export_files: ports.ExportFileWriter
    command_runner: ports.ExportCommandRunner
    journal: ports.ExportJournal
    export_lock: ports.AccountLock
    clock: ports.Clock

    def statuses(self, account: Account) -> tuple[ExportStatus, ...]:
        return export_statuses(account.exports, self.journal.load(account.appid))

    def export(self, account: Account) -> tuple[ExportStatus, ...]:
        """Export the currently valid values to every target and return the status of each. Never raises.

        Files are written on every call, which repairs those that another program has changed. A command runs
        only if the values are new to it or its last run failed.
        """
        if not account.exports and not self.journal.load(account.appid):
            return ()
        try:
            with self.export_lock.acquire(account.appid):
                return self._export_locked(account)
        except (LockBusy, FileError):  # another process is exporting, or no lock file can be made
            return self.statuses(account)

    def _export_locked(self, account: Account) -> tuple[ExportStatus, ...]:
        statuses = {status.target: status for status in self.statuses(account)}
        if not statuses:
            self.journal.save(account.appid, ())
        # commands last: they are slow, and may read the exported files
        for target in sorted(account.exports, key=_is_command):
            statuses[target] = self._export_one(account, statuses[target])
            self.journal.save(account.appid, tuple(statuses.values()))
        return tuple(statuses.values())

    def _export_one(self, account: Account, status: ExportStatus) -> ExportStatus:
        now = self.clock()
        records = ((kind, self.dog_files.read(account, kind)) for kind in account.token_kinds)
        values = {kind: record for kind, record in records if record is not None and record.remaining_s(now) > 0}
        gen_times_ms = tuple((kind, record.generated_ms) for kind, record in values.items())
        is_up_to_date = status.is_up_to_date(gen_times_ms)
        if not values or (is_up_to_date and _is_command(status.target)):
            return status
        error = self._write(status.target, account.appid, values)
        if error is not None:
            return replace(status, error=error)
        return status if is_up_to_date else ExportStatus(status.target, self.clock(), gen_times_ms)

    def _write(self, target: ExportTarget, appid: str, values: ValidRecords) -> ExportError | None:
        if _is_command(target):
            return self.command_runner.run(target, appid, values)
        try:
            self.export_files.write(target, appid, values)
        except FileError as error:
            return ExportError(ExportErrorKind.FILE, str(error))
        return None


def _is_command(target: ExportTarget) -> bool:
    return target.export_format is ExportFormat.COMMAND
