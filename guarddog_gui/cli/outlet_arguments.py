"""An outlet as it is typed: paths from here, and a command as a shell would split it."""

import shlex
import sys
from pathlib import Path

from guarddog_gui.domain.outlets import Outlet, OutletForm


def outlet_in(form: OutletForm, text: str) -> Outlet | None:
    """The outlet, with full paths: the tray starts in another folder than this terminal.

    None for a command whose quotes do not close, or without a word.
    """
    if form is not OutletForm.COMMAND:
        return Outlet(form, text and _full(text))
    try:
        words = shlex.split(text, posix=sys.platform != "win32")  # there a backslash is no escape
    except ValueError:
        return None
    if not words:
        return None
    program = _full(words[0]) if Path(words[0]).name != words[0] else words[0]
    return Outlet(form, command=(program, *words[1:]))


def _full(path: str) -> str:
    return str(Path(path).expanduser().absolute())
