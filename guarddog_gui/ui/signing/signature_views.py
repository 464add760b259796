"""Views of a signature: the string that is signed, and the QR code of the page's URL for the phone."""

from html import escape

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QFontDatabase, QImage, QPalette, QPixmap
from PySide6.QtWidgets import QLabel, QTextBrowser

from guarddog_gui.domain.refresh.status import KeyState
from guarddog_gui.domain.signing.signature import SignatureInput
from guarddog_gui.domain.tokens.record import mask
from guarddog_gui.ui.icons import state_colour
from guarddog_gui.ui.theme import ThemedMixin, is_dark

SIZE_PX = 132
QUIET_ZONE_MODULES = 4  # width of the white margin that ISO/IEC 18004 requires
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


class QrCodeLabel(QLabel):
    """Label with a QR code; empty without a text and for texts whose code would not fit.

    It is black on white in every theme, because cameras need that contrast.
    """

    def __init__(self) -> None:
        super().__init__(alignment=Qt.AlignmentFlag.AlignCenter)
        self.setFixedSize(SIZE_PX, SIZE_PX)

    def show_text(self, text: str) -> None:
        """Show the QR code of `text`, or nothing if it does not fit into `SIZE_PX` pixels."""
        image = make_qr_image(text) if text else None
        if image is None or image.width() > SIZE_PX:
            self.clear()
            return
        scale = SIZE_PX // image.width()  # a whole number of pixels per module keeps the edges sharp
        size = image.width() * scale
        self.setPixmap(QPixmap.fromImage(image.scaled(size, size)))


def make_qr_image(text: str) -> QImage | None:
    """Return the QR code with one pixel per module and its margin, or None if the text is too long."""
    import segno  # here, because it takes 20 ms and only the sign page needs it

    try:
        code = segno.make_qr(text, error="l", boost_error=False)
    except segno.DataOverflowError:
        return None
    rows = [bytes(row) for row in code.matrix_iter(border=QUIET_ZONE_MODULES)]
    image = QImage(len(rows), len(rows), QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    for y, row in enumerate(rows):
        for x, dark in enumerate(row):
            if dark:
                image.setPixelColor(x, y, QColor("black"))
    return image
