"""A container for the thread of one check."""

from collections.abc import Iterator
from contextlib import contextmanager

from guarddog_gui.bootstrap.container import Container
from guarddog_gui.cli.context import CommandContext


@contextmanager
def check_container(context: CommandContext) -> Iterator[Container]:
    """Give a container with stores of its own.

    The command's container is closed at the end by the main thread, which would wait for a check that hangs in one
    of its stores.
    """
    terminal = context.terminal
    container = Container(
        terminal.environ, terminal.clock, terminal.secret_store, redis_passwords=terminal.redis_passwords
    )
    try:
        yield container
    finally:
        if container.has_made("history"):
            container.history.close()
