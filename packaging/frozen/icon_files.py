"""Icon files of Windows (.ico) and macOS (.icns), made of pictures in PNG: both are a list in front of these."""

from __future__ import annotations

import os
import struct
import sys
from collections.abc import Mapping
from pathlib import Path

ICO_SIZES = (16, 20, 24, 32, 40, 48, 64, 128, 256)
# type of an entry and pixels, from Apple's IconServices: the second of a pair is for displays with two pixels a point
ICNS_TYPES = {
    "icp4": 16, "ic11": 32, "icp5": 32, "ic12": 64, "ic07": 128, "ic13": 256, "ic08": 256, "ic14": 512, "ic09": 512,
    "ic10": 1024,
}  # fmt: skip


def make_ico(pictures: Mapping[int, bytes]) -> bytes:
    """Return an icon file with one PNG per size in pixels; 256 is written as 0."""
    header = struct.pack("<HHH", 0, 1, len(pictures))
    at = len(header) + 16 * len(pictures)
    entries = []
    for size, picture in sorted(pictures.items()):
        entries.append(struct.pack("<BBBBHHII", size % 256, size % 256, 0, 0, 1, 32, len(picture), at))
        at += len(picture)
    return b"".join((header, *entries, *(picture for _, picture in sorted(pictures.items()))))


def make_icns(pictures: Mapping[int, bytes]) -> bytes:
    """Return an icon file with the pictures in PNG, by their size in pixels."""
    return _icns_block("icns", b"".join(_icns_block(name, pictures[size]) for name, size in ICNS_TYPES.items()))


def _icns_block(name: str, content: bytes) -> bytes:
    return name.encode() + struct.pack(">I", 8 + len(content)) + content


def write_icon_files(folder: Path) -> None:
    """Write guarddog.ico and guarddog.icns of the icon in resources/icons."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from PySide6.QtGui import QGuiApplication

    from guarddog_gui.adapters.files.paths import resource_path
    from guarddog_gui.app.setup.desktop_integration import png_bytes
    from guarddog_gui.ui.icons import Icons

    _application = QGuiApplication.instance() or QGuiApplication(sys.argv[:1])
    icons = Icons(resource_path("icons"))
    sizes = {*ICO_SIZES, *ICNS_TYPES.values()}
    pictures = {size: png_bytes(icons.app_image(size)) for size in sizes}
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "guarddog.ico").write_bytes(make_ico({size: pictures[size] for size in ICO_SIZES}))
    (folder / "guarddog.icns").write_bytes(make_icns(pictures))


if __name__ == "__main__":
    write_icon_files(Path(sys.argv[1]))
