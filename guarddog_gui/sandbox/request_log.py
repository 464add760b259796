"""Request ids (rids), one for every refused call, and the calls that openapi/rid/get returns for them."""

import zlib
from collections import OrderedDict

from msgspec import Struct

from guarddog_gui.domain.hidden_fields import HiddenFields

RETENTION_S = 7 * 24 * 3600
_CALLS_MAX = 2000  # the oldest calls are dropped first; WeChat keeps all calls of a week


class LoggedCall(HiddenFields, Struct, frozen=True):
    """A refused call. `appid` is None if the account is unknown; `at` is in Unix seconds."""

    hidden_fields = ("url", "request_body", "response_body")

    appid: str | None
    at: float
    url: str
    request_body: str
    response_body: str
    ip: str


class RequestLog:
    """Refused calls by rid. A rid is `hex8-hex8-hex8` and begins with the Unix time, as WeChat's do."""

    def __init__(self) -> None:
        self._calls: OrderedDict[str, LoggedCall] = OrderedDict()
        self._count = 0

    def make_rid(self, now: float) -> str:
        self._count += 1
        checksum = zlib.crc32(self._count.to_bytes(8, "big"))
        return f"{int(now) & 0xFFFFFFFF:08x}-{checksum:08x}-{self._count & 0xFFFFFFFF:08x}"

    def add(self, rid: str, call: LoggedCall) -> None:
        self._calls[rid] = call
        if len(self._calls) > _CALLS_MAX:
            self._calls.popitem(last=False)

    def find(self, rid: str) -> LoggedCall | None:
        return self._calls.get(rid)
