"""Lives of shared values by the local clock."""

from guarddog_gui.domain.sharing.values import SharedReading, SharedValue, ends_later, make_record
from tests.builders import make_record as local_record
from tests.fakes import NOW


def test_the_end_counts_from_before_redis_was_asked() -> None:
    reading = SharedReading(NOW, SharedValue("v", 100.5, 7200))
    record = make_record(reading, "/dogs", 290)
    assert record is not None
    assert (record.expires_at, record.expires_in, record.ahead) == (NOW + 100.5, 7200, 290)


def test_a_life_that_redis_does_not_state_is_what_is_left() -> None:
    record = make_record(SharedReading(NOW, SharedValue("v", 100.5)), "", 0)
    assert record is not None
    assert record.expires_in == 100
    assert record.generated_at <= NOW + 1


def test_without_a_second_of_life_there_is_no_record() -> None:
    assert make_record(SharedReading(NOW, SharedValue("v", 0.9)), "", 0) is None
    assert make_record(SharedReading(NOW, None), "", 0) is None


def test_only_a_later_end_replaces_a_value_that_lives() -> None:
    old = local_record("old", at=NOW - 100)
    assert not ends_later(local_record("old", at=NOW - 96), old, NOW)  # rounding
    assert ends_later(local_record("old", at=NOW - 94), old, NOW)
    assert ends_later(local_record("forced", at=NOW - 99), old, NOW)  # which has made the old one invalid
    assert not ends_later(local_record("new", at=NOW - 100), old, NOW)
    assert not ends_later(local_record("new", at=NOW - 200), old, NOW)
    assert ends_later(local_record("new", at=NOW - 7000), local_record("dead", at=NOW - 7300), NOW)
    assert ends_later(local_record("new"), None, NOW)


def test_no_value_is_in_a_repr() -> None:
    assert "hunter2" not in repr(SharedReading(NOW, SharedValue("hunter2", 1)))
