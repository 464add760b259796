"""Start with a Linux session: a desktop entry in the autostart folder, as freedesktop.org describes both."""

import os
import re
from pathlib import Path

from guarddog_gui.adapters.files.atomic import read_file, replace_file
from guarddog_gui.adapters.files.errors import troubles_of
from guarddog_gui.adapters.files.paths import private_folder

SIZE_MAX = 100_000

_PLAIN = re.compile(r"[A-Za-z0-9_@%+:,./-]+")  # needs no quotes; everything reserved is outside
_TO_ESCAPE = re.compile(r'(["`$\\])')  # inside quotes
_ARGUMENT = re.compile(r'"((?:[^"\\]|\\.)*)"|(\S+)')
_IN_VALUE = {"s": " ", "n": "\n", "t": "\t", "r": "\r", "\\": "\\"}


class DesktopFile:
    """`<app-id>.desktop` in an autostart folder."""

    def __init__(self, folder: Path, app_id: str) -> None:
        self._path = folder / f"{app_id}.desktop"
        self._app_id = app_id

    def program(self) -> str | None:
        """The first word of Exec; None without a file or without one in it. Raises FileTrouble."""
        return program_of(self._fields().get("Exec", ""))

    def is_switched_off(self) -> bool:
        """Whether the settings of the desktop have put a mark in it. Raises FileTrouble."""
        fields = self._fields()
        return (
            fields.get("Hidden", "").lower() == "true"
            or fields.get("X-GNOME-Autostart-enabled", "").lower() == "false"
        )

    def write(self, program: str) -> None:
        """Put a new entry in place of whatever is there. Raises FileTrouble."""
        private_folder(self._path.parent)
        replace_file(self._path, entry_for(program, self._app_id).encode())

    def remove(self) -> None:
        """Raises FileTrouble."""
        with troubles_of(self._path):
            self._path.unlink(missing_ok=True)

    def _fields(self) -> dict[str, str]:
        data = read_file(self._path, SIZE_MAX, follow=True)
        return fields_of((data or b"").decode("utf-8", "replace"))


def entry_for(program: str, app_id: str) -> str:
    """The text of the entry that starts the program at this path."""
    return f"""[Desktop Entry]
Type=Application
Name=Guard Dog
Comment=Keeps WeChat access tokens and jsapi tickets fresh
Comment[zh_CN]=让微信的 access_token 和 jsapi_ticket 始终有效
Exec={_escaped(exec_of(program))}
Icon={app_id}
Terminal=false
StartupNotify=false
X-GNOME-Autostart-enabled=true
X-GNOME-Autostart-Delay=5
X-KDE-autostart-after=panel
X-LXQt-Need-Tray=true
"""


def fields_of(text: str) -> dict[str, str]:
    """The keys of the group `[Desktop Entry]`, their values as they are meant."""
    fields: dict[str, str] = {}
    is_ours = False
    for line in text.splitlines():
        if line.startswith("["):
            is_ours = line.strip() == "[Desktop Entry]"
        elif is_ours and not line.startswith("#") and "=" in line:
            key, _, value = line.partition("=")
            fields[key.strip()] = _unescaped(value.strip())
    return fields


def exec_of(program: str) -> str:
    """The path as the one argument of Exec: quoted where it has to be, no field code in it."""
    program = program.replace("%", "%%")
    if _PLAIN.fullmatch(program):
        return program
    return '"' + _TO_ESCAPE.sub(r"\\\1", program) + '"'


def program_of(command: str) -> str | None:
    """The program of an Exec line; None if there is none."""
    match = _ARGUMENT.match(command.strip())
    if match is None:
        return None
    quoted, bare = match.groups()
    word = bare if quoted is None else re.sub(r"\\(.)", r"\1", quoted)
    return os.fspath(word).replace("%%", "%")


def _escaped(value: str) -> str:
    """As a value of type string is written."""
    value = value.replace("\\", "\\\\").replace("\n", r"\n").replace("\t", r"\t").replace("\r", r"\r")
    return r"\s" + value[1:] if value.startswith(" ") else value


def _unescaped(value: str) -> str:
    return re.sub(r"\\(.)", lambda match: _IN_VALUE.get(match[1], match[0]), value)
