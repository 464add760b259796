"""Copying a value to the clipboard, which has to wait while the value is being refreshed."""

from collections.abc import Callable, Mapping

from guarddog_gui.domain.tokens.copy_formats import CopyFormat, usable_format
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.runtime.account_state import AccountState
from guarddog_gui.runtime.account_states import AccountStates
from guarddog_gui.runtime.qt_core import QObject, Signal
from guarddog_gui.services.calls.refresh_request import RefreshResult
from guarddog_gui.services.ports import Clock


class PendingCopies(QObject):
    """Copies that the user has asked for and that no usable value has answered yet.

    `formats` are the forms that the user has chosen for the values of accounts, by AppID.
    """

    copy_ready = Signal(str, object, str)  # appid, TokenKind, value
    copy_failed = Signal(str, object, object)  # appid, TokenKind, HistoryEntry of the last attempt
    copy_delayed = Signal(str, object)  # appid, TokenKind: a refresh has to bring the value first
    appid_requested = Signal(str)
    formats_changed = Signal(object)  # Mapping of AppIDs to CopyFormat

    def __init__(self, states: AccountStates, ensure_fresh: Callable[[str, TokenKind], None], clock: Clock) -> None:
        super().__init__()
        self._states = states
        self._ensure_fresh = ensure_fresh
        self._clock = clock
        self._pending: set[tuple[str, TokenKind]] = set()
        self.formats: Mapping[str, CopyFormat] = {}

    def format_for(self, appid: str, kind: TokenKind) -> CopyFormat:
        """Return the form in which this value is copied."""
        return usable_format(self.formats.get(appid, CopyFormat.VALUE), kind)

    def request_as(self, appid: str, kind: TokenKind, copy_format: CopyFormat) -> None:
        """Copy a value in this form, and use the form for the next copies of this account, too.

        The AppID is copied without being remembered: a button named "token" has to copy a token.
        """
        if copy_format is CopyFormat.APPID:
            self.appid_requested.emit(appid)
            return
        if self.formats.get(appid, CopyFormat.VALUE) is not copy_format:
            others = {each: form for each, form in self.formats.items() if each != appid}
            self.formats = others if copy_format is CopyFormat.VALUE else {**others, appid: copy_format}
            self.formats_changed.emit(self.formats)
        self.request(appid, kind)

    def request(self, appid: str, kind: TokenKind) -> None:
        """Emit `copy_ready` with a usable value: immediately, or after a refresh has brought one."""
        state = self._states.find(appid)
        if state is None or kind not in state.account.token_kinds:
            return
        self._states.read_account(state)
        record = state.usable_record(kind, self._clock())
        if record is not None:
            self._pending.discard((appid, kind))
            self.copy_ready.emit(appid, kind, record.value)
            return
        self._pending.add((appid, kind))
        self.copy_delayed.emit(appid, kind)
        self._ensure_fresh(appid, kind)

    def finish(self, state: AccountState, results: tuple[RefreshResult, ...]) -> None:
        """Answer the pending copies of an account after a refresh, unless the next one already runs."""
        appid = state.account.appid
        for kind in state.account.token_kinds:
            if (appid, kind) not in self._pending or state.running_request is not None:
                continue
            self._pending.discard((appid, kind))
            if state.usable_record(kind, self._clock()) is None:
                self._states.read_account(state)  # the process that had the lock may have written a value meanwhile
            record = state.usable_record(kind, self._clock())
            if record is not None:
                self.copy_ready.emit(appid, kind, record.value)
            elif results:
                self.copy_failed.emit(appid, kind, results[-1].entry)

    def drop_removed_keys(self) -> None:
        states = {appid: self._states.find(appid) for appid, _ in self._pending}
        existing = {(appid, kind) for appid, state in states.items() if state for kind in state.account.token_kinds}
        self._pending &= existing
