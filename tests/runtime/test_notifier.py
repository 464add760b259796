"""From what the controller says to what a person is shown, and from their click back to the main thread."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Qt, QThread, Signal, Slot
from pytestqt.qtbot import QtBot

from guarddog_gui.adapters.notifications.dbus import DBusNotifications
from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.message_catalog import Words
from guarddog_gui.domain.refresh import policy
from guarddog_gui.domain.refresh.history import Entry, Result, Trigger
from guarddog_gui.domain.refresh.notifications import QUIET_S, NoticeKind
from guarddog_gui.domain.refresh.policy import Standing
from guarddog_gui.domain.refresh.status import Overview, account_status
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord
from guarddog_gui.runtime.notifier import Notifier, OnAction, Speaker
from guarddog_gui.services.messages.message import Sentences
from guarddog_gui.services.messages.notifications import NoticeText
from tests.catalogue import CATALOGUE
from tests.fakes import NOW, OWN_IP, FakeClock

RESOURCES = Path(__file__).parents[2] / "resources"
WORDS = (RESOURCES / "words.json").read_text(encoding="utf-8")
SHOP = Account("wxShop", "Shop")


def speaking(language: str) -> Sentences:
    return Sentences(Words.from_text(WORDS, language), CATALOGUE, str)


class FakeSpeaker:
    """Keeps what it is to show; a test clicks on it, from a thread of its own as a bus would."""

    def __init__(self) -> None:
        self.shown: list[tuple[str, NoticeText]] = []
        self.closed: list[str] = []
        self.stopped = False
        self._on_action: OnAction | None = None

    def listen(self, on_action: OnAction) -> None:
        self._on_action = on_action

    def show(self, appid: str, text: NoticeText) -> None:
        self.shown.append((appid, text))

    def close(self, appid: str) -> None:
        self.closed.append(appid)

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


class Listener(QObject):
    def __init__(self) -> None:
        super().__init__()
        self.heard: list[tuple[str, str, str]] = []
        self.threads: set[QThread] = set()

    @Slot(str, str, str)
    def on_action(self, appid: str, action: str, token: str) -> None:
        self.heard.append((appid, action, token))
        self.threads.add(QThread.currentThread())


class Guarding(QObject):
    """What a controller says of one account over time."""

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
        self.standings: dict[TokenKind, Standing] = {}

    def refused(self, errcode: int, kind: TokenKind = TokenKind.ACCESS_TOKEN) -> Entry:
        entry = Entry(
            self.clock(),
            SHOP.appid,
            kind,
            Trigger.TIMER,
            Result.REFUSED,
            errcode=errcode,
            ip=OWN_IP,
            calls=1,
            endpoint="stable_token",
        )
        self.standings[kind] = policy.standing_after(
            self.standings.get(kind, Standing()), entry, CATALOGUE, 0.5
        )
        return entry

    def publish(self) -> None:
        status = account_status(SHOP, self.records, self.standings, self.clock())
        self.changed.emit(Overview(self.clock(), (status,)))


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def speaker() -> FakeSpeaker:
    return FakeSpeaker()


@pytest.fixture
def guarding(clock: FakeClock) -> Guarding:
    return Guarding(clock)


@pytest.fixture
def notifier(
    qtbot: QtBot,  # noqa: ARG001 - an event loop
    speaker: FakeSpeaker,
    clock: FakeClock,
    guarding: Guarding,
) -> Iterator[Notifier]:
    notifier = Notifier(speaker, speaking("en"), clock)
    guarding.changed.connect(notifier.on_changed)
    guarding.publish()
    clock.advance(60)
    yield notifier
    notifier.stop()


@pytest.mark.usefixtures("notifier")
def test_a_trouble_is_shown_and_its_end_replaces_it(
    guarding: Guarding, speaker: FakeSpeaker, clock: FakeClock
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
    notifier: Notifier, guarding: Guarding, speaker: FakeSpeaker
) -> None:
    notifier.set_sentences(speaking("zh_CN"))
    guarding.refused(40164)
    guarding.publish()
    assert speaker.titles == ["Shop · 需要处理"]


def test_a_click_comes_back_in_the_main_thread(
    notifier: Notifier, speaker: FakeSpeaker, qtbot: QtBot
) -> None:
    listener = Listener()
    # directly: where the signal itself is emitted, not where its receiver lives
    notifier.action_chosen.connect(listener.on_action, Qt.ConnectionType.DirectConnection)
    for action in ("copy-ip", "try-again", "open", "default", "something new"):
        speaker.click("wxShop", action, "token-1")
    assert listener.heard == [], "never in the thread of the bus"

    qtbot.waitUntil(lambda: len(listener.heard) == 5)
    assert [action for _, action, _ in listener.heard] == ["copy-ip", "try-again", "open", "open", "open"]
    assert {(appid, token) for appid, _, token in listener.heard} == {("wxShop", "token-1")}
    assert listener.threads == {notifier.thread()}


def test_after_a_start_and_a_wake_up_what_may_mend_itself_waits(
    notifier: Notifier, guarding: Guarding, speaker: FakeSpeaker, clock: FakeClock
) -> None:
    clock.advance(7200)
    notifier.on_woke()
    offline = Entry(
        clock(), SHOP.appid, "ACCESS_TOKEN", Trigger.RESUME, Result.UNHEARD, detail="offline", calls=1
    )
    guarding.standings[TokenKind.ACCESS_TOKEN] = policy.standing_after(Standing(), offline, CATALOGUE, 0.5)
    for _ in range(2):
        guarding.publish()
        clock.advance(QUIET_S - 5)
    assert speaker.shown == []
    guarding.publish()
    assert speaker.titles == ["Shop · expired"]


def test_a_snooze_can_be_ended_early_and_what_lasts_is_told_then(
    notifier: Notifier, guarding: Guarding, speaker: FakeSpeaker, clock: FakeClock
) -> None:
    notifier.snooze(clock() + 3600)
    assert notifier.snoozed_until == clock() + 3600
    guarding.refused(40164)
    guarding.publish()
    assert speaker.shown == []
    notifier.snooze(0)
    assert speaker.titles == ["Shop · needs you"]


def test_a_kind_that_is_switched_off_is_not_shown(
    notifier: Notifier, guarding: Guarding, speaker: FakeSpeaker
) -> None:
    notifier.set_kinds(frozenset(NoticeKind) - {NoticeKind.NEEDS_PERSON})
    guarding.refused(40164)
    guarding.publish()
    assert speaker.shown == []


def test_successes_are_shown_to_those_who_want_them(
    notifier: Notifier, guarding: Guarding, speaker: FakeSpeaker, clock: FakeClock
) -> None:
    notifier.set_kinds(frozenset(NoticeKind))
    guarding.publish()
    assert speaker.shown == []
    clock.advance(7000)
    guarding.fresh()
    guarding.publish()
    assert speaker.titles == ["Shop · refreshed"]


def test_a_taken_token_is_told_at_once(notifier: Notifier, guarding: Guarding, speaker: FakeSpeaker) -> None:
    notifier.on_taken("wxShop", replace(guarding.refused(40001), at=NOW))
    assert speaker.titles == ["Shop · token replaced by somebody else"]


def test_a_removed_account_takes_its_notice_along(
    notifier: Notifier, guarding: Guarding, speaker: FakeSpeaker, clock: FakeClock
) -> None:
    guarding.refused(40164)
    guarding.publish()
    notifier.on_changed(Overview(clock()))
    assert speaker.closed == ["wxShop"]


def test_after_the_end_nothing_is_shown(notifier: Notifier, guarding: Guarding, speaker: FakeSpeaker) -> None:
    notifier.stop()
    guarding.refused(40164)
    guarding.publish()
    assert speaker.stopped
    assert speaker.shown == []


@pytest.mark.usefixtures("qtbot")
def test_no_value_ever_gets_into_a_notice(
    guarding: Guarding, speaker: FakeSpeaker, clock: FakeClock, notifier: Notifier
) -> None:
    notifier.set_kinds(frozenset(NoticeKind))
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


def _fit_the_port(fake: FakeSpeaker, bus: DBusNotifications) -> tuple[Speaker, Speaker]:  # for mypy
    return fake, bus
