"""The string that is signed, its four parts in colours; the ticket is masked unless somebody asks for it."""

from html import escape

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QTextBrowser, QWidget

from guarddog_gui.domain.refresh.status import State
from guarddog_gui.domain.signing.signature import Signable
from guarddog_gui.domain.tokens.record import mask
from guarddog_gui.ui.icons import state_colour
from guarddog_gui.ui.widgets.themed import OwnColours

# colours that reach the contrast on both schemes; the names of the parts say the same
_COLOURS = {
    "jsapi_ticket": State.REFRESHING,
    "noncestr": State.KEYRING_LOCKED,
    "timestamp": State.DUE_SOON,
    "url": State.FRESH,
}


class SignedText(OwnColours, QTextBrowser):
    """Read-only; what is in it is our own markup around escaped text."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.setOpenLinks(False)
        self.setTabChangesFocus(True)
        self._signable: Signable | None = None
        self._open = False

    def sizeHint(self) -> QSize:
        return QSize(240, 96)

    def show_signable(self, signable: Signable | None, *, with_ticket: bool) -> None:
        """Show this string, or nothing."""
        self._signable, self._open = signable, with_ticket
        self.take_colours()

    def take_colours(self) -> None:
        """The text again, with its parts in the colours of the palette."""
        if self._signable is None:
            self.clear()
            return
        dark = self.palette().base().color().lightness() < 128
        parts = []
        for name, value in self._signable.parts:
            shown = value if self._open or name != "jsapi_ticket" else mask(value)
            colour = state_colour(_COLOURS[name], dark=dark).name()
            parts.append(f'{name}=<span style="color:{colour}">{escape(shown)}</span>')
        text = "&amp;".join(parts)
        self.setHtml(f'<p style="white-space:pre-wrap">{text}</p>')
        self.setAlignment(Qt.AlignmentFlag.AlignLeft)
