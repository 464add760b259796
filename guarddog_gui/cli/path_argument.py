"""A path as it is typed, made whole: the tray starts in another folder than this terminal."""

from pathlib import Path

from guarddog_gui.adapters.files.errors import troubles_of
from guarddog_gui.domain.errors import FileTrouble


def typed_path(text: str) -> str:
    """The full path, ~ being the home. Raises FileTrouble in a folder that is gone, and for a ~ of nobody."""
    try:
        with troubles_of(text):
            return str(Path(text).expanduser().absolute())
    except RuntimeError as homeless:  # what pathlib raises for a user without a home
        raise FileTrouble(text, "nobody here has such a home") from homeless
