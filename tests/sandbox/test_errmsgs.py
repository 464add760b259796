"""Texts of refusals."""

from guarddog_gui.sandbox.errmsgs import format_errmsg


def test_a_text_ends_with_the_rid() -> None:
    assert format_errmsg(40013, "203.0.113.7", "6176a2e0-0a0b0c0d-00000001") == (
        "invalid appid rid: 6176a2e0-0a0b0c0d-00000001"
    )


def test_a_refused_address_is_named() -> None:
    text = format_errmsg(40164, "203.0.113.7", "rid")

    assert text == "invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7, not in whitelist rid: rid"


def test_an_unknown_errcode_has_a_text_too() -> None:
    assert format_errmsg(99999, "203.0.113.7", "rid") == "sandbox error 99999 rid: rid"
