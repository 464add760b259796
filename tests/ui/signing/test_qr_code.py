"""The QR code of an address: what is drawn is read back by a decoder, as a phone does it."""

import pytest
import zxingcpp
from PySide6.QtGui import QImage, qGray
from pytestqt.qtbot import QtBot

from guarddog_gui.ui.signing.qr_code import QUIET_ZONE_MODULES, SIZE_PX, QrCodeLabel, make_qr_image


def read(image: QImage) -> str | None:
    """The text of the code in a picture, if a decoder finds one."""
    grey = image.convertToFormat(QImage.Format.Format_Grayscale8)
    pixels = bytes(qGray(grey.pixel(x, y)) for y in range(grey.height()) for x in range(grey.width()))
    view = memoryview(pixels).cast("B", (grey.height(), grey.width()))
    found = zxingcpp.read_barcodes(view)
    return found[0].text if found else None


@pytest.fixture
def picture(qtbot: QtBot) -> QrCodeLabel:
    picture = QrCodeLabel()
    qtbot.addWidget(picture)
    return picture


@pytest.mark.parametrize(
    "url",
    [
        "https://a.cn/",
        "https://shop.example.com/p?id=1&from=timeline",
        "https://shop.example.com/旗舰店?名=值",
        "https://shop.example.com/🐶",
        "http://127.0.0.1:8080/p?x=" + "y" * 200,
        "https://shop.example.com/p?x=" + "y" * 700,
    ],
)
def test_a_decoder_reads_what_is_on_the_screen(picture: QrCodeLabel, url: str) -> None:
    picture.show_text(url)
    assert read(picture.grab().toImage()) == url


def test_there_is_white_around_it() -> None:
    image = make_qr_image("https://a.cn/")
    assert image is not None
    last = image.width() - 1
    edge = [
        (a, b)
        for a in range(image.width())
        for b in (*range(QUIET_ZONE_MODULES), *range(last - QUIET_ZONE_MODULES + 1, last + 1))
    ]
    assert all(image.pixelColor(x, y) == image.pixelColor(y, x) == "white" for x, y in edge)


def test_every_module_has_the_same_whole_number_of_pixels(picture: QrCodeLabel) -> None:
    picture.show_text("https://a.cn/")
    code = make_qr_image("https://a.cn/")
    assert code is not None
    assert picture.pixmap().width() % code.width() == 0
    assert picture.pixmap().width() <= SIZE_PX


@pytest.mark.parametrize("length", [2000, 8000, 100_000])
def test_an_address_that_is_too_long_shows_nothing_rather_than_a_part(
    picture: QrCodeLabel, length: int
) -> None:
    picture.show_text("https://a.cn/")
    picture.show_text("https://a.cn/" + "x" * length)
    assert picture.pixmap().isNull()


def test_without_an_address_there_is_no_picture(picture: QrCodeLabel) -> None:
    picture.show_text("https://a.cn/")
    picture.show_text("")
    assert picture.pixmap().isNull()
