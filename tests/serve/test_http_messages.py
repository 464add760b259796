"""Requests out of a WSGI environment."""

import io
from typing import Any

import pytest

from guarddog_gui.serve.http_messages import Answer, BadRequest, parse_request


def environ(**changes: Any) -> dict[str, Any]:
    return {
        "REQUEST_METHOD": "GET", "PATH_INFO": "/p", "QUERY_STRING": "a=2&b=%E4%BD%A0", "REMOTE_ADDR": "192.0.2.1",
        "wsgi.input": io.BytesIO(b'{"c": 3}'),
    } | changes  # fmt: skip


def test_query_and_body() -> None:
    request = parse_request(environ())
    assert (request.query, request.parse_body()) == ({"a": "2", "b": "你"}, {"c": 3})


@pytest.mark.parametrize(
    ("header", "key"),
    [("Bearer abc", "abc"), ("bearer  abc ", "abc"), ("Basic abc", ""), ("Bearer", ""), ("", ""), ("Bearerabc", "")],
)
def test_the_key_of_the_authorization_header(header: str, key: str) -> None:
    assert parse_request(environ(HTTP_AUTHORIZATION=header)).bearer_key == key


@pytest.mark.parametrize("query", ["&".join(f"a{n}" for n in range(100)), "a=1&a=2", "url=a&b=1&url=b"])
def test_too_many_fields_and_a_field_that_is_given_twice(query: str) -> None:
    with pytest.raises(BadRequest):
        parse_request(environ(QUERY_STRING=query))


def test_no_value_is_in_a_repr() -> None:
    request = parse_request(environ(QUERY_STRING="secret=hidden", HTTP_AUTHORIZATION="Bearer hidden"))
    answer = Answer({"access_token": "hidden"}, text="hidden")
    assert "hidden" not in repr(request) + repr(answer)


def test_a_body_is_ascii() -> None:
    assert Answer({"a": "你\u2028"}).body == b'{"a":"\\u4f60\\u2028"}'
