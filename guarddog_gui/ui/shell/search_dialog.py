"""Search everywhere: accounts, pages, commands, errcodes and addresses that were signed lately."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt, Slot
from PySide6.QtGui import (
    QGuiApplication,
    QKeyEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QRegion,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QDialog,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.model_index import FIRST_CUSTOM_ROLE, Index
from guarddog_gui.ui.shell.search_index import EntryKind, SearchEntry, find_entries
from guarddog_gui.ui.style.colours import colours_of
from guarddog_gui.ui.style.fonts import SMALL, scaled_font
from guarddog_gui.ui.style.shapes import CARD_RADIUS, CONTROL_RADIUS, fill_rounded
from guarddog_gui.ui.widgets.layouts import make_column
from guarddog_gui.ui.widgets.page import SearchField

WIDTH, ROWS_SHOWN = 560, 9
ROW_HEIGHT = 40
ENTRIES_MAX = 60
_MARGIN, _SPACING = 12, 8
EntryRole = FIRST_CUSTOM_ROLE  # SearchEntry
_ICONS = {
    EntryKind.ACCOUNT: "tokens",
    EntryKind.PAGE: "link",
    EntryKind.COMMAND: "force",
    EntryKind.ERRCODE: "errcodes",
    EntryKind.ADDRESS: "sign",
}


def row_height_for(font_height: int) -> int:
    return max(ROW_HEIGHT, font_height + 18)


class _EntryDelegate(QStyledItemDelegate):
    def __init__(self, formatter: Formatter, parent: QObject) -> None:
        super().__init__(parent)
        self._formatter = formatter

    def sizeHint(self, option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(100, row_height_for(option.fontMetrics.height()))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        colours, rect = colours_of(option.palette), option.rect.adjusted(4, 1, -4, -1)
        entry: SearchEntry = index.data(EntryRole)
        if option.state & QStyle.StateFlag.State_Selected:
            fill_rounded(painter, rect, CONTROL_RADIUS, colours.accent_tint)
        elif option.state & QStyle.StateFlag.State_MouseOver:
            fill_rounded(painter, rect, CONTROL_RADIUS, colours.hover)
        icon = self._formatter.icons.action_icon(_ICONS[entry.kind], colours.dim)
        icon.paint(painter, rect.left() + 12, rect.center().y() - 7, 16, 16)
        inner = rect.adjusted(40, 0, -12, 0)
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
        painter.setFont(scaled_font(option.font, SMALL))
        detail_width = min(painter.fontMetrics().horizontalAdvance(entry.detail) + 2, inner.width() // 2)
        detail = painter.fontMetrics().elidedText(entry.detail, Qt.TextElideMode.ElideMiddle, detail_width)
        painter.setPen(colours.dim)
        painter.drawText(inner, Qt.AlignmentFlag.AlignRight | flags, detail)
        painter.setFont(option.font)
        painter.setPen(colours.ink)
        title_rect = inner.adjusted(0, 0, -detail_width - 12, 0)
        title = painter.fontMetrics().elidedText(entry.title, Qt.TextElideMode.ElideMiddle, title_rect.width())
        painter.drawText(title_rect, flags, title)


class SearchDialog(QDialog):
    """Field and list over the window: arrows choose, Enter runs, Escape or a click on the window closes.

    It is not modal, because Qt drops the clicks on a window that is blocked.
    """

    def __init__(
        self,
        entries: Sequence[SearchEntry],
        formatter: Formatter,
        parent: QWidget,
        entry_of_text: Callable[[str], SearchEntry | None] = lambda _: None,
    ) -> None:
        """Take as `entry_of_text` what makes an entry of a typed text that is none of the entries, such as a URL."""
        super().__init__(parent, Qt.WindowType.FramelessWindowHint | Qt.WindowType.Dialog)
        self._is_masked = QGuiApplication.platformName() == "xcb"
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground, not self._is_masked)
        self._parent_window = parent.window()
        self._parent_handle = self._parent_window.windowHandle()
        self._entries = entries
        self._entry_of_text = entry_of_text
        self._field = SearchField()
        self._list = QListWidget()
        self._list.setItemDelegate(_EntryDelegate(formatter, self._list))
        self._list.setFrameShape(QListWidget.Shape.NoFrame)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setMouseTracking(True)
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the keys come from the field
        self._empty_label = QLabel(textFormat=Qt.TextFormat.PlainText)
        self._empty_label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setLayout(make_column(self._field, (self._list, 1), self._empty_label, spacing=_SPACING, margin=_MARGIN))
        self.setWindowTitle(self.tr("Search everywhere"))
        self._field.setPlaceholderText(self.tr("Account, page, error code, address or command"))
        self._field.setAccessibleName(self.tr("Search everywhere"))
        self._list.setAccessibleName(self.tr("Matches"))
        self._empty_label.setText(self.tr("Nothing matches. Try a part of a name, an AppID or an errcode."))
        self._field.textChanged.connect(self._on_text_changed)
        self._list.itemClicked.connect(self._on_item_clicked)
        self.setFixedSize(min(WIDTH, parent.width() - 32), self._height_for(parent.height() - 32))
        self.move(parent.mapToGlobal(parent.rect().center()) - self.rect().center())
        self._on_text_changed("")
        self._field.installEventFilter(self)
        self._parent_window.installEventFilter(self)
        if self._parent_handle is not None:
            self._parent_handle.installEventFilter(self)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        # the window below, if it was hidden as well, asks X11 for the focus when it is mapped: this request comes later
        self.activateWindow()

    def _height_for(self, height_max: int) -> int:
        """Return a height with whole rows only."""
        around = self._field.sizeHint().height() + _SPACING + 2 * _MARGIN
        row_height = row_height_for(self._list.fontMetrics().height())
        return around + row_height * max(1, min(ROWS_SHOWN, (height_max - around) // row_height))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Cut the corners off on X11, where a transparent window is black without a compositor."""
        super().resizeEvent(event)
        if self._is_masked:
            outline = QPainterPath()
            outline.addRoundedRect(QRectF(self.rect()), CARD_RADIUS, CARD_RADIUS)
            self.setMask(QRegion(outline.toFillPolygon().toPolygon()))

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = colours_of(self.palette())
        with QPainter(self) as painter:
            if self._is_masked:
                painter.fillRect(event.rect(), colours.control_border)  # at the edge of the mask
            fill_rounded(painter, self.rect(), CARD_RADIUS, colours.card, colours.control_border)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the arrow keys of the field move in the list, and Enter run the entry; close for a click outside."""
        if watched is self._parent_handle and event.type() is QEvent.Type.MouseButtonPress and self.isVisible():
            self.reject()
            return True
        if watched is self._parent_window and event.type() is QEvent.Type.Hide:
            self.reject()
        if watched is self._field and isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            steps = {
                Qt.Key.Key_Down: 1,
                Qt.Key.Key_Up: -1,
                Qt.Key.Key_PageDown: ROWS_SHOWN,
                Qt.Key.Key_PageUp: -ROWS_SHOWN,
            }
            step = steps.get(Qt.Key(event.key()))
            if step is not None:
                row = max(0, min(self._list.count() - 1, self._list.currentRow() + step))
                self._list.setCurrentRow(row)
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._run(self._list.currentItem())
                return True
        return super().eventFilter(watched, event)

    @Slot(str)
    def _on_text_changed(self, text: str) -> None:
        self._list.clear()
        entries = find_entries(self._entries, text, ENTRIES_MAX)
        made = self._entry_of_text(text)
        if made is not None and not any(entry.title == text.strip() for entry in entries):
            entries = (made, *entries)
        for entry in entries:
            item = QListWidgetItem(entry.title)
            item.setData(EntryRole, entry)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, ", ".join(filter(None, (entry.title, entry.detail))))
            self._list.addItem(item)
        self._list.setCurrentRow(0)
        self._list.setVisible(self._list.count() > 0)
        self._empty_label.setVisible(self._list.count() == 0)

    @Slot(QListWidgetItem)
    def _on_item_clicked(self, item: QListWidgetItem) -> None:
        self._run(item)

    def _run(self, item: QListWidgetItem | None) -> None:
        if item is None:
            return
        entry: SearchEntry = item.data(EntryRole)
        self.accept()
        entry.run()
