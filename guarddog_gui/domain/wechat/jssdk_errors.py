"""What the messages of the JS-SDK mean, what to check in which order, and what to do, in two languages."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from guarddog_gui.domain.errors import OurBug
from guarddog_gui.domain.message_catalog import CHINESE

_FIELDS = frozenset(
    ("message", "also", "codes", "en", "zh", "causes_en", "causes_zh", "fix_en", "fix_zh", "page")
)
_LOOKED_AT_MAX = 10_000  # characters; a message stands near the beginning of what was pasted with it


@dataclass(frozen=True, slots=True)
class JssdkError:
    """One message. `also` are other spellings of it, `codes` the numbers that WeCom gives for the same.

    The causes are what has to be true, in the order in which to check; `page` is an https address that helps.
    """

    message: str
    meaning_en: str
    meaning_zh: str
    causes_en: tuple[str, ...]
    causes_zh: tuple[str, ...]
    fix_en: str
    fix_zh: str
    also: tuple[str, ...] = ()
    codes: tuple[int, ...] = ()
    page: str | None = None

    def meaning(self, lang: str) -> str:
        """What happened, as a sentence."""
        return self.meaning_zh if lang == CHINESE else self.meaning_en

    def causes(self, lang: str) -> tuple[str, ...]:
        """What to check, the likeliest first."""
        return self.causes_zh if lang == CHINESE else self.causes_en

    def fix(self, lang: str) -> str:
        """What to do, in a sentence or a few."""
        return self.fix_zh if lang == CHINESE else self.fix_en


class JssdkErrors:
    """All messages that we can explain, the vaguest last."""

    __slots__ = ("_errors", "_spellings")

    def __init__(self, errors: tuple[JssdkError, ...]) -> None:
        self._errors = errors
        self._spellings = tuple((error, _spelling(error)) for error in errors)

    @classmethod
    def from_text(cls, text: str) -> "JssdkErrors":
        """Read the text of `resources/jssdk_errors.json`. Raises OurBug that names message and field."""
        try:
            items = json.loads(text)
        except ValueError as broken:
            raise OurBug(f"jssdk_errors: not JSON, {broken}") from broken
        if not isinstance(items, list):
            raise OurBug("jssdk_errors: not a list")
        return cls(tuple(_error(place, item) for place, item in enumerate(items, 1)))

    def __iter__(self) -> Iterator[JssdkError]:
        return iter(self._errors)

    def find(self, pasted: str) -> JssdkError | None:
        """The message that stands in a text as a page or a console shows it, in any case, amid anything."""
        plain = _plain(pasted[:_LOOKED_AT_MAX])
        return next((error for error, spelling in self._spellings if spelling.search(plain)), None)

    def with_code(self, code: int) -> JssdkError | None:
        """The message that this number of WeCom's stands for."""
        return next((error for error in self._errors if code in error.codes), None)


def _plain(text: str) -> str:
    """Lower case, and one space for whatever people and programs put between words."""
    return re.sub(r"[\s_-]+", " ", text.lower())


def _spelling(error: JssdkError) -> re.Pattern[str]:
    """Finds each of its spellings as whole words, and its numbers."""
    known = (error.message, *error.also, *map(str, error.codes))
    words = "|".join(re.escape(_plain(spelling)) for spelling in known)
    return re.compile(rf"(?<![a-z0-9])(?:{words})(?![a-z0-9])")


def _error(place: int, item: object) -> JssdkError:
    if not isinstance(item, dict):
        raise OurBug(f"jssdk_errors: item {place} is not an object")
    message = item.get("message")
    if not isinstance(message, str) or not message.strip():
        raise OurBug(f"jssdk_errors: item {place}: message is empty")
    unknown = sorted(set(item) - _FIELDS)
    if unknown:
        raise OurBug(f"{message}: {unknown[0]} is not a field")
    causes_en, causes_zh = _texts(message, item, "causes_en"), _texts(message, item, "causes_zh")
    if not causes_en or len(causes_en) != len(causes_zh):
        raise OurBug(f"{message}: causes_zh is not as long as causes_en, or both are empty")
    return JssdkError(
        message=message,
        meaning_en=_text(message, item, "en"),
        meaning_zh=_text(message, item, "zh"),
        causes_en=causes_en,
        causes_zh=causes_zh,
        fix_en=_text(message, item, "fix_en"),
        fix_zh=_text(message, item, "fix_zh"),
        also=_texts(message, item, "also"),
        codes=_codes(message, item.get("codes", [])),
        page=_page(message, item.get("page")),
    )


def _text(message: str, item: dict[str, object], field: str) -> str:
    text = item.get(field)
    if not isinstance(text, str) or not text.strip():
        raise OurBug(f"{message}: {field} is empty")
    return text


def _texts(message: str, item: dict[str, object], field: str) -> tuple[str, ...]:
    texts = item.get(field, [])
    if not isinstance(texts, list) or not all(isinstance(text, str) and text.strip() for text in texts):
        raise OurBug(f"{message}: {field} is not a list of texts")
    return tuple(texts)


def _codes(message: str, codes: object) -> tuple[int, ...]:
    if not isinstance(codes, list) or not all(type(code) is int for code in codes):
        raise OurBug(f"{message}: codes is not a list of numbers")
    return tuple(codes)


def _page(message: str, address: object) -> str | None:
    if address is not None and not (isinstance(address, str) and address.startswith("https://")):
        raise OurBug(f"{message}: page is not an https address")
    return address
