"""The story of the outlets: what the `.dog` files hold now goes to the other places that want it."""

from dataclasses import replace

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.errors import FileTrouble, LockBusy
from guarddog_gui.domain.exports.formats import Values
from guarddog_gui.domain.exports.reports import OutletFault, OutletReport, OutletTrouble, standing
from guarddog_gui.domain.exports.targets import Outlet, OutletForm
from guarddog_gui.services.ports import (
    AccountLock,
    Clock,
    DogStore,
    OutletCommands,
    OutletFiles,
    OutletJournal,
)


class Outlets:
    """Keeps the outlets of accounts up to date.

    `lock` is one of their own: a slow command must not hold up a refresh. Who gets it reads the `.dog` files
    anew, so that the last one to write always writes the newest.
    """

    def __init__(
        self,
        *,
        dogs: DogStore,
        files: OutletFiles,
        commands: OutletCommands,
        journal: OutletJournal,
        lock: AccountLock,
        clock: Clock,
    ) -> None:
        self._dogs = dogs
        self._files = files
        self._commands = commands
        self._journal = journal
        self._lock = lock
        self._clock = clock

    def reports(self, account: Account) -> tuple[OutletReport, ...]:
        """How each outlet of this account stands."""
        return standing(account.outlets, self._journal.reports(account.appid))

    def hand_on(self, account: Account) -> tuple[OutletReport, ...]:
        """Bring every outlet up to the values that live now, and say how each stands. Never raises.

        Files that somebody has changed meanwhile are mended. A command is run once for the same values,
        until that has worked.
        """
        if not account.outlets and not self._journal.reports(account.appid):
            return ()
        try:
            with self._lock.hold(account.appid):
                return self._locked(account)
        except (LockBusy, FileTrouble):  # another Guard Dog is at it, or there can be no file here at all
            return self.reports(account)

    def _locked(self, account: Account) -> tuple[OutletReport, ...]:
        reports = {report.outlet: report for report in self.reports(account)}
        if not reports:
            self._journal.keep(account.appid, ())
        for outlet in sorted(account.outlets, key=_commands_last):
            reports[outlet] = self._handed(account, reports[outlet])
            self._journal.keep(account.appid, tuple(reports.values()))
        return tuple(reports.values())

    def _handed(self, account: Account, report: OutletReport) -> OutletReport:
        values = self._values(account)
        born_ms = tuple((kind, record.generated_ms) for kind, record in values.items())
        is_up_to_date = report.has(born_ms)
        if not values or (is_up_to_date and report.outlet.form is OutletForm.COMMAND):
            return report
        trouble = self._written(report.outlet, account.appid, values)
        if trouble is not None:
            return replace(report, trouble=trouble)
        return report if is_up_to_date else OutletReport(report.outlet, self._clock(), born_ms)

    def _values(self, account: Account) -> Values:
        now = self._clock()
        records = ((kind, self._dogs.read(account, kind)) for kind in account.kinds)
        return {kind: record for kind, record in records if record is not None and record.left(now) > 0}

    def _written(self, outlet: Outlet, appid: str, values: Values) -> OutletTrouble | None:
        if outlet.form is OutletForm.COMMAND:
            return self._commands.run(outlet, appid, values)
        try:
            self._files.write(outlet, appid, values)
        except FileTrouble as trouble:
            return OutletTrouble(OutletFault.FILE, str(trouble))
        return None


def _commands_last(outlet: Outlet) -> bool:
    """A command may read what the files got, and it may take its time."""
    return outlet.form is OutletForm.COMMAND
