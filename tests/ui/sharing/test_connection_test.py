"""Test of a connection: one at a time, and nothing is sent to an address that is being typed."""

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.errors import BadInput
from guarddog_gui.domain.sharing.settings import Sharing, SharingRole
from guarddog_gui.runtime.jobs import JobFailed
from guarddog_gui.services.accounts.sharing_service import SharingPreview
from guarddog_gui.ui.sharing.connection_test import ConnectionTest
from tests.fake_sharing import DOWN
from tests.runtime.harness import SHOP, RuntimeHarness

SHARING = Sharing(SharingRole.LEADER, "redis://redis.example.com")
REQUEST = (SHOP, SHARING, None)


@pytest.fixture
def connection(harness: RuntimeHarness, qtbot: QtBot) -> ConnectionTest:
    parent = QObject()
    connection = ConnectionTest(harness.controller.account_jobs, parent)
    connection.finished.connect(lambda _: None)
    qtbot.wait(0)
    connection.keep_alive = parent  # type: ignore[attr-defined]  # Qt deletes children with their parent
    return connection


def test_other_keys_are_looked_up_only_after_an_answer(
    connection: ConnectionTest, harness: RuntimeHarness, qtbot: QtBot
) -> None:
    connection.plan(*REQUEST)
    qtbot.wait(700)
    assert harness.shared_store.tried_passwords == []
    with qtbot.waitSignal(connection.finished) as finished:
        connection.start(*REQUEST)
    assert isinstance(finished.args[0], SharingPreview)
    with qtbot.waitSignal(connection.finished):
        connection.plan(*REQUEST)
    assert len(harness.shared_store.tried_passwords) == 2


def test_a_failure_is_no_answer(connection: ConnectionTest, harness: RuntimeHarness, qtbot: QtBot) -> None:
    harness.redis.failure = DOWN
    with qtbot.waitSignal(connection.finished) as finished:
        connection.start(*REQUEST)
    assert finished.args[0].failure == DOWN
    connection.plan(*REQUEST)
    qtbot.wait(700)
    assert len(harness.shared_store.tried_passwords) == 1


def test_what_cannot_be_entered_fails(connection: ConnectionTest, qtbot: QtBot) -> None:
    with qtbot.waitSignal(connection.failed) as failed:
        connection.start(SHOP, Sharing(SharingRole.LEADER, "http://x"), None)
    assert isinstance(failed.args[0], JobFailed)
    assert isinstance(failed.args[0].error, BadInput)


def test_a_dropped_test_reports_nothing(connection: ConnectionTest, harness: RuntimeHarness, qtbot: QtBot) -> None:
    reports: list[object] = []
    connection.finished.connect(reports.append)
    connection.start(*REQUEST)
    connection.drop()
    harness.wait_until_idle(qtbot)
    assert reports == []
    assert not connection.is_running
