"""Background engine with real threads and real servers, and a change of the API base."""

import json
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from guarddog_gui.adapters.keyring.memory import MemorySecretStore
from guarddog_gui.bootstrap.background_engine import BackgroundEngine
from guarddog_gui.bootstrap.container import Container, make_container
from guarddog_gui.bootstrap.sandbox_session import to_account
from guarddog_gui.domain.accounts.account import Secret
from guarddog_gui.sandbox.server import SandboxServer


class TwoWeChatServers:
    """Two WeChat servers with the same account, and a Guard Dog that uses the first."""

    def __init__(self, home: Path, ending: ExitStack) -> None:
        self.first = ending.enter_context(SandboxServer(time.time))
        self.second = ending.enter_context(SandboxServer(time.time))
        shop = self.first.accounts[0]
        self.second.rules.set_account(replace(self.second.accounts[0], secret=shop.secret))
        secrets = MemorySecretStore()
        secrets.set(shop.appid, Secret(shop.secret))
        container = make_container(
            {"GUARDDOG_HOME": str(home)}, time.time, secrets=secrets, api_base=self.first.base_url
        )
        container.accounts.update(lambda _: (to_account(shop),))
        self.engine = BackgroundEngine(container)

    @property
    def calls(self) -> tuple[int, int]:
        return self.first.rules.call_counts.total(), self.second.rules.call_counts.total()

    def refresh(self, qtbot: QtBot) -> None:
        """Ask for both keys, and wait for the results."""
        results: list[object] = []
        self.engine.controller.refresh_attempted.connect(results.append)
        self.engine.controller.refresh()
        qtbot.waitUntil(lambda: len(results) == 2, timeout=10_000)
        self.engine.controller.refresh_attempted.disconnect(results.append)


@pytest.fixture
def servers(tmp_path: Path, qapp: QApplication) -> Iterator[TwoWeChatServers]:  # noqa: ARG001 - threads need one
    with ExitStack() as ending:
        servers = TwoWeChatServers(tmp_path / "home", ending)
        try:
            yield servers
        finally:
            assert servers.engine.stop()


def test_from_the_next_job_on_it_talks_to_the_new_address(servers: TwoWeChatServers, qtbot: QtBot) -> None:
    servers.engine.controller.reload_from_disk()
    servers.refresh(qtbot)
    assert servers.calls == (2, 0)
    servers.engine.set_api_base(servers.second.base_url)
    servers.refresh(qtbot)
    assert servers.calls[0] == 2
    assert servers.calls[1] >= 2
    servers.engine.set_api_base(servers.first.base_url)
    before = servers.calls[1]
    servers.refresh(qtbot)
    assert servers.calls[0] >= 4
    assert servers.calls[1] == before


def test_the_same_address_again_keeps_the_connections(servers: TwoWeChatServers, qtbot: QtBot) -> None:
    def contexts() -> list[object]:
        return [thread._worker._context for thread in servers.engine._worker_pool.threads]

    servers.engine.controller.reload_from_disk()
    servers.refresh(qtbot)
    before = contexts()
    servers.engine.set_api_base(servers.first.base_url)
    servers.refresh(qtbot)
    assert contexts() == before
    assert None not in before


def test_what_another_program_writes_is_seen_at_once(servers: TwoWeChatServers, qtbot: QtBot, tmp_path: Path) -> None:
    servers.engine.start()
    controller = servers.engine.controller
    appid = servers.first.accounts[0].appid
    qtbot.waitUntil(lambda: controller.overview().usable_count == 2, timeout=10_000)
    qtbot.wait(500)  # the first looks are over; the next one is half a minute away
    file = tmp_path / "home" / "data" / "dogs" / appid / "ACCESS_TOKEN.dog"
    ours = file.read_text(encoding="utf-8")
    fields = json.loads(ours) | {"data": "91_of_another_program", "gen_time": int(time.time() * 1000)}
    file.write_text(json.dumps(fields), encoding="utf-8")

    def value() -> str:
        key = controller.overview().accounts[0].keys[0]
        return key.record.value if key.record is not None else ""

    qtbot.waitUntil(lambda: json.loads(file.read_text())["data"] == json.loads(ours)["data"], timeout=10_000)
    assert value() == json.loads(ours)["data"]


@pytest.mark.usefixtures("qapp")
def test_a_start_with_nothing_unfinished_makes_no_services(
    tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Container] = []
    monkeypatch.setattr(Container, "make_worker_context", lambda container, _base=None: made.append(container))
    engine = BackgroundEngine(make_container({"GUARDDOG_HOME": str(tmp_path)}, time.time, secrets=MemorySecretStore()))
    engine.start()
    qtbot.wait(300)
    assert engine.stop()
    assert made == []


def test_a_removal_that_the_last_run_has_left_is_known_after_the_start(servers: TwoWeChatServers, qtbot: QtBot) -> None:
    context = servers.engine._container.make_worker_context()
    (account,) = servers.engine._container.accounts.load()
    context.account_removals.remove_later(account.appid)
    servers.engine.start()
    qtbot.waitUntil(lambda: len(servers.engine.controller.removals.recent) == 1, timeout=10_000)
