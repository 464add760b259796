import json
import logging
import math
import os
import stat
import sys
import threading
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from guarddog_gui.adapters.files.dog_file import DogFile
from guarddog_gui.domain.errors import BadKey, Closed, LoadFailed, NotInitialised
from guarddog_gui.domain.tokens.dogfile import DogRecord
from guarddog_gui.guard_dog import GuardDog, Handler
from guarddog_gui.guard_dog.entry import backoff_s
from guarddog_gui.guard_dog.loader import LoadedValue
from tests.fakes import NOW, FakeClock

KEY = "ACCESS_TOKEN"
LONG_S = 10.0  # how long a test waits for what should come at once


class ScriptedLoader:
    """A loader that hands over `token1`, `token2`, … and can fail or wait."""

    def __init__(self, life: float = 7200, ahead: float = 300) -> None:
        self.life = life
        self.ahead = ahead
        self.calls = 0
        self.fails = False
        self.may_go_on = threading.Event()
        self.may_go_on.set()

    def __call__(self, handler: Handler) -> None:
        self.calls += 1
        number = self.calls
        assert self.may_go_on.wait(LONG_S)
        if not self.fails:
            handler(f"token{number}", self.life, self.ahead)


class ExternalDogFile:
    """The `.dog` file as other programs see it and write it."""

    def __init__(self, path: Path) -> None:
        self.file = path / f"{KEY}.dog"

    @property
    def fields(self) -> dict[str, Any]:
        fields: dict[str, Any] = json.loads(self.file.read_text())
        return fields

    def put(self, data: Any, born: float, life: float = 7200, ahead: float = 300) -> None:
        """Written in place, as npm does it, and long enough ago for its time of change to have settled."""
        text = json.dumps(
            {"data": data, "expires_in": life, "gen_time": int(born * 1000), "dir": "", "ahead": ahead}
        )
        self.file.write_text(text)


def soon(is_so: Any) -> bool:
    until = time.monotonic() + LONG_S
    while not is_so():
        if time.monotonic() > until:
            return False
        time.sleep(0.005)
    return True


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def source() -> ScriptedLoader:
    return ScriptedLoader()


@pytest.fixture
def folder(tmp_path: Path) -> ExternalDogFile:
    return ExternalDogFile(tmp_path)


@pytest.fixture
def dog(tmp_path: Path, clock: FakeClock) -> Iterator[GuardDog]:
    with GuardDog(tmp_path, clock=clock, patience_s=LONG_S) as dog:
        yield dog


# The ordinary life of a key.


def test_a_value_is_loaded_once_and_given_again_and_again(dog: GuardDog, source: ScriptedLoader) -> None:
    dog.init(KEY, source)
    assert [dog.get(KEY) for _ in range(5)] == ["token1"] * 5
    assert source.calls == 1


def test_init_begins_to_load_by_itself(
    dog: GuardDog, source: ScriptedLoader, folder: ExternalDogFile
) -> None:
    dog.init(KEY, source)
    assert soon(folder.file.exists)


def test_the_file_is_npms_with_the_moment_before_the_loader_was_called(
    dog: GuardDog, source: ScriptedLoader, folder: ExternalDogFile, clock: FakeClock
) -> None:
    source.may_go_on.clear()
    dog.init(KEY, source)
    assert soon(lambda: source.calls)
    clock.advance(3)
    source.may_go_on.set()
    assert dog.get(KEY) == "token1"
    directory = str(folder.file.parent)
    assert folder.file.read_text() == (
        f'{{"data":"token1","expires_in":7200,"gen_time":{int(NOW * 1000)},"dir":"{directory}","ahead":300}}'
    )
    assert stat.S_IMODE(folder.file.stat().st_mode) == 0o600


def test_a_file_of_a_former_run_is_taken_without_a_load(
    dog: GuardDog, source: ScriptedLoader, folder: ExternalDogFile
) -> None:
    folder.put("of yesterday's run", NOW - 60)
    dog.init(KEY, source)
    assert dog.get(KEY) == "of yesterday's run"
    assert source.calls == 0


def test_a_value_is_replaced_in_time_although_nobody_asks(
    dog: GuardDog, source: ScriptedLoader, folder: ExternalDogFile, clock: FakeClock
) -> None:
    folder.put("token0", NOW - 6890)  # ten seconds before its refresh, whenever it was read
    dog.init(KEY, source)
    assert dog.get(KEY) == "token0"
    clock.advance(11)
    dog.wake()
    assert soon(lambda: folder.fields["data"] == "token1")


def test_while_a_successor_is_loaded_the_value_that_lives_is_given(
    dog: GuardDog, source: ScriptedLoader, folder: ExternalDogFile
) -> None:
    folder.put("token0", NOW - 7000)
    source.may_go_on.clear()
    dog.init(KEY, source)
    assert dog.get(KEY) == "token0"
    source.may_go_on.set()
    assert soon(lambda: dog.get(KEY) == "token1")


def test_a_value_about_to_die_is_not_given_while_its_successor_comes(
    dog: GuardDog, source: ScriptedLoader, folder: ExternalDogFile
) -> None:
    folder.put("token0", NOW - 7199)
    dog.init(KEY, source)
    assert dog.get(KEY) == "token1"


def test_a_dead_value_is_never_given(dog: GuardDog, source: ScriptedLoader, clock: FakeClock) -> None:
    dog.init(KEY, source)
    assert dog.get(KEY) == "token1"
    clock.advance(30 * 24 * 3600)  # the lid was closed
    assert dog.get(KEY) == "token2"


def test_any_json_value_can_be_kept_and_nobody_changes_it_for_others(dog: GuardDog) -> None:
    dog.init("SHOP", lambda: ({"open": [9, 17]}, 60))
    dog.get("SHOP")["open"].append("never")
    assert dog.get("SHOP") == {"open": [9, 17]}


def test_a_value_without_a_life_is_loaded_for_everybody_who_asks_and_for_nobody_else(
    dog: GuardDog, clock: FakeClock
) -> None:
    source = ScriptedLoader(life=0)
    dog.init(KEY, source)
    assert soon(lambda: source.calls == 1)
    assert dog.get(KEY).startswith("token")
    calls = source.calls
    for _ in range(5):
        clock.advance(60)
        dog.wake()
    time.sleep(0.05)
    assert source.calls == calls
    assert dog.get(KEY) == f"token{calls + 1}"


def test_the_deepest_that_can_be_handed_over_is_given_also_far_down_the_stack(dog: GuardDog) -> None:
    deep: Any = "token"
    for _ in range(100):
        deep = [deep]

    def far_down(steps: int) -> Any:
        return far_down(steps - 1) if steps else dog.get(KEY)

    dog.init(KEY, lambda: (deep, 60))
    assert far_down(500) == deep


@pytest.mark.parametrize("life", [1, 2, 300])
def test_one_that_lives_no_longer_than_ahead_too(dog: GuardDog, clock: FakeClock, life: float) -> None:
    source = ScriptedLoader(life=life, ahead=max(2, life))
    dog.init(KEY, source)
    assert dog.get(KEY) == "token1"
    for _ in range(9):
        clock.advance(life * 0.105)
        dog.wake()
        assert dog.get(KEY) == "token1"  # it lives
    for _ in range(5):
        clock.advance(life)
        dog.wake()
    time.sleep(0.05)
    assert source.calls == 1
    assert dog.get(KEY) == "token2"


def test_one_of_a_former_run_that_is_dead_is_loaded_by_init(
    dog: GuardDog, source: ScriptedLoader, folder: ExternalDogFile
) -> None:
    folder.put("token0", NOW - 60, life=2, ahead=2)
    dog.init(KEY, source)
    assert soon(lambda: folder.fields["data"] == "token1")


def test_a_life_of_years_is_no_trouble_for_the_timer(dog: GuardDog, clock: FakeClock) -> None:
    source = ScriptedLoader(life=100 * 365 * 24 * 3600)
    dog.init(KEY, source)
    assert dog.get(KEY) == "token1"
    clock.advance(50 * 365 * 24 * 3600)
    dog.wake()
    time.sleep(0.05)
    assert (dog.get(KEY), source.calls) == ("token1", 1)


# What others do to the file.


def test_a_file_that_somebody_else_changed_is_noticed_at_the_next_get(
    dog: GuardDog, source: ScriptedLoader, folder: ExternalDogFile
) -> None:
    dog.init(KEY, source)
    assert dog.get(KEY) == "token1"
    for number in range(20):
        folder.put(f"foreign{number}", NOW)
        assert dog.get(KEY) == f"foreign{number}"
    DogFile(folder.file).write(DogRecord("replaced", 7200, NOW * 1000))
    assert dog.get(KEY) == "replaced"
    assert source.calls == 1


def test_also_when_it_has_been_given_for_long_without_a_look_at_the_disk(
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


def test_a_file_that_was_removed_makes_a_new_value(
    dog: GuardDog, source: ScriptedLoader, folder: ExternalDogFile
) -> None:
    dog.init(KEY, source)
    assert dog.get(KEY) == "token1"
    folder.file.unlink()
    assert dog.get(KEY) == "token2"
    assert folder.fields["data"] == "token2"


@pytest.mark.parametrize("torn", ["", '{"data":"tok', "null", "[]", "42", '{"expires_in":7200}', "\ufeff{}"])
def test_a_torn_file_changes_nothing_for_a_value_that_lives(
    dog: GuardDog, source: ScriptedLoader, folder: ExternalDogFile, torn: str
) -> None:
    dog.init(KEY, source)
    assert dog.get(KEY) == "token1"
    folder.file.write_text(torn)
    assert dog.get(KEY) == "token1"
    folder.put("whole again", NOW)
    assert dog.get(KEY) == "whole again"
    assert source.calls == 1


def test_a_torn_file_that_nobody_completes_is_mended_for_others(
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
    assert soon(lambda: folder.file.read_text() and folder.fields["data"] == "token1")
    assert source.calls == 1


def test_so_is_a_file_to_which_somebody_has_put_back_a_dead_value(
    dog: GuardDog, source: ScriptedLoader, folder: ExternalDogFile, clock: FakeClock
) -> None:
    dog.init(KEY, source)
    assert dog.get(KEY) == "token1"
    folder.put("from the backup", NOW - 8000)
    assert dog.get(KEY) == "token1"
    clock.advance(5.1)
    dog.wake()
    assert soon(lambda: folder.fields["data"] == "token1")


@pytest.mark.parametrize("torn", ["", "{", "null", '{"data":"a","expires_in":null,"gen_time":1,"ahead":2}'])
def test_a_damaged_file_of_a_former_run_is_replaced(
    dog: GuardDog, source: ScriptedLoader, folder: ExternalDogFile, torn: str
) -> None:
    folder.file.write_text(torn)
    dog.init(KEY, source)
    assert dog.get(KEY) == "token1"
    assert folder.fields["data"] == "token1"


def test_a_file_from_the_future_is_not_believed(
    dog: GuardDog, source: ScriptedLoader, folder: ExternalDogFile
) -> None:
    folder.put("of next year", NOW + 365 * 24 * 3600)
    dog.init(KEY, source)
    assert dog.get(KEY) == "token1"


def test_a_dead_file_does_not_replace_a_value_that_lives(
    dog: GuardDog, source: ScriptedLoader, folder: ExternalDogFile
) -> None:
    dog.init(KEY, source)
    assert dog.get(KEY) == "token1"
    folder.put("from the backup", NOW - 8000)
    assert dog.get(KEY) == "token1"


# Loaders that fail.


def test_a_failure_is_told_and_the_next_call_tries_again(dog: GuardDog, source: ScriptedLoader) -> None:
    source.fails = True
    dog.init(KEY, source)
    with pytest.raises(LoadFailed, match=f"{KEY}: the loader gave up"):
        dog.get(KEY)
    source.fails = False
    assert dog.get(KEY).startswith("token")


def test_what_the_loader_raised_is_the_cause(dog: GuardDog) -> None:
    dog.init(KEY, lambda: 1 / 0)  # type: ignore[arg-type]
    with pytest.raises(LoadFailed, match="ZeroDivisionError") as raised:
        dog.get(KEY)
    assert isinstance(raised.value.__cause__, ZeroDivisionError)


def test_who_keeps_asking_does_not_make_a_storm(
    dog: GuardDog, source: ScriptedLoader, clock: FakeClock
) -> None:
    source.fails = True
    dog.init(KEY, source)
    for _ in range(1000):
        with pytest.raises(LoadFailed):
            dog.get(KEY)
    assert source.calls == 3
    clock.advance(0.25)
    for _ in range(1000):
        with pytest.raises(LoadFailed):
            dog.get(KEY)
    assert source.calls == 4


def test_the_pauses_grow_to_a_minute() -> None:
    assert [backoff_s(n) for n in (0, 1, 2, 3, 4, 5, 10, 11, 10_000)] == [0, 0, 0, 0.25, 0.5, 1, 32, 60, 60]


def test_a_failed_timed_refresh_is_tried_again_in_the_background(
    dog: GuardDog, source: ScriptedLoader, folder: ExternalDogFile, clock: FakeClock
) -> None:
    folder.put("token0", NOW - 6899)
    source.fails = True
    dog.init(KEY, source)
    clock.advance(2)
    dog.wake()
    assert soon(lambda: source.calls == 1)
    assert dog.get(KEY) == "token0"  # it lives on for minutes
    source.fails = False

    def a_moment_later() -> bool:
        clock.advance(0.3)
        dog.wake()
        return bool(folder.fields["data"] != "token0")

    assert soon(a_moment_later)
    assert clock() < NOW + 60


def test_all_who_wait_get_the_error_and_one_load_was_made_for_them(
    dog: GuardDog, source: ScriptedLoader
) -> None:
    source.fails = True
    source.may_go_on.clear()
    dog.init(KEY, source)
    errors: list[LoadFailed] = []

    def want() -> None:
        try:
            dog.get(KEY)
        except LoadFailed as error:
            errors.append(error)

    threads = [threading.Thread(target=want) for _ in range(20)]
    for thread in threads:
        thread.start()
    dog.get(KEY, lambda _: errors.clear(), errors.append)
    time.sleep(0.05)
    source.may_go_on.set()
    for thread in threads:
        thread.join(LONG_S)
    assert soon(lambda: len(errors) == 21)
    assert source.calls == 1
    assert len(set(map(id, errors))) == 21  # each its own, with its own trace


def test_a_loader_that_hangs_is_given_up_and_called_again(tmp_path: Path) -> None:
    source = ScriptedLoader()
    source.may_go_on.clear()
    with GuardDog(tmp_path, patience_s=0.05) as dog:
        dog.init(KEY, source)
        with pytest.raises(LoadFailed, match="has not answered within"):
            dog.get(KEY)
        source.may_go_on.set()
        assert soon(lambda: source.calls and dog_gets(dog) is not None)


def test_what_a_slow_loader_brings_after_its_time_is_kept_for_the_next_call(
    tmp_path: Path, folder: ExternalDogFile
) -> None:
    slow = ScriptedLoader()
    slow.may_go_on.clear()
    with GuardDog(tmp_path, patience_s=0.3) as dog:
        dog.init(KEY, slow)
        with pytest.raises(LoadFailed, match="has not answered within"):
            dog.get(KEY)
        assert soon(lambda: slow.calls == 2)  # it is being asked once more, and is as slow
        answers: list[Any] = []
        dog.get(KEY, answers.append)
        slow.may_go_on.set()
        assert soon(lambda: answers)
        assert dog.get(KEY) in ("token1", "token2")
        assert soon(lambda: folder.fields["data"] == dog.get(KEY))


def test_who_waits_for_the_next_attempt_gets_it_too(tmp_path: Path, folder: ExternalDogFile) -> None:
    late, never = threading.Event(), threading.Event()
    waits = [late, never]

    def load(handler: Handler) -> None:
        waits.pop(0).wait(LONG_S)
        handler("late", 7200)

    with GuardDog(tmp_path, patience_s=0.5) as dog:
        dog.init(KEY, load)
        with pytest.raises(LoadFailed):
            dog.get(KEY)
        got: list[Any] = []
        reader = threading.Thread(target=lambda: got.append(dog.get(KEY)))
        reader.start()
        assert soon(lambda: not waits)
        late.set()
        reader.join(LONG_S)
        never.set()
        assert (got, folder.fields["data"]) == (["late"], "late")


def test_what_comes_late_does_not_undo_what_is_newer(
    tmp_path: Path, folder: ExternalDogFile, clock: FakeClock
) -> None:
    late, tried = threading.Event(), threading.Event()

    def load(handler: Handler) -> None:
        late.wait(LONG_S)
        handler("late", 7200, 300)
        tried.set()

    with GuardDog(tmp_path, patience_s=0.05, clock=clock) as dog:
        dog.init(KEY, load)
        with pytest.raises(LoadFailed):
            dog.get(KEY)
        folder.put("newer", NOW + 1)
        late.set()
        assert tried.wait(LONG_S)
        assert (dog.get(KEY), folder.fields["data"]) == ("newer", "newer")


def test_nor_does_it_count_after_another_init(
    tmp_path: Path, folder: ExternalDogFile, clock: FakeClock
) -> None:
    late, tried = threading.Event(), threading.Event()

    def load(handler: Handler) -> None:
        late.wait(LONG_S)
        handler("late", 7200, 300)
        tried.set()

    with GuardDog(tmp_path, patience_s=0.05, clock=clock) as dog:
        dog.init(KEY, load)
        with pytest.raises(LoadFailed):
            dog.get(KEY)
        dog.init(KEY, lambda _handler: None)  # which brings nothing
        late.set()
        assert tried.wait(LONG_S)
        assert not folder.file.exists()


def test_what_comes_late_and_what_comes_in_time_at_the_same_moment_are_no_trouble(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with GuardDog(tmp_path) as dog:
        source = ScriptedLoader()
        dog.init(KEY, source)
        dog.get(KEY)
        keeper = dog._entries[KEY]
        threads = [
            threading.Thread(
                target=lambda: [keeper._save(LoadedValue("a", 60, 2), time.time()) for _ in range(50)]
            )
            for _ in range(2)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(LONG_S)
    assert "memory only" not in caplog.text


def dog_gets(dog: GuardDog) -> Any:
    try:
        return dog.get(KEY)
    except LoadFailed:
        return None


def test_a_loader_may_ask_for_another_key(dog: GuardDog, source: ScriptedLoader) -> None:
    dog.init(KEY, source)
    dog.init("JSAPI_TICKET", lambda: (f"ticket of {dog.get(KEY)}", 7200))
    assert dog.get("JSAPI_TICKET") == "ticket of token1"


def test_loaders_that_wait_for_each_other_are_told(dog: GuardDog) -> None:
    dog.init("A", lambda: (dog.get("B"), 60))
    with pytest.raises(LoadFailed):
        dog.get("A")  # B is not known yet
    dog.init("SELF", lambda: (dog.get("SELF"), 60))
    with pytest.raises(LoadFailed) as raised:
        dog.get("SELF")
    assert "waits for its own key" in str(raised.value.__cause__)


def test_so_are_two_that_began_to_wait_at_the_same_moment(dog: GuardDog) -> None:
    both_are_in = threading.Barrier(2)

    def waiting_for(key: str) -> Any:
        both_are_in.wait(LONG_S)
        return dog.get(key), 60

    dog.init("A", lambda: waiting_for("B"))
    dog.init("B", lambda: waiting_for("A"))
    began = time.monotonic()
    with pytest.raises(LoadFailed):
        dog.get("A")
    assert time.monotonic() - began < LONG_S / 2


# Disks that do not take it.


@pytest.mark.only_on("linux", "darwin")
def test_a_folder_that_cannot_be_written_costs_the_file_and_not_the_value(
    tmp_path: Path, source: ScriptedLoader, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "dogs").write_text("a file in its place")
    with GuardDog(tmp_path / "dogs", patience_s=LONG_S) as dog:
        dog.init(KEY, source)
        assert [dog.get(KEY) for _ in range(3)] == ["token1"] * 3
    assert source.calls == 1
    assert "kept in memory only" in caplog.text
    assert "token1" not in caplog.text


def test_so_does_one_that_is_taken_away(tmp_path: Path, source: ScriptedLoader, clock: FakeClock) -> None:
    with GuardDog(tmp_path / "dogs", clock=clock, patience_s=LONG_S) as dog:
        dog.init(KEY, source)
        assert dog.get(KEY) == "token1"
        (tmp_path / "dogs").rename(tmp_path / "elsewhere")
        (tmp_path / "dogs").write_text("a file in its place")
        clock.advance(7200)
        assert [dog.get(KEY) for _ in range(3)] == ["token2"] * 3
    assert source.calls == 2


def test_a_value_that_found_no_room_is_written_when_there_is_some(
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

        assert soon(a_minute_later)
        assert dog.get(KEY) == "token1"
    assert source.calls == 1
    assert clock() < NOW + 3600


@pytest.mark.only_on("linux", "darwin")
def test_a_link_of_ones_own_to_a_file_of_ones_own_is_followed(
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
def test_also_before_the_file_is_there(
    tmp_path: Path, dog: GuardDog, source: ScriptedLoader, folder: ExternalDogFile
) -> None:
    folder.file.symlink_to(tmp_path / "shared" / f"{KEY}.dog")
    dog.init(KEY, source)
    assert dog.get(KEY) == "token1"
    assert ExternalDogFile(tmp_path / "shared").fields["data"] == "token1"
    assert folder.file.is_symlink()


@pytest.mark.only_on("linux", "darwin")
def test_a_link_that_is_not_followed_is_replaced_and_the_log_says_so(
    tmp_path: Path,
    dog: GuardDog,
    source: ScriptedLoader,
    folder: ExternalDogFile,
    caplog: pytest.LogCaptureFixture,
) -> None:
    (tmp_path / "a folder").mkdir()
    folder.file.symlink_to(tmp_path / "a folder")
    dog.init(KEY, source)
    assert dog.get(KEY) == "token1"
    assert not folder.file.is_symlink()
    assert f"{folder.file}: a symbolic link is in the place of the file and is replaced" in caplog.text


def test_a_missing_folder_is_made_for_its_owner_alone(tmp_path: Path, source: ScriptedLoader) -> None:
    folder = tmp_path / "new" / "dogs"
    with GuardDog(folder) as dog:
        dog.init(KEY, source)
        assert dog.get(KEY) == "token1"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


# Callbacks.


def test_callbacks_are_called_in_the_order_in_which_they_came(dog: GuardDog, source: ScriptedLoader) -> None:
    source.may_go_on.clear()
    dog.init(KEY, source)
    called: list[int] = []
    for number in range(100):
        dog.get(KEY, partial(lambda number, _value: called.append(number), number))
    source.may_go_on.set()
    for number in range(100, 200):
        dog.get(KEY, partial(lambda number, _value: called.append(number), number))
    assert soon(lambda: len(called) == 200)
    assert called == list(range(200))


def test_a_callback_that_raises_disturbs_nobody(
    dog: GuardDog, source: ScriptedLoader, caplog: pytest.LogCaptureFixture
) -> None:
    source.may_go_on.clear()
    dog.init(KEY, source)
    called: list[str] = []
    dog.get(KEY, lambda _: 1 / 0)
    dog.get(KEY, called.append)
    source.may_go_on.set()
    assert soon(lambda: called == ["token1"])
    dog.get(KEY, lambda _: 1 / 0)
    dog.get(KEY, called.append)
    assert called == ["token1", "token1"]
    assert caplog.text.count("a callback raised") == 2


def test_a_callback_that_wants_to_end_the_thread_disturbs_nobody(
    dog: GuardDog, source: ScriptedLoader, caplog: pytest.LogCaptureFixture
) -> None:
    source.may_go_on.clear()
    dog.init(KEY, source)
    called: list[str] = []
    dog.get(KEY, lambda _: sys.exit(3))
    dog.get(KEY, called.append)
    source.may_go_on.set()
    assert soon(lambda: called == ["token1"])
    dog.get(KEY, called.append)
    assert soon(lambda: called == ["token1", "token1"])
    assert "wanted to end this thread" in caplog.text


def test_a_callback_may_ask_again(dog: GuardDog, source: ScriptedLoader) -> None:
    dog.init(KEY, source)
    called: list[str] = []
    dog.get(KEY, lambda _: dog.get(KEY, called.append))
    assert soon(lambda: called == ["token1"])


# Keys, and the ends.


def test_get_before_init_says_so(dog: GuardDog) -> None:
    with pytest.raises(NotInitialised, match=r"init\('ACCESS_TOKEN', loader, directory\)"):
        dog.get(KEY)


@pytest.mark.parametrize(
    "key", ["", ".", "..", "../escape", "a/b", "a\\b", "a\0b", ".hidden", "x" * 101, "c:d", "a."]
)
def test_a_key_that_names_another_file_is_refused(dog: GuardDog, source: ScriptedLoader, key: str) -> None:
    with pytest.raises(BadKey, match="cannot be a key"):
        dog.init(key, source)


@pytest.mark.parametrize("key", [5, None, b"x", ["a"]])
def test_a_key_that_is_no_text_is_refused(dog: GuardDog, source: ScriptedLoader, key: Any) -> None:
    with pytest.raises(BadKey, match="no text"):
        dog.init(key, source)


@pytest.mark.parametrize(
    ("key", "size"), [("字" * 74, 222), ("字" * 100, 300), ("é" * 99 + "字" * 1, 201), ("字" * 73, 219)]
)
def test_a_key_has_as_many_bytes_as_a_file_name_can_take(
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
def test_a_folder_that_is_no_text_is_refused(dog: GuardDog, source: ScriptedLoader, folder: Any) -> None:
    with pytest.raises(BadKey, match="cannot be a folder: it is no text"):
        dog.init(KEY, source, folder)
    with pytest.raises(BadKey, match="cannot be a folder: it is no text"):
        GuardDog(folder)


@pytest.mark.parametrize("patience", ["30", None, True, [1]])
def test_a_patience_that_is_no_number_is_refused(patience: Any) -> None:
    with pytest.raises(TypeError, match="patience_s has to be a number of seconds"):
        GuardDog(patience_s=patience)


@pytest.mark.parametrize("patience", [0, -1, -0.5, float("nan"), float("-inf")])
def test_one_that_is_no_time_too(patience: float) -> None:
    with pytest.raises(ValueError, match="patience_s has to be more than 0 seconds"):
        GuardDog(patience_s=patience)


@pytest.mark.parametrize(
    "patience", [float("inf"), 1e12, 10**400, 5, 0.5], ids=["inf", "long", "longest", "5", "0.5"]
)
def test_one_without_an_end_is_none(tmp_path: Path, source: ScriptedLoader, patience: float) -> None:
    with GuardDog(tmp_path, patience_s=patience) as dog:
        dog.init(KEY, source)
        assert dog.get(KEY) == "token1"


def test_a_folder_that_cannot_be_one_is_refused(dog: GuardDog, source: ScriptedLoader) -> None:
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
    assert soon(lambda: other.calls == 1)
    assert source.calls == 1


def test_an_init_in_every_request_does_not_load_in_every_request(
    dog: GuardDog, source: ScriptedLoader
) -> None:
    for _ in range(50):
        dog.init(KEY, source)
        assert dog.get(KEY) == "token1"
    assert source.calls == 1


def test_two_folders_can_have_the_same_key(tmp_path: Path) -> None:
    with GuardDog(tmp_path / "a") as one, GuardDog(tmp_path / "b") as other:
        one.init(KEY, lambda: ("one", 60))
        other.init(KEY, lambda: ("other", 60))
        assert (one.get(KEY), other.get(KEY)) == ("one", "other")


def test_after_its_end_it_gives_nothing_and_loads_nothing(
    tmp_path: Path, source: ScriptedLoader, clock: FakeClock
) -> None:
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
    assert soon(lambda: not any(thread.name == "guard_dog alarm" for thread in threading.enumerate()))


def test_a_look_that_was_under_way_at_its_end_loads_nothing(
    tmp_path: Path, source: ScriptedLoader, clock: FakeClock
) -> None:
    with GuardDog(tmp_path, clock=clock) as dog:
        dog.init(KEY, source)
        assert dog.get(KEY) == "token1"
        keeper = dog._entries[KEY]
    clock.advance(7000)
    assert keeper.run_due() == math.inf
    assert source.calls == 1


def test_a_loader_that_asks_for_its_own_key_by_a_callback_is_told_at_once(dog: GuardDog) -> None:
    told: list[BaseException] = []

    def load(handler: Handler) -> None:
        def give_up(error: BaseException) -> None:
            told.append(error)
            handler("by itself", 60)

        dog.get(KEY, lambda value: handler(value, 60), give_up)

    dog.init(KEY, load)
    assert dog.get(KEY) == "by itself"
    assert "waits for its own key" in str(told[0])


def test_a_value_that_nobody_times_is_not_loaded_because_its_file_is_gone(
    dog: GuardDog, folder: ExternalDogFile
) -> None:
    source = ScriptedLoader(life=100, ahead=200)
    dog.init(KEY, source)
    assert dog.get(KEY) == "token1"
    folder.file.unlink()
    dog.wake()
    time.sleep(0.1)
    assert source.calls == 1


def test_its_end_is_told_to_those_who_wait(tmp_path: Path, source: ScriptedLoader) -> None:
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
    assert soon(lambda: source.calls == 1)
    time.sleep(0.05)  # the reader waits by now; if not, it is refused at once
    dog.close()
    reader.join(LONG_S)
    assert [type(error) for error in errors] == [Closed, Closed]
    source.may_go_on.set()


def test_values_are_in_no_log(
    dog: GuardDog, source: ScriptedLoader, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        dog.init(KEY, source)
        assert dog.get(KEY) == "token1"
        dog.init("BAD", lambda: ("token1", "token1"))  # type: ignore[arg-type]
        with pytest.raises(LoadFailed):
            dog.get("BAD")
    assert "failure 1 in a row" in caplog.text
    assert "token1" not in caplog.text


def test_many_threads_and_short_lives_never_see_a_dead_value(tmp_path: Path) -> None:
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
