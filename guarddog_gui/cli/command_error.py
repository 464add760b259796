"""Exceptions that end a command early."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from guarddog_gui.services.exit_codes import ExitCode
    from guarddog_gui.services.messages.message import Message, Messages


class CommandError(Exception):
    """Expected failure of a command, with the message for the user and the exit code."""

    def __init__(self, exit_code: "ExitCode", message: "Message", details: tuple[str, ...] = ()) -> None:
        super().__init__(message.summary)
        self.exit_code = exit_code
        self.message = message
        self.details = details  # further lines, for example the accounts to choose from


class OutputError(Exception):
    """Standard output does not accept the result.

    Without a `reason` the reader has closed the pipe, which is no failure of the command.
    """

    def __init__(self, exit_code: "ExitCode", reason: str = "") -> None:
        super().__init__(reason)
        self.exit_code = exit_code
        self.reason = reason


class ReplaceProcess(Exception):
    """Request of `exec` to run another program in place of this process.

    An exception, so that every `with` and `finally` on the way out releases files and locks first.
    """

    def __init__(self, command: tuple[str, ...], environ: Mapping[str, str], messages: "Messages") -> None:
        super().__init__(command[0])
        self.command = command
        self.environ = environ
        self.messages = messages
