"""QtCore in Python: signals, timers and threads behave as runtime/ relies on it with Qt itself."""

import socket
import threading
from collections.abc import Iterator

import pytest

from guarddog_gui.runtime.without_qt.core import (
    QCoreApplication,
    QDeadlineTimer,
    QObject,
    QSocketNotifier,
    Qt,
    QThread,
    QTimer,
    Signal,
    Slot,
)


class Source(QObject):
    changed = Signal(int, str)
    plain = Signal()


class Receiver(QObject):
    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.received: list[object] = []
        self.threads: list[int] = []

    @Slot(int)
    def take_one(self, number: int) -> None:
        self.received.append(number)
        self.threads.append(threading.get_ident())

    @Slot(int, str)
    def take_all(self, *arguments: object) -> None:
        self.received.append(arguments)


@pytest.fixture
def application() -> QCoreApplication:
    return QCoreApplication([])


@pytest.fixture
def thread() -> Iterator[QThread]:
    thread = QThread()
    thread.setObjectName("test-thread")
    thread.start()
    yield thread
    thread.quit()
    assert thread.wait(5000)


def run_for(application: QCoreApplication, milliseconds: int) -> None:
    QTimer.singleShot(milliseconds, application.quit)
    application.exec()


def test_a_receiver_gets_as_many_arguments_as_it_takes() -> None:
    source, receiver = Source(), Receiver()
    source.changed.connect(receiver.take_one)
    source.changed.connect(receiver.take_all)
    source.changed.emit(1, "a")
    assert receiver.received == [1, (1, "a")]


def test_signals_belong_to_their_object() -> None:
    source, other, receiver = Source(), Source(), Receiver()
    source.changed.connect(receiver.take_one)
    other.changed.emit(1, "a")
    assert receiver.received == []


def test_a_signal_can_be_forwarded_by_another_one_and_disconnected() -> None:
    source, forwarder, receiver = Source(), Source(), Receiver()
    source.changed.connect(forwarder.changed)
    forwarder.changed.connect(receiver.take_one)
    source.changed.emit(1, "a")
    source.changed.disconnect(forwarder.changed)
    source.changed.emit(2, "b")
    forwarder.disconnect(receiver)
    forwarder.changed.emit(3, "c")
    assert receiver.received == [1]


def test_a_signal_to_an_object_of_another_thread_is_delivered_there(thread: QThread) -> None:
    source, receiver, answered = Source(), Receiver(), threading.Event()
    child = Receiver(receiver)
    receiver.moveToThread(thread)
    source.changed.connect(receiver.take_one)
    source.changed.connect(child.take_one)
    source.changed.connect(lambda _number, _text: None)
    source.plain.connect(answered.set)
    source.changed.emit(7, "a")
    receiver.loop.post(answered.set)
    assert answered.wait(5)
    assert receiver.received == child.received == [7]
    assert receiver.threads[0] != threading.get_ident()


def test_a_signal_of_another_thread_arrives_in_the_event_loop(application: QCoreApplication) -> None:
    source, receiver = Source(), Receiver()
    source.changed.connect(receiver.take_one)
    emitter = threading.Thread(target=lambda: source.changed.emit(1, "a"))
    emitter.start()
    emitter.join()
    assert receiver.received == []
    run_for(application, 20)
    assert receiver.received == [1]
    assert receiver.threads == [threading.get_ident()]


def test_a_queued_connection_waits_for_the_event_loop_in_the_same_thread(application: QCoreApplication) -> None:
    source, receiver = Source(), Receiver()
    source.changed.connect(receiver.take_one, Qt.ConnectionType.QueuedConnection)
    source.changed.emit(1, "a")
    assert receiver.received == []
    run_for(application, 20)
    assert receiver.received == [1]


def test_a_repeating_timer_repeats_and_a_single_shot_does_not(application: QCoreApplication) -> None:
    repeating, single = QTimer(interval=10), QTimer(singleShot=True)
    fired: list[str] = []
    repeating.timeout.connect(lambda: fired.append("repeating"))
    single.timeout.connect(lambda: fired.append("single"))
    repeating.start()
    single.start(5)
    run_for(application, 200)
    assert fired.count("single") == 1
    assert fired.count("repeating") >= 3
    assert repeating.isActive()
    assert not single.isActive()
    repeating.stop()


def test_a_new_interval_restarts_a_running_timer(application: QCoreApplication) -> None:
    timer = QTimer()
    fired: list[int] = []
    timer.timeout.connect(lambda: fired.append(1))
    timer.start(60_000)
    timer.setInterval(10)
    run_for(application, 60)
    assert fired
    timer.stop()
    timer.setInterval(5)
    assert not timer.isActive()


def test_a_single_shot_can_name_an_object_for_its_thread(application: QCoreApplication) -> None:
    receiver = Receiver()
    QTimer.singleShot(0, receiver, lambda: receiver.take_one(1))
    run_for(application, 20)
    assert receiver.received == [1]


def test_a_thread_that_is_busy_is_not_waited_for_longer_than_asked(thread: QThread) -> None:
    is_busy, go_on, receiver = threading.Event(), threading.Event(), QObject()
    receiver.moveToThread(thread)

    def be_busy() -> None:
        is_busy.set()
        go_on.wait(10)

    receiver.loop.post(be_busy)
    assert is_busy.wait(5)
    thread.quit()
    assert not thread.wait(QDeadlineTimer(50))
    go_on.set()
    assert thread.wait(5000)


def test_the_end_of_a_thread_is_signalled_in_it() -> None:
    thread, ended = QThread(), threading.Event()
    thread.finished.connect(ended.set, Qt.ConnectionType.DirectConnection)
    thread.start()
    thread.quit()
    assert ended.wait(5)


def test_a_socket_notifier_can_be_switched_off(application: QCoreApplication) -> None:
    reader, writer = socket.socketpair()
    with reader, writer:
        notifier = QSocketNotifier(reader.fileno(), QSocketNotifier.Type.Read)
        activations: list[bytes] = []
        notifier.activated.connect(lambda: activations.append(reader.recv(1)))
        writer.send(b"x")
        run_for(application, 50)
        notifier.setEnabled(False)
        writer.send(b"y")
        run_for(application, 50)
    assert activations == [b"x"]
