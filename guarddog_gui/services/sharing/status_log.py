"""Keep the state of the sharing of each account on disk, for `status`, the tray and the window."""

from msgspec import Struct
from msgspec.structs import replace

from guarddog_gui.domain.sharing.problems import SharingProblem
from guarddog_gui.domain.sharing.values import SharedReading, SharingFailure, SharingStatus
from guarddog_gui.services.ports import Clock, SharingJournal

REWRITE_INTERVAL_S = 60.0  # without a change; `checked_at` may be that old


class SharingStatusLog(Struct, frozen=True, eq=False):
    """Note what came of each use of Redis."""

    journal: SharingJournal
    clock: Clock

    def note_failure(self, appid: str, failure: SharingFailure) -> None:
        self._note(appid, failure.problem, failure.detail, None)

    def note_reading(self, appid: str, reading: SharedReading, problem: SharingProblem | None = None) -> None:
        """Note that Redis has answered; `problem` is what is wrong in spite of that."""
        self._note(appid, problem, "", reading)

    def _note(self, appid: str, problem: SharingProblem | None, detail: str, reading: SharedReading | None) -> None:
        now, previous = self.clock(), self.journal.load(appid)
        is_changed = previous is None or (previous.problem, previous.detail) != (problem, detail)
        since = now if previous is None or is_changed else previous.since
        status = SharingStatus(now, problem, detail, since)
        if previous is not None:
            status = replace(status, leader=previous.leader, written_at=previous.written_at)
        shared = None if reading is None else reading.value
        if shared is not None and shared.life_s is not None:
            written_at = now - max(0.0, shared.life_s - shared.left_s)
            is_other = previous is None or abs(previous.written_at - written_at) > 2 or previous.leader != shared.leader
            is_changed = is_changed or is_other
            status = replace(status, leader=shared.leader, written_at=written_at)
        if is_changed or previous is None or not 0 <= now - previous.checked_at < REWRITE_INTERVAL_S:
            self.journal.save(appid, status)
