"""Dialog that stays open while its job writes, because what is written then can no longer be cancelled."""

from PySide6.QtCore import QCoreApplication, QEvent, QObject

from guarddog_gui.ui.dialogs.auto_height_dialog import AutoHeightDialog


class WritingDialog(AutoHeightDialog):
    """Dialog that ignores Esc and the close button between `begin_writing` and `end_writing`."""

    _is_writing = False

    def begin_writing(self) -> None:
        """Keep the dialog open, so that the user sees the result of what cannot be cancelled."""
        self._is_writing = True
        if (application := QCoreApplication.instance()) is not None:
            application.installEventFilter(self)

    def end_writing(self) -> None:
        self._is_writing = False
        if (application := QCoreApplication.instance()) is not None:
            application.removeEventFilter(self)

    def reject(self) -> None:
        """Close the dialog unless its job writes; Qt calls this for Esc and for the close button, too."""
        if not self._is_writing:
            super().reject()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Give way when the program quits: Qt does not quit while a window refuses to be closed."""
        if event.type() is QEvent.Type.Quit:
            self.end_writing()
        return super().eventFilter(watched, event)
