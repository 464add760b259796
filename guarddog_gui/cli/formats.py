"""Output formats of `token`: assignments for various shells."""

import re
import shlex
from enum import StrEnum

from guarddog_gui.domain.errors import BadInput
from guarddog_gui.domain.problems import InputProblem

_UNQUOTED_PATTERN = re.compile(r"[A-Za-z0-9_./:+@%=-]+")
# PowerShell takes typographic quotation marks for quotes, too
_POWERSHELL_QUOTE_PATTERN = re.compile("(['\u2018\u2019\u201a\u201b])")


class TokenFormat(StrEnum):
    """Formats: the value alone, or a line that assigns it to a variable in the named shell."""

    PLAIN = "plain"
    ENV = "env"
    EXPORT = "export"
    POWERSHELL = "powershell"
    CMD = "cmd"
    FISH = "fish"


def format_assignment(output_format: TokenFormat, name: str, value: str) -> str:
    """Return the value, or the line that assigns it to the variable `name`.

    Raises BadInput if the value cannot be assigned in cmd.
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
            doubled = value.replace("%", "%%")  # as batch files need it
            return f'set "{name}={doubled}"'
        case TokenFormat.FISH:
            escaped = value.replace("\\", "\\\\").replace("'", "\\'")
            return f"set -gx {name} '{escaped}'"
