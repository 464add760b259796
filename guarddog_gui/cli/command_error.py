"""Why a command cannot go on."""

from guarddog_gui.services.exit_codes import ExitCode
from guarddog_gui.services.messages.message import Message


class CommandError(Exception):
    """A command cannot go on, for a reason that a person understands."""

    def __init__(self, exit_code: ExitCode, message: Message, details: tuple[str, ...] = ()) -> None:
        super().__init__(message.summary)
        self.exit_code = exit_code
        self.message = message
        self.details = details  # what there is to choose from


class OutputError(Exception):
    """Standard output does not take the result: the reader has gone, or, with a reason, its file is full."""

    def __init__(self, exit_code: ExitCode, reason: str = "") -> None:
        super().__init__(reason)
        self.exit_code = exit_code
        self.reason = reason
