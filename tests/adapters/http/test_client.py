"""WeChatHttpClient on real sockets, against servers, proxies and networks with faults."""

from __future__ import annotations

import gzip
import json
import threading
import time
import tracemalloc
from pathlib import Path

import pytest

from guarddog_gui.adapters.http.client import WeChatHttpClient
from guarddog_gui.domain.errors import BadInput
from guarddog_gui.domain.wechat.protocol import FailureKind, IssuedToken, Refusal, Reply, TransportFailure
from tests.adapters import certificates
from tests.adapters.fault_server import (
    STATUS_OK,
    TOKEN_BODY,
    ConnectionScript,
    FaultServer,
    drip,
    drip_tls,
    flood,
    http_response,
    reply_then_hang,
    reply_then_reset,
    reply_to_each,
    reply_with,
    reset,
)
from tests.adapters.http.wechat_requests import (
    CLASSIC,
    LEFT_OPEN_BY_PYTHON,
    SECRET,
    SLACK_S,
    STABLE,
    TICKET,
    TOTAL_S,
    ask,
    transport,
)


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


# --- successful requests


def test_a_stable_token_is_requested_with_a_json_body_and_nothing_in_the_url() -> None:
    with FaultServer(reply_with(http_response(TOKEN_BODY))) as server:
        assert ask(server.base, STABLE) == IssuedToken("NEWTOKEN-0123456789", 7200)
    head, _, body = b"".join(server.received).partition(b"\r\n\r\n")
    assert head.startswith(b"POST /cgi-bin/stable_token HTTP/1.1\r\n")
    assert b"Content-Type: application/json" in head
    assert SECRET.encode() not in head
    assert json.loads(body) == {
        "grant_type": "client_credential",
        "appid": "wx0000000000000001",
        "secret": SECRET,
        "force_refresh": False,
    }


def test_a_classic_token_is_requested_with_a_query() -> None:
    with FaultServer(reply_with(http_response(TOKEN_BODY))) as server:
        assert ask(server.base, CLASSIC) == IssuedToken("NEWTOKEN-0123456789", 7200)
    head = b"".join(server.received)
    query = f"grant_type=client_credential&appid=wx0000000000000001&secret={SECRET}"
    assert head.startswith(f"GET /cgi-bin/token?{query} HTTP/1.1\r\n".encode())
    assert b"User-Agent: guarddog/" in head
    assert b"Accept-Encoding: identity\r\n" in head


def test_the_path_of_an_api_base_is_kept() -> None:
    with FaultServer(reply_with(http_response(TOKEN_BODY))) as server:
        ask(f"{server.base}/mirror/", STABLE)
    assert b"".join(server.received).startswith(b"POST /mirror/cgi-bin/stable_token ")


def test_an_unencrypted_api_base_on_another_machine_is_refused() -> None:
    with pytest.raises(BadInput):
        WeChatHttpClient("http://api.weixin.qq.com")


# --- connections are reused


def test_a_connection_that_was_idle_for_long_is_replaced() -> None:
    with FaultServer(reply_to_each(*[http_response(TOKEN_BODY)] * 2)) as server:
        http = transport(server.base, idle_s=0.05)
        http.send(STABLE)
        time.sleep(0.1)
        assert isinstance(http.send(STABLE), Reply)
        http.close()
        assert server.connections == 2


def test_a_request_whose_connection_breaks_is_never_repeated() -> None:
    """It may have reached WeChat: a second forced refresh uses up one of 20, a second GET replaces the token."""
    with FaultServer(reply_then_reset()) as server:
        assert ask(server.base, STABLE) == TransportFailure(FailureKind.CUT_OFF, may_have_counted=True)
        assert b"".join(server.received).count(b"POST ") == 1


def test_a_closed_client_connects_again() -> None:
    with FaultServer(reply_to_each(*[http_response(TOKEN_BODY)] * 2)) as server:
        http = transport(server.base)
        http.send(STABLE)
        http.close()
        assert isinstance(http.send(STABLE), Reply)
        http.close()


@pytest.mark.only_on("linux")
def test_a_client_that_is_garbage_collected_leaves_no_open_connection() -> None:
    """The library API creates a client for each refresh, for days."""
    with FaultServer(reply_to_each(http_response(TOKEN_BODY))) as server:
        transport(server.base).send(STABLE)  # modules that the first call imports keep files open
        before = open_files()
        for _ in range(10):
            transport(server.base).send(STABLE)
        assert open_files() <= before + 2  # the server's end of a connection that is being closed


def test_close_cancels_a_request_that_hangs() -> None:
    with FaultServer(reply_then_hang()) as server:
        http = WeChatHttpClient(server.base)
        threading.Timer(0.2, http.close).start()
        started = time.monotonic()
        assert isinstance(http.send(STABLE), TransportFailure)
        assert time.monotonic() - started < 2


# --- faults on plain connections

REDIRECTS = {
    "elsewhere": "Location: https://evil.example/cgi-bin/token",
    "to http": "Location: http://api.weixin.qq.com/",
    "to nonsense": "Location: http://[:::",
    "to nowhere": "X-No: location",
}
FAULTS: dict[str, tuple[ConnectionScript, FailureKind]] = {
    "reset at once": (reset, FailureKind.CUT_OFF),
    "reset before the headers": (reply_then_reset(), FailureKind.CUT_OFF),
    "reset within the headers": (reply_then_reset(STATUS_OK), FailureKind.CUT_OFF),
    "reset within the body": (reply_then_reset(http_response(TOKEN_BODY, "Content-Length: 999")), FailureKind.CUT_OFF),
    "closed before the headers": (reply_with(b""), FailureKind.CUT_OFF),
    "closed within the status": (reply_with(b"HTTP/1."), FailureKind.UNEXPECTED_JSON),
    "closed within the headers": (reply_with(STATUS_OK), FailureKind.NOT_JSON),
    "hangs before the headers": (reply_then_hang(), FailureKind.TIMEOUT),
    "hangs within the headers": (reply_then_hang(STATUS_OK), FailureKind.TIMEOUT),
    "hangs within the body": (reply_then_hang(http_response(TOKEN_BODY, "Content-Length: 999")), FailureKind.TIMEOUT),
    "hangs at a body without length": (reply_then_hang(http_response(TOKEN_BODY, "A: b")), FailureKind.TIMEOUT),
    "drips a status": (drip(b"H"), FailureKind.TIMEOUT),
    "drips headers": (drip(b"A: b\r\n", STATUS_OK), FailureKind.TIMEOUT),
    "drips a body": (drip(b" ", http_response(b"", "Content-Length: 60000")), FailureKind.TIMEOUT),
    "drips a body without length": (drip(b" ", http_response(b"", "A: b")), FailureKind.TIMEOUT),
    "drips a body and closes": (drip(b" ", http_response(b"", "Connection: close")), FailureKind.TIMEOUT),
    "drips chunks": (drip(b"1\r\n \r\n", http_response(b"", "Transfer-Encoding: chunked")), FailureKind.TIMEOUT),
    "continues for ever": (drip(b"HTTP/1.1 100 Continue\r\n\r\n", interval_s=0.0), FailureKind.TIMEOUT),
    "cut off within the body": (reply_with(http_response(TOKEN_BODY, "Content-Length: 999")), FailureKind.CUT_OFF),
    "longer than it says": (reply_with(http_response(TOKEN_BODY, "Content-Length: 20")), FailureKind.NOT_JSON),
    "says two lengths": (
        reply_with(http_response(TOKEN_BODY, "Content-Length: 20", "Content-Length: 57")),
        FailureKind.UNEXPECTED_JSON,
    ),
    "says a negative length": (reply_with(http_response(b"", "Content-Length: -1")), FailureKind.NOT_JSON),
    "says a length in words": (reply_with(http_response(b"", "Content-Length: many")), FailureKind.NOT_JSON),
    "garbage instead of chunks": (
        reply_with(http_response(b"zz\r\n", "Transfer-Encoding: chunked")),
        FailureKind.CUT_OFF,
    ),
    "chunks that end too early": (
        reply_with(http_response(b"ff\r\n{", "Transfer-Encoding: chunked")),
        FailureKind.CUT_OFF,
    ),
    "10 GB": (flood(b" ", http_response(b"", "Content-Length: 10000000000")), FailureKind.TOO_BIG),
    "10 GB without length": (flood(b" ", http_response(b"", "A: b")), FailureKind.TOO_BIG),
    "10 GB in chunks": (flood(b"1\r\n \r\n", http_response(b"", "Transfer-Encoding: chunked")), FailureKind.TOO_BIG),
    "10 GB in one header": (flood(b"a", STATUS_OK + b"A: "), FailureKind.TOO_BIG),
    "10 GB of headers": (flood(b"A: b\r\n", STATUS_OK), FailureKind.TOO_BIG),
    "10 GB of status": (flood(b"a", b"HTTP/1.1 200 "), FailureKind.TOO_BIG),
    "a header of 1 MB": (reply_with(http_response(TOKEN_BODY, "A: " + "b" * 1_000_000)), FailureKind.TOO_BIG),
    "a gzip bomb": (
        reply_with(http_response(gzip.compress(b" " * 10_000_000), "Content-Encoding: gzip")),
        FailureKind.NOT_JSON,
    ),
    "an unknown compression": (reply_with(http_response(TOKEN_BODY, "Content-Encoding: zippy")), FailureKind.NOT_JSON),
    "HTTP/0.9": (reply_with(b"<html>welcome</html>"), FailureKind.UNEXPECTED_JSON),
    "SSH": (reply_with(b"SSH-2.0-OpenSSH_9.2\r\n"), FailureKind.UNEXPECTED_JSON),
    "HTTP/9.9": (reply_with(b"HTTP/9.9 200 OK\r\n\r\n"), FailureKind.UNEXPECTED_JSON),
    "a status in words": (reply_with(b"HTTP/1.1 fine OK\r\n\r\n"), FailureKind.UNEXPECTED_JSON),
    "a captive portal": (reply_with(http_response(b"<html>Please log in</html>")), FailureKind.NOT_JSON),
    "nothing": (reply_with(http_response(b"")), FailureKind.NOT_JSON),
    "UTF-16": (reply_with(http_response(TOKEN_BODY.decode().encode("utf-16"))), FailureKind.NOT_JSON),
    "duplicate keys": (
        reply_with(http_response(b'{"access_token":"A","access_token":"B","expires_in":1}')),
        FailureKind.NOT_JSON,
    ),
    "deep JSON": (reply_with(http_response(b"[" * 60_000)), FailureKind.NOT_JSON),
    "a list": (reply_with(http_response(b"[]")), FailureKind.UNEXPECTED_JSON),
    "not a number": (reply_with(http_response(b'{"access_token":"A","expires_in":NaN}')), FailureKind.NOT_JSON),
    "a life of ages": (
        reply_with(http_response(b'{"access_token":"A","expires_in":1e999}')),
        FailureKind.UNEXPECTED_JSON,
    ),
    "a number of 60,000 digits": (
        reply_with(http_response(b'{"access_token":"A","expires_in":' + b"9" * 60_000 + b"}")),
        FailureKind.NOT_JSON,
    ),
    "a negative life": (
        reply_with(http_response(b'{"access_token":"A","expires_in":-5}')),
        FailureKind.UNEXPECTED_JSON,
    ),
    "an empty token": (
        reply_with(http_response(b'{"access_token":"","expires_in":7200}')),
        FailureKind.UNEXPECTED_JSON,
    ),
    "a cookie that is none": (
        reply_with(http_response(b"", "Set-Cookie: \x01;;=;expires=never")),
        FailureKind.NOT_JSON,
    ),
    **{
        f"a redirect {where} with {code}": (
            reply_with(http_response(b"", header, status=f"{code} X")),
            FailureKind.REDIRECTED,
        )
        for where, header in REDIRECTS.items()
        for code in (301, 302, 303, 307, 308)
    },
    "a redirect of 10 GB": (flood(b" ", http_response(b"", "Location: /", status="302 Found")), FailureKind.REDIRECTED),
    **{
        f"status {code}": (reply_with(http_response(TOKEN_BODY, status=f"{code} X")), FailureKind.HTTP_STATUS)
        for code in (201, 206, 400, 401, 403, 404, 407, 418, 429, 451, 500, 502, 503, 504, 599)
    },
    "status 204": (reply_with(http_response(b"", status="204 No Content")), FailureKind.HTTP_STATUS),
    "status 304": (reply_with(http_response(b"", status="304 Not Modified")), FailureKind.REDIRECTED),
    "status 502 that drips": (drip(b" ", http_response(b"", "A: b", status="502 X")), FailureKind.HTTP_STATUS),
    "status 502 in gzip": (
        reply_with(http_response(b"\x1f\x8b", "Content-Encoding: gzip", status="502 X")),
        FailureKind.HTTP_STATUS,
    ),
    "an upgrade": (reply_with(http_response(b"", "Upgrade: h2c", status="101 X")), FailureKind.HTTP_STATUS),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_becomes_a_failure_within_the_deadline(fault: str) -> None:
    script, expected = FAULTS[fault]
    requests = [CLASSIC] if expected is FailureKind.TIMEOUT else [CLASSIC, STABLE, TICKET]
    with FaultServer(script) as server:
        for request in requests:
            answer = ask(server.base, request)
            assert isinstance(answer, TransportFailure)
            assert answer.kind is expected
            assert answer.may_have_counted or script is reset  # a reset may be noticed before the request is sent


def test_control_characters_in_an_errmsg_are_removed() -> None:
    body = json.dumps({"errcode": 40001, "errmsg": f"bad\0\x1b[31m\n{SECRET} rid: 66a1-0b2c-3d4e"}).encode()
    with FaultServer(reply_with(http_response(body))) as server:
        assert ask(server.base) == Refusal(40001, "bad [31m … rid: 66a1-0b2c-3d4e", "66a1-0b2c-3d4e")


def test_an_endless_reply_takes_no_memory() -> None:
    script = FAULTS["10 GB without length"][0]
    with FaultServer(script) as server:
        http = transport(server.base)
        http.send(STABLE)
        tracemalloc.start()
        for _ in range(5):
            assert http.send(STABLE) == TransportFailure(FailureKind.TOO_BIG)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        http.close()
    assert peak < 4_000_000  # includes the blocks of the server, which runs in this process


# --- TLS


def test_the_deadline_ends_a_handshake_before_the_connect_timeout() -> None:
    with FaultServer(drip_tls) as server:
        http = transport(f"https://127.0.0.1:{server.port}", connect_s=30)
        started = time.monotonic()
        assert http.send(CLASSIC) == TransportFailure(FailureKind.TIMEOUT, may_have_counted=False)
        assert time.monotonic() - started < TOTAL_S + SLACK_S


SLOW_OVER_TLS = ["hangs before the headers", "drips headers", "drips a body", "drips a body and closes"]


@pytest.mark.parametrize("fault", [*SLOW_OVER_TLS, "10 GB", "reset within the body", "cut off within the body"])
def test_faults_are_the_same_over_tls(fault: str, authority: certificates.CertificateAuthority, tmp_path: Path) -> None:
    script, expected = FAULTS[fault]
    tls = certificates.server_context(tmp_path, authority, "127.0.0.1")
    with FaultServer(script, tls=tls) as server:
        answer = ask(server.base)
    assert isinstance(answer, TransportFailure)
    assert (answer.kind, answer.may_have_counted) == (expected, True)


# --- nothing is left behind


@pytest.mark.parametrize(
    "fault",
    [
        "reset before the headers",
        "closed before the headers",
        "cut off within the body",
        "10 GB",
        "a header of 1 MB",
        "a gzip bomb",
        "status 503",
        "a redirect elsewhere with 302",
        "HTTP/0.9",
        "drips a body and closes",
        "hangs before the headers",
    ],
)
def test_fifty_faults_leave_no_open_file_and_no_thread(fault: str) -> None:
    with FaultServer(FAULTS[fault][0]) as server:
        http = WeChatHttpClient(server.base, total_timeout_s=0.03)
        http.send(STABLE)
        time.sleep(0.05)
        files, threads = open_files(), threading.active_count()
        for _ in range(50):
            assert isinstance(http.send(STABLE), TransportFailure | Reply)
        http.close()
        for _ in range(100):  # the server needs a moment to close its end
            if open_files() <= files and threading.active_count() <= threads:
                break
            time.sleep(0.02)
        assert open_files() <= files
        assert threading.active_count() <= threads


@LEFT_OPEN_BY_PYTHON
def test_fifty_handshakes_that_hang_leave_no_open_file_and_no_thread() -> None:
    with FaultServer(drip_tls) as server:
        http = WeChatHttpClient(f"https://127.0.0.1:{server.port}", total_timeout_s=0.03)
        http.send(STABLE)
        time.sleep(0.1)
        files, threads = open_files(), threading.active_count()
        for _ in range(50):
            assert http.send(STABLE) == TransportFailure(FailureKind.TIMEOUT, may_have_counted=False)
        http.close()
        time.sleep(0.3)
        assert open_files() <= files + 2
        assert threading.active_count() <= threads + 2


@pytest.mark.parametrize("status", ["200 OK", "403 Forbidden", "412 Precondition Failed", "429 Too Many Requests"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk"])
def test_a_refusal_in_the_body_counts_whatever_the_status(status: str, encoding: str) -> None:
    body = '{"errcode":45009,"errmsg":"超过调用次数 rid: 6176a2e0-0a0b0c0d-00000001"}'.encode(encoding)
    with FaultServer(reply_with(http_response(body, status=status))) as server:
        answer = ask(server.base)
    assert answer == Refusal(45009, "超过调用次数 rid: 6176a2e0-0a0b0c0d-00000001", rid="6176a2e0-0a0b0c0d-00000001")


@pytest.mark.parametrize(
    "raw",
    [
        http_response(b"<html>Forbidden", status="403 Forbidden"),
        http_response(b'{"errcode":45009}', "Content-Length: 500", status="403 Forbidden"),
        http_response(b'{"errcode":45009}', "Content-Encoding: gzip", status="403 Forbidden"),
        http_response(b'{"errcode":45009}' + b" " * 70_000, status="403 Forbidden"),
    ],
)
def test_an_error_page_is_named_by_its_status(raw: bytes) -> None:
    with FaultServer(reply_with(raw)) as server:
        assert ask(server.base) == TransportFailure(FailureKind.HTTP_STATUS, "403")
