"""A search that two threads share: one works and tells, the other looks and cancels."""

import threading

from guarddog_gui.domain.diagnosis.candidate_tickets import CandidateTicket, TicketOrigin
from guarddog_gui.domain.diagnosis.diagnosis_input import DiagnosisInput
from guarddog_gui.domain.diagnosis.search import DiagnosisCancelled, diagnose
from guarddog_gui.runtime.jobs import DiagnosisProgress

EVIDENCE = DiagnosisInput(
    "https://a.example.cn/p/?" + "&".join(f"p{number}=v{number}" for number in range(12)),
    "0" * 40,
    "n1",
    "1790000000",
    (CandidateTicket("t" * 86, TicketOrigin.CURRENT, "wx1", "Shop"),),
)


def test_a_new_search_has_done_nothing_and_goes_on() -> None:
    search = DiagnosisProgress()
    assert (search.tried, search.total, search.is_cancelled()) == (0, 0, False)


def test_what_was_told_last_is_how_far_it_is() -> None:
    search = DiagnosisProgress()
    search.update(4096, 100_000)
    search.update(8192, 100_000)
    assert (search.tried, search.total) == (8192, 100_000)


def test_a_search_that_is_cancelled_from_another_thread_ends_before_its_end() -> None:
    search, begun, gone_on = DiagnosisProgress(), threading.Event(), threading.Event()
    ends: list[object] = []

    def progress(done: int, every: int) -> None:
        search.update(done, every)
        begun.set()
        gone_on.wait(20)  # until it has been cancelled

    def work() -> None:
        ends.append(diagnose(EVIDENCE, progress, search.is_cancelled))

    worker = threading.Thread(target=work)
    worker.start()
    assert begun.wait(20)
    search.cancel()
    search.cancel()  # twice is as good as once
    gone_on.set()
    worker.join(20)
    assert ends == [DiagnosisCancelled()]
    assert 0 < search.tried < search.total
