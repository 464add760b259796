"""An outlet as it is typed: paths from here, and a command as a shell would split it."""

from pathlib import Path

from guarddog_gui.cli.path_argument import typed_path
from guarddog_gui.domain.errors import BadInput
from guarddog_gui.domain.exports.targets import Outlet, OutletForm, command_in


def outlet_in(form: OutletForm, text: str) -> Outlet:
    """The outlet, with full paths. Raises FileTrouble, and BadInput for a command that is none."""
    if form is not OutletForm.COMMAND:
        return Outlet(form, text and typed_path(text))
    words = command_in(text)
    if not words:
        raise BadInput("bad-outlet-quote" if text.strip() else "outlet-command-empty")
    program = typed_path(words[0]) if Path(words[0]).name != words[0] else words[0]
    return Outlet(form, command=(program, *words[1:]))
