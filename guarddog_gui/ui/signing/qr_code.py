"""QR code of the page's URL, for the phone."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage, QPixmap
from PySide6.QtWidgets import QLabel, QWidget

from guarddog_gui.ui.widgets.layouts import make_column
from guarddog_gui.ui.widgets.popup import Popup
from guarddog_gui.ui.widgets.text.plain_text import make_plain_label

SIZE_PX = 264  # width and height of the label; a code that needs more is left out
MODULE_MIN_PX = 2  # smaller modules cannot be read from a screen
QUIET_ZONE_MODULES = 4  # width of the white margin that ISO/IEC 18004 requires


class QrCodeLabel(QLabel):
    """Label with a QR code; empty without a text and for texts whose code would not fit.

    It is black on white in every theme, because cameras need that contrast.
    """

    def __init__(self) -> None:
        super().__init__(alignment=Qt.AlignmentFlag.AlignCenter)
        self.setFixedSize(SIZE_PX, SIZE_PX)

    def show_text(self, text: str) -> None:
        """Show the QR code of `text`, or nothing if its modules would be too small."""
        image = make_qr_image(text) if text else None
        if image is None or image.width() * MODULE_MIN_PX > SIZE_PX:
            self.clear()
            return
        scale = SIZE_PX // image.width()  # a whole number of pixels per module keeps the edges sharp
        size = image.width() * scale
        self.setPixmap(QPixmap.fromImage(image.scaled(size, size)))


class QrCodePopup(Popup):
    """Popup with the QR code of a URL, and what to do with it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._url = ""
        self._qr_code = QrCodeLabel()
        self._text_label = make_plain_label("qr-text")
        self._text_label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._text_label.setFixedWidth(SIZE_PX)
        self.setLayout(make_column(self._qr_code, self._text_label, margin=12))

    def retranslate(self) -> None:
        self.setAccessibleName(self.tr("QR code of the page's URL"))
        self._qr_code.setAccessibleName(self.tr("QR code of the page's URL"))
        self.show_url(self._url)

    def show_url(self, url: str) -> None:
        """Show the QR code of this URL, or that there is none for it."""
        self._url = url
        self._qr_code.show_text(url)
        has_code = not self._qr_code.pixmap().isNull()
        self._qr_code.setVisible(has_code)
        self._text_label.setText(
            self.tr("Scan it with WeChat on the phone to open the page there.")
            if has_code
            else self.tr("This URL is too long for a QR code. Send it to the phone in a chat, and open it there.")
        )


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
