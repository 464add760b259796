"""Messages and help of argparse in the language of the user."""

import argparse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from guarddog_gui.domain.message_catalog import N_, MessageCatalog

_HEADINGS = ("options", "positional arguments")

TRANSLATED_MESSAGES = frozenset(
    {
        N_("usage: "),
        N_("positional arguments"),
        N_("options"),
        N_("show this help message and exit"),
        N_("%(prog)s: error: %(message)s\n"),
        N_("argument %(argument_name)s: %(message)s"),
        N_("the following arguments are required: %s"),
        N_("one of the arguments %s is required"),
        N_("not allowed with argument %s"),
        N_("ignored explicit argument %r"),
        N_("expected one argument"),
        N_("expected at most one argument"),
        N_("expected at least one argument"),
        N_("invalid %(type)s value: %(value)r"),
        N_("invalid choice: %(value)r (choose from %(choices)s)"),
    }
)


@contextmanager
def localized_argparse(message_catalog: MessageCatalog) -> Iterator[None]:
    """Translate the messages of argparse while this context is open; others stay English.

    WORKAROUND: argparse translates with gettext's global domain, which goes by the environment alone and
    would find the catalogue of another program.
    """
    module: Any = argparse
    original: Callable[[str], str] = module._

    def translate_message(message: str) -> str:
        return message_catalog.text(message) if message in TRANSLATED_MESSAGES else original(message)

    module._ = translate_message
    try:
        yield
    finally:
        module._ = original


def make_help_formatter(text: Callable[..., str]) -> type[argparse.HelpFormatter]:
    """Return a formatter that keeps the lines of descriptions, and ends headings as the language does."""
    headings = tuple(map(text, _HEADINGS))

    class LocalizedHelpFormatter(argparse.RawDescriptionHelpFormatter):
        """Formatter for one language: argparse before Python 3.12 adds the colon by itself."""

        def format_help(self) -> str:
            help_text = super().format_help()
            for heading in headings:
                help_text = help_text.replace(f"\n{heading}:\n", f"\n{text('{heading}:', heading=heading)}\n")
            return help_text

    return LocalizedHelpFormatter
