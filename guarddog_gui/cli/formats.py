"""A value as a line that another program or shell reads."""

import re
import shlex
from enum import StrEnum

from guarddog_gui.domain.errors import BadInput
from guarddog_gui.domain.problems import InputProblem

_UNQUOTED_PATTERN = re.compile(r"[A-Za-z0-9_./:+@%=-]+")
_POWERSHELL_QUOTE_PATTERN = re.compile(
    "(['\u2018\u2019\u201a\u201b])"
)  # it takes typographic ones for quotes, too


class TokenFormat(StrEnum):
    """How `token` prints the value; the value itself is a shell variable's in all but the first."""

    PLAIN = "plain"
    ENV = "env"
    EXPORT = "export"
    POWERSHELL = "powershell"
    CMD = "cmd"
    FISH = "fish"


def format_assignment(output_format: TokenFormat, name: str, value: str) -> str:
    """The value, or the line that puts it into the variable `name` in that shell.

    Raises BadInput for what cmd cannot hold.
    """
    match output_format:
        case TokenFormat.PLAIN:
            return value
        case TokenFormat.ENV:
            return f"{name}={value if _UNQUOTED_PATTERN.fullmatch(value) else shlex.quote(value)}"
        case TokenFormat.EXPORT:
            return f"export {name}={shlex.quote(value)}"
        case TokenFormat.POWERSHELL:
            doubled = _POWERSHELL_QUOTE_PATTERN.sub(r"\1\1", value)
            return f"$Env:{name} = '{doubled}'"
        case TokenFormat.CMD:
            if '"' in value or not value.isprintable():
                raise BadInput(InputProblem.NOT_FOR_CMD)
            doubled = value.replace("%", "%%")  # as in a batch file, where such a line is used
            return f'set "{name}={doubled}"'
        case TokenFormat.FISH:
            escaped = value.replace("\\", "\\\\").replace("'", "\\'")
            return f"set -gx {name} '{escaped}'"
