"""Context of the checks, which run in the thread of the test."""

import io
from collections.abc import Iterator

import pytest

from guarddog_gui.bootstrap.catalogues import make_messages
from guarddog_gui.bootstrap.container import make_container
from guarddog_gui.cli.context import CommandContext, Terminal
from guarddog_gui.services.messages.texts import ShortTimeFormat
from tests.cli.conftest import InProcessCli


@pytest.fixture
def context(ctl_with_account: InProcessCli) -> Iterator[CommandContext]:
    """Context of a command in the home with one account."""
    environ, clock = ctl_with_account.environ, ctl_with_account.clock
    container = make_container(environ, clock, secrets=ctl_with_account.secrets)
    terminal = Terminal(
        environ, io.StringIO(), io.StringIO(), io.StringIO(), clock, secret_store=ctl_with_account.secrets
    )
    messages = make_messages(environ, "en", container.errcode_catalog, ShortTimeFormat(clock))
    yield CommandContext(terminal, container, messages)
    container.history.close()
