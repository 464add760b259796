"""The icon files of Windows and macOS, read back by Qt."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QImageReader

SCRIPT = Path(__file__).parents[2] / "packaging" / "frozen" / "icon_files.py"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("icons")
    environ = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    subprocess.run([sys.executable, str(SCRIPT), str(folder)], env=environ, check=True, capture_output=True)
    return folder


def test_windows_finds_a_picture_for_each_scale(folder: Path) -> None:
    reader = QImageReader(str(folder / "guarddog.ico"))
    sizes = []
    for number in range(reader.imageCount()):
        assert reader.jumpToImage(number)
        image = reader.read()
        assert not image.isNull()
        assert image.hasAlphaChannel()
        sizes.append(image.width())
    assert sizes == [16, 20, 24, 32, 40, 48, 64, 128, 256]


def test_macos_finds_the_large_ones_too(folder: Path) -> None:
    reader = QImageReader(str(folder / "guarddog.icns"))
    assert reader.canRead()
    sizes = set()
    for number in range(reader.imageCount()):
        assert reader.jumpToImage(number)
        sizes.add(reader.read().width())
    assert {16, 32, 128, 256, 512, 1024} <= sizes
