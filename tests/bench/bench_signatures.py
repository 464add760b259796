"""Signatures of `wx.config` on one core, against `wechatpy` and against hashing the finished string."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha1
from typing import Any

from wechatpy.client import WeChatClient

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.signing.signature import SignatureInput
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord
from guarddog_gui.services.signing import SignedPage, Signer, SignRequest
from tests.bench.rows import Bench, Figures, Row, Sides, Size, at_least_times

TICKET = "sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg"
NONCE, TIMESTAMP, URL = "Wm3WZYTPz0wzccnW", 1414587457, "http://mp.weixin.qq.com?params=value"
EXPECTED = "0f9de62fce790f9a083d5c99e95740ceb90c27ed"  # of WeChat's own example


class OneTicket:
    """Reader of `.dog` files that always has the same ticket."""

    def __init__(self, record: TokenRecord) -> None:
        self._record = record

    def directory(self, _account: Account) -> str:
        return self._record.directory

    def token_check_at(self, _account: Account) -> float:
        return 0.0

    def read(self, _account: Account, _kind: TokenKind) -> TokenRecord:
        return self._record


def per_core_second(call: Callable[[], str], count: int) -> float:
    """Return the calls a second of processor time, so that other load of the machine does not count."""
    started_at = time.thread_time()
    for _ in range(count):
        call()
    return count / (time.thread_time() - started_at)


@contextmanager
def open_signatures(size: Size) -> Iterator[Sides]:
    count = size.choose(200_000, 50_000, 100)
    client: Any = WeChatClient("wx1", "s")  # type: ignore[no-untyped-call] # has no types
    string = SignatureInput(TICKET, NONCE, TIMESTAMP, URL).signed_string.encode()

    def sign() -> str:
        return SignatureInput(TICKET, NONCE, TIMESTAMP, URL).signature

    def sign_with_wechatpy() -> str:
        signature: str = client.jsapi.get_jsapi_signature(NONCE, TICKET, TIMESTAMP, URL)
        return signature

    def hash_only() -> str:
        return sha1(string, usedforsecurity=False).hexdigest()

    record = TokenRecord(TICKET, 7200, int(time.time() * 1000), "/dogs", 290)
    account = Account("wx1234567890abcdef", "Shop")
    signer = Signer(dog_files=OneTicket(record), clock=time.time)

    def check_and_sign() -> str:
        page = signer.sign_page(account, SignRequest(URL, NONCE, str(TIMESTAMP)))
        assert isinstance(page, SignedPage)
        return page.signature_input.signature

    assert check_and_sign() == sign() == sign_with_wechatpy() == hash_only() == EXPECTED

    def ours() -> Figures:
        figure = per_core_second(sign, count)
        return {"wechatpy": figure, "SHA-1": figure, "checked": per_core_second(check_and_sign, count // 10)}

    def other() -> Figures:
        theirs = per_core_second(sign_with_wechatpy, count)
        return {"wechatpy": theirs, "SHA-1": per_core_second(hash_only, count), "checked": theirs}

    yield Sides(ours, other)


SIGNATURES = Bench(
    "signatures",
    (
        Row("wechatpy", "signatures, one core", "`wechatpy`", "a second", at_least_times(1)),
        Row("SHA-1", "signatures, one core", "bare SHA-1 of the finished string", "a second", at_least_times(0.333)),
        Row(
            "checked",
            "signatures with all checks of the URL and its warnings",
            "`wechatpy`, which checks nothing",
            "a second",
        ),
    ),
    rounds=9,
    quick_rounds=3,
    open=open_signatures,
)
