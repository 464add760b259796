"""`completion`: print the script that a shell loads, and complete command lines for it."""

import os
from argparse import Namespace
from collections.abc import Iterable, Mapping
from typing import Any

import argcomplete
from argcomplete.completers import BaseCompleter, DirectoriesCompleter, FilesCompleter
from argcomplete.shell_integration import shellcode

from guarddog_gui.adapters.files.config_files import AccountsFile, SettingsFile
from guarddog_gui.adapters.files.paths import AppPaths, get_app_paths
from guarddog_gui.adapters.message_catalogs import find_language, load_message_catalog
from guarddog_gui.cli.context import PROGRAM, CommandContext
from guarddog_gui.cli.parser import CommandDefinition, CommandLineParser
from guarddog_gui.services.exit_codes import ExitCode


def register(command: CommandDefinition) -> None:
    shells = ("bash", "zsh", "fish", "powershell")
    command.parser.add_argument("shell", choices=shells, help=command.text("which shell"))
    command.set_examples(
        f'eval "$({PROGRAM} completion bash)"     # in ~/.bashrc',
        f"{PROGRAM} completion zsh > ~/.zfunc/_{PROGRAM}     # a folder of fpath",
        f"{PROGRAM} completion fish > ~/.config/fish/completions/{PROGRAM}.fish",
        f"{PROGRAM} completion powershell | Out-String | Invoke-Expression",
    )


def run(context: CommandContext, args: Namespace) -> ExitCode:
    context.terminal.write_line(shellcode([PROGRAM], shell=args.shell).strip("\n"))
    return ExitCode.SUCCESS


def complete(environ: Mapping[str, str]) -> None:
    """Print the completions for the shell, and end this process.

    Files are only read, and nothing is reported: the user is in the middle of a line.
    """
    try:
        words = environ["COMP_LINE"][: int(environ["COMP_POINT"])].split(" ")
        is_in_command_of_exec = words[1] == "exec" and "--" in words[2:-1]
        if not is_in_command_of_exec:
            _print_completions(environ, [word for word in words[1:] if word])
    except Exception:  # noqa: BLE001, S110 - without an answer, shells complete nothing
        pass
    os._exit(1)


def _print_completions(environ: Mapping[str, str], argv: list[str]) -> None:
    paths = get_app_paths(environ)
    settings = SettingsFile(paths.settings_file).load_read_only()
    message_catalog = load_message_catalog(find_language(environ, settings.language))
    parser = CommandLineParser(message_catalog, now=0.0).make_parser(argv)
    argcomplete.autocomplete(parser, always_complete_options=False, default_completer=_ArgumentCompleter(paths))


class _ArgumentCompleter(BaseCompleter):
    """Completer of arguments that have no choices."""

    def __init__(self, paths: AppPaths) -> None:
        self._paths = paths

    def __call__(self, *, prefix: str, action: Any, **_: object) -> Iterable[str]:
        match action.dest:
            case "account" | "account_option":
                return self._complete_accounts()
            case "dog_dir":
                return DirectoriesCompleter()(prefix)
            case "config":
                return FilesCompleter()(prefix)
            case _:
                return ()

    def _complete_accounts(self) -> dict[str, str]:
        """Return names and appids, each with the other one as the description that some shells show."""
        accounts = AccountsFile(self._paths.accounts_file).load_read_only()
        names = {account.name: account.appid for account in accounts}
        return names | {account.appid: account.name for account in accounts}
