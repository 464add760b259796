"""Explanation of what keeps a call from being a success, with the buttons that help."""

from functools import partial

from msgspec.structs import replace
from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.refresh.history import HistoryEntry
from guarddog_gui.domain.wechat.errcodes import ErrcodeKind
from guarddog_gui.domain.wechat.protocol import Refusal
from guarddog_gui.services.api_calls import ApiOutcome
from guarddog_gui.services.messages.message import Message
from guarddog_gui.services.messages.wechat.api_calls import for_outcome, refusal_entry, renewal_text
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.widgets.controls.buttons import ConsolePageButton, make_button
from guarddog_gui.ui.widgets.layouts import FlowLayout, make_column
from guarddog_gui.ui.widgets.strip import Severity
from guarddog_gui.ui.widgets.text.message_view import MessageView


class RefusalView(QWidget):
    """Message about a call and its buttons, hidden after a call that needs no words."""

    copy_requested = Signal(str, str)  # an IP or a rid, which are no secrets, and its name
    rid_query_requested = Signal(object)  # HistoryEntry
    quota_query_requested = Signal(object)  # appid
    errcode_help_requested = Signal(int)

    def __init__(self, formatter: Formatter) -> None:
        super().__init__()
        self._formatter = formatter
        self._entry: HistoryEntry | None = None
        self._view = MessageView(formatter.icons, "api-message")
        self._console_page_button = ConsolePageButton()
        self._copy_ip_button = make_button(partial(self._copy, "ip"))
        self._copy_rid_button = make_button(partial(self._copy, "rid"))
        self._query_rid_button = make_button(self._on_query_rid_clicked)
        self._quota_button = make_button(self._on_quota_clicked)
        self._errcode_button = make_button(self._on_errcode_clicked)
        self._buttons = QWidget()
        flow = FlowLayout()
        for button in (
            self._console_page_button, self._copy_ip_button, self._query_rid_button, self._copy_rid_button,
            self._quota_button, self._errcode_button,
        ):  # fmt: skip
            flow.addWidget(button)
        self._buttons.setLayout(flow)
        self.setLayout(make_column(self._view, self._buttons))
        self.hide()

    def retranslate(self) -> None:
        self._view.retranslate()
        self._console_page_button.setText(self.tr("Open WeChat console"))
        self._copy_rid_button.setText(self.tr("Copy rid"))
        self._query_rid_button.setText(self.tr("Ask WeChat about this rid"))
        self._quota_button.setText(self.tr("Quota…"))
        self._show_buttons()

    def show_outcome(self, outcome: ApiOutcome, account: Account) -> None:
        messages, refusal = self._formatter.messages, outcome.answer.refusal if outcome.answer is not None else None
        self._entry = None
        if isinstance(refusal, Refusal):
            self._entry = refusal_entry(refusal, account, at=self._formatter.clock(), path=outcome.request.path)
        if outcome.is_success:
            self._view.show_message(lambda: Message(renewal_text(outcome, self._formatter.messages)), Severity.INFO)
        else:
            self._view.show_message(lambda: self._make_message(outcome, account), Severity.BAD)
        known = messages.errcode_catalog.find(self._entry.errcode or 0) if self._entry is not None else None
        self._console_page_button.set_url(known.console_url(account.platform) if known is not None else None)
        self.retranslate()
        self.setVisible(not self._view.isHidden())

    def _make_message(self, outcome: ApiOutcome, account: Account) -> Message:
        """Return the message with the errcode only: the rid stands beside the status."""
        message = for_outcome(outcome, account, self._formatter.messages)
        code = "" if self._entry is None else str(self._entry.errcode)
        return replace(message, code=code) if code else message

    def show_message(self, message: Message) -> None:
        """Show a message that is about no answer."""
        self._entry = None
        self._view.show_message(lambda: message, Severity.BAD)
        self._console_page_button.set_url(None)
        self.retranslate()
        self.setVisible(bool(message.text))

    def _show_buttons(self) -> None:
        entry, catalog = self._entry, self._formatter.messages.errcode_catalog
        errcode = 0 if entry is None else entry.errcode or 0
        ip, rid = ("", "") if entry is None else (entry.ip or "", entry.rid or "")
        self._copy_ip_button.setText(self.tr("Copy IP {ip}").format(ip=ip))
        self._copy_ip_button.setVisible(bool(ip))
        self._copy_rid_button.setVisible(bool(rid))
        self._query_rid_button.setVisible(bool(rid))
        kind = ErrcodeKind.UNKNOWN if entry is None else catalog.kind_for(errcode, entry.endpoint)
        self._quota_button.setVisible(kind is ErrcodeKind.QUOTA)
        self._errcode_button.setText(self.tr("About {code}").format(code=errcode))
        self._errcode_button.setVisible(bool(errcode))
        self._buttons.setVisible(entry is not None)

    def _copy(self, name: str) -> None:
        if self._entry is not None:
            text = str(getattr(self._entry, name))
            self.copy_requested.emit(text, text)

    @Slot()
    def _on_query_rid_clicked(self) -> None:
        if self._entry is not None:
            self.rid_query_requested.emit(self._entry)

    @Slot()
    def _on_quota_clicked(self) -> None:
        if self._entry is not None:
            self.quota_query_requested.emit(self._entry.appid)

    @Slot()
    def _on_errcode_clicked(self) -> None:
        if self._entry is not None:
            self.errcode_help_requested.emit(self._entry.errcode or 0)
