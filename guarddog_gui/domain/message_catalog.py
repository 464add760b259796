"""The words that a person reads, in English and Chinese, and which of the two it is."""

import json
import re
from collections.abc import Mapping

from guarddog_gui.domain.errors import InternalError

ENGLISH = "en"
CHINESE = "zh_CN"

_JSON_COLUMNS = {ENGLISH: "en", CHINESE: "zh"}
_LANGUAGES = {"en": ENGLISH, "zh": CHINESE}
_LOCALE_SEPARATOR = re.compile(r"[-_.@]")  # what stands behind the language in zh_CN.UTF-8
_LOCALE_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")


class MessageCatalog:
    """The texts of `resources/words.json` in one language."""

    __slots__ = ("_texts", "language")

    def __init__(self, texts: Mapping[str, str], language: str) -> None:
        self._texts = texts
        self.language = language

    @classmethod
    def from_json(cls, text: str, language: str) -> "MessageCatalog":
        """Read the text of `resources/words.json`; `language` is "en" or "zh_CN". Raises OurBug."""
        column = _JSON_COLUMNS[language]
        try:
            texts = json.loads(text)
            by_key = {key: both[column] for key, both in texts.items()}
            return cls({both["en"]: both[column] for both in texts.values()} | by_key, language)
        except (ValueError, KeyError, TypeError, AttributeError) as broken:
            raise InternalError(f"words: {broken!r}") from broken

    def text(self, key: str, /, **values: object) -> str:
        """Return the text of a key or an English text, with its values. Raises InternalError."""
        try:
            return self._texts[key].format_map(values)
        except KeyError as missing:
            raise InternalError(f"words: {key}: {missing} is missing") from missing

    def has(self, key: str) -> bool:
        """Whether there is a text of this key."""
        return key in self._texts


def resolve_language(environ: Mapping[str, str], setting: str) -> str:
    """The language to speak: GUARDDOG_LANG, else the person's setting, else the system's.

    A GUARDDOG_LANG of another language than these two counts as not set.
    """
    for wanted in (environ.get("GUARDDOG_LANG", ""), setting):
        if (known := _LANGUAGES.get(_LOCALE_SEPARATOR.split(wanted.lower())[0])) is not None:
            return known
    system = next((environ[name] for name in _LOCALE_VARIABLES if environ.get(name)), "")
    return CHINESE if system.lower().startswith("zh") else ENGLISH
