"""`serve` as a real process survives hostile clients, with and without TLS, and goes on to serve the others."""

import contextlib
import json
import os
import re
import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from guarddog_gui.sandbox.server import SandboxServer
from tests.adapters.certificates import make_authority, server_context
from tests.serve.serve_process import ServeProcess, parse, read_all

pytestmark = pytest.mark.only_on("linux", "darwin")

BAD_KEYS = int(os.environ.get("BAD_KEYS", "2000"))


@pytest.fixture(scope="module")
def wechat() -> Iterator[SandboxServer]:
    with SandboxServer(time.time) as server:
        yield server


@pytest.fixture(scope="module", params=["plain", "tls"])
def server(
    request: pytest.FixtureRequest, wechat: SandboxServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ServeProcess]:
    home = tmp_path_factory.mktemp(request.param)
    options, trust = ["--rate", "1000000"], None
    if request.param == "tls":
        authority = make_authority(home)
        server_context(home, authority, "127.0.0.1")
        certificate = next(file for file in home.glob("*.pem") if file != authority.file)
        options += ["--tls-cert", str(certificate), "--tls-key", str(certificate)]
        trust = str(authority.file)
    with ServeProcess(home, wechat, *options, trust=trust) as process:
        process.assert_serves(15)
        yield process
        process.assert_serves()
        assert process.process.poll() is None
    assert "Traceback" not in process.errors
    log = "\n".join(process.lines)
    assert process.key not in log
    assert "gdk_" not in log


def raw_connections(server: ServeProcess, count: int) -> Iterator[socket.socket]:
    """Return TCP connections on which nothing was sent, not even a handshake."""
    for _ in range(count):
        yield socket.create_connection(("127.0.0.1", server.port), 15)


# Slow clients.


def test_clients_that_send_a_byte_now_and_then_hold_nobody_up_and_are_cut_off(server: ServeProcess) -> None:
    with ExitStack() as stack:
        slow = [stack.enter_context(server.connect()) for _ in range(100)]
        started = time.monotonic()
        sent = iter(b"GET /v1/token HTTP/1.1\r\nHost: 127.0.0.1\r\nX: " + b"x" * 1000)
        closed_after = None
        while closed_after is None and time.monotonic() - started < 20:
            byte = bytes([next(sent)])
            try:
                for connection in slow:
                    connection.sendall(byte)
            except OSError:
                closed_after = time.monotonic() - started
            server.assert_serves()
            time.sleep(0.5)
        assert closed_after is not None
        assert 8 < closed_after < 15


def test_connections_without_a_request_are_closed_after_a_while(server: ServeProcess) -> None:
    with ExitStack() as stack:
        silent = [stack.enter_context(connection) for connection in raw_connections(server, 50)]
        server.assert_serves()
        started = time.monotonic()
        for connection in silent:
            assert read_all(connection) == b""
        assert time.monotonic() - started < 15


def test_a_client_that_reads_no_answer_costs_nobody_anything(server: ServeProcess) -> None:
    request = f"GET /v1/token HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {server.key}\r\n\r\n".encode()
    with ExitStack() as stack:
        for _ in range(20):
            connection = stack.enter_context(server.connect())
            connection.settimeout(0.2)
            with contextlib.suppress(OSError):
                connection.sendall(request * 2000)
        server.assert_serves(4)


# Many of them.


@pytest.fixture
def many_files() -> Iterator[int]:
    """Return how many connections this process may open, after its limit was raised."""
    import resource  # Windows has none

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 2000 if hard == resource.RLIM_INFINITY else min(2000, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))
    yield min(1500, wanted - 300)
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_more_connections_than_are_allowed_do_not_lock_a_client_out(server: ServeProcess, many_files: int) -> None:
    with ExitStack() as stack:
        for connection in raw_connections(server, many_files):
            stack.enter_context(connection)
        longest = max(server.assert_serves(15) for _ in range(5))
    server.assert_serves()
    assert longest < 15


def test_ten_thousand_wrong_keys_are_refused_and_few_of_them_logged(server: ServeProcess) -> None:
    seen: set[tuple[int, int]] = set()
    lines_before = len(server.lines)
    started = time.monotonic()
    with server.connect() as connection:
        stream = connection.makefile("rwb")
        for number in range(BAD_KEYS if server.base.startswith("http:") else BAD_KEYS // 10):
            stream.write(
                b"GET /v1/token HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer gdk_%040d\r\n\r\n" % number
            )
            stream.flush()
            status = int(stream.readline().split()[1])
            length = 0
            while (line := stream.readline()) != b"\r\n":
                if line.lower().startswith(b"content-length:"):
                    length = int(line.split(b":")[1])
            seen.add((status, json.loads(stream.read(length))["errcode"]))
            if number % 1000 == 0:
                server.assert_serves()  # from the same address
    assert seen == {(401, 40125), (429, 45011)}
    assert time.monotonic() - started < 120
    time.sleep(0.5)
    assert len(server.lines) - lines_before < 400


# Web pages.


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:80",
        "127.0.0.1.evil.example",
        "",
        "localhost@evil.example",
        "[::1",
        "127.0.0.1, evil.example",
    ],
)
def test_a_page_whose_name_leads_here_gets_no_answer(server: ServeProcess, host: str) -> None:
    request = (
        f"GET /v1/token HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {server.key}\r\nConnection: close\r\n\r\n"
    )
    status, body = parse(server.send(request.encode()))
    assert status in {400, 403}
    assert b"seconds_left" not in body


@pytest.mark.parametrize("header", ["Origin: https://evil.example", "Origin: null", "Sec-Fetch-Site: cross-site"])
def test_a_request_by_a_page_is_refused_without_cors(server: ServeProcess, header: str) -> None:
    answer = server.send(
        f"GET /v1/token HTTP/1.1\r\nHost: 127.0.0.1\r\n{header}\r\nAuthorization: Bearer {server.key}\r\n"
        "Connection: close\r\n\r\n".encode()
    )
    assert parse(answer)[0] == 403
    assert b"access-control" not in answer.lower()
    preflight = server.send(b"OPTIONS /v1/token HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
    assert parse(preflight)[0] == 405
    assert b"access-control" not in preflight.lower()


# Malformed requests.


SMUGGLED = "GET /v1/token HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {key}\r\n\r\n"
HEAD = "POST /cgi-bin/stable_token HTTP/1.1\r\nHost: 127.0.0.1\r\n"


@pytest.mark.parametrize(
    "request_text",
    [
        HEAD + "Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
        HEAD + "Transfer-Encoding: chunked\r\nContent-Length: 6\r\n\r\n0\r\n\r\n" + SMUGGLED,
        HEAD + "Content-Length: 0\r\nContent-Length: 5\r\n\r\n" + SMUGGLED,
        HEAD + "Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello" + SMUGGLED,
        HEAD + "Content-Length: +5\r\n\r\nhello" + SMUGGLED,
        HEAD + "Content-Length: -1\r\n\r\n" + SMUGGLED,
        HEAD + "Content-Length: 0x10\r\n\r\n" + SMUGGLED,
        HEAD + "Content-Length : 5\r\n\r\nhello" + SMUGGLED,
        HEAD + "Transfer-Encoding: identity\r\n\r\n" + SMUGGLED,
        HEAD + "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n" + SMUGGLED,
        HEAD + "Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
        HEAD + "Transfer-Encoding: chunked\r\n\r\n5;\n\r\nhello\r\n0\r\n\r\n" + SMUGGLED,
        HEAD + "Transfer-Encoding: chunked\r\n\r\n-1\r\n\r\n" + SMUGGLED,
        HEAD.replace("1.1", "1.0") + "Transfer-Encoding: chunked\r\nConnection: keep-alive\r\n\r\n0\r\n\r\n" + SMUGGLED,
        "GET http://evil.example/v1/token HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" + SMUGGLED,
        "GET /v1/token HTTP/1.1\nHost: 127.0.0.1\n\n" + SMUGGLED,
        "GET /v1/token HTTP/1.1\r\nHost: 127.0.0.1\r\nX: a\rb\r\n\r\n" + SMUGGLED,
        "GET /v1/token HTTP/1.1\r\nHost: 127.0.0.1\r\nX: a\nAuthorization: Bearer {key}\r\n\r\n" + SMUGGLED,
        "GET /v1/token HTTP/1.1\r\n Host: 127.0.0.1\r\n\r\n" + SMUGGLED,
        "GET /v1/token HTTP/9.9\r\nHost: 127.0.0.1\r\n\r\n" + SMUGGLED,
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + SMUGGLED,
        "get /v1/token HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" + SMUGGLED,
    ],
)  # fmt: skip
def test_a_request_with_two_meanings_is_refused_with_what_follows(server: ServeProcess, request_text: str) -> None:
    with server.connect() as connection:
        connection.settimeout(1)
        connection.sendall(request_text.replace("{key}", server.key).encode("latin-1"))
        answer = read_all(connection)
    assert parse(answer)[0] in {400, 501}
    assert answer.count(b"HTTP/1.") == 1
    assert b"Keep-Alive" not in answer
    assert b"seconds_left" not in answer


@pytest.mark.parametrize(
    "path", ["/v1/token%0d%0aX-Evil:%201", "/v1/token?account=a%0d%0aX-Evil:%201", "/%0d%0aX-Evil:%201"]
)
def test_no_text_of_a_request_becomes_a_header(server: ServeProcess, path: str) -> None:
    lines = (f"GET {path} HTTP/1.1", "Host: 127.0.0.1", f"Authorization: Bearer {server.key}", "Connection: close")
    head = server.send("\r\n".join((*lines, "", "")).encode()).partition(b"\r\n\r\n")[0]
    assert re.match(rb"HTTP/1\.1 40[04] ", head)
    assert b"evil" not in head.lower()


def test_no_text_of_a_request_is_in_the_log(server: ServeProcess) -> None:
    server.send(b"GET /evil-path\x1b[2J HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
    server.send(b"EVIL /evil?evil HTTP/1.1\r\nHost: evil\r\nUser-Agent: evil\r\nConnection: close\r\n\r\n")
    server.get("/v1/token", f"Authorization: Bearer {server.key}", account="evil")
    time.sleep(0.5)
    assert any("result=40013" in line for line in server.lines)
    assert [line for line in server.lines if "evil" in line.lower() or not line.isprintable()] == []


# Large ones.


@pytest.mark.parametrize(
    ("data", "statuses"),
    [
        (b"GET /" + b"a" * 1_000_000 + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", {431}),
        (b"GET /v1/token?account=" + b"%41" * 300_000 + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", {431}),
        (b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n" + b"X: y\r\n" * 200_000 + b"\r\n", {431}),
        (b"A" * 1_000_000, {431}),
        (b"\r\n" * 500_000, {0, 431}),
        (HEAD.encode() + b"Content-Length: 100000000\r\n\r\n" + b"a" * 2_000_000, {413}),
        (HEAD.encode() + b"Content-Length: " + b"9" * 5000 + b"\r\n\r\n", {400, 413}),
        (HEAD.encode() + b"Transfer-Encoding: chunked\r\n\r\n" + b"3e8\r\n" + b"a" * 1000 + b"\r\n" * 1000, {400, 413}),
        (HEAD.encode() + b"Transfer-Encoding: chunked\r\n\r\n" + b"5\r\nhello\r\n" * 100_000, {413}),
        (HEAD.encode() + b"Connection: close\r\nContent-Length: 10000\r\n\r\n" + b"[" * 10_000, {200}),
    ],
    ids=["path", "query", "headers", "line", "blank lines", "body", "length", "broken chunk", "chunks", "deep JSON"],
)
def test_what_is_too_large_is_refused(server: ServeProcess, data: bytes, statuses: set[int]) -> None:
    with server.connect() as connection:
        connection.settimeout(3)
        with contextlib.suppress(OSError):
            connection.sendall(data)
        status, _ = parse(read_all(connection))
    assert status in {0, *statuses}  # a reset may reach the client before the answer
    server.assert_serves()


# TLS.


@pytest.mark.parametrize("server", ["tls"], indirect=True)
def test_handshakes_that_never_end_hold_nobody_up(server: ServeProcess) -> None:
    with ExitStack() as stack:
        stuck = [stack.enter_context(connection) for connection in raw_connections(server, 100)]
        for connection in stuck:
            connection.sendall(b"\x16\x03\x01\x02\x00\x01\x00")  # the beginning of a hello
        longest = max(server.assert_serves() for _ in range(5))
        started = time.monotonic()
        for connection in stuck:
            read_all(connection)
        assert time.monotonic() - started < 8
    assert longest < 2


@pytest.mark.parametrize("server", ["tls"], indirect=True)
def test_a_client_without_tls_gets_no_answer_in_the_clear(server: ServeProcess) -> None:
    with socket.create_connection(("127.0.0.1", server.port), 15) as connection:
        connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        assert not read_all(connection).startswith(b"HTTP")
    old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
    old.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning, match="TLSv1_1"):
        old.maximum_version = ssl.TLSVersion.TLSv1_1
    with (
        socket.create_connection(("127.0.0.1", server.port), 15) as connection,
        pytest.raises(OSError, match=r"(?i)ssl|tls|reset|eof"),
    ):
        old.wrap_socket(connection)
