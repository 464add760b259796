"""Entries of the search everywhere, and their order for a typed text."""

from collections.abc import Callable, Iterable
from enum import StrEnum

from msgspec import Struct


class EntryKind(StrEnum):
    """Kinds of entries, in the order in which equal matches are listed."""

    ACCOUNT = "account"
    PAGE = "page"
    COMMAND = "command"
    ERRCODE = "errcode"
    ADDRESS = "address"


class SearchEntry(Struct, frozen=True):
    """Something to jump to or to do.

    title     first text, which counts most
    detail    second text, such as the AppID
    run       called when the entry is chosen
    """

    kind: EntryKind
    title: str
    detail: str
    run: Callable[[], None]


def find_entries(entries: Iterable[SearchEntry], text: str, limit: int) -> tuple[SearchEntry, ...]:
    """Return the entries that match all words of the text, the best first; all kinds but errcodes for an empty one."""
    words = text.casefold().split()
    if not words:
        chosen = [entry for entry in entries if entry.kind is not EntryKind.ERRCODE]
        return tuple(chosen[:limit])
    kinds = list(EntryKind)
    scored = []
    for number, entry in enumerate(entries):
        score = _score(entry, words)
        if score is not None:
            scored.append((score, kinds.index(entry.kind), number, entry))
    scored.sort(key=lambda item: item[:3])
    return tuple(entry for *_, entry in scored[:limit])


def _score(entry: SearchEntry, words: list[str]) -> int | None:
    """Return how well the entry matches, the best with the lowest number; None if a word is nowhere."""
    title, detail = entry.title.casefold(), entry.detail.casefold()
    scores = [_score_of_word(word, title, detail) for word in words]
    return None if None in scores else sum(score for score in scores if score is not None)


def _score_of_word(word: str, title: str, detail: str) -> int | None:
    if title.startswith(word):
        return 0
    if any(part.startswith(word) for part in title.split()):
        return 1
    if word in title:
        return 2
    return 3 if word in detail else None
