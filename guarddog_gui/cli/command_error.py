"""Why a command cannot go on."""

from guarddog_gui.services.exit_codes import Exit
from guarddog_gui.services.messages.message import Sentence


class Stop(Exception):
    """A command cannot go on, for a reason that a person understands."""

    def __init__(self, code: Exit, sentence: Sentence, lines: tuple[str, ...] = ()) -> None:
        super().__init__(sentence.what)
        self.code = code
        self.sentence = sentence
        self.lines = lines  # what there is to choose from


class OutputLost(Exception):
    """Standard output does not take the result: the reader has gone, or, with a reason, its file is full."""

    def __init__(self, code: Exit, reason: str = "") -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason
