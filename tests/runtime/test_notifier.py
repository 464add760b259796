"""From what the controller says to what the user is shown, and from their click back to the main thread."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QObject, Qt, QThread, Signal, Slot
from pytestqt.qtbot import QtBot

from guarddog_gui.adapters.message_catalogs import load_message_catalog
from guarddog_gui.adapters.notifications.dbus import DBusNotifications
from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.refresh import retries
from guarddog_gui.domain.refresh.history import AttemptResult, HistoryEntry, Trigger
from guarddog_gui.domain.refresh.notification_kinds import NotificationKind
from guarddog_gui.domain.refresh.notifications import STARTUP_QUIET_S, NotificationAction, Urgency
from guarddog_gui.domain.refresh.retries import RetryState
from guarddog_gui.domain.refresh.status import Overview, build_account_status
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord
from guarddog_gui.runtime.notifier import NotificationActionCallback, NotificationBackend, Notifier
from guarddog_gui.services.messages.message import Messages
from guarddog_gui.services.messages.notifications import NotificationText
from tests.errcode_catalogue import CATALOGUE
from tests.fakes import NOW, OWN_IP, FakeClock

RESOURCES = Path(__file__).parents[2] / "resources"
SHOP = Account("wxShop", "Shop")


def speaking(language: str) -> Messages:
    return Messages(load_message_catalog(language), CATALOGUE, str)


class FakeNotificationBackend:
    """Keeps what it is to show; a test clicks on it, from a thread of its own as a bus would."""

    def __init__(self) -> None:
        self.shown: list[tuple[str, NotificationText]] = []
        self.closed: list[str] = []
        self.stopped = False
        self._on_action: NotificationActionCallback | None = None

    def set_action_callback(self, on_action: NotificationActionCallback) -> None:
        self._on_action = on_action

    def show(self, key: str, text: NotificationText) -> None:
        self.shown.append((key, text))

    def close(self, key: str) -> None:
        self.closed.append(key)

    def stop(self) -> None:
        self.stopped = True

    def click(self, appid: str, action: str, token: str = "") -> None:
        assert self._on_action is not None
        thread = threading.Thread(target=self._on_action, args=(appid, action, token))
        thread.start()
        thread.join()

    @property
    def titles(self) -> list[str]:
        return [text.title for _, text in self.shown]


class ActionRecorder(QObject):
    def __init__(self) -> None:
        super().__init__()
        self.heard: list[tuple[str, str, str]] = []
        self.threads: set[QThread] = set()

    @Slot(str, str, str)
    def on_action(self, appid: str, action: str, token: str) -> None:
        self.heard.append((appid, action, token))
        self.threads.add(QThread.currentThread())


class OverviewPublisher(QObject):
    """Overviews of one account over time."""

    changed = Signal(object)

    def __init__(self, clock: FakeClock) -> None:
        super().__init__()
        self.clock = clock
        self.fresh()

    def fresh(self) -> None:
        self.records: dict[TokenKind, TokenRecord | None] = {
            kind: TokenRecord(f"{kind} of {self.clock():.0f}", 7200, int(self.clock() * 1000), "/dogs", 290)
            for kind in TokenKind
        }
        self.standings: dict[TokenKind, RetryState] = {}

    def refused(self, errcode: int, kind: TokenKind = TokenKind.ACCESS_TOKEN) -> HistoryEntry:
        entry = HistoryEntry(
            self.clock(),
            SHOP.appid,
            kind,
            Trigger.TIMER,
            AttemptResult.REFUSED,
            errcode=errcode,
            ip=OWN_IP,
            calls=1,
            endpoint="stable_token",
        )
        self.standings[kind] = retries.next_retry_state(self.standings.get(kind, RetryState()), entry, CATALOGUE, 0.5)
        return entry

    def publish(self) -> None:
        status = build_account_status(SHOP, self.records, self.standings, self.clock())
        self.changed.emit(Overview(self.clock(), (status,)))


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def speaker() -> FakeNotificationBackend:
    return FakeNotificationBackend()


@pytest.fixture
def guarding(clock: FakeClock) -> OverviewPublisher:
    return OverviewPublisher(clock)


@pytest.fixture
def notifier(
    qtbot: QtBot,  # noqa: ARG001 - an event loop
    speaker: FakeNotificationBackend,
    clock: FakeClock,
    guarding: OverviewPublisher,
) -> Iterator[Notifier]:
    notifier = Notifier(speaker, speaking("en"), clock)
    guarding.changed.connect(notifier.on_overview_changed)
    guarding.publish()
    clock.advance(60)
    yield notifier
    notifier.stop()


@pytest.mark.usefixtures("notifier")
def test_a_trouble_is_shown_and_its_end_replaces_it(
    guarding: OverviewPublisher, speaker: FakeNotificationBackend, clock: FakeClock
) -> None:
    guarding.refused(40164)
    guarding.publish()
    guarding.publish()
    assert speaker.titles == ["Shop · needs you"]
    assert OWN_IP in speaker.shown[0][1].body

    clock.advance(60)
    guarding.fresh()
    guarding.publish()
    assert speaker.titles == ["Shop · needs you", "Shop · works again"]
    assert {appid for appid, _ in speaker.shown} == {"wxShop"}


def test_the_notices_speak_the_language_of_now(
    notifier: Notifier, guarding: OverviewPublisher, speaker: FakeNotificationBackend
) -> None:
    notifier.messages = speaking("zh_CN")
    guarding.refused(40164)
    guarding.publish()
    assert speaker.titles == ["Shop · 需要处理"]


def test_a_click_comes_back_in_the_main_thread(
    notifier: Notifier, speaker: FakeNotificationBackend, qtbot: QtBot
) -> None:
    listener = ActionRecorder()
    # directly: where the signal itself is emitted, not where its receiver lives
    notifier.action_invoked.connect(listener.on_action, Qt.ConnectionType.DirectConnection)
    for action in ("copy-ip", "try-again", "open", "default", "something new"):
        speaker.click("wxShop", action, "token-1")
    assert listener.heard == [], "never in the thread of the bus"

    qtbot.waitUntil(lambda: len(listener.heard) == 5)
    assert [action for _, action, _ in listener.heard] == ["copy-ip", "try-again", "open", "open", "open"]
    assert {(appid, token) for appid, _, token in listener.heard} == {("wxShop", "token-1")}
    assert listener.threads == {notifier.thread()}


def test_after_a_start_and_a_wake_up_what_may_mend_itself_waits(
    notifier: Notifier, guarding: OverviewPublisher, speaker: FakeNotificationBackend, clock: FakeClock
) -> None:
    clock.advance(7200)
    notifier.on_system_resumed()
    offline = HistoryEntry(
        clock(), SHOP.appid, "ACCESS_TOKEN", Trigger.RESUME, AttemptResult.NO_ANSWER, detail="offline", calls=1
    )
    guarding.standings[TokenKind.ACCESS_TOKEN] = retries.next_retry_state(RetryState(), offline, CATALOGUE, 0.5)
    for _ in range(2):
        guarding.publish()
        clock.advance(STARTUP_QUIET_S - 5)
    assert speaker.shown == []
    guarding.publish()
    assert speaker.titles == ["Shop · expired"]


def test_a_snooze_can_be_ended_early_and_what_lasts_is_told_then(
    notifier: Notifier, guarding: OverviewPublisher, speaker: FakeNotificationBackend, clock: FakeClock
) -> None:
    notifier.snooze(clock() + 3600)
    assert notifier._settings.snoozed_until == clock() + 3600
    guarding.refused(40164)
    guarding.publish()
    assert speaker.shown == []
    notifier.snooze(0)
    assert speaker.titles == ["Shop · needs you"]


def test_a_crash_is_shown_at_most_every_ten_minutes_and_not_while_snoozed(
    notifier: Notifier, speaker: FakeNotificationBackend, clock: FakeClock
) -> None:
    notifier.snooze(clock() + 60)
    notifier.show_crash(is_of_earlier_run=False)
    assert speaker.shown == []
    clock.advance(61)
    for _ in range(3):
        notifier.show_crash(is_of_earlier_run=False)
        clock.advance(100)
    clock.advance(600)
    notifier.show_crash(is_of_earlier_run=True)
    assert [text.body.partition(".")[0] for _, text in speaker.shown] == [
        "Guard Dog made a mistake of its own and goes on",
        "Guard Dog ended unexpectedly the last time",
    ]
    assert [action for action, _ in speaker.shown[0][1].actions] == [NotificationAction.OPEN]


def test_an_answer_to_a_copy_is_shown_unless_snoozed_and_not_kept_by_the_desktop(
    notifier: Notifier, speaker: FakeNotificationBackend, clock: FakeClock
) -> None:
    notifier.snooze(clock() + 60)
    notifier.show_copy("Copied access_token of Shop")
    assert speaker.shown == []
    clock.advance(61)
    notifier.show_copy("Copied access_token of Shop")
    ((_, text),) = speaker.shown
    assert (text.body, text.urgency, text.actions) == ("Copied access_token of Shop", Urgency.LOW, ())


def test_a_kind_that_is_switched_off_is_not_shown(
    notifier: Notifier, guarding: OverviewPublisher, speaker: FakeNotificationBackend
) -> None:
    notifier.set_enabled_kinds(frozenset(NotificationKind) - {NotificationKind.NEEDS_USER_ACTION})
    guarding.refused(40164)
    guarding.publish()
    assert speaker.shown == []


def test_successes_are_shown_to_those_who_want_them(
    notifier: Notifier, guarding: OverviewPublisher, speaker: FakeNotificationBackend, clock: FakeClock
) -> None:
    notifier.set_enabled_kinds(frozenset(NotificationKind))
    guarding.publish()
    assert speaker.shown == []
    clock.advance(7000)
    guarding.fresh()
    guarding.publish()
    assert speaker.titles == ["Shop · refreshed"]


def test_a_taken_token_is_told_at_once(
    notifier: Notifier, guarding: OverviewPublisher, speaker: FakeNotificationBackend
) -> None:
    notifier.on_token_superseded("wxShop", replace(guarding.refused(40001), at=NOW))
    assert speaker.titles == ["Shop · token replaced by somebody else"]


def test_a_removed_account_takes_its_notice_along(
    notifier: Notifier, guarding: OverviewPublisher, speaker: FakeNotificationBackend, clock: FakeClock
) -> None:
    guarding.refused(40164)
    guarding.publish()
    notifier.on_overview_changed(Overview(clock()))
    assert speaker.closed == ["wxShop"]


def test_after_the_end_nothing_is_shown(
    notifier: Notifier, guarding: OverviewPublisher, speaker: FakeNotificationBackend
) -> None:
    notifier.stop()
    guarding.refused(40164)
    guarding.publish()
    assert speaker.stopped
    assert speaker.shown == []


@pytest.mark.usefixtures("qtbot")
def test_no_value_ever_gets_into_a_notice(
    guarding: OverviewPublisher, speaker: FakeNotificationBackend, clock: FakeClock, notifier: Notifier
) -> None:
    notifier.set_enabled_kinds(frozenset(NotificationKind))
    values: set[str] = set()
    for errcode in (0, 40164, 40001, 48001, -1, 123456):
        clock.advance(7000)
        guarding.refused(errcode)
        guarding.publish()
        clock.advance(60)
        values |= {record.value for record in guarding.records.values() if record is not None}
        guarding.fresh()
        guarding.publish()
    shown = repr(speaker.shown)
    assert len(speaker.shown) > 6
    assert not [value for value in values if value in shown]


def _fit_the_port(
    fake: FakeNotificationBackend, bus: DBusNotifications
) -> tuple[NotificationBackend, NotificationBackend]:  # for mypy
    return fake, bus
