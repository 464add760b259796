"""GuardDog: keys, folders, init, close, timer, and several threads at once."""

import logging
import stat
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from guarddog_gui.domain.errors import BadKey, Closed, LoadFailed, NotInitialised
from guarddog_gui.guard_dog import GuardDog
from guarddog_gui.guard_dog.guard import RefreshTimer
from tests.fakes import NOW, FakeClock
from tests.guard_dog.scripted_loader import KEY, LONG_S, ExternalDogFile, ScriptedLoader, becomes_true


def test_init_starts_the_first_load(dog: GuardDog, source: ScriptedLoader, folder: ExternalDogFile) -> None:
    dog.init(KEY, source)
    assert becomes_true(folder.file.exists)


@pytest.mark.only_on("linux", "darwin")
def test_own_link_to_an_own_file_is_followed(
    tmp_path: Path, dog: GuardDog, source: ScriptedLoader, folder: ExternalDogFile, clock: FakeClock
) -> None:
    shared = ExternalDogFile(tmp_path / "shared")
    shared.file.parent.mkdir()
    shared.put("token0", NOW)
    folder.file.symlink_to(shared.file)
    dog.init(KEY, source)
    assert dog.get(KEY) == "token0"
    clock.advance(7200)
    assert dog.get(KEY) == "token1"
    assert shared.fields["data"] == "token1"
    assert folder.file.is_symlink()


@pytest.mark.only_on("linux", "darwin")
def test_own_link_to_a_missing_file_is_followed(
    tmp_path: Path, dog: GuardDog, source: ScriptedLoader, folder: ExternalDogFile
) -> None:
    folder.file.symlink_to(tmp_path / "shared" / f"{KEY}.dog")
    dog.init(KEY, source)
    assert dog.get(KEY) == "token1"
    assert ExternalDogFile(tmp_path / "shared").fields["data"] == "token1"
    assert folder.file.is_symlink()


@pytest.mark.only_on("linux", "darwin")
def test_other_links_are_replaced_with_a_log_message(
    tmp_path: Path, dog: GuardDog, source: ScriptedLoader, folder: ExternalDogFile, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "a folder").mkdir()
    folder.file.symlink_to(tmp_path / "a folder")
    dog.init(KEY, source)
    assert dog.get(KEY) == "token1"
    assert not folder.file.is_symlink()
    assert f"{folder.file}: a symbolic link is in the place of the file and is replaced" in caplog.text


def test_a_missing_folder_is_created_for_the_owner_only(tmp_path: Path, source: ScriptedLoader) -> None:
    folder = tmp_path / "new" / "dogs"
    with GuardDog(folder) as dog:
        dog.init(KEY, source)
        assert dog.get(KEY) == "token1"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_get_before_init_raises_not_initialised(dog: GuardDog) -> None:
    with pytest.raises(NotInitialised, match=r"init\('ACCESS_TOKEN', loader, directory\)"):
        dog.get(KEY)


@pytest.mark.parametrize("key", ["", ".", "..", "../escape", "a/b", "a\\b", "a\0b", ".hidden", "x" * 101, "c:d", "a."])
def test_a_key_that_names_another_file_is_refused(dog: GuardDog, source: ScriptedLoader, key: str) -> None:
    with pytest.raises(BadKey, match="cannot be a key"):
        dog.init(key, source)


@pytest.mark.parametrize("key", [5, None, b"x", ["a"]])
def test_a_key_that_is_not_a_string_is_refused(dog: GuardDog, source: ScriptedLoader, key: Any) -> None:
    with pytest.raises(BadKey, match="no text"):
        dog.init(key, source)


@pytest.mark.parametrize(
    ("key", "size"), [("字" * 74, 222), ("字" * 100, 300), ("é" * 99 + "字" * 1, 201), ("字" * 73, 219)]
)
def test_key_length_is_limited_in_bytes(
    dog: GuardDog, source: ScriptedLoader, key: str, size: int, tmp_path: Path
) -> None:
    if size > 220:
        with pytest.raises(BadKey, match=f"it has {size} bytes, and the name of a file at most 220"):
            dog.init(key, source)
        return
    dog.init(key, source)
    assert dog.get(key) == "token1"
    assert (tmp_path / f"{key}.dog").exists()


@pytest.mark.parametrize("folder", [b"x", 5, True, ["a"], bytearray(b"x")])
def test_a_folder_that_is_not_a_string_or_path_is_refused(dog: GuardDog, source: ScriptedLoader, folder: Any) -> None:
    with pytest.raises(BadKey, match="cannot be a folder: it is no text"):
        dog.init(KEY, source, folder)
    with pytest.raises(BadKey, match="cannot be a folder: it is no text"):
        GuardDog(folder)


@pytest.mark.parametrize("patience", ["30", None, True, [1]])
def test_a_timeout_that_is_not_a_number_is_refused(patience: Any) -> None:
    with pytest.raises(TypeError, match="patience_s has to be a number of seconds"):
        GuardDog(patience_s=patience)


@pytest.mark.parametrize("patience", [0, -1, -0.5, float("nan"), float("-inf")])
def test_a_timeout_that_is_not_positive_is_refused(patience: float) -> None:
    with pytest.raises(ValueError, match="patience_s has to be more than 0 seconds"):
        GuardDog(patience_s=patience)


@pytest.mark.parametrize("patience", [float("inf"), 1e12, 10**400, 5, 0.5], ids=["inf", "long", "longest", "5", "0.5"])
def test_an_infinite_timeout_is_limited(tmp_path: Path, source: ScriptedLoader, patience: float) -> None:
    with GuardDog(tmp_path, patience_s=patience) as dog:
        dog.init(KEY, source)
        assert dog.get(KEY) == "token1"


def test_a_folder_with_a_nul_character_is_refused(dog: GuardDog, source: ScriptedLoader) -> None:
    with pytest.raises(BadKey, match="NUL"):
        dog.init(KEY, source, "a\0b")


@pytest.mark.parametrize("key", ["ACCESS_TOKEN", "shop-a.token", "令牌", "a b", "x" * 100])
def test_ordinary_names_are_keys(dog: GuardDog, source: ScriptedLoader, key: str, tmp_path: Path) -> None:
    dog.init(key, source)
    assert dog.get(key) == "token1"
    assert (tmp_path / f"{key}.dog").exists()


def test_a_second_init_replaces_the_first(dog: GuardDog, source: ScriptedLoader, clock: FakeClock) -> None:
    other = ScriptedLoader()
    dog.init(KEY, source)
    assert dog.get(KEY) == "token1"
    dog.init(KEY, other)
    assert (dog.get(KEY), other.calls) == ("token1", 0)  # it lives, whoever has loaded it
    clock.advance(7000)
    dog.wake()
    assert becomes_true(lambda: other.calls == 1)
    assert source.calls == 1


def test_repeated_init_does_not_repeat_the_load(dog: GuardDog, source: ScriptedLoader) -> None:
    for _ in range(50):
        dog.init(KEY, source)
        assert dog.get(KEY) == "token1"
    assert source.calls == 1


def test_two_folders_can_have_the_same_key(tmp_path: Path) -> None:
    with GuardDog(tmp_path / "a") as one, GuardDog(tmp_path / "b") as other:
        one.init(KEY, lambda: ("one", 60))
        other.init(KEY, lambda: ("other", 60))
        assert (one.get(KEY), other.get(KEY)) == ("one", "other")


def test_after_close_there_are_no_values_and_no_loads(tmp_path: Path, source: ScriptedLoader, clock: FakeClock) -> None:
    with GuardDog(tmp_path, clock=clock) as dog:
        dog.init(KEY, source)
        assert dog.get(KEY) == "token1"
    clock.advance(7000)
    dog.wake()
    with pytest.raises(Closed):
        dog.get(KEY)
    with pytest.raises(Closed):
        dog.init(KEY, source)
    time.sleep(0.05)
    assert source.calls == 1
    assert becomes_true(lambda: not any(thread.name == "guard_dog alarm" for thread in threading.enumerate()))


def test_waiting_readers_get_closed_at_close(tmp_path: Path, source: ScriptedLoader) -> None:
    source.may_go_on.clear()
    dog = GuardDog(tmp_path)
    dog.init(KEY, source)
    errors: list[BaseException] = []

    def ask() -> None:
        with pytest.raises(Closed) as raised:
            dog.get(KEY)
        errors.append(raised.value)

    reader = threading.Thread(target=ask)
    reader.start()
    dog.get(KEY, errors.append, errors.append)
    assert becomes_true(lambda: source.calls == 1)
    time.sleep(0.05)  # the reader waits by now; if not, it is refused at once
    dog.close()
    reader.join(LONG_S)
    assert [type(error) for error in errors] == [Closed, Closed]
    source.may_go_on.set()


def test_values_are_not_logged(dog: GuardDog, source: ScriptedLoader, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        dog.init(KEY, source)
        assert dog.get(KEY) == "token1"
        dog.init("BAD", lambda: ("token1", "token1"))  # type: ignore[arg-type]
        with pytest.raises(LoadFailed):
            dog.get("BAD")
    assert "failure 1 in a row" in caplog.text
    assert "token1" not in caplog.text


def test_many_threads_never_see_an_expired_value(tmp_path: Path) -> None:
    source = ScriptedLoader(life=0.4, ahead=0.2)
    dead: list[str] = []
    with GuardDog(tmp_path) as dog:
        dog.init(KEY, source)

        def read() -> None:
            until = time.monotonic() + 1.2
            while time.monotonic() < until:
                value = dog.get(KEY)
                if int(value.removeprefix("token")) < source.calls - 1:
                    dead.append(value)

        threads = [threading.Thread(target=read) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(LONG_S)
    assert dead == []
    assert 4 <= source.calls <= 14


class Work:
    """Counter of the calls of `run_due`; `at` is the time that it returns."""

    def __init__(self, clock: FakeClock) -> None:
        self.looks = threading.Semaphore(0)
        self.at = clock() + 3600
        self.fails = False

    def tend(self) -> float:
        self.looks.release()
        if self.fails:
            raise RuntimeError("no more threads")
        return self.at

    def was_looked_at(self, within_s: float = LONG_S) -> bool:
        return self.looks.acquire(timeout=within_s)


def test_run_due_is_called_at_once_when_due_and_on_wake() -> None:
    clock = FakeClock()
    work = Work(clock)
    alarm = RefreshTimer(work.tend, clock)
    try:
        assert work.was_looked_at()
        assert not work.was_looked_at(0.05)
        work.at = clock() + 0.1
        alarm.wake()
        assert work.was_looked_at()
        work.at = clock() + 3600
        assert work.was_looked_at()
    finally:
        alarm.stop()


def test_a_failed_call_of_run_due_is_not_the_last(caplog: pytest.LogCaptureFixture) -> None:
    clock = FakeClock()
    work = Work(clock)
    work.fails = True
    alarm = RefreshTimer(work.tend, clock)
    try:
        assert work.was_looked_at()
        alarm.wake()
        assert work.was_looked_at()
        assert "mistake of our own" in caplog.text
    finally:
        alarm.stop()


def test_after_stop_run_due_is_not_called() -> None:
    clock = FakeClock()
    work = Work(clock)
    alarm = RefreshTimer(work.tend, clock)
    assert work.was_looked_at()
    alarm.stop()
    alarm.wake()
    time.sleep(0.05)
    assert not work.was_looked_at(0.05)
