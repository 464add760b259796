"""Cyclic garbage collection in the main thread only, because it may delete widgets."""

import gc

from PySide6.QtCore import QObject, Slot

NEW_OBJECTS_MIN = 2_000  # since the last collection; a busy worker thread allocates them in some 0.1 s
FULL_COLLECTION_EVERY = 20  # every 20th collection examines old objects too


class MainThreadCollector(QObject):
    """Replacement for Python's automatic collection.

    WORKAROUND: Python collects in whichever thread allocates next, but a widget must be deleted in the main
    thread. Connect `collect_if_needed` to a signal that is emitted often in the main thread.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._collections = 0
        self._was_automatic = False

    def start(self) -> None:
        self._was_automatic = gc.isenabled()
        gc.disable()
        # Modules, classes and the first widgets stay until the end: to examine them takes 30 to 50 ms each time. Not
        # collected before, for that would take as long; of 70,000 objects some hundred are garbage here.
        gc.freeze()

    def stop(self) -> None:
        """Leave collection as it was before `start`: workers that hang at the end may still allocate."""
        gc.unfreeze()
        if self._was_automatic:
            gc.enable()

    @Slot()
    def collect_if_needed(self) -> None:
        """Collect if there are enough new objects: mostly the young generations, sometimes all."""
        if gc.get_count()[0] < NEW_OBJECTS_MIN:
            return
        self._collections += 1
        gc.collect(2 if self._collections % FULL_COLLECTION_EVERY == 0 else 1)
