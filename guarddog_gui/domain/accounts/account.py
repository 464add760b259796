"""An account as Guard Dog knows it, and the secret that belongs to it."""

import os
import re
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import Any, NoReturn

from guarddog_gui.domain.accounts.js_domains import js_domain_problem
from guarddog_gui.domain.errors import BadInput
from guarddog_gui.domain.exports.targets import ExportTarget, targets_problem, validate_targets
from guarddog_gui.domain.problems import InputProblem
from guarddog_gui.domain.tokens.expiry import Expiring
from guarddog_gui.domain.tokens.record import TokenKind

STABLE_AHEAD_MAX_S = (
    290  # stable_token hands out a new token only in the last 300 s; 10 s are for the way there
)
AHEAD_MAX_S = 3600

_APPID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_TYPICAL_SECRET = re.compile(r"[0-9a-f]{32}")
_NAME_MAX = 80


class Platform(StrEnum):
    """What kind of WeChat account it is; mini programs have no tickets."""

    OFFICIAL = "official"
    MINI_PROGRAM = "mini-program"


class Endpoint(StrEnum):
    """Which call hands out the access token.

    `stable` gives everybody the same token; `classic` kills the token that other servers hold.
    """

    STABLE = "stable"
    CLASSIC = "classic"


@dataclass(frozen=True, slots=True)
class Account:
    """One WeChat account. `ahead` is in seconds; `dog_dir` None means the default folder.

    `card_ticket` says whether it keeps the ticket for cards, too, which few accounts need. `js_domains` is
    what the person notes of WeChat's list of JS-safe domains; empty means that nothing is known of it.
    `outlets` are the other places that its values are written to.
    """

    appid: str
    name: str
    platform: Platform = Platform.OFFICIAL
    endpoint: Endpoint = Endpoint.STABLE
    dog_dir: str | None = None
    ahead: int = STABLE_AHEAD_MAX_S
    card_ticket: bool = False
    js_domains: tuple[str, ...] = ()
    exports: tuple[ExportTarget, ...] = ()

    @property
    def token_kinds(self) -> tuple[TokenKind, ...]:
        """The keys that are kept fresh for this account, the access token first."""
        if self.platform is Platform.MINI_PROGRAM:
            return (TokenKind.ACCESS_TOKEN,)
        both = (TokenKind.ACCESS_TOKEN, TokenKind.JSAPI_TICKET)
        return (*both, TokenKind.CARD_TICKET) if self.card_ticket else both

    @property
    def short_appid(self) -> str:
        """Enough of the appid to tell accounts apart: `wx12…90ab`."""
        return self.appid if len(self.appid) <= 10 else f"{self.appid[:4]}…{self.appid[-4:]}"


class Secret:
    """An AppSecret that does not show itself: not in repr, not in formatting, not in a pickle."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """The text itself, for the one place that builds the request and the one that stores it."""
        return self._value

    def __repr__(self) -> str:
        return "Secret(…)"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash((Secret, self._value))

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Secret cannot be pickled")


def account_problem(account: Account) -> InputProblem | None:
    """Why this account cannot be kept, or None if it can."""
    problem, folder = stored_account_problem(account), account.dog_dir
    if problem is not None or folder is None:
        return problem
    if not os.path.isabs(folder):  # noqa: PTH117 - a text
        return InputProblem.INVALID_DOG_DIR  # each program would take it from where it is started
    return InputProblem.DOG_DIR_IS_ROOT if _is_root(folder) else None


def stored_account_problem(account: Account) -> InputProblem | None:
    """Why an account in the list cannot be used; earlier versions let a folder be any."""
    if not _APPID.fullmatch(account.appid):
        return InputProblem.INVALID_APPID
    if not account.name.strip() or len(account.name) > _NAME_MAX or not account.name.isprintable():
        return InputProblem.INVALID_NAME
    if not 0 <= account.ahead <= AHEAD_MAX_S:
        return InputProblem.REFRESH_AHEAD_OUT_OF_RANGE
    if account.endpoint is Endpoint.STABLE and account.ahead > STABLE_AHEAD_MAX_S:
        return InputProblem.REFRESH_AHEAD_TOO_LONG_FOR_STABLE
    if account.dog_dir is not None and ("\0" in account.dog_dir or not account.dog_dir.strip()):
        return InputProblem.INVALID_DOG_DIR
    return next(filter(None, map(js_domain_problem, account.js_domains)), targets_problem(account.exports))


def validate_account(account: Account) -> BadInput | None:
    """The same with the name of the place that is meant, where it is one of several."""
    problem = account_problem(account)
    if problem is None or problem == targets_problem(account.exports):
        return validate_targets(account.exports)
    return BadInput(problem)


def merge_edits(current: Account, base: Account, edited: Account) -> Account:
    """The account as it is `known` by now, with what a person changed who had `seen` it before.

    Of several outlets or domains those are added and taken away that the person added and took away.
    """
    changes: dict[str, Any] = {}
    for name in (field.name for field in fields(Account)):
        now, before, after = (getattr(account, name) for account in (current, base, edited))
        if after == before:
            continue
        if isinstance(after, tuple) and now != before:
            stay = (one for one in now if one in after or one not in before)
            after = (*stay, *(one for one in after if one not in now and one not in before))
        changes[name] = after
    return replace(current, **changes)


def _is_root(folder: str) -> bool:
    """The top of everything or of a drive, however it is written."""
    path = os.path.normpath(folder)
    return os.path.dirname(path) == path  # noqa: PTH120 - a text


def secret_problem(secret: str) -> InputProblem | None:
    """Why this text cannot be an AppSecret, or None if it can be sent."""
    if not secret:
        return InputProblem.EMPTY_SECRET
    if len(secret) > 256 or not secret.isascii() or not secret.isprintable() or " " in secret:
        return InputProblem.INVALID_SECRET
    return None


def looks_like_secret(text: str) -> bool:
    """Whether it has the usual shape, 32 hex digits. A hint for forms, never a refusal."""
    return _TYPICAL_SECRET.fullmatch(text) is not None


def effective_min_ttl(account: Account, record: Expiring, requested_s: float) -> float:
    """How many seconds of life may be asked for: on the classic endpoint at most half of the whole.

    There every call makes a new token and ends the one that others hold.
    """
    return min(requested_s, record.expires_in / 2) if account.endpoint is Endpoint.CLASSIC else requested_s


def find_account(accounts: tuple[Account, ...], appid_or_name: str) -> Account | None:
    """The account whose appid or, failing that, whose only name is `wanted`."""
    for account in accounts:
        if account.appid == appid_or_name:
            return account
    named = [account for account in accounts if account.name == appid_or_name]
    return named[0] if len(named) == 1 else None
