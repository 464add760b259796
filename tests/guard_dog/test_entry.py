"""One key: when it is loaded, what readers get, and what happens after failures."""

import math
import stat
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from guarddog_gui.domain.errors import LoadFailed
from guarddog_gui.guard_dog import GuardDog, Handler
from guarddog_gui.guard_dog.entry import CacheEntry, backoff_s
from tests.fakes import NOW, FakeClock
from tests.guard_dog.scripted_loader import KEY, LONG_S, ExternalDogFile, ScriptedLoader, becomes_true


def test_a_value_is_loaded_once_and_then_served_from_memory(dog: GuardDog, source: ScriptedLoader) -> None:
    dog.init(KEY, source)
    assert [dog.get(KEY) for _ in range(5)] == ["token1"] * 5
    assert source.calls == 1


def test_file_is_npm_format_with_time_before_the_loader_call(
    dog: GuardDog, source: ScriptedLoader, folder: ExternalDogFile, clock: FakeClock
) -> None:
    source.may_go_on.clear()
    dog.init(KEY, source)
    assert becomes_true(lambda: source.calls)
    clock.advance(3)
    source.may_go_on.set()
    assert dog.get(KEY) == "token1"
    directory = str(folder.file.parent)
    assert folder.file.read_text() == (
        f'{{"data":"token1","expires_in":7200,"gen_time":{int(NOW * 1000)},"dir":"{directory}","ahead":300}}'
    )
    assert stat.S_IMODE(folder.file.stat().st_mode) == 0o600


def test_file_of_an_earlier_run_is_used_without_a_load(
    dog: GuardDog, source: ScriptedLoader, folder: ExternalDogFile
) -> None:
    folder.put("of yesterday's run", NOW - 60)
    dog.init(KEY, source)
    assert dog.get(KEY) == "of yesterday's run"
    assert source.calls == 0


def test_a_due_value_is_refreshed_without_a_reader(
    dog: GuardDog, source: ScriptedLoader, folder: ExternalDogFile, clock: FakeClock
) -> None:
    folder.put("token0", NOW - 6890)  # ten seconds before its refresh, whenever it was read
    dog.init(KEY, source)
    assert dog.get(KEY) == "token0"
    clock.advance(11)
    dog.wake()
    assert becomes_true(lambda: folder.fields["data"] == "token1")


def test_valid_value_is_returned_while_its_successor_loads(
    dog: GuardDog, source: ScriptedLoader, folder: ExternalDogFile
) -> None:
    folder.put("token0", NOW - 7000)
    source.may_go_on.clear()
    dog.init(KEY, source)
    assert dog.get(KEY) == "token0"
    source.may_go_on.set()
    assert becomes_true(lambda: dog.get(KEY) == "token1")


def test_value_about_to_expire_waits_for_its_successor(
    dog: GuardDog, source: ScriptedLoader, folder: ExternalDogFile
) -> None:
    folder.put("token0", NOW - 7199)
    dog.init(KEY, source)
    assert dog.get(KEY) == "token1"


def test_an_expired_value_is_never_returned(dog: GuardDog, source: ScriptedLoader, clock: FakeClock) -> None:
    dog.init(KEY, source)
    assert dog.get(KEY) == "token1"
    clock.advance(30 * 24 * 3600)  # the lid was closed
    assert dog.get(KEY) == "token2"


def test_a_value_that_expired_while_it_was_loaded_is_loaded_again(dog: GuardDog, clock: FakeClock) -> None:
    values = iter(["token1", "token2"])

    def load_across_a_sleep() -> tuple[str, int]:
        value = next(values)
        if value == "token1":
            clock.advance(30 * 24 * 3600)  # the lid is closed between the request and the answer
        return value, 7200

    dog.init(KEY, load_across_a_sleep)
    assert dog.get(KEY) == "token2"


def test_any_json_value_works_and_readers_get_copies(dog: GuardDog) -> None:
    dog.init("SHOP", lambda: ({"open": [9, 17]}, 60))
    dog.get("SHOP")["open"].append("never")
    assert dog.get("SHOP") == {"open": [9, 17]}


def test_a_value_without_a_life_is_loaded_for_each_reader_only(dog: GuardDog, clock: FakeClock) -> None:
    source = ScriptedLoader(life=0)
    dog.init(KEY, source)
    assert becomes_true(lambda: source.calls == 1)
    assert dog.get(KEY).startswith("token")
    calls = source.calls
    for _ in range(5):
        clock.advance(60)
        dog.wake()
    time.sleep(0.05)
    assert source.calls == calls
    assert dog.get(KEY) == f"token{calls + 1}"


def test_deepest_allowed_value_is_returned_deep_in_the_stack(dog: GuardDog) -> None:
    deep: Any = "token"
    for _ in range(100):
        deep = [deep]

    def far_down(steps: int) -> Any:
        return far_down(steps - 1) if steps else dog.get(KEY)

    dog.init(KEY, lambda: (deep, 60))
    assert far_down(500) == deep


@pytest.mark.parametrize("life", [1, 2, 300])
def test_value_with_a_life_up_to_ahead_is_loaded_for_readers_only(dog: GuardDog, clock: FakeClock, life: float) -> None:
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


def test_expired_short_lived_value_of_an_earlier_run_loads_at_init(
    dog: GuardDog, source: ScriptedLoader, folder: ExternalDogFile
) -> None:
    folder.put("token0", NOW - 60, life=2, ahead=2)
    dog.init(KEY, source)
    assert becomes_true(lambda: folder.fields["data"] == "token1")


def test_timer_can_wait_for_a_life_of_years(dog: GuardDog, clock: FakeClock) -> None:
    source = ScriptedLoader(life=100 * 365 * 24 * 3600)
    dog.init(KEY, source)
    assert dog.get(KEY) == "token1"
    clock.advance(50 * 365 * 24 * 3600)
    dog.wake()
    time.sleep(0.05)
    assert (dog.get(KEY), source.calls) == ("token1", 1)


def test_a_failure_is_raised_and_the_next_call_tries_again(dog: GuardDog, source: ScriptedLoader) -> None:
    source.fails = True
    dog.init(KEY, source)
    with pytest.raises(LoadFailed, match=f"{KEY}: the loader gave up"):
        dog.get(KEY)
    source.fails = False
    assert dog.get(KEY).startswith("token")


def test_error_of_the_loader_is_the_cause_of_load_failed(dog: GuardDog) -> None:
    dog.init(KEY, lambda: 1 / 0)  # type: ignore[arg-type]
    with pytest.raises(LoadFailed, match="ZeroDivisionError") as raised:
        dog.get(KEY)
    assert isinstance(raised.value.__cause__, ZeroDivisionError)


def test_frequent_readers_do_not_cause_frequent_loads(dog: GuardDog, source: ScriptedLoader, clock: FakeClock) -> None:
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


def test_pauses_after_failures_grow_to_a_minute() -> None:
    assert [backoff_s(n) for n in (0, 1, 2, 3, 4, 5, 10, 11, 10_000)] == [0, 0, 0, 0.25, 0.5, 1, 32, 60, 60]


def test_a_failed_timed_refresh_is_retried_in_the_background(
    dog: GuardDog, source: ScriptedLoader, folder: ExternalDogFile, clock: FakeClock
) -> None:
    folder.put("token0", NOW - 6899)
    source.fails = True
    dog.init(KEY, source)
    clock.advance(2)
    dog.wake()
    assert becomes_true(lambda: source.calls == 1)
    assert dog.get(KEY) == "token0"  # it lives on for minutes
    source.fails = False

    def a_moment_later() -> bool:
        clock.advance(0.3)
        dog.wake()
        return bool(folder.fields["data"] != "token0")

    assert becomes_true(a_moment_later)
    assert clock() < NOW + 60


def test_all_waiting_readers_get_the_error_of_one_load(dog: GuardDog, source: ScriptedLoader) -> None:
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
    assert becomes_true(lambda: len(errors) == 21)
    assert source.calls == 1
    assert len(set(map(id, errors))) == 21  # each its own, with its own trace


def test_a_hanging_loader_times_out_and_is_called_again(tmp_path: Path) -> None:
    source = ScriptedLoader()
    source.may_go_on.clear()
    with GuardDog(tmp_path, patience_s=0.05) as dog:
        dog.init(KEY, source)
        with pytest.raises(LoadFailed, match="has not answered within"):
            dog.get(KEY)
        source.may_go_on.set()
        assert becomes_true(lambda: source.calls and dog_gets(dog) is not None)


def test_a_late_value_serves_the_next_call(tmp_path: Path, folder: ExternalDogFile) -> None:
    slow = ScriptedLoader()
    slow.may_go_on.clear()
    with GuardDog(tmp_path, patience_s=0.3) as dog:
        dog.init(KEY, slow)
        with pytest.raises(LoadFailed, match="has not answered within"):
            dog.get(KEY)
        assert becomes_true(lambda: slow.calls == 2)  # it is being asked once more, and is as slow
        answers: list[Any] = []
        dog.get(KEY, answers.append)
        slow.may_go_on.set()
        assert becomes_true(lambda: answers)
        assert dog.get(KEY) in ("token1", "token2")
        assert becomes_true(lambda: folder.fields["data"] == dog.get(KEY))


def test_a_late_value_serves_readers_of_the_next_load(tmp_path: Path, folder: ExternalDogFile) -> None:
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
        assert becomes_true(lambda: not waits)
        late.set()
        reader.join(LONG_S)
        never.set()
        assert (got, folder.fields["data"]) == (["late"], "late")


def test_a_late_value_does_not_replace_a_newer_one(tmp_path: Path, folder: ExternalDogFile, clock: FakeClock) -> None:
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


def test_a_late_value_is_discarded_after_another_init(
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


def dog_gets(dog: GuardDog) -> Any:
    try:
        return dog.get(KEY)
    except LoadFailed:
        return None


def test_run_due_after_close_loads_nothing(tmp_path: Path, source: ScriptedLoader, clock: FakeClock) -> None:
    entry = CacheEntry(KEY, source, tmp_path / f"{KEY}.dog", "", clock=clock, timeout_s=LONG_S, wake=lambda: None)
    assert entry.get() == "token1"
    entry.close()
    clock.advance(7000)
    assert entry.run_due() == math.inf
    assert source.calls == 1


def test_untimed_value_is_not_loaded_because_its_file_is_gone(dog: GuardDog, folder: ExternalDogFile) -> None:
    source = ScriptedLoader(life=100, ahead=200)
    dog.init(KEY, source)
    assert dog.get(KEY) == "token1"
    folder.file.unlink()
    dog.wake()
    time.sleep(0.1)
    assert source.calls == 1
