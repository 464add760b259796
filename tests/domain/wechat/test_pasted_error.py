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
