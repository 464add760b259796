"""Catalogue of the error messages of the JS-SDK: meaning, causes to check and remedy, in two languages."""

import re
from collections.abc import Iterator

from msgspec import DecodeError, Struct
from msgspec.json import decode

from guarddog_gui.domain.errors import InternalError
from guarddog_gui.domain.message_catalog import CHINESE

_JSON_NAMES = {
    "meaning_en": "en", "meaning_zh": "zh", "aliases": "also", "wecom_codes": "codes", "help_url": "page",
}  # fmt: skip
_SEARCHED_MAX = 10_000  # characters; the message is near the beginning of pasted text


class JssdkError(Struct, frozen=True, rename=_JSON_NAMES):
    """One error message.

    wecom_codes   errcodes that WeCom returns for the same error
    causes_*      conditions to check, the most likely first
    """

    message: str
    meaning_en: str
    meaning_zh: str
    causes_en: tuple[str, ...]
    causes_zh: tuple[str, ...]
    fix_en: str
    fix_zh: str
    aliases: tuple[str, ...] = ()
    wecom_codes: tuple[int, ...] = ()
    help_url: str | None = None

    def meaning(self, lang: str) -> str:
        return self.meaning_zh if lang == CHINESE else self.meaning_en

    def causes(self, lang: str) -> tuple[str, ...]:
        return self.causes_zh if lang == CHINESE else self.causes_en

    def fix(self, lang: str) -> str:
        return self.fix_zh if lang == CHINESE else self.fix_en


class JssdkErrorCatalog:
    """All messages that Guard Dog can explain, the vaguest last."""

    __slots__ = ("_errors", "_messages", "_messages_and_codes")

    def __init__(self, errors: tuple[JssdkError, ...]) -> None:
        self._errors = errors
        self._messages = tuple((error, _compile_pattern(error, ())) for error in errors)
        self._messages_and_codes = tuple(
            (error, _compile_pattern(error, error.wecom_codes) if error.wecom_codes else pattern)
            for error, pattern in self._messages
        )

    @classmethod
    def from_json(cls, text: str) -> "JssdkErrorCatalog":
        """Read the text of `resources/jssdk_errors.json`, which catalog_checks.py of the tests validates.

        Raises InternalError for an incomplete installation.
        """
        try:
            return cls(decode(text, type=tuple[JssdkError, ...]))
        except DecodeError as error:
            raise InternalError(f"jssdk_errors: {error!r}") from error

    def __iter__(self) -> Iterator[JssdkError]:
        return iter(self._errors)

    def find(self, text: str, *, with_codes: bool = True) -> JssdkError | None:
        """Find the first known message in a text copied from a page or console, ignoring case.

        Without `with_codes` an errcode of WeCom is no message: in other texts it may be any number.
        """
        plain = _normalize(text[:_SEARCHED_MAX])
        patterns = self._messages_and_codes if with_codes else self._messages
        return next((error for error, spelling in patterns if spelling.search(plain)), None)

    def find_by_code(self, code: int) -> JssdkError | None:
        return next((error for error in self._errors if code in error.wecom_codes), None)


def _normalize(text: str) -> str:
    """Convert to lower case and put one space for each run of blanks, underscores and hyphens."""
    return re.sub(r"[\s_-]+", " ", text.lower())


def _compile_pattern(error: JssdkError, codes: tuple[int, ...]) -> re.Pattern[str]:
    known = (error.message, *error.aliases, *map(str, codes))
    words = "|".join(re.escape(_normalize(spelling)) for spelling in known)
    return re.compile(rf"(?<![a-z0-9])(?:{words})(?![a-z0-9])")
