"""WeChat's other tokens are told apart from the ordinary access_token in every form in which they are pasted."""

import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guarddog_gui.domain.paste.config import read_config
from guarddog_gui.domain.paste.other_tokens import READ_MAX, find_other_token
from guarddog_gui.domain.paste.reply import read_reply
from guarddog_gui.domain.paste.ticket import read_ticket
from guarddog_gui.domain.problems import InputProblem
from tests.errcode_catalogue import CATALOGUE
from tests.pasted_cases import CONFIGS, GARBAGE, PIECES, REPLIES, TICKETS, load_cases

TOKENS = load_cases("pasted_tokens")
PROBLEMS = {
    "oauth": InputProblem.OAUTH_TOKEN,
    "component": InputProblem.COMPONENT_TOKEN,
    "authorizer": InputProblem.AUTHORIZER_TOKEN,
    "work": InputProblem.WORK_TOKEN,
    "session": InputProblem.SESSION_KEY,
}


def case_id(case: dict[str, Any]) -> str:
    return f"{case.get('token', '')} {case.get('form', '')}"


@pytest.mark.parametrize("case", TOKENS["cases"], ids=case_id)
def test_every_other_token_is_recognised_by_every_reader(case: dict[str, Any]) -> None:
    problem = PROBLEMS[case["token"]]
    assert find_other_token(case["text"]) is problem
    assert read_reply(case["text"], CATALOGUE).other_token is problem
    assert read_config(case["text"]).problem is problem
    assert read_ticket(case["text"]) == ""


def test_there_are_cases_of_every_kind() -> None:
    assert len(TOKENS["cases"]) >= 40
    assert {case["token"] for case in TOKENS["cases"]} == set(PROBLEMS)


@pytest.mark.parametrize("case", TOKENS["none"], ids=case_id)
def test_other_texts_have_no_other_token(case: dict[str, Any]) -> None:
    assert find_other_token(case["text"]) is None


@pytest.mark.parametrize("cases", [CONFIGS, REPLIES, TICKETS])
def test_no_config_reply_or_ticket_is_taken_for_another_token(cases: dict[str, Any]) -> None:
    for case in cases["cases"]:
        assert find_other_token(case.get("text") or case.get("config") or "") is None, case


@settings(deadline=None, max_examples=200)
@given(st.lists(st.sampled_from([*PIECES, "access_token", "refresh_token", "openid", "session_key"])).map("".join))
def test_any_text_is_read(text: str) -> None:
    find_other_token(text)


@pytest.mark.parametrize("piece", [*GARBAGE, "access_token", "access_token=", "a=b "])
def test_a_long_text_is_read_fast(piece: str) -> None:
    began = time.perf_counter()
    find_other_token("token " + piece * (READ_MAX // len(piece)))
    assert time.perf_counter() - began < 2
