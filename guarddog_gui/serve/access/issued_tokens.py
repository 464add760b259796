"""Access tokens that were given to clients: with one of them a client asks for a ticket."""

import hashlib
import threading
from collections import OrderedDict

from guarddog_gui.domain.tokens.expiry import OLD_TOKEN_GRACE_S

_ENTRIES_MAX = 10_000


class IssuedTokens:
    """AppIDs by the hashes of their tokens, in memory. Safe to use from any thread.

    A client asks for a ticket with the token alone, as WeChat's page on getTicket says. A replaced token is accepted
    for as long as WeChat accepts it beside the new one. All clients of an account get the same token, which therefore
    does not identify the client.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._appids: OrderedDict[bytes, tuple[str, float]] = OrderedDict()  # with the end of their lives

    def add(self, token: str, appid: str, expires_at: float) -> None:
        digest = _digest(token)
        with self._lock:
            self._appids.pop(digest, None)
            self._appids[digest] = appid, expires_at + OLD_TOKEN_GRACE_S
            if len(self._appids) > _ENTRIES_MAX:
                self._appids.popitem(last=False)

    def find_appid(self, token: str, now: float) -> str | None:
        with self._lock:
            appid, valid_until = self._appids.get(_digest(token), ("", 0.0))
        return appid if now < valid_until else None


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).digest()
