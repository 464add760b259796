"""The engine while it runs, on real threads and a real server: another address is another WeChat."""

import json
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from guarddog_gui.adapters.keyring.memory import MemorySecrets
from guarddog_gui.bootstrap.background_engine import Live
from guarddog_gui.bootstrap.container import open_stores
from guarddog_gui.bootstrap.sandbox_session import account_of
from guarddog_gui.domain.accounts.account import Secret
from guarddog_gui.sandbox.server import SandboxServer


class Town:
    """Two WeChats that know the same account, and Guard Dog talking to the first."""

    def __init__(self, home: Path, ending: ExitStack) -> None:
        self.first = ending.enter_context(SandboxServer(time.time))
        self.second = ending.enter_context(SandboxServer(time.time))
        shop = self.first.accounts[0]
        self.second.rules.put(replace(self.second.accounts[0], secret=shop.secret))
        secrets = MemorySecrets()
        secrets.keep(shop.appid, Secret(shop.secret))
        stores = open_stores(
            {"GUARDDOG_HOME": str(home)}, time.time, secrets=secrets, api_base=self.first.base
        )
        stores.accounts.change(lambda _: (account_of(shop),))
        self.live = Live(stores)

    @property
    def calls(self) -> tuple[int, int]:
        return self.first.rules.calls.total(), self.second.rules.calls.total()

    def refresh(self, qtbot: QtBot) -> None:
        """Ask for both keys, and wait for what comes of it."""
        heard: list[object] = []
        self.live.controller.attempted.connect(heard.append)
        self.live.controller.refresh()
        qtbot.waitUntil(lambda: len(heard) == 2, timeout=10_000)
        self.live.controller.attempted.disconnect(heard.append)


@pytest.fixture
def town(tmp_path: Path, qapp: QApplication) -> Iterator[Town]:  # noqa: ARG001 - threads need one
    with ExitStack() as ending:
        town = Town(tmp_path / "home", ending)
        try:
            yield town
        finally:
            assert town.live.stop()


def test_from_the_next_job_on_it_talks_to_the_new_address(town: Town, qtbot: QtBot) -> None:
    town.live.controller.read()
    town.refresh(qtbot)
    assert town.calls == (2, 0)
    town.live.use_api_base(town.second.base)
    town.refresh(qtbot)
    assert town.calls[0] == 2
    assert town.calls[1] >= 2
    town.live.use_api_base(town.first.base)
    before = town.calls[1]
    town.refresh(qtbot)
    assert town.calls[0] >= 4
    assert town.calls[1] == before


def test_the_same_address_again_keeps_the_connections(town: Town, qtbot: QtBot) -> None:
    def engines() -> list[object]:
        return [lane._worker._engine for lane in town.live._lanes._lanes]

    town.live.controller.read()
    town.refresh(qtbot)
    before = engines()
    town.live.use_api_base(town.first.base)
    town.refresh(qtbot)
    assert engines() == before
    assert None not in before


def test_what_another_program_writes_is_seen_at_once(town: Town, qtbot: QtBot, tmp_path: Path) -> None:
    town.live.start()
    controller = town.live.controller
    appid = town.first.accounts[0].appid
    qtbot.waitUntil(lambda: controller.overview().fresh == 2, timeout=10_000)
    qtbot.wait(500)  # the first looks are over; the next one is half a minute away
    file = tmp_path / "home" / "data" / "dogs" / appid / "ACCESS_TOKEN.dog"
    fields = json.loads(file.read_text(encoding="utf-8"))
    fields |= {"data": "91_of_another_program", "gen_time": int(time.time() * 1000)}
    file.write_text(json.dumps(fields), encoding="utf-8")

    def value() -> str:
        key = controller.overview().accounts[0].keys[0]
        return key.record.value if key.record is not None else ""

    qtbot.waitUntil(lambda: value() == "91_of_another_program", timeout=10_000)
