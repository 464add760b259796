"""The shared store in a real Redis, and its double in memory: the same rules for both."""

import json
import time

import pytest

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.sharing.problems import SharingProblem
from guarddog_gui.domain.sharing.settings import KeyFormat, KeyNames, Sharing, SharingRole, lock_key, value_key
from guarddog_gui.domain.sharing.values import (
    SharedReading,
    ShareResult,
    SharingFailure,
    ValueToShare,
    digest_of,
    make_record,
)
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.services.ports import SharedStore
from tests.fake_sharing import FakeSharedStore, InMemoryRedis
from tests.fakes import NOW, FakeClock
from tests.sharing.conftest import APPID, Computer
from tests.sharing.redis_server import RedisServer

TOKEN, TICKET = TokenKind.ACCESS_TOKEN, TokenKind.JSAPI_TICKET
OLD, NEW = "91_" + "o" * 60, "91_" + "n" * 60


class Shared:
    """A store and its accounts in both roles; the clock of the store's computer stands still."""

    def __init__(self, store: SharedStore, url: str = "unix:///nowhere") -> None:
        self.store = store
        self.leader = Account(APPID, "Shop", sharing=Sharing(SharingRole.LEADER, url))
        self.follower = Account(APPID, "Shop", sharing=Sharing(SharingRole.FOLLOWER, url))

    def reading(self, kind: TokenKind = TOKEN, *, account: Account | None = None) -> SharedReading:
        reading = self.store.read(account or self.leader, kind)
        assert isinstance(reading, SharedReading), reading
        return reading

    def write(
        self, value: str, life_s: int = 7200, *, age_s: float = 0.0, kind: TokenKind = TOKEN, seen_s: float = 0.0
    ) -> ShareResult | SharingFailure:
        """Write a value that WeChat was asked for `age_s` seconds ago."""
        ahead_s = self.reading().clock_ahead_s
        assert ahead_s is not None
        now = NOW + ahead_s
        to_share = ValueToShare(value, life_s, now - age_s, life_s - age_s, now - seen_s if seen_s else 0.0)
        return self.store.write(self.leader, kind, to_share)


@pytest.fixture(params=["real", "in memory"])
def shared(request: pytest.FixtureRequest) -> Shared:
    if request.param == "in memory":
        clock = FakeClock()
        return Shared(FakeSharedStore(InMemoryRedis(clock), clock))
    server: RedisServer = request.getfixturevalue("redis_server")
    return Shared(Computer(server.url).store, server.url)


def test_a_follower_reads_what_a_leader_wrote_with_the_rest_of_its_life(shared: Shared) -> None:
    assert shared.write(NEW, 7200, age_s=1200) is ShareResult.WRITTEN
    reading = shared.reading(account=shared.follower)
    assert reading.value is not None
    assert (reading.value.value, reading.value.life_s) == (NEW, 7200)
    assert 5990 < reading.value.left_s <= 6000
    record = make_record(reading, "", 0)
    assert record is not None
    assert 5990 < record.expires_at - NOW <= 6000  # by the local clock, although Redis has quite another one
    assert record.expires_in == 7200


def test_nothing_is_there_at_first(shared: Shared) -> None:
    assert shared.reading().value is None
    assert shared.reading(account=shared.follower).value is None


def test_the_value_that_ends_later_wins(shared: Shared) -> None:
    assert shared.write(NEW, 7200) is ShareResult.WRITTEN
    assert shared.write(OLD, 7200, age_s=7000) is ShareResult.SUPERSEDED
    value = shared.reading().value
    assert value is not None
    assert value.value == NEW
    assert shared.write(OLD, 7300) is ShareResult.WRITTEN


def test_the_same_value_is_not_written_again(shared: Shared) -> None:
    assert shared.write(NEW) is ShareResult.WRITTEN
    assert shared.write(NEW) is ShareResult.SAME
    assert shared.write(NEW, age_s=100) is ShareResult.SAME


def test_a_value_that_has_ended_is_not_written(shared: Shared) -> None:
    assert shared.write(OLD, 7200, age_s=7201) is ShareResult.ENDED
    assert shared.reading().value is None


def test_the_lock_has_one_owner_at_a_time(shared: Shared) -> None:
    assert shared.store.take_lock(shared.leader, "one") is True
    assert shared.store.take_lock(shared.leader, "other") is False
    shared.store.release_lock(shared.leader, "other")  # not the owner's to give back
    assert shared.store.take_lock(shared.leader, "other") is False
    shared.store.release_lock(shared.leader, "one")
    assert shared.store.take_lock(shared.leader, "other") is True


def test_a_lock_that_was_taken_by_a_command_without_an_answer_is_held(shared: Shared) -> None:
    assert shared.store.take_lock(shared.leader, "one") is True
    assert shared.store.take_lock(shared.leader, "one") is True


def test_the_age_of_a_ticket_outlives_its_value_and_stays_the_oldest(shared: Shared) -> None:
    shared.write(NEW, 60, kind=TICKET, seen_s=5000)
    shared.write(NEW, 90, kind=TICKET, seen_s=10)  # another leader saw it ten seconds ago
    sighting = shared.reading(TICKET).sighting
    assert sighting is not None
    assert sighting.digest == digest_of(NEW)
    assert 5000 <= sighting.seen_s < 5010
    assert sighting.answered_s < 10
    shared.write(OLD, 120, kind=TICKET, seen_s=1)
    sighting = shared.reading(TICKET).sighting
    assert sighting is not None
    assert (sighting.digest, sighting.seen_s < 10) == (digest_of(OLD), True)


def test_keys_of_other_programs_get_the_same_life(redis_server: RedisServer) -> None:
    formats = tuple(KeyNames(key_format, *_names(key_format)) for key_format in KeyFormat)
    shared = Shared(Computer(redis_server.url).store, redis_server.url)
    sharing = Sharing(SharingRole.LEADER, redis_server.url, "", formats)
    shared.leader = Account(APPID, "Shop", sharing=sharing)
    assert shared.write(NEW, 7200, age_s=200) is ShareResult.WRITTEN
    client, left_ms = redis_server.client(), redis_server.client().pttl(value_key(APPID, TOKEN))
    raw = NEW.encode()
    expected = {
        f"wechatpy:{APPID}_access_token": json.dumps(NEW).encode(),
        f"wx:access_token:{APPID}": raw,
        f"gowechat_officialaccount__access_token_{APPID}": raw,
        f"gowechat_officialaccount__stable_access_token_{APPID}": raw,
        "app:easywechat.token": f's:{len(NEW)}:"{NEW}";'.encode(),
        f"shop:{APPID}": raw,
    }
    for key, text in expected.items():
        assert client.get(key) == text
        assert abs(client.pttl(key) - left_ms) < 1000
    ends_at = int(client.get(f"wechatpy:{APPID}_access_token_expires_at"))
    assert abs(ends_at - (time.time() + 7000)) < 5
    client.delete(f"shop:{APPID}")
    assert shared.write(NEW, 7200, age_s=200) is ShareResult.SAME  # and what is missing is put back
    assert client.get(f"shop:{APPID}") == raw
    assert 6900_000 < client.pttl(f"shop:{APPID}") <= 7000_000


def _names(key_format: KeyFormat) -> tuple[str, ...]:
    return {KeyFormat.SYMFONY: ("app:easywechat.token",), KeyFormat.PLAIN: ("shop:{appid}",)}.get(key_format, ())


@pytest.mark.parametrize(
    ("key_format", "key", "text"),
    [
        (KeyFormat.WECHATPY, f"wechatpy:{APPID}_access_token", json.dumps(NEW)),
        (KeyFormat.WXJAVA, f"wx:access_token:{APPID}", NEW),
        (KeyFormat.SILENCEPER, f"gowechat_officialaccount__access_token_{APPID}", NEW),
        (KeyFormat.SILENCEPER, f"gowechat_officialaccount__access_token_{APPID}", json.dumps(NEW)),
        (KeyFormat.SILENCEPER, f"gowechat_officialaccount__stable_access_token_{APPID}", NEW),
        (KeyFormat.SYMFONY, "app:easywechat.token", f's:{len(NEW)}:"{NEW}";'),
        (KeyFormat.PLAIN, f"shop:{APPID}", NEW),
        (KeyFormat.PLAIN, f"shop:{APPID}", json.dumps({"access_token": NEW, "expires_in": 7200})),
    ],
)
def test_production_is_followed_by_its_own_keys(
    redis_server: RedisServer, key_format: KeyFormat, key: str, text: str
) -> None:
    redis_server.client().set(key, text, px=3_600_000)
    computer = Computer(redis_server.url)
    account = computer.account(SharingRole.FOLLOWER, KeyNames(key_format, *_names(key_format)))
    reading = computer.store.read(account, TOKEN)
    assert isinstance(reading, SharedReading)
    assert reading.value is not None
    assert (reading.value.value, reading.value.key) == (NEW, key)
    assert 3590 < reading.value.left_s <= 3600


def test_a_key_without_an_end_is_believed_for_five_minutes(redis_server: RedisServer) -> None:
    redis_server.client().set(f"shop:{APPID}", NEW)
    computer = Computer(redis_server.url)
    account = computer.account(SharingRole.FOLLOWER, KeyNames(KeyFormat.PLAIN, "shop:{appid}"))
    reading = computer.store.read(account, TOKEN)
    assert isinstance(reading, SharedReading)
    assert reading.value is not None
    assert (reading.value.left_s, reading.value.is_endless) == (300, True)


def test_wechatpy_says_in_another_key_when_a_ticket_ends(redis_server: RedisServer) -> None:
    computer = Computer(redis_server.url)
    redis_server.client().set(f"wechatpy:{APPID}_jsapi_ticket", json.dumps(NEW))
    redis_server.client().set(f"wechatpy:{APPID}_jsapi_ticket_expires_at", str(int(NOW) + 120))
    reading = computer.store.read(computer.account(SharingRole.FOLLOWER, KeyNames(KeyFormat.WECHATPY)), TICKET)
    assert isinstance(reading, SharedReading)
    assert reading.value is not None
    assert reading.value.left_s == 120


@pytest.mark.parametrize("content", ["", "not a token", '{"other": 1}', 's:3:"abcd";', "x" * 3000])
def test_a_key_that_holds_no_token_is_a_failure(redis_server: RedisServer, content: str) -> None:
    redis_server.client().set(f"shop:{APPID}", content)
    computer = Computer(redis_server.url)
    account = computer.account(SharingRole.FOLLOWER, KeyNames(KeyFormat.PLAIN, "shop:{appid}"))
    assert computer.store.read(account, TOKEN) == SharingFailure(SharingProblem.FOREIGN_KEY)


def test_a_key_of_another_type_is_a_failure(redis_server: RedisServer) -> None:
    redis_server.client().lpush(value_key(APPID, TOKEN), "x")
    redis_server.client().expire(value_key(APPID, TOKEN), 100)
    computer = Computer(redis_server.url)
    assert computer.store.read(computer.account(), TOKEN) == SharingFailure(SharingProblem.FOREIGN_KEY)


def test_the_lock_ends_by_itself(redis_server: RedisServer) -> None:
    computer = Computer(redis_server.url)
    assert computer.store.take_lock(computer.account(), "one") is True
    assert 14_000 < redis_server.client().pttl(lock_key(APPID)) <= 15_000
