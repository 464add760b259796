"""A diagnosis in a worker thread: its progress, cancelling it, and the end of the program meanwhile."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.diagnosis.diagnosis_input import InvalidDiagnosisInput
from guarddog_gui.domain.diagnosis.search import DiagnosisCancelled, NoMatch
from guarddog_gui.runtime.jobs import DiagnosisProgress, JobHandle
from guarddog_gui.services.diagnosis import DiagnosisRequest
from tests.fakes import NOW
from tests.runtime.harness import SHOP, RuntimeHarness, runtime_harness

QUERY = "&".join(f"p{number}=v{number}" for number in range(12))
COMPLAINT = DiagnosisRequest(f"https://a.example.cn/p/?{QUERY}", "0" * 40, "n1", str(int(NOW)))


@pytest.fixture
def harness(qapp: QApplication) -> Iterator[RuntimeHarness]:  # noqa: ARG001 - signals need an application
    with runtime_harness(SHOP) as harness:
        harness.put_fresh_values(SHOP)
        harness.controller.reload_from_disk()
        yield harness


def outcome_of(handle: JobHandle[Any], qtbot: QtBot) -> object:
    with qtbot.waitSignal(handle.finished, timeout=20_000) as finished:
        pass
    assert finished.args is not None
    return finished.args[0]


def test_a_search_tells_how_far_it_is(harness: RuntimeHarness, qtbot: QtBot) -> None:
    progress = DiagnosisProgress()
    result = outcome_of(harness.signing.diagnose(SHOP, COMPLAINT, progress), qtbot)
    assert isinstance(result, NoMatch)
    assert 0 < progress.tried <= progress.total


def test_a_cancelled_search_ends_soon(harness: RuntimeHarness, qtbot: QtBot) -> None:
    progress = DiagnosisProgress()
    handle = harness.signing.diagnose(SHOP, COMPLAINT, progress)
    progress.cancel()
    assert isinstance(outcome_of(handle, qtbot), DiagnosisCancelled)


def test_what_is_no_evidence_comes_back_as_such(harness: RuntimeHarness, qtbot: QtBot) -> None:
    request = DiagnosisRequest("/p", "0" * 40, "n1", "1")
    handle = harness.signing.diagnose(SHOP, request, DiagnosisProgress())
    assert isinstance(outcome_of(handle, qtbot), InvalidDiagnosisInput)


def test_the_program_ends_while_it_searches(harness: RuntimeHarness) -> None:
    progress = DiagnosisProgress()
    harness.signing.diagnose(SHOP, COMPLAINT, progress)
    deadline = time.monotonic() + 10
    while progress.total == 0 and time.monotonic() < deadline:  # until it has begun
        time.sleep(0.001)
    harness.signing.stop()
    assert harness.worker_pool.stop(3000)


def test_a_live_ticket_is_one_that_works_now(harness: RuntimeHarness) -> None:
    assert harness.signing.has_valid_ticket(SHOP)
    harness.clock.advance(7200)
    assert not harness.signing.has_valid_ticket(SHOP)
