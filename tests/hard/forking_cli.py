"""Program that runs `guarddogctl` in forks and kills each one at a given moment.

A line of its stdin is an order in JSON: `arguments`, `environ`, `stdin`, `output` (a file) and `kill_after_s`.
`arguments` beginning with `settings` save the settings again and again, as the preferences page does. A line of its
stdout is the result: `killed`, `code` (of an exit by itself). A fork starts in milliseconds, because all modules are
loaded before: thousands of kills would otherwise take hours, and most would hit the imports.
"""

from __future__ import annotations

import json
import os
import select
import signal
import sys
from pathlib import Path
from typing import Any, NoReturn

# loaded before the fork, so that a kill hits the work and not the imports
import filelock  # noqa: F401
import keyring  # noqa: F401
import requests  # noqa: F401
from PySide6 import QtDBus, QtNetwork  # noqa: F401

import guarddog_gui.adapters.history.store
import guarddog_gui.adapters.http.client
import guarddog_gui.adapters.keyring.store
import guarddog_gui.cli.commands.accounts
import guarddog_gui.cli.commands.refresh
import guarddog_gui.cli.commands.status
import guarddog_gui.cli.commands.watch
import guarddog_gui.services.accounts.account_service
import guarddog_gui.services.refresh  # noqa: F401
from guarddog_gui.adapters.files.config_files import SettingsFile
from guarddog_gui.adapters.files.paths import get_app_paths
from guarddog_gui.cli.main import run_with_sys_streams
from guarddog_gui.domain.errors import FileError
from guarddog_gui.domain.settings import Settings


def run_order(order: dict[str, Any]) -> NoReturn:
    os.environ.update(order["environ"])
    Path(order["output"]).write_text("", "utf-8")
    replace_descriptor(0, os.memfd_create("stdin"), order["stdin"].encode())
    for descriptor in (1, 2):
        replace_descriptor(descriptor, os.open(order["output"], os.O_WRONLY | os.O_APPEND))
    code = 70
    try:
        if order["arguments"][0] == "settings":
            save_settings(int(order["arguments"][1]))
        code = run_with_sys_streams(order["arguments"])
    except FileError:  # the preferences page shows it
        code = 7
    except SystemExit as end:
        code = int(end.code or 0)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def replace_descriptor(number: int, descriptor: int, content: bytes = b"") -> None:
    os.write(descriptor, content)
    if content:
        os.lseek(descriptor, 0, os.SEEK_SET)
    os.dup2(descriptor, number)
    os.close(descriptor)


def save_settings(number: int) -> NoReturn:
    settings = SettingsFile(get_app_paths(os.environ).settings_file)
    while True:
        number += 1
        settings.save(Settings("en", 1 + number % 20, close_hint_shown=True))


def main() -> None:
    for line in sys.stdin:
        order = json.loads(line)
        pid = os.fork()
        if pid == 0:
            run_order(order)
        descriptor = os.pidfd_open(pid)
        has_ended, _, _ = select.select([descriptor], [], [], order["kill_after_s"])
        if not has_ended:
            os.kill(pid, signal.SIGKILL)
        _, status = os.waitpid(pid, 0)
        os.close(descriptor)
        sys.stdout.write(json.dumps({"killed": not has_ended, "code": os.waitstatus_to_exitcode(status)}) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
