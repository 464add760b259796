"""Judge each value that was handed out by the state of the sandbox's WeChat at that moment."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from threading import Lock

from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.sandbox.rules import SandboxRules

EXAMPLES_MAX = 8


@dataclass
class Tally:
    """Values that one way of asking has handed out."""

    good: int = 0
    past_life: int = 0  # tickets after their two hours that WeChat still accepts; they are good, too
    dead: int = 0
    of_another_account: int = 0
    longest_dead_s: float = 0.0  # after its end
    refusals: Counter[str] = field(default_factory=Counter)  # no value but a reason
    examples: list[str] = field(default_factory=list)

    def to_json(self) -> dict[str, object]:
        names = ("good", "past_life", "dead", "of_another_account", "longest_dead_s", "examples")
        return {**{name: getattr(self, name) for name in names}, "refusals": dict(self.refusals)}


class Judge:
    """Counter of hand-outs by home and way; thread-safe."""

    def __init__(self, rules: SandboxRules, started_at: float) -> None:
        self._rules = rules
        self._started_at = started_at
        self._lock = Lock()
        self.tallies: dict[tuple[str, str], Tally] = {}

    def judge(self, home: str, way: str, appid: str, kind: TokenKind, value: str, at: float) -> None:
        """Count a value that was handed out for `appid` at `at` (Unix seconds)."""
        owner, dies_at, expires_at = self._find(kind, value)
        with self._lock:
            tally = self.tallies.setdefault((home, way), Tally())
            if owner == appid and at < dies_at:
                tally.good += 1
                tally.past_life += at >= expires_at
                return
            if owner == appid:
                tally.dead += 1
                tally.longest_dead_s = max(tally.longest_dead_s, at - dies_at)
            else:
                tally.of_another_account += 1
            if len(tally.examples) < EXAMPLES_MAX:
                tally.examples.append(
                    f"{kind} of {owner or 'nobody'} at {at - self._started_at:.0f} s, {at - dies_at:.0f} s after its end"
                )

    def refused(self, home: str, way: str, reason: str) -> None:
        with self._lock:
            self.tallies.setdefault((home, way), Tally()).refusals[reason] += 1

    def _find(self, kind: TokenKind, value: str) -> tuple[str, float, float]:
        """Return the account of a value, when WeChat stops accepting it, and when its life ends."""
        with self._rules._lock:
            checks = self._rules._checks
            if kind is TokenKind.ACCESS_TOKEN:
                token = checks._tokens_by_value.get(value)
                if token is None:
                    return "", 0.0, 0.0
                dies_at = min(token.expires_at, token.revoked_at)
                return token.appid, dies_at, dies_at
            for appid, state in checks.account_states.items():
                issuer = state.token_issuer
                for ticket in (*issuer._tickets.values(), *issuer._old_tickets):
                    if ticket.value == value:
                        return appid, ticket.accepted_until, ticket.expires_at
        return "", 0.0, 0.0
