"""The account that all pages share."""

from PySide6.QtCore import QObject, Signal, Slot

from guarddog_gui.domain.refresh.status import AccountStatus, Overview


class CurrentAccount(QObject):
    """AppID of the account that the user works with: the one chosen last, or the first."""

    changed = Signal(str)  # appid; empty if there is no account
    replaced = Signal()  # another account took the place of the one that is gone

    def __init__(self, appid: str = "", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._appid = appid
        self._overview: Overview | None = None

    @property
    def appid(self) -> str:
        return self._appid

    @property
    def status(self) -> AccountStatus | None:
        return self._overview.account(self._appid) if self._overview is not None else None

    @Slot(str)
    def choose(self, appid: str) -> None:
        if appid != self._appid:
            self._appid = appid
            self.changed.emit(appid)

    @Slot(object)
    def show_overview(self, overview: Overview) -> None:
        """Follow the list of accounts: where the current one is gone, the first one takes its place."""
        self._overview = overview
        if overview.account(self._appid) is None:
            is_gone = bool(self._appid and overview.accounts)
            self.choose(overview.accounts[0].account.appid if overview.accounts else "")
            if is_gone:
                self.replaced.emit()
