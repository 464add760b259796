"""Painted rows of the history: what has no room is left out from the end."""

import pytest
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication

from guarddog_gui.ui.history.delegate import shortened_outcome

OUTCOME = "4 tries · still open · no valid value for 2 h"


@pytest.mark.parametrize(
    ("fits", "shown"),
    [(OUTCOME, OUTCOME), ("4 tries · still open · no", "4 tries · still open"), ("4 tries · s", "4 tries"), ("4", "")],
)
def test_an_outcome_is_shortened_part_by_part(qapp: QApplication, fits: str, shown: str) -> None:
    metrics = QFontMetrics(qapp.font())
    assert shortened_outcome(OUTCOME, metrics, metrics.horizontalAdvance(fits)) == shown
