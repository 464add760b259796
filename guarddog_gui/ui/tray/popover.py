"""Popover of the tray icon: search, one row per account with its copy buttons, and the last copy at the foot."""

import time

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QCursor,
    QGuiApplication,
    QHideEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QShowEvent,
)
from PySide6.QtWidgets import QApplication, QFrame, QLabel, QLineEdit, QScrollArea, QWidget

from guarddog_gui.domain.refresh.history import HistoryEntry
from guarddog_gui.domain.refresh.status import Overview
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.runtime.controller import Controller
from guarddog_gui.ui.clipboard.clipboard import Clipboard
from guarddog_gui.ui.clipboard.subject import CopySubject, copied_message, copy_failed_message
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.style.colours import colours_of
from guarddog_gui.ui.style.fonts import SMALL, scaled_font
from guarddog_gui.ui.style.theme import ThemedMixin
from guarddog_gui.ui.tray.popover_foot import PopoverFoot
from guarddog_gui.ui.tray.popover_row import ROW_HEIGHT, PopoverRow
from guarddog_gui.ui.widgets.layouts import make_column

WIDTH = 372
MARGIN = 12
SPACING = 6
ROWS_MAX = 8  # more of them scroll
DISTANCE = 6  # pixels from the icon and from the edges of the screen
REOPEN_DELAY_S = 0.3  # the click on the icon that closes the popover must not open it again


class Popover(ThemedMixin, QWidget):
    """Small window near the tray icon that closes when it loses the focus.

    Enter copies the access token of the highlighted account: the first that the search finds, or without a search
    the default account.
    """

    open_requested = Signal()
    sign_requested = Signal(str)  # appid
    preferences_requested = Signal()

    def __init__(self, controller: Controller, clipboard: Clipboard, formatter: Formatter) -> None:
        super().__init__()
        self._controller = controller
        self._formatter = formatter
        self._default_appid = ""
        self._current_appid = ""
        self._has_been_active = False
        self._closed_at_s = float("-inf")
        self._search_field = QLineEdit(clearButtonEnabled=True)
        self._search_field.installEventFilter(self)
        self._rows: list[PopoverRow] = []
        self._row_column = make_column(spacing=0)
        self._empty_label = QLabel(alignment=Qt.AlignmentFlag.AlignCenter, textFormat=Qt.TextFormat.PlainText)
        self._scroll_area = QScrollArea(widgetResizable=True)
        self._foot = PopoverFoot(controller, formatter)
        self._timer = QTimer(self, interval=1000)
        self._lay_out()
        self._connect(clipboard)
        self.apply_palette()
        self.retranslate()

    def _lay_out(self) -> None:
        is_wayland = QGuiApplication.platformName().startswith("wayland")
        if is_wayland:  # where no program can place a window, a frame lets the user do it
            self.setWindowFlags(Qt.WindowType.Dialog)
        else:
            stays_on_top = Qt.WindowType.WindowStaysOnTopHint
            self.setWindowFlags(Qt.WindowType.Tool | Qt.WindowType.FramelessWindowHint | stays_on_top)
        self._search_field.setFixedHeight(32)
        self._search_field.setTextMargins(6, 0, 6, 0)
        rows = QWidget()
        self._row_column.addStretch(1)
        rows.setLayout(make_column(self._empty_label, self._row_column, spacing=0))
        self._scroll_area.setWidget(rows)
        self._scroll_area.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll_area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll_area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll_area.viewport().setAutoFillBackground(False)
        rows.setAutoFillBackground(False)
        parts = (self._search_field, (self._scroll_area, 1), self._foot)
        self.setLayout(make_column(*parts, spacing=SPACING, margin=MARGIN))
        self.setFixedWidth(WIDTH)

    def _connect(self, clipboard: Clipboard) -> None:
        self._search_field.textChanged.connect(self._on_search_changed)
        self._foot.open_clicked.connect(self._on_open_clicked)
        self._foot.sign_clicked.connect(self._on_sign_clicked)
        self._foot.preferences_clicked.connect(self._on_preferences_clicked)
        self._timer.timeout.connect(self._on_tick)
        self._controller.overview_changed.connect(self._on_overview_changed)
        self._controller.copies.copy_delayed.connect(self._on_copy_delayed)
        self._controller.copies.copy_failed.connect(self._on_copy_failed)
        clipboard.copied.connect(self._on_copied)
        clipboard.copy_failed.connect(self._on_clipboard_failed)
        clipboard.countdown_changed.connect(self._foot.show_countdown)

    def retranslate(self) -> None:
        self.setWindowTitle(f"{self.tr('Accounts')} · Guard Dog")
        self._search_field.setPlaceholderText(self.tr("Account… (Enter copies access_token)"))
        self._search_field.setAccessibleName(self.tr("Search accounts"))
        self._foot.retranslate()
        for row in self._rows:
            row.retranslate()
        self._filter_rows()

    # -- showing and closing --------------------------------------------------------------------------

    def toggle(self, icon_rect: QRect, default_appid: str) -> None:
        """Show the popover near the icon (an empty rectangle: near the pointer), or close it."""
        if self.isVisible():
            self._dismiss()
        elif time.monotonic() - self._closed_at_s > REOPEN_DELAY_S:
            self._default_appid = self._current_appid = default_appid
            self._search_field.clear()
            self._show_overview(self._controller.overview())
            hint = self.tr("Right click a button to copy a curl line, an env line or JSON.")
            self._foot.show_news(hint if self._rows else "")
            anchor = icon_rect if icon_rect.isValid() else QRect(QCursor.pos(), QSize(1, 1))
            self._place(anchor)
            self.show()
            self.raise_()
            self.activateWindow()
            self._search_field.setFocus()

    def _place(self, anchor: QRect) -> None:
        screen = QGuiApplication.screenAt(anchor.center()) or QGuiApplication.primaryScreen()
        self.resize(WIDTH, self._fitting_height())
        self.move(popover_position(anchor, self.size(), screen.availableGeometry()))

    def _fitting_height(self) -> int:
        """Return the height for all accounts, or for `ROWS_MAX` of them."""
        rows = max(1, min(ROWS_MAX, len(self._controller.overview().accounts)))
        others = self._search_field.height() + self._foot.sizeHint().height() + 2 * SPACING + 2 * MARGIN
        return rows * ROW_HEIGHT + others

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()
        self._has_been_active = False

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is not QEvent.Type.ActivationChange:
            return
        if self.isActiveWindow():
            self._has_been_active = True
        elif self._has_been_active and QApplication.activePopupWidget() is None:
            self._closed_at_s = time.monotonic()
            self.close()

    def _dismiss(self) -> None:
        """Close at the user's wish, after which the next click on the icon opens it at once."""
        self._has_been_active = False
        self.close()

    # -- accounts -------------------------------------------------------------------------------------

    @Slot(object)
    def _on_overview_changed(self, overview: Overview) -> None:
        if self.isVisible():
            self._show_overview(overview)

    def _show_overview(self, overview: Overview) -> None:
        statuses = self._formatter.failing_first(overview)
        while len(self._rows) > len(statuses):
            row = self._rows.pop()
            row.hide()
            row.deleteLater()
        while len(self._rows) < len(statuses):
            row = PopoverRow(self._controller.copies, self._formatter)
            row.pointed_at.connect(self._choose)
            self._row_column.insertWidget(len(self._rows), row)
            self._rows.append(row)
        for row, status in zip(self._rows, statuses, strict=True):
            row.show_status(status)
        self._foot.show_overview(overview)
        self._filter_rows()

    @Slot()
    def _on_search_changed(self) -> None:
        self._current_appid = "" if self._search_field.text() else self._default_appid
        self._filter_rows()

    def _filter_rows(self) -> None:
        words = self._search_field.text().casefold().split()
        for row in self._rows:
            row.setVisible(all(word in row.matched_text for word in words))
        found = self._found_rows()
        self._empty_label.setVisible(not found)
        self._empty_label.setText(
            self.tr("No account has this in its name or AppID.")
            if self._rows
            else self.tr("No account yet. Open Guard Dog to add one.")
        )
        if self._current_row() is None and found:
            self._current_appid = _appid_of(found[0])
        self._show_current()

    def _found_rows(self) -> list[PopoverRow]:
        return [row for row in self._rows if not row.isHidden()]

    def _current_row(self) -> PopoverRow | None:
        return next((row for row in self._found_rows() if _appid_of(row) == self._current_appid), None)

    @Slot(str)
    def _choose(self, appid: str) -> None:
        self._current_appid = appid
        self._show_current()

    def _show_current(self) -> None:
        for row in self._rows:
            row.set_current(is_current=_appid_of(row) == self._current_appid)

    def _move(self, step: int) -> None:
        """Highlight another of the accounts that are found, and let screen readers read it."""
        found, current = self._found_rows(), self._current_row()
        if not found:
            return
        index = found.index(current) + step if current is not None else 0
        row = found[max(0, min(len(found) - 1, index))]
        self._choose(_appid_of(row))
        self._scroll_area.ensureWidgetVisible(row, 0, 0)
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self._search_field, row.accessibleName()))

    @Slot()
    def _on_tick(self) -> None:
        visible = self._scroll_area.viewport().rect()
        for row in self._found_rows():
            top = row.mapTo(self._scroll_area.viewport(), QPoint(0, 0))
            if visible.intersects(QRect(top, row.size())):
                row.update_countdown()

    # -- keyboard -------------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._search_field and isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_PageUp: -ROWS_MAX, Qt.Key.Key_PageDown: ROWS_MAX}
            step = steps.get(Qt.Key(event.key()))
            if step is not None:
                self._move(step)
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                row = self._current_row()
                if row is not None:
                    row.copy_token()
                return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() != Qt.Key.Key_Escape:
            super().keyPressEvent(event)
        elif self._search_field.text():
            self._search_field.clear()
            self._search_field.setFocus()
        else:
            self._dismiss()

    # -- the foot -------------------------------------------------------------------------------------

    @Slot(object)
    def _on_copied(self, subject: CopySubject) -> None:
        self._foot.show_news(copied_message(subject, self._formatter.format_time), counts_down=True)

    @Slot(str, object)
    def _on_copy_delayed(self, appid: str, kind: TokenKind) -> None:
        key, name = self._formatter.messages.key_name(kind), self._account_name(appid)
        self._foot.show_news(self.tr("Getting a new {key} of {name}…").format(key=key, name=name))

    @Slot(str, object, object)
    def _on_copy_failed(self, appid: str, _kind: TokenKind, entry: HistoryEntry) -> None:
        status = self._controller.overview().account(appid)
        message = self._formatter.messages.for_entry(entry).summary
        text = self._formatter.prefix_with_account(status.account, message) if status is not None else message
        self._foot.show_news(text)

    @Slot(object)
    def _on_clipboard_failed(self, subject: CopySubject) -> None:
        self._foot.show_news(copy_failed_message(subject))

    def _account_name(self, appid: str) -> str:
        status = self._controller.overview().account(appid)
        return status.account.name if status is not None else appid

    @Slot()
    def _on_open_clicked(self) -> None:
        self._dismiss()
        self.open_requested.emit()

    @Slot()
    def _on_sign_clicked(self) -> None:
        self._dismiss()
        self.sign_requested.emit(self._current_appid)

    @Slot()
    def _on_preferences_clicked(self) -> None:
        self._dismiss()
        self.preferences_requested.emit()

    def apply_palette(self) -> None:
        palette = self._empty_label.palette()
        palette.setColor(QPalette.ColorRole.WindowText, colours_of(self.palette()).dim)
        self._empty_label.setPalette(palette)
        self._empty_label.setFont(scaled_font(self.font(), SMALL))

    def paintEvent(self, _event: QPaintEvent) -> None:
        colours = colours_of(self.palette())
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), colours.background)
            painter.setPen(colours.control_border)
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))


def _appid_of(row: PopoverRow) -> str:
    return row.status.account.appid if row.status is not None else ""


def popover_position(anchor: QRect, size: QSize, available: QRect) -> QPoint:
    """Return the upper left corner of a popover beside its icon, within the available part of the screen."""
    x = anchor.center().x() - size.width() // 2
    is_below = anchor.center().y() < available.center().y()
    y = anchor.bottom() + DISTANCE if is_below else anchor.top() - DISTANCE - size.height()
    area = available.adjusted(DISTANCE, DISTANCE, -DISTANCE, -DISTANCE)
    return QPoint(
        max(area.left(), min(x, area.right() - size.width())), max(area.top(), min(y, area.bottom() - size.height()))
    )
