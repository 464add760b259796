"""Names of copied values in messages."""

import pytest

from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.ui.clipboard.subject import (
    CopySubject,
    KeySubject,
    NamedTextSubject,
    SignedStringSubject,
    copied_message,
    copy_failed_message,
    copy_question,
)


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize(
    ("subject", "name"),
    [
        (KeySubject(TokenKind.JSAPI_TICKET, "Shop"), "JSAPI_TICKET of Shop"),
        (SignedStringSubject(), "the signed string"),
        (NamedTextSubject("203.0.113.9"), "203.0.113.9"),
    ],
)
def test_each_message_names_what_was_or_was_not_copied(subject: CopySubject, name: str) -> None:
    assert copied_message(subject) == f"Copied {name}"
    assert copy_question(subject) == f"Copy {name}"
    assert copy_failed_message(subject).startswith(f"Copy {name}: another program uses the clipboard")
