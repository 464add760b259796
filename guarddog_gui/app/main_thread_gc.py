"""Collects cyclic garbage in the main thread only: in a lane it would delete widgets in the wrong thread."""

import gc

from PySide6.QtCore import QObject, Slot

NEW_OBJECTS_MIN = 2_000  # new objects since the last time: some tenths of a second of work in a busy lane
FULL_COLLECTION_EVERY = 20  # rounds after which the old ones are looked at, too


class MainThreadCollector(QObject):
    """WORKAROUND: Python collects in whatever thread makes the next object; Qt's widgets belong to one.

    Connect `look` to something that happens often enough, in the main thread.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._collections = 0

    def start(self) -> None:
        """No thread collects by itself any more."""
        gc.disable()

    def stop(self) -> None:
        """Back to Python's own way."""
        gc.enable()

    @Slot()
    def collect_if_needed(self) -> None:
        """Collect if enough has come together; young objects nearly always, all of them now and then."""
        if gc.get_count()[0] < NEW_OBJECTS_MIN:
            return
        self._collections += 1
        gc.collect(2 if self._collections % FULL_COLLECTION_EVERY == 0 else 1)
