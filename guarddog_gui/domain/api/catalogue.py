"""Catalogue of common calls of WeChat's API: what each needs, and whether it changes or sends something."""

import re
from collections.abc import Iterator
from enum import StrEnum

from msgspec import DecodeError, Raw, Struct, field
from msgspec.json import decode
from msgspec.json import format as format_json

from guarddog_gui.domain.accounts.account import Platform
from guarddog_gui.domain.api.request import Method
from guarddog_gui.domain.errors import InternalError
from guarddog_gui.domain.hidden_fields import HiddenFields
from guarddog_gui.domain.message_catalog import CHINESE

_UPLOAD_FIELD = "media"
# of unknown calls; a word alone would be found in others: `forget`, `delaccount`, `deletelist`
_READING_NAME = re.compile(
    r"(batch)?_?(get|list|query|search|count)(?!.*(add|clear|create|del|remove|reset|send|set|update))"
)
_EXAMPLE_APPID = "wx0123456789abcdef"


class CallPlatform(StrEnum):
    """Kind of account that has a call."""

    OFFICIAL = "official"
    MINI_PROGRAM = "mini-program"
    BOTH = "both"

    def covers(self, platform: Platform | None) -> bool:
        return platform is None or self is CallPlatform.BOTH or self.value == platform.value


class CallEffect(StrEnum):
    """What a call does."""

    READS = "reads"
    CHANGES = "changes"
    SENDS = "sends"  # to people, who see it at once


class CatalogueCall(HiddenFields, Struct, frozen=True, rename={"title_en": "en", "title_zh": "zh", "help_url": "page"}):
    """One call, with examples of what it takes.

    query       parameters with example values
    body        example of the JSON body; empty for a call without one
    upload      True if a file is sent in the form field `media`
    is_binary   True if the answer is a file, such as a picture
    help_url    page of WeChat's documentation
    """

    hidden_fields = ("query", "body")

    method: Method
    path: str
    title_en: str
    title_zh: str
    help_url: str
    platform: CallPlatform = CallPlatform.BOTH
    effect: CallEffect = CallEffect.READS
    query: dict[str, str] = field(default_factory=dict)
    body: Raw = Raw()
    upload: bool = False
    is_binary: bool = False

    @property
    def key(self) -> tuple[str, str]:
        return self.method.value, self.path

    def body_text(self, appid: str = "") -> str:
        """Return the example body with indentation, for this account; empty for a call without one."""
        text = format_json(bytes(self.body), indent=2).decode() if self.body else ""
        return text.replace(_EXAMPLE_APPID, appid) if appid else text

    @property
    def upload_field(self) -> str:
        return _UPLOAD_FIELD if self.upload else ""

    def title(self, language: str) -> str:
        return self.title_zh if language == CHINESE else self.title_en


class CallGroup(Struct, frozen=True, rename={"name_en": "en", "name_zh": "zh"}):
    """Calls about one thing, such as menus."""

    name_en: str
    name_zh: str
    calls: tuple[CatalogueCall, ...]

    def name(self, language: str) -> str:
        return self.name_zh if language == CHINESE else self.name_en


class ApiCatalogue:
    """All calls that Guard Dog knows, in their groups."""

    def __init__(self, groups: tuple[CallGroup, ...]) -> None:
        self.groups = groups
        self._by_lower_key = {(call.method.value, call.path.lower()): call for call in self}
        if len({call.key for call in self}) != sum(len(group.calls) for group in groups):
            raise InternalError("api_calls: a call is there twice")

    @classmethod
    def from_json(cls, text: str) -> "ApiCatalogue":
        """Read the text of `resources/api_calls.json`. Raises InternalError for an incomplete installation."""
        try:
            return cls(decode(text, type=tuple[CallGroup, ...]))
        except DecodeError as error:
            raise InternalError(f"api_calls: {error!r}") from error

    def __iter__(self) -> Iterator[CatalogueCall]:
        return (call for group in self.groups for call in group.calls)

    def find(self, method: str, path: str) -> CatalogueCall | None:
        """Return a call in any case of letters: a gateway in front of WeChat may not mind it."""
        return self._by_lower_key.get((method.upper(), path.lower()))

    def is_changing(self, method: str, path: str) -> bool:
        """Return True if the call changes or sends something.

        An unknown call does unless it is a GET whose name says that it reads: WeChat deletes a menu by a GET.
        """
        known = self.find(method, path)
        if known is not None:
            return known.effect is not CallEffect.READS
        name = path.lower().rstrip("/").rpartition("/")[2]
        return method.upper() != Method.GET or _READING_NAME.match(name) is None

    def search(self, text: str, platform: Platform | None = None) -> tuple[CallGroup, ...]:
        """Return the groups with the calls of this platform that have all words of the text."""
        words = text.casefold().split()
        found = []
        for group in self.groups:
            calls = tuple(
                call
                for call in group.calls
                if call.platform.covers(platform) and all(word in _searched_text(group, call) for word in words)
            )
            if calls:
                found.append(CallGroup(group.name_en, group.name_zh, calls))
        return tuple(found)


def _searched_text(group: CallGroup, call: CatalogueCall) -> str:
    names = (call.method, call.path, call.title_en, call.title_zh, group.name_en, group.name_zh)
    return " ".join(names).casefold()
