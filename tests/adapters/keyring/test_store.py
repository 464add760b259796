"""What comes of a secret when the keyring is slow, locked, lying, broken or not there."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import keyring.errors
import pytest
from keyring.backend import KeyringBackend

from guarddog_gui.adapters.keyring.backends import KeyringBackends
from guarddog_gui.adapters.keyring.deadline_calls import ABANDONED_MAX
from guarddog_gui.adapters.keyring.store import KeyringSecrets
from guarddog_gui.domain.accounts.account import Secret
from guarddog_gui.domain.accounts.keyring_results import Found, Locked, Lost, Missing, Stored, Unavailable
from guarddog_gui.services.ports import SecretStore
from tests.adapters.keyring_fakes import FakeKeyring, Hang, raising
from tests.adapters.secret_store_contract import APPID, NEWER, OTHER, SECRET, SecretStoreContract

DEADLINE_S = 1.0  # where the keyring hangs
SLACK_S = 1.0
ENTRY = (f"guarddog:{APPID}", "appsecret")


@pytest.fixture
def fake() -> FakeKeyring:
    return FakeKeyring()


@pytest.fixture
def hang() -> Iterator[Hang]:
    hang = Hang()
    yield hang
    hang.end()


def secrets_in(*backends: FakeKeyring) -> KeyringSecrets:
    return KeyringSecrets(deadline_s=20, backends=lambda: backends)


def impatient(backend: FakeKeyring, *, abandon_s: float = 60.0) -> KeyringSecrets:
    return KeyringSecrets(deadline_s=DEADLINE_S, abandon_s=abandon_s, backends=lambda: [backend])


def in_time(ask: Callable[[], Any]) -> Any:
    started = time.monotonic()
    answer = ask()
    assert time.monotonic() - started < DEADLINE_S + SLACK_S
    return answer


class TestOverAKeyringInMemory(SecretStoreContract):
    @pytest.fixture
    def store(self, fake: FakeKeyring) -> SecretStore:
        return secrets_in(fake)


# --- one entry per account, asked for once


def test_the_entry_is_named_after_the_account(fake: FakeKeyring) -> None:
    secrets_in(fake).keep(APPID, SECRET)
    assert fake.entries == {(f"guarddog:{APPID}", "appsecret"): SECRET.reveal()}


def test_the_keyring_is_asked_once_a_session(fake: FakeKeyring) -> None:
    fake.entries[ENTRY] = SECRET.reveal()
    store = secrets_in(fake)
    assert [store.look_up(APPID) for _ in range(3)] == [Found(SECRET)] * 3
    assert fake.calls == 1


def test_a_secret_that_another_program_changed_is_seen_after_forgetting(fake: FakeKeyring) -> None:
    store = secrets_in(fake)
    store.keep(APPID, SECRET)
    fake.entries[ENTRY] = NEWER.reveal()
    assert store.look_up(APPID) == Found(SECRET)
    store.forget(APPID)
    assert store.look_up(APPID) == Found(NEWER)


def test_a_failed_write_does_not_leave_the_old_secret_in_memory(fake: FakeKeyring) -> None:
    store = secrets_in(fake)
    store.keep(APPID, SECRET)
    fake.entries.clear()
    fake.moods = [raising(keyring.errors.PasswordSetError("full"))]
    assert isinstance(store.keep(APPID, NEWER), Unavailable)
    assert store.look_up(APPID) == Missing()


def test_missing_is_not_remembered(fake: FakeKeyring) -> None:
    store = secrets_in(fake)
    assert store.look_up(APPID) == Missing()
    fake.entries[ENTRY] = SECRET.reveal()
    assert store.look_up(APPID) == Found(SECRET)


def test_a_secret_too_long_for_windows_is_not_written_anywhere(fake: FakeKeyring) -> None:
    assert secrets_in(fake).keep(APPID, Secret("x" * 1281)) == Unavailable("too long")
    assert fake.calls == 0


# --- keyrings that lie


class Forgetful(FakeKeyring):
    def set_password(self, service: str, username: str, password: str) -> None:
        """Like `keyring --disable`: it says nothing and keeps nothing."""


class Mangling(FakeKeyring):
    def set_password(self, service: str, username: str, password: str) -> None:
        super().set_password(service, username, password[:8])


class Clinging(FakeKeyring):
    def delete_password(self, service: str, username: str) -> None:
        """It says nothing and deletes nothing."""


@pytest.mark.parametrize("kind", [Forgetful, Mangling])
def test_a_secret_that_cannot_be_read_back_is_lost(kind: type[FakeKeyring]) -> None:
    assert secrets_in(kind()).keep(APPID, SECRET) == Lost()


def test_a_secret_that_cannot_be_removed_is_not_called_removed() -> None:
    store = secrets_in(Clinging())
    store.keep(APPID, SECRET)
    assert store.remove(APPID) == Lost()


# --- keyrings that fail


class LockedException(Exception):
    """Named as in secretstorage."""


class DBusErrorResponse(Exception):
    """Named as in jeepney."""

    def __init__(self, name: str) -> None:
        super().__init__(f"[{name}] ...")
        self.name = name


class error(Exception):  # noqa: N801  # named as in pywintypes
    pass


TROUBLES: list[tuple[BaseException, Locked | Unavailable]] = [
    (keyring.errors.KeyringLocked(), Locked("not unlocked")),
    (LockedException(), Locked("not unlocked")),
    (DBusErrorResponse("org.freedesktop.Secret.Error.IsLocked"), Locked("not unlocked")),
    (DBusErrorResponse("org.freedesktop.DBus.Error.NoReply"), Unavailable("NoReply")),
    (keyring.errors.NoKeyringError(), Unavailable("no keyring answers")),
    (keyring.errors.InitError(), Unavailable("no keyring answers")),
    (keyring.errors.PasswordSetError(SECRET.reveal()), Unavailable("PasswordSetError")),
    (error(1783, "CredWrite", "The stub received bad data."), Unavailable("error 1783")),
    (TimeoutError(), Unavailable("TimeoutError")),
    (UnicodeDecodeError("utf-8", SECRET.reveal().encode(), 0, 1, "bad"), Unavailable("UnicodeDecodeError 0")),
    (KeyError(SECRET.reveal()), Unavailable("KeyError")),
    (SystemExit(3), Unavailable("SystemExit 3")),
]


@pytest.mark.parametrize(("trouble", "answer"), TROUBLES, ids=[repr(t[0])[:30] for t in TROUBLES])
def test_whatever_a_keyring_raises_becomes_an_answer(
    trouble: BaseException, answer: Locked | Unavailable, fake: FakeKeyring
) -> None:
    store = secrets_in(fake)
    for ask in (
        lambda: store.look_up(APPID),
        lambda: store.keep(APPID, SECRET),
        lambda: store.remove(APPID),
    ):
        fake.moods = [raising(trouble)]
        assert ask() == answer
    assert SECRET.reveal() not in repr(answer)
    assert store.look_up(APPID) == Missing()


def test_no_keyring_at_all() -> None:
    store = secrets_in()
    assert store.look_up(APPID) == Unavailable("no keyring answers")
    assert store.keep(APPID, SECRET) == Unavailable("no keyring answers")
    assert store.remove(APPID) == Unavailable("no keyring answers")


def test_a_keyring_that_comes_up_later_is_found() -> None:
    backends: list[FakeKeyring] = []
    store = KeyringSecrets(deadline_s=20, backends=lambda: backends)
    assert isinstance(store.look_up(APPID), Unavailable)
    backends.append(FakeKeyring())
    assert store.keep(APPID, SECRET) == Stored()


# --- several keyrings


def test_a_secret_from_before_is_found_in_another_keyring(fake: FakeKeyring) -> None:
    old = FakeKeyring()
    old.entries[ENTRY] = SECRET.reveal()
    assert secrets_in(fake, old).look_up(APPID) == Found(SECRET)


def test_the_first_keyring_wins(fake: FakeKeyring) -> None:
    old = FakeKeyring()
    old.entries[ENTRY] = SECRET.reveal()
    store = secrets_in(fake, old)
    store.keep(APPID, NEWER)
    store.forget(APPID)
    assert store.look_up(APPID) == Found(NEWER)


@pytest.mark.parametrize("order", [(0, 1, 2), (1, 2, 0), (2, 1, 0)])
def test_it_is_not_missing_while_one_is_locked(order: tuple[int, ...]) -> None:
    locked, broken, empty = FakeKeyring(), FakeKeyring(), FakeKeyring()
    locked.moods = [raising(keyring.errors.KeyringLocked())]
    broken.moods = [raising(keyring.errors.InitError())]
    backends = [(locked, broken, empty)[number] for number in order]
    assert isinstance(secrets_in(*backends).look_up(APPID), Locked)


def test_it_is_removed_from_all_even_if_one_fails() -> None:
    first, broken, last = FakeKeyring(), FakeKeyring(), FakeKeyring()
    first.entries[ENTRY] = last.entries[ENTRY] = SECRET.reveal()
    broken.moods = [raising(keyring.errors.KeyringLocked())]
    assert isinstance(secrets_in(first, broken, last).remove(APPID), Locked)
    assert not first.entries
    assert not last.entries


# --- keyrings that hang


def test_a_hanging_keyring_holds_nobody(fake: FakeKeyring, hang: Hang) -> None:
    fake.moods = [hang]
    assert in_time(lambda: impatient(fake).look_up(APPID)) == Unavailable("no answer")


def test_others_are_soon_turned_away_while_it_hangs(fake: FakeKeyring, hang: Hang) -> None:
    fake.moods = [hang]
    store = KeyringSecrets(deadline_s=2, backends=lambda: [fake])
    store.look_up(APPID)
    started = time.monotonic()
    assert store.look_up(OTHER) == Unavailable("no answer")
    assert store.keep(OTHER, SECRET) == Unavailable("no answer")
    assert store.remove(APPID) == Unavailable("no answer")
    assert time.monotonic() - started < 2
    assert fake.calls == 1


def test_a_result_that_comes_late_is_used(fake: FakeKeyring, hang: Hang) -> None:
    fake.entries[ENTRY] = SECRET.reveal()
    fake.moods = [hang]
    store = impatient(fake)
    assert store.look_up(APPID) == Unavailable("no answer")
    threading.Timer(0.1, hang.end).start()
    assert store.look_up(APPID) == Found(SECRET)  # joins the one that hangs
    assert store.look_up(APPID) == Found(SECRET)
    assert fake.calls == 1


def test_a_result_that_was_out_of_date_when_it_came_is_not_remembered(fake: FakeKeyring, hang: Hang) -> None:
    fake.entries[ENTRY] = SECRET.reveal()
    fake.moods = [hang]
    store = impatient(fake)
    store.look_up(APPID)
    store.forget(APPID)
    fake.entries[ENTRY] = NEWER.reveal()
    hang.end()
    assert store.look_up(APPID) == Found(NEWER)


def test_it_works_again_once_the_hang_is_over(fake: FakeKeyring, hang: Hang) -> None:
    fake.moods = [hang]
    store = impatient(fake)
    store.look_up(APPID)
    hang.end()
    assert store.keep(OTHER, SECRET) == Stored()


@pytest.mark.parametrize("appid", [APPID, OTHER])
def test_a_call_that_hangs_for_too_long_is_abandoned(appid: str, fake: FakeKeyring, hang: Hang) -> None:
    fake.moods = [hang]
    store = impatient(fake, abandon_s=DEADLINE_S * 1.2)
    store.look_up(APPID)
    assert store.look_up(appid) == Unavailable("no answer")
    time.sleep(DEADLINE_S)
    assert store.look_up(appid) == Missing()


def test_only_a_handful_is_abandoned(fake: FakeKeyring) -> None:
    hangs = [Hang() for _ in range(ABANDONED_MAX + 3)]
    fake.moods = list(hangs)
    store = impatient(fake, abandon_s=0.0)
    try:
        for number in range(ABANDONED_MAX + 3):
            store.look_up(f"wx{number}")
        assert fake.calls == ABANDONED_MAX + 1
    finally:
        for one in hangs:
            one.end()


def test_a_write_that_was_abandoned_cannot_undo_a_later_one(fake: FakeKeyring, hang: Hang) -> None:
    fake.moods = [hang]
    store = impatient(fake, abandon_s=0.0)
    assert store.keep(APPID, SECRET) == Unavailable("no answer")
    assert store.keep(APPID, NEWER) == Unavailable("no answer")
    assert store.keep(OTHER, NEWER) == Stored()
    hang.end()
    assert store.keep(APPID, NEWER) == Stored()
    assert fake.entries[ENTRY] == NEWER.reveal()


def test_a_keyring_never_gets_two_calls_at_once_and_threads_do_not_pile_up(fake: FakeKeyring) -> None:
    store = KeyringSecrets(deadline_s=20, backends=lambda: [fake])
    threads_before = threading.active_count()
    answers: list[object] = []

    def use(number: int) -> None:
        appid = f"wx{number}"
        for _ in range(25):
            answers.append(store.keep(appid, SECRET))
            store.forget(appid)
            answers.append(store.look_up(appid))

    users = [threading.Thread(target=use, args=(number,)) for number in range(8)]
    for user in users:
        user.start()
    for user in users:
        user.join()
    assert set(map(type, answers)) == {Stored, Found}
    assert fake.most_at_once == 1
    time.sleep(0.1)
    assert threading.active_count() <= threads_before


# --- which keyrings there are


def names_of(backends: tuple[KeyringBackend, ...]) -> list[str]:
    return [f"{type(one).__module__}.{type(one).__name__}" for one in backends]


def test_the_persons_choice_is_the_only_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    backends = KeyringBackends()
    assert names_of(backends.in_order()) == ["keyring.backends.null.Keyring"]
    assert backends.in_order()[0] is backends.in_order()[0]
    store = KeyringSecrets(deadline_s=20)
    assert store.keep(APPID, SECRET) == Lost()
    assert store.look_up(APPID) == Missing()


def test_the_choice_in_keyrings_own_file_counts(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("PYTHON_KEYRING_BACKEND")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    folder = tmp_path / "python_keyring"
    folder.mkdir()
    (folder / "keyringrc.cfg").write_text("[backend]\ndefault-keyring=keyring.backends.null.Keyring")
    assert names_of(KeyringBackends().in_order()) == ["keyring.backends.null.Keyring"]


@pytest.mark.parametrize("choice", ["no.such.Backend", "keyring.backends.SecretService.Keyring", "", "x"])
def test_a_choice_that_does_not_work_makes_it_unavailable(
    choice: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", choice)
    assert isinstance(KeyringSecrets(deadline_s=20).look_up(APPID), Unavailable)


def test_without_bus_and_choice_there_is_no_keyring(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("PYTHON_KEYRING_BACKEND")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert KeyringSecrets(deadline_s=20).look_up(APPID) == Unavailable("no keyring answers")
