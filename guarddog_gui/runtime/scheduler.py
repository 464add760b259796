"""One timer: wall clock against the next due moment, right after sleep, clock jumps and long waits."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal, Slot

TICK_INTERVAL_MAX_S = 30.0  # the longest time without a look at the clock
TICK_INTERVAL_MIN_S = 0.05
CLOCK_JUMP_MIN_S = 60.0  # more wall time than this beyond the timer's own means sleep or a clock that was set


class Scheduler(QObject):
    """Says when to look. It never computes with what it has counted itself, only with the clock."""

    ticked = Signal()  # look at what is due
    clock_jumped = Signal(float)  # the wall clock moved this many seconds more (or less) than time passed

    def __init__(
        self, clock: Callable[[], float], monotonic: Callable[[], float], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._clock = clock
        self._monotonic = monotonic
        self._last_times = (clock(), monotonic())
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.check_clock)

    def schedule(self, due_at: float | None) -> None:
        """Beat at `due_at` (Unix seconds), and in any case within half a minute."""
        wait = TICK_INTERVAL_MAX_S if due_at is None else due_at - self._clock()
        self._timer.start(round(min(TICK_INTERVAL_MAX_S, max(TICK_INTERVAL_MIN_S, wait)) * 1000))

    def stop(self) -> None:
        """No more beats until armed again."""
        self._timer.stop()

    @Slot()
    def check_clock(self) -> None:
        """Emit `clock_jumped` if the clock was set or the machine slept, and `ticked` in any case."""
        now, steady = self._clock(), self._monotonic()
        moved = (now - self._last_times[0]) - (steady - self._last_times[1])
        self._last_times = (now, steady)
        self._timer.start(round(TICK_INTERVAL_MAX_S * 1000))
        if abs(moved) > CLOCK_JUMP_MIN_S:
            self.clock_jumped.emit(moved)
        self.ticked.emit()
