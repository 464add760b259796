"""Classes of QtCore that runtime/ uses, in Python, for `guarddogctl watch` on a server without Qt.

They have Qt's names and behaviour as far as runtime/ relies on it: a slot runs in the thread of its object, signals to
objects of another thread are queued, exceptions in slots do not reach the emitter. No object is destroyed by another.
"""

import enum
import inspect
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar, TypeVar, overload

from guarddog_gui.runtime.without_qt.event_loop import EventLoop, run_and_report

SlotT = TypeVar("SlotT", bound=Callable[..., object])


class Qt:
    """Namespace of the enums."""

    class ConnectionType(enum.Enum):
        """Thread in which a slot runs."""

        AutoConnection = 0
        DirectConnection = 1
        QueuedConnection = 2


class Connection:
    """One receiver of a signal, and the object in whose thread it runs."""

    def __init__(self, receiver: Any, connection_type: Qt.ConnectionType) -> None:
        self.receiver = receiver
        self._type = connection_type
        if isinstance(receiver, BoundSignal):
            self.owner: QObject | None = receiver.owner
            self._call: Callable[..., object] = receiver.emit
            self._argument_max: int | None = receiver.argument_count
        else:
            target = getattr(receiver, "__self__", None)
            self.owner = target if isinstance(target, QObject) else None
            self._call = receiver
            self._argument_max = _positional_count(receiver)

    def deliver(self, arguments: tuple[object, ...]) -> None:
        call = partial(self._call, *arguments[: self._argument_max])
        loop = None if self.owner is None else self.owner.loop
        is_direct = self._type is Qt.ConnectionType.DirectConnection or loop is None or loop.is_current
        if loop is None or (is_direct and self._type is not Qt.ConnectionType.QueuedConnection):
            run_and_report(call)
        else:
            loop.post(call)


class BoundSignal:
    """Signal of one object."""

    def __init__(self, owner: "QObject", argument_count: int) -> None:
        self.owner = owner
        self.argument_count = argument_count
        self.connections: tuple[Connection, ...] = ()

    def connect(self, receiver: Any, connection_type: Qt.ConnectionType = Qt.ConnectionType.AutoConnection) -> None:
        """Call the receiver, which may take fewer arguments, or emit the signal that it is."""
        self.connections = (*self.connections, Connection(receiver, connection_type))

    def disconnect(self, receiver: Any) -> None:
        self.connections = tuple(one for one in self.connections if one.receiver != receiver)

    def emit(self, *arguments: object) -> None:
        for connection in self.connections:
            connection.deliver(arguments)


class Signal:
    """Signal of a class, with the types of its arguments."""

    def __init__(self, *types: object) -> None:
        self._argument_count = len(types)
        self._name = ""

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, instance: "QObject", owner: type) -> BoundSignal:
        # stored under the same name, so that the next look-up does not come here
        bound: BoundSignal = vars(instance).setdefault(self._name, BoundSignal(instance, self._argument_count))
        return bound


def Slot(*_types: object, **_options: object) -> Callable[[SlotT], SlotT]:  # noqa: N802 - Qt's name
    """Return a decorator that changes nothing: any method can be a slot."""
    return lambda method: method


class QObject:
    """Object that lives in a thread; its children live in the same one."""

    def __init__(self, parent: "QObject | None" = None) -> None:
        self.loop: EventLoop = EventLoop.current() if parent is None else parent.loop
        self.child_objects: list[QObject] = []
        if parent is not None:
            parent.child_objects.append(self)

    def setObjectName(self, name: str) -> None:  # noqa: N802 - Qt's name
        self._object_name = name

    def moveToThread(self, thread: "QThread") -> None:  # noqa: N802 - Qt's name
        """Run the slots of this object and of its children in that thread from now on."""
        self.loop = thread.own_loop
        for child in self.child_objects:
            child.moveToThread(thread)

    def disconnect(self, receiver: "QObject") -> None:
        """Disconnect all signals of this object from the methods of the receiver."""
        for signal in tuple(vars(self).values()):
            if isinstance(signal, BoundSignal):
                signal.connections = tuple(one for one in signal.connections if one.owner is not receiver)


class QTimer(QObject):
    """Timer in the thread of its parent; intervals are in milliseconds."""

    timeout = Signal()

    # Qt has a property and a static method with the name `singleShot`
    def __init__(self, parent: QObject | None = None, *, interval: int = 0, singleShot: bool = False) -> None:  # noqa: N803
        super().__init__(parent)
        self._interval_ms = interval
        self._is_single_shot = singleShot
        self._number: int | None = None

    def start(self, interval_ms: int | None = None) -> None:
        """Start, or start again from now."""
        if interval_ms is not None:
            self._interval_ms = interval_ms
        self.stop()
        self._number = self.loop.start_timer(self._interval_ms / 1000, self._on_timeout)

    def stop(self) -> None:
        if self._number is not None:
            self.loop.cancel_timer(self._number)
            self._number = None

    def isActive(self) -> bool:  # noqa: N802 - Qt's name
        return self._number is not None

    def setInterval(self, interval_ms: int) -> None:  # noqa: N802 - Qt's name
        """Set the interval; a running timer starts again with it."""
        self._interval_ms = interval_ms
        if self._number is not None:
            self.start()

    def _on_timeout(self) -> None:
        self._number = None
        if not self._is_single_shot:
            self.start()
        self.timeout.emit()

    @overload
    @staticmethod
    def singleShot(interval_ms: int, call: Callable[[], object], /) -> None: ...

    @overload
    @staticmethod
    def singleShot(interval_ms: int, context: QObject, call: Callable[[], object], /) -> None: ...

    @staticmethod
    def singleShot(interval_ms: int, *context_and_call: Any) -> None:  # noqa: N802 - Qt's name
        """Make a call once in this thread, or in that of the context."""
        *context, call = context_and_call
        loop = context[0].loop if context else EventLoop.current()
        loop.start_timer(interval_ms / 1000, call)


class QDeadlineTimer:
    """Time in the future, in milliseconds from now."""

    def __init__(self, remaining_ms: int) -> None:
        self._until = time.monotonic() + remaining_ms / 1000

    def remainingTime(self) -> float:  # noqa: N802 - Qt's name
        return max(0.0, self._until - time.monotonic()) * 1000


class QThread(QObject):
    """Thread with an event loop of its own. It does not keep the process from ending."""

    finished = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.own_loop = EventLoop(belongs_here=False)
        self._has_ended = threading.Event()

    def start(self) -> None:
        threading.Thread(target=self._run, name=getattr(self, "_object_name", None), daemon=True).start()

    def _run(self) -> None:
        self.own_loop.adopt_thread()
        self.own_loop.run(ignore_earlier_quit=False)
        self.finished.emit()
        self._has_ended.set()

    def quit(self) -> None:
        self.own_loop.quit()

    def wait(self, deadline: QDeadlineTimer | int) -> bool:
        """Return True as soon as the thread has ended; False at the deadline, or after that many milliseconds."""
        timer = deadline if isinstance(deadline, QDeadlineTimer) else QDeadlineTimer(deadline)
        return self._has_ended.wait(timer.remainingTime() / 1000)


class QCoreApplication(QObject):
    """Event loop of the main thread."""

    _instance: ClassVar["QCoreApplication | None"] = None

    def __init__(self, _arguments: list[str]) -> None:
        super().__init__()
        QCoreApplication._instance = self

    def exec(self) -> int:
        self.loop.run(ignore_earlier_quit=True)
        return 0

    @staticmethod
    def quit() -> None:
        if QCoreApplication._instance is not None:
            QCoreApplication._instance.loop.quit()


class QSocketNotifier(QObject):
    """Signal for a socket that can be read."""

    class Type(enum.Enum):
        """Kind of readiness."""

        Read = 0

    activated = Signal()

    def __init__(self, descriptor: int, _type: Type, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._descriptor = descriptor
        self.setEnabled(True)

    def setEnabled(self, enabled: bool) -> None:  # noqa: N802, FBT001 - Qt's name and argument
        if enabled:
            self.loop.add_reader(self._descriptor, self.activated.emit)
        else:
            self.loop.remove_reader(self._descriptor)


def _positional_count(receiver: Callable[..., object]) -> int | None:
    """Return how many arguments a receiver takes; None if that cannot be told or has no limit."""
    try:
        parameters = inspect.signature(receiver).parameters.values()
    except (TypeError, ValueError):
        return None
    if any(parameter.kind is parameter.VAR_POSITIONAL for parameter in parameters):
        return None
    kinds = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return sum(parameter.kind in kinds for parameter in parameters)
