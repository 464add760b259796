"""Take screenshots of the program in both languages and both themes, with the sandbox instead of WeChat.

    .venv/bin/python packaging/screenshots.py                  the pictures of the README, to resources/screenshots
    .venv/bin/python packaging/screenshots.py --all FOLDER     every page, dialog and menu, on every screen, to FOLDER
    .venv/bin/python packaging/screenshots.py [--all FOLDER] [names]     only pages such as `tokens` and `history`

Each language, theme and screen runs in a process without display, with a temporary home folder and Beijing time.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from dev_environment import ROOT

if TYPE_CHECKING:
    from collections.abc import Sequence

README_FOLDER = ROOT / "resources" / "screenshots"
SESSION_SCRIPT = ROOT / "packaging" / "screenshot_session.py"
LANGUAGES = ("en", "zh_CN")
THEMES = ("light", "dark")
SCREENS = ((800, 600), (1080, 720), (1920, 1080))
SCALES = (1, 2)
ACCOUNT_COUNTS = (0, 1, 8, 60)
PROCESSES_MAX = 2
SESSION_TIMEOUT_S = 600.0


class Variant(NamedTuple):
    """One process: the language, the theme, the screen, and how many accounts it shows one after the other."""

    language: str
    theme: str
    screen: tuple[int, int] = (1080, 720)
    scale: int = 1
    account_counts: tuple[int, ...] = (0, 4)

    @property
    def suffix(self) -> str:
        """End of the files' names, without the number of accounts."""
        return f"{self.language.partition('_')[0]}-{self.theme}"

    @property
    def full_suffix(self) -> str:
        width, height = self.screen
        return f"{self.suffix}-{width}x{height}@{self.scale}x"


# what the README shows; each language and theme is in it
README_PAGES = {
    Variant("en", "light"): ("tokens", "sign", "errcodes", "api"),
    Variant("en", "dark"): ("popover",),
    Variant("zh_CN", "light"): ("account",),
    Variant("zh_CN", "dark"): ("history", "diagnose"),
}


def all_variants() -> tuple[Variant, ...]:
    variants = itertools.product(LANGUAGES, THEMES, SCREENS, SCALES)
    return tuple(Variant(*variant, ACCOUNT_COUNTS) for variant in variants)


def readme_files() -> set[str]:
    return {f"{page}-{variant.suffix}.png" for variant, pages in README_PAGES.items() for page in pages}


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--all", metavar="FOLDER", type=Path, dest="folder")
    parser.add_argument("--only", metavar="TEXT", default="", help="with --all: screens such as zh-dark-800x600@1x")
    parser.add_argument("names", nargs="*")
    options = parser.parse_args(arguments)
    if options.folder is not None and options.folder.resolve().is_relative_to(ROOT):
        parser.error("choose a folder outside of the repository: there are a thousand pictures")
    if options.folder is not None:
        take_all(options.folder, options.only, options.names)
    else:
        take_for_readme(options.names)


def take_all(folder: Path, only: str, names: Sequence[str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    variants = [variant for variant in all_variants() if only in variant.full_suffix]
    with ThreadPoolExecutor(PROCESSES_MAX) as pool:
        list(pool.map(partial(run_session, folder, names=names), variants))


def take_for_readme(names: Sequence[str]) -> None:
    README_FOLDER.mkdir(exist_ok=True)
    for variant, pages in README_PAGES.items():
        chosen = [page for page in pages if page in names or not names]
        if chosen:
            run_session(README_FOLDER, variant, names=chosen)
    for page, file in ((file.stem.partition("-")[0], file) for file in README_FOLDER.glob("*.png")):
        if file.name not in readme_files():
            file.unlink()  # left from an earlier set
        elif not names or page in names:
            compress_png(file)


def run_session(folder: Path, variant: Variant, *, names: Sequence[str]) -> None:
    with tempfile.TemporaryDirectory(prefix="guarddog-pictures-") as home:
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": home,
            "GUARDDOG_HOME": str(Path(home, "guarddog")),
            "GUARDDOG_LANG": variant.language,
            "QT_QPA_PLATFORM": f"offscreen:configfile={write_screen(Path(home), variant)}",
            "QT_SCALE_FACTOR": str(variant.scale),
            "DBUS_SESSION_BUS_ADDRESS": "disabled:",
            "DBUS_SYSTEM_BUS_ADDRESS": "disabled:",
            "TZ": "Asia/Shanghai",
            "LANG": "C.UTF-8",
        }
        counts = ",".join(map(str, variant.account_counts))
        is_of_readme = folder == README_FOLDER
        words = (variant.language, variant.theme, variant.suffix if is_of_readme else variant.full_suffix, counts)
        command = [sys.executable, str(SESSION_SCRIPT), str(folder.absolute()), *words, *names]
        subprocess.run(command, env=environment, check=True, timeout=SESSION_TIMEOUT_S)


def write_screen(folder: Path, variant: Variant) -> Path:
    """Write the file in which Qt's platform `offscreen` finds the size of the screen, in physical pixels."""
    width, height = (length * variant.scale for length in variant.screen)
    dots = {"logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1}
    screens = [{"name": "screen", "x": 0, "y": 0, "width": width, "height": height, **dots}]
    configuration = {"synchronousWindowSystemEvents": False, "windowFrameMargins": True, "screens": screens}
    file = folder / "screen.json"
    file.write_text(json.dumps(configuration))
    return file


def compress_png(file: Path) -> None:
    """Reduce the file to 256 colours, which are enough for a window and save two thirds of its size."""
    options = ["-dither", "None", "-colors", "256", "-define", "png:compression-level=9", "-strip"]
    subprocess.run(["convert", file, *options, f"PNG8:{file}"], check=True, timeout=60)


if __name__ == "__main__":
    main(sys.argv[1:])
