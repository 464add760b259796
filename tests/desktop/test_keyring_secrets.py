"""KeyringSecrets and a real gnome-keyring in all its moods. None of them needs a restart of the program."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from guarddog_gui.domain.accounts.keyring_results import (
    Found,
    Kept,
    Locked,
    Looked,
    Lost,
    Missing,
    Stored,
    Unavailable,
)
from guarddog_gui.services.ports import SecretStore
from tests.adapters.secret_store_contract import APPID, NEWER, OTHER, SECRET, SecretStoreContract
from tests.desktop import session_bus
from tests.desktop.bus_service import BusClient
from tests.desktop.keyring_program import KeyringProgram
from tests.desktop.processes import start, stop, wait_until
from tests.desktop.real_keyring import PASSWORD, RealKeyring
from tests.desktop.screen import Screen

DEADLINE_S = 1.0
SLACK_S = 1.5  # two busy cores, and a first call that loads keyring

PROMPTER = "org.gnome.keyring.SystemPrompter"


def need_prompter() -> str:
    """gnome-keyring's dialog, a program of its own."""
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


def dialog(screen: Screen) -> list[str]:
    return screen.windows("nlock")  # Unlock Login Keyring


@pytest.fixture
def program(session_environment: dict[str, str]) -> Iterator[KeyringProgram]:
    with KeyringProgram(session_environment, deadline_s=DEADLINE_S) as program:
        yield program


def in_time(ask: Callable[[], Looked | Kept]) -> Looked | Kept:
    started = time.monotonic()
    answer = ask()
    assert time.monotonic() - started < DEADLINE_S + SLACK_S
    return answer


class TestOverGnomeKeyring(SecretStoreContract):
    @pytest.fixture
    def store(self, real_keyring: RealKeyring, session_environment: dict[str, str]) -> Iterator[SecretStore]:
        assert real_keyring.is_locked() is False
        with KeyringProgram(session_environment, deadline_s=10) as program:
            yield program


@pytest.mark.usefixtures("real_keyring")
def test_the_secret_outlives_the_program(session_environment: dict[str, str]) -> None:
    with KeyringProgram(session_environment) as first:
        assert first.keep(APPID, SECRET) == Stored()
    with KeyringProgram(session_environment) as second:
        assert second.look_up(APPID) == Found(SECRET)


def test_a_locked_keyring_says_so_and_works_after_the_person_unlocked_it(
    real_keyring: RealKeyring, program: KeyringProgram
) -> None:
    program.keep(APPID, SECRET)
    real_keyring.lock()
    assert program.look_up(APPID) == Found(SECRET)  # known from this session
    program.forget(APPID)
    for ask in (
        lambda: program.look_up(APPID),
        lambda: program.keep(OTHER, NEWER),
        lambda: program.remove(APPID),
    ):
        assert isinstance(in_time(ask), Locked)
    real_keyring.unlock()
    assert program.look_up(APPID) == Found(SECRET)
    assert program.look_up(OTHER) == Missing()


@pytest.fixture
def asking_keyring(
    private_bus: str, session_environment: dict[str, str], screen: Screen
) -> Iterator[RealKeyring]:
    """A locked keyring that has a screen to ask for its password on, and two secrets."""
    environment = {**session_environment, "DISPLAY": screen.display}
    prompter = start([need_prompter()], environment)
    keyring = RealKeyring(private_bus, environment)
    try:
        wait_until(lambda: has_owner(private_bus, PROMPTER), "the prompter")
        keyring.start()
        with KeyringProgram(environment) as program:
            program.keep(APPID, SECRET)
            program.keep(OTHER, NEWER)
        keyring.lock()
        yield keyring
    finally:
        keyring.stop()
        stop(prompter)


def test_a_dialog_that_is_ignored_then_answered(
    asking_keyring: RealKeyring, program: KeyringProgram, screen: Screen
) -> None:
    assert in_time(lambda: program.look_up(APPID)) == Locked("prompt unanswered")
    wait_until(lambda: dialog(screen), "the dialog")
    for _ in range(3):
        assert in_time(lambda: program.look_up(APPID)) == Locked("prompt unanswered")
        assert in_time(lambda: program.remove(OTHER)) == Locked("prompt unanswered")
    assert len(dialog(screen)) == 1
    screen.xdotool("type", PASSWORD.decode())
    screen.xdotool("key", "Return")
    wait_until(lambda: not asking_keyring.is_locked(), "the unlocked keyring")
    assert program.look_up(APPID) == Found(SECRET)
    assert program.look_up(OTHER) == Found(NEWER)


def test_a_dialog_that_is_refused_opens_again_at_the_next_try(
    asking_keyring: RealKeyring, program: KeyringProgram, screen: Screen
) -> None:
    for _ in range(2):
        assert program.look_up(APPID) == Locked("prompt unanswered")
        wait_until(lambda: dialog(screen), "the dialog")
        screen.xdotool("key", "Escape")
        wait_until(lambda: not dialog(screen), "the end of the dialog")
    assert asking_keyring.is_locked()


def test_a_frozen_keyring_is_unavailable_and_works_once_it_is_thawed(
    real_keyring: RealKeyring, program: KeyringProgram
) -> None:
    program.keep(APPID, SECRET)
    program.forget(APPID)
    real_keyring.freeze()
    for _ in range(3):
        assert in_time(lambda: program.look_up(APPID)) == Unavailable("no answer")
        assert in_time(lambda: program.keep(OTHER, SECRET)) == Unavailable("no answer")
    real_keyring.thaw()
    assert program.look_up(APPID) == Found(SECRET)
    assert program.keep(OTHER, NEWER) == Stored()


def test_a_keyring_that_was_killed_is_unavailable_until_it_is_back(
    real_keyring: RealKeyring, program: KeyringProgram
) -> None:
    program.keep(APPID, SECRET)
    program.forget(APPID)
    real_keyring.kill()
    assert in_time(lambda: program.look_up(APPID)) == Unavailable("no keyring answers")
    assert in_time(lambda: program.keep(APPID, NEWER)) == Unavailable("no keyring answers")
    assert in_time(lambda: program.remove(APPID)) == Unavailable("no keyring answers")
    real_keyring.start()
    assert program.look_up(APPID) == Found(SECRET)


def test_a_keyring_killed_in_the_middle_of_a_call(real_keyring: RealKeyring, program: KeyringProgram) -> None:
    program.keep(APPID, SECRET)
    program.forget(APPID)
    real_keyring.freeze()
    assert isinstance(program.look_up(APPID), Unavailable)
    real_keyring.kill()
    assert isinstance(in_time(lambda: program.look_up(APPID)), Unavailable)
    real_keyring.start()
    assert program.look_up(APPID) == Found(SECRET)


def test_a_keyring_that_starts_late_is_found_by_the_same_process(
    private_bus: str, session_environment: dict[str, str], program: KeyringProgram
) -> None:
    assert in_time(lambda: program.look_up(APPID)) == Unavailable("no keyring answers")
    keyring = RealKeyring(private_bus, session_environment)
    try:
        keyring.start()
        assert program.look_up(APPID) == Missing()
        assert program.keep(APPID, SECRET) == Stored()
    finally:
        keyring.stop()


def test_a_bus_that_dies_and_one_that_never_was(desk: Path, session_environment: dict[str, str]) -> None:
    (desk / "second").mkdir()
    with session_bus.private_bus(desk / "second") as address:
        environment = {**session_environment, "DBUS_SESSION_BUS_ADDRESS": address}
        keyring = RealKeyring(address, environment)
        keyring.start()
        program = KeyringProgram(environment, deadline_s=DEADLINE_S)
        program.keep(APPID, SECRET)
        program.forget(APPID)
    with program:
        assert isinstance(in_time(lambda: program.look_up(APPID)), Unavailable)
        assert isinstance(in_time(lambda: program.keep(APPID, SECRET)), Unavailable)
    keyring.stop()
    for nowhere in ("disabled:", "unix:path=/nowhere/bus", "nonsense", ""):
        environment = {**session_environment, "DBUS_SESSION_BUS_ADDRESS": nowhere}
        with KeyringProgram(environment, deadline_s=DEADLINE_S) as lonely:
            assert isinstance(in_time(lambda: lonely.look_up(APPID)), Unavailable)


@pytest.mark.usefixtures("real_keyring")
def test_a_keyring_that_was_switched_off_loses_what_it_is_given(session_environment: dict[str, str]) -> None:
    environment = {**session_environment, "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"}
    with KeyringProgram(environment) as program:
        assert program.keep(APPID, SECRET) == Lost()
        assert program.look_up(APPID) == Missing()


@pytest.mark.usefixtures("real_keyring")
def test_another_program_changes_the_secret(
    session_environment: dict[str, str], program: KeyringProgram
) -> None:
    program.keep(APPID, SECRET)
    with KeyringProgram(session_environment) as other:
        other.keep(APPID, NEWER)
        assert program.look_up(APPID) == Found(SECRET)
        program.forget(APPID)
        assert program.look_up(APPID) == Found(NEWER)
        other.remove(APPID)
        program.forget(APPID)
        assert program.look_up(APPID) == Missing()


def test_hundreds_of_calls_leave_no_thread_and_no_open_file(
    real_keyring: RealKeyring, program: KeyringProgram
) -> None:
    program.keep(APPID, SECRET)
    program.look_up(APPID)
    before = program.threads_and_files()
    for _ in range(100):
        program.forget(APPID)
        assert program.look_up(APPID) == Found(SECRET)
    for _ in range(30):
        program.keep(APPID, SECRET)
        program.remove(OTHER)
    real_keyring.lock()
    program.forget(APPID)
    for _ in range(30):
        assert isinstance(program.look_up(APPID), Locked)
    real_keyring.kill()
    for _ in range(100):
        assert isinstance(program.look_up(APPID), Unavailable)
    assert program.threads_and_files() == before
