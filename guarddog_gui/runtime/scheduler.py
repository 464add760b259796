"""One timer: wall clock against the next due moment, right after sleep, clock jumps and long waits."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal, Slot

BEAT_MAX_S = 30.0  # the longest time without a look at the clock
BEAT_MIN_S = 0.05
GAP_S = 60.0  # more wall time than this beyond the timer's own means sleep or a clock that was set


class Scheduler(QObject):
    """Says when to look. It never computes with what it has counted itself, only with the clock."""

    beat = Signal()  # look at what is due
    gap = Signal(float)  # the wall clock moved this many seconds more (or less) than time passed

    def __init__(
        self, clock: Callable[[], float], steady: Callable[[], float], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._clock = clock
        self._steady = steady
        self._seen = (clock(), steady())
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_timeout)

    def arm(self, due_at: float | None) -> None:
        """Beat at `due_at` (Unix seconds), and in any case within half a minute."""
        wait = BEAT_MAX_S if due_at is None else due_at - self._clock()
        self._timer.start(round(min(BEAT_MAX_S, max(BEAT_MIN_S, wait)) * 1000))

    def stop(self) -> None:
        """No more beats until armed again."""
        self._timer.stop()

    @Slot()
    def _on_timeout(self) -> None:
        now, steady = self._clock(), self._steady()
        moved = (now - self._seen[0]) - (steady - self._seen[1])
        self._seen = (now, steady)
        self._timer.start(round(BEAT_MAX_S * 1000))
        if abs(moved) > GAP_S:
            self.gap.emit(moved)
        self.beat.emit()
