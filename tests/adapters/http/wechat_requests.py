"""Requests to a server of a test, each checked to end within its deadline and to keep its secrets."""

from __future__ import annotations

import time

import pytest

from guarddog_gui.adapters.http.client import WeChatHttpClient
from guarddog_gui.domain.accounts.account import Account, Endpoint, Secret
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.domain.wechat.protocol import (
    Answer,
    Request,
    TransportFailure,
    parse_token_reply,
    ticket_request,
    token_request,
)

SECRET = "5ec3e7" + "0f" * 13
TOKEN = "T0KEN-" + "a1" * 40
PROXY_PASSWORD = "pr0xy:p@ss/wörd"
CLASSIC = token_request(Account("wx0000000000000001", "shop", endpoint=Endpoint.CLASSIC), Secret(SECRET), force=False)
STABLE = token_request(Account("wx0000000000000001", "shop"), Secret(SECRET), force=False)
TICKET = ticket_request(TOKEN, TokenKind.JSAPI_TICKET)
TOTAL_S = 0.6
SLACK_S = 1.0  # two busy cores


def transport(base: str, *, connect_s: float = 0.4, read_s: float = 0.4, idle_s: float = 30.0) -> WeChatHttpClient:
    return WeChatHttpClient(
        base, connect_timeout_s=connect_s, read_timeout_s=read_s, total_timeout_s=TOTAL_S, idle_max_s=idle_s
    )


def ask(base: str, request: Request = CLASSIC) -> Answer:
    """Send one request, check that it ends within its deadline, and return the parsed answer."""
    http = transport(base)
    try:
        started = time.monotonic()
        reply = http.send(request)
        assert time.monotonic() - started < TOTAL_S + SLACK_S
    finally:
        http.close()
    answer = (
        reply if isinstance(reply, TransportFailure) else parse_token_reply(reply, "access_token", secrets=(SECRET,))
    )
    assert SECRET not in repr(answer)
    assert TOKEN not in repr(answer)
    return answer


# WORKAROUND: ssl.SSLSocket does not close itself if the connection breaks between connect and handshake
LEFT_OPEN_BY_PYTHON = pytest.mark.filterwarnings("ignore:unclosed <truststore:ResourceWarning")
FAR_AWAY = "https://api.weixin.test"
