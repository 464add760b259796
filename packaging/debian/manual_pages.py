"""Manual pages and completions, made of the parsers, so that they cannot say anything else than `--help`."""

from __future__ import annotations

import argparse
import gzip
from collections.abc import Iterable, Iterator
from pathlib import Path

from argcomplete.shell_integration import shellcode

from guarddog_gui.adapters.argparse_messages import localized_argparse
from guarddog_gui.adapters.message_catalogs import load_message_catalog
from guarddog_gui.app.main import make_parser
from guarddog_gui.cli.parser import CommandLineParser
from guarddog_gui.domain.message_catalog import CHINESE, ENGLISH, MessageCatalog

LANGUAGES = {"": ENGLISH, "zh_CN": CHINESE}
COMPLETION_FILES = {
    "bash": "bash-completion/completions/guarddogctl",
    "zsh": "zsh/vendor-completions/_guarddogctl",
    "fish": "fish/vendor_completions.d/guarddogctl.fish",
}


def write_manual_pages(share: Path, version: str, date: str) -> None:
    """Write `man/…/man1/*.1.gz` below a folder such as /usr/share."""
    for folder, language in LANGUAGES.items():
        catalog = load_message_catalog(language)
        with localized_argparse(catalog):
            pages = {
                "guarddogctl": command_line_page(catalog, version, date),
                "guarddog-gui": program_page(make_parser(catalog.text), catalog, version, date),
            }
        for name, text in pages.items():
            path = share / "man" / folder / "man1" / f"{name}.1.gz"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(gzip.compress(text.encode(), mtime=0))


def write_completions(share: Path) -> None:
    for shell, relative in COMPLETION_FILES.items():
        path = share / relative
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(shellcode(["guarddogctl"], shell=shell).strip() + "\n", "utf-8")


def command_line_page(catalog: MessageCatalog, version: str, date: str) -> str:
    """Return the page of `guarddogctl` with all its commands."""
    command_line = CommandLineParser(catalog, now=0.0)
    top = command_line.make_parser([])
    lines = [*_head(top, catalog, version, date), *_options(top)]
    lines.append(f".SH {_escape(catalog.text('COMMAND'))}")
    for name in _subparsers(top):
        lines += _command(_subparsers(command_line.make_parser([name]))[name])
    return "\n".join([*lines, *_foot("guarddog-gui", top)]) + "\n"


def program_page(parser: argparse.ArgumentParser, catalog: MessageCatalog, version: str, date: str) -> str:
    """Return the page of a program without commands."""
    return "\n".join([*_head(parser, catalog, version, date), *_options(parser), *_foot("guarddogctl", parser)]) + "\n"


def _command(parser: argparse.ArgumentParser) -> Iterator[str]:
    yield f'.SS "{_escape(parser.prog)}"'
    yield _escape(parser.description or "")
    yield from _options(parser)
    yield from _examples(parser)
    for below in _subparsers(parser).values():
        yield from _command(below)


def _head(parser: argparse.ArgumentParser, catalog: MessageCatalog, version: str, date: str) -> Iterator[str]:
    yield f'.TH {parser.prog.upper()} 1 "{date}" "Guard Dog {version}"'
    yield ".SH NAME"
    yield f"{_escape(parser.prog)} \\- {_escape((parser.description or '').rstrip('.。'))}"
    yield ".SH SYNOPSIS"
    usage = parser.format_usage().removeprefix(catalog.text("usage: "))
    yield _escape(" ".join(usage.split()))
    yield ".SH DESCRIPTION"
    yield _escape(parser.description or "")


def _options(parser: argparse.ArgumentParser) -> Iterator[str]:
    for action in parser._actions:  # noqa: SLF001 - argparse has no other list of them
        if isinstance(action, argparse._SubParsersAction) or action.help == argparse.SUPPRESS:  # noqa: SLF001
            continue
        yield ".TP"
        yield _term(action)
        help_text = (action.help or "") % {"prog": parser.prog, "default": action.default}
        yield _escape(help_text) or "\\&"


def _term(action: argparse.Action) -> str:
    metavar = action.metavar if isinstance(action.metavar, str) else action.dest.upper()
    if action.choices is not None and action.metavar is None:
        metavar = "|".join(map(str, action.choices))
    if not action.option_strings:
        return f"\\fI{_escape(metavar)}\\fR"
    names = ", ".join(f"\\fB{_escape(name)}\\fR" for name in action.option_strings)
    return names if action.nargs == 0 else f"{names} \\fI{_escape(metavar)}\\fR"


def _examples(parser: argparse.ArgumentParser) -> Iterator[str]:
    if parser.epilog:
        heading, *lines = parser.epilog.splitlines()
        yield ".PP"
        yield _escape(heading)
        yield ".PP"
        yield ".nf"
        yield from map(_escape, lines)
        yield ".fi"


def _foot(other: str, parser: argparse.ArgumentParser) -> Iterable[str]:
    if other == "guarddog-gui":
        yield ".SH EXAMPLES"
        yield from _examples(parser)
    yield ".SH SEE ALSO"
    yield f".BR {_escape(other)} (1)"


def _subparsers(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    for action in parser._actions:  # noqa: SLF001 - argparse has no other list of them
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001
            return dict(action.choices)
    return {}


def _escape(text: str) -> str:
    """Escape what roff reads as a command: backslashes, hyphens, and dots and quotes at the beginning of a line."""
    escaped = text.replace("\\", "\\e").replace("-", "\\-")
    return f"\\&{escaped}" if escaped.startswith((".", "'")) else escaped
