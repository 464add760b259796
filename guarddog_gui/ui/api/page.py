"""Page of the API console. Its content is made when it is shown for the first time: many sessions never need it."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent

from guarddog_gui.runtime.controller import Controller
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.shell.current_account import CurrentAccount
from guarddog_gui.ui.widgets.layouts import make_column
from guarddog_gui.ui.widgets.page import CARD_GAP, MARGIN, Page
from guarddog_gui.ui.widgets.page_head import PageHead

if TYPE_CHECKING:
    from guarddog_gui.ui.api.console import ApiConsoleView


class ApiPage(Page):
    """Page with a head, and below it the console."""

    copy_requested = Signal(str, str)  # text that is no secret, and its name
    secret_copy_requested = Signal(str, str)  # a call with the token in it, and its name
    status_reported = Signal(str)
    rid_query_requested = Signal(object)  # HistoryEntry
    quota_query_requested = Signal(object)  # appid
    errcode_help_requested = Signal(int)

    def __init__(
        self, controller: Controller, formatter: Formatter, current_account: CurrentAccount | None = None
    ) -> None:
        super().__init__()
        self._controller = controller
        self._formatter = formatter
        self._current_account = current_account or CurrentAccount(parent=self)
        self._console: ApiConsoleView | None = None
        self._head = PageHead()
        self._column = make_column(self._head, spacing=CARD_GAP, margin=MARGIN)
        self.setLayout(self._column)
        self.set_focus_widgets(self)
        self.retranslate()

    def retranslate(self) -> None:
        self._head.set_texts(
            self.tr("API"),
            self.tr("Calls WeChat with the live token of the account; nothing but its API host is ever called."),
        )
        if self._console is not None:
            self._console.retranslate()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._console is None:
            self._console = self._make_console()
        else:
            self._console.load()  # another program may have called something

    def focus(self) -> None:
        if self._console is None:  # shown and focused at once
            self._console = self._make_console()
        super().focus()

    def _make_console(self) -> "ApiConsoleView":
        from guarddog_gui.ui.api.console import ApiConsoleView

        console = ApiConsoleView(self._controller, self._formatter, self._current_account)
        console.copy_requested.connect(self.copy_requested)
        console.secret_copy_requested.connect(self.secret_copy_requested)
        console.status_reported.connect(self.status_reported)
        refusal_view = console.answer_view.refusal_view
        refusal_view.copy_requested.connect(self.copy_requested)
        refusal_view.rid_query_requested.connect(self.rid_query_requested)
        refusal_view.quota_query_requested.connect(self.quota_query_requested)
        refusal_view.errcode_help_requested.connect(self.errcode_help_requested)
        self._column.addWidget(console, 1)
        self.set_focus_widgets(console.form.path_field, console.call_list.search_field)
        return console
