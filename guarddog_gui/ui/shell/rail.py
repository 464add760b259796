"""Rail at the left of the window: search, pages, accounts, and the state of the program at its foot."""

from PySide6.QtCore import QPoint, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QSizePolicy, QToolButton, QWidget

from guarddog_gui.domain.refresh.status import Overview
from guarddog_gui.runtime.controller import Controller
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.shell.account_list import AccountList
from guarddog_gui.ui.shell.navigation import NavigationList
from guarddog_gui.ui.shell.pause_menu import PauseMenu
from guarddog_gui.ui.shell.sandbox_card import SandboxCard
from guarddog_gui.ui.style.colours import colours_of
from guarddog_gui.ui.style.fonts import CAPTION, SMALL, scaled_font
from guarddog_gui.ui.style.shapes import CONTROL_RADIUS, draw_focus_ring, fill_rounded
from guarddog_gui.ui.style.theme import ThemedMixin
from guarddog_gui.ui.widgets.layouts import make_column, make_row
from guarddog_gui.ui.widgets.text.account_labels import ElidedLabel

WIDTH, COMPACT_WIDTH = 232, 56
MARGIN = 12
_SEARCH_HEIGHT = 32


class SearchButton(QPushButton):
    """Button in the look of a search field, with its shortcut; the search itself is a window of its own."""

    def __init__(self, formatter: Formatter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._formatter = formatter
        self._shortcut_text = "Ctrl K"
        self.is_compact = False
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(COMPACT_WIDTH - 2 * MARGIN, _SEARCH_HEIGHT)  # the layout gives it the whole width

    def paintEvent(self, _event: QPaintEvent) -> None:
        colours = colours_of(self.palette())
        with QPainter(self) as painter:
            rect = self.rect()
            fill_rounded(painter, rect, CONTROL_RADIUS, colours.card, colours.field_border)
            icon = self._formatter.icons.action_icon("search", colours.dim)
            left = 8 if not self.is_compact else (rect.width() - 16) // 2
            icon.paint(painter, left, (rect.height() - 16) // 2, 16, 16)
            if not self.is_compact:
                painter.setPen(colours.faint)
                text_rect = rect.adjusted(32, 0, -56, 0)
                metrics = self.fontMetrics()
                text = metrics.elidedText(self.text(), Qt.TextElideMode.ElideRight, text_rect.width())
                painter.drawText(text_rect, Qt.AlignmentFlag.AlignVCenter, text)
                painter.setFont(scaled_font(self.font(), CAPTION))
                width = painter.fontMetrics().horizontalAdvance(self._shortcut_text) + 10
                key_rect = rect.adjusted(rect.width() - width - 7, 7, -7, -7)
                fill_rounded(painter, key_rect, 4, colours.hover, colours.control_border)
                painter.setPen(colours.dim)
                painter.drawText(key_rect, Qt.AlignmentFlag.AlignCenter, self._shortcut_text)
            if self.hasFocus():
                draw_focus_ring(painter, rect, CONTROL_RADIUS, colours.accent)


class RailButton(QPushButton):
    """Button in the look of the rows above it: icon and text at the left."""

    def __init__(self, icon_name: str, formatter: Formatter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon_name = icon_name
        self._formatter = formatter
        self.is_compact = False
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(COMPACT_WIDTH - 2 * MARGIN, max(34, self.fontMetrics().height() + 14))

    def paintEvent(self, _event: QPaintEvent) -> None:
        colours, rect = colours_of(self.palette()), self.rect()
        with QPainter(self) as painter:
            if self.underMouse() or self.isDown():
                fill_rounded(painter, rect, CONTROL_RADIUS, colours.line if self.isDown() else colours.hover)
            left = (rect.width() - 16) // 2 if self.is_compact else 10
            icon = self._formatter.icons.action_icon(self._icon_name, colours.dim)
            icon.paint(painter, left, (rect.height() - 16) // 2, 16, 16)
            if not self.is_compact:
                painter.setFont(scaled_font(self.font(), 1.0, QFont.Weight.DemiBold))
                painter.setPen(colours.dim)
                text_rect = rect.adjusted(38, 0, -10, 0)
                text = painter.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, text_rect.width())
                painter.drawText(text_rect, Qt.AlignmentFlag.AlignVCenter, text)
            if self.hasFocus():
                draw_focus_ring(painter, rect, CONTROL_RADIUS, colours.accent)


class Rail(ThemedMixin, QWidget):
    """Rail of the window; 232 pixels wide, or 56 with icons only."""

    search_requested = Signal()
    page_chosen = Signal(int)
    account_chosen = Signal(str)
    edit_requested = Signal(str)
    remove_requested = Signal(str)
    token_copy_requested = Signal(str)
    order_changed = Signal(object)  # tuple of appids
    add_requested = Signal()
    preferences_requested = Signal()
    copy_requested = Signal(str, str)  # text and its name

    def __init__(
        self,
        controller: Controller,
        formatter: Formatter,
        icon_names: tuple[str, ...],
        sandbox_login: tuple[str, str] | None = None,
    ) -> None:
        super().__init__()
        self._formatter = formatter
        self._search_button = SearchButton(formatter)
        self.navigation = NavigationList(icon_names, formatter.icons)
        self._heading_label = QLabel(textFormat=Qt.TextFormat.PlainText)
        self._count_label = QLabel(textFormat=Qt.TextFormat.PlainText)
        self.account_list = AccountList(formatter)
        self._add_button = RailButton("add", formatter)
        self._sandbox_card = SandboxCard(*sandbox_login, formatter.icons) if sandbox_login is not None else None
        self._line = QFrame()
        self._line.setFixedHeight(1)
        self._state_label = ElidedLabel(mode=Qt.TextElideMode.ElideRight)
        self._next_label = ElidedLabel(mode=Qt.TextElideMode.ElideRight)
        self._state_label.setObjectName("headline")
        self._pause_menu = PauseMenu(controller, formatter)
        self._pause_button = QToolButton(autoRaise=True)
        self._preferences_button = QToolButton(autoRaise=True)
        self._lay_out()
        self._search_button.clicked.connect(self.search_requested)
        self.navigation.page_chosen.connect(self.page_chosen)
        self.account_list.account_chosen.connect(self.account_chosen)
        self.account_list.edit_requested.connect(self.edit_requested)
        self.account_list.remove_requested.connect(self.remove_requested)
        self.account_list.token_copy_requested.connect(self.token_copy_requested)
        self.account_list.order_changed.connect(self.order_changed)
        self._add_button.clicked.connect(self.add_requested)
        self._pause_button.clicked.connect(self._on_pause_clicked)
        self._preferences_button.clicked.connect(self.preferences_requested)
        if self._sandbox_card is not None:
            self._sandbox_card.copy_requested.connect(self.copy_requested)
        self.set_compact(compact=False)
        self.apply_palette()

    def _lay_out(self) -> None:
        self._heading = QWidget()
        self._heading.setLayout(make_row((self._heading_label, 1), self._count_label, margin=(10, 0)))
        self._foot_texts = QWidget()
        self._foot_texts.setLayout(make_column(self._state_label, self._next_label, spacing=1))
        foot = make_row((self._foot_texts, 1), self._pause_button, self._preferences_button, spacing=2, margin=(8, 0))
        column = make_column(
            self._search_button,
            self.navigation,
            self._heading,
            (self.account_list, 1),
            self._add_button,
            *((self._sandbox_card,) if self._sandbox_card is not None else ()),
            self._line,
            foot,
            margin=MARGIN,
        )
        column.setSpacing(8)
        self.setLayout(column)

    def retranslate(self, page_names: tuple[str, ...]) -> None:
        self._search_button.setText(self.tr("Search or jump to…"))
        self._search_button.setAccessibleName(self.tr("Search everywhere"))
        self.navigation.setAccessibleName(self.tr("Pages"))
        self.navigation.set_names(page_names)
        self._heading_label.setText(self.tr("Accounts").upper())
        self.account_list.setAccessibleName(self.tr("Accounts"))
        self._add_button.setText(self.tr("Add account"))
        self._add_button.setToolTip(self.tr("Add account"))
        self._preferences_button.setToolTip(self.tr("Preferences…"))
        self._preferences_button.setAccessibleName(self.tr("Preferences…"))
        if self._sandbox_card is not None:
            self._sandbox_card.retranslate()
        self._pause_menu.retranslate()
        self._pause_button.setAccessibleName(self._pause_menu.menu.title())

    def show_overview(self, overview: Overview, current_appid: str) -> None:
        self._count_label.setText(str(len(overview.accounts)))
        self.account_list.show_overview(overview, current_appid)
        state, _, next_text = self._formatter.messages.headline(overview).partition(" · ")
        self._state_label.set_text(state, f"{overview.usable_count} / {len(overview.keys)}" if overview.keys else "")
        self._next_label.set_text(next_text)
        self._pause_menu.show_overview(overview)
        self._pause_button.setToolTip(self._pause_menu.menu.title())
        self._pause_button.setAccessibleName(self._pause_menu.menu.title())

    def set_compact(self, *, compact: bool) -> None:
        """Show icons only, or everything."""
        self.setFixedWidth(COMPACT_WIDTH if compact else WIDTH)
        self._search_button.is_compact = self._add_button.is_compact = compact
        self.navigation.set_compact(compact=compact)
        self.account_list.set_compact(compact=compact)
        if self._sandbox_card is not None:
            self._sandbox_card.set_compact(compact=compact)
        for widget in (self._heading, self._foot_texts, self._pause_button):
            widget.setVisible(not compact)

    def apply_palette(self) -> None:
        colours = colours_of(self.palette())
        icons = self._formatter.icons
        self._preferences_button.setIcon(icons.action_icon("settings", colours.dim))
        self._pause_button.setIcon(icons.action_icon("pause", colours.dim))
        line_palette = self._line.palette()
        line_palette.setColor(QPalette.ColorRole.Window, colours.line)
        self._line.setAutoFillBackground(True)
        self._line.setPalette(line_palette)
        for label, font in (
            (self._heading_label, scaled_font(self.font(), CAPTION, QFont.Weight.DemiBold)),
            (self._count_label, scaled_font(self.font(), CAPTION, QFont.Weight.DemiBold)),
            (self._next_label, scaled_font(self.font(), SMALL)),
        ):
            palette = label.palette()
            palette.setColor(QPalette.ColorRole.WindowText, colours.dim)
            label.setPalette(palette)
            label.setFont(font)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        colours = colours_of(self.palette())
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), colours.rail)
            painter.fillRect(self.width() - 1, 0, 1, self.height(), colours.line)

    @Slot()
    def _on_pause_clicked(self) -> None:
        """Open the menu, which the button does not own: the arrow of a menu button would touch its icon."""
        menu = self._pause_menu.menu
        menu.popup(self._pause_button.mapToGlobal(QPoint(0, -menu.sizeHint().height())))

    @Slot(int)
    def show_row(self, row: int) -> None:
        self.navigation.setCurrentRow(row)
