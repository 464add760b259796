"""Pasted texts of the command line: an argument, a file, or standard input, in any encoding."""

import os

from guarddog_gui.adapters.files.paths import translate_os_errors
from guarddog_gui.cli.context import Terminal
from guarddog_gui.domain.paste.encoding import decode_bytes

SIZE_MAX = 2**22  # bytes


def read_pasted_input(terminal: Terminal, path: str) -> str:
    """Return the text of a file, or of standard input for `-`."""
    if path != "-":
        with translate_os_errors(path), open(path, "rb") as file:  # noqa: PTH123 - a Path would change the path in errors
            return decode_bytes(file.read(SIZE_MAX))
    raw = getattr(terminal.stdin, "buffer", None)  # bytes: a block may be in any encoding
    return terminal.stdin.read(SIZE_MAX) if raw is None else decode_bytes(raw.read(SIZE_MAX))


def decode_argument(argument: str) -> str:
    """Return an argument as text, also where its bytes are not those of the terminal's encoding."""
    try:
        argument.encode()
    except UnicodeEncodeError:  # Python kept the undecodable bytes as surrogates
        return decode_bytes(os.fsencode(argument)) if os.name == "posix" else argument
    return argument
