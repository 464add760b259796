"""Fakes of the ports of the API console."""

import json
from collections.abc import Callable
from typing import Any

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.api.answer import ApiReply
from guarddog_gui.domain.api.call_log import Favourite, LoggedCall, add_call, with_favourite
from guarddog_gui.domain.api.request import ApiRequest
from guarddog_gui.domain.wechat.protocol import TransportFailure

PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
    b"\x00\x00\x00\rIDATx\x9cc\xf8\xcf\xc0\xf0\x1f\x00\x05\x00\x01\xff\x89\x99=\x1d\x00\x00\x00\x00IEND\xaeB`\x82"
)  # one pixel


def api_reply(status: int = 200, /, **fields: Any) -> ApiReply:
    return ApiReply(status, json.dumps(fields, ensure_ascii=False).encode())


class FakeApiTransport:
    """Transport that records calls with their tokens; without a script it answers `{"ok": true}`."""

    def __init__(self, *replies: ApiReply | TransportFailure) -> None:
        self.script = list(replies)
        self.sent: list[tuple[ApiRequest, str]] = []
        self.accounts: list[Account] = []
        self.before_answer: Callable[[], object] = lambda: None

    def send(self, request: ApiRequest, access_token: str, account: Account) -> ApiReply | TransportFailure:
        self.accounts.append(account)
        self.sent.append((request, access_token))
        self.before_answer()
        return self.script.pop(0) if self.script else api_reply(ok=True)

    @property
    def tokens(self) -> list[str]:
        return [token for _, token in self.sent]


class FakeApiCallStore:
    """Log of calls and favourites in memory."""

    def __init__(self) -> None:
        self.by_appid: dict[str, tuple[LoggedCall, ...]] = {}
        self.kept: tuple[Favourite, ...] = ()

    def calls(self, appid: str) -> tuple[LoggedCall, ...]:
        return self.by_appid.get(appid, ())

    def add(self, appid: str, call: LoggedCall) -> None:
        self.by_appid[appid] = add_call(self.calls(appid), call)

    def clear(self, appid: str) -> None:
        self.by_appid.pop(appid, None)

    def favourites(self) -> tuple[Favourite, ...]:
        return self.kept

    def set_favourite(self, favourite: Favourite, *, is_kept: bool) -> None:
        self.kept = with_favourite(self.kept, favourite, is_kept=is_kept)
