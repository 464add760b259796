"""Refresh the access token and the tickets of an account: the central use case of Guard Dog.

For each requested key, under the account's lock:

1. Read the `.dog` file again: another program may have written a good value a moment ago.
2. Check that WeChat may be asked now (`retry_cooldown.py`).
3. Read the AppSecret from the keyring, send the request and parse the reply (`token_calls.py`).
4. Write the `.dog` file and append the attempt to the history.

One call is one attempt; nothing here waits and tries again later. When the next attempt is due is decided
in `domain/refresh/policy.py`. Where a value on disk came from is explained in `foreign_writes.py`.
"""

from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.errors import FileError, LockBusy
from guarddog_gui.domain.refresh import policy
from guarddog_gui.domain.refresh.history import AttemptResult, HistoryEntry, Trigger
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord, fingerprint
from guarddog_gui.domain.wechat import protocol
from guarddog_gui.domain.wechat.errcodes import ErrcodeCatalog
from guarddog_gui.domain.wechat.protocol import IssuedToken
from guarddog_gui.services import ports
from guarddog_gui.services.exports import Exporter
from guarddog_gui.services.foreign_writes import TrackedDogFiles, TrackedRecord
from guarddog_gui.services.retry_cooldown import CallLimits
from guarddog_gui.services.token_calls import TokenCall, TokenCalls, result_without_secret, with_failure


class RefreshMode(StrEnum):
    """Condition under which WeChat is asked."""

    ADOPT_ONLY = "look"  # never; only adopt what another program has written
    IF_NEEDED = "if needed"  # the value on disk is due, or has less life left than `min_ttl`
    ALWAYS = "ask"  # always, unless another program has written a newer value meanwhile
    FORCE = "force"  # always, and make a new token; the current one stops working everywhere


class RefreshRequest(Struct, frozen=True):
    """Request to refresh some keys of one account.

    Attributes:
        min_ttl: remaining life in seconds that makes a value good enough; None means "not yet due".
        known_gen_times_ms: `gen_time` (Unix milliseconds) of the values that the caller knows. A file with
            another `gen_time` was written by another program.
        is_token_rejected: WeChat has rejected the current access token before its expiry.
        respect_failures_since: ask only if no cool-down is active, counting failures since this Unix time;
            None ignores cool-downs.
        in_memory_values: values of the caller that may be missing on disk, since they could not be written.
    """

    account: Account
    kinds: tuple[TokenKind, ...]
    trigger: Trigger
    mode: RefreshMode = RefreshMode.IF_NEEDED
    min_ttl: float | None = None
    known_gen_times_ms: tuple[tuple[TokenKind, int], ...] = ()
    is_token_rejected: bool = False
    respect_failures_since: float | None = None
    in_memory_values: tuple[tuple[TokenKind, TokenRecord], ...] = ()

    def is_forced(self, kind: TokenKind) -> bool:
        """Return True if a new value of this key is to be forced; tickets cannot be."""
        return self.mode is RefreshMode.FORCE and kind is TokenKind.ACCESS_TOKEN


class RefreshResult(Struct, frozen=True):
    """Result of a refresh for one key."""

    appid: str
    kind: TokenKind
    entry: HistoryEntry  # as it is in the history; a STILL_FRESH entry is not stored
    record: TokenRecord | None  # the best value after the attempt
    clock_skew_s: float | None = None  # seconds by which the local clock is ahead of WeChat's, if a reply told

    @property
    def is_success(self) -> bool:
        return self.entry.is_success


class Refresher(Struct, kw_only=True, eq=False, dict=True):
    """Refresh one account at a time. Not thread-safe: every worker thread has its own.

    Without `exporter` nothing is exported after a refresh.
    """

    transport: ports.Transport
    secrets: ports.SecretStore
    dog_files: ports.DogFileStore
    replaced_tickets: ports.ReplacedTicketStore
    account_lock: ports.AccountLock
    history: ports.HistoryStore
    errcode_catalog: ErrcodeCatalog
    clock: ports.Clock
    exporter: Exporter | None = None

    def __post_init__(self) -> None:
        self._tracked_files = TrackedDogFiles(self.dog_files, self.history, self.clock)
        self._limits = CallLimits(self.history, self.errcode_catalog)
        self._calls = TokenCalls(self.transport, self.secrets, self.errcode_catalog, self.clock)
        self._has_renewed_token = False

    def refresh(self, request: RefreshRequest) -> tuple[RefreshResult, ...]:
        """Refresh, then export the values on disk. See `refresh_without_exports` for the results.

        A failed export does not change the results, but an export command may take up to its timeout.
        """
        results = self.refresh_without_exports(request)
        if self.exporter is not None and any(result.is_success for result in results):
            self.exporter.export(request.account)
        return results

    def refresh_without_exports(self, request: RefreshRequest) -> tuple[RefreshResult, ...]:
        """Return one result per key that was tried, the access token first.

        A ticket for which there is no valid access token refreshes the token first. If that fails, the ticket
        is not tried and has no result. ADOPT_ONLY gives no results if the account's lock is busy.
        """
        self._calls.clock_skew_s = None
        self._has_renewed_token = False
        try:
            with self.account_lock.acquire(request.account.appid):
                return self._refresh_locked(request)
        except (LockBusy, FileError) as error:  # of the lock file; errors of `.dog` files are handled below
            return () if request.mode is RefreshMode.ADOPT_ONLY else (self._lock_failed_result(request, error),)

    def _lock_failed_result(self, request: RefreshRequest, error: LockBusy | FileError) -> RefreshResult:
        kind, is_busy = request.kinds[0], isinstance(error, LockBusy)
        result = AttemptResult.LOCK_BUSY if is_busy else AttemptResult.NOT_WRITTEN
        entry = self._make_entry(request, kind, result, detail="" if is_busy else str(error))
        return self._finish(request, kind, entry, self.dog_files.read(request.account, kind))

    def _refresh_locked(self, request: RefreshRequest) -> tuple[RefreshResult, ...]:
        if request.mode is RefreshMode.ADOPT_ONLY:
            return tuple(self._inspect_file(request, kind) for kind in request.kinds)
        results = [self._refresh_token(request)] if TokenKind.ACCESS_TOKEN in request.kinds else []
        for kind in request.kinds:
            if kind is not TokenKind.ACCESS_TOKEN and kind in request.account.token_kinds:
                token_results = [result for result in results if result.kind is TokenKind.ACCESS_TOKEN]
                results += self._refresh_ticket(request, kind, token_results[-1] if token_results else None)
        return tuple(results)

    def _inspect_file(self, request: RefreshRequest, kind: TokenKind) -> RefreshResult:
        """Read a file that has changed: a foreign program or another Guard Dog process wrote it."""
        tracked = self._tracked_files.read(request.account, kind, request.trigger, has_changed=True)
        in_memory = dict(request.in_memory_values).get(kind)
        if tracked.record is None and in_memory is not None and in_memory.remaining_s(self.clock()) > 0:
            return self._restore_file(request, kind, in_memory)
        entry = tracked.foreign_entry or self._make_entry(request, kind, AttemptResult.STILL_FRESH, tracked.record)
        return RefreshResult(request.account.appid, kind, entry, tracked.record)

    def _restore_file(self, request: RefreshRequest, kind: TokenKind, record: TokenRecord) -> RefreshResult:
        """Write a valid value again whose file was removed or damaged: other programs read it."""
        entry = self._make_entry(request, kind, AttemptResult.STILL_FRESH, record)
        directory = self.dog_files.directory(request.account)
        try:
            self.dog_files.write(request.account, kind, replace(record, directory=directory))
        except FileError as error:
            entry = replace(entry, result=AttemptResult.NOT_WRITTEN, detail=str(error))
        return self._finish(request, kind, entry, record)

    def _refresh_token(self, request: RefreshRequest) -> RefreshResult:
        kind = TokenKind.ACCESS_TOKEN
        tracked = self._tracked_files.read(request.account, kind, request.trigger)
        current = tracked.record
        in_memory = self._newer_in_memory(request, kind, current)
        if in_memory is not None:
            entry = self._make_entry(request, kind, AttemptResult.STILL_FRESH, in_memory)
            return self._finish(request, kind, entry, in_memory)
        started_at = self.clock()
        done = self._reuse_current(request, kind, tracked) or self._refuse_by_limits(request, kind, current)
        if done is not None:
            return done
        call = self._calls.request_token(request.account, force=request.is_forced(kind))
        if isinstance(call, TokenCall):
            return self._record_answer(request, kind, call, current)
        result, detail = result_without_secret(call)
        entry = self._make_entry(request, kind, result, started_at=started_at, detail=detail)
        return self._finish(request, kind, entry, current)

    def _refresh_ticket(
        self, request: RefreshRequest, kind: TokenKind, token_result: RefreshResult | None
    ) -> tuple[RefreshResult, ...]:
        """Refresh a ticket; `token_result` is that of the access token, if this request has tried it."""
        tracked = self._tracked_files.read(request.account, kind, request.trigger)
        reused = self._reuse_current(request, kind, tracked)
        if reused is not None:
            return (reused,)
        earlier: tuple[RefreshResult, ...] = ()
        if token_result is None:
            token_result = self._refresh_token(
                replace(request, mode=RefreshMode.IF_NEEDED, min_ttl=policy.TOKEN_MIN_REMAINING_S)
            )
            earlier = (token_result,)
        token = token_result.record
        if token is None or policy.ticket_needs_token(token, self.clock()):
            return earlier
        earlier = tuple(result for result in earlier if result.entry.result is not AttemptResult.STILL_FRESH)
        refused = self._refuse_by_limits(request, kind, tracked.record)
        if refused is not None:
            return (*earlier, refused)
        call = self._calls.request_ticket(token, kind)
        if self._calls.is_token_refused(call.answer) and not self._has_renewed_token:
            renewed = self._renew_rejected_token(request, token)
            earlier = (*earlier, renewed)
            # `record` is the new token even if it could not be written
            if renewed.record is not None and renewed.record.value != token.value:
                call = replace(self._calls.request_ticket(renewed.record, kind), count=2)
        return (*earlier, self._record_answer(request, kind, call, tracked.record))

    def _renew_rejected_token(self, request: RefreshRequest, rejected: TokenRecord) -> RefreshResult:
        """Request the access token that WeChat rejected before its expiry again; once per refresh.

        In normal mode: WeChat then returns its current token. Forcing a new one would invalidate the token
        of the program that has replaced ours.
        """
        self._has_renewed_token = True
        token_request = replace(
            request, kinds=(TokenKind.ACCESS_TOKEN,), mode=RefreshMode.ALWAYS, is_token_rejected=True,
            known_gen_times_ms=((TokenKind.ACCESS_TOKEN, rejected.generated_ms),),
        )  # fmt: skip
        return self._refresh_token(token_request)

    # -- reasons not to ask WeChat -----------------------------------------------------------------

    def _reuse_current(self, request: RefreshRequest, kind: TokenKind, tracked: TrackedRecord) -> RefreshResult | None:
        current = tracked.record
        if current is None or request.mode is RefreshMode.FORCE:
            return None
        now = self.clock()
        known_ms = dict(request.known_gen_times_ms).get(kind)
        is_foreign = known_ms is not None and current.generated_ms != known_ms
        is_fresh = current.is_fresh(now)
        if request.mode is RefreshMode.ALWAYS:
            is_good = is_foreign and current.generated_ms > (known_ms or 0) and is_fresh
        elif request.min_ttl is not None:
            is_good = current.remaining_s(now) > request.min_ttl or (
                is_fresh and self._limits.is_confirmed_current(request.account.appid, kind, current, now)
            )
        else:
            is_good = is_fresh
        if not is_good:
            return None
        if tracked.foreign_entry is not None:
            return RefreshResult(request.account.appid, kind, tracked.foreign_entry, current)
        result = AttemptResult.ADOPTED if is_foreign else AttemptResult.STILL_FRESH
        entry = self._make_entry(request, kind, result, current)
        return self._finish(request, kind, replace(entry, expires_at=current.expires_at), current)

    def _newer_in_memory(
        self, request: RefreshRequest, kind: TokenKind, current: TokenRecord | None
    ) -> TokenRecord | None:
        in_memory = dict(request.in_memory_values).get(kind)
        if in_memory is None or request.min_ttl is None:
            return None
        is_newer = current is None or current.generated_ms < in_memory.generated_ms
        return in_memory if is_newer and in_memory.remaining_s(self.clock()) > request.min_ttl else None

    def _refuse_by_limits(
        self, request: RefreshRequest, kind: TokenKind, current: TokenRecord | None
    ) -> RefreshResult | None:
        """Return a result without a call if a cool-down or a quota forbids one.

        The result of a cool-down carries the failure that caused it; it is not recorded a second time.
        """
        appid, now, since = request.account.appid, self.clock(), request.respect_failures_since
        failure = None if since is None else self._limits.active_cooldown(appid, kind, since, now)
        if failure is not None:
            return RefreshResult(appid, kind, failure, current)
        detail = self._limits.exceeded(appid, kind, request.trigger, now, is_forced=request.is_forced(kind))
        if detail is None:
            return None
        entry = self._make_entry(request, kind, AttemptResult.BUDGET_EXCEEDED, detail=detail)
        return self._finish(request, kind, entry, current)

    # -- recording ---------------------------------------------------------------------------------

    def _record_answer(
        self, request: RefreshRequest, kind: TokenKind, call: TokenCall, current: TokenRecord | None
    ) -> RefreshResult:
        """Record the answer and write a new value; its life starts when the request was sent."""
        account, issued = request.account, call.answer
        entry = replace(
            self._make_entry(request, kind, AttemptResult.NEW, started_at=call.started_at),
            calls=call.count, forced=request.is_forced(kind), endpoint=protocol.endpoint_name(account, kind),
        )  # fmt: skip
        if not isinstance(issued, IssuedToken):
            return self._finish(request, kind, with_failure(entry, issued, call.count), current)
        is_ticket, is_same = kind is not TokenKind.ACCESS_TOKEN, current is not None and current.value == issued.value
        result = AttemptResult.SAME if is_same else AttemptResult.NEW
        entry = replace(entry, result=result, fingerprint=fingerprint(issued.value))
        if is_ticket and policy.keep_existing_record(current, issued.value, entry.at):
            return self._finish(request, kind, replace(entry, detail=policy.EXPIRY_KEPT), current)
        directory = self.dog_files.directory(account)
        record = TokenRecord(issued.value, issued.expires_in, int(entry.at * 1000), directory, account.ahead)
        detail = policy.SUPERSEDED if request.is_token_rejected and not is_same else ""
        entry = replace(entry, expires_at=record.expires_at, detail=detail)
        try:
            self.dog_files.write(account, kind, record)
        except FileError as error:
            entry = replace(entry, result=AttemptResult.NOT_WRITTEN, detail=str(error))
        else:
            if is_ticket and current is not None and not is_same:
                self.replaced_tickets.add(account, current.value, self.clock())
        return self._finish(request, kind, entry, record)

    def _make_entry(
        self,
        request: RefreshRequest,
        kind: TokenKind,
        result: AttemptResult,
        record: TokenRecord | None = None,
        *,
        started_at: float | None = None,
        detail: str = "",
    ) -> HistoryEntry:
        now = self.clock()
        at = now if started_at is None else started_at
        return HistoryEntry(
            at=at, appid=request.account.appid, key=kind.value, trigger=request.trigger, result=result,
            took_ms=max(0, round((now - at) * 1000)), detail=detail,
            fingerprint="" if record is None else fingerprint(record.value),
        )  # fmt: skip

    def _finish(
        self, request: RefreshRequest, kind: TokenKind, entry: HistoryEntry, record: TokenRecord | None
    ) -> RefreshResult:
        if entry.result is not AttemptResult.STILL_FRESH:
            self.history.append(entry)
        return RefreshResult(request.account.appid, kind, entry, record, self._calls.clock_skew_s)
