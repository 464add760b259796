"""Messages of the API console, in both languages."""

import pytest

from guarddog_gui.adapters.message_catalogs import load_message_catalog
from guarddog_gui.domain.accounts.account import Account, Platform
from guarddog_gui.domain.api.answer import ApiAnswer, ApiReply, Content, read_answer
from guarddog_gui.domain.api.request import ApiProblem, ApiRequest, Method, RefusedInput
from guarddog_gui.domain.wechat.protocol import FailureKind, TransportFailure
from guarddog_gui.services.api_calls import ApiOutcome
from guarddog_gui.services.messages.message import Messages
from guarddog_gui.services.messages.wechat.api_calls import content_name, for_outcome, for_refused_input, format_size
from tests.api_fakes import PNG, api_reply
from tests.errcode_catalogue import CATALOGUE

SHOP = Account("wx00000000000000a1", "Shop")
REQUEST = ApiRequest(Method.GET, "/cgi-bin/menu/get")


@pytest.fixture(params=["en", "zh_CN"])
def messages(request: pytest.FixtureRequest) -> Messages:
    return Messages(load_message_catalog(request.param), CATALOGUE, str)


def outcome_of(reply: ApiReply) -> ApiOutcome:
    return ApiOutcome(REQUEST, read_answer(reply, REQUEST.path, ()))


@pytest.mark.parametrize("problem", ApiProblem)
def test_every_problem_says_what_is_wrong_and_what_to_do(problem: ApiProblem, messages: Messages) -> None:
    message = for_refused_input(RefusedInput(problem), messages)
    assert message.summary
    assert message.advice


def test_the_place_of_a_mistake_is_named(messages: Messages) -> None:
    message = for_refused_input(RefusedInput(ApiProblem.BODY_NOT_JSON, "2:7"), messages)
    assert "2" in message.code
    assert "7" in message.code
    assert "3" in for_refused_input(RefusedInput(ApiProblem.INVALID_QUERY, "3"), messages).code


def test_a_success_needs_no_words(messages: Messages) -> None:
    assert for_outcome(outcome_of(api_reply(menu={})), SHOP, messages).text == ""


def test_a_refusal_has_its_fix_and_the_ip_that_wechat_saw(messages: Messages) -> None:
    reply = api_reply(errcode=40164, errmsg="invalid ip 203.0.113.9, not in whitelist rid: 1-2-3")
    message = for_outcome(outcome_of(reply), SHOP, messages)
    assert "203.0.113.9" in message.summary
    assert message.advice
    assert "40164" in message.code


def test_the_fix_is_for_the_platform_of_the_account(messages: Messages) -> None:
    reply = api_reply(errcode=40164, errmsg="invalid ip 203.0.113.9, not in whitelist")
    mini = Account("wx00000000000000c3", "Mini", Platform.MINI_PROGRAM)
    fixes = {for_outcome(outcome_of(reply), account, messages).advice for account in (SHOP, mini)}
    assert len(fixes) == 2


@pytest.mark.parametrize("kind", FailureKind)
def test_every_failure_of_the_connection_is_explained(kind: FailureKind, messages: Messages) -> None:
    assert for_outcome(ApiOutcome(REQUEST, failure=TransportFailure(kind)), SHOP, messages).text


def test_a_redirect_and_a_broken_gateway_are_explained(messages: Messages) -> None:
    for reply in (ApiReply(302, b""), ApiReply(502, b"<h1>Bad gateway</h1>")):
        assert for_outcome(outcome_of(reply), SHOP, messages).text


@pytest.mark.parametrize("content", Content)
def test_every_kind_of_answer_has_a_name(content: Content, messages: Messages) -> None:
    assert content_name(ApiAnswer(200, content, 1), messages)


@pytest.mark.parametrize(
    ("size", "text"), [(0, "0 B"), (len(PNG), f"{len(PNG)} B"), (2048, "2.0 KB"), (3 << 20, "3.0 MB")]
)
def test_sizes_are_short(size: int, text: str) -> None:
    assert format_size(size) == text
