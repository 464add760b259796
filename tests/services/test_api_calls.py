"""Calls with the live token: a refused one is renewed once, and the call repeated once."""

from dataclasses import dataclass, field

import pytest

from guarddog_gui.domain.api.answer import ApiReply
from guarddog_gui.domain.api.request import ApiRequest, check_request
from guarddog_gui.domain.refresh.history import AttemptResult, Trigger
from guarddog_gui.domain.tokens.record import TokenKind, fingerprint
from guarddog_gui.domain.wechat.protocol import FailureKind, Reply, TransportFailure
from guarddog_gui.services.api_calls import REFUSED_TOKEN_ERRCODES, ApiCaller, ApiOutcome
from guarddog_gui.services.calls.refresh_request import RefreshResult
from tests.api_fakes import FakeApiCallStore, FakeApiTransport, api_reply
from tests.builders import SHOP
from tests.fakes import error_reply, scripted_transport, token_reply
from tests.services.refresh_setup import RefreshSetup

TOKEN = TokenKind.ACCESS_TOKEN
OLD, NEW = "91_old" + "o" * 60, "91_new" + "n" * 60


def make_request(method: str = "GET", path: str = "cgi-bin/menu/get", **query: str) -> ApiRequest:
    request = check_request(method, path, tuple(query.items()))
    assert isinstance(request, ApiRequest)
    return request


def refused(errcode: int) -> ApiReply:
    return api_reply(errcode=errcode, errmsg=f"no {OLD} rid: 6566c1a8-2c4b1d0e-7f3a9b12")


@dataclass
class CallSetup(RefreshSetup):
    """An ApiCaller whose WeChat answers the calls as a script says, and the refresh as the base class does."""

    api: FakeApiTransport = field(default_factory=FakeApiTransport)
    store: FakeApiCallStore = field(default_factory=FakeApiCallStore)

    def call(self, request: ApiRequest | None = None) -> ApiOutcome:
        caller = ApiCaller(
            transport=self.api,
            refresher=self.refresher,
            dog_files=self.dogs,
            call_store=self.store,
            clock=self.clock,
            failures_since=lambda: 0.0,
        )
        return caller.call(SHOP, request or make_request())


def make_setup(*wechat: Reply | TransportFailure, api: tuple[ApiReply | TransportFailure, ...] = ()) -> CallSetup:
    setup = CallSetup(transport=scripted_transport(*wechat))
    setup.api.script = list(api)
    return setup


def test_a_call_has_the_live_token_and_asks_for_no_new_one() -> None:
    setup = make_setup(api=(api_reply(menu={}),))
    setup.holds(TOKEN, OLD)

    outcome = setup.call()

    assert outcome.is_success
    assert setup.api.tokens == [OLD]
    assert not outcome.has_refreshed


def test_without_a_live_token_one_is_fetched_first() -> None:
    setup = make_setup(token_reply(NEW), api=(api_reply(menu={}),))

    outcome = setup.call()

    assert setup.api.tokens == [NEW]
    assert outcome.has_refreshed


def test_without_any_token_nothing_is_called() -> None:
    setup = make_setup(error_reply(40125))

    outcome = setup.call()

    assert isinstance(outcome.failure, RefreshResult)
    assert outcome.failure.entry.errcode == 40125
    assert setup.api.sent == []
    assert setup.store.calls(SHOP.appid) == ()


@pytest.mark.parametrize("errcode", sorted(REFUSED_TOKEN_ERRCODES))
def test_a_refused_token_is_renewed_once_and_the_call_repeated_once(errcode: int) -> None:
    setup = make_setup(token_reply(NEW), api=(refused(errcode), api_reply(menu={})))
    setup.holds(TOKEN, OLD, age=600)

    outcome = setup.call()

    assert outcome.is_success
    assert outcome.is_repeated
    assert outcome.has_refreshed
    assert setup.api.tokens == [OLD, NEW]
    assert setup.value_on_disk(SHOP, TOKEN) == NEW


def test_a_second_refusal_is_the_answer() -> None:
    setup = make_setup(token_reply(NEW), api=(refused(40001), refused(40001)))
    setup.holds(TOKEN, OLD, age=600)

    outcome = setup.call()

    assert setup.api.tokens == [OLD, NEW]
    assert outcome.answer is not None
    assert outcome.answer.errcode == 40001


def test_if_wechat_gives_the_same_token_again_the_call_is_not_repeated() -> None:
    setup = make_setup(token_reply(OLD, 6000), api=(refused(40001),))
    setup.holds(TOKEN, OLD, age=600)

    outcome = setup.call()

    assert setup.api.tokens == [OLD]
    assert outcome.renewal is not None
    assert not outcome.is_repeated


def test_the_renewal_never_forces_a_token() -> None:
    setup = make_setup(token_reply(NEW), api=(refused(42001),))
    setup.holds(TOKEN, OLD, age=600)

    setup.call()

    (request,) = setup.transport.requests
    assert dict(request.body or ())["force_refresh"] is False


def test_a_renewal_that_fails_leaves_the_first_answer() -> None:
    setup = make_setup(error_reply(45009), api=(refused(40014),))
    setup.holds(TOKEN, OLD, age=600)

    outcome = setup.call()

    assert outcome.renewal is not None
    assert not outcome.renewal.is_success
    assert outcome.answer is not None
    assert outcome.answer.errcode == 40014
    assert len(setup.api.sent) == 1


@pytest.mark.parametrize("errcode", [-1, 40003, 40164, 45009, 42002, 40030, 48001])
def test_other_refusals_renew_nothing(errcode: int) -> None:
    setup = make_setup(api=(refused(errcode),))
    setup.holds(TOKEN, OLD)

    outcome = setup.call()

    assert outcome.renewal is None
    assert len(setup.api.sent) == 1


def test_everyone_who_reads_the_history_knows_that_the_refused_token_is_dead() -> None:
    setup = make_setup(token_reply(NEW), api=(refused(40001), api_reply()))
    setup.holds(TOKEN, OLD, age=600)

    setup.call()

    first = setup.history.entries[0]
    assert (first.result, first.fingerprint, first.trigger) == (
        AttemptResult.REFUSED, fingerprint(OLD), Trigger.USER
    )  # fmt: skip


def test_a_busy_account_leaves_the_answer_as_it_is() -> None:
    setup = make_setup(api=(refused(40001),))
    setup.holds(TOKEN, OLD)
    setup.lock.is_busy = True

    outcome = setup.call()

    assert outcome.renewal is None
    assert outcome.answer is not None
    assert outcome.answer.errcode == 40001


def test_a_failure_of_the_network_is_returned_and_logged() -> None:
    setup = make_setup(api=(TransportFailure(FailureKind.TIMEOUT),))
    setup.holds(TOKEN, OLD)

    outcome = setup.call()

    assert outcome.failure == TransportFailure(FailureKind.TIMEOUT)
    (call,) = setup.store.calls(SHOP.appid)
    assert (call.failure, call.status) == ("timeout", None)


def test_the_log_has_no_value_no_token_and_both_tries() -> None:
    setup = make_setup(token_reply(NEW), api=(refused(40001), api_reply(nickname="小花")))
    setup.holds(TOKEN, OLD, age=600)

    setup.call(make_request(openid="oPRIVATE"))

    second, first = setup.store.calls(SHOP.appid)
    assert (first.errcode, first.rid) == (40001, "6566c1a8-2c4b1d0e-7f3a9b12")
    assert (second.errcode, second.status, second.path) == (None, 200, "/cgi-bin/menu/get")
    stored = repr(setup.store.by_appid)
    for value in ("oPRIVATE", "小花", OLD, NEW):
        assert value not in stored


def test_no_token_is_in_the_texts_of_an_outcome() -> None:
    setup = make_setup(token_reply(NEW), api=(refused(40001), api_reply(url=f"?access_token={NEW}", old=OLD)))
    setup.holds(TOKEN, OLD, age=600)

    outcome = setup.call()

    assert outcome.answer is not None
    for text in (outcome.answer.text, outcome.answer.pretty, repr(outcome)):
        assert OLD not in text
        assert NEW not in text
