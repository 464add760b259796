"""Where two texts differ, for a window that marks it."""

from difflib import SequenceMatcher

_COMPARED_MAX = 100_000  # pairs of characters in the middle: some 20 ms of a window

Span = tuple[int, int]  # from and to, as in a slice


def differences(one: str, other: str) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """The parts of each text that the other does not have there."""
    begin = _common(one, other)
    end = _common(one[begin:][::-1], other[begin:][::-1])
    middle, opposite = one[begin : len(one) - end], other[begin : len(other) - end]
    if len(middle) * len(opposite) > _COMPARED_MAX:
        return _spans([(0, len(middle))], begin), _spans([(0, len(opposite))], begin)
    codes = SequenceMatcher(None, middle, opposite, autojunk=False).get_opcodes()
    changed = [code for code in codes if code[0] != "equal"]
    return (
        _spans([(start, stop) for _, start, stop, _, _ in changed], begin),
        _spans([(start, stop) for _, _, _, start, stop in changed], begin),
    )


def _common(one: str, other: str) -> int:
    """How many characters at the beginning are the same."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((place for place, (a, b) in pairs if a != b), min(len(one), len(other)))


def _spans(found: list[Span], begin: int) -> tuple[Span, ...]:
    return tuple((begin + start, begin + stop) for start, stop in found if stop > start)
