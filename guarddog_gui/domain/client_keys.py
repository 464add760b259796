"""Keys of the clients of `serve`, which they send in the place of an AppSecret."""

import base64
import hashlib
import hmac
import re

from msgspec import Struct

from guarddog_gui.domain.hidden_fields import HiddenFields

KEY_BYTES = 32  # 256 random bits
KEY_PREFIX = "gdk_"  # by which scanners for leaked secrets, and our own log, recognise a key
KEY_LENGTH_MAX = 128  # characters of a received key; a longer one is wrong without being hashed

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")


class ClientKey(HiddenFields, Struct, frozen=True):
    """Key of one client, of which only the hash is stored.

    sha256       hash of the key in hexadecimal digits, see `hash_key`
    appids       accounts whose values the client gets
    all_accounts the client gets those of every account, also of later ones
    metrics      the client may read /metrics and nothing else
    created_at   Unix seconds
    """

    hidden_fields = ("sha256",)

    name: str
    sha256: str
    appids: tuple[str, ...] = ()
    all_accounts: bool = False
    metrics: bool = False
    created_at: float = 0.0

    def may_use(self, appid: str) -> bool:
        return not self.metrics and (self.all_accounts or appid in self.appids)


def make_key(random_bytes: bytes) -> str:
    """Return the key for KEY_BYTES random bytes, in characters that need no escaping in a URL."""
    return KEY_PREFIX + base64.urlsafe_b64encode(random_bytes).rstrip(b"=").decode()


def hash_key(key: str) -> str:
    """Return the SHA-256 of a key.

    A slow hash with a salt, such as scrypt, protects passwords: they are chosen from few possibilities, all of which
    can be tried with a stolen file. A key is 256 random bits, too many to try a noticeable part, however fast the
    hash is. No two keys are equal either, so that a salt would hide nothing. And a slow hash for each request
    would let wrong keys keep the server busy.
    """
    return hashlib.sha256(key.encode("utf-8", "surrogateescape")).hexdigest()


def find_client(keys: tuple[ClientKey, ...], key: str) -> ClientKey | None:
    """Return the client with this key. The time depends on the number of clients only.

    The hashes are compared in constant time, and all of them, although the time of a comparison could tell about the
    hash of a key at most, from which there is no way back to the key.
    """
    presented = hash_key(key[: KEY_LENGTH_MAX + 1])
    found = None
    for client in keys:
        if hmac.compare_digest(client.sha256, presented):
            found = client
    return found


def is_valid_client_name(name: str) -> bool:
    """Return True for a name that stands in log lines and metrics as it is."""
    return _NAME.fullmatch(name) is not None
