"""The string that is signed, its four parts in colours; the ticket is masked unless somebody asks for it."""

from html import escape

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QTextBrowser, QWidget

from guarddog_gui.domain.refresh.status import KeyState
from guarddog_gui.domain.signing.signature import SignatureInput
from guarddog_gui.domain.tokens.record import mask
from guarddog_gui.ui.icons import state_colour
from guarddog_gui.ui.widgets.themed import ThemedMixin

# colours that reach the contrast on both schemes; the names of the parts say the same
_PART_STATES = {
    "jsapi_ticket": KeyState.REFRESHING,
    "noncestr": KeyState.KEYRING_LOCKED,
    "timestamp": KeyState.DUE_SOON,
    "url": KeyState.FRESH,
}


class SignedStringView(ThemedMixin, QTextBrowser):
    """Read-only; what is in it is our own markup around escaped text."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.setOpenLinks(False)
        self.setTabChangesFocus(True)
        self._signature_input: SignatureInput | None = None
        self._is_ticket_visible = False

    def sizeHint(self) -> QSize:
        return QSize(240, 96)

    def show_signed_string(self, signature_input: SignatureInput | None, *, with_ticket: bool) -> None:
        """Show this string, or nothing."""
        self._signature_input, self._is_ticket_visible = signature_input, with_ticket
        self.apply_palette()

    def apply_palette(self) -> None:
        """The text again, with its parts in the colours of the palette."""
        if self._signature_input is None:
            self.clear()
            return
        dark = self.palette().base().color().lightness() < 128
        parts = []
        for name, value in self._signature_input.fields:
            shown = value if self._is_ticket_visible or name != "jsapi_ticket" else mask(value)
            colour = state_colour(_PART_STATES[name], dark=dark).name()
            parts.append(f'{name}=<span style="color:{colour}">{escape(shown)}</span>')
        text = "&amp;".join(parts)
        self.setHtml(f'<p style="white-space:pre-wrap">{text}</p>')
        self.setAlignment(Qt.AlignmentFlag.AlignLeft)
