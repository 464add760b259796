"""Pasted texts of the command line: an argument, a file, or standard input, in any encoding."""

import os
from collections.abc import Mapping

from guarddog_gui.adapters.files.paths import translate_os_errors
from guarddog_gui.cli.context import Terminal
from guarddog_gui.domain.errors import FileError
from guarddog_gui.domain.paste.encoding import decode_bytes
from guarddog_gui.domain.problems import FileErrorReason

SIZE_MAX = 2**22  # bytes
# the user named a file to read: the advice is not to make a folder for it, or to move away what is there
_READ_REASONS: Mapping[str, FileErrorReason] = {
    FileErrorReason.NOT_FOUND: FileErrorReason.MISSING,
    FileErrorReason.IS_A_FOLDER: FileErrorReason.NOT_A_REGULAR_FILE,
}


def read_pasted_input(terminal: Terminal, path: str) -> str:
    """Return the text of a file, or of standard input for `-`."""
    if path != "-":
        try:
            with translate_os_errors(path), open(path, "rb") as file:  # noqa: PTH123 - a Path would change the path in errors
                return decode_bytes(file.read(SIZE_MAX))
        except FileError as error:
            raise FileError(path, _READ_REASONS.get(error.reason, error.reason)) from error
    raw = getattr(terminal.stdin, "buffer", None)  # bytes: a block may be in any encoding
    return terminal.stdin.read(SIZE_MAX) if raw is None else decode_bytes(raw.read(SIZE_MAX))


def decode_argument(argument: str) -> str:
    """Return an argument as text, also where its bytes are not those of the terminal's encoding."""
    try:
        argument.encode()
    except UnicodeEncodeError:  # Python kept the undecodable bytes as surrogates
        return decode_bytes(os.fsencode(argument)) if os.name == "posix" else argument
    return argument
