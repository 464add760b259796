"""Texts in the language of the user: the English text in the code is the key of its translation.

The catalogue of a language is made by gettext's tools, see `packaging/dev.py translate`.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from gettext import NullTranslations

from guarddog_gui.domain.errors import InternalError

ENGLISH = "en"
CHINESE = "zh_CN"

_LANGUAGES = {"en": ENGLISH, "zh": CHINESE}
_LOCALE_SEPARATOR = re.compile(r"[-_.@]")  # ends the language in zh_CN.UTF-8 and zh-Hans-CN
_LOCALE_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")


def N_(english: str) -> str:  # noqa: N802 - gettext's name for it
    """Mark a text of a table for the catalogue; `MessageCatalog.text` translates it where it is shown."""
    return english


def NC_(context: str, english: str) -> str:  # noqa: ARG001, N802 - gettext's name for it
    """Mark a text for the catalogue that has more than one translation; `context` tells them apart."""
    return english


class MessageCatalog:
    """Texts of one language with their values filled in.

    `load` reads the translations. It is called at the first text: some commands show none. English needs no file:
    `NullTranslations` returns the texts as they are in the code.
    """

    __slots__ = ("_load", "_translations", "language")

    def __init__(self, language: str = ENGLISH, load: Callable[[], NullTranslations] = NullTranslations) -> None:
        self.language = language
        self._load = load
        self._translations: NullTranslations | None = None

    @property
    def translations(self) -> NullTranslations:
        if self._translations is None:
            self._translations = self._load()
        return self._translations

    def text(self, english: str, /, **values: object) -> str:
        """Return the translation with its values; "" stays "". Raise InternalError if a value is missing."""
        # gettext keeps the catalogue's header under the empty text
        return _fill_in(self.translations.gettext(english), values) if english else ""

    def text_in_context(self, context: str, english: str, /, **values: object) -> str:
        """Return the translation that this text has in a context, see `NC_`."""
        return _fill_in(self.translations.pgettext(context, english), values)

    def plural(self, singular: str, plural: str, n: int, /, **values: object) -> str:
        """Return the translation for a number of things; the number itself is one of the values."""
        return _fill_in(self.translations.ngettext(singular, plural, n), values)


def _fill_in(text: str, values: Mapping[str, object]) -> str:
    try:
        return text.format_map(values)
    except KeyError as missing:
        raise InternalError(f"the text {text!r} has no value for {missing}") from missing


def resolve_language(environ: Mapping[str, str], setting: str, preferred_languages: Callable[[], Sequence[str]]) -> str:
    """Return the language to use: GUARDDOG_LANG, else the setting, else the language of the system.

    The system is known by the locale variables of a terminal or desktop, else by `preferred_languages`: the
    languages chosen in the operating system, such as `zh-Hans-CN`, best first. It is asked only if nothing
    else decides. A GUARDDOG_LANG of a language without translations counts as not set.
    """
    for wanted in (environ.get("GUARDDOG_LANG", ""), setting):
        if (language := _known_language(wanted)) is not None:
            return language
    locale = next((environ[name] for name in _LOCALE_VARIABLES if environ.get(name)), "")
    if locale:
        return CHINESE if locale.lower().startswith("zh") else ENGLISH
    return next(filter(None, map(_known_language, preferred_languages())), ENGLISH)


def _known_language(name: str) -> str | None:
    return _LANGUAGES.get(_LOCALE_SEPARATOR.split(name.lower())[0])
