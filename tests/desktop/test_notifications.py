"""DBusNotifications on a private bus, with a fake notification server and with a real one (dunst)."""

from __future__ import annotations

import logging
import threading
from contextlib import ExitStack, contextmanager, suppress
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QObject, QThread, Slot

from guarddog_gui.adapters.notifications.dbus import DBusNotifications
from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.refresh.history import AttemptResult, HistoryEntry, Trigger
from guarddog_gui.domain.refresh.notifications import NotificationAction, Urgency
from guarddog_gui.domain.refresh.status import AccountStatus, KeyState, KeyStatus, Overview
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.runtime.notifier import Notifier
from guarddog_gui.services.messages.notifications import NotificationText
from tests.desktop.bus_service import BusMessage, MethodReply
from tests.desktop.dunst import Dunst, private_dunst
from tests.desktop.notification_server import INTERFACE, NotificationServer
from tests.desktop.processes import wait_until
from tests.desktop.session_bus import private_bus as private_bus_in
from tests.fakes import NOW, OWN_IP, FakeClock
from tests.services.messages.languages import ENGLISH

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from jeepney import Message
    from pytestqt.qtbot import QtBot

APP_ID = "io.github.guarddog.GuardDog"
ACTIONS = ((NotificationAction.COPY_IP, "Copy IP"), (NotificationAction.OPEN, "Open"))
TEXT = NotificationText("Shop <B> & 店 · needs you", "203.0.113.7 <b>is</b> not & 不在", ACTIONS, Urgency.CRITICAL)


class ActionThreadRecorder:
    """Action callback that records the clicks and the threads in which they arrive."""

    def __init__(self) -> None:
        self.clicks: list[tuple[str, str, str]] = []
        self.threads: set[str] = set()

    def __call__(self, key: str, action: str, token: str) -> None:
        self.clicks.append((key, action, token))
        self.threads.add(threading.current_thread().name)


@contextmanager
def notifications_on(bus: str, recorder: ActionThreadRecorder | None = None) -> Iterator[DBusNotifications]:
    notifications = DBusNotifications(app_name="Guard Dog", desktop_entry=APP_ID, icon="guarddog", address=bus)
    if recorder is not None:
        notifications.set_action_callback(recorder)
    try:
        yield notifications
    finally:
        notifications.stop()


@pytest.fixture
def recorder() -> ActionThreadRecorder:
    return ActionThreadRecorder()


@pytest.fixture
def notifications(private_bus: str, recorder: ActionThreadRecorder) -> Iterator[DBusNotifications]:
    with notifications_on(private_bus, recorder) as notifications:
        yield notifications


def wait_for_count(server: NotificationServer, number: int) -> None:
    wait_until(lambda: len(server.shown) >= number, f"{number} notifications")


def test_the_notification_is_sent_in_the_types_of_the_specification(
    notification_server: NotificationServer, notifications: DBusNotifications
) -> None:
    notifications.show("wxShop", TEXT)
    wait_for_count(notification_server, 1)

    (shown,) = notification_server.shown
    assert (shown.program, shown.replaces_id, shown.timeout_ms) == ("Guard Dog", 0, -1)
    assert shown.title == TEXT.title, "a title has no markup"
    assert shown.text == "203.0.113.7 &lt;b&gt;is&lt;/b&gt; not &amp; 不在"
    assert shown.actions == {"default": "Open", "copy-ip": "Copy IP", "open": "Open"}
    assert shown.hints == {"urgency": 2, "desktop-entry": APP_ID, "transient": False}


def test_a_server_without_markup_and_buttons_gets_none(private_bus: str, notifications: DBusNotifications) -> None:
    with NotificationServer(private_bus, capabilities=("body",)) as server:
        notifications.show("wxShop", TEXT)
        wait_for_count(server, 1)
        assert server.shown[0].text == TEXT.body
        assert server.shown[0].actions == {}


def test_each_account_has_one_notification_of_its_own(
    notification_server: NotificationServer, notifications: DBusNotifications
) -> None:
    for key in ("wxA", "wxB", "wxA", "wxB", "wxA"):
        notifications.show(key, TEXT)
    wait_for_count(notification_server, 5)

    first, second, *later = notification_server.shown
    assert [shown.replaces_id for shown in (first, second)] == [0, 0]
    assert [shown.replaces_id for shown in later] == [first.id, second.id, first.id]


def test_a_click_arrives_with_account_action_and_activation_token(
    notification_server: NotificationServer, notifications: DBusNotifications, recorder: ActionThreadRecorder
) -> None:
    notifications.show("wxA", TEXT)
    notifications.show("wxB", TEXT)
    wait_for_count(notification_server, 2)
    first, second = notification_server.shown

    notification_server.emit(INTERFACE, "ActivationToken", "us", (second.id, "token-7"))
    notification_server.invoke_action(second, "copy-ip")
    notification_server.invoke_action(first)
    wait_until(lambda: len(recorder.clicks) == 2, "two clicks")

    assert recorder.clicks == [("wxB", "copy-ip", "token-7"), ("wxA", "default", "")]
    assert recorder.threads == {"guarddog-notifications"}


def test_clicks_on_notifications_of_other_programs_are_ignored(
    notification_server: NotificationServer, notifications: DBusNotifications, recorder: ActionThreadRecorder
) -> None:
    notifications.show("wxA", TEXT)
    wait_for_count(notification_server, 1)
    (ours,) = notification_server.shown

    notification_server.invoke_action(replace(ours, id=77), "open")
    notification_server.emit(INTERFACE, "ActionInvoked", "s", ("nonsense",))
    notification_server.invoke_action(ours, "open")
    wait_until(lambda: recorder.clicks, "a click")

    assert recorder.clicks == [("wxA", "open", "")]


def test_a_dismissed_notification_is_not_replaced_but_shown_anew(
    notification_server: NotificationServer, notifications: DBusNotifications, recorder: ActionThreadRecorder
) -> None:
    notifications.show("wxA", TEXT)
    wait_for_count(notification_server, 1)
    notification_server.invoke_action(notification_server.shown[0], "open")
    wait_until(lambda: recorder.clicks, "a click")
    wait_until(lambda: not notifications._ids_by_key, "the signal that it is closed, which comes after the click")
    notifications.show("wxA", TEXT)
    wait_for_count(notification_server, 2)

    assert notification_server.shown[1].replaces_id == 0


def test_close_closes_one_notification_and_stop_all_of_them(
    notification_server: NotificationServer, private_bus: str
) -> None:
    with notifications_on(private_bus) as notifications:
        for key in ("wxA", "wxB", "wxC"):
            notifications.show(key, TEXT)
        wait_for_count(notification_server, 3)
        notifications.close("wxB")
        wait_until(lambda: notification_server.closed_ids, "a withdrawal")
        assert notification_server.closed_ids == [2]
    wait_until(lambda: len(notification_server.closed_ids) == 3, "the others")
    assert sorted(notification_server.closed_ids) == [1, 2, 3]


def test_pending_notifications_are_shown_when_a_server_starts(
    private_bus: str, notifications: DBusNotifications, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    notifications.show("wxB", TEXT)
    notifications.close("wxB")
    notifications.show("wxA", replace(TEXT, title="old"))
    notifications.show("wxA", replace(TEXT, title="new"))
    wait_until(lambda: caplog.text.count("no notification server") == 3, "three failed attempts")
    with NotificationServer(private_bus) as server:
        wait_for_count(server, 1)
        notifications.show("wxC", TEXT)
        wait_for_count(server, 2)
        assert [shown.title for shown in server.shown] == ["new", TEXT.title]


def test_a_restarted_server_gets_no_id_of_the_old_one(
    private_bus: str, notifications: DBusNotifications, recorder: ActionThreadRecorder
) -> None:
    with NotificationServer(private_bus) as old:
        notifications.show("wxA", TEXT)
        wait_for_count(old, 1)
    with NotificationServer(private_bus, capabilities=("body",)) as new:
        notifications.show("wxA", TEXT)
        wait_for_count(new, 1)
        assert new.shown[0].replaces_id == 0
        assert new.shown[0].actions == {}, "the capabilities are queried again"
        new.invoke_action(new.shown[0])
        wait_until(lambda: recorder.clicks, "a click")


def test_a_bus_that_dies_and_returns_is_used_again(desktop_folder: Path, recorder: ActionThreadRecorder) -> None:
    with notifications_on(f"unix:path={desktop_folder}/bus.socket", recorder) as notifications:
        with private_bus_in(desktop_folder) as bus, NotificationServer(bus) as server:
            notifications.show("wxA", TEXT)
            wait_for_count(server, 1)
        (desktop_folder / "bus.socket").unlink(missing_ok=True)
        notifications.show("wxA", replace(TEXT, title="meanwhile"))
        with private_bus_in(desktop_folder) as bus, NotificationServer(bus) as server:
            notifications.show("wxB", TEXT)
            wait_for_count(server, 2)
            assert {shown.title for shown in server.shown} == {"meanwhile", TEXT.title}
            assert {shown.replaces_id for shown in server.shown} == {0}


def test_a_notification_interrupted_by_the_end_of_the_bus_is_shown_on_the_next_bus(desktop_folder: Path) -> None:
    with ExitStack() as stack, notifications_on(f"unix:path={desktop_folder}/bus.socket") as notifications:

        class ServerThatKillsTheBus(NotificationServer):
            def _notify(self, call: BusMessage) -> MethodReply:
                if self.shown:
                    stack.close()
                return super()._notify(call)

            def _send(self, message: Message) -> None:
                with suppress(OSError):  # the bus is gone
                    super()._send(message)

        with ServerThatKillsTheBus(stack.enter_context(private_bus_in(desktop_folder))) as server:
            notifications.show("wxA", TEXT)
            wait_for_count(server, 1)
            notifications.show("wxA", replace(TEXT, title="under way"))
            wait_for_count(server, 2)
        (desktop_folder / "bus.socket").unlink(missing_ok=True)
        with private_bus_in(desktop_folder) as bus, NotificationServer(bus) as next_server:
            notifications.show("wxB", TEXT)
            wait_for_count(next_server, 2)
            assert {(shown.title, shown.replaces_id) for shown in next_server.shown} == {
                ("under way", 0),
                (TEXT.title, 0),
            }


def test_a_rejected_or_unsendable_notification_does_not_block_the_next(
    private_bus: str, notifications: DBusNotifications
) -> None:
    class ServerThatRejectsOne(NotificationServer):
        def _notify(self, call: BusMessage) -> MethodReply:
            if call.body[3] == "bad":
                return MethodReply("s", ("no number",))
            return super()._notify(call)

    with ServerThatRejectsOne(private_bus) as server:
        notifications.show("wxA", replace(TEXT, title="bad"))
        notifications.show("wxB", replace(TEXT, body="\ud800"))
        notifications.show("wxC", TEXT)
        wait_for_count(server, 1)
        assert [shown.title for shown in server.shown] == [TEXT.title]


# -- from the overview to the notification and back ------------------------------------------------


class NotifierActionRecorder(QObject):
    def __init__(self) -> None:
        super().__init__()
        self.actions: list[tuple[str, str]] = []
        self.threads: set[QThread] = set()

    @Slot(str, str)
    def on_action(self, appid: str, action: str) -> None:
        self.actions.append((appid, action))
        self.threads.add(QThread.currentThread())


def overview_of_refused_ip(at: float) -> Overview:
    entry = HistoryEntry(at, "wxShop", "ACCESS_TOKEN", Trigger.TIMER, AttemptResult.REFUSED, errcode=40164, ip=OWN_IP)
    entry = replace(entry, endpoint="stable_token")
    keys = (KeyStatus(TokenKind.ACCESS_TOKEN, KeyState.FAILED, None, entry, None),)
    return Overview(at, (AccountStatus(Account("wxShop", "Shop"), keys),))


def test_the_notifier_shows_a_problem_and_the_click_arrives_in_the_main_thread(
    notification_server: NotificationServer, private_bus: str, qtbot: QtBot
) -> None:
    with notifications_on(private_bus) as notifications:
        notifier, listener = Notifier(notifications, ENGLISH, FakeClock()), NotifierActionRecorder()
        notifier.action_invoked.connect(listener.on_action)
        notifier.on_overview_changed(overview_of_refused_ip(NOW))
        wait_for_count(notification_server, 1)
        (shown,) = notification_server.shown
        assert shown.title == "Shop · needs you"
        assert list(shown.actions) == ["default", "copy-ip", "try-again", "open"]
        notification_server.invoke_action(shown, "copy-ip")
        qtbot.waitUntil(lambda: bool(listener.actions))
        assert listener.actions == [("wxShop", "copy-ip")]
        assert listener.threads == {notifier.thread()}


# -- a real daemon --------------------------------------------------------------------------------


def test_dunst_shows_and_replaces_it_and_its_action_reaches_the_program(
    dunst: Dunst, private_bus: str, qtbot: QtBot
) -> None:
    with notifications_on(private_bus) as notifications:
        notifier, listener = Notifier(notifications, ENGLISH, FakeClock()), NotifierActionRecorder()
        notifier.action_invoked.connect(listener.on_action)
        notifier.on_overview_changed(overview_of_refused_ip(NOW))
        wait_until(lambda: dunst.displayed_count == 1, "a notification on the screen")

        dunst.dunstctl("action", "0")
        qtbot.waitUntil(lambda: bool(listener.actions), timeout=5000)
        assert listener.actions == [("wxShop", "open")]

        notifications.show("wxShop", replace(TEXT, title="first"))
        notifications.show("wxShop", replace(TEXT, title="second"))
        wait_until(lambda: dunst.displayed_count == 1, "one notification")
        notifications.close("wxShop")
        wait_until(lambda: dunst.displayed_count == 0, "an empty screen")
        newest = dunst.history()[0]
        assert newest["summary"] == "second"
        assert newest["appname"] == "Guard Dog"
        assert newest["timeout"] == 0, "it stays until the user dismisses it"
        assert newest["body"] == TEXT.body.replace("<b>", "&lt;b&gt;").replace("</b>", "&lt;/b&gt;").replace(
            " & ", " &amp; "
        )


def test_dunst_started_later_gets_the_pending_notification(
    desktop_folder: Path, private_bus: str, desktop_environment: dict[str, str]
) -> None:
    with notifications_on(private_bus) as notifications:
        notifications.show("wxShop", TEXT)
        with private_dunst(desktop_folder, desktop_environment) as dunst:
            wait_until(lambda: dunst.displayed_count == 1, "a notification on the screen")
