"""A container for the thread of one check."""

from guarddog_gui.cli.context import CommandContext
from guarddog_gui.cli.health_checks.containers import check_container


def test_its_stores_are_its_own_and_the_files_are_the_same(context: CommandContext) -> None:
    with check_container(context) as container:
        assert container.history is not context.container.history
        assert container.paths.history_file == context.container.paths.history_file
        assert container.accounts.load_read_only() == context.container.accounts.load_read_only()
        assert container.secrets is context.terminal.secret_store
