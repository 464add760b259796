"""What the log and crash reports keep, and what they never show."""

import base64
import time
from collections.abc import Callable
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guarddog_gui.domain.redaction import redact, redact_beginning, redact_strictly

SECRET = "0123456789abcdef0123456789abcdef"


def wrapped(width: int, line_break: str = "\n") -> Callable[[str], str]:
    return lambda value: line_break.join(value[at : at + width] for at in range(0, len(value), width))


FORMS: tuple[Callable[[str], str], ...] = (
    str,
    str.upper,
    repr,
    lambda value: repr([value, {"x": value}]),
    lambda value: quote(value, safe=""),
    lambda value: "".join(f"%{ord(character):02X}" for character in value),
    lambda value: base64.b64encode(value.encode()).decode(),
    lambda value: base64.encodebytes(value.encode()).decode(),
    lambda value: repr(base64.encodebytes(value.encode())),
    lambda value: value.encode().hex(),
    lambda value: value.encode().hex(" "),
    lambda value: value.encode().hex(":"),
    lambda value: f"https://api/cgi-bin/token?grant_type=x&secret={value}&a=b",
    lambda value: f'{{"access_token":"{value}","expires_in":7200}}',
    lambda value: f"<{value}>",
    *(wrapped(width) for width in (4, 8, 16, 20, 76)),
    wrapped(16, "\r\n"),
    wrapped(16, "\n    "),
    lambda value: repr(wrapped(5)(value)),
)

secrets = st.binary(min_size=16, max_size=16).map(bytes.hex)
tokens = st.builds(
    lambda number, noise: f"{number}_{base64.urlsafe_b64encode(noise).decode().rstrip('=')}",
    st.integers(1, 99),
    st.binary(min_size=64, max_size=120),
)
words = st.sampled_from(("failed", "with", "KeyError", "in", "'x'", "\n", "url:", "(", "40001", "—", "文件"))


@settings(max_examples=300, deadline=None)
@given(st.one_of(secrets, tokens), st.sampled_from(FORMS), st.lists(words, max_size=5), st.lists(words, max_size=5))
def test_no_form_of_a_secret_or_token_survives(
    value: str, form: Callable[[str], str], before: list[str], after: list[str]
) -> None:
    hidden = form(value)
    shown = redact_strictly(" ".join([*before, hidden, *after]))
    # six characters in a row are no more than a fingerprint shows
    for part in {value, hidden, value.upper()}:
        pieces = (part[at : at + 10] for at in range(len(part) - 9))
        assert [p for p in pieces if p in shown and p.isalnum() and not p.isalpha()] == []


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-29 09:53:11,123 4711 INFO guarddog_gui.runtime.worker_pool: the job RefreshTokens failed",
        "HTTPSConnectionPool(host='api.weixin.qq.com', port=443): Max retries exceeded with url: /cgi-bin/token",
        "JSONDecodeError SSLCertVerificationError QSystemTrayIcon PySide6 x86_64 getaddrinfo DBusErrorResponse",
        "~/.local/share/guarddog/dogs/wx1/ACCESS_TOKEN.dog: the disk is full",
        "errcode 40001: invalid credential 90_a…7Qz4 (136)",
        "Linux-6.1.0-28-amd64-x86_64-with-glibc2.36",
        "[Errno 28] No space left on device: '~/x/history.sqlite3'",
        "'NoneType' object has no attribute 'records'",
        "guarddog_gui/runtime/controller.py:285 in Controller._on_refresh_failed",
        "磁盘已满，请清理后重试",
    ],
)
def test_what_a_developer_needs_stays(text: str) -> None:
    assert redact_strictly(text) == text


def test_personal_data_is_removed() -> None:
    text = "/home/alice/x of alice, wx00000000000000a1, ww0000000000000b2c, 203.0.113.9 and 127.0.0.1"
    shown = "~/x of <user>, wx…00a1, wx…0b2c, … and 127.0.0.1".replace("wx…0b2c", "wx…0b2c")
    assert redact_strictly(text, "/home/alice", "alice") == shown


@pytest.mark.parametrize("length", range(100, 140))
def test_a_cut_leaves_no_part_of_a_secret(length: int) -> None:
    text = "x " * 50 + f"{SECRET} and more"
    assert not any(part in redact_beginning(text, length) for part in ("0123", "abcd"))
    assert redact_beginning("short", length) == "short"


def test_the_log_hides_base64_forms_too() -> None:
    assert redact(f"got {base64.b64encode(SECRET[:30].encode()).decode()}") == "got …"


@pytest.mark.parametrize(
    "text", ["a" * 10**6, "a\n" * 10**5, "aB1-" * 10**5, "%41" * 10**5, "01 " * 10**5, "\\n" * 10**5, "a \t" * 10**5]
)
def test_long_texts_are_redacted_quickly(text: str) -> None:  # a quadratic pattern would take minutes
    started = time.monotonic()
    redact_strictly(text)
    redact_beginning(text, 20_000)
    assert time.monotonic() - started < 10


@pytest.mark.parametrize("clean", [redact, redact_strictly])
def test_the_login_of_a_proxy_is_removed(clean: Callable[[str], str]) -> None:
    text = clean("InvalidProxyURL: http://me:s3cretpw@proxy:8080, socks5h://u:pw%40x@h:1 and 'https://me@h'")
    assert "s3cretpw" not in text
    assert "pw%40x" not in text
    assert "InvalidProxyURL" in text
