"""Comparison of two texts: the spans that differ."""

from difflib import SequenceMatcher

_COMPARED_PAIRS_MAX = 100_000  # pairs of characters to compare: some 20 ms, in which the window is blocked

Span = tuple[int, int]  # from and to, as in a slice


def diff_spans(left: str, right: str) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    begin = _common_prefix_length(left, right)
    end = _common_prefix_length(left[begin:][::-1], right[begin:][::-1])
    middle, opposite = left[begin : len(left) - end], right[begin : len(right) - end]
    if len(middle) * len(opposite) > _COMPARED_PAIRS_MAX:
        return _shift_spans([(0, len(middle))], begin), _shift_spans([(0, len(opposite))], begin)
    codes = SequenceMatcher(None, middle, opposite, autojunk=False).get_opcodes()
    changed = [code for code in codes if code[0] != "equal"]
    return (
        _shift_spans([(start, stop) for _, start, stop, _, _ in changed], begin),
        _shift_spans([(start, stop) for _, _, _, start, stop in changed], begin),
    )


def _common_prefix_length(left: str, right: str) -> int:
    pairs = enumerate(zip(left, right, strict=False))
    return next((index for index, (a, b) in pairs if a != b), min(len(left), len(right)))


def _shift_spans(spans: list[Span], offset: int) -> tuple[Span, ...]:
    return tuple((offset + start, offset + stop) for start, stop in spans if stop > start)
