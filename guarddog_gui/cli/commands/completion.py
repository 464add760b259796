"""`completion`: print the script that a shell loads to complete our command lines."""

from argparse import Namespace
from enum import StrEnum

from guarddog_gui.cli.context import PROGRAM, CommandContext
from guarddog_gui.cli.parser import CommandDefinition
from guarddog_gui.services.exit_codes import ExitCode


class Shell(StrEnum):
    """Shells that can complete our command lines."""

    BASH = "bash"
    ZSH = "zsh"
    FISH = "fish"
    POWERSHELL = "powershell"


def register(command: CommandDefinition) -> None:
    command.add_choice("shell", Shell, command.text("which shell"))
    command.set_examples(
        f'eval "$({PROGRAM} completion bash)"     # in ~/.bashrc',
        f"{PROGRAM} completion zsh > ~/.zfunc/_{PROGRAM}     # a folder of fpath",
        f"{PROGRAM} completion fish > ~/.config/fish/completions/{PROGRAM}.fish",
        f"{PROGRAM} completion powershell | Out-String | Invoke-Expression",
    )


def run(context: CommandContext, args: Namespace) -> ExitCode:
    from argcomplete.shell_integration import shellcode  # no other command needs it

    context.terminal.write_line(shellcode([PROGRAM], shell=args.shell).strip("\n"))
    return ExitCode.SUCCESS
