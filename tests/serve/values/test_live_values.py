"""Many clients at once: one refresh, no needless waiting, no account that holds up the others."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from msgspec.structs import replace

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.refresh.history import AttemptResult
from guarddog_gui.domain.tokens.record import TokenRecord
from guarddog_gui.serve.values.live_values import LiveValues, NoValue, ServerBusy, ValueRefresh
from guarddog_gui.services.calls.refresh_request import RefreshResult
from guarddog_gui.services.fresh_values import FreshValues
from tests.builders import SHOP, TOKEN, make_entry, make_record
from tests.fakes import FakeClock, FakeDogFileStore
from tests.serve.in_memory_server import OTHER, wait_until


class Refreshes:
    """Refresh that ends when the test lets it, and writes what `make` returns."""

    def __init__(self, dogs: FakeDogFileStore) -> None:
        self.dogs = dogs
        self.orders: list[ValueRefresh] = []
        self.may_end = threading.Event()
        self.may_end.set()
        self.make: Callable[[ValueRefresh], FreshValues] = lambda order: self.renewed(order.account)

    def __call__(self, order: ValueRefresh) -> FreshValues:
        self.orders.append(order)
        assert self.may_end.wait(20)
        return self.make(order)

    def renewed(self, account: Account) -> FreshValues:
        record = make_record(f"new-{len(self.orders)}", at=self.clock())
        self.dogs.put_own_record(account, TOKEN, record)
        return FreshValues({TOKEN: record}, has_refreshed=True)

    clock: FakeClock


@pytest.fixture
def refreshes() -> Refreshes:
    made = Refreshes(FakeDogFileStore())
    made.clock = FakeClock()
    return made


@pytest.fixture
def values(refreshes: Refreshes) -> LiveValues:
    return LiveValues(refreshes.dogs, refreshes, refreshes.clock, time.monotonic, 8)


def put(refreshes: Refreshes, left_s: float, account: Account = SHOP) -> TokenRecord:
    record = make_record("old", at=refreshes.clock() - 7200 + left_s)
    refreshes.dogs.put_own_record(account, TOKEN, record)
    return record


def failed() -> FreshValues:
    entry = make_entry(AttemptResult.NO_ANSWER)
    return FreshValues({}, RefreshResult(SHOP.appid, TOKEN, entry, None))


def test_many_clients_without_a_value_share_one_refresh(refreshes: Refreshes, values: LiveValues) -> None:
    refreshes.may_end.clear()
    with ThreadPoolExecutor(30) as pool:
        waiting = [pool.submit(values.get, SHOP, TOKEN) for _ in range(30)]
        wait_until(lambda: len(refreshes.orders) == 1)
        time.sleep(0.1)
        refreshes.may_end.set()
        got = [future.result(5) for future in waiting]
    assert {record.value for record in got if isinstance(record, TokenRecord)} == {"new-1"}
    assert len(refreshes.orders) == 1


def test_a_value_that_is_due_is_given_at_once_while_its_refresh_runs(refreshes: Refreshes, values: LiveValues) -> None:
    old = put(refreshes, 200)
    refreshes.may_end.clear()
    assert values.get(SHOP, TOKEN) == old
    assert values.get(SHOP, TOKEN) == old
    refreshes.may_end.set()
    wait_until(lambda: getattr(values.get(SHOP, TOKEN), "value", "") == "new-1")
    assert len(refreshes.orders) == 1


def test_a_value_that_is_about_to_die_is_waited_for(refreshes: Refreshes, values: LiveValues) -> None:
    put(refreshes, 30)
    record = values.get(SHOP, TOKEN)
    assert isinstance(record, TokenRecord)
    assert record.value == "new-1"


def test_a_dying_value_is_given_if_no_other_can_be_had(refreshes: Refreshes, values: LiveValues) -> None:
    old = put(refreshes, 30)
    refreshes.make = lambda _: failed()
    assert values.get(SHOP, TOKEN) == old


def test_a_dying_value_is_given_before_the_client_gives_up(refreshes: Refreshes, values: LiveValues) -> None:
    old = put(refreshes, 30)
    refreshes.may_end.clear()
    started = time.monotonic()
    assert values.get(SHOP, TOKEN) == old
    assert 2 < time.monotonic() - started < 4.5
    refreshes.may_end.set()
    values.finish(5)


def test_a_failure_is_not_repeated_for_ten_seconds(refreshes: Refreshes) -> None:
    monotonic = FakeClock()
    values = LiveValues(refreshes.dogs, refreshes, refreshes.clock, monotonic, 8)
    refreshes.make = lambda _: failed()
    for _ in range(5):
        assert isinstance(values.get(SHOP, TOKEN), NoValue)
    assert len(refreshes.orders) == 1
    monotonic.advance(10.1)
    values.get(SHOP, TOKEN)
    assert len(refreshes.orders) == 2


def test_the_same_value_again_is_not_asked_for_each_time(refreshes: Refreshes) -> None:
    monotonic = FakeClock()
    values = LiveValues(refreshes.dogs, refreshes, refreshes.clock, monotonic, 8)
    old = put(refreshes, 200)
    refreshes.make = lambda _: FreshValues({TOKEN: old}, has_refreshed=True)
    for _ in range(20):
        assert values.get(SHOP, TOKEN) == old
        wait_until(lambda: not values._running)
    assert len(refreshes.orders) == 1
    monotonic.advance(30.1)
    values.get(SHOP, TOKEN)
    wait_until(lambda: len(refreshes.orders) == 2)


def test_no_pause_outlasts_the_value(refreshes: Refreshes) -> None:
    """As with a ticket, which WeChat gives again until it ends."""
    monotonic = FakeClock()
    values = LiveValues(refreshes.dogs, refreshes, refreshes.clock, monotonic, 8)
    old = put(refreshes, 200)

    def again(_: ValueRefresh) -> FreshValues:
        is_over = old.remaining_s(refreshes.clock()) <= 0
        return refreshes.renewed(SHOP) if is_over else FreshValues({TOKEN: old}, has_refreshed=True)

    refreshes.make = again
    for _ in range(210):
        assert isinstance(values.get(SHOP, TOKEN), TokenRecord)
        wait_until(lambda: not values._running)
        refreshes.clock.advance(1)
        monotonic.advance(1)
    assert len(refreshes.orders) < 40


def test_a_value_that_could_not_be_written_is_given_from_memory(refreshes: Refreshes, values: LiveValues) -> None:
    record = make_record("unwritten", at=refreshes.clock())
    entry = make_entry(AttemptResult.NOT_WRITTEN, calls=1)
    failure = RefreshResult(SHOP.appid, TOKEN, entry, record)
    refreshes.make = lambda _: FreshValues({TOKEN: record}, failure, ((TOKEN, record),))
    assert values.get(SHOP, TOKEN) == record
    assert values.get(SHOP, TOKEN) == record
    assert len(refreshes.orders) == 1


def test_a_mistake_in_a_refresh_leaves_nobody_waiting(
    refreshes: Refreshes, values: LiveValues, monkeypatch: pytest.MonkeyPatch
) -> None:
    reported: list[object] = []
    monkeypatch.setattr(threading, "excepthook", reported.append)

    def fail(_: ValueRefresh) -> FreshValues:
        raise RuntimeError("a mistake")

    refreshes.make = fail
    assert values.get(SHOP, TOKEN) == NoValue(None)
    wait_until(lambda: len(reported) == 1)


def test_a_system_without_threads_leaves_nobody_waiting(
    refreshes: Refreshes, values: LiveValues, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", fail)
        assert values.get(SHOP, TOKEN) == NoValue(None)
    assert values._running == {}
    put(refreshes, 3000)
    assert isinstance(values.get(SHOP, TOKEN), TokenRecord)


def test_the_end_waits_for_a_refresh_for_a_while(refreshes: Refreshes, values: LiveValues) -> None:
    put(refreshes, 200)
    refreshes.may_end.clear()
    values.get(SHOP, TOKEN)
    started = time.monotonic()
    values.finish(0.2)
    assert 0.15 < time.monotonic() - started < 2
    threading.Timer(0.1, refreshes.may_end.set).start()
    values.finish(5)
    assert values._running == {}


def test_an_account_whose_refresh_hangs_holds_up_only_some_of_its_clients(
    refreshes: Refreshes, values: LiveValues
) -> None:
    refreshes.may_end.clear()
    living = replace(OTHER, name="Living")
    put(refreshes, 3000, living)
    with ThreadPoolExecutor(20) as pool:
        waiting = [pool.submit(values.get, SHOP, TOKEN) for _ in range(20)]
        started = time.monotonic()
        wait_until(lambda: sum(future.done() for future in waiting) == 16, 5)
        assert 1.5 < time.monotonic() - started < 4
        assert [future.result() for future in waiting if future.done()] == [ServerBusy()] * 16
        before = time.monotonic()
        assert isinstance(values.get(living, TOKEN), TokenRecord)
        assert isinstance(values.get(SHOP, TOKEN), ServerBusy)
        assert time.monotonic() - before < 0.5
        refreshes.may_end.set()
        got = [future.result(5) for future in waiting]
    assert sum(isinstance(record, TokenRecord) for record in got) == 4
