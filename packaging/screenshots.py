"""Take screenshots of every page in both languages and both themes, with the sandbox instead of WeChat.

    .venv/bin/python packaging/screenshots.py [names]     names of pages (`tokens`, `history` …); default: all

Each language and theme runs in a process without display, with a temporary home folder and Beijing time.
"""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from dev_environment import ROOT

if TYPE_CHECKING:
    from collections.abc import Sequence

OUTPUT_FOLDER = ROOT / "resources" / "screenshots"
SESSION_SCRIPT = ROOT / "packaging" / "screenshot_session.py"
LANGUAGES = ("en", "zh_CN")
THEMES = ("light", "dark")


def main(arguments: Sequence[str]) -> None:
    with tempfile.TemporaryDirectory(prefix="guarddog-pictures-") as home:
        OUTPUT_FOLDER.mkdir(exist_ok=True)
        for number, (language, theme) in enumerate(itertools.product(LANGUAGES, THEMES)):
            environment = {
                "PATH": os.environ["PATH"],
                "HOME": home,
                "GUARDDOG_HOME": str(Path(home, str(number))),
                "GUARDDOG_LANG": language,
                "QT_QPA_PLATFORM": "offscreen",
                "DBUS_SESSION_BUS_ADDRESS": "disabled:",
                "DBUS_SYSTEM_BUS_ADDRESS": "disabled:",
                "TZ": "Asia/Shanghai",
                "LANG": "C.UTF-8",
            }
            command = [sys.executable, str(SESSION_SCRIPT), str(OUTPUT_FOLDER), language, theme, *arguments]
            subprocess.run(command, env=environment, check=True, timeout=120)
    for page in arguments or ["*"]:
        for file in OUTPUT_FOLDER.glob(f"{page}-*.png"):
            compress_png(file)


def compress_png(file: Path) -> None:
    """Reduce the file to 256 colours, which are enough for a window and save two thirds of its size."""
    options = ["-dither", "None", "-colors", "256", "-define", "png:compression-level=9", "-strip"]
    subprocess.run(["convert", file, *options, f"PNG8:{file}"], check=True, timeout=60)


if __name__ == "__main__":
    main(sys.argv[1:])
