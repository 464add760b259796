"""Panel that explains one entry of the history, with buttons for its IP, its rid and the console page."""

from functools import partial

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QFrame, QWidget

from guarddog_gui.domain.refresh.history import HistoryEntry
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.widgets.buttons import ConsolePageButton, make_button
from guarddog_gui.ui.widgets.layouts import STRETCH, make_column, make_row
from guarddog_gui.ui.widgets.plain_text import make_selectable_label

RID_RETENTION_S = 7 * 86400.0  # seconds; WeChat answers getRidInfo for seven days after the request


class EntryDetails(QFrame):
    """Explanation of an entry, hidden while there is none. Texts from WeChat are shown as plain text."""

    copy_requested = Signal(str)  # an IP or a rid, which are no secrets
    rid_query_requested = Signal(object)  # HistoryEntry

    def __init__(self, formatter: Formatter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self._formatter = formatter
        self._entry: HistoryEntry | None = None
        self._summary_label = make_selectable_label("entry-summary", bold=True)
        self._advice_label = make_selectable_label("entry-advice")
        self._reaction_label = make_selectable_label("entry-reaction")
        self._errmsg_label = make_selectable_label("entry-errmsg")
        self._errmsg_label.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._copy_ip_button = make_button(partial(self._copy_field, "ip"))
        self._copy_ip_button.setObjectName("copy-ip-button")  # its text contains the IP
        self._copy_rid_button = make_button(partial(self._copy_field, "rid"))
        self._query_rid_button = make_button(self._on_query_rid_clicked)
        self._console_page_button = ConsolePageButton()
        texts = (self._summary_label, self._advice_label, self._reaction_label, self._errmsg_label)
        buttons = (self._console_page_button, self._copy_ip_button, self._copy_rid_button, self._query_rid_button)
        self.setLayout(make_column(*texts, make_row(*buttons, STRETCH), margin=(16, 8)))
        self.retranslate()

    def retranslate(self) -> None:
        self._console_page_button.setText(self.tr("Open the page"))
        self._query_rid_button.setText(self.tr("Ask WeChat about this rid"))
        self.show_entry(self._entry)

    def show_entry(self, entry: HistoryEntry | None) -> None:
        self._entry = entry
        self.setVisible(entry is not None)
        if entry is None:
            return
        message = self._formatter.messages.for_entry(entry)
        self._summary_label.setText(f"{message.summary} ({message.code})" if message.code else message.summary)
        for label, text in (
            (self._advice_label, message.advice),
            (self._reaction_label, self._formatter.reaction_text(entry)),
            (self._errmsg_label, entry.errmsg),
        ):
            label.setText(text)
            label.setVisible(bool(text))
        self._copy_ip_button.setText(self.tr("Copy IP {ip}").format(ip=entry.ip))
        self._copy_ip_button.setVisible(entry.ip is not None)
        self._copy_rid_button.setText(self.tr("Copy rid"))
        self._copy_rid_button.setVisible(entry.rid is not None)
        is_recent = self._formatter.clock() - entry.at < RID_RETENTION_S
        self._query_rid_button.setVisible(entry.rid is not None and is_recent)
        self._console_page_button.set_url(self._formatter.console_page_url(entry))

    def _copy_field(self, name: str) -> None:
        if self._entry is not None:
            self.copy_requested.emit(getattr(self._entry, name))

    @Slot()
    def _on_query_rid_clicked(self) -> None:
        if self._entry is not None:
            self.rid_query_requested.emit(self._entry)
