"""Replies of WeChat are read from any wrapping, with IP address, rid and hint."""

import json
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guarddog_gui.domain.paste.pasted_reply import PastedReply
from guarddog_gui.domain.paste.reply import read_reply
from tests.errcode_catalogue import CATALOGUE
from tests.pasted_cases import GARBAGE, PIECES, REPLIES

RID = "64f0a1b2-0123abcd-4567ef01"


@pytest.mark.parametrize(
    "case", [case for case in REPLIES["cases"] if "rid:" in case["text"]], ids=lambda c: c["text"][:60]
)
def test_the_rid_is_read_from_every_reply_that_has_one(case: dict[str, Any]) -> None:
    read = read_reply(case["text"], CATALOGUE)
    assert read.rid
    assert f"rid: {read.rid}" in case["text"]


@pytest.mark.parametrize(
    "case",
    [case for case in REPLIES["cases"] if {"ip", "rid", "hint", "real_auth_urls"} & set(case)],
    ids=lambda c: c["text"][:60],
)
def test_what_stands_beside_the_errcode_is_read(case: dict[str, Any]) -> None:
    read = read_reply(case["text"], CATALOGUE)
    for name in ("ip", "rid", "hint"):
        if name in case:
            assert getattr(read, name) == case[name]
    assert list(read.real_auth_urls) == case.get("real_auth_urls", [])


@pytest.mark.parametrize(
    ("text", "errcode"),
    [
        ("40164", 40164),
        (" -1 ", -1),
        ("４０１６４", 40164),
        ('{"errcode":99999999,"errmsg":"new"}', 99999999),
        ('{"errcode":40001.0}', 40001),
        ('{"errCode":"40001"}', 40001),
        ('{"base_resp":{"ret":-1,"err_msg":"system error"}}', -1),
        ('{"code":-1,"message":"the site"}', None),
        ('{"code":500,"timestamp":1795411200}', None),
        ('{"code":0,"errcode":0,"result":{"errcode":40013}}', 40013),
        ('{"errcode":0,"errmsg":"ok","ticket":"40001"}', 0),
        ("HTTP/1.1 412 Precondition Failed", None),
        ("at line 40164x, port 127.0.0.1:8080", None),
        ("", None),
        (json.dumps({"data": json.dumps({"errcode": 40013})}), 40013),
    ],
)
def test_the_errcode_is_that_of_wechat(text: str, errcode: int | None) -> None:
    assert read_reply(text, CATALOGUE).errcode == errcode


LOG = """
12:00:01 token {"errcode":40164,"errmsg":"invalid ip 1.2.3.4"}
12:00:09 send {"errcode":45009,"errmsg":"reach max api daily quota limit"}
12:00:11 send {"errcode":0,"errmsg":"ok"}
12:00:12 send {"code":500} {"errcode":99999999} {"errcode":40164}
"""


def test_a_log_has_each_other_known_errcode_once() -> None:
    read = read_reply(LOG + '{"errcode":45009} {"data":"{\\"errcode\\":40001}"}', CATALOGUE)
    assert (read.errcode, read.other_errcodes) == (40164, (45009, 40001))


@pytest.mark.parametrize("text", ["40164", '{"errcode":40013}', '{"code":40013,"errcode":40013,"errmsg":"40164"}'])
def test_a_reply_has_no_other_errcodes(text: str) -> None:
    assert read_reply(text, CATALOGUE).other_errcodes == ()


def test_a_message_of_the_js_sdk_is_told_from_an_errmsg() -> None:
    assert read_reply("config:fail", CATALOGUE).is_jssdk
    assert not read_reply("message: invalid ip", CATALOGUE).is_jssdk
    assert not read_reply("errmsg:invalid appid", CATALOGUE).is_jssdk


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(), st.lists(st.sampled_from(PIECES), max_size=60).map("".join)))
def test_any_text_can_be_read(text: str) -> None:
    assert isinstance(read_reply(text, CATALOGUE), PastedReply)


@pytest.mark.parametrize("piece", GARBAGE)
def test_a_megabyte_of_garbage_takes_less_than_a_second(piece: str) -> None:
    text = "errcode: " + piece * (2**20 // len(piece))
    started = time.process_time()

    read_reply(text, CATALOGUE)

    assert time.process_time() - started < 1.0
