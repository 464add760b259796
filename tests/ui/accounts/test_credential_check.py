"""Check of credentials: planned when they look complete, dropped when they change, one call for each pair."""

import pytest
from PySide6.QtCore import QObject, QTimer
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.accounts.account import Account, Secret
from guarddog_gui.ui.accounts.credential_check import CredentialCheck
from tests.runtime.harness import CAFE, SECRET, RuntimeHarness


class CheckSetup:
    """A check whose timer fires at once."""

    def __init__(self, harness: RuntimeHarness, qtbot: QtBot) -> None:
        self.harness = harness
        self.qtbot = qtbot
        self.owner = QObject()
        self.check = CredentialCheck(harness.controller.account_jobs, self.owner)
        timer = self.check.findChild(QTimer)
        assert timer is not None
        timer.setInterval(0)

    def plan(self, account: Account = CAFE, secret: str = SECRET) -> None:
        with self.qtbot.waitSignal(self.check.finished):
            self.check.plan_if_complete(account, Secret(secret))


@pytest.fixture
def setup(harness: RuntimeHarness, qtbot: QtBot) -> CheckSetup:
    return CheckSetup(harness, qtbot)


def test_the_same_pair_is_asked_about_once(setup: CheckSetup) -> None:
    setup.plan()
    setup.plan()
    setup.plan(secret="f" * 32)
    setup.plan()
    assert setup.harness.transport.endpoints == ["stable_token"] * 2
    assert setup.check.result is not None


@pytest.mark.parametrize(("appid", "secret"), [("wx1", SECRET), (CAFE.appid, SECRET[:31]), ("", "")])
def test_incomplete_credentials_are_not_sent(setup: CheckSetup, appid: str, secret: str) -> None:
    setup.check.plan_if_complete(Account(appid, "x"), Secret(secret))
    setup.qtbot.wait(30)
    assert setup.harness.transport.requests == []
    assert not setup.check.is_running


def test_a_dropped_check_reports_nothing(setup: CheckSetup) -> None:
    setup.harness.wechat.hanging_appids.add(CAFE.appid)
    with setup.qtbot.waitSignal(setup.check.started):
        setup.check.plan_if_complete(CAFE, Secret(SECRET))
    setup.check.drop()
    with setup.qtbot.assertNotEmitted(setup.check.finished):
        setup.harness.wechat.release()
        setup.qtbot.waitUntil(lambda: bool(setup.harness.job_results))
    assert setup.check.result is None
