"""A search that two threads share: one works and tells, the other looks and cancels."""

import threading

from guarddog_gui.domain.diagnosis.candidate_tickets import KnownTicket, TicketSource
from guarddog_gui.domain.diagnosis.search import Cancelled, Evidence, diagnose
from guarddog_gui.runtime.jobs import Search

EVIDENCE = Evidence(
    "https://a.example.cn/p/?" + "&".join(f"p{number}=v{number}" for number in range(12)),
    "0" * 40,
    "n1",
    "1790000000",
    (KnownTicket("t" * 86, TicketSource.CURRENT, "wx1", "Shop"),),
)


def test_a_new_search_has_done_nothing_and_goes_on() -> None:
    search = Search()
    assert (search.done, search.all, search.is_cancelled()) == (0, 0, False)


def test_what_was_told_last_is_how_far_it_is() -> None:
    search = Search()
    search.progress(4096, 100_000)
    search.progress(8192, 100_000)
    assert (search.done, search.all) == (8192, 100_000)


def test_a_search_that_is_cancelled_from_another_thread_ends_before_its_end() -> None:
    search, begun, gone_on = Search(), threading.Event(), threading.Event()
    ends: list[object] = []

    def progress(done: int, every: int) -> None:
        search.progress(done, every)
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
    assert ends == [Cancelled()]
    assert 0 < search.done < search.all
