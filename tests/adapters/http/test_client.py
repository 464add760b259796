"""What comes of a call to WeChat when the network, the server or a proxy does its worst, on real sockets."""

from __future__ import annotations

import gzip
import io
import json
import logging
import socket
import threading
import time
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest

from guarddog_gui.adapters.http.client import WeChatHttp
from guarddog_gui.domain.accounts.account import Account, Endpoint, Secret
from guarddog_gui.domain.errors import BadInput
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.domain.wechat.protocol import (
    REPLY_MAX,
    Answer,
    Grant,
    Refusal,
    Reply,
    Request,
    Silence,
    Unheard,
    parse_grant,
    ticket_request,
    token_request,
)
from tests.adapters import certificates
from tests.adapters.fault_server import (
    GRANT,
    OK,
    FaultServer,
    Scene,
    answer,
    drip,
    drip_tls,
    hang,
    pour,
    reset,
    say,
    say_and_hang,
    say_and_reset,
    say_on_and_on,
    shut,
    tunnel_to,
)

SECRET = "5ec3e7" + "0f" * 13
TOKEN = "T0KEN-" + "a1" * 40
CLASSIC = token_request(
    Account("wx0000000000000001", "shop", endpoint=Endpoint.CLASSIC), Secret(SECRET), force=False
)
STABLE = token_request(Account("wx0000000000000001", "shop"), Secret(SECRET), force=False)
TICKET = ticket_request(TOKEN, TokenKind.JSAPI_TICKET)

TOTAL_S = 0.6
SLACK_S = 1.0  # two busy cores


def transport(base: str, *, connect_s: float = 0.4, read_s: float = 0.4, idle_s: float = 30.0) -> WeChatHttp:
    return WeChatHttp(base, connect_s=connect_s, read_s=read_s, total_s=TOTAL_S, idle_s=idle_s)


def ask(base: str, request: Request = CLASSIC) -> Answer:
    """The answer to one call, which has to come within its deadline."""
    http = transport(base)
    try:
        started = time.monotonic()
        heard = http.send(request)
        assert time.monotonic() - started < TOTAL_S + SLACK_S
    finally:
        http.close()
    understood = heard if isinstance(heard, Silence) else parse_grant(heard, "access_token", hide=(SECRET,))
    assert SECRET not in repr(understood)
    assert TOKEN not in repr(understood)
    return understood


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


@pytest.fixture(autouse=True)
def nothing_secret_is_logged(capfd: pytest.CaptureFixture[str]) -> Iterator[None]:
    """Even with every logger at DEBUG, and somebody listening at urllib3 itself."""
    text = io.StringIO()
    handler = logging.StreamHandler(text)
    levels = {
        name: logging.getLogger(name).level for name in ("", "urllib3", "requests", "urllib3.connectionpool")
    }
    for name in levels:
        logging.getLogger(name).addHandler(handler)
        logging.getLogger(name).setLevel(logging.DEBUG)
    yield
    for name, level in levels.items():
        logging.getLogger(name).removeHandler(handler)
        logging.getLogger(name).setLevel(level)
    out, err = capfd.readouterr()
    for secret in (SECRET, TOKEN):
        assert secret not in text.getvalue() + out + err


# --- calls that go well


def test_a_stable_token_is_asked_for_with_a_json_body_and_nothing_in_the_url() -> None:
    with FaultServer(say(answer(GRANT))) as server:
        assert ask(server.base, STABLE) == Grant("NEWTOKEN-0123456789", 7200)
    head, _, body = b"".join(server.heard).partition(b"\r\n\r\n")
    assert head.startswith(b"POST /cgi-bin/stable_token HTTP/1.1\r\n")
    assert b"Content-Type: application/json" in head
    assert SECRET.encode() not in head
    assert json.loads(body) == {
        "grant_type": "client_credential",
        "appid": "wx0000000000000001",
        "secret": SECRET,
        "force_refresh": False,
    }


def test_a_classic_token_is_asked_for_with_a_query() -> None:
    with FaultServer(say(answer(GRANT))) as server:
        assert ask(server.base, CLASSIC) == Grant("NEWTOKEN-0123456789", 7200)
    head = b"".join(server.heard)
    query = f"grant_type=client_credential&appid=wx0000000000000001&secret={SECRET}"
    assert head.startswith(f"GET /cgi-bin/token?{query} HTTP/1.1\r\n".encode())
    assert b"User-Agent: guarddog/" in head
    assert b"Accept-Encoding: identity\r\n" in head


def test_an_api_base_with_a_path_keeps_it() -> None:
    with FaultServer(say(answer(GRANT))) as server:
        ask(f"{server.base}/mirror/", STABLE)
    assert b"".join(server.heard).startswith(b"POST /mirror/cgi-bin/stable_token ")


def test_the_secret_is_not_sent_in_the_clear_to_another_machine() -> None:
    with pytest.raises(BadInput):
        WeChatHttp("http://api.weixin.qq.com")


def test_the_servers_time_comes_with_the_reply() -> None:
    dated = answer(GRANT, "Date: Sun, 06 Nov 1994 08:49:37 GMT", f"Content-Length: {len(GRANT)}")
    with FaultServer(say(dated)) as server:
        reply = transport(server.base).send(STABLE)
    assert reply == Reply(200, GRANT, 784111777.0)


@pytest.mark.parametrize(
    "date",
    ["", "tomorrow", "Sun, 99 Nov 99999 99:99:99 GMT", "Sun, 06 Nov 1994 08:49:37 +9999999999999999", "\x80"],
)
def test_a_date_that_is_none_is_not_believed(date: str) -> None:
    with FaultServer(say(answer(GRANT, f"Date: {date}", f"Content-Length: {len(GRANT)}"))) as server:
        reply = transport(server.base).send(STABLE)
    assert isinstance(reply, Reply)
    assert reply.body == GRANT


def test_a_body_without_length_ends_with_the_connection() -> None:
    with FaultServer(say(answer(GRANT, "Connection: close"))) as server:
        assert ask(server.base) == Grant("NEWTOKEN-0123456789", 7200)


def test_a_chunked_body_is_put_together() -> None:
    chunks = b"%x\r\n%b\r\n%x\r\n%b\r\n0\r\n\r\n" % (5, GRANT[:5], len(GRANT) - 5, GRANT[5:])
    with FaultServer(say(answer(chunks, "Transfer-Encoding: chunked"))) as server:
        assert ask(server.base) == Grant("NEWTOKEN-0123456789", 7200)


def test_cookies_are_not_kept() -> None:
    cookie = answer(GRANT, "Set-Cookie: a=b; Path=/", f"Content-Length: {len(GRANT)}")
    with FaultServer(say_on_and_on(cookie, cookie)) as server:
        http = transport(server.base)
        http.send(STABLE)
        http.send(STABLE)
        http.close()
    assert b"cookie" not in b"".join(server.heard).lower()


# --- connections are kept


def test_the_connection_is_kept_for_the_next_call() -> None:
    with FaultServer(say_on_and_on(*[answer(GRANT)] * 5)) as server:
        http = transport(server.base)
        for request in (STABLE, CLASSIC, TICKET, STABLE, STABLE):
            assert isinstance(http.send(request), Reply)
        http.close()
        assert server.connections == 1


def test_a_kept_connection_that_the_server_closed_is_replaced_before_anything_is_sent() -> None:
    with FaultServer(say(answer(GRANT))) as server:
        http = transport(server.base)
        for _ in range(5):
            assert isinstance(http.send(STABLE), Reply)
            time.sleep(0.03)  # the end of the connection is on its way
        http.close()
        assert b"".join(server.heard).count(b"POST ") == 5


def test_a_connection_that_was_idle_for_long_is_not_trusted() -> None:
    with FaultServer(say_on_and_on(*[answer(GRANT)] * 2)) as server:
        http = transport(server.base, idle_s=0.05)
        http.send(STABLE)
        time.sleep(0.1)
        assert isinstance(http.send(STABLE), Reply)
        http.close()
        assert server.connections == 2


def test_a_call_whose_connection_breaks_is_never_sent_again() -> None:
    """It may have reached WeChat: a second forced refresh costs one of 20, a second GET kills a token."""
    with FaultServer(say_and_reset()) as server:
        assert ask(server.base, STABLE) == Silence(Unheard.CUT_OFF, reached=True)
        assert b"".join(server.heard).count(b"POST ") == 1


def test_a_transport_that_was_closed_connects_anew() -> None:
    with FaultServer(say_on_and_on(*[answer(GRANT)] * 2)) as server:
        http = transport(server.base)
        http.send(STABLE)
        http.close()
        assert isinstance(http.send(STABLE), Reply)
        http.close()


@pytest.mark.only_on("linux")
def test_a_transport_that_is_forgotten_leaves_no_connection_behind() -> None:
    """A program that asks for values for days makes one for each refresh."""
    with FaultServer(say_on_and_on(answer(GRANT))) as server:
        transport(server.base).send(STABLE)  # what is loaded with the first call stays open
        before = open_files()
        for _ in range(10):
            transport(server.base).send(STABLE)
        assert open_files() <= before + 2  # the server's side of one that is just being closed


def test_closing_ends_a_call_that_hangs() -> None:
    with FaultServer(say_and_hang()) as server:
        http = WeChatHttp(server.base)
        threading.Timer(0.2, http.close).start()
        started = time.monotonic()
        assert isinstance(http.send(STABLE), Silence)
        assert time.monotonic() - started < 2


# --- faults on plain connections: what is heard, and how it is understood

REDIRECTS = {
    "elsewhere": "Location: https://evil.example/cgi-bin/token",
    "to http": "Location: http://api.weixin.qq.com/",
    "to nonsense": "Location: http://[:::",
    "to nowhere": "X-No: location",
}
FAULTS: dict[str, tuple[Scene, Unheard]] = {
    "reset at once": (reset, Unheard.CUT_OFF),
    "reset before the headers": (say_and_reset(), Unheard.CUT_OFF),
    "reset within the headers": (say_and_reset(OK), Unheard.CUT_OFF),
    "reset within the body": (say_and_reset(answer(GRANT, "Content-Length: 999")), Unheard.CUT_OFF),
    "closed before the headers": (say(b""), Unheard.CUT_OFF),
    "closed within the status": (say(b"HTTP/1."), Unheard.NONSENSE),
    "closed within the headers": (say(OK), Unheard.NOT_JSON),
    "hangs before the headers": (say_and_hang(), Unheard.TIMEOUT),
    "hangs within the headers": (say_and_hang(OK), Unheard.TIMEOUT),
    "hangs within the body": (say_and_hang(answer(GRANT, "Content-Length: 999")), Unheard.TIMEOUT),
    "hangs at a body without length": (say_and_hang(answer(GRANT, "A: b")), Unheard.TIMEOUT),
    "drips a status": (drip(b"H"), Unheard.TIMEOUT),
    "drips headers": (drip(b"A: b\r\n", OK), Unheard.TIMEOUT),
    "drips a body": (drip(b" ", answer(b"", "Content-Length: 60000")), Unheard.TIMEOUT),
    "drips a body without length": (drip(b" ", answer(b"", "A: b")), Unheard.TIMEOUT),
    "drips a body and closes": (drip(b" ", answer(b"", "Connection: close")), Unheard.TIMEOUT),
    "drips chunks": (drip(b"1\r\n \r\n", answer(b"", "Transfer-Encoding: chunked")), Unheard.TIMEOUT),
    "continues for ever": (drip(b"HTTP/1.1 100 Continue\r\n\r\n", every_s=0.0), Unheard.TIMEOUT),
    "cut off within the body": (say(answer(GRANT, "Content-Length: 999")), Unheard.CUT_OFF),
    "longer than it says": (say(answer(GRANT, "Content-Length: 20")), Unheard.NOT_JSON),
    "says two lengths": (say(answer(GRANT, "Content-Length: 20", "Content-Length: 57")), Unheard.NONSENSE),
    "says a negative length": (say(answer(b"", "Content-Length: -1")), Unheard.NOT_JSON),
    "says a length in words": (say(answer(b"", "Content-Length: many")), Unheard.NOT_JSON),
    "garbage instead of chunks": (say(answer(b"zz\r\n", "Transfer-Encoding: chunked")), Unheard.CUT_OFF),
    "chunks that end too early": (say(answer(b"ff\r\n{", "Transfer-Encoding: chunked")), Unheard.CUT_OFF),
    "10 GB": (pour(b" ", answer(b"", "Content-Length: 10000000000")), Unheard.TOO_BIG),
    "10 GB without length": (pour(b" ", answer(b"", "A: b")), Unheard.TOO_BIG),
    "10 GB in chunks": (pour(b"1\r\n \r\n", answer(b"", "Transfer-Encoding: chunked")), Unheard.TOO_BIG),
    "10 GB in one header": (pour(b"a", OK + b"A: "), Unheard.TOO_BIG),
    "10 GB of headers": (pour(b"A: b\r\n", OK), Unheard.TOO_BIG),
    "10 GB of status": (pour(b"a", b"HTTP/1.1 200 "), Unheard.TOO_BIG),
    "a header of 1 MB": (say(answer(GRANT, "A: " + "b" * 1_000_000)), Unheard.TOO_BIG),
    "a gzip bomb": (
        say(answer(gzip.compress(b" " * 10_000_000), "Content-Encoding: gzip")),
        Unheard.NOT_JSON,
    ),
    "compressed in a way nobody knows": (say(answer(GRANT, "Content-Encoding: zippy")), Unheard.NOT_JSON),
    "HTTP/0.9": (say(b"<html>welcome</html>"), Unheard.NONSENSE),
    "SSH": (say(b"SSH-2.0-OpenSSH_9.2\r\n"), Unheard.NONSENSE),
    "HTTP/9.9": (say(b"HTTP/9.9 200 OK\r\n\r\n"), Unheard.NONSENSE),
    "a status in words": (say(b"HTTP/1.1 fine OK\r\n\r\n"), Unheard.NONSENSE),
    "a captive portal": (say(answer(b"<html>Please log in</html>")), Unheard.NOT_JSON),
    "nothing": (say(answer(b"")), Unheard.NOT_JSON),
    "UTF-16": (say(answer(GRANT.decode().encode("utf-16"))), Unheard.NOT_JSON),
    "GBK": (say(answer('{"errcode":1,"errmsg":"系统繁忙"}'.encode("gbk"))), Unheard.NOT_JSON),
    "duplicate keys": (
        say(answer(b'{"access_token":"A","access_token":"B","expires_in":1}')),
        Unheard.NOT_JSON,
    ),
    "deep JSON": (say(answer(b"[" * 60_000)), Unheard.NOT_JSON),
    "a list": (say(answer(b"[]")), Unheard.NONSENSE),
    "not a number": (say(answer(b'{"access_token":"A","expires_in":NaN}')), Unheard.NOT_JSON),
    "a life of ages": (say(answer(b'{"access_token":"A","expires_in":1e999}')), Unheard.NONSENSE),
    "a number of 60,000 digits": (
        say(answer(b'{"access_token":"A","expires_in":' + b"9" * 60_000 + b"}")),
        Unheard.NOT_JSON,
    ),
    "a negative life": (say(answer(b'{"access_token":"A","expires_in":-5}')), Unheard.NONSENSE),
    "an empty token": (say(answer(b'{"access_token":"","expires_in":7200}')), Unheard.NONSENSE),
    "a cookie that is none": (say(answer(b"", "Set-Cookie: \x01;;=;expires=never")), Unheard.NOT_JSON),
    **{
        f"a redirect {where} with {code}": (say(answer(b"", header, status=f"{code} X")), Unheard.REDIRECTED)
        for where, header in REDIRECTS.items()
        for code in (301, 302, 303, 307, 308)
    },
    "a redirect of 10 GB": (
        pour(b" ", answer(b"", "Location: /", status="302 Found")),
        Unheard.REDIRECTED,
    ),
    **{
        f"status {code}": (say(answer(GRANT, status=f"{code} X")), Unheard.HTTP_STATUS)
        for code in (201, 206, 400, 401, 403, 404, 407, 418, 429, 451, 500, 502, 503, 504, 599)
    },
    "status 204": (say(answer(b"", status="204 No Content")), Unheard.HTTP_STATUS),
    "status 304": (say(answer(b"", status="304 Not Modified")), Unheard.REDIRECTED),
    "status 502 that drips": (drip(b" ", answer(b"", "A: b", status="502 X")), Unheard.HTTP_STATUS),
    "status 502 in gzip": (
        say(answer(b"\x1f\x8b", "Content-Encoding: gzip", status="502 X")),
        Unheard.HTTP_STATUS,
    ),
    "an upgrade": (say(answer(b"", "Upgrade: h2c", status="101 X")), Unheard.HTTP_STATUS),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_ends_in_time_with_a_reason(fault: str) -> None:
    scene, expected = FAULTS[fault]
    requests = [CLASSIC] if expected is Unheard.TIMEOUT else [CLASSIC, STABLE, TICKET]
    with FaultServer(scene) as server:
        for request in requests:
            heard = ask(server.base, request)
            assert isinstance(heard, Silence)
            assert heard.how is expected
            assert heard.reached or scene is reset  # which may be noticed before anything is sent


def test_a_header_line_that_is_none_is_overlooked_and_not_complained_about_with_the_url() -> None:
    """urllib3 would write the URL into a warning."""
    with FaultServer(say(OK + b"no colon here\r\n\r\n" + GRANT)) as server:
        assert isinstance(ask(server.base, CLASSIC), Grant)


def test_control_characters_in_an_errmsg_do_not_get_through() -> None:
    body = json.dumps({"errcode": 40001, "errmsg": f"bad\0\x1b[31m\n{SECRET} rid: 66a1-0b2c-3d4e"}).encode()
    with FaultServer(say(answer(body))) as server:
        assert ask(server.base) == Refusal(40001, "bad [31m … rid: 66a1-0b2c-3d4e", "66a1-0b2c-3d4e")


def test_a_reply_of_the_greatest_size_is_read_and_one_byte_more_is_not() -> None:
    for size, kind in ((REPLY_MAX, Reply), (REPLY_MAX + 1, Silence)):
        with FaultServer(say(answer(b" " * size))) as server:
            assert isinstance(transport(server.base).send(STABLE), kind)


def test_10_gb_take_no_memory() -> None:
    ask_and_forget = FAULTS["10 GB without length"][0]
    with FaultServer(ask_and_forget) as server:
        http = transport(server.base)
        http.send(STABLE)
        tracemalloc.start()
        for _ in range(5):
            assert http.send(STABLE) == Silence(Unheard.TOO_BIG)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        http.close()
    assert peak < 4_000_000  # the server's own blocks are in it


# --- nobody there


def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    assert ask(f"http://127.0.0.1:{port}") == Silence(Unheard.OFFLINE, "refused", reached=False)


@pytest.mark.parametrize("host", ["no-such-host.invalid", "..", "a" * 70 + ".invalid", "\N{SNOWMAN}.invalid"])
def test_a_name_that_nobody_knows(host: str) -> None:
    heard = ask(f"https://{host}")
    assert isinstance(heard, Silence)
    assert heard.how is Unheard.OFFLINE
    assert not heard.reached


def test_a_server_too_busy_to_accept_does_not_hold_the_call() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        address = listener.getsockname()
        waiting = [socket.socket() for _ in range(3)]
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(address)
        heard = ask(f"http://127.0.0.1:{address[1]}")
        for one in waiting:
            one.close()
    assert heard == Silence(Unheard.TIMEOUT, reached=False)


def test_a_server_that_accepts_and_then_sleeps() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        heard = ask(f"http://127.0.0.1:{listener.getsockname()[1]}")
    assert heard == Silence(Unheard.TIMEOUT, reached=True)


# --- TLS


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> certificates.Authority:
    made = certificates.make_authority(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(made.file))
    return made


def test_a_certificate_that_the_system_trusts(authority: certificates.Authority, tmp_path: Path) -> None:
    tls = certificates.server_side(tmp_path, authority, "127.0.0.1")
    with FaultServer(say_on_and_on(*[answer(GRANT)] * 2), tls=tls) as server:
        http = transport(server.base)
        assert isinstance(http.send(CLASSIC), Reply)
        assert isinstance(http.send(CLASSIC), Reply)
        http.close()
        assert server.connections == 1


BAD_CERTIFICATES = {
    "certificate expired": {"until": -1},
    "certificate not yet valid": {"since": 9000},
}


@pytest.mark.parametrize("words", BAD_CERTIFICATES)
def test_a_certificate_out_of_its_time(words: str, authority: certificates.Authority, tmp_path: Path) -> None:
    tls = certificates.server_side(tmp_path, authority, "127.0.0.1", **BAD_CERTIFICATES[words])
    with FaultServer(say(answer(GRANT)), tls=tls) as server:
        assert ask(server.base) == Silence(Unheard.TLS, words, reached=False)
    assert not server.heard


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_certificate_of_another_host(host: str, authority: certificates.Authority, tmp_path: Path) -> None:
    tls = certificates.server_side(tmp_path, authority, "api.weixin.qq.com")
    with FaultServer(say(answer(GRANT)), tls=tls) as server:
        heard = ask(f"https://{host}:{server.port}")
    assert heard == Silence(Unheard.TLS, "certificate of another host", reached=False)
    assert not server.heard


@pytest.mark.usefixtures("authority")
def test_a_certificate_that_signs_itself(tmp_path: Path) -> None:
    tls = certificates.server_side(tmp_path, None, "127.0.0.1")
    with FaultServer(say(answer(GRANT)), tls=tls) as server:
        assert ask(server.base) == Silence(Unheard.TLS, "certificate signed by itself", reached=False)


@pytest.mark.usefixtures("authority")
def test_a_certificate_by_an_unknown_authority(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    other = certificates.make_authority(tmp_path / "other")
    tls = certificates.server_side(tmp_path, other, "127.0.0.1")
    with FaultServer(say(answer(GRANT)), tls=tls) as server:
        heard = ask(server.base)
    assert isinstance(heard, Silence)
    assert heard.how is Unheard.TLS
    assert not heard.reached


def test_no_variable_switches_the_check_off(
    authority: certificates.Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tls = certificates.server_side(tmp_path, authority, "127.0.0.1")
    monkeypatch.delenv("SSL_CERT_FILE")
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.setenv(name, str(authority.file))
    monkeypatch.setenv("PYTHONHTTPSVERIFY", "0")
    with FaultServer(say(answer(GRANT)), tls=tls) as server:
        heard = ask(server.base)
    assert isinstance(heard, Silence)
    assert heard.how is Unheard.TLS


# ssl.SSLSocket forgets to close itself if the connection breaks between connect and handshake
LEFT_BY_PYTHON = pytest.mark.filterwarnings("ignore:unclosed <truststore:ResourceWarning")


def close_after_a_word(connection: socket.socket) -> None:
    connection.recv(65536)


def test_nobody_inside_can_switch_the_check_off_either(
    authority: certificates.Authority, tmp_path: Path
) -> None:
    tls = certificates.server_side(tmp_path, authority, "127.0.0.1", until=-1)
    with FaultServer(say(answer(GRANT)), tls=tls) as server:
        http = transport(server.base)
        http.send(CLASSIC)
        assert http._session
        http._session.verify = False
        assert http.send(CLASSIC) == Silence(Unheard.TLS, "certificate expired", reached=False)
        http.close()


TLS_FAULTS: dict[str, tuple[Scene, Unheard]] = {
    "plain HTTP on the TLS port": (lambda c: c.sendall(answer(GRANT, status="400 Bad")), Unheard.TLS),
    "garbage": (lambda c: c.sendall(b"\x00" * 500), Unheard.TLS),
    "closed": (shut, Unheard.CUT_OFF),
    "reset": (reset, Unheard.CUT_OFF),
    "closed after the first word": (close_after_a_word, Unheard.CUT_OFF),
    "hangs in the handshake": (hang, Unheard.TIMEOUT),
    "drips the handshake": (drip_tls, Unheard.TIMEOUT),
}


@LEFT_BY_PYTHON
@pytest.mark.parametrize("fault", TLS_FAULTS)
def test_a_handshake_that_comes_to_nothing(fault: str) -> None:
    scene, expected = TLS_FAULTS[fault]
    with FaultServer(scene) as server:
        heard = ask(f"https://127.0.0.1:{server.port}")
    assert isinstance(heard, Silence)
    assert (heard.how, heard.reached) == (expected, False)


def test_the_deadline_holds_in_a_handshake_that_is_allowed_to_take_longer() -> None:
    with FaultServer(drip_tls) as server:
        http = transport(f"https://127.0.0.1:{server.port}", connect_s=30)
        started = time.monotonic()
        assert http.send(CLASSIC) == Silence(Unheard.TIMEOUT, reached=False)
        assert time.monotonic() - started < TOTAL_S + SLACK_S


SLOW_OVER_TLS = ["hangs before the headers", "drips headers", "drips a body", "drips a body and closes"]


@pytest.mark.parametrize(
    "fault", [*SLOW_OVER_TLS, "10 GB", "reset within the body", "cut off within the body"]
)
def test_faults_are_the_same_over_tls(fault: str, authority: certificates.Authority, tmp_path: Path) -> None:
    scene, expected = FAULTS[fault]
    tls = certificates.server_side(tmp_path, authority, "127.0.0.1")
    with FaultServer(scene, tls=tls) as server:
        heard = ask(server.base)
    assert isinstance(heard, Silence)
    assert (heard.how, heard.reached) == (expected, True)


# --- proxies

FAR_AWAY = "https://api.weixin.test"


@pytest.fixture
def far_server(authority: certificates.Authority, tmp_path: Path) -> Iterator[FaultServer]:
    """A WeChat whose name only a proxy knows."""
    tls = certificates.server_side(tmp_path, authority, "api.weixin.test")
    with FaultServer(say_on_and_on(*[answer(GRANT)] * 3), tls=tls) as server:
        yield server


def test_the_systems_proxy_is_used(far_server: FaultServer, monkeypatch: pytest.MonkeyPatch) -> None:
    with FaultServer(tunnel_to(far_server.port)) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://user:pass@127.0.0.1:{proxy.port}")
        http = transport(FAR_AWAY)
        assert isinstance(http.send(CLASSIC), Reply)
        assert isinstance(http.send(CLASSIC), Reply)
        http.close()
        assert proxy.connections == 1
    said_to_proxy = b"".join(proxy.heard)
    assert said_to_proxy.startswith(b"CONNECT api.weixin.test:443 ")
    assert b"Proxy-Authorization: Basic" in said_to_proxy
    assert SECRET.encode() not in said_to_proxy
    assert b"Proxy-Authorization" not in b"".join(far_server.heard)


def test_a_host_that_is_excepted_does_not_go_through_the_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    with FaultServer(say(b"")) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{proxy.port}")
        monkeypatch.setenv("NO_PROXY", ".test")
        assert ask(FAR_AWAY) == Silence(Unheard.OFFLINE, "name not found", reached=False)
        assert proxy.connections == 0


@pytest.mark.parametrize("variable", ["HTTP_PROXY", "http_proxy", "ALL_PROXY"])
def test_this_machine_is_never_reached_through_a_proxy(
    variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with FaultServer(say(b"")) as proxy, FaultServer(say(answer(GRANT))) as server:
        monkeypatch.setenv(variable, f"http://127.0.0.1:{proxy.port}")
        assert isinstance(ask(server.base), Grant)
        assert proxy.connections == 0


PROXY_FAULTS: dict[str, tuple[Scene, str]] = {
    "wants a password": (say(answer(b"", status="407 Proxy Authentication Required")), "HTTP 407"),
    "forbids it": (say(answer(b"<html>", status="403 Forbidden")), "HTTP 403"),
    "cannot reach it": (say(answer(b"", status="502 Bad Gateway")), "HTTP 502"),
    "closes": (say(b""), "cut-off"),
    "resets": (say_and_reset(), "cut-off"),
    "speaks something else": (say(b"SSH-2.0\r\n"), "not HTTP"),
    "hangs": (say_and_hang(), "no answer"),
    "drips": (drip(b"A: b\r\n", OK), "no answer"),
}


@pytest.mark.parametrize("fault", PROXY_FAULTS)
def test_a_proxy_that_does_not_help(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    scene, words = PROXY_FAULTS[fault]
    with FaultServer(scene) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{proxy.port}")
        assert ask(FAR_AWAY) == Silence(Unheard.PROXY, words, reached=False)


def test_a_dead_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{port}")
    assert ask(FAR_AWAY) == Silence(Unheard.PROXY, "refused", reached=False)


@pytest.mark.parametrize(
    ("proxy", "words"),
    [
        ("http://no-such-host.invalid:3128", "name not found"),
        ("socks5://127.0.0.1:1080", "SOCKS is not supported"),
        ("http://", "bad address"),
        ("http://127.0.0.1:99999", "bad address"),
    ],
)
def test_a_proxy_setting_that_leads_nowhere(proxy: str, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", proxy)
    assert ask(FAR_AWAY) == Silence(Unheard.PROXY, words, reached=False)


def test_a_bad_certificate_behind_a_proxy_is_not_the_proxys_fault(
    authority: certificates.Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tls = certificates.server_side(tmp_path, authority, "other.test")
    with FaultServer(say(answer(GRANT)), tls=tls) as server, FaultServer(tunnel_to(server.port)) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{proxy.port}")
        assert ask(FAR_AWAY) == Silence(Unheard.TLS, "certificate of another host", reached=False)


def test_a_server_that_hangs_behind_a_proxy_has_been_reached(
    authority: certificates.Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tls = certificates.server_side(tmp_path, authority, "api.weixin.test")
    with FaultServer(say_and_hang(), tls=tls) as server, FaultServer(tunnel_to(server.port)) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{proxy.port}")
        assert ask(FAR_AWAY) == Silence(Unheard.TIMEOUT, reached=True)


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
        http = WeChatHttp(server.base, total_s=0.03)
        http.send(STABLE)
        time.sleep(0.05)
        files, threads = open_files(), threading.active_count()
        for _ in range(50):
            assert isinstance(http.send(STABLE), Silence | Reply)
        http.close()
        for _ in range(100):  # the server needs a moment to let go of its half
            if open_files() <= files and threading.active_count() <= threads:
                break
            time.sleep(0.02)
        assert open_files() <= files
        assert threading.active_count() <= threads


@LEFT_BY_PYTHON
def test_fifty_handshakes_that_hang_leave_no_open_file_and_no_thread() -> None:
    with FaultServer(drip_tls) as server:
        http = WeChatHttp(f"https://127.0.0.1:{server.port}", total_s=0.03)
        http.send(STABLE)
        time.sleep(0.1)
        files, threads = open_files(), threading.active_count()
        for _ in range(50):
            assert http.send(STABLE) == Silence(Unheard.TIMEOUT, reached=False)
        http.close()
        time.sleep(0.3)
        assert open_files() <= files + 2
        assert threading.active_count() <= threads + 2
