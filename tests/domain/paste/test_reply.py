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


OK_LINE = 'INFO … resp {"errcode":0,"errmsg":"ok"} took 45 ms\n'
REFUSALS = """\
ERROR [nio-8080-exec-1] TokenService : {"errcode":40164,"errmsg":"invalid ip 1.2.3.4, not in whitelist rid: aaaa-1"}
	at c.e.wx.TokenService.get(TokenService.java:388)
ERROR [nio-8080-exec-1] TokenService : {"errcode":40001,"errmsg":"invalid credential rid: bbbb-2"}
ERROR [nio-8080-exec-1] TokenService : {"errcode":45009,"errmsg":"reach max api daily quota limit rid: cccc-3"}
"""


@pytest.mark.parametrize("count", [0, 100, 600, 1000, 1300, 3000])
def test_refusals_are_read_however_many_successes_come_before(count: int) -> None:
    read = read_reply(OK_LINE * count + REFUSALS + OK_LINE * count, CATALOGUE)
    assert (read.errcode, read.other_errcodes) == (40164, (40001, 45009))
    assert (read.ip, read.rid) == ("1.2.3.4", "aaaa-1")


def test_refusals_far_apart_are_all_read() -> None:
    text = "x\n".join(OK_LINE * 2000 + line for line in REFUSALS.splitlines(keepends=True))
    read = read_reply(text, CATALOGUE)
    assert (read.errcode, read.other_errcodes) == (40164, (40001, 45009))


@pytest.mark.parametrize(
    "refusal",
    [
        "<errcode>40164</errcode>",
        "errcode%3D40164%26errmsg%3Dinvalid%20ip",
        '{"msg":"{\\"errcode\\":40164,\\"errmsg\\":\\"invalid ip\\"}"}',
        "{&quot;errcode&quot;:40164}",
        "错误代码：40164, 错误信息：invalid ip",
        "&{ErrCode:40164 ErrMsg:invalid ip}",
        '["errcode"]=>\n  int(40164)',
        '{"base_resp":{"ret":40164}}',
        "WeChatAPIError: 40164: invalid ip",
        "{ name: 'WeChatAPIError', code: 40164 }",
    ],
)
def test_a_refusal_in_any_wrapping_is_read_after_many_successes(refusal: str) -> None:
    assert read_reply(OK_LINE * 3000 + refusal + "\n", CATALOGUE).errcode == 40164


def test_a_megabyte_of_a_log_takes_less_than_a_second() -> None:
    text = OK_LINE * (2**20 // len(OK_LINE)) + REFUSALS
    started = time.process_time()

    read = read_reply(text, CATALOGUE, CATALOGUE.lists)

    assert time.process_time() - started < 1.0
    assert (read.errcode, read.other_errcodes) == (40164, (40001, 45009))


def test_an_errcode_of_the_lists_is_one_of_the_others_if_it_is_named() -> None:
    text = '{"errcode":40164} {"errcode":93004} {"errcode":99999999} took 93000 ms'
    assert read_reply(text, CATALOGUE, CATALOGUE.lists).other_errcodes == (93004,)
    assert read_reply(text, CATALOGUE).other_errcodes == ()


# facts of one reply


@pytest.mark.parametrize(
    ("text", "errcode", "ip", "rid"),
    [
        (
            ('{"errcode":40001,"errmsg":"invalid credential"}\n'
            '{"errcode":40164,"errmsg":"invalid ip 1.2.3.4 rid: bbbb-2222"}'),
            40001, "", "",
        ),
        (
            ('{"errcode":12345678,"errmsg":"x rid: aaaa-1111"}\n'
            '{"errcode":40164,"errmsg":"invalid ip 1.2.3.4 rid: bbbb-2222"}'),
            40164, "1.2.3.4", "bbbb-2222",
        ),
        ('{"errcode":40001} {"errcode":40164,"errmsg":"invalid ip 1.2.3.4 rid: b-2"}', 40001, "", ""),
        ('[{"errcode":40001},{"errcode":40164,"errmsg":"invalid ip 1.2.3.4 rid: b-2"}]', 40001, "", ""),
        ('{"errcode":0,"list":[{"errcode":40001,"errmsg":"rid: a-1"},{"errcode":40164}]}', 40001, "", "a-1"),
        ('{"errcode":40001,"cause":{"errcode":40164,"errmsg":"invalid ip 1.2.3.4 rid: b-2"}}', 40001, "", ""),
        ('{"errcode":40001} rid: a-1\nrid: b-2 {"errcode":40164}', 40001, "", "a-1"),
        ('rid: a-1 {"errcode":40001}\nrid: b-2 {"errcode":40164}', 40001, "", "a-1"),
        ('{"errcode":99999999} rid: a-1\nrid: b-2 {"errcode":40001}', 40001, "", "b-2"),
        ('{"errcode":40001}\nrid: a-1\n{"errcode":40164}\nrid: b-2', 40001, "", "a-1"),
        ("errcode=40001, errmsg=x\nerrcode=40164, errmsg=invalid ip 1.2.3.4 rid: b-2", 40001, "", ""),
        ("Error: 40001: x\nError: 40164: invalid ip 1.2.3.4 rid: b-2", 40001, "", ""),
        ('{"errcode":40164}\n{"errcode":40164,"errmsg":"invalid ip 1.2.3.4 rid: b-2"}', 40164, "", ""),
        ("time\terrcode\terrmsg\n10:01\t40001\tx\n10:02\t40164\tinvalid ip 1.2.3.4 rid: b-2", 40001, "", ""),
        ("took 40001 ms\ninvalid ip 1.2.3.4 rid: b-2", 40001, "1.2.3.4", "b-2"),
        ('{"errmsg":"invalid ip 1.2.3.4 rid: a-1","errcode":40164}', 40164, "1.2.3.4", "a-1"),
        ('invalid ip 1.2.3.4 rid: a-1\n{"errcode":40164}', 40164, "1.2.3.4", "a-1"),
        ('{"errcode":40164,"errmsg":"invalid ip 1.2.3.4"}\nrid: a-1', 40164, "1.2.3.4", "a-1"),
        ('{"rid":"a-1","reply":{"errcode":40164}}', 40164, "", "a-1"),
        ('{"code":0,"errcode":0,"rid":"a-1","reply":{"errcode":40164}}', 40164, "", "a-1"),
    ],
)  # fmt: skip
def test_only_the_facts_of_the_same_reply_are_read(text: str, errcode: int, ip: str, rid: str) -> None:
    read = read_reply(text, CATALOGUE)
    assert (read.errcode, read.ip, read.rid) == (errcode, ip, rid)


# numbers that are no errcodes


@pytest.mark.parametrize(
    "text",
    [
        '1.2.3.4 - - [29/Nov/2026] "GET /p/40001 HTTP/1.1" 502 40163 "-"',
        "took 40001 ms",
        "order id 40163 created",
        "port 43004 in use",
        "40001 requests in 3 s",
        "返回 40001 条记录",
        "失败重试用了 40001 毫秒",
        "error: took 40001 ms",
    ],
)
def test_a_number_that_nothing_calls_an_errcode_is_a_bare_one(text: str) -> None:
    read = read_reply(text, CATALOGUE)
    assert read.is_bare_number
    assert read.errcode in CATALOGUE


@pytest.mark.parametrize(
    "text",
    [
        *("40001", "errcode 40001", "error 40001", "错误码 40001", "错误码40001", "返回 40001", "返回了40001", "报错 40001"),
        *("[40001] invalid credential", "40001: invalid credential", "40001错误怎么解决", "40001 是什么意思", "error: 40001"),
        *("OfficialAPIError: 40001: x", "got a 40001 error", "send failed with 40001 again", "code=40001", "took 9 ms, error 40001"),
        '{"errcode":40001}',
    ],
)  # fmt: skip
def test_a_number_that_the_text_calls_an_errcode_is_none(text: str) -> None:
    read = read_reply(text, CATALOGUE)
    assert (read.errcode, read.is_bare_number) == (40001, False)


def test_an_error_with_a_number_counts_before_a_success() -> None:
    assert read_reply(OK_LINE + "WeChatAPIError: 40001: invalid credential", CATALOGUE).errcode == 40001
    assert read_reply(OK_LINE + "took 40001 ms", CATALOGUE).errcode == 0


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
