"""Guard Dog as the desktop tests start it: in the sandbox or with an account, and the files that it writes."""

from __future__ import annotations

import json
import shlex
import sqlite3
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tests.desktop.processes import wait_until
from tests.desktop.program_process import ProgramProcess, script_path

if TYPE_CHECKING:
    from pathlib import Path

    from guarddog_gui.sandbox.server import SandboxServer

StartProgram = Callable[..., ProgramProcess]


def start_in_sandbox(
    start_program: StartProgram, desktop_folder: Path, *arguments: str, **environment: str
) -> ProgramProcess:
    return start_program(
        script_path("guarddog-gui"), "--sandbox", *arguments, TMPDIR=str(desktop_folder), **environment
    )


def sandbox_home(desktop_folder: Path) -> Path:
    """Wait for the temporary home of a program started by `start_in_sandbox`, and return it."""
    return wait_until(lambda: next(desktop_folder.glob("guarddog-sandbox-*"), None), "the temporary home")


def add_account(start_program: StartProgram, wechat: SandboxServer, *options: str) -> None:
    """Add the sandbox's first account with the command line, like a script."""
    shop = wechat.accounts[0]
    program = start_program(
        "sh", "-c",
        f"printf %s {shop.secret} | {shlex.quote(script_path('guarddogctl'))} accounts add --appid {shop.appid}"
        f" --name 'Shop A' --secret-stdin {' '.join(options)}",
        GUARDDOG_API_BASE=wechat.base_url,
    )  # fmt: skip
    assert program.wait_for_exit(timeout_s=20) == 0, program.output


def dog_values(guarddog_home: Path, key: str = "*") -> set[str]:
    """Return the values of all accounts in `.dog` files, of one key or of all."""
    files = guarddog_home.glob(f"data/dogs/*/{key}.dog")
    return {json.loads(file.read_text("utf-8"))["data"] for file in files}


def read_dog(guarddog_home: Path, appid: str, key: str) -> dict[str, Any] | None:
    """Return the fields of a `.dog` file; None if there is no file."""
    file = guarddog_home / "data" / "dogs" / appid / f"{key}.dog"
    if not file.exists():
        return None
    fields: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return fields


def history_row_count(guarddog_home: Path) -> int:
    history = sqlite3.connect(f"file:{guarddog_home}/data/history.sqlite3?mode=ro", uri=True)
    try:
        (count,) = history.execute("SELECT count(*) FROM attempt").fetchone()
        return int(count)
    finally:
        history.close()
