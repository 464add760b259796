"""Jobs in the running program: exports after each new value, and the progress of a diagnosis."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from msgspec.structs import replace
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.diagnosis.candidate_tickets import CandidateTicket, TicketOrigin
from guarddog_gui.domain.diagnosis.diagnosis_input import DiagnosisInput
from guarddog_gui.domain.diagnosis.search import DiagnosisCancelled, diagnose
from guarddog_gui.domain.exports.reports import ExportError, ExportErrorKind, ExportStatus
from guarddog_gui.domain.exports.targets import ExportFormat, ExportTarget
from guarddog_gui.domain.refresh.history import AttemptResult, HistoryEntry, HistoryFilter, Trigger
from guarddog_gui.domain.refresh.status import KeyState
from guarddog_gui.runtime.jobs import DiagnosisProgress, HistoryPageQuery, QueryKind, QueryWeChat, RememberUrl
from tests.fakes import NOW, error_reply
from tests.runtime.harness import SHOP, TICKET, TOKEN, RuntimeHarness, runtime_harness, started

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


ENV = ExportTarget(ExportFormat.ENV, "/srv/.env")


RUN = ExportTarget(ExportFormat.COMMAND, command=("notify",))


WRITTEN = replace(SHOP, exports=(ENV, RUN))


FAILED = ExportError(ExportErrorKind.EXIT, "3")


pytestmark = pytest.mark.usefixtures("qapp")


def reports(harness: RuntimeHarness) -> tuple[ExportStatus, ...]:
    (status,) = harness.controller.overview().accounts
    return status.exports


@contextmanager
def ending_with(action: Callable[[], None]) -> Iterator[None]:
    """Call it also when the test fails: a waiting thread would abort the whole run."""
    try:
        yield
    finally:
        action()


def last_ran(harness: RuntimeHarness) -> dict[str, str]:
    _, _, values = harness.command_runner.runs[-1]
    return {kind.value: value for kind, value in values.items()}


def test_what_a_refresh_brings_is_handed_on_and_told(qtbot: QtBot) -> None:
    with runtime_harness(WRITTEN) as harness:
        started(harness, qtbot)

        assert last_ran(harness) == {kind: harness.value(SHOP, kind) for kind in (TOKEN, TICKET)}
        assert [report.written_at for report in reports(harness)] == [harness.clock(), harness.clock()]
        assert harness.overviews[-1].accounts[0].exports == reports(harness)


def test_a_start_hands_on_what_failed_the_last_time_and_runs_no_command_twice(qtbot: QtBot) -> None:
    with runtime_harness(WRITTEN) as harness:
        harness.put_fresh_values(WRITTEN)
        started(harness, qtbot)
        assert len(harness.command_runner.runs) == 1
        harness.advance(60)
        harness.wait_until_idle(qtbot)
        assert len(harness.command_runner.runs) == 1

        with runtime_harness(WRITTEN, dogs=harness.dogs) as second:
            second.export_journal = harness.export_journal
            started(second, qtbot)
            assert not second.command_runner.runs
            assert reports(second) == reports(harness)


def test_what_another_program_has_written_is_handed_on(qtbot: QtBot) -> None:
    with runtime_harness(WRITTEN) as harness:
        harness.put_fresh_values(WRITTEN)
        started(harness, qtbot)

        harness.put_value(SHOP, TOKEN, "THEIR-TOKEN", age_s=0)
        harness.advance(1)
        harness.wait_until_idle(qtbot)

        assert last_ran(harness)[TOKEN] == "THEIR-TOKEN"


def test_an_added_export_is_written_at_once_and_a_removed_one_is_forgotten(qtbot: QtBot) -> None:
    with runtime_harness(SHOP) as harness:
        harness.put_fresh_values(SHOP)
        started(harness, qtbot)
        assert not harness.export_files.written

        harness.controller.account_jobs.save_account(replace(SHOP, exports=(ENV,)), None)
        harness.wait_until_idle(qtbot)
        assert len(harness.export_files.written) >= 1
        assert [report.target for report in reports(harness)] == [ENV]

        harness.controller.account_jobs.save_account(SHOP, None)
        harness.wait_until_idle(qtbot)
        assert reports(harness) == ()
        assert harness.export_journal.stored[SHOP.appid] == ()


def test_a_failure_is_told_is_no_failure_of_the_account_and_is_tried_again(qtbot: QtBot) -> None:
    with runtime_harness(WRITTEN) as harness:
        harness.command_runner.error = FAILED
        started(harness, qtbot)
        assert [report.error for report in reports(harness)] == [None, FAILED]
        assert harness.controller.overview().state is KeyState.FRESH

        harness.command_runner.error = None
        harness.controller.refresh()
        harness.wait_until_idle(qtbot)
        assert [report.error for report in reports(harness)] == [None, None]


def test_a_refresh_that_fails_hands_nothing_on(qtbot: QtBot) -> None:
    with runtime_harness(WRITTEN) as harness:
        harness.wechat.forced_token_reply = error_reply(40164)
        started(harness, qtbot)

        assert not harness.command_runner.runs


def test_a_slow_command_holds_up_neither_the_refresh_nor_the_next_one(qtbot: QtBot) -> None:
    go_on = threading.Event()
    with runtime_harness(WRITTEN) as harness, ending_with(go_on.set):
        harness.command_runner.on_run = lambda: go_on.wait(60)
        harness.controller.start()
        qtbot.waitUntil(lambda: bool(harness.command_runner.runs), timeout=20_000)
        qtbot.waitUntil(lambda: harness.controller.overview().state is KeyState.FRESH, timeout=20_000)

        first = harness.value(SHOP, TOKEN)
        harness.advance(7200 - 280)
        qtbot.waitUntil(lambda: harness.value(SHOP, TOKEN) != first, timeout=20_000)
        assert len(harness.command_runner.runs) == 1, "one at a time"
        go_on.set()
        harness.wait_until_idle(qtbot)

        assert last_ran(harness)[TOKEN] == harness.value(SHOP, TOKEN)


def test_a_bug_of_ours_is_told_and_the_next_one_is_tried(qtbot: QtBot, caplog: pytest.LogCaptureFixture) -> None:
    with runtime_harness(WRITTEN) as harness:
        harness.put_fresh_values(WRITTEN)
        harness.command_runner.on_run = lambda: 1 / 0
        started(harness, qtbot)
        assert "the job WriteExports failed" in caplog.text

        harness.command_runner.on_run = lambda: None
        harness.advance(30)
        harness.wait_until_idle(qtbot)
        assert [report.error for report in reports(harness)] == [None, None]


def test_an_answer_that_comes_after_the_account_has_gone_is_nobodys(qtbot: QtBot) -> None:
    with runtime_harness(WRITTEN) as harness:
        is_removed = threading.Event()

        def crash_late() -> None:
            is_removed.wait(20)
            raise ZeroDivisionError

        harness.command_runner.on_run = crash_late
        harness.put_fresh_values(WRITTEN)
        with ending_with(is_removed.set):
            harness.controller.start()
            qtbot.waitUntil(lambda: bool(harness.command_runner.runs))
            harness.controller.removals.remove_now(WRITTEN)
            qtbot.waitUntil(lambda: bool(harness.job_results))
        harness.wait_until_idle(qtbot)

        assert len(harness.command_runner.runs) == 1


# -- jobs by themselves ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "endpoint"),
    [
        (QueryKind.TOKEN_VALID, "get_api_domain_ip"),
        (QueryKind.RID, "rid/get"),
        (QueryKind.QUOTAS, "quota/get"),
        (QueryKind.CLEAR_QUOTA, "clear_quota"),
    ],
)
def test_each_query_asks_its_own_endpoint(kind: QueryKind, endpoint: str) -> None:
    with runtime_harness(SHOP) as harness:
        harness.put_fresh_values(SHOP)
        harness.transport.handler = lambda _: error_reply(-1)
        QueryWeChat(SHOP, kind, "66a1-0b2c-3d4e").run(harness.make_context())
        paths = [request.path for request in harness.transport.requests]
        assert paths
        assert all(path.endswith(endpoint) for path in paths)


def test_a_signed_page_is_remembered_and_forgotten() -> None:
    with runtime_harness(SHOP) as harness:
        context = harness.make_context()
        RememberUrl(SHOP.appid, "https://a.example.cn/p").run(context)
        assert harness.recent_urls.recent(SHOP.appid) == ("https://a.example.cn/p",)
        RememberUrl(SHOP.appid, None).run(context)
        assert harness.recent_urls.recent(SHOP.appid) == ()


def test_a_page_of_the_history_begins_after_the_row_before_it() -> None:
    with runtime_harness(SHOP) as harness:
        for number in range(5):
            entry = HistoryEntry(NOW + number, SHOP.appid, TOKEN, Trigger.TIMER, AttemptResult.NEW)
            harness.history.append(entry)
        context = harness.make_context()
        first = HistoryPageQuery(HistoryFilter(), None, 2).run(context)
        second = HistoryPageQuery(HistoryFilter(), first[-1].id, 2).run(context)
        assert [row.entry.at for row in (*first, *second)] == [NOW + number for number in (4, 3, 2, 1)]
