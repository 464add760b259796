"""The controller and shared accounts: what it takes over, what it asks for, and what it tells."""

from msgspec.structs import replace
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.refresh.history import AttemptResult
from guarddog_gui.domain.refresh.status import KeyState
from guarddog_gui.domain.sharing.problems import SharingProblem
from guarddog_gui.domain.sharing.settings import Sharing, SharingRole
from tests.fake_sharing import DOWN, StoredValue
from tests.runtime.harness import SHOP, TICKET, TOKEN, RuntimeHarness, runtime_harness, started

URL = "redis://redis.example.com"
LEADER = replace(SHOP, sharing=Sharing(SharingRole.LEADER, URL))
FOLLOWER = replace(SHOP, sharing=Sharing(SharingRole.FOLLOWER, URL))
VALUE, OTHER = "91_" + "a" * 60, "91_" + "b" * 60


def put_shared(harness: RuntimeHarness, value: str, left_s: float = 7200) -> None:
    for kind in (TOKEN, TICKET):
        stored = StoredValue(f"{value}{kind}", 7200, harness.clock() + left_s, "laptop")
        harness.redis.values[(SHOP.appid, kind)] = stored


def changed(harness: RuntimeHarness, qtbot: QtBot) -> None:
    harness.controller.on_shared_changed(SHOP.appid)
    harness.wait_until_idle(qtbot)


def test_a_follower_starts_without_a_request_and_tells_who_leads(qtbot: QtBot) -> None:
    with runtime_harness(FOLLOWER) as harness:
        put_shared(harness, VALUE)
        started(harness, qtbot)
        assert harness.transport.endpoints == []
        assert harness.secrets.lookup_count == 0
        assert harness.value(FOLLOWER, TOKEN) == f"{VALUE}{TOKEN}"
        (status,) = harness.controller.overview().accounts
        assert status.state is KeyState.FRESH
        assert status.sharing is not None
        assert (status.sharing.leader, status.sharing.problem) == ("laptop", None)


def test_a_change_in_redis_is_taken_over_and_told(qtbot: QtBot) -> None:
    with runtime_harness(FOLLOWER) as harness:
        put_shared(harness, VALUE, 600)
        started(harness, qtbot)
        put_shared(harness, OTHER)
        harness.refresh_results.clear()
        changed(harness, qtbot)
        assert harness.value(FOLLOWER, TOKEN) == f"{OTHER}{TOKEN}"
        assert [result.entry.result for result in harness.refresh_results] == [AttemptResult.SHARED] * 2
        harness.refresh_results.clear()
        changed(harness, qtbot)  # nothing new is nothing to tell
        assert harness.refresh_results == []


def test_a_follower_is_not_due_before_the_end_and_recovers_by_itself(qtbot: QtBot) -> None:
    with runtime_harness(FOLLOWER) as harness:
        put_shared(harness, VALUE, 600)
        started(harness, qtbot)
        status = harness.key_status(FOLLOWER, TOKEN)
        assert status.next_attempt_at is not None
        assert round(status.next_attempt_at - harness.clock()) == 600
        harness.clock.advance(601)
        harness.controller.tick()
        harness.wait_until_idle(qtbot)
        assert harness.key_status(FOLLOWER, TOKEN).state is KeyState.FAILED
        assert harness.controller.overview().accounts[0].sharing is not None
        put_shared(harness, OTHER)
        changed(harness, qtbot)
        assert harness.key_status(FOLLOWER, TOKEN).state is KeyState.FRESH
        assert harness.transport.endpoints == []


def test_a_leader_shares_what_it_fetches_and_tells_that_redis_is_down(qtbot: QtBot) -> None:
    with runtime_harness(LEADER) as harness:
        started(harness, qtbot)
        assert harness.redis.values[(SHOP.appid, TOKEN)].value == harness.value(LEADER, TOKEN)
        harness.redis.failure = DOWN
        changed(harness, qtbot)
        (status,) = harness.controller.overview().accounts
        assert status.sharing is not None
        assert status.sharing.problem is SharingProblem.UNREACHABLE
        assert status.state is KeyState.FRESH  # the values work
        harness.redis.failure = None
        harness.redis.wipe()
        changed(harness, qtbot)
        assert harness.redis.values[(SHOP.appid, TOKEN)].value == harness.value(LEADER, TOKEN)
        (status,) = harness.controller.overview().accounts
        assert status.sharing is not None
        assert status.sharing.problem is None


def test_an_account_that_is_not_shared_is_left_alone(qtbot: QtBot) -> None:
    with runtime_harness(SHOP) as harness:
        started(harness, qtbot)
        changed(harness, qtbot)
        assert sum(harness.redis.commands.values()) == 0
        assert harness.controller.overview().accounts[0].sharing is None
