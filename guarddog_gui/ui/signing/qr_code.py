"""The QR code of an address, for the phone: black on white whatever the theme, because cameras want it so."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage, QPixmap
from PySide6.QtWidgets import QLabel, QWidget

SIZE_PX = 132
QUIET_ZONE_MODULES = 4  # modules of white around it, as the standard wants


class QrCodeLabel(QLabel):
    """Empty while there is no address, or one whose code would be larger than the picture."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedSize(SIZE_PX, SIZE_PX)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)

    def show_text(self, text: str) -> None:
        """Draw the code of this text."""
        picture = make_qr_image(text) if text else None
        if picture is None or picture.width() > SIZE_PX:
            self.clear()
            return
        times = max(1, SIZE_PX // picture.width())  # whole pixels for every module: sharp for the camera
        size = picture.width() * times
        self.setPixmap(QPixmap.fromImage(picture.scaled(size, size)))


def make_qr_image(text: str) -> QImage | None:
    """One pixel a module, with the white around it; None where the text is too long for a code."""
    import segno  # 20 ms that only this page needs

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
