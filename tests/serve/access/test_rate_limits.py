"""Buckets of requests."""

import pytest

from guarddog_gui.serve.access.rate_limits import RateLimit, address_group


def test_a_burst_and_then_the_rate() -> None:
    limit = RateLimit(60, 3)
    assert [limit.take("a", 0.0) for _ in range(3)] == [0.0, 0.0, 0.0]
    assert limit.take("a", 0.0) == 1.0
    assert limit.take("a", 0.5) == 0.5
    assert limit.take("a", 1.0) == 0.0
    assert [limit.take("a", 100.0) for _ in range(4)] == [0.0, 0.0, 0.0, 1.0]


def test_names_do_not_disturb_each_other() -> None:
    limit = RateLimit(60, 1)
    assert limit.take("a", 0.0) == 0.0
    assert limit.take("b", 0.0) == 0.0
    assert limit.take("a", 0.0) > 0.0


def test_a_clock_that_stands_still_or_goes_back_does_no_harm() -> None:
    limit = RateLimit(60, 1)
    assert limit.take("a", 10.0) == 0.0
    assert limit.take("a", 5.0) > 0.0


def test_memory_is_limited() -> None:
    limit = RateLimit(60, 1, entries_max=100)
    for number in range(100_000):
        limit.take(str(number), 0.0)
    assert len(limit._buckets) == 100
    assert limit.take("99999", 0.0) > 0.0


@pytest.mark.parametrize(
    ("address", "group"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("", ""),
    ],
)
def test_addresses_of_one_subscriber_are_one(address: str, group: str) -> None:
    assert address_group(address) == group
