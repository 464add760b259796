"""List of the checks of a page: a tick, what was found, and what to do about it."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from guarddog_gui.domain.readiness.checks import CheckedItem, Tick
from guarddog_gui.services.messages.health.page import PAGE_CHECK_NAMES, TICK_NAMES, page_check_message
from guarddog_gui.services.messages.message import Messages
from guarddog_gui.ui.icons import Icons
from guarddog_gui.ui.style.colours import Colours, colours_of
from guarddog_gui.ui.style.fonts import SMALL, scaled_font
from guarddog_gui.ui.style.theme import ThemedMixin
from guarddog_gui.ui.widgets.layouts import make_column
from guarddog_gui.ui.widgets.text.plain_text import make_selectable_label

_ICONS = {Tick.OK: "check", Tick.WARNING: "warning", Tick.FAILED: "close", Tick.NOT_CHECKED: "info"}


class CheckList(ThemedMixin, QWidget):
    """One row per check; empty until `show_items`."""

    def __init__(self, icons: Icons, messages: Messages) -> None:
        super().__init__()
        self._icons = icons
        self._messages = messages
        self._items: tuple[CheckedItem, ...] = ()
        self._rows = QWidget()
        self.setLayout(make_column(self._rows))

    def show_items(self, items: tuple[CheckedItem, ...], messages: Messages) -> None:
        self._items, self._messages = items, messages
        self._rebuild()

    def as_text(self) -> str:
        """Return the rows as plain text, one line per check."""
        return "\n".join(map(self._line, self._items))

    def _line(self, item: CheckedItem) -> str:
        state, name = self._messages.text(TICK_NAMES[item.tick]), self._messages.text(PAGE_CHECK_NAMES[item.check])
        return f"[{state}] {name}: {page_check_message(item, self._messages).text}"

    def apply_palette(self) -> None:
        self._rebuild()

    def _rebuild(self) -> None:
        rows, grid = QWidget(), QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(10)
        grid.setColumnStretch(2, 1)
        for row, item in enumerate(self._items):
            self._add_row(grid, row, item)
        rows.setLayout(grid)
        layout = self.layout()
        if layout is not None:
            layout.replaceWidget(self._rows, rows)
        self._rows.hide()
        self._rows.setParent(None)
        self._rows.deleteLater()
        self._rows = rows
        rows.show()  # at once: the layout would do it only after the next events

    def _add_row(self, grid: QGridLayout, row: int, item: CheckedItem) -> None:
        colours = colours_of(self.palette())
        message = page_check_message(item, self._messages)
        icon, name = QLabel(), QLabel(self._messages.text(PAGE_CHECK_NAMES[item.check]))
        icon.setFixedSize(16, 16)
        icon.setPixmap(self._icons.action_icon(_ICONS[item.tick], _colour(item.tick, colours)).pixmap(16, 16))
        icon.setAccessibleName(self._messages.text(TICK_NAMES[item.tick]))
        icon.setToolTip(icon.accessibleName())
        name.setFont(scaled_font(self.font(), 1.0, QFont.Weight.DemiBold))
        text = f"{message.summary} ({message.code})" if message.code else message.summary
        summary = make_selectable_label(f"{item.check}-summary")
        summary.setText(text)
        summary.setAccessibleName(self._line(item))
        advice = make_selectable_label(f"{item.check}-advice")
        advice.setText("" if item.tick is Tick.OK else message.advice)
        advice.setFont(scaled_font(self.font(), SMALL))
        _set_ink(advice, colours.dim)
        if item.tick is Tick.NOT_CHECKED:
            _set_ink(summary, colours.dim)
        texts = make_column(summary, *((advice,) if advice.text() else ()), spacing=2)
        for column, widget in enumerate((icon, name)):
            grid.addWidget(widget, row, column, Qt.AlignmentFlag.AlignTop)
        grid.addLayout(texts, row, 2)


def _colour(tick: Tick, colours: Colours) -> QColor:
    by_tick = {Tick.OK: colours.ok, Tick.WARNING: colours.warn, Tick.FAILED: colours.bad}
    return by_tick.get(tick, colours.faint)


def _set_ink(label: QLabel, colour: QColor) -> None:
    palette = label.palette()
    palette.setColor(QPalette.ColorRole.WindowText, colour)
    label.setPalette(palette)
