"""Suggestions for a word that was mistyped."""

from collections.abc import Iterable

_SIMILARITY_MIN = 0.65  # of `difflib`; lower ones suggest words that share a few letters only


def find_similar(word: str, known_words: Iterable[str]) -> str | None:
    """Return the known word that is most similar to a mistyped one, or None; upper case makes no difference."""
    from difflib import get_close_matches  # only mistakes need it

    by_lower_case = {known.casefold(): known for known in known_words}
    matches = get_close_matches(word.casefold(), by_lower_case, n=1, cutoff=_SIMILARITY_MIN)
    return by_lower_case[matches[0]] if matches else None
