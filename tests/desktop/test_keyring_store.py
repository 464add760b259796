"""KeyringSecretStore with a real gnome-keyring: locked, asking, frozen, killed, late. No restart is needed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from guarddog_gui.domain.accounts.keyring_results import (
    KeyringIsDown,
    KeyringIsLocked,
    LookupResult,
    NotPersisted,
    SecretFound,
    SecretMissing,
    SecretSaved,
    StoreResult,
)
from guarddog_gui.services.ports import SecretStore
from tests.adapters.secret_store_contract import APPID, NEWER_SECRET, OTHER_APPID, SECRET, SecretStoreContract
from tests.desktop import session_bus
from tests.desktop.bus_service import BusClient
from tests.desktop.gnome_keyring import PASSWORD, GnomeKeyring
from tests.desktop.keyring_subprocess import KeyringSubprocess
from tests.desktop.processes import start_process, stop_process, wait_until
from tests.desktop.screen import Screen

DEADLINE_S = 2.0  # a working keyring answers within it on a busy machine, too
SLACK_S = 3.0  # two busy cores, and the first call imports keyring

PROMPTER = "org.gnome.keyring.SystemPrompter"


def require_prompter() -> str:
    """Return the path of the program that shows gnome-keyring's dialog."""
    for path in ("/usr/libexec/gcr-prompter", "/usr/lib/gcr/gcr-prompter"):
        if Path(path).exists():
            return path
    pytest.skip("gcr-prompter is not installed")


def has_owner(bus: str, name: str) -> bool:
    client = BusClient(bus)
    try:
        return client.has_owner(name)
    finally:
        client.close()


def unlock_dialogs(screen: Screen) -> list[str]:
    return screen.windows("nlock")  # Unlock Login Keyring


@pytest.fixture
def program(session_environment: dict[str, str]) -> Iterator[KeyringSubprocess]:
    with KeyringSubprocess(session_environment, deadline_s=DEADLINE_S) as program:
        yield program


def in_time(call: Callable[[], LookupResult | StoreResult]) -> LookupResult | StoreResult:
    started = time.monotonic()
    answer = call()
    assert time.monotonic() - started < DEADLINE_S + SLACK_S
    return answer


class TestOverGnomeKeyring(SecretStoreContract):
    @pytest.fixture
    def store(self, gnome_keyring: GnomeKeyring, session_environment: dict[str, str]) -> Iterator[SecretStore]:
        assert gnome_keyring.is_locked() is False
        with KeyringSubprocess(session_environment, deadline_s=10) as program:
            yield program


@pytest.mark.usefixtures("gnome_keyring")
def test_the_secret_outlives_the_program(session_environment: dict[str, str]) -> None:
    with KeyringSubprocess(session_environment) as first:
        assert first.set(APPID, SECRET) == SecretSaved()
    with KeyringSubprocess(session_environment) as second:
        assert second.get(APPID) == SecretFound(SECRET)


def test_a_locked_keyring_is_reported_and_works_after_the_user_unlocked_it(
    gnome_keyring: GnomeKeyring, program: KeyringSubprocess
) -> None:
    program.set(APPID, SECRET)
    gnome_keyring.lock()
    assert program.get(APPID) == SecretFound(SECRET)  # cached
    program.invalidate(APPID)
    for call in (
        lambda: program.get(APPID),
        lambda: program.set(OTHER_APPID, NEWER_SECRET),
        lambda: program.remove(APPID),
    ):
        assert isinstance(in_time(call), KeyringIsLocked)
    gnome_keyring.unlock()
    assert program.get(APPID) == SecretFound(SECRET)
    assert program.get(OTHER_APPID) == SecretMissing()


@pytest.fixture
def asking_keyring(private_bus: str, session_environment: dict[str, str], screen: Screen) -> Iterator[GnomeKeyring]:
    """Start a locked keyring with two secrets and a screen on which it can call for its password."""
    environment = {**session_environment, "DISPLAY": screen.display}
    prompter = start_process([require_prompter()], environment)
    keyring = GnomeKeyring(private_bus, environment)
    try:
        wait_until(lambda: has_owner(private_bus, PROMPTER), "the prompter")
        keyring.start()
        with KeyringSubprocess(environment) as program:
            program.set(APPID, SECRET)
            program.set(OTHER_APPID, NEWER_SECRET)
        keyring.lock()
        yield keyring
    finally:
        keyring.stop()
        stop_process(prompter)


def test_a_dialog_that_is_ignored_then_answered(
    asking_keyring: GnomeKeyring, program: KeyringSubprocess, screen: Screen
) -> None:
    assert in_time(lambda: program.get(APPID)) == KeyringIsLocked("prompt unanswered")
    wait_until(lambda: unlock_dialogs(screen), "the dialog")
    for _ in range(3):
        assert in_time(lambda: program.get(APPID)) == KeyringIsLocked("prompt unanswered")
        assert in_time(lambda: program.remove(OTHER_APPID)) == KeyringIsLocked("prompt unanswered")
    assert len(unlock_dialogs(screen)) == 1
    screen.xdotool("type", PASSWORD.decode())
    screen.xdotool("key", "Return")
    wait_until(lambda: not asking_keyring.is_locked(), "the unlocked keyring")
    assert program.get(APPID) == SecretFound(SECRET)
    assert program.get(OTHER_APPID) == SecretFound(NEWER_SECRET)


def is_refused(screen: Screen) -> bool:
    """Press Escape, which is lost as long as the dialog has no focus yet; return True if the dialog is closed."""
    if unlock_dialogs(screen):
        screen.xdotool("key", "Escape")
        time.sleep(0.3)
    return not unlock_dialogs(screen)


def test_a_dialog_that_is_refused_opens_again_at_the_next_try(
    asking_keyring: GnomeKeyring, program: KeyringSubprocess, screen: Screen
) -> None:
    for _ in range(2):
        assert program.get(APPID) == KeyringIsLocked("prompt unanswered")
        wait_until(lambda: unlock_dialogs(screen), "the dialog")
        wait_until(lambda: is_refused(screen), "the end of the dialog")
    assert asking_keyring.is_locked()


def test_a_frozen_keyring_is_unavailable_until_it_is_thawed(
    gnome_keyring: GnomeKeyring, program: KeyringSubprocess
) -> None:
    program.set(APPID, SECRET)
    program.invalidate(APPID)
    gnome_keyring.freeze()
    for _ in range(3):
        assert in_time(lambda: program.get(APPID)) == KeyringIsDown("no answer")
        assert in_time(lambda: program.set(OTHER_APPID, SECRET)) == KeyringIsDown("no answer")
    gnome_keyring.thaw()
    assert program.get(APPID) == SecretFound(SECRET)
    assert program.set(OTHER_APPID, NEWER_SECRET) == SecretSaved()


def test_a_keyring_that_was_killed_is_unavailable_until_it_is_back(
    gnome_keyring: GnomeKeyring, program: KeyringSubprocess
) -> None:
    program.set(APPID, SECRET)
    program.invalidate(APPID)
    gnome_keyring.kill()
    assert in_time(lambda: program.get(APPID)) == KeyringIsDown("no keyring answers")
    assert in_time(lambda: program.set(APPID, NEWER_SECRET)) == KeyringIsDown("no keyring answers")
    assert in_time(lambda: program.remove(APPID)) == KeyringIsDown("no keyring answers")
    gnome_keyring.start()
    assert program.get(APPID) == SecretFound(SECRET)


def test_a_keyring_killed_in_the_middle_of_a_call(gnome_keyring: GnomeKeyring, program: KeyringSubprocess) -> None:
    program.set(APPID, SECRET)
    program.invalidate(APPID)
    gnome_keyring.freeze()
    assert isinstance(program.get(APPID), KeyringIsDown)
    gnome_keyring.kill()
    assert isinstance(in_time(lambda: program.get(APPID)), KeyringIsDown)
    gnome_keyring.start()
    assert program.get(APPID) == SecretFound(SECRET)


def test_a_keyring_that_starts_late_is_found_by_the_same_process(
    private_bus: str, session_environment: dict[str, str], program: KeyringSubprocess
) -> None:
    assert in_time(lambda: program.get(APPID)) == KeyringIsDown("no keyring answers")
    keyring = GnomeKeyring(private_bus, session_environment)
    try:
        keyring.start()
        assert program.get(APPID) == SecretMissing()
        assert program.set(APPID, SECRET) == SecretSaved()
    finally:
        keyring.stop()


def test_a_bus_that_dies_and_a_bus_that_does_not_exist(
    desktop_folder: Path, session_environment: dict[str, str]
) -> None:
    (desktop_folder / "second").mkdir()
    with session_bus.private_bus(desktop_folder / "second") as address:
        environment = {**session_environment, "DBUS_SESSION_BUS_ADDRESS": address}
        keyring = GnomeKeyring(address, environment)
        keyring.start()
        program = KeyringSubprocess(environment, deadline_s=DEADLINE_S)
        program.set(APPID, SECRET)
        program.invalidate(APPID)
    with program:
        assert isinstance(in_time(lambda: program.get(APPID)), KeyringIsDown)
        assert isinstance(in_time(lambda: program.set(APPID, SECRET)), KeyringIsDown)
    keyring.stop()
    for nowhere in ("disabled:", "unix:path=/nowhere/bus", "nonsense", ""):
        environment = {**session_environment, "DBUS_SESSION_BUS_ADDRESS": nowhere}
        with KeyringSubprocess(environment, deadline_s=DEADLINE_S) as program:
            assert isinstance(in_time(lambda: program.get(APPID)), KeyringIsDown)


@pytest.mark.usefixtures("gnome_keyring")
def test_a_disabled_keyring_is_reported_as_not_persisting(session_environment: dict[str, str]) -> None:
    environment = {**session_environment, "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"}
    with KeyringSubprocess(environment) as program:
        assert program.set(APPID, SECRET) == NotPersisted()
        assert program.get(APPID) == SecretMissing()


@pytest.mark.usefixtures("gnome_keyring")
def test_another_program_changes_the_secret(session_environment: dict[str, str], program: KeyringSubprocess) -> None:
    program.set(APPID, SECRET)
    with KeyringSubprocess(session_environment) as other:
        other.set(APPID, NEWER_SECRET)
        assert program.get(APPID) == SecretFound(SECRET)
        program.invalidate(APPID)
        assert program.get(APPID) == SecretFound(NEWER_SECRET)
        other.remove(APPID)
        program.invalidate(APPID)
        assert program.get(APPID) == SecretMissing()


def test_hundreds_of_calls_leave_no_thread_and_no_open_file(
    gnome_keyring: GnomeKeyring, program: KeyringSubprocess
) -> None:
    program.set(APPID, SECRET)
    program.get(APPID)
    before = program.thread_and_file_counts()
    for _ in range(100):
        program.invalidate(APPID)
        assert program.get(APPID) == SecretFound(SECRET)
    for _ in range(30):
        program.set(APPID, SECRET)
        program.remove(OTHER_APPID)
    gnome_keyring.lock()
    program.invalidate(APPID)
    for _ in range(30):
        assert isinstance(program.get(APPID), KeyringIsLocked)
    gnome_keyring.kill()
    for _ in range(100):
        assert isinstance(program.get(APPID), KeyringIsDown)
    assert program.thread_and_file_counts() == before
