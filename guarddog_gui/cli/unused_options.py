"""Options that a command line gives although they have no effect: the user expects one."""

from argparse import Namespace

from guarddog_gui.cli.command_error import CommandError
from guarddog_gui.cli.context import CommandContext
from guarddog_gui.services.exit_codes import ExitCode


def refuse_without(context: CommandContext, args: Namespace, needed: str, *options: str) -> None:
    """Raise CommandError if one of these options is given, which have no effect without `needed`."""
    for option in _given(args, options):
        message = context.messages.message(
            "{option} has no effect without {needed}.",
            "Add what is missing, or leave {option} out.",
            option=option,
            needed=needed,
        )
        raise CommandError(ExitCode.USAGE_ERROR, message)


def refuse_beside(context: CommandContext, args: Namespace, other: str, *options: str) -> None:
    """Raise CommandError if one of these options is given, which have no effect beside `other`."""
    for option in _given(args, options):
        message = context.messages.message(
            "{option} has no effect beside {other}.", "Leave one of them out.", option=option, other=other
        )
        raise CommandError(ExitCode.USAGE_ERROR, message)


def _given(args: Namespace, options: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(option for option in options if getattr(args, option.strip("-").replace("-", "_")))
