"""The server's parts, made of a real container."""

import time
from collections.abc import Iterator

import pytest

from guarddog_gui.bootstrap.container import Container
from guarddog_gui.cli.serving.serve_parts import make_served_accounts
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord
from guarddog_gui.serve.served_accounts import Caller
from tests.cli.conftest import InProcessCli
from tests.serve.in_memory_server import wait_until


@pytest.fixture
def container(ctl_with_account: InProcessCli) -> Iterator[Container]:
    cli = ctl_with_account
    made = Container(cli.environ, cli.clock, cli.secrets)
    yield made
    made.history.close()


def test_values_come_from_wechat_when_they_are_due(container: Container, ctl_with_account: InProcessCli) -> None:
    cli = ctl_with_account
    key = cli("serve", "keys", "add", "ci").stdout.strip()
    served = make_served_accounts(container, 600)
    caller = served.identify(key, "127.0.0.1", "")
    assert isinstance(caller, Caller)
    first = served.values.get(caller.account, TokenKind.ACCESS_TOKEN)
    assert isinstance(first, TokenRecord)
    assert first.value == cli.stored_value()
    cli.clock.advance(7300)
    second = served.values.get(caller.account, TokenKind.ACCESS_TOKEN)
    assert isinstance(second, TokenRecord)
    assert second.value == cli.stored_value() != first.value


@pytest.mark.only_on("linux", "darwin")
def test_new_values_are_exported_while_the_client_goes_on(container: Container, ctl_with_account: InProcessCli) -> None:
    cli = ctl_with_account
    marker = cli.home / "exported"
    assert cli("accounts", "edit", "Shop", "--run", f"/bin/sh -c 'sleep 0.5; touch {marker}'").exit_code == 0
    served = make_served_accounts(container, 600)
    cli.clock.advance(7300)
    started = time.monotonic()
    (account,) = served.accounts()
    assert isinstance(served.values.get(account, TokenKind.ACCESS_TOKEN), TokenRecord)
    assert time.monotonic() - started < 0.5
    wait_until(marker.exists, 10)
    container.command_runner.shut_down()
