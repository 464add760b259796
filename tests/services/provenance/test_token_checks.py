"""A classic token is checked before it is handed out: another program may have ended it without a notice."""

import pytest
from msgspec.structs import replace

from guarddog_gui.domain.accounts.account import Endpoint
from guarddog_gui.domain.refresh.history import AttemptResult
from guarddog_gui.domain.tokens.own_copy import CHECK_RETRY_S, CHECK_SHARED_S, NEW_TOKEN_WORKS_S
from guarddog_gui.domain.wechat.protocol import Reply, TransportFailure
from guarddog_gui.services.fresh_values import FreshValues, get_fresh_values
from guarddog_gui.services.provenance.own_values import OwnValues
from tests.builders import SHOP, TOKEN
from tests.fakes import OFFLINE_FAILURE, error_reply, json_reply, token_reply
from tests.services.refresh_setup import RefreshSetup, make_setup

CLASSIC = replace(SHOP, endpoint=Endpoint.CLASSIC)
CHECK = "get_api_domain_ip"
ACCEPTED = json_reply(ip_list=["203.0.113.1"])


def ask(d: RefreshSetup) -> FreshValues:
    return get_fresh_values(
        CLASSIC, (TOKEN,), 0,
        dog_files=OwnValues(d.dogs, lambda: d.history, d.clock), clock=d.clock, make_refresher=lambda: d.refresher,
        respect_failures_since=0,
    )  # fmt: skip


def value(fresh: FreshValues) -> str | None:
    return fresh.records[TOKEN].value if TOKEN in fresh.records else None


def with_token(*replies: Reply | TransportFailure) -> RefreshSetup:
    """Return a setup in which Guard Dog has just got the token T1; `replies` are WeChat's next ones."""
    d = make_setup(token_reply("T1"), *replies)
    d.refresh(TOKEN, account=CLASSIC)
    d.transport.requests.clear()
    return d


def test_a_new_token_is_handed_out_without_a_check() -> None:
    d = with_token()
    d.clock.advance(NEW_TOKEN_WORKS_S - 1)
    assert value(ask(d)) == "T1"
    assert d.transport.endpoints == []


def test_then_it_is_checked_once_for_all_who_ask_at_the_same_time() -> None:
    d = with_token(ACCEPTED, ACCEPTED)
    d.clock.advance(NEW_TOKEN_WORKS_S)
    checked = [ask(d) for _ in range(5)]
    assert {value(fresh) for fresh in checked} == {"T1"}
    assert not any(fresh.has_refreshed or fresh.failure for fresh in checked)
    assert d.transport.endpoints == [CHECK]
    d.clock.advance(CHECK_SHARED_S)
    ask(d)
    assert d.transport.endpoints == [CHECK, CHECK]


def test_a_token_that_another_program_ended_is_replaced_before_anyone_gets_it() -> None:
    d = with_token(error_reply(40001), token_reply("T2"))
    d.clock.advance(1000)
    fresh = ask(d)
    assert value(fresh) == "T2"
    assert fresh.has_refreshed
    assert d.transport.endpoints == [CHECK, "token"]
    assert [result for _, result in d.results][-2:] == [AttemptResult.REFUSED, AttemptResult.NEW]
    assert value(ask(d)) == "T2"


def test_a_refused_token_is_not_handed_out_if_there_is_no_other() -> None:
    d = with_token(error_reply(42001), error_reply(45009))
    d.clock.advance(1000)
    fresh = ask(d)
    assert value(fresh) is None
    assert fresh.failure is not None
    assert fresh.failure.entry.errcode == 45009


@pytest.mark.parametrize("answer", [OFFLINE_FAILURE, error_reply(45009), error_reply(-1), json_reply(other=1)])
def test_without_an_answer_about_the_token_it_is_handed_out_and_checked_soon(answer: Reply | TransportFailure) -> None:
    d = with_token(answer, error_reply(40001), token_reply("T2"))
    d.clock.advance(1000)
    assert [value(ask(d)), value(ask(d))] == ["T1", "T1"]
    assert d.transport.endpoints == [CHECK]
    d.clock.advance(CHECK_RETRY_S)
    assert value(ask(d)) == "T2"


def test_a_clock_that_was_set_back_does_not_put_off_the_check() -> None:
    d = with_token(ACCEPTED, ACCEPTED)
    d.clock.advance(3000)
    ask(d)
    d.clock.advance(-1000)
    ask(d)
    assert d.transport.endpoints == [CHECK, CHECK]


def test_a_stable_token_needs_no_check() -> None:
    d = make_setup(token_reply("T1"))
    d.refresh(TOKEN)
    d.clock.advance(3000)
    fresh = get_fresh_values(SHOP, (TOKEN,), 0, dog_files=d.dogs, clock=d.clock, make_refresher=lambda: d.refresher)
    assert value(fresh) == "T1"
    assert d.transport.endpoints == ["stable_token"]


def test_the_check_changes_no_file_that_other_programs_read() -> None:
    d = with_token(ACCEPTED)
    stamp, files = d.dogs.stamp(CLASSIC, TOKEN), dict(d.dogs.files)
    d.clock.advance(1000)
    ask(d)
    assert (d.dogs.stamp(CLASSIC, TOKEN), d.dogs.files) == (stamp, files)
