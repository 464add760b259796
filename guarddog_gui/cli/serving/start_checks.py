"""Conditions under which `serve` starts: what would be unsafe, or of no use to anyone, is refused."""

from argparse import Namespace

from guarddog_gui.cli.command_error import CommandError
from guarddog_gui.cli.context import CommandContext
from guarddog_gui.cli.serving.listen_address import ListenAddress
from guarddog_gui.services.exit_codes import ExitCode

_LOOPBACK_NAMES = ("127.0.0.1", "localhost", "::1")


def check_options(context: CommandContext, args: Namespace) -> None:
    """Raise CommandError for options that must not be used together."""
    messages, address = context.messages, args.listen
    if (args.tls_cert is None) != (args.tls_key is None):
        message = messages.message("A certificate and its key belong together.", "Give both --tls-cert and --tls-key.")
        raise CommandError(ExitCode.USAGE_ERROR, message)
    if not address.is_loopback and args.tls_cert is None:
        message = messages.message(
            "{address} can be reached from other computers, and without TLS the network would read keys and tokens.",
            "Give --tls-cert and --tls-key, or listen on 127.0.0.1 behind a proxy that has TLS.",
            address=address.ip,
        )
        raise CommandError(ExitCode.USAGE_ERROR, message)
    if address.is_any and not args.host:
        message = messages.message(
            "{address} means all addresses of this computer, so it is not known by which name clients call it.",
            "Give that name with --host NAME, also several times.",
            address=address.ip,
        )
        raise CommandError(ExitCode.USAGE_ERROR, message)
    keys = context.container.client_keys.load()
    if not address.is_loopback and not keys:
        message = messages.message("There is no key yet.", "Make one: guarddogctl serve keys add NAME")
        raise CommandError(ExitCode.USER_ACTION_REQUIRED, message)


def host_names(address: ListenAddress, names: list[str]) -> tuple[str, ...]:
    """Return the names that a Host header may have: those of this computer, the address, and the given ones."""
    own = () if address.is_any else (address.ip,)
    return (*_LOOPBACK_NAMES, *own, *names)
