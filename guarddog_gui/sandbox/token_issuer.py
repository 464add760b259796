"""The tokens and tickets of one account: made, replaced, killed, outlived."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from math import inf

from guarddog_gui.sandbox.accounts import SandboxAccount

_TOKENS_MAX = 100  # dead tokens, so that they are refused as what they were; living ones are always kept
_OLD_TICKETS_MAX = 20
_TICKET_GRACE_FRACTION = 0.5  # of a life: an old ticket was seen to be accepted for about an hour after its end


@dataclass(slots=True)
class SandboxToken:
    """An access token. `killed_at` is when a newer one made it worthless, if that comes before its end."""

    value: str = field(repr=False)
    appid: str
    expires_at: float
    revoked_at: float = inf

    def errcode(self, now: float) -> int:
        """0 for a live token, 40001 for a superseded one, 42001 for one that lived its life."""
        if now >= self.revoked_at and self.revoked_at < self.expires_at:
            return 40001
        return 42001 if now >= self.expires_at else 0

    def remaining_s(self, now: float) -> int:
        return max(1, int(self.expires_at - now))

    def revoke(self, at: float) -> None:
        self.revoked_at = min(self.revoked_at, at)


@dataclass(frozen=True, slots=True)
class SandboxTicket:
    """A jsapi or wx_card ticket: its life in seconds, its end, and until when it is accepted after that."""

    value: str = field(repr=False)
    kind: str
    lifetime_s: int
    expires_at: float
    accepted_until: float


class TokenIssuer:
    """What one account has in circulation. Classic and stable tokens do not touch each other."""

    def __init__(self, make_value: Callable[[], str], tokens_by_value: dict[str, SandboxToken]) -> None:
        self._make_value = make_value
        self._tokens_by_value = tokens_by_value  # of all accounts: a token is looked up before its owner is known
        self._tokens: deque[SandboxToken] = deque()
        self._classic_token: SandboxToken | None = None
        self._stable_tokens: list[SandboxToken] = []  # the newest last, before it those that overlap with it
        self._tickets: dict[str, SandboxTicket] = {}
        self._old_tickets: deque[SandboxTicket] = deque(maxlen=_OLD_TICKETS_MAX)

    def issue_classic_token(self, account: SandboxAccount, now: float) -> SandboxToken:
        """A new token at each call; the one before works on for the overlap. Page: getAccessToken."""
        if self._classic_token is not None:
            self._classic_token.revoke(now + account.overlap_s)
        self._classic_token = self._new_token(account, now)
        return self._classic_token

    def get_stable_token(self, account: SandboxAccount, now: float) -> SandboxToken:
        """The current token, or a new one within the last minutes of its life. Page: getStableAccessToken."""
        current = self._stable_tokens[-1] if self._stable_tokens else None
        if current is not None and not current.errcode(now) and current.expires_at - now >= account.overlap_s:
            return current
        self._stable_tokens = [token for token in self._stable_tokens if not token.errcode(now)]
        self._stable_tokens.append(self._new_token(account, now))
        return self._stable_tokens[-1]

    def force_stable_token(self, account: SandboxAccount, now: float) -> SandboxToken:
        """A new stable token; every older one dies at once."""
        for token in self._stable_tokens:
            token.revoke(now)
        self._stable_tokens = [self._new_token(account, now)]
        return self._stable_tokens[-1]

    def get_ticket(self, kind: str, account: SandboxAccount, now: float) -> SandboxTicket:
        """The same ticket within its life, then a new one. Page: getTicket."""
        current = self._tickets.get(kind)
        if current is not None and now < current.expires_at:
            return current
        if current is not None:
            self._old_tickets.append(current)
        ends_at = now + account.life
        fresh = SandboxTicket(
            self._make_value(), kind, account.life, ends_at, ends_at + account.life * _TICKET_GRACE_FRACTION
        )
        self._tickets[kind] = fresh
        return fresh

    def accepted_tickets(self, kind: str, now: float) -> tuple[str, ...]:
        """The tickets with which a signature is believed now, the newest first."""
        return tuple(
            ticket.value
            for ticket in (*self._tickets.values(), *reversed(self._old_tickets))
            if ticket.kind == kind and now < ticket.accepted_until
        )

    def revoke_all(self, now: float) -> None:
        """Kill all tokens and retire the tickets, as if somebody else had taken them over."""
        for token in self._tokens:
            token.revoke(now)
        self._classic_token, self._stable_tokens = None, []
        self._old_tickets.extend(self._tickets.values())
        self._tickets.clear()

    def rotate_all(self, account: SandboxAccount, now: float) -> None:
        """Let the next call make new values; the old ones work on for the overlap."""
        for token in self._tokens:
            token.revoke(now + account.overlap_s)
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
