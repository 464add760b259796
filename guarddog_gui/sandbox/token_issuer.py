"""The tokens and tickets of one account: made, replaced, killed, outlived."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from math import inf

from guarddog_gui.sandbox.accounts import SandboxAccount

_REMEMBERED_MAX = 100  # dead tokens, so that they are refused as what they were; living ones are always kept
_OLD_TICKETS_MAX = 20
_TICKET_GRACE = 0.5  # of a life: an old ticket was seen to be accepted for about an hour after its end


@dataclass(slots=True)
class Token:
    """An access token. `killed_at` is when a newer one made it worthless, if that comes before its end."""

    value: str
    appid: str
    ends_at: float
    killed_at: float = inf

    def errcode(self, now: float) -> int:
        """0 for a live token, 40001 for a superseded one, 42001 for one that lived its life."""
        if now >= self.killed_at and self.killed_at < self.ends_at:
            return 40001
        return 42001 if now >= self.ends_at else 0

    def left(self, now: float) -> int:
        return max(1, int(self.ends_at - now))

    def kill(self, at: float) -> None:
        self.killed_at = min(self.killed_at, at)


@dataclass(frozen=True, slots=True)
class Ticket:
    """A jsapi or wx_card ticket: its life in seconds, its end, and until when it is accepted after that."""

    value: str
    kind: str
    life: int
    ends_at: float
    accepted_until: float


class Mint:
    """What one account has in circulation. Classic and stable tokens do not touch each other."""

    def __init__(self, make_value: Callable[[], str], known: dict[str, Token]) -> None:
        self._make_value = make_value
        self._known = known  # of all accounts: a token is looked up before its owner is known
        self._tokens: deque[Token] = deque()
        self._classic: Token | None = None
        self._stable: list[Token] = []  # the newest last, before it those that overlap with it
        self._tickets: dict[str, Ticket] = {}
        self._old_tickets: deque[Ticket] = deque(maxlen=_OLD_TICKETS_MAX)

    def classic_token(self, account: SandboxAccount, now: float) -> Token:
        """A new token at each call; the one before works on for the overlap. Page: getAccessToken."""
        if self._classic is not None:
            self._classic.kill(now + account.overlap)
        self._classic = self._new_token(account, now)
        return self._classic

    def stable_token(self, account: SandboxAccount, now: float) -> Token:
        """The current token, or a new one within the last minutes of its life. Page: getStableAccessToken."""
        current = self._stable[-1] if self._stable else None
        if current is not None and not current.errcode(now) and current.ends_at - now >= account.overlap:
            return current
        self._stable = [token for token in self._stable if not token.errcode(now)]
        self._stable.append(self._new_token(account, now))
        return self._stable[-1]

    def forced_token(self, account: SandboxAccount, now: float) -> Token:
        """A new stable token; every older one dies at once."""
        for token in self._stable:
            token.kill(now)
        self._stable = [self._new_token(account, now)]
        return self._stable[-1]

    def ticket(self, kind: str, account: SandboxAccount, now: float) -> Ticket:
        """The same ticket within its life, then a new one. Page: getTicket."""
        current = self._tickets.get(kind)
        if current is not None and now < current.ends_at:
            return current
        if current is not None:
            self._old_tickets.append(current)
        ends_at = now + account.life
        fresh = Ticket(
            self._make_value(), kind, account.life, ends_at, ends_at + account.life * _TICKET_GRACE
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

    def void(self, now: float) -> None:
        """Kill all tokens and retire the tickets, as if somebody else had taken them over."""
        for token in self._tokens:
            token.kill(now)
        self._classic, self._stable = None, []
        self._old_tickets.extend(self._tickets.values())
        self._tickets.clear()

    def retire(self, account: SandboxAccount, now: float) -> None:
        """Let the next call make new values; the old ones work on for the overlap."""
        for token in self._tokens:
            token.kill(now + account.overlap)
        self._classic, self._stable = None, []
        self._old_tickets.extend(self._tickets.values())
        self._tickets.clear()

    def _new_token(self, account: SandboxAccount, now: float) -> Token:
        token = Token(self._make_value(), account.appid, now + account.life)
        self._tokens.append(token)
        self._known[token.value] = token
        while len(self._tokens) > _REMEMBERED_MAX and self._tokens[0].errcode(now):
            self._known.pop(self._tokens.popleft().value, None)
        return token
