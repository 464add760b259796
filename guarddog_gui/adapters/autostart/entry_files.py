"""Autostart entries in files: a desktop entry on Linux, a launch agent of the user on macOS.

See https://specifications.freedesktop.org/autostart-spec/latest/ for the folder of desktop entries and
https://specifications.freedesktop.org/desktop-entry-spec/latest/ for quoting and escaping.
"""

import os
import plistlib
import re
from pathlib import Path
from typing import Any, ClassVar

from guarddog_gui.adapters.files.atomic import atomic_write, read_file
from guarddog_gui.adapters.files.paths import create_private_folder, translate_os_errors

FILE_SIZE_MAX = 100_000  # bytes

_UNQUOTED_ARGUMENT = re.compile(r"[A-Za-z0-9_@%+:,./-]+")  # contains no reserved character
_ESCAPED_IN_QUOTES = re.compile(r'(["`$\\])')
_FIRST_ARGUMENT = re.compile(r'"((?:[^"\\]|\\.)*)"|(\S+)')
_VALUE_ESCAPES = {"s": " ", "n": "\n", "t": "\t", "r": "\r", "\\": "\\"}


class _EntryFile:
    """Part that both platforms share. All methods of the entries raise FileError."""

    _suffix: ClassVar[str]

    def __init__(self, folder: Path, app_id: str) -> None:
        self._path = folder / f"{app_id}{self._suffix}"
        self._app_id = app_id

    def remove(self) -> None:
        with translate_os_errors(self._path):
            self._path.unlink(missing_ok=True)

    def _read(self) -> bytes:
        return read_file(self._path, FILE_SIZE_MAX, follow_symlinks=True) or b""

    def _replace(self, data: bytes) -> None:
        create_private_folder(self._path.parent)
        atomic_write(self._path, data)


class DesktopFile(_EntryFile):
    """AutostartEntry in the file `<app-id>.desktop` of an autostart folder."""

    _suffix = ".desktop"

    def read_program(self) -> str | None:
        """Return the first word of Exec; None if there is no file or no program in it."""
        return program_from_exec(self._read_fields().get("Exec", ""))

    def is_disabled(self) -> bool:
        fields = {key: value.lower() for key, value in self._read_fields().items()}
        return fields.get("Hidden") == "true" or fields.get("X-GNOME-Autostart-enabled") == "false"

    def write(self, program: str) -> None:
        self._replace(desktop_entry_text(program, self._app_id).encode())

    def _read_fields(self) -> dict[str, str]:
        return parse_desktop_entry(self._read().decode("utf-8", "replace"))


class LaunchAgent(_EntryFile):
    """AutostartEntry in `~/Library/LaunchAgents/<app-id>.plist`, which launchd reads at every login."""

    _suffix = ".plist"

    def read_program(self) -> str | None:
        """Return the first of ProgramArguments; None without a file or without one."""
        arguments = self._read_fields().get("ProgramArguments")
        program = arguments[0] if isinstance(arguments, list) and arguments else None
        return program if isinstance(program, str) else None

    def is_disabled(self) -> bool:
        return self._read_fields().get("Disabled") is True

    def write(self, program: str) -> None:
        self._replace(launch_agent_plist(program, self._app_id))

    def _read_fields(self) -> dict[str, Any]:
        data = self._read()
        try:
            fields = plistlib.loads(data)
        except Exception:  # noqa: BLE001 - plistlib raises exceptions of several parsers
            return {}
        return fields if isinstance(fields, dict) else {}


def desktop_entry_text(program: str, app_id: str) -> str:
    """Return the entry that starts Guard Dog with the session.

    By TryExec desktops ignore the entry when the program was removed.
    """
    return f"""{_entry_head(program, app_id)}TryExec={_escape_value(program)}
X-GNOME-Autostart-enabled=true
X-GNOME-Autostart-Delay=5
X-KDE-autostart-after=panel
X-LXQt-Need-Tray=true
"""


def menu_entry_text(program: str, app_id: str) -> str:
    """Return the entry of the desktop's menu; it shows the window also of a running Guard Dog."""
    return f"""{_entry_head(program, app_id, "--show")}Keywords=WeChat;Weixin;access_token;jsapi_ticket;
Keywords[zh_CN]=微信;公众号;小程序;access_token;jsapi_ticket;
Categories=Development;
StartupWMClass={app_id}
"""


def _entry_head(program: str, app_id: str, *arguments: str) -> str:
    return f"""[Desktop Entry]
Type=Application
Name=Guard Dog
GenericName=WeChat token keeper
GenericName[zh_CN]=微信令牌管理
Comment=Keeps WeChat access tokens and jsapi tickets fresh
Comment[zh_CN]=让微信的 access_token 和 jsapi_ticket 始终有效
Exec={" ".join((_escape_value(quote_exec_argument(program)), *arguments))}
Icon={app_id}
Terminal=false
StartupNotify=false
"""


def parse_desktop_entry(text: str) -> dict[str, str]:
    """Parse the keys of the group `[Desktop Entry]`; escape sequences in values are decoded."""
    fields: dict[str, str] = {}
    is_in_group = False
    for line in text.splitlines():
        if line.startswith("["):
            is_in_group = line.strip() == "[Desktop Entry]"
        elif is_in_group and not line.startswith("#") and "=" in line:
            key, _, value = line.partition("=")
            fields[key.strip()] = _unescape_value(value.strip())
    return fields


def quote_exec_argument(program: str) -> str:
    """Quote a path for Exec if it has reserved characters, and escape `%`, which starts a field code."""
    program = program.replace("%", "%%")
    if _UNQUOTED_ARGUMENT.fullmatch(program):
        return program
    return '"' + _ESCAPED_IN_QUOTES.sub(r"\\\1", program) + '"'


def program_from_exec(command: str) -> str | None:
    """Return the program of an Exec value; None if it is empty."""
    match = _FIRST_ARGUMENT.match(command.strip())
    if match is None:
        return None
    quoted, unquoted = match.groups()
    word = unquoted if quoted is None else re.sub(r"\\(.)", r"\1", quoted)
    return os.fspath(word).replace("%%", "%")


def launch_agent_plist(program: str, app_id: str) -> bytes:
    """Return the property list. KeepAlive is not set: launchd would restart the program after Quit."""
    return plistlib.dumps(
        {
            "Label": app_id,
            "ProgramArguments": [program],
            "RunAtLoad": True,
            "ProcessType": "Interactive",
            "AssociatedBundleIdentifiers": [app_id],  # the system's settings show the name of this bundle
        }
    )


def _escape_value(value: str) -> str:
    value = value.replace("\\", "\\\\").replace("\n", r"\n").replace("\t", r"\t").replace("\r", r"\r")
    return r"\s" + value[1:] if value.startswith(" ") else value


def _unescape_value(value: str) -> str:
    return re.sub(r"\\(.)", lambda match: _VALUE_ESCAPES.get(match[1], match[0]), value)
