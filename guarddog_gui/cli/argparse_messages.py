"""What argparse says by itself, in the person's language."""

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
    """In this context argparse has these words; what is not in KEYS stays English.

    WORKAROUND: argparse asks gettext, which goes by the environment alone and wants a compiled file.
    """
    module: Any = argparse
    before: Callable[[str], str] = module._

    def said(text: str) -> str:
        return message_catalog.text(MESSAGE_KEYS[text]) if text in MESSAGE_KEYS else before(text)

    module._ = said
    try:
        yield
    finally:
        module._ = before
