"""Which keyring there is and whether it answers, without a secret being read."""

import time

import pytest
from keyring.backend import KeyringBackend
from keyring.backends.null import Keyring as NullKeyring
from keyring.errors import KeyringLocked

from guarddog_gui.adapters.health.keyring import look_at_keyring
from guarddog_gui.domain.accounts.keyring_results import Locked, Lost, Unavailable
from guarddog_gui.domain.health import KeyringSeen
from tests.adapters.keyring_fakes import FakeKeyring, Hang, raising

NAMES = ("tests.adapters.keyring_fakes.FakeKeyring",)


def look(keyring: KeyringBackend, deadline_s: float = 5.0) -> KeyringSeen:
    return look_at_keyring(lambda: (keyring,), deadline_s=deadline_s)


def test_a_keyring_that_answers_is_named_and_no_secret_of_an_account_is_touched() -> None:
    keyring = FakeKeyring()
    keyring.entries["guarddog:wx1", "appsecret"] = "0123456789abcdef0123456789abcdef"

    assert look(keyring) == KeyringSeen(NAMES)
    assert keyring.calls == 1
    assert "0123" not in repr(look(keyring))


def test_a_locked_one_a_failing_one_and_none_at_all_are_told_apart() -> None:
    locked, failing = FakeKeyring(), FakeKeyring()
    locked.moods = [raising(KeyringLocked("shh"))]
    failing.moods = [raising(OSError(5, "secret words"))]

    assert look(locked) == KeyringSeen(NAMES, Locked("not unlocked"))
    assert look(failing) == KeyringSeen(NAMES, Unavailable("OSError 5"))
    assert look_at_keyring(lambda: ()) == KeyringSeen((), Unavailable("no keyring answers"))


def test_one_that_hangs_costs_the_deadline_and_no_more() -> None:
    hang, keyring = Hang(), FakeKeyring()
    keyring.moods = [hang]
    began = time.monotonic()

    seen = look(keyring, deadline_s=0.3)

    hang.end()
    assert seen == KeyringSeen(NAMES, Unavailable("no answer"))
    assert time.monotonic() - began < 2


def test_one_that_keeps_nothing_is_no_keyring() -> None:
    seen = look(NullKeyring())  # type: ignore[no-untyped-call]  # keyring is half typed

    assert seen == KeyringSeen(("keyring.backends.null.Keyring",), Lost())


def test_the_machines_own_keyrings_are_asked_where_none_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")

    seen = look_at_keyring()

    assert seen == KeyringSeen(("keyring.backends.fail.Keyring",), Unavailable("no keyring answers"))
