from guarddog_gui.domain.refresh.history import THROUGH_PROXY, AttemptResult, HistoryEntry, Trigger
from guarddog_gui.domain.refresh.own_address import (
    ADDRESS_UNCHECKED,
    RECENT_CHANGE_S,
    AddressHistory,
    SeenAddress,
    address_history,
    earlier_address,
    earlier_ip,
    is_through_proxy,
    refusal_detail,
)

NOW = 1_800_000_000.0
OLD, NEW = "203.0.113.7", "203.0.113.9"


def refused(ip: str | None, at: float, detail: str = "") -> HistoryEntry:
    return HistoryEntry(
        NOW + at, "wx1", "ACCESS_TOKEN", Trigger.TIMER, AttemptResult.REFUSED, errcode=40164, ip=ip, detail=detail
    )


def seen(ip: str, at: float, detail: str = "") -> HistoryEntry:
    return HistoryEntry(NOW + at, "wx1", "ADDRESS", Trigger.USER, AttemptResult.ADDRESS_SEEN, ip=ip, detail=detail)


def test_nothing_is_known_without_an_answer() -> None:
    assert address_history(()) == AddressHistory()
    assert not AddressHistory().is_changed_recently(NOW)


def test_answers_in_a_row_are_one_address() -> None:
    entries = (
        refused(NEW, -10),
        refused(None, -15),
        refused(NEW, -20),
        seen(OLD, -30),
        refused(OLD, -40),
        refused(NEW, -50),
    )
    assert address_history(entries) == AddressHistory(
        SeenAddress(NEW, NOW - 20, NOW - 10, is_listed=False), SeenAddress(OLD, NOW - 40, NOW - 30, is_listed=True)
    )


def test_the_whitelist_and_the_proxy_are_remembered() -> None:
    latest = address_history((seen(NEW, 0, THROUGH_PROXY),)).latest
    assert latest is not None
    assert (latest.is_listed, latest.is_proxied) == (True, True)
    unchecked = address_history((seen(NEW, 0, ADDRESS_UNCHECKED),)).latest
    assert unchecked is not None
    assert unchecked.is_listed is None


def test_a_change_is_news_for_two_days() -> None:
    known = address_history((refused(NEW, -10), refused(OLD, -100)))
    assert known.is_changed_recently(NOW)
    assert not known.is_changed_recently(NOW - 10 + RECENT_CHANGE_S)
    assert not address_history((refused(NEW, -10), refused(NEW, -100))).is_changed_recently(NOW)


def test_the_address_before_is_found_for_a_new_and_for_a_repeated_one() -> None:
    entries = (refused(OLD, -100),)
    assert earlier_ip(entries, NEW, NOW) == OLD
    assert earlier_ip(entries, OLD, NOW) is None
    assert earlier_ip((), NEW, NOW) is None
    repeated = (refused(NEW, -10), refused(OLD, -100))
    assert earlier_ip(repeated, NEW, NOW) == OLD
    assert earlier_ip(repeated, NEW, NOW + RECENT_CHANGE_S) is None


def test_the_detail_of_a_refusal_can_be_read_back() -> None:
    for earlier in (None, NEW, OLD):
        for is_proxied in (False, True):
            detail = refusal_detail(NEW, earlier, is_proxied=is_proxied)
            assert is_through_proxy(detail) is is_proxied
            assert earlier_address(detail) == (OLD if earlier == OLD else "")
    assert refusal_detail(NEW, None, is_proxied=True) == THROUGH_PROXY
    assert earlier_address("no usable value") == ""
