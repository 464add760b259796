"""QR code of the page's URL, for the phone."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage, QPixmap
from PySide6.QtWidgets import QLabel

SIZE_PX = 132  # width and height of the label; a code that needs more is not shown
QUIET_ZONE_MODULES = 4  # width of the white margin that ISO/IEC 18004 requires


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
