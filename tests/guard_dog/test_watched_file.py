"""The `.dog` file of a key: changes by other programs, repairs, and disks that fail."""

import os
import threading
import time
from pathlib import Path

import pytest

from guarddog_gui.adapters.files.dog_file import DogFile
from guarddog_gui.domain.tokens.dog_format import DogRecord
from guarddog_gui.guard_dog import GuardDog
from guarddog_gui.guard_dog.watched_file import WatchedFile
from tests.fakes import NOW, FakeClock
from tests.guard_dog.scripted_loader import KEY, LONG_S, ExternalDogFile, ScriptedLoader, becomes_true


def test_changed_file_is_read_at_the_next_get(dog: GuardDog, source: ScriptedLoader, folder: ExternalDogFile) -> None:
    dog.init(KEY, source)
    assert dog.get(KEY) == "token1"
    for number in range(20):
        folder.put(f"foreign{number}", NOW)
        assert dog.get(KEY) == f"foreign{number}"
    DogFile(folder.file).write(DogRecord("replaced", 7200, NOW * 1000))
    assert dog.get(KEY) == "replaced"
    assert source.calls == 1


def test_removing_the_file_requests_a_new_value(dog: GuardDog, source: ScriptedLoader, folder: ExternalDogFile) -> None:
    dog.init(KEY, source)
    assert dog.get(KEY) == "token1"
    folder.file.unlink()
    assert dog.get(KEY) == "token2"
    assert folder.fields["data"] == "token2"


@pytest.mark.parametrize("torn", ["", '{"data":"tok', "null", "[]", "42", '{"expires_in":7200}', "\ufeff{}"])
def test_truncated_file_does_not_affect_a_valid_value(
    dog: GuardDog, source: ScriptedLoader, folder: ExternalDogFile, torn: str
) -> None:
    dog.init(KEY, source)
    assert dog.get(KEY) == "token1"
    folder.file.write_text(torn)
    assert dog.get(KEY) == "token1"
    folder.put("whole again", NOW)
    assert dog.get(KEY) == "whole again"
    assert source.calls == 1


def test_truncated_file_is_repaired_for_other_readers(
    dog: GuardDog, source: ScriptedLoader, folder: ExternalDogFile, clock: FakeClock
) -> None:
    dog.init(KEY, source)
    assert dog.get(KEY) == "token1"
    folder.file.write_text("")
    assert dog.get(KEY) == "token1"
    dog.wake()
    time.sleep(0.05)
    assert folder.file.read_text() == ""
    clock.advance(5.1)
    dog.wake()
    assert becomes_true(lambda: folder.file.read_text() and folder.fields["data"] == "token1")
    assert source.calls == 1


def test_file_with_a_restored_expired_value_is_repaired(
    dog: GuardDog, source: ScriptedLoader, folder: ExternalDogFile, clock: FakeClock
) -> None:
    dog.init(KEY, source)
    assert dog.get(KEY) == "token1"
    folder.put("from the backup", NOW - 8000)
    assert dog.get(KEY) == "token1"
    clock.advance(5.1)
    dog.wake()
    assert becomes_true(lambda: folder.fields["data"] == "token1")


@pytest.mark.parametrize("torn", ["", "{", "null", '{"data":"a","expires_in":null,"gen_time":1,"ahead":2}'])
def test_damaged_file_of_an_earlier_run_is_replaced(
    dog: GuardDog, source: ScriptedLoader, folder: ExternalDogFile, torn: str
) -> None:
    folder.file.write_text(torn)
    dog.init(KEY, source)
    assert dog.get(KEY) == "token1"
    assert folder.fields["data"] == "token1"


def test_a_file_from_the_future_is_ignored(dog: GuardDog, source: ScriptedLoader, folder: ExternalDogFile) -> None:
    folder.put("of next year", NOW + 365 * 24 * 3600)
    dog.init(KEY, source)
    assert dog.get(KEY) == "token1"


def test_an_expired_file_does_not_replace_a_valid_value(
    dog: GuardDog, source: ScriptedLoader, folder: ExternalDogFile
) -> None:
    dog.init(KEY, source)
    assert dog.get(KEY) == "token1"
    folder.put("from the backup", NOW - 8000)
    assert dog.get(KEY) == "token1"


def test_simultaneous_late_and_timely_values_are_both_written(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    file = WatchedFile(KEY, tmp_path / f"{KEY}.dog", time.time, lambda: None)

    def save_often() -> None:
        for _ in range(50):
            file.save(DogRecord("a", 60, int(time.time() * 1000), str(tmp_path), 2))

    threads = [threading.Thread(target=save_often) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LONG_S)
    assert "memory only" not in caplog.text


@pytest.mark.only_on("linux", "darwin")
def test_value_is_returned_although_its_folder_is_not_writable(
    tmp_path: Path, source: ScriptedLoader, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "dogs").write_text("a file in its place")
    with GuardDog(tmp_path / "dogs", patience_s=LONG_S) as dog:
        dog.init(KEY, source)
        assert [dog.get(KEY) for _ in range(3)] == ["token1"] * 3
    assert source.calls == 1
    assert "kept in memory only" in caplog.text
    assert "token1" not in caplog.text


def test_value_is_returned_although_its_folder_was_removed(
    tmp_path: Path, source: ScriptedLoader, clock: FakeClock
) -> None:
    with GuardDog(tmp_path / "dogs", clock=clock, patience_s=LONG_S) as dog:
        dog.init(KEY, source)
        assert dog.get(KEY) == "token1"
        (tmp_path / "dogs").rename(tmp_path / "elsewhere")
        (tmp_path / "dogs").write_text("a file in its place")
        clock.advance(7200)
        assert [dog.get(KEY) for _ in range(3)] == ["token2"] * 3
    assert source.calls == 2


def test_unwritten_value_is_written_once_the_disk_has_room(
    tmp_path: Path, source: ScriptedLoader, clock: FakeClock
) -> None:
    folder = ExternalDogFile(tmp_path / "dogs")
    with GuardDog(tmp_path / "dogs", clock=clock, patience_s=LONG_S) as dog:
        (tmp_path / "dogs").write_text("a file in its place")
        dog.init(KEY, source)
        assert dog.get(KEY) == "token1"
        for _ in range(3):
            clock.advance(60)
            dog.wake()
        (tmp_path / "dogs").unlink()

        def a_minute_later() -> bool:
            clock.advance(1)
            dog.wake()
            return folder.file.exists() and folder.fields["data"] == "token1"

        assert becomes_true(a_minute_later)
        assert dog.get(KEY) == "token1"
    assert source.calls == 1
    assert clock() < NOW + 3600


def test_changed_file_is_noticed_after_many_cached_reads(
    dog: GuardDog, source: ScriptedLoader, folder: ExternalDogFile
) -> None:
    folder.put("token0", NOW)
    os.utime(folder.file, (NOW - 100, NOW - 100))
    dog.init(KEY, source)
    assert [dog.get(KEY) for _ in range(3)] == ["token0"] * 3
    folder.put("tokenX", NOW)  # of the same length, in place
    assert dog.get(KEY) == "tokenX"
    os.utime(folder.file, (NOW - 100, NOW - 100))
    assert [dog.get(KEY) for _ in range(3)] == ["tokenX"] * 3
    other = folder.file.with_name("other")
    other.write_text(folder.file.read_text().replace("tokenX", "tokenY"))
    os.utime(other, (NOW - 100, NOW - 100))
    other.replace(folder.file)
    assert dog.get(KEY) == "tokenY"
