"""Turns of a leader, and what it shares."""

from msgspec.structs import replace

from guarddog_gui.domain.refresh.retries import RetryState
from guarddog_gui.domain.sharing.settings import Sharing, SharingRole
from guarddog_gui.domain.sharing.values import ShareResult, digest_of
from guarddog_gui.domain.tokens.record import fingerprint
from guarddog_gui.services.sharing.leading import SharedLead, Turn
from guarddog_gui.services.sharing.status_log import SharingStatusLog
from tests.builders import SHOP, TICKET, TOKEN, make_record
from tests.fake_sharing import DOWN, FakeSharedStore, FakeSharingJournal, InMemoryRedis
from tests.fakes import NOW, FakeClock

ACCOUNT = replace(SHOP, sharing=Sharing(SharingRole.LEADER, "redis://h"))
VALUE = "91_" + "v" * 40


class Setup:
    """A leader, its clock, and a Redis whose clock is an hour ahead."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.redis = InMemoryRedis(lambda: self.clock() + 3600)
        self.lead = self.another()

    def another(self) -> SharedLead:
        lead = SharedLead(
            FakeSharedStore(self.redis, self.clock), SharingStatusLog(FakeSharingJournal(), self.clock), self.clock,
            self.clock.advance,
        )  # fmt: skip
        lead.start(ACCOUNT)
        return lead


def test_one_leader_has_the_turn_until_it_has_finished() -> None:
    setup = Setup()
    other = setup.another()
    assert [setup.lead.take_turn(), setup.lead.take_turn()] == [Turn.TAKEN, Turn.TAKEN]
    assert other.take_turn() is Turn.BUSY
    setup.lead.finish()
    assert other.take_turn() is Turn.TAKEN


def test_after_a_failure_redis_is_left_alone_for_the_rest_of_the_refresh() -> None:
    setup = Setup()
    setup.redis.failure = DOWN
    assert setup.lead.read(TOKEN) is None
    assert setup.lead.take_turn() is Turn.DOWN
    assert setup.lead.read(TICKET) is None
    assert (setup.redis.commands["read"], setup.redis.commands["lock"]) == (1, 0)


def test_a_stop_between_answer_and_write_does_not_lengthen_the_life() -> None:
    setup = Setup()
    setup.lead.read(TOKEN)
    record = make_record(VALUE)
    setup.clock.advance(60)  # stopped here
    assert setup.lead.share(TOKEN, record) is ShareResult.WRITTEN
    assert setup.redis.values[(SHOP.appid, TOKEN)].ends_at == NOW + 3600 + 7200


def test_a_value_is_shared_when_redis_is_back_within_the_refresh() -> None:
    setup = Setup()
    setup.redis.failure = DOWN
    setup.lead.read(TOKEN)
    assert setup.lead.share(TOKEN, make_record(VALUE)) is None
    setup.redis.failure = None
    assert setup.lead.share(TOKEN, make_record(VALUE)) is ShareResult.WRITTEN


def test_the_age_that_others_know_counts_if_it_is_larger_or_certain() -> None:
    setup = Setup()
    setup.redis.sightings[(SHOP.appid, TICKET)] = (digest_of(VALUE), NOW + 3600 - 5000, NOW + 3600 - 10, True)
    setup.lead.read(TICKET)
    state = setup.lead.with_shared_age(TICKET, RetryState(), VALUE)
    assert (state.observed_at, state.seen_at, state.last_fingerprint) == (NOW - 5000, NOW - 5000, fingerprint(VALUE))
    seen_here = RetryState(observed_at=NOW - 4990, seen_at=NOW - 4990, last_fingerprint=fingerprint(VALUE))
    assert setup.lead.with_shared_age(TICKET, seen_here, VALUE) == seen_here
    other = setup.lead.with_shared_age(TICKET, RetryState(), "another ticket")
    assert (other.last_answer_at, other.last_fingerprint != fingerprint("another ticket")) == (NOW - 10, True)


def test_without_a_session_nothing_is_sent() -> None:
    setup = Setup()
    setup.lead.finish()
    assert (setup.lead.read(TOKEN), setup.lead.take_turn()) == (None, Turn.DOWN)
    assert setup.lead.share(TOKEN, make_record(VALUE)) is None
    assert sum(setup.redis.commands.values()) == 0
