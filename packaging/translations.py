"""The Chinese texts of the windows: the source that people translate, and the file that Qt loads."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

from dev_environment import ROOT, SCRIPTS

if TYPE_CHECKING:
    from pathlib import Path

TS_FILE = ROOT / "resources" / "translations" / "guarddog_zh_CN.ts"


def qm_path(source: Path) -> Path:
    return source.with_suffix(".qm")


def update_ts_file(source: Path) -> None:
    """Puts every text of the code into `source`; what is already translated stays, what is gone goes.

    pyside6-lupdate takes all that follows `-ts` for translations, so the code comes before it.
    """
    code = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "guarddog_gui").rglob("*.py"))
    options = ["-silent", "-locations", "none", "-no-obsolete"]
    languages = ["-source-language", "en", "-target-language", "zh_CN"]
    run_qt_tool("pyside6-lupdate", *code, *options, *languages, "-ts", str(source))


def compile_qm_file(qm: Path, source: Path) -> None:
    run_qt_tool("pyside6-lrelease", "-silent", "-fail-on-unfinished", str(source), "-qm", str(qm))


def run_qt_tool(tool: str, *arguments: str) -> None:
    done = subprocess.run([SCRIPTS / tool, *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{tool} could not do it:\n{done.stdout}{done.stderr}")
