"""Forms with files, as HTTP libraries send them."""

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from guarddog_gui.sandbox.common_calls.multipart import FormPart, parse_form


def prepared(content: bytes, name: str = "cat.png") -> requests.PreparedRequest:
    files = {"media": (name, content, "image/png")}
    return requests.Request("POST", "http://127.0.0.1/", files=files, data={"description": "d"}).prepare()


@pytest.mark.parametrize("content", [b"", b"plain", b"\r\n--x\r\n", b"\0\xff\r\n\r\n", b"a" * 100_000])
def test_a_form_of_requests_is_read_with_its_bytes(content: bytes) -> None:
    request = prepared(content)
    assert isinstance(request.body, bytes)
    parts = {part.name: part for part in parse_form(request.headers["Content-Type"], request.body)}
    assert parts["media"] == FormPart("media", "cat.png", "image/png", content)
    assert parts["description"].content == b"d"


@pytest.mark.parametrize("content_type", ["", "application/json", "multipart/form-data", "multipart/mixed; boundary=x"])
def test_anything_else_is_no_form(content_type: str) -> None:
    assert parse_form(content_type, b"--x\r\n\r\n") == ()


@given(st.binary(), st.text(max_size=30))
def test_no_body_raises(body: bytes, boundary: str) -> None:
    parse_form(f"multipart/form-data; boundary={boundary}", body)
    parse_form("multipart/form-data; boundary=x", b"--x\r\n" + body)
