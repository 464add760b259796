"""Text of the systemd unit, made of the file in the resources.

See https://www.freedesktop.org/software/systemd/man/latest/systemd.service.html#Command%20lines for quoting.
"""

import re
from collections.abc import Mapping

UNIT_NAME = "guarddog.service"
COPIED_VARIABLES = ("GUARDDOG_HOME", "GUARDDOG_API_BASE", "GUARDDOG_LANG", "PYTHON_KEYRING_BACKEND")

_MARK = "# Written by guarddogctl service install"
_EXEC_START = re.compile(r"^ExecStart=.*$", re.MULTILINE)
_PROGRAM = re.compile(r'^ExecStart="((?:[^"\\\n]|\\.)*)"', re.MULTILINE)
_NAMESPACE_SETTINGS = re.compile(r"# needs user namespaces.*# end of what needs user namespaces\n", re.DOTALL)
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r", "%": "%%"}
_UNESCAPES = {"n": "\n", "t": "\t", "r": "\r"}


def unit_text(template: str, program: str, environ: Mapping[str, str], *, has_namespaces: bool = True) -> str:
    """Return the unit that runs `guarddogctl watch` of this installation.

    Settings that are in environment variables are copied, because the service does not have those of a shell.
    """
    variables = [f"{name}={environ[name]}" for name in COPIED_VARIABLES if environ.get(name)]
    lines = [f"ExecStart={_quote(program)} watch", *(f"Environment={_quote(variable)}" for variable in variables)]
    text = _EXEC_START.sub(lambda _: "\n".join(lines), template)
    return text if has_namespaces else _NAMESPACE_SETTINGS.sub("", text)


def is_own_unit(text: str) -> bool:
    """Return False for a unit of the same name that the user has written."""
    return text.startswith(_MARK)


def program_of_unit(text: str) -> str | None:
    """Return the program of an own unit; None if there is none in it."""
    match = _PROGRAM.search(text)
    if match is None:
        return None
    return re.sub(r"\\(.)", lambda escape: _UNESCAPES.get(escape[1], escape[1]), match[1]).replace("%%", "%")


def _quote(word: str) -> str:
    return '"' + "".join(_ESCAPES.get(character, character) for character in word) + '"'
