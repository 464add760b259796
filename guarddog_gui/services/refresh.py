"""The story of a refresh: lock, re-read, decide, secret, request, parse, write, record."""

from dataclasses import dataclass, replace
from enum import StrEnum

from guarddog_gui.domain.accounts.account import Account, Secret
from guarddog_gui.domain.accounts.keyring_results import (
    KeyringIsDown,
    KeyringIsLocked,
    SecretFound,
    SecretMissing,
)
from guarddog_gui.domain.errors import FileError, LockBusy
from guarddog_gui.domain.refresh import policy
from guarddog_gui.domain.refresh.history import AttemptResult, HistoryEntry, Trigger
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord, fingerprint
from guarddog_gui.domain.wechat import protocol
from guarddog_gui.domain.wechat.errcodes import ErrcodeCatalog, ErrcodeKind, beijing_day_start
from guarddog_gui.domain.wechat.protocol import IssuedToken, Refusal, TransportFailure
from guarddog_gui.services.exports import Exporter
from guarddog_gui.services.foreign_writes import TrackedDogFiles, TrackedRecord
from guarddog_gui.services.ports import (
    AccountLock,
    Clock,
    DogFileStore,
    HistoryStore,
    ReplacedTicketStore,
    SecretStore,
    Transport,
)
from guarddog_gui.services.retry_cooldown import active_cooldown


class RefreshMode(StrEnum):
    """How much has to be wrong before WeChat is asked."""

    ADOPT_ONLY = "look"  # never; only take over what another program has written
    IF_NEEDED = "if needed"  # only if the value on disk is due, or has less left than asked for
    ALWAYS = "ask"  # ask even if it is fresh, unless another program has written a newer one meanwhile
    FORCE = "force"  # make a new token; what others hold dies


@dataclass(frozen=True, slots=True)
class RefreshRequest:
    """Refresh these keys of this account.

    `seen` are the `gen_time`s (ms) that the caller knows: a file with another one was written by somebody
    else. `min_left` (seconds) makes "needed" mean "less life than this"; None means "due for a refresh". One
    that is `patient` does not ask before the time that the last failure demands, of those since that moment
    (Unix seconds). `held` are values that the caller has and the disk may not have.
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

    def known_gen_time_ms(self, kind: TokenKind) -> int | None:
        """The `gen_time` that the caller knows for this key."""
        return dict(self.known_gen_times_ms).get(kind)


@dataclass(frozen=True, slots=True)
class RefreshResult:
    """What came of an order for one key: the line for the history and the best record there is now."""

    appid: str
    kind: TokenKind
    entry: HistoryEntry
    record: TokenRecord | None
    clock_skew_s: float | None = None  # how far our clock is ahead of WeChat's, where its answer told

    @property
    def is_success(self) -> bool:
        """Whether there is a usable value."""
        return self.entry.is_success


class Refresher:
    """Carries out orders, one at a time; a program has one per lane."""

    def __init__(
        self,
        *,
        transport: Transport,
        secrets: SecretStore,
        dog_files: DogFileStore,
        replaced_tickets: ReplacedTicketStore,
        account_lock: AccountLock,
        history: HistoryStore,
        errcode_catalog: ErrcodeCatalog,
        clock: Clock,
        exporter: Exporter | None = None,
    ) -> None:
        """`outlets` None means that nothing is handed on."""
        self._transport = transport
        self._secrets = secrets
        self._dog_files = dog_files
        self._replaced_tickets = replaced_tickets
        self._account_lock = account_lock
        self._history = history
        self._errcode_catalog = errcode_catalog
        self._clock = clock
        self._tracked_files = TrackedDogFiles(dog_files, history, clock)
        self._exporter = exporter
        self._clock_skew_s: float | None = None
        self._has_renewed_token = False

    def refresh(self, request: RefreshRequest) -> tuple[RefreshResult, ...]:
        """What `attempt` does; then what the disk holds is handed on to the account's outlets.

        An outlet that fails changes nothing about the outcomes, but a command may take until its deadline.
        """
        outcomes = self.refresh_without_exports(request)
        if self._exporter is not None and any(outcome.is_success for outcome in outcomes):
            self._exporter.export(request.account)
        return outcomes

    def refresh_without_exports(self, request: RefreshRequest) -> tuple[RefreshResult, ...]:
        """One outcome per key that was tried, the access token first; none where a mere look has to wait.

        A ticket without a live access token brings the token along, and has no outcome of its own when
        that fails.
        """
        account = request.account
        self._clock_skew_s = None
        self._has_renewed_token = False
        try:
            with self._account_lock.acquire(account.appid):
                return self._refresh_locked(request)
        except (LockBusy, FileError) as reason:  # of the lock: those of the .dog files are taken care of
            return (
                () if request.mode is RefreshMode.ADOPT_ONLY else (self._lock_failed_result(request, reason),)
            )

    def _lock_failed_result(self, request: RefreshRequest, error: LockBusy | FileError) -> RefreshResult:
        kind = request.kinds[0]
        if isinstance(error, LockBusy):
            entry = self._make_entry(request, kind, AttemptResult.LOCK_BUSY)
        else:
            entry = self._make_entry(request, kind, AttemptResult.NOT_WRITTEN, detail=str(error))
        return self._finish(request, kind, entry, self._dog_files.read(request.account, kind))

    def _refresh_locked(self, request: RefreshRequest) -> tuple[RefreshResult, ...]:
        if request.mode is RefreshMode.ADOPT_ONLY:
            return tuple(self._inspect_file(request, kind) for kind in request.kinds)
        outcomes: list[RefreshResult] = []
        if TokenKind.ACCESS_TOKEN in request.kinds:
            outcomes.append(self._refresh_token(request))
        for kind in request.kinds:
            if kind is TokenKind.ACCESS_TOKEN or kind not in request.account.token_kinds:
                continue
            tokens = [outcome for outcome in outcomes if outcome.kind is TokenKind.ACCESS_TOKEN]
            outcomes += self._refresh_ticket(request, kind, tokens[-1] if tokens else None)
        return tuple(outcomes)

    def _inspect_file(self, request: RefreshRequest, kind: TokenKind) -> RefreshResult:
        """A file that has changed: by another program, or by another Guard Dog that has left its own line."""
        found = self._tracked_files.read(request.account, kind, request.trigger, has_changed=True)
        held = dict(request.in_memory_values).get(kind)
        if found.record is None and held is not None and held.remaining_s(self._clock()) > 0:
            return self._restore_file(request, kind, held)
        value = fingerprint(found.record.value) if found.record is not None else ""
        entry = found.foreign_entry or self._make_entry(
            request, kind, AttemptResult.STILL_FRESH, fingerprint=value
        )
        return RefreshResult(request.account.appid, kind, entry, found.record)

    def _restore_file(self, request: RefreshRequest, kind: TokenKind, record: TokenRecord) -> RefreshResult:
        """Somebody has removed or damaged the file of a value that lives: others want to read it."""
        entry = self._make_entry(
            request, kind, AttemptResult.STILL_FRESH, fingerprint=fingerprint(record.value)
        )
        directory = self._dog_files.directory(request.account)
        try:
            self._dog_files.write(request.account, kind, replace(record, directory=directory))
        except FileError as trouble:
            entry = replace(entry, result=AttemptResult.NOT_WRITTEN, detail=str(trouble))
        return self._finish(request, kind, entry, record)

    # -- the access token -------------------------------------------------------------------------

    def _refresh_token(self, request: RefreshRequest) -> RefreshResult:
        kind = TokenKind.ACCESS_TOKEN
        found = self._tracked_files.read(request.account, kind, request.trigger)
        current = found.record
        held = self._newer_in_memory(request, kind, current)
        if held is not None:
            entry = self._make_entry(
                request, kind, AttemptResult.STILL_FRESH, fingerprint=fingerprint(held.value)
            )
            return self._finish(request, kind, entry, held)
        enough = self._reuse_current(request, kind, found)
        if enough is not None:
            return enough
        started = self._clock()
        waits = self._in_cooldown(request, kind, current)
        if waits is not None:
            return waits
        held_back = self._over_quota(request, kind, started)
        if held_back is not None:
            return self._finish(request, kind, held_back, current)
        looked = self._secrets.get(request.account.appid)
        if not isinstance(looked, SecretFound):
            return self._finish(request, kind, self._no_secret_entry(request, kind, looked, started), current)
        started = self._clock()
        force = request.mode is RefreshMode.FORCE
        answer = self._request_token(request.account, looked.secret, force=force)
        calls = 1
        if isinstance(answer, Refusal) and self._is_secret_refusal(answer):
            # ours may be a remembered one, and somebody has put another into the keyring meanwhile
            self._secrets.invalidate(request.account.appid)
            again = self._secrets.get(request.account.appid)
            if isinstance(again, SecretFound) and again.secret != looked.secret:
                started = self._clock()
                answer = self._request_token(request.account, again.secret, force=force)
                calls += 1
        return self._record_answer(request, kind, answer, current, started, calls)

    def _request_token(self, account: Account, secret: Secret, *, force: bool) -> protocol.Answer:
        sent = self._send(protocol.token_request(account, secret, force=force))
        if isinstance(sent, TransportFailure):
            return sent
        return protocol.parse_token_reply(sent, "access_token", secrets=(secret.reveal(),))

    def _send(self, request: protocol.Request) -> protocol.Reply | TransportFailure:
        sent = self._transport.send(request)
        if isinstance(sent, protocol.Reply) and sent.server_at is not None:
            self._clock_skew_s = self._clock() - sent.server_at
        return sent

    def _is_secret_refusal(self, refusal: Refusal) -> bool:
        known = self._errcode_catalog.find(refusal.errcode)
        return known is not None and known.account_field == "secret"

    def _no_secret_entry(
        self,
        request: RefreshRequest,
        kind: TokenKind,
        lookup: SecretMissing | KeyringIsLocked | KeyringIsDown,
        started_at: float,
    ) -> HistoryEntry:
        match lookup:
            case SecretMissing():
                return self._make_entry(request, kind, AttemptResult.NO_SECRET, started_at)
            case KeyringIsLocked(detail):
                return self._make_entry(
                    request, kind, AttemptResult.KEYRING_LOCKED, started_at, detail=detail
                )
            case KeyringIsDown(detail):
                return self._make_entry(request, kind, AttemptResult.KEYRING_DOWN, started_at, detail=detail)

    # -- tickets ----------------------------------------------------------------------------------

    def _refresh_ticket(
        self, request: RefreshRequest, kind: TokenKind, token_result: RefreshResult | None
    ) -> tuple[RefreshResult, ...]:
        """`tried` is what came of the access token in this order, if that was tried at all."""
        found = self._tracked_files.read(request.account, kind, request.trigger)
        current = found.record
        enough = self._reuse_current(request, kind, found)
        if enough is not None:
            return (enough,)
        before: tuple[RefreshResult, ...] = ()
        if token_result is None:
            token_result = self._refresh_token(
                replace(request, mode=RefreshMode.IF_NEEDED, min_ttl=policy.TOKEN_MIN_REMAINING_S)
            )
            before = (token_result,)
        token = token_result.record
        if token is None or policy.ticket_needs_token(token, self._clock()):
            return before
        before = tuple(outcome for outcome in before if outcome.entry.result is not AttemptResult.STILL_FRESH)
        started = self._clock()
        waits = self._in_cooldown(request, kind, current)
        if waits is not None:
            return (*before, waits)
        held_back = self._over_quota(request, kind, started)
        if held_back is not None:
            return (*before, self._finish(request, kind, held_back, current))
        answer = self._request_ticket(token, kind)
        calls = 1
        if isinstance(answer, Refusal) and self._is_token_refusal(answer) and not self._has_renewed_token:
            renewed = self._renew_rejected_token(request, token)
            before = (*before, renewed)
            fresh = renewed.record
            if fresh is not None and fresh.value != token.value:  # also one that the disk did not take
                started = self._clock()
                answer = self._request_ticket(fresh, kind)
                calls += 1
        return (*before, self._record_answer(request, kind, answer, current, started, calls))

    def _request_ticket(self, token: TokenRecord, kind: TokenKind) -> protocol.Answer:
        sent = self._send(protocol.ticket_request(token.value, kind))
        if isinstance(sent, TransportFailure):
            return sent
        return protocol.parse_token_reply(sent, "ticket", secrets=(token.value,))

    def _is_token_refusal(self, refusal: Refusal) -> bool:
        return self._errcode_catalog.kind_for(refusal.errcode, "getticket") is ErrcodeKind.TOKEN

    def _renew_rejected_token(self, request: RefreshRequest, rejected: TokenRecord) -> RefreshResult:
        """The access token again, once, in normal mode: the file's was refused while it should live."""
        self._has_renewed_token = True
        seen = ((TokenKind.ACCESS_TOKEN, rejected.generated_ms),)
        return self._refresh_token(
            replace(
                request,
                kinds=(TokenKind.ACCESS_TOKEN,),
                mode=RefreshMode.ALWAYS,
                known_gen_times_ms=seen,
                is_token_rejected=True,
            )
        )

    # -- shared steps -----------------------------------------------------------------------------

    def _reuse_current(
        self, request: RefreshRequest, kind: TokenKind, tracked: TrackedRecord
    ) -> RefreshResult | None:
        """The outcome without a call: the file's value will do."""
        current = tracked.record
        if current is None or request.mode is RefreshMode.FORCE:
            return None
        now = self._clock()
        seen = request.known_gen_time_ms(kind)
        foreign = seen is not None and current.generated_ms != seen
        newer = foreign and current.generated_ms > (seen or 0)
        if request.mode is RefreshMode.ALWAYS:
            enough = newer and now < current.refresh_at and current.remaining_s(now) > 0
        elif request.min_ttl is not None:
            enough = current.remaining_s(now) > request.min_ttl or self._is_confirmed_current(
                request, kind, current, now
            )
        else:
            enough = current.remaining_s(now) > 0 and now < current.refresh_at
        if not enough:
            return None
        if tracked.foreign_entry is not None:
            return RefreshResult(request.account.appid, kind, tracked.foreign_entry, current)
        result = AttemptResult.ADOPTED if foreign else AttemptResult.STILL_FRESH
        entry = self._make_entry(request, kind, result, now, fingerprint=fingerprint(current.value))
        return self._finish(request, kind, replace(entry, expires_at=current.expires_at), current)

    def _newer_in_memory(
        self, request: RefreshRequest, kind: TokenKind, current: TokenRecord | None
    ) -> TokenRecord | None:
        """The value that the caller holds, where it is newer than the disk's and lives for long enough."""
        held = dict(request.in_memory_values).get(kind)
        if held is None or request.min_ttl is None or held.remaining_s(self._clock()) <= request.min_ttl:
            return None
        return held if current is None or current.generated_ms < held.generated_ms else None

    def _is_confirmed_current(
        self, request: RefreshRequest, kind: TokenKind, current: TokenRecord, now: float
    ) -> bool:
        """Whether WeChat has said lately that this value is all it has, and it need not be replaced yet."""
        if current.remaining_s(now) <= 0 or now >= current.refresh_at:
            return False
        past = self._history.latest(request.account.appid, kind.value, policy.RETRY_HISTORY_MAX)
        return any(policy.is_confirmed_current(entry, current, now) for entry in past)

    def _in_cooldown(
        self, request: RefreshRequest, kind: TokenKind, current: TokenRecord | None
    ) -> RefreshResult | None:
        """The last failure once more, where a patient order is not to ask yet.

        Under the account's lock: of many that ask at once, the first one's failure is known to all.
        """
        if request.respect_failures_since is None:
            return None
        appid, now = request.account.appid, self._clock()
        past = self._history.latest(appid, kind.value, policy.RETRY_HISTORY_MAX)
        renewed_at = 0.0
        if kind is not TokenKind.ACCESS_TOKEN:
            of_token = self._history.latest(appid, TokenKind.ACCESS_TOKEN.value, policy.RETRY_HISTORY_MAX)
            renewed_at = max(
                (entry.at for entry in of_token if entry.result is AttemptResult.NEW), default=0.0
            )
        failure = active_cooldown(
            past,
            self._errcode_catalog,
            now,
            account_changed_at=request.respect_failures_since,
            token_renewed_at=renewed_at,
        )
        return None if failure is None else RefreshResult(request.account.appid, kind, failure, current)

    def _over_quota(self, request: RefreshRequest, kind: TokenKind, now: float) -> HistoryEntry | None:
        """The entry that says why WeChat must not be asked now: the budget, or the limit of forced ones."""
        count = self._history.count_calls(request.account.appid, beijing_day_start(now))
        if request.mode is RefreshMode.FORCE and kind is TokenKind.ACCESS_TOKEN:
            may = policy.force_allowance(count, now)
            if not may.is_allowed:
                return self._make_entry(
                    request,
                    kind,
                    AttemptResult.BUDGET_EXCEEDED,
                    now,
                    detail=f"{policy.FORCE_DENIED} {may.allowed_at:.0f}",
                )
        elif policy.is_automatic(request.trigger) and not policy.remaining_budget(count, kind):
            return self._make_entry(request, kind, AttemptResult.BUDGET_EXCEEDED, now)
        return None

    def _record_answer(
        self,
        request: RefreshRequest,
        kind: TokenKind,
        answer: protocol.Answer,
        current: TokenRecord | None,
        started_at: float,
        calls: int = 1,
    ) -> RefreshResult:
        """Write what was granted, or say what was refused."""
        account = request.account
        forced = request.mode is RefreshMode.FORCE and kind is TokenKind.ACCESS_TOKEN
        endpoint = protocol.endpoint_name(account, kind)
        match answer:
            case Refusal(errcode, errmsg, rid, ip):
                entry = self._make_entry(
                    request, kind, AttemptResult.REFUSED, started_at,
                    calls=calls, errcode=errcode, errmsg=errmsg, rid=rid, ip=ip,
                )  # fmt: skip
            case TransportFailure(how, detail, reached):
                entry = self._make_entry(
                    request, kind, AttemptResult.NO_ANSWER, started_at,
                    calls=calls if reached else 0, detail=f"{how} {detail}".strip(),
                )  # fmt: skip
            case IssuedToken(value, expires_in):
                return self._record_grant(request, kind, value, expires_in, current, started_at, calls)
        entry = replace(entry, forced=forced, endpoint=endpoint)
        return self._finish(request, kind, entry, current)

    def _record_grant(
        self,
        request: RefreshRequest,
        kind: TokenKind,
        value: str,
        expires_in: int,
        current: TokenRecord | None,
        started_at: float,
        calls: int,
    ) -> RefreshResult:
        account = request.account
        same = current is not None and current.value == value
        entry = self._make_entry(
            request, kind, AttemptResult.SAME if same else AttemptResult.NEW, started_at,
            calls=calls, fingerprint=fingerprint(value),
        )  # fmt: skip
        forced = request.mode is RefreshMode.FORCE and kind is TokenKind.ACCESS_TOKEN
        entry = replace(entry, forced=forced, endpoint=protocol.endpoint_name(account, kind))
        if kind is not TokenKind.ACCESS_TOKEN and policy.keep_existing_record(current, value, started_at):
            return self._finish(request, kind, replace(entry, detail=policy.EXPIRY_KEPT), current)
        record = TokenRecord(
            value, expires_in, int(started_at * 1000), self._dog_files.directory(account), account.ahead
        )
        taken = policy.SUPERSEDED if request.is_token_rejected and not same else ""
        entry = replace(entry, expires_at=record.expires_at, detail=taken)
        try:
            self._dog_files.write(account, kind, record)
        except FileError as trouble:
            entry = replace(entry, result=AttemptResult.NOT_WRITTEN, detail=str(trouble))
        else:
            if kind is not TokenKind.ACCESS_TOKEN and current is not None and not same:
                self._replaced_tickets.add(account, current.value, self._clock())
        return self._finish(request, kind, entry, record)

    def _make_entry(
        self,
        request: RefreshRequest,
        kind: TokenKind,
        result: AttemptResult,
        started_at: float | None = None,
        *,
        calls: int = 0,
        errcode: int | None = None,
        errmsg: str = "",
        rid: str | None = None,
        ip: str | None = None,
        fingerprint: str = "",
        detail: str = "",
    ) -> HistoryEntry:
        now = self._clock()
        at = now if started_at is None else started_at
        return HistoryEntry(
            at=at, appid=request.account.appid, key=kind.value, trigger=request.trigger, result=result,
            calls=calls, errcode=errcode, errmsg=errmsg, rid=rid, ip=ip,
            took_ms=max(0, round((now - at) * 1000)), fingerprint=fingerprint, detail=detail,
        )  # fmt: skip

    def _finish(
        self, request: RefreshRequest, kind: TokenKind, entry: HistoryEntry, record: TokenRecord | None
    ) -> RefreshResult:
        if entry.result is not AttemptResult.STILL_FRESH:
            self._history.append(entry)
        return RefreshResult(request.account.appid, kind, entry, record, self._clock_skew_s)
