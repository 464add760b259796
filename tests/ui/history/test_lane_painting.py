"""Blocks and dates of the lanes."""

from itertools import pairwise

import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetrics, QGuiApplication, QImage, QPainter
from PySide6.QtWidgets import QApplication

from guarddog_gui.domain.refresh.timeline import BlockState
from guarddog_gui.services.messages.texts import to_local_datetime
from guarddog_gui.ui.history.lane_painting import axis_ticks, block_colours, paint_block
from guarddog_gui.ui.style.colours import DARK, LIGHT, Colours
from tests.fakes import NOW
from tests.ui.contrast import SIGN_CONTRAST_MIN, contrast

DAY = 86_400.0
PAINTED = [state for state in BlockState if state is not BlockState.UNKNOWN]


def shape(state: BlockState, colours: Colours) -> frozenset[tuple[int, int]]:
    """Return the pixels of a block that differ from the card."""
    image = QImage(10, 24, QImage.Format.Format_RGB32)
    image.fill(colours.card)
    with QPainter(image) as painter:
        painter.setPen(Qt.PenStyle.NoPen)
        paint_block(painter, QRectF(2, 0, 6, 24), state, block_colours(colours))
    return frozenset((x, y) for x in range(10) for y in range(24) if image.pixelColor(x, y) != colours.card)


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_every_state_has_a_shape_of_its_own(colours: Colours) -> None:
    shapes = [shape(state, colours) for state in PAINTED]
    assert all(shapes)
    assert len(set(shapes)) == len(PAINTED)
    assert not shape(BlockState.UNKNOWN, colours)


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("state", PAINTED)
def test_blocks_are_visible_on_a_card(state: BlockState, colours: Colours) -> None:
    assert contrast(block_colours(colours)[state], colours.card) >= SIGN_CONTRAST_MIN


@pytest.mark.parametrize("days", [0.2, 1, 3, 7, 30, 180])
@pytest.mark.parametrize("width", [200, 574, 1600])
def test_dates_do_not_overlap_and_lie_in_the_time_span(qapp: QApplication, days: float, width: int) -> None:
    assert isinstance(qapp, QGuiApplication)
    metrics = QFontMetrics(QApplication.font())
    since = NOW - days * DAY
    ticks = axis_ticks(since, NOW, width, metrics)
    assert all(since <= at <= NOW for at, _ in ticks)
    for (left, label), (right, _) in pairwise(ticks):
        assert (right - left) / (NOW - since) * width >= metrics.horizontalAdvance(label)


def test_days_have_their_date_and_hours_their_time(qapp: QApplication) -> None:
    assert isinstance(qapp, QGuiApplication)
    metrics = QFontMetrics(QApplication.font())
    for at, label in axis_ticks(NOW - DAY, NOW, 800, metrics):
        moment = to_local_datetime(at)
        assert moment is not None
        assert label == (f"{moment:%m-%d}" if moment.hour == 0 else f"{moment:%H:%M}")
