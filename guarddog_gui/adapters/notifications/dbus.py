"""Notifications of a Linux desktop, with buttons; a thread of its own talks to the bus, nobody else waits."""

import logging
import selectors
import socket
import threading
from collections.abc import Callable
from queue import SimpleQueue

from guarddog_gui.adapters.notifications.dbus_connection import (
    Chosen,
    Closed,
    Event,
    NotificationBus,
    NotShown,
    ServerChanged,
)
from guarddog_gui.services.messages.notifications import NoticeText

STOP_S = 1.0  # for the thread to take its notifications away; a bus that hangs is left behind

log = logging.getLogger(__name__)

OnAction = Callable[[str, str, str], None]
Command = Callable[[], None]


class DBusNotifications:
    """One notification per slot (an appid), a newer one in place of the older.

    No call waits or raises. What cannot be shown because nobody is there to show it waits for somebody;
    without a bus nothing happens.
    """

    def __init__(self, *, program: str, desktop_entry: str, icon: str, address: str = "SESSION") -> None:
        """`icon` is a name of the icon theme or a path; `desktop_entry` the id without `.desktop`."""
        self._program = program
        self._desktop_entry = desktop_entry
        self._icon = icon
        self._address = address
        self._on_action: OnAction = _nobody_listens
        self._commands: SimpleQueue[Command] = SimpleQueue()
        self._thread: threading.Thread | None = None
        self._stopping = threading.Event()
        self._waker, self._woken = socket.socketpair()
        # from here on the thread's alone
        self._bus: NotificationBus | None = None
        self._numbers: dict[str, int] = {}  # of what is shown, by slot
        self._waiting: dict[str, NoticeText] = {}  # to be shown as soon as somebody can
        self._complained = False

    def listen(self, on_action: OnAction) -> None:
        """Call `on_action(slot, action, activation_token)` for every click, in the thread of the bus."""
        self._on_action = on_action

    def show(self, slot: str, text: NoticeText) -> None:
        """Show it soon, in place of the one that this slot has."""
        self._post(lambda: self._show(slot, text))

    def close(self, slot: str) -> None:
        """Take the notification of this slot away."""
        if self._thread is not None:
            self._post(lambda: self._close(slot))

    def stop(self) -> None:
        """Take everything away, and end; waits a second at most."""
        self._stopping.set()
        if self._thread is not None:
            self._wake()
            self._thread.join(STOP_S)
            if self._thread.is_alive():
                log.warning("the notification bus hangs; its thread is left behind")
        else:
            self._close_sockets()

    def _close_sockets(self) -> None:
        self._waker.close()
        self._woken.close()

    def _post(self, command: Command) -> None:
        if self._stopping.is_set():
            return
        self._commands.put(command)
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="guarddog-notifications", daemon=True)
            self._thread.start()
        self._wake()

    def _wake(self) -> None:
        try:
            self._waker.send(b".")
        except OSError:
            pass  # the thread has ended

    # -- in the thread ----------------------------------------------------------------------------

    def _work(self) -> None:
        while not self._stopping.is_set():
            self._wait()
            while not self._stopping.is_set() and not self._commands.empty():
                self._guarded(self._commands.get())
            self._guarded(self._take_events)
        self._guarded(self._end)
        self._close_sockets()

    def _guarded(self, command: Command) -> None:
        """A notification that fails is a line in the log and nothing else."""
        try:
            command()
        except OSError as gone:
            log.info("the notification bus is gone: %s", gone)
            self._drop_bus()
        except Exception:
            log.exception("a notification failed")

    def _wait(self) -> None:
        """Until there is a command, or something came over the bus."""
        with selectors.DefaultSelector() as selector:
            selector.register(self._woken, selectors.EVENT_READ)
            if self._bus is not None:
                selector.register(self._bus, selectors.EVENT_READ)
            ready = [key.fileobj for key, _ in selector.select()]
        if self._woken in ready:
            self._woken.recv(4096)

    def _show(self, slot: str, text: NoticeText) -> None:
        self._waiting[slot] = text
        self._show_waiting()

    def _show_waiting(self) -> None:
        bus = self._connected()
        if bus is None:
            return
        for slot in list(self._waiting):
            answer = self._shown(bus, slot)
            if not isinstance(answer, NotShown):
                self._numbers[slot] = answer
            elif answer.later:
                log.info("no notification server: %s", answer.reason)
                return
            else:
                log.warning("a notification was not shown: %s", answer.reason)
            del self._waiting[slot]

    def _shown(self, bus: NotificationBus, slot: str) -> int | NotShown:
        try:
            return bus.show(
                self._waiting[slot],
                program=self._program,
                icon=self._icon,
                desktop_entry=self._desktop_entry,
                replaces=self._numbers.get(slot, 0),
            )
        except OSError:
            raise  # the connection is gone, this one waits for the next
        except Exception as surprise:  # noqa: BLE001 - a text that cannot be sent must not hold up the others
            return NotShown(type(surprise).__name__)

    def _close(self, slot: str) -> None:
        self._waiting.pop(slot, None)
        number = self._numbers.pop(slot, None)
        if number is not None and self._bus is not None:
            self._bus.withdraw(number)

    def _end(self) -> None:
        for slot in list(self._numbers):
            self._close(slot)
        self._drop_bus()

    def _take_events(self) -> None:
        if self._bus is None:
            return
        for event in self._bus.events():
            self._take(event)

    def _take(self, event: Event) -> None:
        match event:
            case Chosen(number, action, token):
                slot = self._slot_of(number)
                if slot is not None:
                    self._on_action(slot, action, token)
            case Closed(number):
                slot = self._slot_of(number)
                if slot is not None:
                    del self._numbers[slot]
            case ServerChanged(lost, came):
                if lost:
                    self._numbers.clear()  # the next server gives these numbers to others
                if came:
                    self._show_waiting()

    def _slot_of(self, number: int) -> str | None:
        """Every program hears of every notification; None for those of others."""
        return next((slot for slot, mine in self._numbers.items() if mine == number), None)

    def _connected(self) -> NotificationBus | None:
        if self._bus is None:
            try:
                self._bus = NotificationBus(self._address)
            except Exception as reason:  # noqa: BLE001 - no bus, no notifications, whatever jeepney says about it
                if not self._complained:
                    self._complained = True
                    log.info("no session bus, so no notifications: %r", reason)
                return None
            self._complained = False
        return self._bus

    def _drop_bus(self) -> None:
        bus, self._bus = self._bus, None
        self._numbers.clear()
        if bus is not None:
            bus.close()


def _nobody_listens(_slot: str, _action: str, _token: str) -> None:
    """Until somebody does."""
