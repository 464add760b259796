"""The ways to name a moment."""

from datetime import UTC, datetime

import pytest

from guarddog_gui.cli.since_argument import moment
from tests.fakes import NOW


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("45s", 45), ("30m", 1800), ("2h", 7200), ("7d", 604_800), ("1w", 604_800), ("0s", 0)],
)
def test_a_length_counts_back_from_now(text: str, seconds: int) -> None:
    assert moment(text, NOW) == NOW - seconds


@pytest.mark.parametrize("text", ["1790000000", "1790000000.25"])
def test_a_number_is_unix_seconds(text: str) -> None:
    assert moment(text, NOW) == float(text)


def test_iso_8601_with_an_offset_is_that_moment_and_without_one_it_is_local() -> None:
    assert moment("2026-11-03T14:40:00+08:00", NOW) == datetime(2026, 11, 3, 6, 40, tzinfo=UTC).timestamp()
    assert moment("2026-11-03 14:40", NOW) == datetime(2026, 11, 3, 14, 40).astimezone().timestamp()
    assert moment("2026-11-03", NOW) == datetime(2026, 11, 3).astimezone().timestamp()


@pytest.mark.parametrize(
    "text", ["", "yesterday", "2 h", "-2h", "2y", "2026-13-01", "9" * 400, "9" * 400 + "d", "nan"]
)
def test_anything_else_is_no_moment(text: str) -> None:
    assert moment(text, NOW) is None
