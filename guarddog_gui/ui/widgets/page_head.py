"""Head of a page: its title, a line below it, and buttons at the right."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QPalette
from PySide6.QtWidgets import QSizePolicy, QWidget

from guarddog_gui.ui.style.colours import colours_of
from guarddog_gui.ui.style.fonts import TITLE, scaled_font
from guarddog_gui.ui.style.theme import ThemedMixin
from guarddog_gui.ui.widgets.account_labels import ElidedLabel
from guarddog_gui.ui.widgets.layouts import make_column, make_row


class PageHead(ThemedMixin, QWidget):
    """Title and subtitle, each in one line."""

    def __init__(self, *buttons: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title_label = ElidedLabel(mode=Qt.TextElideMode.ElideRight)
        self._subtitle_label = ElidedLabel(mode=Qt.TextElideMode.ElideRight)
        for label in (self._title_label, self._subtitle_label):
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        titles = make_column(self._title_label, self._subtitle_label, spacing=2)
        self.setLayout(make_row((titles, 1), *buttons))
        self.apply_palette()

    def set_texts(self, title: str, subtitle: str = "") -> None:
        self._title_label.set_text(title)
        self._subtitle_label.set_text(subtitle)
        self._subtitle_label.setVisible(bool(subtitle))

    def apply_palette(self) -> None:
        self._title_label.set_text_font(scaled_font(self.font(), TITLE, QFont.Weight.DemiBold))
        palette = self._subtitle_label.palette()
        palette.setColor(QPalette.ColorRole.WindowText, colours_of(self.palette()).dim)
        self._subtitle_label.setPalette(palette)
