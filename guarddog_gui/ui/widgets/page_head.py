"""Head of a page: its title, and a sentence below it."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from guarddog_gui.ui.style.colours import colours_of
from guarddog_gui.ui.style.fonts import TITLE, scaled_font
from guarddog_gui.ui.style.theme import ThemedMixin
from guarddog_gui.ui.widgets.layouts import make_column
from guarddog_gui.ui.widgets.text.account_labels import ElidedLabel


class PageHead(ThemedMixin, QWidget):
    """Title of a page, and a sentence below it."""

    def __init__(self) -> None:
        super().__init__()
        self._title_label = ElidedLabel(mode=Qt.TextElideMode.ElideRight)
        self._subtitle_label = QLabel(textFormat=Qt.TextFormat.PlainText, wordWrap=True)
        self._title_label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setLayout(make_column(self._title_label, self._subtitle_label, spacing=2))
        self.apply_palette()

    def set_texts(self, title: str, subtitle: str) -> None:
        self._title_label.set_text(title)
        self._subtitle_label.setText(subtitle)
        self._subtitle_label.setVisible(bool(subtitle))

    def apply_palette(self) -> None:
        self._title_label.set_text_font(scaled_font(self.font(), TITLE, QFont.Weight.DemiBold))
        palette = self._subtitle_label.palette()
        palette.setColor(self._subtitle_label.foregroundRole(), colours_of(self.palette()).dim)
        self._subtitle_label.setPalette(palette)
