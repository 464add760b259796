"""`serve`: give tokens, tickets and signatures to clients over HTTP, on WeChat's own paths and on /v1."""

import time
from argparse import Namespace
from contextlib import ExitStack
from functools import partial
from socket import socket
from typing import TYPE_CHECKING

from guarddog_gui.cli.command_error import CommandError
from guarddog_gui.cli.context import PROGRAM, CommandContext, stop_flag
from guarddog_gui.cli.parser import CommandDefinition, parse_integer
from guarddog_gui.cli.serving import keys
from guarddog_gui.cli.serving.listen_address import DEFAULT_ADDRESS, DEFAULT_PORT, parse_host_name, parse_listen_address
from guarddog_gui.domain.errors import FileError
from guarddog_gui.domain.message_catalog import N_
from guarddog_gui.services.exit_codes import ExitCode

if TYPE_CHECKING:
    from guarddog_gui.serve.connections.tls_files import TlsFiles

_DEFAULT_RATE = 600
_FINISH_S = 1.0  # for refreshes that run at the end, after the requests have ended


def register(command: CommandDefinition) -> None:
    text, parser = command.text, command.parser
    subparsers = parser.add_subparsers(dest="serve_command", metavar=f"[{text('COMMAND')}]")  # optional
    definition = command.add_subcommand(subparsers, "keys", text("make, list and revoke the keys of clients"))
    keys.register(definition)
    listen = command.argument_type(
        parse_listen_address, N_("not an IP address or localhost, and a port, such as 127.0.0.1:4364: “{text}”")
    )
    parser.add_argument(
        "--listen", type=listen, default=DEFAULT_ADDRESS, metavar=text("HOST:PORT"),
        help=text("where to listen (default 127.0.0.1:{port}); other computers only with TLS", port=DEFAULT_PORT),
    )  # fmt: skip
    host = command.argument_type(parse_host_name, N_("not a host name without a port, such as a.cn: “{text}”"))
    parser.add_argument(
        "--host", action="append", type=host, default=[], metavar=text("NAME"),
        help=text("a name by which clients call this server, also several times"),
    )  # fmt: skip
    command.add_option("--tls-cert", text("FILE"), text("certificate with its chain, PEM"))
    command.add_option("--tls-key", text("FILE"), text("private key of the certificate, PEM"))
    rate = command.argument_type(
        partial(parse_integer, minimum=1, maximum=1_000_000), N_("not a number from 1 to 1000000: “{text}”")
    )
    parser.add_argument(
        "--rate", type=rate, default=_DEFAULT_RATE, metavar="N",
        help=text("requests per minute and client (default {rate})", rate=_DEFAULT_RATE),
    )  # fmt: skip
    command.set_examples(
        f"{PROGRAM} serve keys add ci-runner --account Shop",
        f"{PROGRAM} serve",
        f"{PROGRAM} serve --listen 0.0.0.0:8443 --host tokens.example.cn --tls-cert cert.pem --tls-key key.pem",
    )


def run(context: CommandContext, args: Namespace) -> ExitCode:
    """Serve until SIGINT or SIGTERM. The first line of the output is the address, then one line per request."""
    if args.serve_command == "keys":
        return keys.run(context, args)
    from guarddog_gui.cli.serving.start_checks import check_options

    check_options(context, args)
    if context.container.api_base_error is not None:
        raise context.container.api_base_error
    with ExitStack() as stack:
        stopped = stack.enter_context(stop_flag())
        _start(context, args, stack)
        while not stopped.wait(1.0):  # a second at a time: on Windows no signal is handled during a longer wait
            pass
    context.terminal.write_message(context.messages.text("Stopped."))
    return ExitCode.SUCCESS


def _start(context: CommandContext, args: Namespace, stack: ExitStack) -> None:
    """Start everything; `stack` stops it in the reverse order."""
    from guarddog_gui.bootstrap.crash_reporter import CrashReporter
    from guarddog_gui.cli.serving.serve_parts import make_served_accounts
    from guarddog_gui.cli.serving.start_checks import host_names
    from guarddog_gui.serve.access.request_checks import HostNames
    from guarddog_gui.serve.access_log import AccessLog
    from guarddog_gui.serve.connections.server import ServeServer, limit_connections
    from guarddog_gui.serve.wsgi_app import ServeApp

    terminal, messages, container = context.terminal, context.messages, context.container
    reporter = CrashReporter(container.paths, f"{PROGRAM} serve")
    reporter.on_report = lambda report: terminal.write_message(messages.for_crash(report.path))
    reporter.start()
    stack.callback(reporter.stop)
    stack.callback(container.command_runner.shut_down)
    listener = _listen(context, args)
    stack.callback(listener.close)
    tls = _load_tls(context, args) if args.tls_cert else None
    served = make_served_accounts(container, args.rate)
    access_log = AccessLog(partial(_write_lines, context), time.monotonic)
    server: ServeServer | None = None

    def count_connections() -> int:
        return 0 if server is None else server.count_connections()

    names = HostNames(host_names(args.listen, args.host))
    app = ServeApp(served, container.own_values, names, access_log, count_connections)
    server = ServeServer(
        app, listener, limit_connections(1 if tls is None else 3), None if tls is None else tls.current
    )
    access_log.start()
    stack.callback(access_log.stop)
    stack.callback(served.values.finish, _FINISH_S)
    server.start()
    stack.callback(server.stop)
    scheme = "http" if tls is None else "https"
    terminal.write_line(f"{scheme}://{args.listen.with_port(server.port)}")
    terminal.flush()
    if not served.clients.all():
        terminal.write_message(messages.message("There is no key yet.", "Make one: guarddogctl serve keys add NAME"))
    terminal.write_message(messages.text("Ctrl+C stops it."))


def _listen(context: CommandContext, args: Namespace) -> socket:
    address = args.listen
    try:
        listener: socket = address.open()
    except OSError:
        message = context.messages.message(
            "{address} cannot be used: another program has the port, or the address is not one of this computer.",
            "Give another one with --listen HOST:PORT; port 0 takes any free one.",
            address=address.with_port(address.port),
        )
        raise CommandError(ExitCode.USAGE_ERROR, message) from None
    return listener


def _load_tls(context: CommandContext, args: Namespace) -> "TlsFiles":
    """Return the files of the certificate after they were read once. Raises FileError."""
    from guarddog_gui.serve.connections.tls_files import TlsFiles

    def on_error(error: FileError) -> None:
        context.terminal.write_message(
            context.messages.text("The old certificate is used on; the new one is not usable.")
        )
        context.terminal.write_message(context.messages.for_file_error(error))

    files = TlsFiles(args.tls_cert, args.tls_key, on_error)
    files.load()
    return files


def _write_lines(context: CommandContext, lines: str) -> None:
    context.terminal.write_line(lines)
    context.terminal.flush()
