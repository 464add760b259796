"""Decide whether WeChat may be asked now: the cool-down after a failure, and the daily call budget.

Why a cool-down: `guarddogctl token`, `exec` and the Python API are started by cron jobs and web servers,
possibly many times per second. If each of them asked WeChat after a refusal, they would use up the quota
and could get the account's IP address blocked. So they respect the failures of all programs, as the shared
history records them:

- A failure that passes by itself (network, busy server, quota) suppresses requests for as long as the tray
  app would wait, by the rules in `domain/refresh/backoff.py`.
- A failure that only the user can resolve (wrong AppSecret, IP address not allowed) suppresses requests
  for `REFUSED_COOLDOWN_S`. It may be resolved on WeChat's side at any time without a trace here, so the
  next request after that is a cheap way to find out.
- A success ends the cool-down; so does a change of the account. For a ticket that was refused because of
  its access token, a newer token does.
- Failures of one process (no keyring in a cron job) do not affect other processes.
- A value that could not be written counts as a success: it is this computer that has a problem, not WeChat. The
  exception is `unwritten_value`.

The tray app itself has no cool-down of this kind: its scheduler asks only when `policy.due_at` says so. A
request of the user (`guarddogctl refresh`, a click) is never suppressed by a cool-down.
"""

from msgspec import Struct
from msgspec.structs import replace

from guarddog_gui.domain.accounts.account import Account, Endpoint
from guarddog_gui.domain.errors import FileError
from guarddog_gui.domain.refresh import policy, retries
from guarddog_gui.domain.refresh.history import AttemptResult, HistoryEntry, Trigger
from guarddog_gui.domain.refresh.retries import RetryState
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord
from guarddog_gui.domain.wechat.errcodes import ErrcodeCatalog, beijing_day_start
from guarddog_gui.services.ports import DogFileStore, HistoryStore

REFUSED_COOLDOWN_S = 300.0

_PROCESS_LOCAL_RESULTS = frozenset({
    AttemptResult.NO_SECRET, AttemptResult.KEYRING_LOCKED, AttemptResult.KEYRING_DOWN,
    AttemptResult.NOT_SHARED,
})  # fmt: skip


def is_process_local(failure: HistoryEntry) -> bool:
    """Return True if the failure is that of one process and does not concern the others.

    A cron job has no access to the keyring of the desktop, and may lack write permission. A file that could
    not be written after a call is not local: repeating the call in another process costs quota as well.
    """
    is_write_only = failure.result is AttemptResult.NOT_WRITTEN and not failure.calls
    return is_write_only or failure.result in _PROCESS_LOCAL_RESULTS


def active_cooldown(
    past_entries: tuple[HistoryEntry, ...],
    errcode_catalog: ErrcodeCatalog,
    now: float,
    *,
    account_changed_at: float = 0.0,
    token_renewed_at: float = 0.0,
) -> HistoryEntry | None:
    """Return the failure because of which WeChat must not be asked at `now`, or None.

    `past_entries` are those of the key, oldest first. Failures before `account_changed_at` (Unix time) are
    ignored; the account may be right since. `token_renewed_at`: time of the newest access token, for tickets.
    """
    shared_entries = tuple(
        _answer_of_wechat(entry) for entry in past_entries if entry.is_success or not is_process_local(entry)
    )
    state = retries.retry_state_from_history(shared_entries, errcode_catalog)
    failure = state.last_failure
    if failure is None or failure.at < account_changed_at:
        return None
    if failure.at < token_renewed_at:
        state = retries.after_new_token(state, errcode_catalog)
    ends_at = failure.at + REFUSED_COOLDOWN_S if state.is_stopped else state.not_before
    return failure if failure.at <= now < ends_at else None


def _answer_of_wechat(entry: HistoryEntry) -> HistoryEntry:
    """Return the entry as a success if WeChat gave a value, though it could not be written."""
    has_value = entry.result is AttemptResult.NOT_WRITTEN and entry.fingerprint
    return replace(entry, result=AttemptResult.NEW) if has_value else entry


class CallLimits(Struct, eq=False):
    """Limits on requests for one account, checked against the shared history.

    Check under the account's lock: of many processes that start at the same time, the first one then records
    its failure before the second one looks for it.
    """

    history: HistoryStore
    errcode_catalog: ErrcodeCatalog

    def active_cooldown(
        self, appid: str, kind: TokenKind, account_changed_at: float, now: float
    ) -> HistoryEntry | None:
        """Return the failure because of which this key must not be requested at `now`, or None."""
        is_ticket = kind is not TokenKind.ACCESS_TOKEN
        token_entries = self._past_entries(appid, TokenKind.ACCESS_TOKEN) if is_ticket else ()
        renewed_at = max((entry.at for entry in token_entries if entry.result is AttemptResult.NEW), default=0.0)
        return active_cooldown(
            self._past_entries(appid, kind), self.errcode_catalog, now,
            account_changed_at=account_changed_at, token_renewed_at=renewed_at,
        )  # fmt: skip

    def unwritten_value(self, appid: str, kind: TokenKind, now: float) -> HistoryEntry | None:
        """Return the last attempt if it brought a value that could not be written, some minutes ago at most."""
        last = next(reversed(self._past_entries(appid, kind)), None)
        is_unwritten = last is not None and last.result is AttemptResult.NOT_WRITTEN and last.calls > 0
        return last if last is not None and is_unwritten and last.at <= now < last.at + REFUSED_COOLDOWN_S else None

    def may_verify(self, appid: str, kind: TokenKind, account_changed_at: float, trigger: Trigger, now: float) -> bool:
        """Return True if the value of another program may be verified by a request at `now`.

        A value of our own that was just obtained, and could not be written, takes its place without one.
        """
        return (
            self.active_cooldown(appid, kind, account_changed_at, now) is None
            and self.unwritten_value(appid, kind, now) is None
            and self.exceeded(appid, kind, trigger, now, is_forced=False) is None
        )

    def exceeded(self, appid: str, kind: TokenKind, trigger: Trigger, now: float, *, is_forced: bool) -> str | None:
        """Return the detail for the history if a limit forbids the request at `now`; None if it is allowed.

        A forced token is limited by WeChat (20 a day, 30 s apart, as its page on getStableAccessToken says),
        an automatic request by our own daily budget. Both days begin at midnight in Beijing.
        """
        count = self.history.count_calls(appid, beijing_day_start(now))
        if is_forced:
            allowance = policy.force_allowance(count, now)
            return None if allowance.is_allowed else f"{retries.FORCE_DENIED} {allowance.allowed_at:.0f}"
        has_budget = not policy.is_automatic(trigger) or policy.remaining_budget(count, kind) > 0
        return None if has_budget else ""

    def is_confirmed_current(self, appid: str, kind: TokenKind, record: TokenRecord, now: float) -> bool:
        """Return True if WeChat has recently returned this value again, so that there is no newer one."""
        return any(policy.is_confirmed_current(entry, record, now) for entry in self._past_entries(appid, kind))

    def retry_state(self, appid: str, kind: TokenKind) -> RetryState:
        """Return the state that the history of all programs gives for this key."""
        return retries.retry_state_from_history(self._past_entries(appid, kind), self.errcode_catalog)

    def _past_entries(self, appid: str, kind: TokenKind) -> tuple[HistoryEntry, ...]:
        return self.history.latest(appid, kind.value, retries.RETRY_HISTORY_MAX)


def unwritten_classic_token(
    limits: CallLimits, dog_files: DogFileStore, account: Account, kind: TokenKind, now: float
) -> HistoryEntry | None:
    """Return the failed write of a classic token if the next one could not be written either.

    Each call of the classic endpoint ends the token before: here the one that a command has just given to its
    caller. Elsewhere WeChat returns the same value again, and a full disk is no reason to ask for it later.
    """
    if kind is not TokenKind.ACCESS_TOKEN or account.endpoint is not Endpoint.CLASSIC:
        return None
    entry = limits.unwritten_value(account.appid, kind, now)
    if entry is None:
        return None
    try:
        dog_files.check_writable(account)
    except FileError:
        return entry
    return None
