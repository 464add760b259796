"""`sandbox`: an embedded WeChat for trying things, and for other projects' tests."""

from contextlib import ExitStack

from guarddog_gui.cli.command_error import CommandError
from guarddog_gui.cli.context import Terminal
from guarddog_gui.cli.signals import stop_event, wait_for_event
from guarddog_gui.domain.errors import UsageError
from guarddog_gui.services.exit_codes import ExitCode
from guarddog_gui.services.messages.message import Message, Messages


def run_sandbox(terminal: Terminal, messages: Messages, port: int) -> ExitCode:
    """Run it until somebody stops it. `port` 0 takes any free one.

    The result can be read by a shell: the address, a ready account, and the key to its control interface.
    This AppSecret is worth nothing outside; it is the only one that is ever printed.
    """
    from guarddog_gui.sandbox.server import SandboxServer  # no other command needs a server

    with ExitStack() as stack:
        stopped = stack.enter_context(stop_event())
        try:
            server = stack.enter_context(SandboxServer(terminal.clock, port))
        except UsageError:
            taken = Message(
                messages.text(
                    "Port {port} of this computer cannot be used: another program has it, or it is not "
                    "for you.",
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
