"""`sandbox`: an embedded WeChat for trying things, and for other projects' tests."""

from contextlib import ExitStack

from guarddog_gui.cli.command_error import Stop
from guarddog_gui.cli.context import Terminal
from guarddog_gui.cli.signals import stop_signal, wait_for
from guarddog_gui.domain.errors import UsageError
from guarddog_gui.services.exit_codes import Exit
from guarddog_gui.services.messages.message import Sentence, Sentences


def sandbox(terminal: Terminal, sentences: Sentences, port: int) -> Exit:
    """Run it until somebody stops it. `port` 0 takes any free one.

    The result can be read by a shell: the address, a ready account, and the key to its control interface.
    This AppSecret is worth nothing outside; it is the only one that is ever printed.
    """
    from guarddog_gui.sandbox.server import SandboxServer  # no other command needs a server

    with ExitStack() as stack:
        stopped = stack.enter_context(stop_signal())
        try:
            server = stack.enter_context(SandboxServer(terminal.clock, port))
        except UsageError:
            taken = Sentence(sentences.say("port-taken", port=port), sentences.say("port-taken-todo"))
            raise Stop(Exit.WRONG_USAGE, taken) from None
        account = server.accounts[0]
        terminal.put(f"GUARDDOG_API_BASE={server.base}")
        terminal.put(f"WECHAT_APPID={account.appid}")
        terminal.put(f"WECHAT_APPSECRET={account.secret}")
        terminal.put(f"SANDBOX_KEY={server.control_key}")
        terminal.flush()
        terminal.say(sentences.say("sandbox-example"))
        terminal.say(
            f"  echo {account.secret} | GUARDDOG_API_BASE={server.base} GUARDDOG_HOME=sandbox-home"
            f" guarddogctl accounts add --appid {account.appid} --name Sandbox --secret-stdin"
        )
        terminal.say(sentences.say("sandbox-stop"))
        terminal.err.flush()
        wait_for(stopped)
    terminal.say(sentences.say("stopped"))
    return Exit.DONE
