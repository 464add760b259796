"""Reads the translations that `packaging/dev.py translate` has compiled."""

from collections.abc import Mapping
from functools import cache
from gettext import GNUTranslations
from typing import TYPE_CHECKING

from guarddog_gui.adapters.files.paths import resource_path
from guarddog_gui.domain.errors import InternalError
from guarddog_gui.domain.message_catalog import ENGLISH, MessageCatalog, resolve_language

if TYPE_CHECKING:
    from pathlib import Path


def find_language(environ: Mapping[str, str], setting: str) -> str:
    """Return the language to use: GUARDDOG_LANG, else the setting, else the system's."""
    return resolve_language(environ, setting, _ask_system)


def _ask_system() -> tuple[str, ...]:
    from guarddog_gui.adapters.system_language import preferred_languages  # ctypes, which most need not load

    return preferred_languages()


@cache
def load_message_catalog(language: str) -> MessageCatalog:
    """Return the texts of `en` or `zh_CN`; the file is read at the first text. Raise FileError if it is missing."""
    if language == ENGLISH:
        return MessageCatalog()
    path = resource_path(f"locale/{language}/LC_MESSAGES/guarddog.mo")
    return MessageCatalog(language, lambda: read_translations(path))


def read_translations(path: "Path") -> GNUTranslations:
    """Read an .mo file. Raise InternalError if it is none."""
    import struct

    try:
        with path.open("rb") as file:
            return GNUTranslations(file)
    except (OSError, ValueError, struct.error) as error:
        raise InternalError(f"{path}: {error!r}") from error
