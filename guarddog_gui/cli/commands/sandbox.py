"""`sandbox`: run an embedded WeChat server, to try things with and for the tests of other projects."""

from argparse import ArgumentTypeError, Namespace
from contextlib import ExitStack

from guarddog_gui.cli.command_error import CommandError
from guarddog_gui.cli.context import PROGRAM, CommandContext
from guarddog_gui.cli.parser import CommandDefinition, parse_integer
from guarddog_gui.cli.signals import stop_event, wait_for_event
from guarddog_gui.domain.errors import UsageError
from guarddog_gui.services.exit_codes import ExitCode
from guarddog_gui.services.messages.message import Message


def register(command: CommandDefinition) -> None:
    def port(word: str) -> int:
        value = parse_integer(word, 0, 65_535)
        if value is None:
            raise ArgumentTypeError(command.text("not a port: {text}", text=word))
        return value

    command.parser.add_argument(
        "--port", type=port, default=0, metavar="P", help=command.text("port on 127.0.0.1 (default: any free one)")
    )
    command.set_examples(f"{PROGRAM} sandbox", f"{PROGRAM} sandbox --port 8899")


def run(context: CommandContext, args: Namespace) -> ExitCode:
    """Serve until SIGINT or SIGTERM. Port 0 takes any free one.

    The output can be evaluated by a shell: the address, a ready account, and the key of the control
    interface. This AppSecret is worthless elsewhere; it is the only one that is ever printed.
    """
    from guarddog_gui.sandbox.server import SandboxServer  # not for `--help` and completion

    terminal, messages, port = context.terminal, context.messages, args.port
    with ExitStack() as stack:
        stopped = stack.enter_context(stop_event())
        try:
            server = stack.enter_context(SandboxServer(terminal.clock, port))
        except UsageError:
            taken = Message(
                messages.text(
                    "Port {port} of this computer cannot be used: another program has it, or it is not for you.",
                    port=port,
                ),
                messages.text("Take another one, or none for any free port."),
            )
            raise CommandError(ExitCode.USAGE_ERROR, taken) from None
        account = server.accounts[0]
        terminal.write_line(f"GUARDDOG_API_BASE={server.base_url}")
        terminal.write_line(f"WECHAT_APPID={account.appid}")
        terminal.write_line(f"WECHAT_APPSECRET={account.secret}")
        terminal.write_line(f"SANDBOX_KEY={server.control_key}")
        terminal.flush()
        terminal.write_message(messages.text("Add it from another terminal:"))
        terminal.write_message(
            f"  echo {account.secret} | GUARDDOG_API_BASE={server.base_url} GUARDDOG_HOME=sandbox-home"
            f" guarddogctl accounts add --appid {account.appid} --name Sandbox --secret-stdin"
        )
        terminal.write_message(messages.text("Ctrl+C stops it."))
        terminal.stderr.flush()
        wait_for_event(stopped)
    terminal.write_message(messages.text("Stopped."))
    return ExitCode.SUCCESS
