"""The state of the sharing on disk."""

from guarddog_gui.domain.sharing.problems import SharingProblem
from guarddog_gui.domain.sharing.values import SharedReading, SharedValue
from guarddog_gui.services.sharing.status_log import SharingStatusLog
from tests.fake_sharing import DOWN, FakeSharingJournal
from tests.fakes import NOW, FakeClock

READING = SharedReading(NOW, SharedValue("v", 7000, 7200, "key", "laptop"))


class CountingJournal(FakeSharingJournal):
    """Journal that counts what is written."""

    writes = 0

    def save(self, appid: str, status: object) -> None:
        self.writes += 1
        super().save(appid, status)  # type: ignore[arg-type]


def test_a_problem_is_noted_with_its_beginning_and_its_end() -> None:
    clock, journal = FakeClock(), CountingJournal()
    log = SharingStatusLog(journal, clock)
    log.note_reading("wx1", READING)
    clock.advance(100)
    log.note_failure("wx1", DOWN)
    clock.advance(50)
    log.note_failure("wx1", DOWN)
    status = journal.load("wx1")
    assert status is not None
    assert (status.problem, status.since) == (SharingProblem.UNREACHABLE, NOW + 100)
    assert (status.leader, status.written_at) == ("laptop", NOW - 200)  # as it was known last
    clock.advance(10)
    log.note_reading("wx1", READING)
    status = journal.load("wx1")
    assert status is not None
    assert (status.problem, status.since) == (None, NOW + 160)


def test_what_does_not_change_is_written_once_a_minute() -> None:
    clock, journal = FakeClock(), CountingJournal()
    log = SharingStatusLog(journal, clock)
    for _ in range(60):
        log.note_failure("wx1", DOWN)
        clock.advance(2)
    assert journal.writes == 2
