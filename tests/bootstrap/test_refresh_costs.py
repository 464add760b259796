"""What a whole refresh costs with the real history: the same however long the history is."""

import time
from pathlib import Path

import pytest

from guarddog_gui.adapters.keyring.memory import MemorySecretStore
from guarddog_gui.bootstrap.container import make_container
from guarddog_gui.domain.accounts.account import Account, Secret
from guarddog_gui.domain.refresh.history import Trigger
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.sandbox.server import SandboxServer
from guarddog_gui.services.calls.refresh_request import RefreshMode, RefreshRequest
from tests.adapters.history.long_history import LARGE, SMALL, StepCounter, create_long_history

KINDS = (TokenKind.ACCESS_TOKEN, TokenKind.JSAPI_TICKET)


def steps_of_a_refresh(home: Path, row_count: int, counter: StepCounter) -> int:
    """Return SQLite's steps for a request of both values, after a first one has opened everything."""
    with SandboxServer(time.time) as wechat:
        (shop, *_) = wechat.accounts
        secrets = MemorySecretStore()
        secrets.set(shop.appid, Secret(shop.secret))
        container = make_container({"GUARDDOG_HOME": str(home)}, time.time, secrets=secrets, api_base=wechat.base_url)
        container.paths.history_file.parent.mkdir(parents=True)
        create_long_history(container.paths.history_file, row_count, appid=shop.appid)
        account = Account(shop.appid, "Shop")
        refresher = container.make_worker_context().refresher
        refresher.refresh(RefreshRequest(account, KINDS, Trigger.TIMER, RefreshMode.ALWAYS))
        before = counter.steps
        results = refresher.refresh(RefreshRequest(account, KINDS, Trigger.TIMER, RefreshMode.ALWAYS))
        steps = counter.steps - before
        container.history.close()
    assert [result.is_success for result in results] == [True, True]
    return steps


def test_a_refresh_costs_the_same_with_ten_times_the_history(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    counter = StepCounter(monkeypatch)
    small = steps_of_a_refresh(tmp_path / "small", SMALL, counter)
    large = steps_of_a_refresh(tmp_path / "large", LARGE, counter)
    assert 0 < large <= small * 1.1 + 50
