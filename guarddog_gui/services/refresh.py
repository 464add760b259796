"""The story of a refresh: lock, re-read, decide, secret, request, parse, write, record."""

from dataclasses import dataclass, replace
from enum import StrEnum

from guarddog_gui.domain.accounts.account import Account, Secret
from guarddog_gui.domain.accounts.keyring_results import Found, Locked, Missing, Unavailable
from guarddog_gui.domain.errors import FileTrouble, LockBusy
from guarddog_gui.domain.refresh import policy
from guarddog_gui.domain.refresh.history import Entry, Result, Trigger
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord, fingerprint
from guarddog_gui.domain.wechat import protocol as wechat
from guarddog_gui.domain.wechat.errcodes import Catalogue, ErrKind, beijing_day_start
from guarddog_gui.domain.wechat.protocol import Grant, Refusal, Silence
from guarddog_gui.services.exports import Outlets
from guarddog_gui.services.foreign_writes import ExplainedFiles, OnFile
from guarddog_gui.services.ports import (
    AccountLock,
    Clock,
    DogStore,
    HistoryStore,
    SecretStore,
    TicketStore,
    Transport,
)
from guarddog_gui.services.retry_cooldown import held_by

PAST_ENTRIES = 50  # of a key, that say how its attempts go


class Eagerness(StrEnum):
    """How much has to be wrong before WeChat is asked."""

    LOOK = "look"  # never; only take over what another program has written
    IF_NEEDED = "if needed"  # only if the value on disk is due, or has less left than asked for
    ASK = "ask"  # ask even if it is fresh, unless another program has written a newer one meanwhile
    FORCE = "force"  # make a new token; what others hold dies


@dataclass(frozen=True, slots=True)
class Order:
    """Refresh these keys of this account.

    `seen` are the `gen_time`s (ms) that the caller knows: a file with another one was written by somebody
    else. `min_left` (seconds) makes "needed" mean "less life than this"; None means "due for a refresh". One
    that is `patient` does not ask before the time that the last failure demands, of those since that moment
    (Unix seconds). `held` are values that the caller has and the disk may not have.
    """

    account: Account
    kinds: tuple[TokenKind, ...]
    trigger: Trigger
    eagerness: Eagerness = Eagerness.IF_NEEDED
    min_left: float | None = None
    seen: tuple[tuple[TokenKind, int], ...] = ()
    doubted: bool = False
    patient: float | None = None
    held: tuple[tuple[TokenKind, TokenRecord], ...] = ()

    def seen_ms(self, kind: TokenKind) -> int | None:
        """The `gen_time` that the caller knows for this key."""
        return dict(self.seen).get(kind)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an order for one key: the line for the history and the best record there is now."""

    appid: str
    kind: TokenKind
    entry: Entry
    record: TokenRecord | None
    skew_s: float | None = None  # how far our clock is ahead of WeChat's, where its answer told

    @property
    def is_good(self) -> bool:
        """Whether there is a usable value."""
        return self.entry.is_good


class Refresher:
    """Carries out orders, one at a time; a program has one per lane."""

    def __init__(
        self,
        *,
        transport: Transport,
        secrets: SecretStore,
        dogs: DogStore,
        tickets: TicketStore,
        lock: AccountLock,
        history: HistoryStore,
        catalogue: Catalogue,
        clock: Clock,
        outlets: Outlets | None = None,
    ) -> None:
        """`outlets` None means that nothing is handed on."""
        self._transport = transport
        self._secrets = secrets
        self._dogs = dogs
        self._tickets = tickets
        self._lock = lock
        self._history = history
        self._catalogue = catalogue
        self._clock = clock
        self._files = ExplainedFiles(dogs, history, clock)
        self._outlets = outlets
        self._skew_s: float | None = None
        self._has_renewed = False

    def refresh(self, order: Order) -> tuple[Outcome, ...]:
        """What `attempt` does; then what the disk holds is handed on to the account's outlets.

        An outlet that fails changes nothing about the outcomes, but a command may take until its deadline.
        """
        outcomes = self.attempt(order)
        if self._outlets is not None and any(outcome.is_good for outcome in outcomes):
            self._outlets.hand_on(order.account)
        return outcomes

    def attempt(self, order: Order) -> tuple[Outcome, ...]:
        """One outcome per key that was tried, the access token first; none where a mere look has to wait.

        A ticket without a live access token brings the token along, and has no outcome of its own when
        that fails.
        """
        account = order.account
        self._skew_s = None
        self._has_renewed = False
        try:
            with self._lock.hold(account.appid):
                return self._locked(order)
        except (LockBusy, FileTrouble) as reason:  # of the lock: those of the .dog files are taken care of
            return () if order.eagerness is Eagerness.LOOK else (self._not_begun(order, reason),)

    def _not_begun(self, order: Order, reason: LockBusy | FileTrouble) -> Outcome:
        kind = order.kinds[0]
        if isinstance(reason, LockBusy):
            entry = self._entry(order, kind, Result.BUSY)
        else:
            entry = self._entry(order, kind, Result.NOT_WRITTEN, detail=str(reason))
        return self._done(order, kind, entry, self._dogs.read(order.account, kind))

    def _locked(self, order: Order) -> tuple[Outcome, ...]:
        if order.eagerness is Eagerness.LOOK:
            return tuple(self._looked(order, kind) for kind in order.kinds)
        outcomes: list[Outcome] = []
        if TokenKind.ACCESS_TOKEN in order.kinds:
            outcomes.append(self._token(order))
        for kind in order.kinds:
            if kind is TokenKind.ACCESS_TOKEN or kind not in order.account.kinds:
                continue
            tokens = [outcome for outcome in outcomes if outcome.kind is TokenKind.ACCESS_TOKEN]
            outcomes += self._ticket(order, kind, tokens[-1] if tokens else None)
        return tuple(outcomes)

    def _looked(self, order: Order, kind: TokenKind) -> Outcome:
        """A file that has changed: by another program, or by another Guard Dog that has left its own line."""
        found = self._files.read(order.account, kind, order.trigger, has_changed=True)
        held = dict(order.held).get(kind)
        if found.record is None and held is not None and held.left(self._clock()) > 0:
            return self._put_back(order, kind, held)
        value = fingerprint(found.record.value) if found.record is not None else ""
        entry = found.line or self._entry(order, kind, Result.STILL_FRESH, fingerprint=value)
        return Outcome(order.account.appid, kind, entry, found.record)

    def _put_back(self, order: Order, kind: TokenKind, held: TokenRecord) -> Outcome:
        """Somebody has removed or damaged the file of a value that lives: others want to read it."""
        entry = self._entry(order, kind, Result.STILL_FRESH, fingerprint=fingerprint(held.value))
        directory = self._dogs.directory(order.account)
        try:
            self._dogs.write(order.account, kind, replace(held, directory=directory))
        except FileTrouble as trouble:
            entry = replace(entry, result=Result.NOT_WRITTEN, detail=str(trouble))
        return self._done(order, kind, entry, held)

    # -- the access token -------------------------------------------------------------------------

    def _token(self, order: Order) -> Outcome:
        kind = TokenKind.ACCESS_TOKEN
        found = self._files.read(order.account, kind, order.trigger)
        current = found.record
        held = self._held(order, kind, current)
        if held is not None:
            entry = self._entry(order, kind, Result.STILL_FRESH, fingerprint=fingerprint(held.value))
            return self._done(order, kind, entry, held)
        enough = self._enough(order, kind, found)
        if enough is not None:
            return enough
        started = self._clock()
        waits = self._waits(order, kind, current)
        if waits is not None:
            return waits
        held_back = self._held_back(order, kind, started)
        if held_back is not None:
            return self._done(order, kind, held_back, current)
        looked = self._secrets.look_up(order.account.appid)
        if not isinstance(looked, Found):
            return self._done(order, kind, self._no_secret(order, kind, looked, started), current)
        started = self._clock()
        force = order.eagerness is Eagerness.FORCE
        answer = self._ask_token(order.account, looked.secret, force=force)
        calls = 1
        if isinstance(answer, Refusal) and self._is_about_secret(answer):
            # ours may be a remembered one, and somebody has put another into the keyring meanwhile
            self._secrets.forget(order.account.appid)
            again = self._secrets.look_up(order.account.appid)
            if isinstance(again, Found) and again.secret != looked.secret:
                started = self._clock()
                answer = self._ask_token(order.account, again.secret, force=force)
                calls += 1
        return self._settle(order, kind, answer, current, started, calls)

    def _ask_token(self, account: Account, secret: Secret, *, force: bool) -> wechat.Answer:
        sent = self._sent(wechat.token_request(account, secret, force=force))
        if isinstance(sent, Silence):
            return sent
        return wechat.parse_grant(sent, "access_token", hide=(secret.reveal(),))

    def _sent(self, request: wechat.Request) -> wechat.Reply | Silence:
        sent = self._transport.send(request)
        if isinstance(sent, wechat.Reply) and sent.server_at is not None:
            self._skew_s = self._clock() - sent.server_at
        return sent

    def _is_about_secret(self, refusal: Refusal) -> bool:
        known = self._catalogue.find(refusal.errcode)
        return known is not None and known.look_at == "secret"

    def _no_secret(
        self, order: Order, kind: TokenKind, looked: Missing | Locked | Unavailable, started: float
    ) -> Entry:
        match looked:
            case Missing():
                return self._entry(order, kind, Result.NO_SECRET, started)
            case Locked(detail):
                return self._entry(order, kind, Result.KEYRING_LOCKED, started, detail=detail)
            case Unavailable(detail):
                return self._entry(order, kind, Result.KEYRING_DOWN, started, detail=detail)

    # -- tickets ----------------------------------------------------------------------------------

    def _ticket(self, order: Order, kind: TokenKind, tried: Outcome | None) -> tuple[Outcome, ...]:
        """`tried` is what came of the access token in this order, if that was tried at all."""
        found = self._files.read(order.account, kind, order.trigger)
        current = found.record
        enough = self._enough(order, kind, found)
        if enough is not None:
            return (enough,)
        before: tuple[Outcome, ...] = ()
        if tried is None:
            tried = self._token(
                replace(order, eagerness=Eagerness.IF_NEEDED, min_left=policy.CLOSE_TO_DEAD_S)
            )
            before = (tried,)
        token = tried.record
        if token is None or policy.blocks_ticket(token, self._clock()):
            return before
        before = tuple(outcome for outcome in before if outcome.entry.result is not Result.STILL_FRESH)
        started = self._clock()
        waits = self._waits(order, kind, current)
        if waits is not None:
            return (*before, waits)
        held_back = self._held_back(order, kind, started)
        if held_back is not None:
            return (*before, self._done(order, kind, held_back, current))
        answer = self._ask_ticket(token, kind)
        calls = 1
        if isinstance(answer, Refusal) and self._is_about_token(answer) and not self._has_renewed:
            renewed = self._renewed_token(order, token)
            before = (*before, renewed)
            fresh = renewed.record
            if fresh is not None and fresh.value != token.value:  # also one that the disk did not take
                started = self._clock()
                answer = self._ask_ticket(fresh, kind)
                calls += 1
        return (*before, self._settle(order, kind, answer, current, started, calls))

    def _ask_ticket(self, token: TokenRecord, kind: TokenKind) -> wechat.Answer:
        sent = self._sent(wechat.ticket_request(token.value, kind))
        if isinstance(sent, Silence):
            return sent
        return wechat.parse_grant(sent, "ticket", hide=(token.value,))

    def _is_about_token(self, refusal: Refusal) -> bool:
        return self._catalogue.kind(refusal.errcode, "getticket") is ErrKind.TOKEN

    def _renewed_token(self, order: Order, rejected: TokenRecord) -> Outcome:
        """The access token again, once, in normal mode: the file's was refused while it should live."""
        self._has_renewed = True
        seen = ((TokenKind.ACCESS_TOKEN, rejected.generated_ms),)
        return self._token(
            replace(order, kinds=(TokenKind.ACCESS_TOKEN,), eagerness=Eagerness.ASK, seen=seen, doubted=True)
        )

    # -- shared steps -----------------------------------------------------------------------------

    def _enough(self, order: Order, kind: TokenKind, found: OnFile) -> Outcome | None:
        """The outcome without a call: the file's value will do."""
        current = found.record
        if current is None or order.eagerness is Eagerness.FORCE:
            return None
        now = self._clock()
        seen = order.seen_ms(kind)
        foreign = seen is not None and current.generated_ms != seen
        newer = foreign and current.generated_ms > (seen or 0)
        if order.eagerness is Eagerness.ASK:
            enough = newer and now < current.refresh_at and current.left(now) > 0
        elif order.min_left is not None:
            enough = current.left(now) > order.min_left or self._has_no_other(order, kind, current, now)
        else:
            enough = current.left(now) > 0 and now < current.refresh_at
        if not enough:
            return None
        if found.line is not None:
            return Outcome(order.account.appid, kind, found.line, current)
        result = Result.ADOPTED if foreign else Result.STILL_FRESH
        entry = self._entry(order, kind, result, now, fingerprint=fingerprint(current.value))
        return self._done(order, kind, replace(entry, expires_at=current.expires_at), current)

    def _held(self, order: Order, kind: TokenKind, current: TokenRecord | None) -> TokenRecord | None:
        """The value that the caller holds, where it is newer than the disk's and lives for long enough."""
        held = dict(order.held).get(kind)
        if held is None or order.min_left is None or held.left(self._clock()) <= order.min_left:
            return None
        return held if current is None or current.generated_ms < held.generated_ms else None

    def _has_no_other(self, order: Order, kind: TokenKind, current: TokenRecord, now: float) -> bool:
        """Whether WeChat has said lately that this value is all it has, and it need not be replaced yet."""
        if current.left(now) <= 0 or now >= current.refresh_at:
            return False
        past = self._history.latest(order.account.appid, kind.value, PAST_ENTRIES)
        return any(policy.is_last_word(entry, current, now) for entry in past)

    def _waits(self, order: Order, kind: TokenKind, current: TokenRecord | None) -> Outcome | None:
        """The last failure once more, where a patient order is not to ask yet.

        Under the account's lock: of many that ask at once, the first one's failure is known to all.
        """
        if order.patient is None:
            return None
        appid, now = order.account.appid, self._clock()
        past = self._history.latest(appid, kind.value, PAST_ENTRIES)
        renewed_at = 0.0
        if kind is not TokenKind.ACCESS_TOKEN:
            of_token = self._history.latest(appid, TokenKind.ACCESS_TOKEN.value, PAST_ENTRIES)
            renewed_at = max((entry.at for entry in of_token if entry.result is Result.NEW), default=0.0)
        failure = held_by(past, self._catalogue, now, changed_at=order.patient, renewed_at=renewed_at)
        return None if failure is None else Outcome(order.account.appid, kind, failure, current)

    def _held_back(self, order: Order, kind: TokenKind, now: float) -> Entry | None:
        """The entry that says why WeChat must not be asked now: the budget, or the limit of forced ones."""
        count = self._history.count_calls(order.account.appid, beijing_day_start(now))
        if order.eagerness is Eagerness.FORCE and kind is TokenKind.ACCESS_TOKEN:
            may = policy.may_force(count, now)
            if not may.allowed:
                return self._entry(
                    order, kind, Result.BUDGET, now, detail=f"{policy.FORCED} {may.from_at:.0f}"
                )
        elif policy.is_automatic(order.trigger) and not policy.budget_left(count, kind):
            return self._entry(order, kind, Result.BUDGET, now)
        return None

    def _settle(
        self,
        order: Order,
        kind: TokenKind,
        answer: wechat.Answer,
        current: TokenRecord | None,
        started: float,
        calls: int = 1,
    ) -> Outcome:
        """Write what was granted, or say what was refused."""
        account = order.account
        forced = order.eagerness is Eagerness.FORCE and kind is TokenKind.ACCESS_TOKEN
        endpoint = wechat.endpoint_of(account, kind)
        match answer:
            case Refusal(errcode, errmsg, rid, ip):
                entry = self._entry(
                    order, kind, Result.REFUSED, started,
                    calls=calls, errcode=errcode, errmsg=errmsg, rid=rid, ip=ip,
                )  # fmt: skip
            case Silence(how, detail, reached):
                entry = self._entry(
                    order, kind, Result.UNHEARD, started,
                    calls=calls if reached else 0, detail=f"{how} {detail}".strip(),
                )  # fmt: skip
            case Grant(value, expires_in):
                return self._granted(order, kind, value, expires_in, current, started, calls)
        entry = replace(entry, forced=forced, endpoint=endpoint)
        return self._done(order, kind, entry, current)

    def _granted(
        self,
        order: Order,
        kind: TokenKind,
        value: str,
        expires_in: int,
        current: TokenRecord | None,
        started: float,
        calls: int,
    ) -> Outcome:
        account = order.account
        same = current is not None and current.value == value
        entry = self._entry(
            order, kind, Result.SAME if same else Result.NEW, started,
            calls=calls, fingerprint=fingerprint(value),
        )  # fmt: skip
        forced = order.eagerness is Eagerness.FORCE and kind is TokenKind.ACCESS_TOKEN
        entry = replace(entry, forced=forced, endpoint=wechat.endpoint_of(account, kind))
        if kind is not TokenKind.ACCESS_TOKEN and policy.keeps_record(current, value, started):
            return self._done(order, kind, replace(entry, detail=policy.KEPT), current)
        record = TokenRecord(
            value, expires_in, int(started * 1000), self._dogs.directory(account), account.ahead
        )
        taken = policy.TAKEN if order.doubted and not same else ""
        entry = replace(entry, expires_at=record.expires_at, detail=taken)
        try:
            self._dogs.write(account, kind, record)
        except FileTrouble as trouble:
            entry = replace(entry, result=Result.NOT_WRITTEN, detail=str(trouble))
        else:
            if kind is not TokenKind.ACCESS_TOKEN and current is not None and not same:
                self._tickets.keep(account, current.value, self._clock())
        return self._done(order, kind, entry, record)

    def _entry(
        self,
        order: Order,
        kind: TokenKind,
        result: Result,
        started: float | None = None,
        *,
        calls: int = 0,
        errcode: int | None = None,
        errmsg: str = "",
        rid: str | None = None,
        ip: str | None = None,
        fingerprint: str = "",
        detail: str = "",
    ) -> Entry:
        now = self._clock()
        at = now if started is None else started
        return Entry(
            at=at, appid=order.account.appid, key=kind.value, trigger=order.trigger, result=result,
            calls=calls, errcode=errcode, errmsg=errmsg, rid=rid, ip=ip,
            took_ms=max(0, round((now - at) * 1000)), fingerprint=fingerprint, detail=detail,
        )  # fmt: skip

    def _done(self, order: Order, kind: TokenKind, entry: Entry, record: TokenRecord | None) -> Outcome:
        if entry.result is not Result.STILL_FRESH:
            self._history.append(entry)
        return Outcome(order.account.appid, kind, entry, record, self._skew_s)
