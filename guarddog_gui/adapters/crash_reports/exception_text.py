"""Text of an exception without anything private: no values, no folders of the user, no secrets.

The exception may be of foreign code and may be broken itself, so nothing in here raises.
"""

import os
import re
from collections.abc import Iterator
from pathlib import PurePath
from types import TracebackType

from msgspec import Struct

from guarddog_gui.domain.redaction import redact_beginning

MESSAGE_LENGTH_MAX = 2_000  # characters of an exception's own text
FRAMES_FIRST, FRAMES_LAST = 10, 25  # a recursion has a thousand
EXCEPTIONS_MAX = 12  # with causes and the members of groups
_SIGNATURE_FRAMES = 30

_PACKAGE_FOLDER = re.compile(r"(?:.*[/\\])?(?:site-packages|dist-packages|python3\.[0-9]+|(?=guarddog_gui[/\\]))[/\\]?")


class Frame(Struct, frozen=True):
    """Place in the source: the file relative to its package, the line, the function."""

    file: str
    line: int
    function: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line} in {self.function}"


class ExceptionText(Struct, frozen=True):
    """Description of an exception; equal `signature`s stand for the same mistake."""

    text: str
    signature: str


def describe_exception(error: BaseException) -> ExceptionText:
    """Return type, message and frames of the exception, of its causes and of the members of a group."""
    try:
        return _describe(error)
    except Exception as failure:  # noqa: BLE001 - a class of foreign code may have broken attributes
        text = f"{type(error).__name__}, which cannot be described: {type(failure).__name__}"
        return ExceptionText(text, text)


def _describe(error: BaseException) -> ExceptionText:
    lines: list[str] = []
    signature: list[str] = []
    for relation, part in _related_exceptions(error):
        frames = list(_frames(part.__traceback__))
        name = type_name(part)
        message = exception_message(part)
        lines.append(f"{relation}{name}: {message}" if message else f"{relation}{name}")
        lines += _frame_lines(frames)
        # a set: a recursion ends in another function each time
        signature += [name, *sorted({str(frame) for frame in frames[-_SIGNATURE_FRAMES:]})]
    return ExceptionText("\n".join(lines), "\n".join(signature))


def type_name(error: BaseException) -> str:
    """Return the name of the exception's class, with its module unless it is built in."""
    module, name = str(type(error).__module__), type(error).__qualname__
    return name if module == "builtins" else redact_beginning(f"{module}.{name}", 200)


def exception_message(error: BaseException) -> str:
    """Return the redacted beginning of the exception's own text, on one line."""
    try:
        text = str.__str__(str(error))
    except BaseException as failure:  # noqa: BLE001 - the text is made by foreign code
        return f"(its text raised {type(failure).__name__})"
    shown = redact_beginning(text, MESSAGE_LENGTH_MAX, home_folder(), user_name())
    return " ".join(shown.split())


def home_folder() -> str:
    """Return the user's home folder, or "~" where the system does not know it."""
    return os.path.expanduser("~")  # noqa: PTH111 - Path.home() raises where there is none


def user_name() -> str:
    """Return the name of the user, or nothing where the system does not know it."""
    import getpass  # loads much

    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""


def relative_file(path: str) -> str:
    """Return the path from the package on: the folders above it may contain the name of the user."""
    relative = _PACKAGE_FOLDER.sub("", path, count=1)
    return PurePath(path).name if relative == path and os.path.isabs(path) else relative.replace("\\", "/")  # noqa: PTH117


def _related_exceptions(error: BaseException) -> Iterator[tuple[str, BaseException]]:
    """Return the exception, then its causes, then the members of groups; each once, EXCEPTIONS_MAX at most."""
    queue: list[tuple[str, BaseException]] = [("", error)]
    seen: set[int] = set()
    while queue and len(seen) < EXCEPTIONS_MAX:
        relation, part = queue.pop(0)
        if id(part) in seen:
            continue
        seen.add(id(part))
        yield relation, part
        if part.__cause__ is not None:
            queue.append(("caused by ", part.__cause__))
        elif part.__context__ is not None and not part.__suppress_context__:
            queue.append(("while handling ", part.__context__))
        if isinstance(part, BaseExceptionGroup):
            queue += [("one of the group: ", member) for member in part.exceptions[:EXCEPTIONS_MAX]]


def _frames(trace: TracebackType | None) -> Iterator[Frame]:
    while trace is not None:
        code = trace.tb_frame.f_code
        yield Frame(relative_file(code.co_filename), trace.tb_lineno or 0, code.co_qualname)
        trace = trace.tb_next


def _frame_lines(frames: list[Frame]) -> list[str]:
    lines = [f"  {frame}" for frame in frames]
    left_out = len(lines) - FRAMES_FIRST - FRAMES_LAST
    if left_out <= 0:
        return lines
    return [*lines[:FRAMES_FIRST], f"  … {left_out} more frames …", *lines[-FRAMES_LAST:]]
