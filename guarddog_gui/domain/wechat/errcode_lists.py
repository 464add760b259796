"""Lists of all errcodes of WeChat's two hosts: larger than the catalogue, and read when something is looked up."""

import re
from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from functools import cached_property
from typing import ClassVar

from msgspec import DecodeError, Struct
from msgspec.json import decode

from guarddog_gui.domain.errors import InternalError
from guarddog_gui.domain.message_catalog import CHINESE
from guarddog_gui.domain.wechat.errcode_host import ErrcodeHost

_SEARCHED_MAX = 10_000  # characters; the message is near the beginning of pasted text
_ERRMSG_MIN = 8  # characters; shorter ones (`ok`, `expired`) are in texts about anything
_JSON_NAMES = {"meaning_en": "en", "meaning_zh": "zh", "help_url": "page"}
_WORK_HOST = re.compile(r"\bqyapi\b|\bwork\.weixin\.qq\.com", re.IGNORECASE)
_API_HOST = re.compile(r"\b(?:sh\.|sz\.|hk\.)?api2?\.weixin\.qq\.com", re.IGNORECASE)


class Doubt(StrEnum):
    """Reason why an entry is passed on as listed, and not as a fact."""

    ONE_SOURCE = "one-source"
    DIFFERENT_SOURCES = "differ"


class ListedErrcode(Struct, frozen=True, rename=_JSON_NAMES):
    """One errcode as the public lists have it.

    topic     area of the errcode: argument, permission, card …
    scope     products that the lists name: mp, mini, open, work …
    errmsg    beginning of the server's errmsg, where a list has it
    cause_*   circumstance or limit that a list names
    fix_*     remedy; only for errcodes that developers meet often
    """

    host: ClassVar[ErrcodeHost] = ErrcodeHost.API

    code: int
    meaning_en: str
    meaning_zh: str
    topic: str
    scope: tuple[str, ...]
    errmsg: str = ""
    cause_en: str = ""
    cause_zh: str = ""
    fix_en: str = ""
    fix_zh: str = ""
    help_url: str | None = None
    doubt: Doubt | None = None

    def meaning(self, lang: str) -> str:
        return self.meaning_zh if _is_chinese(lang) else self.meaning_en

    def cause(self, lang: str) -> str:
        return self.cause_zh if _is_chinese(lang) else self.cause_en

    def fix(self, lang: str) -> str:
        return self.fix_zh if _is_chinese(lang) else self.fix_en

    @property
    def is_same_on_work(self) -> bool:
        """True if the number means the same on the host of WeCom."""
        return "work" in self.scope

    @property
    def search_text(self) -> str:
        texts = (self.errmsg, self.meaning_en, self.meaning_zh, self.cause_en, self.cause_zh, self.fix_en, self.fix_zh)
        return " ".join((str(self.code), *texts)).casefold()


class WorkListedErrcode(ListedErrcode, frozen=True):
    """Errcode of WeCom's host."""

    host: ClassVar[ErrcodeHost] = ErrcodeHost.WORK


class ErrcodeLists:
    """The lists of both hosts; `read` returns the text of a host's file and is called when the list is needed."""

    def __init__(self, read: Callable[[ErrcodeHost], str]) -> None:
        self._read = read

    @cached_property
    def _by_host(self) -> dict[ErrcodeHost, dict[int, ListedErrcode]]:
        types: dict[ErrcodeHost, type[ListedErrcode]] = {
            ErrcodeHost.API: ListedErrcode,
            ErrcodeHost.WORK: WorkListedErrcode,
        }
        return {host: _read_list(self._read(host), type_) for host, type_ in types.items()}

    @cached_property
    def _search_texts(self) -> tuple[tuple[str, ListedErrcode], ...]:
        return tuple((entry.search_text, entry) for entry in self)

    def __iter__(self) -> Iterator[ListedErrcode]:
        """Yield all entries, those of one host after the other's, each sorted by number."""
        for entries in self._by_host.values():
            yield from entries.values()

    def __contains__(self, code: object) -> bool:
        return any(code in entries for entries in self._by_host.values())

    def find(self, code: int, host: ErrcodeHost | None = None) -> tuple[ListedErrcode, ...]:
        """Find a number on one host; without a host on both, twice only if it means two things."""
        found = [entries[code] for key, entries in self._by_host.items() if code in entries and host in (None, key)]
        return tuple(found[:1] if found and found[0].is_same_on_work else found)

    def search(self, text: str, host: ErrcodeHost | None = None) -> tuple[ListedErrcode, ...]:
        """Find the entries that have all words of the text in a number, an errmsg or a note of either language."""
        words = text.casefold().split()
        if not words:
            return ()
        return _without_repetitions(
            entry
            for searched, entry in self._search_texts
            if all(word in searched for word in words) and host in (None, entry.host)
        )

    def find_by_errmsg(self, text: str, host: ErrcodeHost | None = None) -> tuple[ListedErrcode, ...]:
        """Find the entries whose errmsg is in the text: of several errmsgs those with the longest one."""
        plain = f" {_normalize(text[:_SEARCHED_MAX])} "
        found = [
            (len(errmsg), entry)
            for entry in self
            if host in (None, entry.host) and len(errmsg := _normalize(entry.errmsg)) >= _ERRMSG_MIN
            and f" {errmsg} " in plain
        ]  # fmt: skip
        longest = max((length for length, _ in found), default=0)
        return _without_repetitions(entry for length, entry in found if length == longest)


def find_host(text: str) -> ErrcodeHost | None:
    """Return the host that a pasted text names, or None if it names none or both."""
    hosts = {ErrcodeHost.WORK: _WORK_HOST.search(text), ErrcodeHost.API: _API_HOST.search(text)}
    named = [host for host, found in hosts.items() if found is not None]
    return named[0] if len(named) == 1 else None


def _read_list(text: str, type_: type[ListedErrcode]) -> dict[int, ListedErrcode]:
    """Decode the text of a list. Raises InternalError for an incomplete installation."""
    try:
        entries: Iterable[ListedErrcode] = decode(text, type=tuple[type_, ...])  # type: ignore[valid-type]  # a variable
    except DecodeError as error:
        raise InternalError(f"errcode list: {error!r}") from error
    return {entry.code: entry for entry in entries}


def _without_repetitions(entries: Iterable[ListedErrcode]) -> tuple[ListedErrcode, ...]:
    """Leave out the entries of WeCom that say the same as one of the other host before them."""
    found: dict[tuple[int, ErrcodeHost], ListedErrcode] = {}
    for entry in entries:
        before = found.get((entry.code, ErrcodeHost.API))
        if before is None or not before.is_same_on_work:
            found[entry.code, entry.host] = entry
    return tuple(found.values())


def _is_chinese(lang: str) -> bool:
    return lang in (CHINESE, "zh")


def _normalize(text: str) -> str:
    return " ".join(re.sub(r"[^\w\\]+|_", " ", text.lower()).split())
