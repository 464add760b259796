"""History entries."""

import pytest

from guarddog_gui.domain.refresh.history import AttemptResult, HistoryEntry, Trigger

GOOD = {
    AttemptResult.NEW,
    AttemptResult.SAME,
    AttemptResult.ADOPTED,
    AttemptResult.STILL_FRESH,
    AttemptResult.QUOTA_CLEARED,
    AttemptResult.SHARED,
    AttemptResult.ADDRESS_SEEN,
}


@pytest.mark.parametrize("result", AttemptResult)
def test_success_depends_on_the_result(result: AttemptResult) -> None:
    assert HistoryEntry(0, "wx1", "ACCESS_TOKEN", Trigger.TIMER, result).is_success == (result in GOOD)
