"""`sandbox`: run an embedded WeChat server, to try things with and for the tests of other projects."""

from argparse import Namespace
from contextlib import ExitStack
from functools import partial

from guarddog_gui.cli.command_error import CommandError
from guarddog_gui.cli.context import PROGRAM, CommandContext, stop_flag
from guarddog_gui.cli.parser import CommandDefinition, parse_integer
from guarddog_gui.domain.errors import UsageError
from guarddog_gui.domain.message_catalog import N_
from guarddog_gui.services.exit_codes import ExitCode


def register(command: CommandDefinition) -> None:
    port = command.argument_type(partial(parse_integer, maximum=65_535), N_("not a port from 0 to 65535: “{text}”"))
    help_text = command.text("port on 127.0.0.1 (default: any free one)")
    command.parser.add_argument("--port", type=port, default=0, metavar="P", help=help_text)
    command.set_examples(f"{PROGRAM} sandbox", f"{PROGRAM} sandbox --port 8899")


def run(context: CommandContext, args: Namespace) -> ExitCode:
    """Serve until SIGINT or SIGTERM. Port 0 takes any free one.

    The output can be evaluated by a shell: the address, a ready account, and the key of the control
    interface. This AppSecret is worthless elsewhere; it is the only one that is ever printed.
    """
    from guarddog_gui.sandbox.server import SandboxServer  # not for `--help` and completion

    terminal, messages, port = context.terminal, context.messages, args.port
    with ExitStack() as stack:
        stopped = stack.enter_context(stop_flag())
        try:
            server = stack.enter_context(SandboxServer(terminal.clock, port))
        except UsageError:
            taken = messages.message(
                "Port {port} of this computer cannot be used: another program has it, or it is not for you.",
                "Take another one, or none for any free port.",
                port=port,
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
        while not stopped.wait(1.0):  # a second at a time: on Windows no signal is handled during a longer wait
            pass
    terminal.write_message(messages.text("Stopped."))
    return ExitCode.SUCCESS
