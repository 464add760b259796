"""Tells a shell how the line can go on that somebody is typing; loaded for nothing else."""

import os
from collections.abc import Iterable, Mapping
from typing import Any

import argcomplete
from argcomplete.completers import BaseCompleter, DirectoriesCompleter, FilesCompleter

from guarddog_gui.adapters.files.config_files import AccountFile, SettingsFile
from guarddog_gui.adapters.files.paths import Locations, locations, resource
from guarddog_gui.cli.parser import Arguments
from guarddog_gui.domain.message_catalog import Words, language_of


def complete(environ: Mapping[str, str]) -> None:
    """Answer the shell, and end this process.

    Only files are read, none is written, and nothing is said: a person is in the middle of a line.
    """
    try:
        if not _is_of_another_command(environ):
            _answer(environ)
    except Exception:  # noqa: BLE001, S110 - as a shell does where it knows nothing
        pass
    os._exit(1)


def _is_of_another_command(environ: Mapping[str, str]) -> bool:
    """Whether what is typed belongs to the command that `exec` is to run."""
    words = environ["COMP_LINE"][: int(environ["COMP_POINT"])].split(" ")
    return words[1] == "exec" and "--" in words[2:-1]


def _answer(environ: Mapping[str, str]) -> None:
    places = locations(environ)
    settings = SettingsFile(places.settings_file).peek()
    text = resource("words.json").read_text(encoding="utf-8")
    words = Words.from_text(text, language_of(environ, settings.language))
    parser = Arguments(words, now=0.0).parser
    argcomplete.autocomplete(parser, always_complete_options=False, default_completer=_Values(places))


class _Values(BaseCompleter):
    """The values of an argument that has no choices of its own."""

    def __init__(self, places: Locations) -> None:
        self._places = places

    def __call__(self, *, prefix: str, action: Any, **_: object) -> Iterable[str]:
        match action.dest:
            case "account":
                return self._accounts()
            case "dog_dir":
                return DirectoriesCompleter()(prefix)
            case "config":
                return FilesCompleter()(prefix)
            case _:
                return ()

    def _accounts(self) -> dict[str, str]:
        """Names and appids, each with the other one as what a shell says about it."""
        accounts = AccountFile(self._places.accounts_file).peek()
        names = {account.name: account.appid for account in accounts}
        return names | {account.appid: account.name for account in accounts}
