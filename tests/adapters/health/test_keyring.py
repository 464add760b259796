"""Which keyring there is and whether it answers, without a secret being read."""

import time

import pytest
from keyring.backend import KeyringBackend
from keyring.backends.null import Keyring as NullKeyring
from keyring.errors import KeyringLocked

from guarddog_gui.adapters.health.keyring import check_keyring
from guarddog_gui.domain.accounts.keyring_results import KeyringIsDown, KeyringIsLocked, NotPersisted
from guarddog_gui.domain.health import KeyringProbeResult
from tests.adapters.fake_keyring import BlockingEffect, FakeKeyring, raise_error

NAMES = ("tests.adapters.fake_keyring.FakeKeyring",)


def look(keyring: KeyringBackend, deadline_s: float = 5.0) -> KeyringProbeResult:
    return check_keyring(lambda: (keyring,), deadline_s=deadline_s)


def test_a_keyring_that_answers_is_named_and_no_secret_of_an_account_is_touched() -> None:
    keyring = FakeKeyring()
    keyring.entries["guarddog:wx1", "appsecret"] = "0123456789abcdef0123456789abcdef"

    assert look(keyring) == KeyringProbeResult(NAMES)
    assert keyring.call_count == 1
    assert "0123" not in repr(look(keyring))


def test_a_locked_one_a_failing_one_and_none_at_all_are_told_apart() -> None:
    locked, failing = FakeKeyring(), FakeKeyring()
    locked.side_effects = [raise_error(KeyringLocked("shh"))]
    failing.side_effects = [raise_error(OSError(5, "secret words"))]

    assert look(locked) == KeyringProbeResult(NAMES, KeyringIsLocked("not unlocked"))
    assert look(failing) == KeyringProbeResult(NAMES, KeyringIsDown("OSError 5"))
    assert check_keyring(lambda: ()) == KeyringProbeResult((), KeyringIsDown("no keyring answers"))


def test_one_that_hangs_costs_the_deadline_and_no_more() -> None:
    hang, keyring = BlockingEffect(), FakeKeyring()
    keyring.side_effects = [hang]
    began = time.monotonic()

    seen = look(keyring, deadline_s=0.3)

    hang.release()
    assert seen == KeyringProbeResult(NAMES, KeyringIsDown("no answer"))
    assert time.monotonic() - began < 2


def test_one_that_keeps_nothing_is_no_keyring() -> None:
    seen = look(NullKeyring())  # type: ignore[no-untyped-call]  # keyring is half typed

    assert seen == KeyringProbeResult(("keyring.backends.null.Keyring",), NotPersisted())


def test_the_machines_own_keyrings_are_asked_where_none_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")

    seen = check_keyring()

    assert seen == KeyringProbeResult(("keyring.backends.fail.Keyring",), KeyringIsDown("no keyring answers"))
