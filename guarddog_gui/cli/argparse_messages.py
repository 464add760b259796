"""Translation of argparse's own messages."""

import argparse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from guarddog_gui.domain.message_catalog import MessageCatalog

MESSAGE_KEYS = {
    "usage: ": "argparse-usage",
    "positional arguments": "argparse-positional",
    "options": "argparse-options",
    "show this help message and exit": "argparse-help",
    "%(prog)s: error: %(message)s\n": "argparse-error",
    "argument %(argument_name)s: %(message)s": "argparse-argument",
    "the following arguments are required: %s": "argparse-required",
    "one of the arguments %s is required": "argparse-one-required",
    "not allowed with argument %s": "argparse-not-with",
    "ignored explicit argument %r": "argparse-no-value",
    "expected one argument": "argparse-one-value",
    "expected at most one argument": "argparse-at-most-one",
    "expected at least one argument": "argparse-at-least-one",
    "invalid %(type)s value: %(value)r": "argparse-bad-value",
    "invalid choice: %(value)r (choose from %(choices)s)": "argparse-bad-choice",
}


@contextmanager
def localized_argparse(message_catalog: MessageCatalog) -> Iterator[None]:
    """Let argparse use our catalogue while the block runs; messages without a translation stay English.

    WORKAROUND: argparse calls the global gettext, which knows only the environment and not our setting.
    """
    module: Any = argparse
    original: Callable[[str], str] = module._

    def translate(text: str) -> str:
        return message_catalog.text(MESSAGE_KEYS[text]) if text in MESSAGE_KEYS else original(text)

    module._ = translate
    try:
        yield
    finally:
        module._ = original
