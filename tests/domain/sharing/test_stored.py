"""Sharing as it is stored."""

from msgspec import to_builtins

from guarddog_gui.domain.sharing.settings import KeyFormat, KeyNames, Sharing, SharingRole
from guarddog_gui.domain.sharing.stored import sharing_from_dict

SHARING = Sharing(SharingRole.LEADER, "redis://h", "/ca.pem", (KeyNames(KeyFormat.PLAIN, "shop"),))


def test_what_was_stored_is_read_again() -> None:
    assert sharing_from_dict(to_builtins(SHARING), "wx1") == SHARING


def test_what_cannot_be_used_is_none() -> None:
    bad: list[dict[str, object]] = [
        {},
        {"role": "boss", "url": "redis://h"},
        {"role": "leader", "url": "x"},
        {"role": "leader", "url": 5},
    ]
    for fields in bad:
        assert sharing_from_dict(fields, "wx1") is None
