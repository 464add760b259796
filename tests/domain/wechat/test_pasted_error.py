"""Every pasted reply and message is explained by the right entry of the catalogues."""

from typing import Any

import pytest

from guarddog_gui.domain.wechat.pasted_error import find_pasted_error, split_queries
from tests.domain.wechat.test_jssdk_errors import ERRORS
from tests.errcode_catalogue import CATALOGUE
from tests.pasted_cases import REPLIES


@pytest.mark.parametrize("case", REPLIES["cases"], ids=lambda case: case["text"][:60])
def test_a_pasted_text_is_explained(case: dict[str, Any]) -> None:
    pasted = find_pasted_error(case["text"], CATALOGUE, ERRORS)

    if "errcode" in case:
        assert pasted.errcode is not None
        assert pasted.errcode.code == case["errcode"]
    else:
        assert pasted.jssdk_error is not None
        assert case["message"] in (True, pasted.jssdk_error.message)


def test_an_unknown_errcode_is_kept_for_the_answer() -> None:
    pasted = find_pasted_error('{"errcode":12345678,"errmsg":"what"}', CATALOGUE, ERRORS)
    assert (pasted.errcode, pasted.jssdk_error, pasted.reply.errcode) == (None, None, 12345678)
    assert find_pasted_error("hello", CATALOGUE, ERRORS).reply.errcode is None


@pytest.mark.parametrize("text", ["took 40001 ms", "order id 40163 created", "port 80001 in use", "robot 93004"])
def test_a_bare_number_is_explained_as_one(text: str) -> None:
    pasted = find_pasted_error(text, CATALOGUE, ERRORS)
    assert pasted.reply.is_bare_number
    assert pasted.errcode is not None or pasted.listed
    assert pasted.jssdk_error is None


@pytest.mark.parametrize(
    ("text", "code"),
    [("40164 invalid ip", 40164), ("invalid ip 40001 ms", 40164), ("took 40001 ms: invalid credential", 40001)],
)
def test_a_known_message_counts_before_a_bare_number(text: str, code: int) -> None:
    pasted = find_pasted_error(text, CATALOGUE, ERRORS)
    assert pasted.errcode is not None
    assert pasted.errcode.code == code
    assert not pasted.reply.is_bare_number
    assert find_pasted_error("invalid signature after 40001 ms", CATALOGUE, ERRORS).jssdk_error is not None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("redirect_uri 参数错误", 10003),
        ("redirect_uri参数错误", 10003),
        ("redirect_uri域名与后台配置不一致，错误码:10003", 10003),
        ("Scope 参数错误或没有 Scope 权限", 10005),
        ("Scope参数错误或没有Scope权限", 10005),
    ],
)
def test_the_messages_of_the_authorisation_page_are_explained(text: str, code: int) -> None:
    pasted = find_pasted_error(text, CATALOGUE, ERRORS)
    assert pasted.errcode is not None
    assert pasted.errcode.code == code


@pytest.mark.parametrize("code", range(-40011, -40000))
@pytest.mark.parametrize("text", ["{}", "errcode: {}", "decrypt error {}", '{{"errcode":{}}}'])
def test_the_errcodes_of_message_encryption_are_explained(text: str, code: int) -> None:
    pasted = find_pasted_error(text.format(code), CATALOGUE, ERRORS)
    (entry,) = pasted.listed
    assert entry.code == code
    assert "WXBizMsgCrypt" in entry.fix("en")
    assert "WXBizMsgCrypt" in entry.fix("zh_CN")


def test_every_errmsg_of_the_catalogue_leads_to_its_errcode() -> None:
    for code in CATALOGUE.codes():
        known = CATALOGUE.find(code)
        assert known is not None
        for errmsg in known.errmsgs:
            assert CATALOGUE.find_by_errmsg(f"Error: {errmsg.upper()} rid: 1-2-3") == known


@pytest.mark.parametrize(
    ("arguments", "queries"),
    [
        (("40001", "40164"), ("40001", "40164")),
        (("40001,40164;-1",), ("40001", "40164", "-1")),
        (("40001、", "４０１６４"), ("40001", "４０１６４")),
        (("40001", "99999999"), ("40001", "99999999")),
        (("40001", "invalid signature"), ("40001", "invalid signature")),
        (('{"errcode":40001}', '{"errcode":40164}'), ('{"errcode":40001}', '{"errcode":40164}')),
        (("invalid", "signature"), ("invalid signature",)),
        (("40001", "rid:", "1-2-3"), ("40001 rid: 1-2-3",)),
        (("errcode", "40164"), ("errcode 40164",)),
        (("invalid credential", "and more of it"), ("invalid credential and more of it",)),
        ((" 40164 ",), ("40164",)),
        (("-",), ("-",)),
        (("",), ("",)),
    ],
)
def test_several_numbers_are_several_queries_and_words_are_one(
    arguments: tuple[str, ...], queries: tuple[str, ...]
) -> None:
    assert split_queries(arguments, CATALOGUE, ERRORS) == queries
