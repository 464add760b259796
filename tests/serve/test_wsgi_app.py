"""Headers, checks, log and failures of the application."""

import pytest

from guarddog_gui.domain.errors import FileError
from tests.builders import SHOP, TOKEN
from tests.serve.in_memory_server import KEY, METRICS_KEY, InMemoryServer


@pytest.fixture
def server() -> InMemoryServer:
    made = InMemoryServer()
    made.services.put_value(SHOP, TOKEN, "t" * 40)
    return made


@pytest.mark.parametrize("path", ["/v1/token", "/cgi-bin/token", "/healthz", "/nothing", "/metrics"])
def test_no_answer_is_kept_by_a_cache_or_readable_for_a_page(server: InMemoryServer, path: str) -> None:
    answer = server.ask("GET", path, key=KEY)
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert not any(name.lower().startswith("access-control") for name in answer.headers)


def test_health_needs_no_key_and_tells_nothing(server: InMemoryServer) -> None:
    assert server.ask("GET", "/healthz").json == {"status": "ok"}
    assert server.ask("HEAD", "/healthz").body == b""
    assert server.ask("POST", "/healthz").status == 405


@pytest.mark.parametrize("path", ["/v1/token", "/healthz", "/cgi-bin/token"])
def test_another_host_or_any_origin_is_refused(server: InMemoryServer, path: str) -> None:
    for answer in (
        server.ask("GET", path, key=KEY, HTTP_HOST="evil.example"),
        server.ask("GET", path, key=KEY, HTTP_ORIGIN="http://127.0.0.1:4364"),
    ):
        assert answer.status == 403
        assert b"tttt" not in answer.body


def test_a_query_of_very_many_fields_is_refused(server: InMemoryServer) -> None:
    assert server.ask("GET", "/v1/token", {f"a{number}": "" for number in range(60)}, key=KEY).status == 400


def test_the_log_has_names_and_no_values(server: InMemoryServer) -> None:
    server.ask("GET", "/v1/token", key=KEY)
    server.ask("BREW", "/secret-path", {"secret": KEY}, HTTP_USER_AGENT="evil")
    good, bad = server.log_lines()
    assert f"from=127.0.0.1 client=shop account={SHOP.appid} GET /v1/token status=200 result=ok ms=" in good
    assert "client=- account=- other other status=404 result=40066" in bad
    assert "gdk_" not in good + bad
    assert "tttt" not in good + bad


def test_files_that_cannot_be_read_are_no_fault_of_the_client(server: InMemoryServer) -> None:
    server.services.accounts.read_error = FileError("accounts.json", "permission denied")
    answer = server.ask("GET", "/v1/token", key=KEY)
    assert (answer.status, answer.json["errcode"]) == (503, -1)
    server.services.accounts.read_error = None
    assert server.ask("GET", "/v1/token", key=KEY).status == 200
    server.services.accounts.read_error = FileError("accounts.json", "permission denied")
    assert server.ask("GET", "/v1/token", key=KEY).status == 200


def test_a_mistake_of_the_program_becomes_an_answer(
    server: InMemoryServer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(server.values, "get", lambda *_, **__: 1 / 0)
    answer = server.ask("GET", "/v1/token", key=KEY)
    assert (answer.status, answer.json["errcode"]) == (503, -1)
    assert "a request for /v1/token failed" in caplog.text


def test_metrics_are_for_keys_made_for_them(server: InMemoryServer) -> None:
    server.ask("GET", "/v1/token", key=KEY)
    assert server.ask("GET", "/metrics").status == 401
    assert server.ask("GET", "/metrics", key=KEY).status == 403
    assert server.ask("POST", "/metrics", key=METRICS_KEY).status == 405
    answer = server.ask("GET", "/metrics", key=METRICS_KEY)
    text = answer.body.decode()
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert 'guarddog_requests_total{client="shop",path="/v1/token",result="ok"} 1.0' in text
    assert f'guarddog_value_seconds_left{{appid="{SHOP.appid}",key="ACCESS_TOKEN"}} 7200.0' in text
    assert "guarddog_connections 3.0" in text
    assert "gdk_" not in text
    assert "tttt" not in text
