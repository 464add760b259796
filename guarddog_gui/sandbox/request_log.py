"""Request ids: made for every error, and remembered for openapi/rid/get."""

import zlib
from collections import OrderedDict
from dataclasses import dataclass, field

RETENTION_S = 7 * 24 * 3600
_CALLS_MAX = 2000  # the oldest go first; WeChat keeps all of a week


@dataclass(frozen=True, slots=True)
class LoggedCall:
    """A refused call as rid/get tells it. `appid` is None if the caller could not be told."""

    appid: str | None
    at: float
    url: str = field(repr=False)
    request_body: str = field(repr=False)
    response_body: str = field(repr=False)
    ip: str


class RequestLog:
    """Makes rids, `hex8-hex8-hex8` with the Unix time in front, and keeps the calls that they stand for."""

    def __init__(self) -> None:
        self._calls: OrderedDict[str, LoggedCall] = OrderedDict()
        self._count = 0

    def make_rid(self, now: float) -> str:
        self._count += 1
        scrambled = zlib.crc32(self._count.to_bytes(8, "big"))
        return f"{int(now) & 0xFFFFFFFF:08x}-{scrambled:08x}-{self._count & 0xFFFFFFFF:08x}"

    def add(self, rid: str, call: LoggedCall) -> None:
        self._calls[rid] = call
        if len(self._calls) > _CALLS_MAX:
            self._calls.popitem(last=False)

    def find(self, rid: str) -> LoggedCall | None:
        return self._calls.get(rid)
