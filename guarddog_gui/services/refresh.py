"""Refresh the access token and the tickets of an account: the central use case of Guard Dog.

For each requested key, under the account's lock:

1. Read the `.dog` file again: another process may have written a good value a moment ago. A value that another
   program wrote is adopted only if WeChat proves that it belongs to the account (`provenance/foreign_values.py`).
2. Check that WeChat may be asked now (`retry_cooldown.py`).
3. Read the AppSecret from the keyring, send the request and parse the reply (`token_calls.py`).
4. Write the `.dog` file and append the attempt to the history.

One call is one attempt; nothing here waits and tries again later. When the next attempt is due is decided
in `domain/refresh/policy.py`. Where a value on disk came from is explained in `provenance/own_values.py`.
"""

from msgspec import Struct
from msgspec.structs import replace

from guarddog_gui.domain.errors import FileError, LockBusy
from guarddog_gui.domain.refresh import foreign_writes, policy, retries
from guarddog_gui.domain.refresh.history import AttemptResult, HistoryEntry
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord, fingerprint
from guarddog_gui.domain.wechat import protocol
from guarddog_gui.domain.wechat.errcodes import ErrcodeCatalog
from guarddog_gui.domain.wechat.protocol import IssuedToken, Refusal
from guarddog_gui.services import ports
from guarddog_gui.services.calls.refresh_request import RefreshMode, RefreshRequest, RefreshResult
from guarddog_gui.services.calls.retry_cooldown import CallLimits, unwritten_classic_token
from guarddog_gui.services.calls.token_calls import TokenCall, TokenCalls, result_without_secret, with_failure
from guarddog_gui.services.exports import Exporter
from guarddog_gui.services.provenance.foreign_values import ForeignValues, Settled
from guarddog_gui.services.provenance.token_checks import TokenChecks
from guarddog_gui.services.provenance.tracked_files import TrackedDogFiles, TrackedRecord
from guarddog_gui.services.sharing.shared_refresh import SharedRefresh, SharingParts


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
    sharing: SharingParts | None = None

    def __post_init__(self) -> None:
        self._tracked_files = TrackedDogFiles(self.dog_files, self.history, self.clock)
        self._limits = CallLimits(self.history, self.errcode_catalog)
        self._calls = TokenCalls(self.transport, self.secrets, self.errcode_catalog, self.clock)
        self.foreign_values = ForeignValues(
            self.dog_files, self._tracked_files, self._calls, self.history, self.errcode_catalog, self.clock
        )
        self.token_checks = TokenChecks(
            transport=self.transport, dog_files=self.dog_files, account_lock=self.account_lock,
            errcode_catalog=self.errcode_catalog, clock=self.clock,
        )  # fmt: skip
        self._has_renewed_token = False
        self._shared = SharedRefresh(
            self.sharing, self.dog_files, self._tracked_files, self.replaced_tickets, self.history, self._limits,
            self.clock,
        )  # fmt: skip

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
        is not tried and has no result. Modes that do not ask give no results if the account's lock is busy.
        """
        self._calls.clock_skew_s = None
        self._has_renewed_token = False
        try:
            with self.account_lock.acquire(request.account.appid), self._shared.session(request.account):
                done = self._shared.refresh_without_asking(request)
                return self._refresh_locked(request) if done is None else done
        except (LockBusy, FileError) as error:  # of the lock file; errors of `.dog` files are handled below
            return (self._lock_failed_result(request, error),) if request.mode.may_ask else ()

    def _lock_failed_result(self, request: RefreshRequest, error: LockBusy | FileError) -> RefreshResult:
        kind, is_busy = request.kinds[0], isinstance(error, LockBusy)
        result = AttemptResult.LOCK_BUSY if is_busy else AttemptResult.NOT_WRITTEN
        entry = self._make_entry(request, kind, result, detail="" if is_busy else str(error))
        return self._finish(request, kind, entry, self._tracked_files.read_only(request.account, kind))

    def _refresh_locked(self, request: RefreshRequest) -> tuple[RefreshResult, ...]:
        if request.mode is RefreshMode.ADOPT_ONLY:
            return tuple(self._inspect_file(request, kind) for kind in request.kinds)
        results = [self._refresh_token(request)] if TokenKind.ACCESS_TOKEN in request.kinds else []
        for kind in request.kinds:
            if kind is not TokenKind.ACCESS_TOKEN and kind in request.account.token_kinds:
                token_results = [result for result in results if result.kind is TokenKind.ACCESS_TOKEN]
                results += self._refresh_ticket(request, kind, token_results[-1] if token_results else None)
        for kind in request.account.token_kinds:  # those that could not be replaced
            self._tracked_files.expire_future_value(request.account, kind)
        return tuple(results)

    def _inspect_file(self, request: RefreshRequest, kind: TokenKind) -> RefreshResult:
        """Read a file that has changed: another program or another Guard Dog process wrote it."""
        settled = self._read_settled(request, kind)
        if settled.tracked.foreign is not None:
            return self._verify_by_request(request, kind, settled.tracked)
        record, in_memory = settled.tracked.record or settled.tracked.kept, dict(request.in_memory_values).get(kind)
        is_missing = self.dog_files.stamp(request.account, kind) is None
        if is_missing and in_memory is not None and in_memory.remaining_s(self.clock()) > 0:
            return self._restore_file(request, kind, in_memory)
        entry = settled.failure or self._make_entry(request, kind, AttemptResult.STILL_FRESH, record)
        if settled.tracked.unwritten is not None:  # until a later attempt writes it, followers read something else
            entry = replace(entry, result=AttemptResult.NOT_WRITTEN, detail=str(settled.tracked.unwritten))
            return replace(self._finish(request, kind, entry, record), foreign_entry=settled.entry)
        if settled.entry is not None and settled.entry.is_success:
            return RefreshResult(request.account.appid, kind, settled.entry, record)
        return RefreshResult(request.account.appid, kind, entry, record, foreign_entry=settled.entry)

    def _read_settled(self, request: RefreshRequest, kind: TokenKind) -> Settled:
        """Read a file; decide about the value of another program unless only a request to WeChat can."""
        account, in_memory = request.account, dict(request.in_memory_values).get(kind)
        tracked = self._tracked_files.read(account, kind, in_memory)
        may_call = tracked.foreign is None or self._limits.may_verify(
            account.appid, kind, request.respect_failures_since or 0.0, request.trigger, self.clock()
        )
        if tracked.kept is None and request.mode is not RefreshMode.ADOPT_ONLY:
            may_call = True  # the request itself respects the limits
        if request.is_forced(kind):  # a new value ends the other program's, whoever owns it
            return Settled(TrackedRecord(tracked.record or tracked.kept))
        return self.foreign_values.settle(account, kind, tracked, request.trigger, may_call=may_call)

    def _verify_by_request(self, request: RefreshRequest, kind: TokenKind, tracked: TrackedRecord) -> RefreshResult:
        """Ask WeChat for the current value, which shows whether another program has written the same."""
        if kind is TokenKind.ACCESS_TOKEN:
            return self._request_token(request, tracked)
        token = self._tracked_files.read(request.account, TokenKind.ACCESS_TOKEN).record
        if token is not None and not policy.ticket_needs_token(token, self.clock()):
            return self._request_ticket(request, kind, token, tracked)[-1]
        settled = self.foreign_values.reject_unverified(request.account, kind, tracked, request.trigger)
        entry = self._make_entry(request, kind, AttemptResult.STILL_FRESH, settled.tracked.record)
        return RefreshResult(request.account.appid, kind, entry, settled.tracked.record, foreign_entry=settled.entry)

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
        settled = self._read_settled(request, kind)
        tracked = settled.tracked
        in_memory = self._newer_in_memory(request, kind, tracked.record)
        if in_memory is not None:
            entry = self._make_entry(request, kind, AttemptResult.STILL_FRESH, in_memory)
            return self._finish(request, kind, entry, in_memory)
        if settled.failure is not None:
            return self._finish(request, kind, settled.failure, None)
        reused = self._reuse_current(request, kind, settled)
        if reused is not None and reused.record is not None:
            refusal = self.token_checks.refusal_if_due(request.account, reused.record) if request.checks_token else None
            return reused if refusal is None else self._replace_refused_token(request, reused.record, refusal)
        done = self._take_shared_turn(request, kind)
        if done is None:
            settled = self._shared.read_again(request.account, settled, lambda: self._read_settled(request, kind))
            tracked = settled.tracked
            done = self._refuse_by_limits(request, kind, tracked.record)
        return self._request_token(request, tracked, settled.entry) if done is None else done

    def _take_shared_turn(self, request: RefreshRequest, kind: TokenKind) -> RefreshResult | None:
        return self._shared.take_turn(
            request, kind, lambda: self._reuse_current(request, kind, self._read_settled(request, kind))
        )

    def _request_token(
        self, request: RefreshRequest, tracked: TrackedRecord, foreign_entry: HistoryEntry | None = None
    ) -> RefreshResult:
        kind, started_at = TokenKind.ACCESS_TOKEN, self.clock()
        call = self._calls.request_token(request.account, force=request.is_forced(kind))
        if isinstance(call, TokenCall):
            answered = self._record_answer(request, kind, call, tracked)
            return answered if foreign_entry is None else replace(answered, foreign_entry=foreign_entry)
        result, detail = result_without_secret(call)
        entry = self._make_entry(request, kind, result, started_at=started_at, detail=detail)
        return self._finish_failed(request, kind, entry, tracked)

    def _refresh_ticket(
        self, request: RefreshRequest, kind: TokenKind, token_result: RefreshResult | None
    ) -> tuple[RefreshResult, ...]:
        """Refresh a ticket; `token_result` is that of the access token, if this request has tried it."""
        settled = self._read_settled(request, kind)
        reused = self._reuse_current(request, kind, settled)
        reused = self._take_shared_turn(request, kind) if reused is None else reused
        if reused is not None:
            return (reused,)
        settled = self._shared.read_again(request.account, settled, lambda: self._read_settled(request, kind))
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
        refused = self._refuse_by_limits(request, kind, settled.tracked.record or settled.tracked.kept)
        if refused is not None:
            return (*earlier, refused)
        return (*earlier, *self._request_ticket(request, kind, token, settled.tracked))

    def _request_ticket(
        self, request: RefreshRequest, kind: TokenKind, token: TokenRecord, tracked: TrackedRecord
    ) -> tuple[RefreshResult, ...]:
        """Request a ticket; if its token is refused, renew that once. The result of the ticket is the last one."""
        earlier: tuple[RefreshResult, ...] = ()
        call = self._calls.request_ticket(request.account, token, kind)
        if self._calls.is_token_refused(call.answer) and isinstance(call.answer, Refusal):
            if self._has_renewed_token:
                self.foreign_values.mark_refused(request.account, token, call.answer, request.trigger)
            else:
                renewed = self._replace_refused_token(request, token, call.answer)
                earlier = (renewed,)
                # `record` is the new token even if it could not be written
                if renewed.record is not None and renewed.record.value != token.value:
                    call = replace(self._calls.request_ticket(request.account, renewed.record, kind), count=2)
        return (*earlier, self._record_answer(request, kind, call, tracked))

    def _replace_refused_token(self, request: RefreshRequest, rejected: TokenRecord, refusal: Refusal) -> RefreshResult:
        """Request the access token that WeChat refused before its expiry again; once per refresh.

        In normal mode: WeChat then returns its current token. Forcing a new one would invalidate the token
        of the program that has replaced ours.
        """
        self.foreign_values.mark_refused(request.account, rejected, refusal, request.trigger)
        self._has_renewed_token = True
        token_request = replace(
            request, kinds=(TokenKind.ACCESS_TOKEN,), mode=RefreshMode.ALWAYS,
            is_token_rejected=True, checks_token=False,
            known_gen_times_ms=((TokenKind.ACCESS_TOKEN, rejected.generated_ms),),
        )  # fmt: skip
        return self._refresh_token(token_request)

    # -- reasons not to ask WeChat -----------------------------------------------------------------

    def _reuse_current(self, request: RefreshRequest, kind: TokenKind, settled: Settled) -> RefreshResult | None:
        current = settled.tracked.record
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
        if settled.entry is not None and settled.entry.is_success:
            return RefreshResult(request.account.appid, kind, settled.entry, current)
        is_newer = is_foreign and settled.entry is None
        entry = self._make_entry(
            request, kind, AttemptResult.ADOPTED if is_newer else AttemptResult.STILL_FRESH, current
        )
        result = self._finish(request, kind, replace(entry, expires_at=current.expires_at), current)
        return replace(result, foreign_entry=settled.entry)

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
        failure = None
        if since is not None:
            failure = self._limits.active_cooldown(appid, kind, since, now)
            failure = failure or unwritten_classic_token(self._limits, self.dog_files, request.account, kind, now)
        if failure is not None:
            return RefreshResult(appid, kind, failure, current)
        detail = self._limits.exceeded(appid, kind, request.trigger, now, is_forced=request.is_forced(kind))
        if detail is None:
            return None
        entry = self._make_entry(request, kind, AttemptResult.BUDGET_EXCEEDED, detail=detail)
        return self._finish(request, kind, entry, current)

    # -- recording ---------------------------------------------------------------------------------

    def _record_answer(
        self, request: RefreshRequest, kind: TokenKind, call: TokenCall, tracked: TrackedRecord
    ) -> RefreshResult:
        """Record the answer and write a new value; its life starts when the request was sent."""
        account, issued = request.account, call.answer
        entry = replace(
            self._make_entry(request, kind, AttemptResult.NEW, started_at=call.started_at),
            calls=call.count, forced=request.is_forced(kind), endpoint=protocol.endpoint_name(account, kind),
        )  # fmt: skip
        if not isinstance(issued, IssuedToken):
            return self._finish_failed(request, kind, with_failure(entry, issued, call.count, self.history), tracked)
        current = tracked.record or tracked.kept or tracked.refused
        is_ticket, is_same = kind is not TokenKind.ACCESS_TOKEN, current is not None and current.value == issued.value
        is_theirs = tracked.foreign is not None and tracked.foreign.value == issued.value
        result = AttemptResult.ADOPTED if is_theirs else AttemptResult.SAME if is_same else AttemptResult.NEW
        detail = _answer_detail(request, kind, is_theirs=is_theirs, is_same=is_same)
        entry = replace(entry, result=result, fingerprint=fingerprint(issued.value), detail=detail)
        directory, expires_in = self.dog_files.directory(account), issued.expires_in
        if is_ticket:
            state, entry = self._shared.with_shared_age(kind, entry, issued.value)
            expires_in = retries.ticket_life(state, entry, expires_in)
        record = TokenRecord(issued.value, expires_in, int(entry.at * 1000), directory, account.refresh_ahead)
        if is_ticket and policy.keeps_expiry(tracked.record, record):
            self._shared.share_answer(request, kind, record, entry)
            return self._finish(request, kind, replace(entry, detail=policy.EXPIRY_KEPT), tracked.record)
        entry = replace(entry, expires_at=record.expires_at)
        try:
            self.dog_files.write(account, kind, record)
        except FileError as error:
            entry = replace(entry, result=AttemptResult.NOT_WRITTEN, detail=str(error))
        else:
            if is_ticket and current is not None and not is_same:
                self.replaced_tickets.add(account, current.value, self.clock())
        result_of_answer = self._finish(request, kind, entry, record)
        result_of_answer = self._shared.share_answer(request, kind, record, entry) or result_of_answer
        if tracked.foreign is None or is_theirs:
            return result_of_answer
        rejected = self.foreign_values.note_replaced(account, kind, tracked.foreign, request.trigger)
        return replace(result_of_answer, foreign_entry=rejected)

    def _finish_failed(
        self, request: RefreshRequest, kind: TokenKind, entry: HistoryEntry, tracked: TrackedRecord
    ) -> RefreshResult:
        """Record a failed request; the own value is put back if another program's could not be verified."""
        settled = Settled(tracked)
        if tracked.foreign is not None:
            settled = self.foreign_values.reject_unverified(request.account, kind, tracked, request.trigger)
        result = self._finish(request, kind, entry, settled.tracked.record)
        return replace(result, foreign_entry=settled.entry)

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


def _answer_detail(request: RefreshRequest, kind: TokenKind, *, is_theirs: bool, is_same: bool) -> str:
    """Return the detail of a value that WeChat has returned: another program's, or the one that was there before."""
    if request.is_token_rejected and not is_same:
        return policy.SUPERSEDED
    if is_theirs:
        return foreign_writes.RETURNED
    return retries.CLOCK_SET_BACK if request.is_clock_set_back and kind is not TokenKind.ACCESS_TOKEN else ""
