"""View of the string that is signed, each of its parts in a colour."""

from html import escape

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontDatabase, QPalette
from PySide6.QtWidgets import QTextBrowser

from guarddog_gui.domain.refresh.status import KeyState
from guarddog_gui.domain.signing.signature import SignatureInput
from guarddog_gui.domain.tokens.record import mask
from guarddog_gui.ui.state_colours import state_colour
from guarddog_gui.ui.theme import ThemedMixin, is_dark

# Reuse colours that have enough contrast on a light and on a dark background.
# Colour is not the only sign: each part begins with its name.
_PART_STATES = {
    "jsapi_ticket": KeyState.REFRESHING,
    "noncestr": KeyState.KEYRING_LOCKED,
    "timestamp": KeyState.DUE_SOON,
    "url": KeyState.FRESH,
}


class SignedStringView(ThemedMixin, QTextBrowser):
    """Read-only view of a signed string. Its HTML consists of our markup around escaped text."""

    def __init__(self) -> None:
        super().__init__(openLinks=False)
        self.setTabChangesFocus(True)
        self.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self._signature_input: SignatureInput | None = None
        self._is_ticket_visible = False

    def sizeHint(self) -> QSize:
        return QSize(240, 96)

    def show_signed_string(self, signature_input: SignatureInput | None, *, with_ticket: bool) -> None:
        """Show the signed string of `signature_input`, or clear the view.

        Without `with_ticket` the ticket is masked, because it is a secret.
        """
        self._signature_input, self._is_ticket_visible = signature_input, with_ticket
        self.apply_palette()

    def apply_palette(self) -> None:
        if self._signature_input is None:
            self.clear()
            return
        dark = is_dark(self.palette(), QPalette.ColorRole.Base)
        parts = []
        for name, value in self._signature_input.fields:
            shown = value if self._is_ticket_visible or name != "jsapi_ticket" else mask(value)
            colour = state_colour(_PART_STATES[name], dark=dark).name()
            parts.append(f'{name}=<span style="color:{colour}">{escape(shown)}</span>')
        text = "&amp;".join(parts)
        self.setHtml(f'<p style="white-space:pre-wrap">{text}</p>')
        self.setAlignment(Qt.AlignmentFlag.AlignLeft)
