"""Answers are what their first bytes say, without the token."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guarddog_gui.domain.api.answer import PRETTY_MAX, ApiReply, Content, detect_content, read_answer
from guarddog_gui.domain.wechat.protocol import FailureKind, Refusal, TransportFailure
from tests.api_fakes import PNG, api_reply

TOKEN = "91_" + "tOkEn" * 20
PATH = "/cgi-bin/x"


def test_a_refusal_is_read_with_its_rid_and_ip() -> None:
    reply = api_reply(errcode=40164, errmsg="invalid ip 203.0.113.9, not in whitelist rid: 6566c1a8-2c4b1d0e-7f3a9b12")
    answer = read_answer(reply, PATH, (TOKEN,))
    assert isinstance(answer.refusal, Refusal)
    assert (answer.errcode, answer.rid, answer.refusal.ip) == (40164, "6566c1a8-2c4b1d0e-7f3a9b12", "203.0.113.9")


def test_a_success_with_or_without_errcode_is_no_refusal() -> None:
    for reply in (api_reply(errcode=0, errmsg="ok"), api_reply(menu={})):
        assert read_answer(reply, PATH, (TOKEN,)).refusal is None


def test_json_is_shown_pretty_with_its_numbers_as_they_came() -> None:
    body = '{"a":1.50,"b":12345678901234567890,"名":"花"}'.encode()
    answer = read_answer(ApiReply(200, body), PATH, ())
    assert answer.content is Content.JSON
    assert answer.text == body.decode()
    assert answer.pretty == '{\n  "a": 1.50,\n  "b": 12345678901234567890,\n  "名": "花"\n}'


def test_the_token_is_in_no_text_of_the_answer() -> None:
    answer = read_answer(api_reply(url=f"https://x/?access_token={TOKEN}", old="OLDTOKEN"), PATH, (TOKEN, "OLDTOKEN"))
    for text in (answer.text, answer.pretty, repr(answer)):
        assert TOKEN not in text
        assert "OLDTOKEN" not in text


def test_the_report_of_a_rid_loses_every_token_in_its_url() -> None:
    url = "https://api.weixin.qq.com/cgi-bin/x?access_token=92_another&b=1"
    answer = read_answer(api_reply(request={"request_url": url}), "/cgi-bin/openapi/rid/get", (TOKEN,))
    assert "92_another" not in answer.text
    assert "b=1" in answer.text


def test_the_ticket_of_a_qr_code_stays_readable() -> None:
    assert "gQH47joAAAAA" in read_answer(api_reply(ticket="gQH47joAAAAA"), PATH, (TOKEN,)).text


@pytest.mark.parametrize(
    ("body", "content"),
    [
        (b"", Content.EMPTY),
        (PNG, Content.PNG),
        (b"\xff\xd8\xff\xe0rest", Content.JPEG),
        (b"GIF89a...", Content.GIF),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", Content.WEBP),
        (b"BM\x00\x01\xff", Content.BMP),
        (b"BMW is text", Content.TEXT),
        (b"\x00\x00\x00\x20ftypisom", Content.MP4),
        (b"ID3\x03\x00", Content.MP3),
        (b"\xff\xfb\x90\x00", Content.MP3),
        (b"#!AMR\n", Content.AMR),
        (b"%PDF-1.7", Content.PDF),
        (b"PK\x03\x04", Content.ZIP),
        (b"\x00\x01\x02", Content.BINARY),
        (b"\xc3\x28 not utf-8", Content.BINARY),
        (b"<html>login</html>", Content.TEXT),
        (b"\xef\xbb\xbf{}", Content.JSON),
        (b'{"errcode":0}', Content.JSON),
        (b'{"errcode":', Content.TEXT),
    ],
)
def test_the_first_bytes_decide_what_an_answer_is(body: bytes, content: Content) -> None:
    assert detect_content(body) is content


def test_a_page_that_calls_itself_a_picture_is_text() -> None:
    answer = read_answer(ApiReply(200, b"<svg onload=alert(1)>"), PATH, ())
    assert answer.content is Content.TEXT
    assert not answer.content.is_picture


def test_a_file_keeps_its_bytes() -> None:
    answer = read_answer(ApiReply(200, PNG), PATH, (TOKEN,))
    assert (answer.data, answer.text, answer.size) == (PNG, "", len(PNG))
    assert answer.content.is_picture


@pytest.mark.parametrize("status", [301, 302, 307])
def test_a_redirect_is_a_failure(status: int) -> None:
    assert read_answer(ApiReply(status, b""), PATH, ()).refusal == TransportFailure(FailureKind.REDIRECTED, str(status))


def test_another_status_is_a_failure_unless_wechat_says_why() -> None:
    assert read_answer(ApiReply(502, b"<h1>502</h1>"), PATH, ()).refusal == TransportFailure(
        FailureKind.HTTP_STATUS, "502"
    )
    assert read_answer(api_reply(412, errcode=45009, errmsg="x"), PATH, ()).errcode == 45009


def test_a_large_text_is_not_made_pretty() -> None:
    body = b'["' + b"a" * PRETTY_MAX + b'"]'
    answer = read_answer(ApiReply(200, body), PATH, ())
    assert answer.pretty == answer.text


@given(st.binary())
def test_no_body_raises(body: bytes) -> None:
    answer = read_answer(ApiReply(200, body), PATH, (TOKEN,))
    assert answer.size == len(body)
