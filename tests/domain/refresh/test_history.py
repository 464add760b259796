"""A line of the history."""

import pytest

from guarddog_gui.domain.refresh.history import AttemptResult, HistoryEntry, Trigger

GOOD = {
    AttemptResult.NEW,
    AttemptResult.SAME,
    AttemptResult.ADOPTED,
    AttemptResult.STILL_FRESH,
    AttemptResult.QUOTA_CLEARED,
}


@pytest.mark.parametrize("result", AttemptResult)
def test_an_attempt_is_good_when_it_ended_as_it_should(result: AttemptResult) -> None:
    assert HistoryEntry(0, "wx1", "ACCESS_TOKEN", Trigger.TIMER, result).is_success == (result in GOOD)
