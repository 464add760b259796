"""A diagnosis in a lane: it can be followed, cancelled, and does not keep the program from ending."""

import time
from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.diagnosis.diagnosis_input import InvalidDiagnosisInput
from guarddog_gui.domain.diagnosis.search import DiagnosisCancelled, NoMatch
from guarddog_gui.runtime.jobs import DiagnosisProgress, DiagnosisResult
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


def came_of(harness: RuntimeHarness, search: DiagnosisProgress, qtbot: QtBot) -> object:
    found: list[object] = []
    harness.signing.diagnosed.connect(lambda of, done: found.append(done) if of is search else None)
    qtbot.waitUntil(lambda: bool(found), timeout=20_000)
    done = found[0]
    assert isinstance(done, DiagnosisResult)
    return done.result


def test_a_search_tells_how_far_it_is(harness: RuntimeHarness, qtbot: QtBot) -> None:
    search = harness.signing.diagnose(SHOP, COMPLAINT)
    result = came_of(harness, search, qtbot)
    assert isinstance(result, NoMatch)
    assert 0 < search.tried <= search.total


def test_a_cancelled_search_ends_soon(harness: RuntimeHarness, qtbot: QtBot) -> None:
    search = harness.signing.diagnose(SHOP, COMPLAINT)
    search.cancel()
    assert isinstance(came_of(harness, search, qtbot), DiagnosisCancelled)


def test_what_is_no_evidence_comes_back_as_such(harness: RuntimeHarness, qtbot: QtBot) -> None:
    search = harness.signing.diagnose(SHOP, DiagnosisRequest("/p", "0" * 40, "n1", "1"))
    assert isinstance(came_of(harness, search, qtbot), InvalidDiagnosisInput)


def test_the_program_ends_while_it_searches(harness: RuntimeHarness) -> None:
    search = harness.signing.diagnose(SHOP, COMPLAINT)
    deadline = time.monotonic() + 10
    while search.total == 0 and time.monotonic() < deadline:  # until the lane is at it
        time.sleep(0.001)
    harness.signing.stop()
    assert harness.worker_pool.stop(3000)


def test_a_live_ticket_is_one_that_works_now(harness: RuntimeHarness) -> None:
    assert harness.signing.has_valid_ticket(SHOP)
    harness.clock.advance(7200)
    assert not harness.signing.has_valid_ticket(SHOP)
