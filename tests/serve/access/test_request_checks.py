"""Host headers and origins."""

import pytest

from guarddog_gui.serve.access.request_checks import HostNames

NAMES = HostNames(("127.0.0.1", "localhost", "::1", "Tokens.example.cn"))


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "127.0.0.1:4364", "localhost", "LOCALHOST:80", "[::1]", "[::1]:4364", "tokens.example.cn:8443",
        "tokens.example.cn.", "localhost:",
    ],
)  # fmt: skip
def test_names_of_the_server(host: str) -> None:
    assert NAMES.refusal({"HTTP_HOST": host}) is None


@pytest.mark.parametrize(
    "host",
    [
        "", "evil.example", "evil.example:4364", "127.0.0.1.evil.example", "localhost.evil.example", "127.0.0.1, evil",
        "127.0.0.1 evil", "user@localhost", "localhost:80:80", "localhost:x", "[::1", "::1", "[::1]x", "[localhost]:x",
        "127.1", "0.0.0.0", "localhost:８０",
    ],
)  # fmt: skip
def test_other_names(host: str) -> None:
    assert NAMES.refusal({"HTTP_HOST": host}) == "host"
    assert NAMES.refusal({}) == "host"


@pytest.mark.parametrize(
    ("headers", "refusal"),
    [
        ({}, None),
        ({"HTTP_ORIGIN": "null"}, "origin"),
        ({"HTTP_ORIGIN": ""}, "origin"),
        ({"HTTP_ORIGIN": "http://localhost"}, "origin"),
        ({"HTTP_SEC_FETCH_SITE": "cross-site"}, "origin"),
        ({"HTTP_SEC_FETCH_SITE": "same-origin"}, "origin"),
        ({"HTTP_SEC_FETCH_SITE": "none"}, None),  # typed into the address bar
    ],
)
def test_requests_of_pages(headers: dict[str, str], refusal: str | None) -> None:
    assert NAMES.refusal({"HTTP_HOST": "localhost", **headers}) == refusal
