"""Short messages over the pages of the window: results of attempts, copies, and removals that can be undone."""

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from guarddog_gui.domain.accounts.account import Platform
from guarddog_gui.domain.refresh.history import HistoryEntry, Trigger
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.runtime.controller import Controller
from guarddog_gui.services.calls.refresh_request import RefreshResult
from guarddog_gui.ui.clipboard.clipboard import Clipboard
from guarddog_gui.ui.clipboard.subject import CopySubject
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.shell.copy_news import CopyNews
from guarddog_gui.ui.widgets.toast import Toast

RESULT_TIMEOUT_MS = 12_000  # how long the result of an attempt is shown
UNDO_TIMEOUT_MS = 10_000


class WindowMessages(QObject):
    """Messages of controller, clipboard and dialogs in the toast of a window; the newest replaces the others."""

    undo_requested = Signal(str)  # appid of the removed account

    def __init__(self, controller: Controller, clipboard: Clipboard, formatter: Formatter, window: QWidget) -> None:
        super().__init__(window)
        self._controller = controller
        self._formatter = formatter
        self._undo_appid = ""  # of the removal that the toast offers to undo
        self._toast = Toast(window)
        self._copy_news = CopyNews(clipboard, self._toast, formatter.format_time)
        self._toast.action_button.clicked.connect(self._on_undo_clicked)
        controller.refresh_attempted.connect(self._on_refresh_attempted)
        controller.copies.copy_failed.connect(self._on_copy_failed)
        clipboard.copy_failed.connect(self.show_copy_failure)

    def retranslate(self) -> None:
        self._copy_news.retranslate()

    @Slot(str)
    def show_text(self, text: str, timeout_ms: int = 0) -> None:
        """Show a text for a time in milliseconds; without one, for as long as it takes to read it."""
        self._copy_news.forget()
        self._toast.show_text(text, timeout_ms=timeout_ms or None)

    @Slot(str, str)
    def show_for_account(self, appid: str, message: str) -> None:
        """Show the result of an attempt with the name of its account, for `RESULT_TIMEOUT_MS`."""
        status = self._controller.overview().account(appid)
        text = self._formatter.prefix_with_account(status.account, message) if status is not None else message
        self.show_text(text, RESULT_TIMEOUT_MS)

    @Slot(str, str)
    def offer_undo(self, text: str, appid: str) -> None:
        """Show that an account was removed, with a button that takes it back."""
        self._copy_news.forget()
        self._undo_appid = appid
        self._toast.show_text(text, timeout_ms=UNDO_TIMEOUT_MS, action=self.tr("Undo"))

    @Slot(object)
    def show_copy_failure(self, subject: CopySubject) -> None:
        self._copy_news.show_failure(subject)

    @Slot()
    def _on_undo_clicked(self) -> None:
        if self._undo_appid:
            self.undo_requested.emit(self._undo_appid)
            self._undo_appid = ""

    @Slot(object)
    def _on_refresh_attempted(self, result: RefreshResult) -> None:
        """Show the result of an attempt that the user asked for; automatic attempts are not reported."""
        if result.entry.trigger in (Trigger.USER, Trigger.COPY):
            message = self._formatter.messages.for_refresh_result(result, platform=self._platform_of(result.appid))
            self.show_for_account(result.appid, message.text)

    @Slot(str, object, object)
    def _on_copy_failed(self, appid: str, _kind: TokenKind, entry: HistoryEntry) -> None:
        message = self._formatter.messages.for_entry(entry, platform=self._platform_of(appid))
        self.show_for_account(appid, message.text)

    def _platform_of(self, appid: str) -> Platform | None:
        status = self._controller.overview().account(appid)
        return status.account.platform if status is not None else None
