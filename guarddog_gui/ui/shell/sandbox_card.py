"""Card in the rail of the sandbox: nothing is real, and an account with which "Add account" can be tried."""

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from guarddog_gui.ui.icons import Icons
from guarddog_gui.ui.style.colours import colours_of
from guarddog_gui.ui.style.fonts import CAPTION, SMALL, scaled_font
from guarddog_gui.ui.style.shapes import CARD_RADIUS, fill_rounded
from guarddog_gui.ui.style.theme import ThemedMixin
from guarddog_gui.ui.widgets.layouts import make_column, make_row


class SandboxCard(ThemedMixin, QWidget):
    """Mark of the sandbox with two copy buttons. Its AppSecret is no secret: it opens only this sandbox."""

    copy_requested = Signal(str, str)  # text and its name

    def __init__(self, appid: str, appsecret: str, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icons = icons
        self._appid = appid
        self._title_label = QLabel(textFormat=Qt.TextFormat.PlainText)
        self._text_label = QLabel(textFormat=Qt.TextFormat.PlainText, wordWrap=True)
        self._appid_button = QPushButton()
        self._secret_button = QPushButton()
        self._appid_button.clicked.connect(partial(self.copy_requested.emit, appid, appid))
        self._secret_button.clicked.connect(partial(self._copy_secret, appsecret))
        buttons = make_row(self._appid_button, self._secret_button, spacing=6)
        self._column = make_column(self._title_label, self._text_label, buttons, spacing=6, margin=(10, 10))
        self.setLayout(self._column)
        self.retranslate()
        self.apply_palette()

    def _copy_secret(self, appsecret: str) -> None:
        self.copy_requested.emit(appsecret, self.tr("the AppSecret of {appid}").format(appid=self._appid))

    def retranslate(self) -> None:
        self._title_label.setText(self.tr("Sandbox").upper())
        self._text_label.setText(self.tr("Nothing here is real. To try Add account, copy these:"))
        self._appid_button.setText("AppID")
        self._secret_button.setText("AppSecret")
        self._appid_button.setAccessibleName(self.tr("Copy the AppID for trying"))
        self._secret_button.setAccessibleName(self.tr("Copy the AppSecret for trying"))
        self._appid_button.setToolTip(self._appid)
        self.setToolTip(self._text_label.text())

    def set_compact(self, *, compact: bool) -> None:
        """Show the mark alone in a rail of icons."""
        self._title_label.setText("S" if compact else self.tr("Sandbox").upper())
        alignment = Qt.AlignmentFlag.AlignHCenter if compact else Qt.AlignmentFlag.AlignLeading
        self._title_label.setAlignment(alignment | Qt.AlignmentFlag.AlignVCenter)
        self._column.setContentsMargins(4 if compact else 10, 6 if compact else 10, 4 if compact else 10, 10)
        for widget in (self._text_label, self._appid_button, self._secret_button):
            widget.setVisible(not compact)

    def apply_palette(self) -> None:
        colours = colours_of(self.palette())
        for label, ink, font in (
            (self._title_label, colours.info, scaled_font(self.font(), CAPTION, QFont.Weight.Bold)),
            (self._text_label, colours.ink, scaled_font(self.font(), SMALL)),
        ):
            palette = label.palette()
            palette.setColor(QPalette.ColorRole.WindowText, ink)
            label.setPalette(palette)
            label.setFont(font)
        for button in (self._appid_button, self._secret_button):
            button.setIcon(self._icons.action_icon("copy", colours.ink))
            button.setFont(scaled_font(self.font(), SMALL))

    def paintEvent(self, _event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            fill_rounded(painter, self.rect(), CARD_RADIUS, colours_of(self.palette()).info_tint)
