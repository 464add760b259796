"""Start with a Linux session: a desktop entry in the autostart folder, as freedesktop.org describes both."""

import os
import re
from pathlib import Path

from guarddog_gui.adapters.files.atomic import atomic_write, read_file
from guarddog_gui.adapters.files.errors import translate_os_errors
from guarddog_gui.adapters.files.paths import create_private_folder

DESKTOP_FILE_SIZE_MAX = 100_000

_UNQUOTED_ARGUMENT = re.compile(r"[A-Za-z0-9_@%+:,./-]+")  # needs no quotes; everything reserved is outside
_ESCAPED_IN_QUOTES = re.compile(r'(["`$\\])')  # inside quotes
_FIRST_ARGUMENT = re.compile(r'"((?:[^"\\]|\\.)*)"|(\S+)')
_VALUE_ESCAPES = {"s": " ", "n": "\n", "t": "\t", "r": "\r", "\\": "\\"}


class DesktopFile:
    """`<app-id>.desktop` in an autostart folder."""

    def __init__(self, folder: Path, app_id: str) -> None:
        self._path = folder / f"{app_id}.desktop"
        self._app_id = app_id

    def read_program(self) -> str | None:
        """The first word of Exec; None without a file or without one in it. Raises FileTrouble."""
        return program_from_exec(self._read_fields().get("Exec", ""))

    def is_disabled(self) -> bool:
        """Whether the settings of the desktop have put a mark in it. Raises FileTrouble."""
        fields = self._read_fields()
        return (
            fields.get("Hidden", "").lower() == "true"
            or fields.get("X-GNOME-Autostart-enabled", "").lower() == "false"
        )

    def write(self, program: str) -> None:
        """Put a new entry in place of whatever is there. Raises FileTrouble."""
        create_private_folder(self._path.parent)
        atomic_write(self._path, desktop_entry_text(program, self._app_id).encode())

    def remove(self) -> None:
        """Raises FileTrouble."""
        with translate_os_errors(self._path):
            self._path.unlink(missing_ok=True)

    def _read_fields(self) -> dict[str, str]:
        data = read_file(self._path, DESKTOP_FILE_SIZE_MAX, follow_symlinks=True)
        return parse_desktop_entry((data or b"").decode("utf-8", "replace"))


def desktop_entry_text(program: str, app_id: str) -> str:
    """The text of the entry that starts the program at this path."""
    return f"""[Desktop Entry]
Type=Application
Name=Guard Dog
Comment=Keeps WeChat access tokens and jsapi tickets fresh
Comment[zh_CN]=让微信的 access_token 和 jsapi_ticket 始终有效
Exec={_escape_value(quote_exec_argument(program))}
Icon={app_id}
Terminal=false
StartupNotify=false
X-GNOME-Autostart-enabled=true
X-GNOME-Autostart-Delay=5
X-KDE-autostart-after=panel
X-LXQt-Need-Tray=true
"""


def parse_desktop_entry(text: str) -> dict[str, str]:
    """The keys of the group `[Desktop Entry]`, their values as they are meant."""
    fields: dict[str, str] = {}
    is_ours = False
    for line in text.splitlines():
        if line.startswith("["):
            is_ours = line.strip() == "[Desktop Entry]"
        elif is_ours and not line.startswith("#") and "=" in line:
            key, _, value = line.partition("=")
            fields[key.strip()] = _unescape_value(value.strip())
    return fields


def quote_exec_argument(program: str) -> str:
    """The path as the one argument of Exec: quoted where it has to be, no field code in it."""
    program = program.replace("%", "%%")
    if _UNQUOTED_ARGUMENT.fullmatch(program):
        return program
    return '"' + _ESCAPED_IN_QUOTES.sub(r"\\\1", program) + '"'


def program_from_exec(command: str) -> str | None:
    """The program of an Exec line; None if there is none."""
    match = _FIRST_ARGUMENT.match(command.strip())
    if match is None:
        return None
    quoted, bare = match.groups()
    word = bare if quoted is None else re.sub(r"\\(.)", r"\1", quoted)
    return os.fspath(word).replace("%%", "%")


def _escape_value(value: str) -> str:
    """As a value of type string is written."""
    value = value.replace("\\", "\\\\").replace("\n", r"\n").replace("\t", r"\t").replace("\r", r"\r")
    return r"\s" + value[1:] if value.startswith(" ") else value


def _unescape_value(value: str) -> str:
    return re.sub(r"\\(.)", lambda match: _VALUE_ESCAPES.get(match[1], match[0]), value)
