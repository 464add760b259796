"""Foot of the popover: short news with a countdown, and the buttons that lead elsewhere."""

from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QPalette
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QWidget

from guarddog_gui.domain.refresh.status import Overview
from guarddog_gui.runtime.controller import Controller
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.shell.pause_menu import PauseMenu
from guarddog_gui.ui.style.button_kind import ButtonKind, set_kind
from guarddog_gui.ui.style.colours import colours_of
from guarddog_gui.ui.style.fonts import SMALL, scaled_font, tabular_font
from guarddog_gui.ui.style.theme import ThemedMixin
from guarddog_gui.ui.tokens.key_parts import IconButton
from guarddog_gui.ui.widgets.layouts import STRETCH, make_column, make_row

SPACING = 6


class PopoverFoot(ThemedMixin, QWidget):
    """Two lines for news, which stay free while there are none, so that nothing moves; buttons below them."""

    open_clicked = Signal()
    sign_clicked = Signal()
    preferences_clicked = Signal()

    def __init__(self, controller: Controller, formatter: Formatter) -> None:
        super().__init__()
        self._counts_down = False
        self._line = QFrame()
        self._line.setFixedHeight(1)
        self._line.setAutoFillBackground(True)
        self._news_label = QLabel(textFormat=Qt.TextFormat.PlainText, wordWrap=True)
        self._news_label.setObjectName("popover-news")
        self._countdown_label = QLabel(textFormat=Qt.TextFormat.PlainText)
        for label in (self._news_label, self._countdown_label):
            label.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._open_button = QPushButton()
        set_kind(self._open_button, ButtonKind.FLAT)
        self._sign_button = IconButton(formatter.icons, "sign")
        self._pause_button = IconButton(formatter.icons, "pause")
        self._pause_menu = PauseMenu(controller, formatter)
        self._preferences_button = IconButton(formatter.icons, "settings")
        self._open_button.clicked.connect(self.open_clicked)
        self._sign_button.clicked.connect(self.sign_clicked)
        self._pause_button.clicked.connect(self._on_pause_clicked)
        self._preferences_button.clicked.connect(self.preferences_clicked)
        news = make_row((self._news_label, 1), self._countdown_label)
        icons = (self._sign_button, self._pause_button, self._preferences_button)
        buttons = make_row(self._open_button, STRETCH, *icons, spacing=4)
        self.setLayout(make_column(self._line, news, buttons, spacing=SPACING))
        self.apply_palette()
        self.retranslate()

    def retranslate(self) -> None:
        self._open_button.setText(self.tr("Open Guard Dog"))
        self._sign_button.set_name(self.tr("Sign a page…"))
        self._preferences_button.set_name(self.tr("Preferences…"))
        self._pause_menu.retranslate()
        self._pause_button.set_name(self._pause_menu.menu.title())

    def show_overview(self, overview: Overview) -> None:
        self._pause_menu.show_overview(overview)
        self._pause_button.set_name(self._pause_menu.menu.title())

    def show_news(self, text: str, *, counts_down: bool = False) -> None:
        """Show a text and let screen readers read it; `counts_down` if a copied value will be cleared."""
        is_new = text != self._news_label.text()
        self._counts_down = counts_down
        self._news_label.setText(text)
        self._countdown_label.clear()
        if is_new and self.isVisible():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self._news_label, text))

    def show_countdown(self, seconds: int) -> None:
        """Show how long the copied value stays on the clipboard; at 0, that it was cleared."""
        if seconds and self._counts_down:
            self._countdown_label.setText(f"{seconds // 60}:{seconds % 60:02}")
        elif self._counts_down and self._countdown_label.text():
            self.show_news(self.tr("Cleared from the clipboard."))

    @Slot()
    def _on_pause_clicked(self) -> None:
        self._pause_menu.menu.popup(self._pause_button.mapToGlobal(QPoint(0, self._pause_button.height())))

    def apply_palette(self) -> None:
        colours = colours_of(self.palette())
        palette = self._line.palette()
        palette.setColor(QPalette.ColorRole.Window, colours.line)
        self._line.setPalette(palette)
        for label, font in (
            (self._news_label, scaled_font(self.font(), SMALL)),
            (self._countdown_label, tabular_font(self.font(), SMALL)),
        ):
            palette = label.palette()
            palette.setColor(QPalette.ColorRole.WindowText, colours.dim)
            label.setPalette(palette)
            label.setFont(font)
        self._news_label.setFixedHeight(2 * self._news_label.fontMetrics().lineSpacing() + 2)
