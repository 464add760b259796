"""The comparison of npm guard_dog and ours under the same faults, as the documentation shows it."""

import pytest

from tests.interop.comparison import DOCUMENT, SCENARIOS, TABLE_BEGIN, TABLE_END, Score, run_comparison

pytestmark = pytest.mark.interop

CAUSING_STUCK_KEYS = SCENARIOS[:3]


@pytest.fixture(scope="module")
def scores() -> dict[str, dict[str, Score]]:
    return run_comparison()


def test_ours_returns_valid_tokens_under_every_fault(scores: dict[str, dict[str, Score]]) -> None:
    assert {name: by["ours"] for name, by in scores.items() if by["ours"].valid_fraction < 0.9} == {}


def test_keys_of_npm_are_stuck_but_none_of_ours(scores: dict[str, dict[str, Score]]) -> None:
    assert [name for name, by in scores.items() if by["ours"].stuck_keys] == []
    assert [scores[scenario.name]["npm"].stuck_keys for scenario in CAUSING_STUCK_KEYS] == [1, 1, 1]


def test_ours_is_never_worse_than_npm(scores: dict[str, dict[str, Score]]) -> None:
    assert [name for name, by in scores.items() if by["ours"].valid_fraction < by["npm"].valid_fraction - 0.08] == []


def test_ours_makes_few_calls(scores: dict[str, dict[str, Score]]) -> None:
    assert {name: by["ours"].calls for name, by in scores.items() if by["ours"].calls > 12} == {}
    assert scores["a lifetime of 30 days"]["npm"].calls > 50


def test_the_documentation_shows_every_scenario() -> None:
    shown = DOCUMENT.read_text(encoding="utf-8").partition(TABLE_BEGIN)[2].partition(TABLE_END)[0].splitlines()[2:]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in shown]
    assert [row[0] for row in cells] == [scenario.name for scenario in SCENARIOS]
    assert [row[0] for row in cells if row[6] != "0"] == []
