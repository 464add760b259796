"""WeChat accounts as Guard Dog keeps them, their JS-safe domains, and the AppSecret type."""

import os
import re
from enum import StrEnum
from typing import Any, NoReturn

from msgspec import Struct, field
from msgspec.structs import replace

from guarddog_gui.domain.accounts.route import SYSTEM_PROXY, api_base_problem, proxy_problem
from guarddog_gui.domain.errors import BadInput
from guarddog_gui.domain.exports.targets import ExportTarget, targets_problem, validate_targets
from guarddog_gui.domain.problems import InputProblem
from guarddog_gui.domain.sharing.settings import Sharing, SharingRole
from guarddog_gui.domain.tokens.expiry import Expiring
from guarddog_gui.domain.tokens.record import TokenKind

# getStableAccessToken issues a new token only in the last 300 s; 10 s are for the request
STABLE_AHEAD_MAX_S = 290
AHEAD_MAX_S = 3600
HOST_LENGTH_MAX = 253  # characters, as DNS limits them
HOST_LABEL_LENGTH_MAX = 63

_APPID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_ORIGINAL_ID = re.compile(r"gh_[0-9a-z]{6,32}", re.IGNORECASE)
_CORP_ID = re.compile(r"ww[0-9a-f]{16}", re.IGNORECASE)
_TYPICAL_SECRET = re.compile(r"[0-9a-f]{32}")
_NAME_MAX = 80
_CHECKED_FIELDS = (
    "appid",
    "platform",
    "endpoint",
    "dog_dir",
    "api_base",
    "proxy",
)  # a change of another one does not concern WeChat
_LABEL = rf"(?!-)(?:[^\W_]|-){{1,{HOST_LABEL_LENGTH_MAX}}}(?<!-)"
_HOST = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")  # letters of any script: an IDN may be stored in either form


class Platform(StrEnum):
    """Kind of WeChat account; mini programs have no tickets."""

    OFFICIAL = "official"
    MINI_PROGRAM = "mini-program"


class Endpoint(StrEnum):
    """API call that issues the access token.

    `stable` (getStableAccessToken) returns the same token to every caller; `classic` (getAccessToken) issues
    a new token each time and invalidates the one that other servers hold.
    """

    STABLE = "stable"
    CLASSIC = "classic"


class Environment(StrEnum):
    """Use of an account; forcing a token of a production account asks for its name."""

    NONE = "none"
    TEST = "test"
    PRODUCTION = "production"


class AccountColour(StrEnum):
    """Colour of the tile of an account; `auto` is one that its AppID decides."""

    AUTO = "auto"
    RED = "red"
    ORANGE = "orange"
    BROWN = "brown"
    OLIVE = "olive"
    GREEN = "green"
    TEAL = "teal"
    BLUE = "blue"
    INDIGO = "indigo"
    PURPLE = "purple"
    PINK = "pink"


class Account(Struct, frozen=True):
    """One WeChat account.

    ahead          seconds before expiry at which a value is refreshed
    dog_dir        folder of the `.dog` files; None for the default folder
    card_ticket    also keep a ticket for cards, which few accounts need
    js_domains     the user's copy of WeChat's list of JS-safe domains; empty if unknown
    group          heading under which the account is listed; empty for none
    api_base       address of WeChat's API for this account; empty for that of the preferences
    proxy          proxy for its calls, without a password; empty for that of the system, `direct` for none
    sharing        how the account is shared with other computers; None if it is not
    """

    appid: str
    name: str
    platform: Platform = Platform.OFFICIAL
    endpoint: Endpoint = Endpoint.STABLE
    dog_dir: str | None = None
    ahead: int = STABLE_AHEAD_MAX_S
    card_ticket: bool = False
    js_domains: tuple[str, ...] = ()
    exports: tuple[ExportTarget, ...] = field(name="outlets", default=())
    environment: Environment = Environment.NONE
    colour: AccountColour = AccountColour.AUTO
    group: str = ""
    api_base: str = ""
    proxy: str = SYSTEM_PROXY
    sharing: Sharing | None = None

    @property
    def role(self) -> SharingRole:
        return SharingRole.OWN if self.sharing is None else self.sharing.role

    @property
    def is_follower(self) -> bool:
        """Return True if the values are read from Redis, and WeChat is never asked for any."""
        return self.role is SharingRole.FOLLOWER

    @property
    def refresh_ahead(self) -> int:
        """Return how many seconds before its end a value is due; a follower waits for its leaders until the end."""
        return 0 if self.is_follower else self.ahead

    @property
    def tile_colour(self) -> AccountColour:
        """Return the colour of the tile; for `AUTO` one that stays the same for this AppID."""
        if self.colour is not AccountColour.AUTO:
            return self.colour
        choices = tuple(AccountColour)[1:]
        return choices[sum(self.appid.encode()) % len(choices)]

    @property
    def initial(self) -> str:
        """Return the first letter or digit of the name in upper case, for the tile."""
        return next((c.upper() for c in self.name if c.isalnum()), "?")[:1]

    @property
    def token_kinds(self) -> tuple[TokenKind, ...]:
        """Return the keys that are kept fresh for this account, the access token first."""
        if self.platform is Platform.MINI_PROGRAM:
            return (TokenKind.ACCESS_TOKEN,)
        kinds = (TokenKind.ACCESS_TOKEN, TokenKind.JSAPI_TICKET)
        return (*kinds, TokenKind.CARD_TICKET) if self.card_ticket else kinds

    @property
    def short_appid(self) -> str:
        """Return a short form of the appid that distinguishes accounts: `wx12…90ab`."""
        return self.appid if len(self.appid) <= 10 else f"{self.appid[:4]}…{self.appid[-4:]}"


class Secret:
    """AppSecret that cannot leak through repr, string formatting or pickling."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """Return the plain text; only for building the request and for storing it in the keyring."""
        return self._value

    def __repr__(self) -> str:
        return "Secret(…)"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash((Secret, self._value))

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Secret cannot be pickled")


def appid_problem(appid: str) -> InputProblem | None:
    """Return why a text cannot be an AppID; WeChat would answer 40013 to other ids of an account."""
    if not appid:
        return InputProblem.EMPTY_APPID
    if _ORIGINAL_ID.fullmatch(appid):
        return InputProblem.ORIGINAL_ID
    if _CORP_ID.fullmatch(appid):
        return InputProblem.CORP_ID
    return None if _APPID.fullmatch(appid) else InputProblem.INVALID_APPID


def account_problem(account: Account) -> InputProblem | None:
    unusable_appid = appid_problem(account.appid)
    if unusable_appid is not None:
        return unusable_appid
    problem, folder = stored_account_problem(account), account.dog_dir
    if problem is not None or folder is None:
        return problem
    if not os.path.isabs(folder):  # noqa: PTH117 - a text
        return InputProblem.INVALID_DOG_DIR  # each process would resolve it against its own working directory
    path = os.path.normpath(folder)
    is_root = os.path.dirname(path) == path  # noqa: PTH120 - a text; of the file system or of a drive
    return InputProblem.DOG_DIR_IS_ROOT if is_root else None


def stored_account_problem(account: Account) -> InputProblem | None:
    """Return why a stored account cannot be used, or None if it can.

    More lenient than `account_problem`: earlier versions accepted any folder.
    """
    if not _APPID.fullmatch(account.appid):
        return InputProblem.INVALID_APPID
    if not account.name.strip() or len(account.name) > _NAME_MAX or not account.name.isprintable():
        return InputProblem.INVALID_NAME
    if len(account.group) > _NAME_MAX or not account.group.isprintable():
        return InputProblem.INVALID_GROUP
    if not 0 <= account.ahead <= AHEAD_MAX_S:
        return InputProblem.REFRESH_AHEAD_OUT_OF_RANGE
    if account.endpoint is Endpoint.STABLE and account.ahead > STABLE_AHEAD_MAX_S:
        return InputProblem.REFRESH_AHEAD_TOO_LONG_FOR_STABLE
    if account.dog_dir is not None and ("\0" in account.dog_dir or not account.dog_dir.strip()):
        return InputProblem.INVALID_DOG_DIR
    if (problem := _sharing_problem(account) or _route_problem(account)) is not None:
        return problem
    return next(filter(None, map(js_domain_problem, account.js_domains)), targets_problem(account.exports))


def _sharing_problem(account: Account) -> InputProblem | None:
    if account.sharing is None:
        return None
    if account.endpoint is not Endpoint.STABLE:
        return InputProblem.SHARING_NEEDS_STABLE
    from guarddog_gui.domain.sharing.validation import sharing_problem  # most accounts are not shared

    return sharing_problem(account.sharing, account.appid)


def _route_problem(account: Account) -> InputProblem | None:
    is_host_invalid = api_base_problem(account.api_base) is not None
    return InputProblem.INVALID_API_HOST if is_host_invalid else proxy_problem(account.proxy)


def validate_account(account: Account) -> BadInput | None:
    """Return the problem of an account as an error that names the export it is about, if any."""
    problem = account_problem(account)
    if problem is None or problem == targets_problem(account.exports):
        return validate_targets(account.exports)
    return BadInput(problem)


def merge_edits(current: Account, base: Account, edited: Account) -> Account:
    """Apply the user's changes to an account that may have changed in the meantime.

    Fields that the user left alone keep their current value. In lists (exports, domains) exactly those items
    are added and removed that the user added and removed.

    Args:
        current: The account as it is stored now.
        base: The account as the user saw it before editing.
        edited: The account after editing.
    """
    changes: dict[str, Any] = {}
    for name in Account.__struct_fields__:
        now, before, after = (getattr(account, name) for account in (current, base, edited))
        if after == before:
            continue
        if isinstance(after, tuple) and now != before:
            remaining = (item for item in now if item in after or item not in before)
            after = (*remaining, *(item for item in after if item not in now and item not in before))
        changes[name] = after
    return replace(current, **changes)


def needs_check(edited: Account, known: Account | None, secret: Secret | None) -> bool:
    """Return whether WeChat is to be asked before the account is saved: only about what its answer depends on.

    A new folder belongs to it: it may contain a token that has not expired but that WeChat rejects. A follower has no
    AppSecret to ask with.
    """
    if edited.is_follower and secret is None:
        return False
    if known is None or secret is not None:
        return True
    return any(getattr(edited, name) != getattr(known, name) for name in _CHECKED_FIELDS)


def secret_problem(secret: str) -> InputProblem | None:
    if not secret:
        return InputProblem.EMPTY_SECRET
    is_valid = len(secret) <= 256 and secret.isascii() and secret.isprintable() and " " not in secret
    return None if is_valid else InputProblem.INVALID_SECRET


def looks_like_secret(text: str) -> bool:
    """Return True for the usual form, 32 hex digits. A hint for forms, not a reason to refuse."""
    return _TYPICAL_SECRET.fullmatch(text) is not None


def effective_min_ttl(account: Account, kind: TokenKind, record: Expiring, requested_s: float) -> float:
    """Limit the requested remaining lifetime, in seconds.

    On the classic endpoint the limit is half of the lifetime: there every request issues a new token and
    invalidates the one that others hold. So it is for tickets: a request returns the same one, and one of
    unknown age is never known to live for longer.
    """
    is_limited = account.endpoint is Endpoint.CLASSIC or kind is not TokenKind.ACCESS_TOKEN
    return min(requested_s, record.expires_in / 2) if is_limited else requested_s


def find_by_appid(accounts: tuple[Account, ...], appid: str) -> Account | None:
    """Return the account with this AppID, None if there is none."""
    return next((account for account in accounts if account.appid == appid), None)


def find_account(accounts: tuple[Account, ...], appid_or_name: str) -> Account | None:
    """Return the account with this appid or else the only account with this name."""
    named = [account for account in accounts if account.name == appid_or_name]
    only_named = named[0] if len(named) == 1 else None
    return find_by_appid(accounts, appid_or_name) or only_named


def find_with_same_name(account: Account, accounts: tuple[Account, ...]) -> Account | None:
    """Return another account that the name does not tell from this one.

    It has the same name in the same environment, or this name is its appid.
    """
    return next((other for other in accounts if other.appid != account.appid and _is_name_of(account, other)), None)


def _is_name_of(account: Account, other: Account) -> bool:
    is_same = account.name == other.name and account.environment is other.environment
    return is_same or account.name == other.appid


def with_position(accounts: tuple[Account, ...], appid: str, position: int) -> tuple[Account, ...]:
    """Return the accounts with this one at a place, counted from 1; behind the last one for a larger number."""
    moved = [account for account in accounts if account.appid == appid]
    others = [account for account in accounts if account.appid != appid]
    return (*others[: position - 1], *moved, *others[position - 1 :])


def parse_js_domains(text: str) -> tuple[str, ...]:
    """Split a typed line into domains, in lower case and without duplicates; they may be invalid."""
    return tuple(dict.fromkeys(entry.lower() for entry in re.split(r"[\s,，、]+", text) if entry))


def js_domain_problem(domain: str) -> InputProblem | None:
    """Return why this cannot be a JS-safe domain, or None if it can.

    WeChat's page "Domain and push settings": host names without scheme, path and port, no IP addresses.
    """
    if "://" in domain:
        return InputProblem.JS_DOMAIN_HAS_SCHEME
    if any(mark in domain for mark in "/?#"):
        return InputProblem.JS_DOMAIN_HAS_PATH
    if re.fullmatch(r"[^:]+:[0-9]*", domain):
        return InputProblem.JS_DOMAIN_HAS_PORT
    is_host = _HOST.fullmatch(domain) and len(domain) <= HOST_LENGTH_MAX and domain == domain.lower()
    is_address = re.fullmatch(r"[0-9.]+", domain)
    return None if is_host and not is_address else InputProblem.INVALID_JS_DOMAIN
