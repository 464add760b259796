"""Builders of history entries and records for the tests of the refresh policy."""

from msgspec.structs import replace

from guarddog_gui.domain.refresh import policy, retries
from guarddog_gui.domain.refresh.history import AttemptResult, HistoryEntry, Trigger
from guarddog_gui.domain.refresh.retries import RetryState
from guarddog_gui.domain.tokens.expiry import DAY_S
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord
from guarddog_gui.domain.wechat.errcodes import beijing_day_start
from tests.errcode_catalogue import CATALOGUE
from tests.fakes import NOW

TOKEN, TICKET = TokenKind.ACCESS_TOKEN, TokenKind.JSAPI_TICKET
MINUTE, HOUR = 60.0, 3600.0
MIDNIGHT = beijing_day_start(NOW) + DAY_S
MIDDLE = 0.5  # a jitter that leaves waiting times unchanged


def entry(
    result: AttemptResult, at: float = NOW, *, key: TokenKind = TOKEN, detail: str = "", value: str = ""
) -> HistoryEntry:
    return HistoryEntry(at, "wx1", key, Trigger.TIMER, result, detail=detail, fingerprint=value)


def refused(errcode: int, at: float = NOW, *, endpoint: str = "stable_token", ip: str | None = None) -> HistoryEntry:
    return replace(entry(AttemptResult.REFUSED, at), errcode=errcode, endpoint=endpoint, ip=ip)


def after(*entries: HistoryEntry, before: RetryState | None = None, jitter: float = MIDDLE) -> RetryState:
    state = before or RetryState()
    for each in entries:
        state = retries.next_retry_state(state, each, CATALOGUE, jitter)
    return state


def wait_after(*entries: HistoryEntry) -> float:
    """Return the seconds from the last entry until the next automatic attempt."""
    return after(*entries).not_before - entries[-1].at


def waits(failure: HistoryEntry, times: int) -> list[float]:
    """Return the waiting times if the same failure repeats each time the wait is over."""
    state, at, waiting_times = RetryState(), NOW, []
    for _ in range(times):
        state = after(replace(failure, at=at), before=state)
        waiting_times.append(state.not_before - at)
        at = state.not_before
    return waiting_times


def record(*, at: float = NOW, expires_in: int = 7200, ahead: int = 290, value: str = "v") -> TokenRecord:
    return TokenRecord(value, expires_in, int(at * 1000), "/dogs", ahead)


def ticket(result: AttemptResult, at: float, value: str = "A", *, kept: bool = False) -> HistoryEntry:
    return entry(result, at, key=TICKET, value=value, detail=policy.EXPIRY_KEPT if kept else "")
