"""A diagnosis in a lane: it can be followed, cancelled, and does not keep the program from ending."""

import time
from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.diagnosis.search import BadEvidence, Cancelled, NoMatch
from guarddog_gui.runtime.jobs import Diagnosis, Search
from guarddog_gui.services.diagnosis import Complaint
from tests.fakes import NOW
from tests.runtime.stage import SHOP, Stage, stage_with

QUERY = "&".join(f"p{number}=v{number}" for number in range(12))
COMPLAINT = Complaint(f"https://a.example.cn/p/?{QUERY}", "0" * 40, "n1", str(int(NOW)))


@pytest.fixture
def stage(qapp: QApplication) -> Iterator[Stage]:  # noqa: ARG001 - signals need an application
    with stage_with(SHOP) as stage:
        stage.put_fresh(SHOP)
        stage.controller.read()
        yield stage


def came_of(stage: Stage, search: Search, qtbot: QtBot) -> object:
    found: list[object] = []
    stage.signing.diagnosed.connect(lambda of, done: found.append(done) if of is search else None)
    qtbot.waitUntil(lambda: bool(found), timeout=20_000)
    done = found[0]
    assert isinstance(done, Diagnosis)
    return done.result


def test_a_search_tells_how_far_it_is(stage: Stage, qtbot: QtBot) -> None:
    search = stage.signing.diagnose(SHOP, COMPLAINT)
    result = came_of(stage, search, qtbot)
    assert isinstance(result, NoMatch)
    assert 0 < search.done <= search.all


def test_a_cancelled_search_ends_soon(stage: Stage, qtbot: QtBot) -> None:
    search = stage.signing.diagnose(SHOP, COMPLAINT)
    search.cancel()
    assert isinstance(came_of(stage, search, qtbot), Cancelled)


def test_what_is_no_evidence_comes_back_as_such(stage: Stage, qtbot: QtBot) -> None:
    search = stage.signing.diagnose(SHOP, Complaint("/p", "0" * 40, "n1", "1"))
    assert isinstance(came_of(stage, search, qtbot), BadEvidence)


def test_the_program_ends_while_it_searches(stage: Stage) -> None:
    search = stage.signing.diagnose(SHOP, COMPLAINT)
    deadline = time.monotonic() + 10
    while search.all == 0 and time.monotonic() < deadline:  # until the lane is at it
        time.sleep(0.001)
    stage.signing.stop()
    assert stage.lanes.stop(3000)


def test_a_live_ticket_is_one_that_works_now(stage: Stage) -> None:
    assert stage.signing.has_ticket(SHOP)
    stage.clock.advance(7200)
    assert not stage.signing.has_ticket(SHOP)
