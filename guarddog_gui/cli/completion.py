"""Tells a shell how the line can go on that somebody is typing; loaded for nothing else."""

import os
from collections.abc import Iterable, Mapping
from typing import Any

import argcomplete
from argcomplete.completers import BaseCompleter, DirectoriesCompleter, FilesCompleter

from guarddog_gui.adapters.files.config_files import AccountsFile, SettingsFile
from guarddog_gui.adapters.files.paths import AppPaths, get_app_paths
from guarddog_gui.adapters.message_catalogs import find_language, load_message_catalog
from guarddog_gui.cli.parser import CommandLineParser


def complete(environ: Mapping[str, str]) -> None:
    """Answer the shell, and end this process.

    Only files are read, none is written, and nothing is said: a person is in the middle of a line.
    """
    try:
        if not _is_after_exec_separator(environ):
            _print_completions(environ)
    except Exception:  # noqa: BLE001, S110 - as a shell does where it knows nothing
        pass
    os._exit(1)


def _is_after_exec_separator(environ: Mapping[str, str]) -> bool:
    """Whether what is typed belongs to the command that `exec` is to run."""
    words = environ["COMP_LINE"][: int(environ["COMP_POINT"])].split(" ")
    return words[1] == "exec" and "--" in words[2:-1]


def _print_completions(environ: Mapping[str, str]) -> None:
    places = get_app_paths(environ)
    settings = SettingsFile(places.settings_file).load_read_only()
    message_catalog = load_message_catalog(find_language(environ, settings.language))
    parser = CommandLineParser(message_catalog, now=0.0).parser
    argcomplete.autocomplete(
        parser, always_complete_options=False, default_completer=_ArgumentCompleter(places)
    )


class _ArgumentCompleter(BaseCompleter):
    """The values of an argument that has no choices of its own."""

    def __init__(self, paths: AppPaths) -> None:
        self._paths = paths

    def __call__(self, *, prefix: str, action: Any, **_: object) -> Iterable[str]:
        match action.dest:
            case "account":
                return self._complete_accounts()
            case "dog_dir":
                return DirectoriesCompleter()(prefix)
            case "config":
                return FilesCompleter()(prefix)
            case _:
                return ()

    def _complete_accounts(self) -> dict[str, str]:
        """Names and appids, each with the other one as what a shell says about it."""
        accounts = AccountsFile(self._paths.accounts_file).load_read_only()
        names = {account.name: account.appid for account in accounts}
        return names | {account.appid: account.name for account in accounts}
