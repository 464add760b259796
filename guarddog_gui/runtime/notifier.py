"""Listens to the controller and tells a person what changed; what they choose comes back as a signal."""

from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from PySide6.QtCore import QObject, Qt, Signal, Slot

from guarddog_gui.domain.refresh.history import Entry
from guarddog_gui.domain.refresh.notifications import (
    QUIET_S,
    Memory,
    NoticeAction,
    NoticeKind,
    Wishes,
    notices,
    taken,
)
from guarddog_gui.domain.refresh.status import Overview
from guarddog_gui.services.messages.message import Sentences
from guarddog_gui.services.messages.notifications import NoticeText, notice_text
from guarddog_gui.services.ports import Clock

OnAction = Callable[[str, str, str], None]  # appid, NoticeAction or "default", XDG activation token or ""


class Speaker(Protocol):
    """Shows notices: one per account, a newer one in place of the older. Never waits and never raises."""

    def listen(self, on_action: OnAction) -> None:
        """Call this for everything that a person chooses, from any thread."""

    def show(self, appid: str, text: NoticeText) -> None: ...

    def close(self, appid: str) -> None:
        """Take the notice of this account away, if it is still there."""

    def stop(self) -> None:
        """Take everything away, for good."""


class Notifier(QObject):
    """Connect `Controller.changed` to `on_changed`, and wake-ups to `on_woke`. Lives in the main thread."""

    action_chosen = Signal(str, str, str)  # appid, NoticeAction, XDG activation token or ""

    _heard = Signal(str, str, str)

    def __init__(
        self, speaker: Speaker, sentences: Sentences, clock: Clock, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._speaker = speaker
        self._sentences = sentences
        self._clock = clock
        self._wishes = Wishes(quiet_until=clock() + QUIET_S)
        self._memory: Memory = {}
        self._overview: Overview | None = None
        self._heard.connect(self._on_heard, Qt.ConnectionType.QueuedConnection)
        speaker.listen(self._hear)

    @property
    def snoozed_until(self) -> float:
        """Unix seconds until which nothing is shown; in the past if nobody wants silence."""
        return self._wishes.snoozed_until

    def snooze(self, until: float) -> None:
        """Show nothing until then (Unix seconds); 0 ends it. What still lasts then is told afterwards."""
        self._wishes = replace(self._wishes, snoozed_until=until)
        self._look()

    def set_kinds(self, enabled: frozenset[NoticeKind]) -> None:
        """Tell these kinds and no others."""
        self._wishes = replace(self._wishes, kinds=enabled)

    def set_sentences(self, sentences: Sentences) -> None:
        """Speak another language from now on."""
        self._sentences = sentences

    def on_taken(self, appid: str, entry: Entry) -> None:
        """Somebody else replaced the token of this account; `entry` is the attempt that showed it."""
        self._memory = taken(self._memory, appid, entry)
        self._look()

    def stop(self) -> None:
        """Show nothing any more, and take away what is shown."""
        self._wishes = replace(self._wishes, kinds=frozenset())
        self._speaker.stop()

    @Slot()
    def on_woke(self) -> None:
        """The machine woke up: what is only about the network gets a moment."""
        self._wishes = replace(self._wishes, quiet_until=self._clock() + QUIET_S)

    @Slot(object)
    def on_changed(self, overview: Overview) -> None:
        """Show what this overview is worth after the last one."""
        before, self._overview = self._overview, overview
        decision = notices(before, overview, self._memory, self._wishes, self._sentences.catalogue)
        self._memory = decision.memory
        for appid in decision.withdraw:
            self._speaker.close(appid)
        for notice in decision.show:
            self._speaker.show(notice.appid, notice_text(notice, self._sentences, overview.at))

    def _look(self) -> None:
        """Decide once more about what was last seen."""
        if self._overview is not None:
            self.on_changed(replace(self._overview, at=self._clock()))

    def _hear(self, appid: str, action: str, token: str) -> None:
        """Called in any thread."""
        self._heard.emit(appid, action, token)

    @Slot(str, str, str)
    def _on_heard(self, appid: str, action: str, token: str) -> None:
        # a click on the notice itself has a name of the desktop's, mostly "default"
        chosen = action if action in set(NoticeAction) else NoticeAction.OPEN.value
        self.action_chosen.emit(appid, chosen, token)
