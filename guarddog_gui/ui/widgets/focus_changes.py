"""Changes of the keyboard focus, for widgets that scroll to what has it."""

from collections.abc import Callable
from weakref import WeakMethod

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import Shiboken

FocusListener = Callable[[QWidget], None]


class FocusChanges(QObject):
    """Tells widgets which one gets the keyboard.

    WORKAROUND: A widget that is deleted while it has the keyboard makes QApplication emit `focusChanged` from its
    destructor. If its parent is being deleted, too, and has a Python slot for that signal, PySide6 (6.11, 6.12) calls
    it for a Python object that no longer exists, and the process crashes. This object lives as long as the application.
    """

    def __init__(self, application: QApplication) -> None:
        super().__init__(application)
        self._listeners: list[WeakMethod[FocusListener]] = []
        application.focusChanged.connect(self._on_focus_changed)

    def add(self, listener: FocusListener) -> None:
        """Call this method of a widget, until the widget is deleted."""
        self._listeners = [reference for reference in self._listeners if _is_alive(reference())]
        self._listeners.append(WeakMethod(listener))

    @Slot()
    def _on_focus_changed(self) -> None:
        focused = QApplication.focusWidget()
        if focused is None:
            return
        for reference in self._listeners:
            listener = reference()
            if listener is not None and _is_alive(listener):
                listener(focused)


def follow_focus(listener: FocusListener) -> None:
    """Call this method of a widget with each widget of the program that gets the keyboard."""
    application = QApplication.instance()
    if isinstance(application, QApplication):
        changes = application.findChild(FocusChanges)
        if changes is None:
            changes = FocusChanges(application)
        changes.add(listener)


def _is_alive(listener: FocusListener | None) -> bool:
    return listener is not None and Shiboken.isValid(getattr(listener, "__self__", None))
