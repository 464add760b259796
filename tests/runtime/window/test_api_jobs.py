"""Jobs of the API console on real threads."""

from collections.abc import Iterator
from functools import partial
from threading import Event
from typing import Any

import pytest
from msgspec.structs import replace
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.api.request import ApiRequest, Upload, check_request
from guarddog_gui.domain.exports.targets import ExportFormat, ExportTarget
from guarddog_gui.runtime.jobs import JobCrashed, JobHandle
from guarddog_gui.runtime.window.api_jobs import ApiJobs, ConsoleData
from guarddog_gui.runtime.worker_pool import CALL_THREADS
from guarddog_gui.services.api_calls import ApiOutcome
from tests.api_fakes import PNG
from tests.runtime.harness import SHOP, TOKEN, RuntimeHarness, runtime_harness


@pytest.fixture
def harness(qapp: QApplication) -> Iterator[RuntimeHarness]:  # noqa: ARG001 - signals need one
    with runtime_harness(SHOP) as harness:
        harness.put_value(SHOP, TOKEN, "91_token" + "x" * 60, age_s=60)
        yield harness


@pytest.fixture
def jobs(harness: RuntimeHarness) -> ApiJobs:
    return harness.controller.account_jobs.api


def result_of(qtbot: QtBot, handle: JobHandle[Any]) -> Any:
    results: list[object] = []
    handle.finished.connect(lambda result, _job: results.append(result))
    handle.failed.connect(lambda failure, _job: results.append(failure))
    qtbot.waitUntil(lambda: bool(results), timeout=10_000)
    return results[0]


def make_request(method: str = "GET", path: str = "cgi-bin/menu/get", upload: Upload | None = None) -> ApiRequest:
    request = check_request(method, path, upload=upload)
    assert isinstance(request, ApiRequest)
    return request


def test_a_call_comes_back_with_its_answer(jobs: ApiJobs, qtbot: QtBot) -> None:
    outcome = result_of(qtbot, jobs.call(SHOP, make_request()))
    assert isinstance(outcome, ApiOutcome)
    assert outcome.is_success


def test_a_file_is_read_in_the_worker_and_is_not_in_the_outcome(
    harness: RuntimeHarness, jobs: ApiJobs, qtbot: QtBot
) -> None:
    harness.uploads["/cat.png"] = PNG
    request = make_request("POST", "cgi-bin/media/upload", Upload("media", "/cat.png"))

    outcome = result_of(qtbot, jobs.call(SHOP, request))

    ((sent, _),) = harness.api_transport.sent
    assert sent.upload == Upload("media", "/cat.png", PNG)
    assert outcome.request == request


def test_the_console_has_the_catalogue_and_the_calls_of_the_account(jobs: ApiJobs, qtbot: QtBot) -> None:
    result_of(qtbot, jobs.call(SHOP, make_request()))
    result_of(qtbot, jobs.set_favourite(("GET", "/cgi-bin/menu/get"), is_kept=True))

    data = result_of(qtbot, jobs.load(SHOP.appid))

    assert isinstance(data, ConsoleData)
    assert [call.path for call in data.calls] == ["/cgi-bin/menu/get"]
    assert data.favourites == (("GET", "/cgi-bin/menu/get"),)
    result_of(qtbot, jobs.forget_calls(SHOP.appid))
    assert result_of(qtbot, jobs.load(SHOP.appid)).calls == ()


def test_an_answer_is_saved_in_the_worker(harness: RuntimeHarness, jobs: ApiJobs, qtbot: QtBot) -> None:
    assert result_of(qtbot, jobs.save_answer("/tmp/x.png", PNG)) == "/tmp/x.png"
    assert harness.saved_files == {"/tmp/x.png": PNG}


def test_hanging_calls_hold_up_neither_a_refresh_nor_the_console(
    harness: RuntimeHarness, jobs: ApiJobs, qtbot: QtBot
) -> None:
    gate = Event()
    harness.api_transport.before_answer = partial(gate.wait, 10)
    outcomes: list[ApiOutcome] = []
    for _ in range(CALL_THREADS + 2):
        jobs.call(SHOP, make_request()).finished.connect(lambda outcome, _job: outcomes.append(outcome))
    try:
        assert isinstance(result_of(qtbot, jobs.load(SHOP.appid)), ConsoleData)
        harness.controller.start()
        harness.controller.refresh(SHOP.appid)
        qtbot.waitUntil(lambda: bool(harness.refresh_results), timeout=10_000)
    finally:
        gate.set()
    qtbot.waitUntil(lambda: len(outcomes) == CALL_THREADS + 2, timeout=10_000)
    assert all(outcome.is_success for outcome in outcomes)


def test_a_renewed_token_is_exported_and_reported(harness: RuntimeHarness, qtbot: QtBot) -> None:
    account = replace(SHOP, exports=(ExportTarget(ExportFormat.ENV, "/tmp/.env"),))
    harness.dogs.purge(SHOP)
    jobs, reports = harness.controller.account_jobs.api, list[None]()
    jobs.values_changed.connect(lambda: reports.append(None))

    outcome = result_of(qtbot, jobs.call(account, make_request()))

    assert outcome.has_refreshed
    assert reports == [None]
    qtbot.waitUntil(lambda: harness.worker_pool.is_idle, timeout=10_000)
    assert harness.export_files.written


def test_an_unexpected_error_is_a_crash_without_its_text(jobs: ApiJobs, qtbot: QtBot) -> None:
    request = make_request("POST", "cgi-bin/media/upload", Upload("media", "/missing.png"))
    assert result_of(qtbot, jobs.call(SHOP, request)) == JobCrashed("KeyError")
