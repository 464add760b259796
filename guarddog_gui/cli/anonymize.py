"""Takes the person out of a text that may go into a public bug report."""

import getpass
import re
from collections.abc import Callable
from pathlib import Path

_HOME_LEAST = 2  # characters: a home that is the root of everything hides nothing


def anonymous(text: str, *, home: str, user: str) -> str:
    """The home folder as ~, and no user name in any other path."""
    if len(home) >= _HOME_LEAST:
        text = re.sub(rf"{re.escape(home)}(?![\w-])", "~", text, flags=re.ASCII)
    if user:
        text = re.sub(rf"(?<=[/\\]){re.escape(user)}(?![\w-])", "…", text, flags=re.ASCII)
    return text


def home_of_this_person() -> str:
    """Empty for somebody without one."""
    return _told(lambda: str(Path.home()))


def name_of_this_person() -> str:
    """Empty for somebody without one."""
    return _told(getpass.getuser)


def _told(ask: Callable[[], str]) -> str:
    try:
        return ask()
    except (OSError, KeyError, RuntimeError, ImportError):  # what Python has for "there is none"
        return ""
