"""Painting of the lanes: the block of each state in its colour and shape, and the dates below."""

from datetime import datetime, timedelta

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter

from guarddog_gui.domain.refresh.timeline import BlockState
from guarddog_gui.services.messages.texts import to_local_datetime
from guarddog_gui.ui.style.colours import Colours

_BLOCK_HEIGHT = 14.0
_HEIGHTS = {BlockState.NEEDS_USER: 18.0, BlockState.ASLEEP: 4.0}
_VALID_OPACITY = 0.72  # leaves 3 : 1 on a card, and lets trouble stand out
_TICK_HOURS = (1, 2, 3, 4, 6, 12, 24, 48, 72, 120, 240, 480, 960)
_TICK_SPACING = 14  # pixels between two labels


def block_colours(colours: Colours) -> dict[BlockState, QColor]:
    """Return the colour of each state that is painted."""
    return {
        BlockState.VALID: _mixed(colours.ok, colours.card, _VALID_OPACITY),
        BlockState.TROUBLE: colours.warn,
        BlockState.NEEDS_USER: colours.bad,
        BlockState.ASLEEP: colours.field_border,
    }


def paint_block(painter: QPainter, rect: QRectF, state: BlockState, inks: dict[BlockState, QColor]) -> None:
    """Paint a block in the middle of the rectangle: whole, split, tall or low, so that colour is not needed."""
    if state not in inks:
        return
    painter.setBrush(inks[state])
    height = _HEIGHTS.get(state, _BLOCK_HEIGHT)
    left, width, top = rect.x(), rect.width(), rect.y() + (rect.height() - height) / 2
    radius = min(2.0, width / 3, height / 2)
    if state is BlockState.TROUBLE:
        half = (height - 3) / 2
        for start in (top, top + half + 3):
            painter.drawRoundedRect(QRectF(left, start, width, half), radius, radius)
    else:
        painter.drawRoundedRect(QRectF(left, top, width, height), radius, radius)


def axis_ticks(since: float, until: float, width: float, metrics: QFontMetrics) -> list[tuple[float, str]]:
    """Return times (Unix seconds) and labels that fit side by side below so many pixels: full hours, or days."""
    room = max(1, int(width // (metrics.horizontalAdvance("00-00") + _TICK_SPACING)))
    hours = next((h for h in _TICK_HOURS if (until - since) / 3600 / h <= room), _TICK_HOURS[-1])
    start = to_local_datetime(since)
    if start is None:
        return []
    ticks: list[tuple[float, str]] = []
    moment = start.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
    while moment.timestamp() <= until:
        if moment.timestamp() >= since:
            ticks.append((moment.timestamp(), _tick_label(moment)))
        moment += timedelta(hours=hours)
    return ticks


def _tick_label(moment: datetime) -> str:
    return f"{moment:%m-%d}" if moment.hour == 0 else f"{moment:%H:%M}"


def _mixed(colour: QColor, background: QColor, opacity: float) -> QColor:
    pairs = zip(colour.getRgb()[:3], background.getRgb()[:3], strict=True)  # type: ignore[index]  # a tuple of four
    return QColor(*(round(front * opacity + back * (1 - opacity)) for front, back in pairs))


def label_flags() -> int:
    return int(Qt.AlignmentFlag.AlignCenter) | Qt.TextFlag.TextSingleLine.value
