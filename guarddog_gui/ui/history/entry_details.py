"""Panel that explains one attempt or incident, with buttons for its IP, its rid and the console page."""

from functools import partial

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QFont, QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QPushButton, QScrollArea, QWidget

from guarddog_gui.domain.accounts.account import Platform
from guarddog_gui.domain.refresh.history import HistoryEntry
from guarddog_gui.services.messages.texts import Message
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.style.button_kind import ButtonKind, set_kind
from guarddog_gui.ui.style.colours import colours_of
from guarddog_gui.ui.style.fonts import CARD_TITLE, SMALL, code_font, scaled_font
from guarddog_gui.ui.style.theme import ThemedMixin
from guarddog_gui.ui.widgets.card import Card
from guarddog_gui.ui.widgets.controls.buttons import ConsolePageButton, make_button
from guarddog_gui.ui.widgets.layouts import STRETCH, make_column, make_row
from guarddog_gui.ui.widgets.text.plain_text import make_selectable_label

RID_RETENTION_S = 7 * 86400.0  # seconds; WeChat answers getRidInfo for seven days after the request
SIDE_WIDTH = 320
HEIGHT_MIN = 80
_UNLIMITED = 16_777_215  # pixels: Qt's largest size


class EntryDetails(ThemedMixin, Card):
    """Explanation of an entry, hidden while there is none. Texts from WeChat are shown as plain text."""

    copy_requested = Signal(str)  # an IP or a rid, which are no secrets
    rid_query_requested = Signal(object)  # HistoryEntry
    closed = Signal()

    def __init__(self, formatter: Formatter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._formatter = formatter
        self._entry: HistoryEntry | None = None
        self._subject = ""
        self._platform: Platform | None = None
        self._summary = ""
        self._subject_label = make_selectable_label("entry-subject")
        self._summary_label = make_selectable_label("entry-summary")
        self._advice_label = make_selectable_label("entry-advice")
        self._reaction_label = make_selectable_label("entry-reaction")
        self._errmsg_label = make_selectable_label("entry-errmsg")
        self._copy_ip_button = make_button(partial(self._copy_field, "ip"))
        self._copy_ip_button.setObjectName("copy-ip-button")  # its text contains the IP
        self._copy_rid_button = make_button(partial(self._copy_field, "rid"))
        self._query_rid_button = make_button(self._on_query_rid_clicked)
        self._console_page_button = ConsolePageButton()
        set_kind(self._console_page_button, ButtonKind.PRIMARY)
        self._close_button = QPushButton()
        set_kind(self._close_button, ButtonKind.FLAT)
        self._close_button.setFixedWidth(30)
        self._close_button.clicked.connect(self.closed)
        self._buttons = (self._console_page_button, self._copy_ip_button, self._copy_rid_button, self._query_rid_button)
        self._button_grid = QGridLayout()
        self._button_grid.setSpacing(8)
        head = make_row((self._subject_label, 1), self._close_button)
        texts = (self._summary_label, self._advice_label, self._reaction_label, self._errmsg_label)
        self._content = QWidget()
        column = make_column(head, *texts, self._button_grid, STRETCH, margin=(15, 8), spacing=6)
        self._content.setLayout(column)
        self._area = area = QScrollArea(widgetResizable=True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(self._content)
        for widget in (area.viewport(), self._content):
            widget.setAutoFillBackground(False)
        self.setLayout(make_column(area, margin=1))
        self._is_beside = False
        self._height_max = _UNLIMITED
        self._wanted_height = HEIGHT_MIN
        self.apply_palette()
        self.retranslate()
        self.set_place(beside=False, height_max=_UNLIMITED)

    def set_place(self, *, beside: bool, height_max: int) -> None:
        """Arrange the panel for its place beside the list, or below it with at most so many pixels of height."""
        self._is_beside, self._height_max = beside, height_max
        self.setMinimumWidth(SIDE_WIDTH if beside else 0)
        self.setMaximumWidth(SIDE_WIDTH if beside else _UNLIMITED)
        columns = 1 if beside else len(self._buttons)
        for number, button in enumerate(self._buttons):
            self._button_grid.addWidget(button, number // columns, number % columns)
        self._button_grid.setColumnStretch(len(self._buttons), 0 if beside else 1)
        self._update_height()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._update_height()

    def _update_height(self) -> None:
        """Ask for the height of the texts as they wrap, up to the limit; what has no room scrolls."""
        layout = self._content.layout()
        needed = layout.heightForWidth(self.width() - 2) + 2 if layout is not None else 0
        self._wanted_height = max(HEIGHT_MIN, min(needed, self._height_max))
        self.setMaximumHeight(_UNLIMITED if self._is_beside else self._wanted_height)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        return QSize(SIDE_WIDTH, self._wanted_height)

    def minimumSizeHint(self) -> QSize:
        return QSize(SIDE_WIDTH, HEIGHT_MIN)

    def retranslate(self) -> None:
        self._console_page_button.setText(self.tr("Open WeChat console"))
        self._query_rid_button.setText(self.tr("Ask WeChat about this rid"))
        self._area.setAccessibleName(self.tr("Details"))
        self._close_button.setAccessibleName(self.tr("Close the details"))
        self._close_button.setToolTip(self.tr("Close the details"))
        self.show_entry(self._entry, self._subject, self._platform, self._summary)

    def show_entry(
        self, entry: HistoryEntry | None, subject: str = "", platform: Platform | None = None, summary: str = ""
    ) -> None:
        """Explain an entry; `subject` is its account and time, `platform` that of the account if it is known.

        With a `summary` the entry is the newest of several successes, which are not explained one by one.
        """
        self._entry, self._subject, self._platform, self._summary = entry, subject, platform, summary
        self.setVisible(entry is not None)
        if entry is None:
            return
        message = Message(summary) if summary else self._formatter.messages.for_entry(entry, platform=platform)
        for label, text in (
            (self._subject_label, subject),
            (self._summary_label, message.summary),
            (self._advice_label, message.advice),
            (self._reaction_label, "" if summary else self._formatter.reaction_text(entry)),
            (self._errmsg_label, " · ".join(filter(None, (_code_text(entry), entry.errmsg)))),
        ):
            label.setText(text)
            label.setVisible(bool(text) or label is self._subject_label)
        self._summary_label.setAccessibleName(message.text)
        self._copy_ip_button.setText(self.tr("Copy IP {ip}").format(ip=entry.ip))
        self._copy_ip_button.setVisible(entry.ip is not None)
        self._copy_rid_button.setText(self.tr("Copy rid"))
        self._copy_rid_button.setVisible(entry.rid is not None)
        is_recent = self._formatter.clock() - entry.at < RID_RETENTION_S
        self._query_rid_button.setVisible(entry.rid is not None and is_recent)
        self._console_page_button.set_url(self._formatter.console_page_url(entry, platform))
        self._update_height()

    def apply_palette(self) -> None:
        colours = colours_of(self.palette())
        inks = (
            (self._subject_label, colours.dim),
            (self._reaction_label, colours.dim),
            (self._errmsg_label, colours.dim),
        )
        for label, ink in inks:
            palette = label.palette()
            palette.setColor(label.foregroundRole(), ink)
            label.setPalette(palette)
        self._close_button.setIcon(self._formatter.icons.action_icon("close", colours.dim))
        self._summary_label.setFont(scaled_font(self.font(), CARD_TITLE, QFont.Weight.DemiBold))
        self._subject_label.setFont(scaled_font(self.font(), SMALL))
        self._errmsg_label.setFont(code_font(self.font()))

    def _copy_field(self, name: str) -> None:
        if self._entry is not None:
            self.copy_requested.emit(getattr(self._entry, name))

    @Slot()
    def _on_query_rid_clicked(self) -> None:
        if self._entry is not None:
            self.rid_query_requested.emit(self._entry)


def _code_text(entry: HistoryEntry) -> str:
    """Return errcode and rid; the rid only if it is not in the errmsg."""
    rid = entry.rid if entry.rid and entry.rid not in entry.errmsg else ""
    return " · ".join(filter(None, ("" if entry.errcode is None else str(entry.errcode), rid)))
