"""Names of copied values in messages."""

import pytest

from guarddog_gui.domain.tokens.copy_formats import CopyFormat
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.ui.clipboard.subject import (
    CopySubject,
    KeySubject,
    NamedTextSubject,
    SignedStringSubject,
    copied_message,
    copy_failed_message,
    copy_format_name,
    copy_question,
)


def format_time(at: float) -> str:
    return f"@{at:g}"


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize(
    ("subject", "name"),
    [
        (KeySubject(TokenKind.JSAPI_TICKET, "Shop"), "jsapi_ticket of Shop"),
        (SignedStringSubject(), "the signed string"),
        (NamedTextSubject("203.0.113.9"), "203.0.113.9"),
    ],
)
def test_each_message_names_what_was_or_was_not_copied(subject: CopySubject, name: str) -> None:
    assert copied_message(subject, format_time) == f"Copied {name}"
    assert copy_question(subject) == f"Copy {name}"
    assert copy_failed_message(subject).startswith(f"Copy {name}: another program uses the clipboard")


@pytest.mark.usefixtures("qapp")
def test_a_copy_of_a_value_says_until_when_it_works_and_in_which_form_it_is() -> None:
    plain = KeySubject(TokenKind.ACCESS_TOKEN, "Shop", valid_until=1200.0)
    assert copied_message(plain, format_time) == "Copied access_token of Shop · works until @1200"
    curl = KeySubject(TokenKind.ACCESS_TOKEN, "Shop", copy_format=CopyFormat.CURL, valid_until=1200.0)
    assert copied_message(curl, format_time) == "Copied access_token of Shop as curl line · works until @1200"


@pytest.mark.usefixtures("qapp")
def test_each_form_has_a_name_of_its_own() -> None:
    assert len({copy_format_name(copy_format) for copy_format in CopyFormat}) == len(CopyFormat)
