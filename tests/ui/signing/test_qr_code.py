"""Tests of the QR code of a page, which a decoder reads as a phone does."""

import pytest
import zxingcpp
from PySide6.QtGui import QImage, qGray
from pytestqt.qtbot import QtBot

from guarddog_gui.ui.signing.qr_code import QUIET_ZONE_MODULES, SIZE_PX, QrCodeLabel, make_qr_image


def decode(image: QImage) -> str | None:
    """Return the text of the QR code in `image`, or None if there is none."""
    grey = image.convertToFormat(QImage.Format.Format_Grayscale8)
    pixels = bytes(qGray(grey.pixel(x, y)) for y in range(grey.height()) for x in range(grey.width()))
    view = memoryview(pixels).cast("B", (grey.height(), grey.width()))
    codes = zxingcpp.read_barcodes(view)
    return codes[0].text if codes else None


@pytest.fixture
def label(qtbot: QtBot) -> QrCodeLabel:
    label = QrCodeLabel()
    qtbot.addWidget(label)
    return label


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
def test_a_decoder_reads_the_painted_code(label: QrCodeLabel, url: str) -> None:
    label.show_text(url)
    assert decode(label.grab().toImage()) == url


def test_the_code_has_a_white_margin() -> None:
    image = make_qr_image("https://a.cn/")
    assert image is not None
    last = image.width() - 1
    edge = [
        (a, b)
        for a in range(image.width())
        for b in (*range(QUIET_ZONE_MODULES), *range(last - QUIET_ZONE_MODULES + 1, last + 1))
    ]
    assert all(image.pixelColor(x, y) == image.pixelColor(y, x) == "white" for x, y in edge)


def test_every_module_has_the_same_whole_number_of_pixels(label: QrCodeLabel) -> None:
    label.show_text("https://a.cn/")
    code = make_qr_image("https://a.cn/")
    assert code is not None
    assert label.pixmap().width() % code.width() == 0
    assert label.pixmap().width() <= SIZE_PX


@pytest.mark.parametrize("length", [2000, 8000, 100_000])
def test_a_too_long_url_shows_nothing_instead_of_a_part(label: QrCodeLabel, length: int) -> None:
    label.show_text("https://a.cn/")
    label.show_text("https://a.cn/" + "x" * length)
    assert label.pixmap().isNull()


def test_without_a_url_nothing_is_shown(label: QrCodeLabel) -> None:
    label.show_text("https://a.cn/")
    label.show_text("")
    assert label.pixmap().isNull()
