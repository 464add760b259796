"""What the messages of the JS-SDK mean, what to check in which order, and what to do, in two languages."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from guarddog_gui.domain.errors import InternalError
from guarddog_gui.domain.message_catalog import CHINESE

_SEARCHED_MAX = 10_000  # characters; a message stands near the beginning of what was pasted with it


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
    aliases: tuple[str, ...] = ()
    wecom_codes: tuple[int, ...] = ()
    help_url: str | None = None

    def meaning(self, lang: str) -> str:
        """What happened, as a sentence."""
        return self.meaning_zh if lang == CHINESE else self.meaning_en

    def causes(self, lang: str) -> tuple[str, ...]:
        """What to check, the likeliest first."""
        return self.causes_zh if lang == CHINESE else self.causes_en

    def fix(self, lang: str) -> str:
        """What to do, in a sentence or a few."""
        return self.fix_zh if lang == CHINESE else self.fix_en


class JssdkErrorCatalog:
    """All messages that we can explain, the vaguest last."""

    __slots__ = ("_errors", "_patterns")

    def __init__(self, errors: tuple[JssdkError, ...]) -> None:
        self._errors = errors
        self._patterns = tuple((error, _compile_pattern(error)) for error in errors)

    @classmethod
    def from_json(cls, text: str) -> "JssdkErrorCatalog":
        """Read the text of `resources/jssdk_errors.json`, which catalog_checks.py of the tests validates.

        Raises InternalError for an incomplete installation.
        """
        try:
            return cls(tuple(map(_error_from_dict, json.loads(text))))
        except (ValueError, TypeError, LookupError, AttributeError) as error:
            raise InternalError(f"jssdk_errors: {error!r}") from error

    def __iter__(self) -> Iterator[JssdkError]:
        return iter(self._errors)

    def find(self, text: str) -> JssdkError | None:
        """The message that stands in a text as a page or a console shows it, in any case, amid anything."""
        plain = _normalize(text[:_SEARCHED_MAX])
        return next((error for error, spelling in self._patterns if spelling.search(plain)), None)

    def find_by_code(self, code: int) -> JssdkError | None:
        """The message that this number of WeCom's stands for."""
        return next((error for error in self._errors if code in error.wecom_codes), None)


def _normalize(text: str) -> str:
    """Lower case, and one space for whatever people and programs put between words."""
    return re.sub(r"[\s_-]+", " ", text.lower())


def _compile_pattern(error: JssdkError) -> re.Pattern[str]:
    """Finds each of its spellings as whole words, and its numbers."""
    known = (error.message, *error.aliases, *map(str, error.wecom_codes))
    words = "|".join(re.escape(_normalize(spelling)) for spelling in known)
    return re.compile(rf"(?<![a-z0-9])(?:{words})(?![a-z0-9])")


def _error_from_dict(fields: dict[str, Any]) -> JssdkError:
    return JssdkError(
        message=fields["message"],
        meaning_en=fields["en"],
        meaning_zh=fields["zh"],
        causes_en=tuple(fields["causes_en"]),
        causes_zh=tuple(fields["causes_zh"]),
        fix_en=fields["fix_en"],
        fix_zh=fields["fix_zh"],
        aliases=tuple(fields.get("also", ())),
        wecom_codes=tuple(fields.get("codes", ())),
        help_url=fields.get("page"),
    )
