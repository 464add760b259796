"""Pasted texts of the command line: an argument, a file, or standard input, in any encoding."""

import os
from collections.abc import Mapping

from guarddog_gui.adapters.files.paths import translate_os_errors
from guarddog_gui.cli.context import CommandContext
from guarddog_gui.domain.errors import FileError
from guarddog_gui.domain.paste.encoding import decode_bytes
from guarddog_gui.domain.problems import FileErrorReason

SIZE_MAX = 2**22  # bytes
TERMINAL_LINE_MAX = 4095  # bytes of a line, of which Linux gives no more to a program
# the user named a file to read: the advice is not to make a folder for it, or to move away what is there
_READ_REASONS: Mapping[str, FileErrorReason] = {
    FileErrorReason.NOT_FOUND: FileErrorReason.MISSING,
    FileErrorReason.IS_A_FOLDER: FileErrorReason.NOT_A_REGULAR_FILE,
}


def read_pasted_input(context: CommandContext, path: str) -> str:
    """Return the text of a file, or of standard input for `-`; a terminal asks for it."""
    if path != "-":
        try:
            with translate_os_errors(path), open(path, "rb") as file:  # noqa: PTH123 - a Path would change the path in errors
                return decode_bytes(file.read(SIZE_MAX))
        except FileError as error:
            raise FileError(path, _READ_REASONS.get(error.reason, error.reason)) from error
    terminal, messages = context.terminal, context.messages
    is_terminal = terminal.stdin.isatty()
    if is_terminal:
        end = "Ctrl+Z, Enter" if os.name == "nt" else "Ctrl+D"
        terminal.write_message(messages.text("Paste the text, then press Enter and {keys}.", keys=end))
    raw = getattr(terminal.stdin, "buffer", None)  # bytes: a block may be in any encoding
    if raw is None:
        return terminal.stdin.read(SIZE_MAX)
    data = raw.read(SIZE_MAX)
    if is_terminal and any(len(line) >= TERMINAL_LINE_MAX for line in data.splitlines()):
        cut = messages.message(
            "The terminal has cut a line of the text: it takes {limit} characters.",
            "Save the text in a file, and name that one.",
            limit=TERMINAL_LINE_MAX,
        )
        terminal.write_message(cut)
    return decode_bytes(data)


def decode_argument(argument: str) -> str:
    """Return an argument as text, also where its bytes are not those of the terminal's encoding."""
    try:
        argument.encode()
    except UnicodeEncodeError:  # Python kept the undecodable bytes as surrogates
        return decode_bytes(os.fsencode(argument)) if os.name == "posix" else argument
    return argument
