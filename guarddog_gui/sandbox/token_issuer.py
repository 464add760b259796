"""Tokens and tickets of one account: issue, replace, revoke, expire."""

from collections import deque
from collections.abc import Callable
from math import inf

from msgspec import Struct

from guarddog_gui.domain.hidden_fields import HiddenFields
from guarddog_gui.sandbox.accounts import SandboxAccount

_TOKENS_MAX = 100  # invalid tokens are kept up to this, to answer 40001 or 42001; valid ones are always kept
_OLD_TICKETS_MAX = 20
_TICKET_GRACE_FRACTION = 0.5  # of a lifetime: WeChat accepts an old ticket for about an hour after its expiry


class SandboxToken(HiddenFields, Struct):
    """An access token. A newer one makes it invalid from `revoked_at` (Unix seconds), if it still lives."""

    hidden_fields = ("value",)

    value: str
    appid: str
    expires_at: float
    revoked_at: float = inf

    def errcode(self, now: float) -> int:
        """Return 0 for a valid token, 40001 for a superseded one, 42001 for an expired one."""
        if now >= self.revoked_at and self.revoked_at < self.expires_at:
            return 40001
        return 42001 if now >= self.expires_at else 0

    def remaining_s(self, now: float) -> int:
        return max(1, int(self.expires_at - now))

    def revoke(self, at: float) -> None:
        self.revoked_at = min(self.revoked_at, at)


class SandboxTicket(HiddenFields, Struct, frozen=True):
    """A jsapi or wx_card ticket. Its signatures are accepted until `accepted_until`, after it has expired."""

    hidden_fields = ("value",)

    value: str
    kind: str
    lifetime_s: int
    expires_at: float
    accepted_until: float


class TokenIssuer:
    """Tokens and tickets of one account. Classic and stable tokens do not affect each other.

    `tokens_by_value` is shared by all accounts: a token is looked up before its account is known.
    """

    def __init__(self, make_value: Callable[[], str], tokens_by_value: dict[str, SandboxToken]) -> None:
        self._make_value = make_value
        self._tokens_by_value = tokens_by_value
        self._tokens: deque[SandboxToken] = deque()
        self._classic_token: SandboxToken | None = None
        self._stable_tokens: list[SandboxToken] = []  # the newest last, after older valid ones
        self._tickets: dict[str, SandboxTicket] = {}
        self._old_tickets: deque[SandboxTicket] = deque(maxlen=_OLD_TICKETS_MAX)

    def issue_classic_token(self, account: SandboxAccount, now: float) -> SandboxToken:
        """Issue a new token; the previous one stays valid for the overlap. Page: getAccessToken."""
        if self._classic_token is not None:
            self._classic_token.revoke(now + account.overlap_s)
        self._classic_token = self._new_token(account, now)
        return self._classic_token

    def get_stable_token(self, account: SandboxAccount, now: float) -> SandboxToken:
        """Return the current token, or a new one in its last minutes. Page: getStableAccessToken."""
        current = self._stable_tokens[-1] if self._stable_tokens else None
        if current is not None and not current.errcode(now) and current.expires_at - now >= account.overlap_s:
            return current
        self._stable_tokens = [token for token in self._stable_tokens if not token.errcode(now)]
        self._stable_tokens.append(self._new_token(account, now))
        return self._stable_tokens[-1]

    def force_stable_token(self, account: SandboxAccount, now: float) -> SandboxToken:
        """Issue a new stable token and invalidate all older ones at once."""
        for token in self._stable_tokens:
            token.revoke(now)
        self._stable_tokens = [self._new_token(account, now)]
        return self._stable_tokens[-1]

    def get_ticket(self, kind: str, account: SandboxAccount, now: float) -> SandboxTicket:
        """Return the current ticket until it expires, then a new one. Page: getTicket."""
        current = self._tickets.get(kind)
        if current is not None and now < current.expires_at:
            return current
        if current is not None:
            self._old_tickets.append(current)
        expires_at = now + account.life
        accepted_until = expires_at + account.life * _TICKET_GRACE_FRACTION
        ticket = SandboxTicket(self._make_value(), kind, account.life, expires_at, accepted_until)
        self._tickets[kind] = ticket
        return ticket

    def accepted_tickets(self, kind: str, now: float) -> tuple[str, ...]:
        return tuple(
            ticket.value
            for ticket in (*self._tickets.values(), *reversed(self._old_tickets))
            if ticket.kind == kind and now < ticket.accepted_until
        )

    def replace_all(self, revoked_at: float) -> None:
        """Let the next call issue new tokens and tickets; the old tokens are invalid from `revoked_at`."""
        for token in self._tokens:
            token.revoke(revoked_at)
        self._classic_token, self._stable_tokens = None, []
        self._old_tickets.extend(self._tickets.values())
        self._tickets.clear()

    def _new_token(self, account: SandboxAccount, now: float) -> SandboxToken:
        token = SandboxToken(self._make_value(), account.appid, now + account.life)
        self._tokens.append(token)
        self._tokens_by_value[token.value] = token
        while len(self._tokens) > _TOKENS_MAX and self._tokens[0].errcode(now):
            self._tokens_by_value.pop(self._tokens.popleft().value, None)
        return token
