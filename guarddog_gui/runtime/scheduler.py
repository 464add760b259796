"""Timer for the next due attempt that also works across suspends, clock changes and long waits."""

from guarddog_gui.runtime.qt_core import QObject, QTimer, Signal, Slot
from guarddog_gui.services.ports import Clock

TICK_INTERVAL_MAX_S = 30.0  # between two checks of the clock
TICK_INTERVAL_MIN_S = 0.05
CLOCK_JUMP_MIN_S = 60.0  # a larger difference of the two clocks means a suspend or a clock that was set


class Scheduler(QObject):
    """Emits `ticked` when something is due by the wall clock, however long the timer itself has waited."""

    ticked = Signal()  # check what is due
    clock_jumped = Signal(float)  # seconds by which the wall clock moved more (or less) than time passed

    def __init__(self, clock: Clock, monotonic: Clock, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._clock = clock
        self._monotonic = monotonic
        self._last_times = (clock(), monotonic())
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.check_clock)

    def schedule(self, due_at: float | None) -> None:
        """Tick at `due_at` (Unix time), but at the latest after `TICK_INTERVAL_MAX_S`."""
        wait_s = TICK_INTERVAL_MAX_S if due_at is None else due_at - self._clock()
        self._timer.start(round(min(TICK_INTERVAL_MAX_S, max(TICK_INTERVAL_MIN_S, wait_s)) * 1000))

    def stop(self) -> None:
        self._timer.stop()

    @Slot()
    def check_clock(self) -> None:
        """Emit `clock_jumped` if the clock was set or the machine slept, and `ticked` in any case."""
        now, monotonic_now = self._clock(), self._monotonic()
        jump_s = (now - self._last_times[0]) - (monotonic_now - self._last_times[1])
        self._last_times = (now, monotonic_now)
        self._timer.start(round(TICK_INTERVAL_MAX_S * 1000))
        if abs(jump_s) > CLOCK_JUMP_MIN_S:
            self.clock_jumped.emit(jump_s)
        self.ticked.emit()
