"""Sharing of an account through Redis, as it is stored with the account: role, address and names of keys."""

from enum import StrEnum

from msgspec import Struct

from guarddog_gui.domain.tokens.record import TokenKind

KEY_NAME_LENGTH_MAX = 256
APPID_PLACEHOLDER = "{appid}"  # stands for the AppID in the name of a key


class SharingRole(StrEnum):
    """What this computer does with a shared account."""

    OWN = "own"  # not shared
    LEADER = "leader"  # asks WeChat and writes to Redis; any number of computers may be leaders
    FOLLOWER = "follower"  # has no AppSecret and only reads


class KeyFormat(StrEnum):
    """Programs whose keys in Redis Guard Dog writes or reads, beside its own."""

    WECHATPY = "wechatpy"
    WXJAVA = "wxjava"
    SILENCEPER = "silenceper"
    SYMFONY = "symfony"
    PLAIN = "plain"


class KeyNames(Struct, frozen=True):
    """Keys of one program; an empty name stands for those that the program uses by default."""

    format: KeyFormat
    token_key: str = ""
    ticket_key: str = ""

    def names(self, appid: str, kind: TokenKind) -> tuple[str, ...]:
        """Return the keys that hold this value of the account, the preferred one first; none for a card ticket."""
        if kind is TokenKind.CARD_TICKET:
            return ()
        is_token = kind is TokenKind.ACCESS_TOKEN
        name = self.token_key if is_token else self.ticket_key
        defaults = _DEFAULT_TOKEN_KEYS if is_token else _DEFAULT_TICKET_KEYS
        templates = (name,) if name else defaults.get(self.format, ())
        return tuple(template.replace(APPID_PLACEHOLDER, appid) for template in templates)


# read from the source code of the programs; silenceper's second one is that of its stable_token
_DEFAULT_TOKEN_KEYS = {
    KeyFormat.WECHATPY: ("wechatpy:{appid}_access_token",),
    KeyFormat.WXJAVA: ("wx:access_token:{appid}",),
    KeyFormat.SILENCEPER: (
        "gowechat_officialaccount__access_token_{appid}",
        "gowechat_officialaccount__stable_access_token_{appid}",
    ),
}
_DEFAULT_TICKET_KEYS = {
    KeyFormat.WECHATPY: ("wechatpy:{appid}_jsapi_ticket",),
    KeyFormat.WXJAVA: ("wx:ticket:key:{appid}:jsapi",),
    KeyFormat.SILENCEPER: ("gowechat_officialaccount__jsapi_ticket_{appid}",),
}


class Sharing(Struct, frozen=True):
    """How an account is shared.

    url            address of Redis, without a password
    ca_file        file with the certificate of the authority that signed the server's; empty for the system's list
    formats        of a leader: keys that are written as well; of a follower: keys that are read instead of Guard Dog's
    has_password   the keyring has a password for it; without one the keyring is not asked
    """

    role: SharingRole
    url: str
    ca_file: str = ""
    formats: tuple[KeyNames, ...] = ()
    has_password: bool = False

    @property
    def is_follower(self) -> bool:
        return self.role is SharingRole.FOLLOWER

    @property
    def follows_foreign_keys(self) -> bool:
        """Return True if the values come from the keys of production's SDK and not from another Guard Dog."""
        return self.is_follower and bool(self.formats)


def channel_name(appid: str) -> str:
    """Return the channel on which changes are published, and the start of all keys of an account.

    The braces are a hash tag: a cluster keeps all keys with the same one in one slot.
    """
    return f"guarddog:{{{appid}}}"


def lock_key(appid: str) -> str:
    return f"{channel_name(appid)}:lock"


def value_key(appid: str, kind: TokenKind) -> str:
    return f"{channel_name(appid)}:{kind}"


def sighting_key(appid: str, kind: TokenKind) -> str:
    """Return the key that says when a ticket was first seen; it outlives the value."""
    return f"{value_key(appid, kind)}:seen"


def parse_key_names(text: str, previous: tuple[KeyNames, ...] = ()) -> tuple[KeyNames, ...] | None:
    """Add `FORMAT`, `FORMAT=KEY` or `FORMAT:ticket=KEY` to the formats; None if there is no such format."""
    left, _, key = text.partition("=")
    word, _, part = left.partition(":")
    if word not in set(KeyFormat) or part not in ("", "token", "ticket") or (part and not key):
        return None
    key_format = KeyFormat(word)
    known = {names.format: names for names in previous}
    names = known.get(key_format, KeyNames(key_format))
    is_ticket = part == "ticket"
    known[key_format] = KeyNames(
        key_format, names.token_key if is_ticket else key or names.token_key, key if is_ticket else names.ticket_key
    )
    return tuple(known.values())
