"""Catalogue of the error messages of the JS-SDK: meaning, causes to check and remedy, in two languages."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from guarddog_gui.domain.errors import InternalError
from guarddog_gui.domain.message_catalog import CHINESE

_JSON_FIELDS = frozenset(
    ("message", "also", "codes", "en", "zh", "causes_en", "causes_zh", "fix_en", "fix_zh", "page")
)
_SEARCHED_MAX = 10_000  # characters; the message is near the beginning of pasted text


@dataclass(frozen=True, slots=True)
class JssdkError:
    """One error message.

    aliases       other spellings
    wecom_codes   errcodes that WeCom returns for the same error
    causes_*      conditions to check, the most likely first
    help_url      https address that helps
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
        """Return a sentence about what happened."""
        return self.meaning_zh if lang == CHINESE else self.meaning_en

    def causes(self, lang: str) -> tuple[str, ...]:
        """Return what to check, the most likely cause first."""
        return self.causes_zh if lang == CHINESE else self.causes_en

    def fix(self, lang: str) -> str:
        """Return one or a few sentences about what to do."""
        return self.fix_zh if lang == CHINESE else self.fix_en


class JssdkErrorCatalog:
    """All messages that Guard Dog can explain, the vaguest last."""

    __slots__ = ("_errors", "_patterns")

    def __init__(self, errors: tuple[JssdkError, ...]) -> None:
        self._errors = errors
        self._patterns = tuple((error, _compile_pattern(error)) for error in errors)

    @classmethod
    def from_json(cls, text: str) -> "JssdkErrorCatalog":
        """Parse the text of `resources/jssdk_errors.json`. Raises InternalError with message and field."""
        try:
            items = json.loads(text)
        except ValueError as error:
            raise InternalError(f"jssdk_errors: not JSON, {error}") from error
        if not isinstance(items, list):
            raise InternalError("jssdk_errors: not a list")
        return cls(tuple(_parse_error(position, item) for position, item in enumerate(items, 1)))

    def __iter__(self) -> Iterator[JssdkError]:
        return iter(self._errors)

    def find(self, text: str) -> JssdkError | None:
        """Find the first known message in a text copied from a page or console, ignoring case."""
        plain = _normalize(text[:_SEARCHED_MAX])
        return next((error for error, spelling in self._patterns if spelling.search(plain)), None)

    def find_by_code(self, code: int) -> JssdkError | None:
        """Return the message for a WeCom errcode."""
        return next((error for error in self._errors if code in error.wecom_codes), None)


def _normalize(text: str) -> str:
    """Convert to lower case and put one space for each run of blanks, underscores and hyphens."""
    return re.sub(r"[\s_-]+", " ", text.lower())


def _compile_pattern(error: JssdkError) -> re.Pattern[str]:
    """Compile a pattern that finds each spelling and code as whole words."""
    known = (error.message, *error.aliases, *map(str, error.wecom_codes))
    words = "|".join(re.escape(_normalize(spelling)) for spelling in known)
    return re.compile(rf"(?<![a-z0-9])(?:{words})(?![a-z0-9])")


def _parse_error(position: int, item: object) -> JssdkError:
    if not isinstance(item, dict):
        raise InternalError(f"jssdk_errors: item {position} is not an object")
    message = item.get("message")
    if not isinstance(message, str) or not message.strip():
        raise InternalError(f"jssdk_errors: item {position}: message is empty")
    unknown = sorted(set(item) - _JSON_FIELDS)
    if unknown:
        raise InternalError(f"{message}: {unknown[0]} is not a field")
    causes_en, causes_zh = _parse_texts(message, item, "causes_en"), _parse_texts(message, item, "causes_zh")
    if not causes_en or len(causes_en) != len(causes_zh):
        raise InternalError(f"{message}: causes_zh is not as long as causes_en, or both are empty")
    return JssdkError(
        message=message,
        meaning_en=_parse_text(message, item, "en"),
        meaning_zh=_parse_text(message, item, "zh"),
        causes_en=causes_en,
        causes_zh=causes_zh,
        fix_en=_parse_text(message, item, "fix_en"),
        fix_zh=_parse_text(message, item, "fix_zh"),
        aliases=_parse_texts(message, item, "also"),
        wecom_codes=_parse_codes(message, item.get("codes", [])),
        help_url=_parse_help_url(message, item.get("page")),
    )


def _parse_text(message: str, item: dict[str, object], field: str) -> str:
    text = item.get(field)
    if not isinstance(text, str) or not text.strip():
        raise InternalError(f"{message}: {field} is empty")
    return text


def _parse_texts(message: str, item: dict[str, object], field: str) -> tuple[str, ...]:
    texts = item.get(field, [])
    if not isinstance(texts, list) or not all(isinstance(text, str) and text.strip() for text in texts):
        raise InternalError(f"{message}: {field} is not a list of texts")
    return tuple(texts)


def _parse_codes(message: str, codes: object) -> tuple[int, ...]:
    if not isinstance(codes, list) or not all(type(code) is int for code in codes):
        raise InternalError(f"{message}: codes is not a list of numbers")
    return tuple(codes)


def _parse_help_url(message: str, address: object) -> str | None:
    if address is not None and not (isinstance(address, str) and address.startswith("https://")):
        raise InternalError(f"{message}: page is not an https address")
    return address
