"""A world for the simulated month: true time, a wrong clock, the embedded WeChat, and what may fail."""

import heapq
import json
from collections import Counter
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import count
from math import inf
from random import Random
from typing import Protocol

from guarddog_gui.domain.accounts.account import Account, Endpoint, Platform, Secret
from guarddog_gui.domain.accounts.keyring_results import Looked
from guarddog_gui.domain.tokens import dogfile
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord
from guarddog_gui.domain.wechat.errcodes import beijing_day_start
from guarddog_gui.domain.wechat.protocol import Request, ticket_request
from guarddog_gui.sandbox.accounts import SandboxAccount
from guarddog_gui.sandbox.rules import Rules
from guarddog_gui.services.refresh import Eagerness, Refresher
from tests.catalogue import CATALOGUE
from tests.fakes import (
    NOW,
    OWN_IP,
    FakeLock,
    FakeSecrets,
    Fault,
    MemoryDogs,
    MemoryHistory,
    MemoryTickets,
    SandboxTransport,
    offline,
)
from tests.services.guard import Guard

LATENCY_S = 0.2
LOCK_WAIT_S = 20.0
BEAT_S = 30.0
STEP_MIN_S = 0.05
FUTURE_MS = 400 * 86_400_000  # beyond the end of every run: it never becomes the present
DAY_S = 86400.0
MINUTE, HOUR = 60.0, 3600.0

Key = tuple[str, TokenKind]


@dataclass(slots=True)
class Tally:
    """Seconds of one key in which the program was awake, and in which its file was of no use to anybody."""

    awake: float = 0.0
    without: float = 0.0
    without_while_possible: float = 0.0  # nothing stood in the way at that very moment
    inexcusable: float = 0.0  # and nothing had for as long as the policy may take to notice
    judged: float = 0.0  # how much of the time awake there was no excuse
    worst: float = 0.0  # the longest inexcusable stretch, and when it ended
    worst_at: float = 0.0
    past_its_end: float = 0.0  # a ticket beyond its life, which WeChat still accepts


@dataclass(slots=True)
class Excuse:
    """Why a key may be without a value: `open` reasons that last, and until when the last one echoes."""

    open: int = 0
    until: float = 0.0


class WatchedDogs(MemoryDogs):
    """Tells before a file changes, so that the time until then is judged by what the file held."""

    def __init__(self, before: Callable[[], None]) -> None:
        super().__init__()
        self._before = before
        self._read: dict[tuple[str, str], TokenRecord | None] = {}

    def read(self, account: Account, kind: TokenKind) -> TokenRecord | None:
        text = self.files.get((account.appid, kind), "")
        if (account.appid, text) not in self._read:
            self._read[account.appid, text] = super().read(account, kind)
        return self._read[account.appid, text]

    def put(self, account: Account, kind: TokenKind, text: str) -> None:
        self._before()
        super().put(account, kind, text)


class SlowLock(FakeLock):
    """Waits for as long as the real one before it gives up."""

    def __init__(self, wait: Callable[[float], None]) -> None:
        super().__init__()
        self._wait = wait

    @contextmanager
    def hold(self, appid: str) -> Generator[None]:
        if self.busy:
            self._wait(LOCK_WAIT_S)
        with super().hold(appid):
            yield


@dataclass(slots=True)
class Trouble:
    """What is wrong at WeChat or on the way there, for some accounts and endpoints."""

    fault: Fault | int
    appids: frozenset[str]
    endpoints: frozenset[str]
    takes: float = LATENCY_S
    on_hit: Callable[[str], None] | None = None  # for one that strikes once: it gets the appid and is gone


class Program(Protocol):
    """One run of Guard Dog, as the world moves it."""

    def look(self) -> None: ...

    def next_look(self) -> float | None: ...

    def click(self, appid: str, eagerness: Eagerness = Eagerness.ASK) -> object: ...

    def saved(self, appid: str) -> None: ...

    def woke(self) -> None: ...

    def network_up(self) -> None: ...

    def gap(self, moved: float) -> None: ...


def just_the_loop(world: "World") -> Guard:
    """A run without Qt."""
    return Guard(world.accounts, world.refresher, world.dogs, world.history, CATALOGUE, world.wall)


class World:
    """Runs a program from event to event. `true` is what WeChat's clock says, `offset` how wrong ours is."""

    def __init__(
        self,
        accounts: tuple[Account, ...],
        seed: int,
        program: "Callable[[World], Program]" = just_the_loop,
    ) -> None:
        self.true = NOW
        self._program = program
        self.offset = 0.0
        self.random = Random(seed)  # noqa: S311 - the dice of a test
        self.accounts = accounts
        values = count(1)
        self.rules = Rules(
            lambda: self.true,
            lambda: f"value-{next(values):032d}",
            [
                SandboxAccount(a.appid, f"secret-of-{a.appid}", a.name, a.platform, (OWN_IP,))
                for a in accounts
            ],
        )
        self.transport = SandboxTransport(self.rules)
        self.transport.fault = self._fault
        self.secrets = FakeSecrets(**{a.appid: f"secret-of-{a.appid}" for a in accounts})
        self.dogs = WatchedDogs(self.settle)
        self.lock = SlowLock(self._pass)
        self.history = MemoryHistory()
        self.troubles: list[Trouble] = []
        self.keyring: list[Looked] = []
        self.guard: Program | None = None  # None while it is off or asleep
        self.tallies: dict[Key, Tally] = {(a.appid, k): Tally() for a in accounts for k in a.kinds}
        self.excuses: dict[Key, Excuse] = {key: Excuse() for key in self.tallies}
        self.calls: Counter[tuple[str, str, int]] = Counter()  # appid, endpoint, true day
        self.looks = 0
        self._settled = self.true
        self._events: list[tuple[float, int, Callable[[], None]]] = []
        self._order = count()
        self.refresher = Refresher(
            transport=self.transport,
            secrets=self.secrets,
            dogs=self.dogs,
            tickets=MemoryTickets(),
            lock=self.lock,
            history=self.history,
            catalogue=CATALOGUE,
            clock=self.wall,
        )

    def wall(self) -> float:
        return self.true + self.offset

    # -- running ----------------------------------------------------------------------------------

    def at(self, when: float, event: Callable[[], None]) -> None:
        """Let this happen at a true moment; one that has passed means at once."""
        heapq.heappush(self._events, (when, next(self._order), event))

    def after(self, seconds: float, event: Callable[[], None]) -> None:
        self.at(self.true + seconds, event)

    def start(self) -> None:
        self.settle()
        self.guard = self._program(self)
        self.excuse_for(MINUTE)

    def run(self, until: float) -> None:
        while self.true < until:
            event_at = self._events[0][0] if self._events else inf
            look_at = inf
            if self.guard is not None:
                wanted = self.guard.next_look()
                if wanted is not None:
                    look_at = max(self.true + STEP_MIN_S, wanted - self.offset)
            if min(event_at, look_at) >= until:
                self.true = until
            elif event_at <= look_at:
                self.true = max(self.true, event_at)
                heapq.heappop(self._events)[2]()
            elif self.guard is not None:
                self.true = look_at
                self.looks += 1
                self.guard.look()
        self.settle()

    def beat_soon(self) -> None:
        """The scheduler looks at least twice a minute; looks that nothing made necessary are left out."""
        self.after(self.random.uniform(0, BEAT_S), self._beat)

    def _beat(self) -> None:
        if self.guard is not None:
            self.guard.look()

    # -- judging ----------------------------------------------------------------------------------

    def settle(self) -> None:
        """Judge the time since the last call by what the files hold and what WeChat knows."""
        since, self._settled = self._settled, self.true
        if self.guard is None or self.true <= since:
            return
        for account in self.accounts:
            for kind in account.kinds:
                self._judge(account, kind, since, self.true)

    def _judge(self, account: Account, kind: TokenKind, since: float, until: float) -> None:
        tally, excuse = self.tallies[account.appid, kind], self.excuses[account.appid, kind]
        tally.awake += until - since
        record = self.dogs.read(account, kind)
        dies, ends = self._end_of(account, kind, record)
        tally.past_its_end += max(0.0, min(until, dies) - max(since, ends))
        without = max(0.0, until - max(since, dies))
        tally.without += without
        if excuse.open:
            return
        tally.without_while_possible += without
        tally.judged += max(0.0, until - max(since, excuse.until))
        inexcusable = max(0.0, until - max(since, dies, excuse.until))
        tally.inexcusable += inexcusable
        if inexcusable > tally.worst:
            tally.worst, tally.worst_at = inexcusable, until

    def _end_of(self, account: Account, kind: TokenKind, record: TokenRecord | None) -> tuple[float, float]:
        """When WeChat stops to accept the value, and when its life ends."""
        if record is None or not record.is_believable(self.wall()):
            return 0.0, 0.0
        in_the_file = record.expires_at - self.offset  # who reads it looks at the same wrong clock
        if kind is TokenKind.ACCESS_TOKEN:
            token = self.rules._desk._tokens.get(record.value)
            end = min(token.ends_at, token.killed_at, in_the_file) if token else 0.0
            return end, end
        mint = self.rules._desk.holders[account.appid].mint
        for ticket in (*mint._tickets.values(), *mint._old_tickets):
            if ticket.value == record.value:
                return min(ticket.accepted_until, in_the_file), min(ticket.ends_at, in_the_file)
        return 0.0, 0.0

    def keys_of(self, account: Account | None, kinds: tuple[TokenKind, ...] = tuple(TokenKind)) -> list[Key]:
        return [
            (a.appid, kind)
            for a in self.accounts
            for kind in a.kinds
            if kind in kinds and account in (None, a)
        ]

    def excuse_for(self, seconds: float, keys: list[Key] | None = None) -> None:
        self.settle()
        for key in self.keys_of(None) if keys is None else keys:
            self.excuses[key].until = max(self.excuses[key].until, self.true + seconds)

    def spell(
        self,
        keys: list[Key],
        lasts: float,
        echo: float,
        begin: Callable[[], None],
        end: Callable[[], None],
    ) -> None:
        """Something is wrong for a while; `echo` is how long the policy may take to notice the end."""
        self.settle()
        for key in keys:
            self.excuses[key].open += 1
        begin()

        def over() -> None:
            if self.guard is None:  # asleep or off: whoever ends it does so when the program runs again
                self.after(MINUTE, over)
                return
            self.settle()
            for key in keys:
                self.excuses[key].open -= 1
            self.excuse_for(echo, keys)
            end()

        self.after(lasts, over)

    # -- WeChat and the way there -----------------------------------------------------------------

    def _fault(self, request: Request) -> Fault | int | None:
        appid = self._caller(request)
        endpoint = request.path.rpartition("/")[2]
        for trouble in self.troubles:
            if appid in trouble.appids and endpoint in trouble.endpoints:
                self._pass(trouble.takes)
                if trouble.fault is not offline:
                    self.calls[appid, endpoint, self._day()] += 1
                if trouble.on_hit is not None:
                    self.troubles.remove(trouble)
                    trouble.on_hit(appid)
                return trouble.fault
        self._pass(LATENCY_S)
        self.calls[appid, endpoint, self._day()] += 1
        return None

    def _caller(self, request: Request) -> str:
        given = dict(request.query) | dict(request.body or ())
        if "appid" in given:
            return str(given["appid"])
        token = self.rules._desk._tokens.get(str(given["access_token"]))
        return token.appid if token else next(iter(self.lock.held))

    def _pass(self, seconds: float) -> None:
        self.true += seconds
        self.settle()

    def _day(self) -> int:
        return int(beijing_day_start(self.true) // DAY_S)

    # -- other programs and the person --------------------------------------------------------------

    def ask_as_another(self, account: Account, kind: TokenKind) -> TokenRecord | None:
        """What another program gets from WeChat; it never forces, and asks the classic call for nothing."""
        known = self.rules.account(account.appid)
        secret = known.secret if known else ""
        body = {"grant_type": "client_credential", "appid": account.appid, "secret": secret}
        _, fields = self.rules.handle("POST", "/cgi-bin/stable_token", {}, json.dumps(body).encode(), OWN_IP)
        if "access_token" not in fields:
            return None
        field_name = "access_token"
        if kind is not TokenKind.ACCESS_TOKEN:
            asked = ticket_request(fields["access_token"], kind)
            _, fields = self.rules.handle("GET", asked.path, dict(asked.query), b"", OWN_IP)
            field_name = "ticket"
        if field_name not in fields:
            return None
        return TokenRecord(fields[field_name], fields["expires_in"], int(self.wall() * 1000), "/elsewhere", 2)

    def write_as_another(self, account: Account, kind: TokenKind) -> None:
        """Another program replaces the file: by a good value, by nonsense, by one from the future."""
        record = self.ask_as_another(account, kind)
        good = "" if record is None else dogfile.to_text(record)
        text = self.random.choice((good, good, good, "", "{", good[: len(good) // 2], "[]"))
        if record is not None and self.random.random() < 0.2:
            text = dogfile.to_text(replace(record, generated_ms=record.generated_ms + FUTURE_MS))
        self.excuse_for(BEAT_S + MINUTE, [(account.appid, kind)])
        self.dogs.put(account, kind, text)
        self.beat_soon()

    def refresh_as_another(self, account: Account, ahead: float) -> list[float]:
        """A Node program with the classic loader and a timer of its own, which never reads what others write.

        Gives the moments of its writes, while they happen.
        """
        known = self.rules.account(account.appid)
        assert known is not None
        query = {"grant_type": "client_credential", "appid": account.appid, "secret": known.secret}
        writes: list[float] = []

        def refresh() -> None:
            _, fields = self.rules.handle("GET", "/cgi-bin/token", query, b"", OWN_IP)
            life, born = fields["expires_in"], int(self.wall() * 1000)
            record = TokenRecord(fields["access_token"], life, born, "/elsewhere", 2)
            self.dogs.put(account, TokenKind.ACCESS_TOKEN, dogfile.to_text(record))
            writes.append(self.true)
            self.beat_soon()
            self.after(life - ahead, refresh)

        refresh()
        return writes

    def set_clock(self, offset: float) -> None:
        """Somebody sets our clock. A wait that is under way grows with it when it is set back."""
        self.settle()
        moved, self.offset = offset - self.offset, offset
        for excuse in self.excuses.values():
            if moved < 0 and excuse.until > self.true:
                excuse.until -= moved
        self.excuse_for(BEAT_S + MINUTE)

        def noticed() -> None:
            if self.guard is not None:
                self.guard.gap(moved)
                self.guard.look()

        self.after(self.random.uniform(0, BEAT_S), noticed)

    def sleep(self, lasts: float, *, tells: bool) -> None:
        """Nothing runs until the machine wakes up; `tells` is whether there is a logind that says so."""
        self.settle()
        sleeper, self.guard = self.guard, None

        def wake() -> None:
            self.settle()
            self.guard = sleeper
            self.excuse_for(BEAT_S + 2 * MINUTE)
            if sleeper is None:
                return
            if tells:
                sleeper.woke()
            else:
                self.after(self.random.uniform(0, BEAT_S), lambda: sleeper.gap(lasts))
            self.beat_soon()

        self.after(lasts, wake)

    def switch_off(self, lasts: float) -> None:
        """The program ends and is started again later."""
        self.settle()
        self.guard = None
        self.after(lasts, self.start)

    def put_account(self, appid: str, **changes: object) -> None:
        account = self.rules.account(appid)
        assert account is not None
        self.rules.put(replace(account, **changes))  # type: ignore[arg-type]  # names and types go together

    def keep_secret(self, appid: str, text: str) -> None:
        self.secrets.stored[appid] = Secret(text)


def some_accounts(number: int) -> tuple[Account, ...]:
    """Stable, classic, mini program, one with a card ticket, and so on."""
    shapes = (
        (Platform.OFFICIAL, Endpoint.STABLE, 290, False),
        (Platform.OFFICIAL, Endpoint.CLASSIC, 600, False),
        (Platform.MINI_PROGRAM, Endpoint.STABLE, 290, False),
        (Platform.OFFICIAL, Endpoint.STABLE, 60, True),
    )
    return tuple(
        Account(f"wx{n:016x}", f"Account {n}", platform, endpoint, None, ahead, card)
        for n in range(number)
        for platform, endpoint, ahead, card in [shapes[n % len(shapes)]]
    )


@dataclass(frozen=True, slots=True)
class Summary:
    """The numbers of a run."""

    days: float
    awake_share: float
    valid_share: float  # of the time awake
    best_share: float  # of the time awake, had nothing been noticed late
    judged_share: float  # of the time awake, in which a missing value would have been inexcusable
    inexcusable: float
    worst: float
    past_its_end_share: float
    calls_a_day: float  # per account
    worst_day: int
    by_endpoint: dict[str, float] = field(default_factory=dict)


def summary(world: World, began: float) -> Summary:
    days = (world.true - began) / DAY_S
    awake = sum(t.awake for t in world.tallies.values())
    total = sum(world.calls.values())
    per_day: Counter[tuple[str, int]] = Counter()
    by_endpoint: Counter[str] = Counter()
    for (appid, endpoint, day), calls in world.calls.items():
        per_day[appid, day] += calls
        by_endpoint[endpoint] += calls
    number = len(world.accounts)
    without = sum(t.without for t in world.tallies.values())
    late = sum(t.without_while_possible for t in world.tallies.values())
    return Summary(
        days=days,
        awake_share=awake / (days * DAY_S * len(world.tallies)),
        valid_share=1 - without / awake,
        best_share=1 - (without - late) / awake,
        judged_share=sum(t.judged for t in world.tallies.values()) / awake,
        inexcusable=sum(t.inexcusable for t in world.tallies.values()),
        worst=max(t.worst for t in world.tallies.values()),
        past_its_end_share=sum(t.past_its_end for t in world.tallies.values()) / awake,
        calls_a_day=total / days / number,
        worst_day=max(per_day.values(), default=0),
        by_endpoint={name: round(calls / days / number, 1) for name, calls in by_endpoint.items()},
    )
