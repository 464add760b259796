"""Signatures of `wx.config` on one core, against `wechatpy` and against hashing the finished string."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha1
from typing import Any

from wechatpy.client import WeChatClient

from guarddog_gui.domain.signing.signature import SignatureInput
from tests.bench.rows import Bench, Figures, Row, Sides, Size, at_least_times

TICKET = "sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg"
NONCE, TIMESTAMP, URL = "Wm3WZYTPz0wzccnW", 1414587457, "http://mp.weixin.qq.com?params=value"
EXPECTED = "0f9de62fce790f9a083d5c99e95740ceb90c27ed"  # of WeChat's own example


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

    assert sign() == sign_with_wechatpy() == hash_only() == EXPECTED

    def ours() -> Figures:
        figure = per_core_second(sign, count)
        return {"wechatpy": figure, "SHA-1": figure}

    def other() -> Figures:
        return {"wechatpy": per_core_second(sign_with_wechatpy, count), "SHA-1": per_core_second(hash_only, count)}

    yield Sides(ours, other)


SIGNATURES = Bench(
    "signatures",
    (
        Row("wechatpy", "signatures, one core", "`wechatpy`", "a second", at_least_times(1)),
        Row("SHA-1", "signatures, one core", "bare SHA-1 of the finished string", "a second", at_least_times(0.333)),
    ),
    rounds=9,
    quick_rounds=3,
    open=open_signatures,
)
