"""Request ids: made for every error, and remembered for openapi/rid/get."""

import zlib
from collections import OrderedDict
from dataclasses import dataclass

KEPT_S = 7 * 24 * 3600
_KEPT_MAX = 2000  # the oldest go first; WeChat keeps all of a week


@dataclass(frozen=True, slots=True)
class PastCall:
    """A refused call as rid/get tells it. `appid` is None if the caller could not be told."""

    appid: str | None
    at: float
    url: str
    body: str
    answer: str
    ip: str


class RidLog:
    """Makes rids, `hex8-hex8-hex8` with the Unix time in front, and keeps the calls that they stand for."""

    def __init__(self) -> None:
        self._calls: OrderedDict[str, PastCall] = OrderedDict()
        self._count = 0

    def make(self, now: float) -> str:
        self._count += 1
        scrambled = zlib.crc32(self._count.to_bytes(8, "big"))
        return f"{int(now) & 0xFFFFFFFF:08x}-{scrambled:08x}-{self._count & 0xFFFFFFFF:08x}"

    def keep(self, rid: str, call: PastCall) -> None:
        self._calls[rid] = call
        if len(self._calls) > _KEPT_MAX:
            self._calls.popitem(last=False)

    def find(self, rid: str) -> PastCall | None:
        return self._calls.get(rid)
