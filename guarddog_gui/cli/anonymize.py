"""Takes the person out of a text that may go into a public bug report."""

import getpass
import re
from collections.abc import Callable
from pathlib import Path

_HOME_LENGTH_MIN = 2  # characters: a home that is the root of everything hides nothing


def anonymize(text: str, *, home_dir: str, user_name: str) -> str:
    """The home folder as ~, and no user name in any other path."""
    if len(home_dir) >= _HOME_LENGTH_MIN:
        text = re.sub(rf"{re.escape(home_dir)}(?![\w-])", "~", text, flags=re.ASCII)
    if user_name:
        text = re.sub(rf"(?<=[/\\]){re.escape(user_name)}(?![\w-])", "…", text, flags=re.ASCII)
    return text


def current_home_dir() -> str:
    """Empty for somebody without one."""
    return _or_empty(lambda: str(Path.home()))


def current_user_name() -> str:
    """Empty for somebody without one."""
    return _or_empty(getpass.getuser)


def _or_empty(lookup: Callable[[], str]) -> str:
    try:
        return lookup()
    except (OSError, KeyError, RuntimeError, ImportError):  # what Python has for "there is none"
        return ""
