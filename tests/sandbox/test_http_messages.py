"""Host headers of requests to the sandbox, and its responses."""

import pytest

from guarddog_gui.sandbox.http_messages import HttpResponse, is_loopback_host


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:8000", "localhost", "LocalHost:1"])
def test_this_machine_is_recognised(host: str) -> None:
    assert is_loopback_host(host)


@pytest.mark.parametrize(
    "host", ["", "evil.example", "localhost.evil.example:80", "127.0.0.1.evil.example", "evil.example:127.0.0.1", ":"]
)
def test_a_domain_that_was_made_to_resolve_to_this_machine_is_not(host: str) -> None:
    assert not is_loopback_host(host)


def test_the_token_in_a_body_is_not_in_a_repr() -> None:
    assert "T1" not in repr(HttpResponse(200, b'{"access_token":"T1"}'))
