"""Simulated time, a wrong local clock, the sandbox's WeChat and its failures, for runs of a month in seconds."""

import heapq
import json
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import count
from math import inf
from random import Random
from typing import Any, Protocol

from msgspec.structs import replace

from guarddog_gui.domain.accounts.account import Account, Endpoint, Platform, Secret
from guarddog_gui.domain.accounts.keyring_results import LookupResult
from guarddog_gui.domain.tokens import dog_format
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord
from guarddog_gui.domain.wechat.errcodes import beijing_day_start
from guarddog_gui.domain.wechat.protocol import Request, ticket_request
from guarddog_gui.sandbox.accounts import SandboxAccount
from guarddog_gui.sandbox.rules import SandboxRules
from guarddog_gui.services.calls.refresh_request import RefreshMode
from tests.errcode_catalogue import CATALOGUE
from tests.fakes import NOW, OWN_IP, FakeHistoryStore, FakeSecretStore, SandboxTransport, TransportFault, no_network
from tests.in_memory_services import InMemoryServices
from tests.simulation import measurement
from tests.simulation.measurement import Measurement, SimulationSummary, TokenKey, ValueEnds
from tests.simulation.refresh_loop import RefreshLoop
from tests.simulation.stores import ObservedDogFileStore, WaitingAccountLock

LATENCY_S = 0.2
TICK_INTERVAL_S = 30.0
STEP_MIN_S = 0.05
FAR_FUTURE_MS = 400 * 86_400_000  # beyond the end of every run: it never becomes the present
DAY_S = 86400.0
MINUTE_S, HOUR_S = 60.0, 3600.0


@dataclass(slots=True)
class ActiveFault:
    """Failure of WeChat or the network for some accounts and endpoints."""

    fault: TransportFault | int
    appids: frozenset[str]
    endpoints: frozenset[str]
    duration_s: float = LATENCY_S
    on_hit: Callable[[str], None] | None = None  # makes the fault end after one request; gets its appid


class SimulatedProgram(Protocol):
    """One run of Guard Dog, driven by the simulation."""

    def tick(self) -> None: ...

    def next_due_at(self) -> float | None: ...

    def request_refresh(self, appid: str, mode: RefreshMode = RefreshMode.ALWAYS) -> object: ...

    def on_account_saved(self, appid: str) -> None: ...

    def on_woke(self) -> None: ...

    def on_network_up(self) -> None: ...

    def on_clock_jump(self, seconds: float) -> None: ...


def make_refresh_loop(simulation: "Simulation") -> RefreshLoop:
    """Return a run without Qt."""
    return RefreshLoop(
        simulation.accounts, simulation.refresher, simulation.dogs, simulation.history, CATALOGUE, simulation.wall_clock
    )


class Simulation:
    """Event loop of the simulation; `true_now` is WeChat's time, `clock_offset_s` the error of the local clock."""

    def __init__(
        self,
        accounts: tuple[Account, ...],
        seed: int,
        program_factory: "Callable[[Simulation], SimulatedProgram]" = make_refresh_loop,
    ) -> None:
        self.true_now = NOW
        self._program_factory = program_factory
        self.clock_offset_s = 0.0
        self.random = Random(seed)  # noqa: S311 - the dice of a test
        self.accounts = accounts
        values = count(1)
        self.rules = SandboxRules(
            lambda: self.true_now,
            lambda: f"value-{next(values):032d}",
            [SandboxAccount(a.appid, f"secret-of-{a.appid}", a.name, a.platform, (OWN_IP,)) for a in accounts],
        )
        self.transport = SandboxTransport(self.rules)
        self.transport.fault_for_request = self._fault_for_request
        self.secrets = FakeSecretStore(**{a.appid: f"secret-of-{a.appid}" for a in accounts})
        self.dogs = ObservedDogFileStore(lambda key: self.account_elapsed_time([key]))
        self.lock = WaitingAccountLock(self._advance_time)
        self.history = FakeHistoryStore()
        self.active_faults: list[ActiveFault] = []
        self.keyring: list[LookupResult] = []
        self.program: SimulatedProgram | None = None  # None while it is off or asleep
        self.accounts_by_appid = {account.appid: account for account in accounts}
        keys = [(account.appid, kind) for account in accounts for kind in account.token_kinds]
        self.measurement = Measurement(keys, self.true_now, self._find_ends)
        self.stats, self.allowances = self.measurement.stats, self.measurement.allowances
        self.calls: Counter[tuple[str, str, int]] = Counter()  # appid, endpoint, true day
        self.tick_count = 0
        self._events: list[tuple[float, int, Callable[[], None]]] = []
        self._event_numbers = count()
        self.refresher = InMemoryServices(
            self.transport, self.wall_clock, secrets=self.secrets, dogs=self.dogs, lock=self.lock, history=self.history
        ).refresher

    def wall_clock(self) -> float:
        return self.true_now + self.clock_offset_s

    # -- running ----------------------------------------------------------------------------------

    def schedule_at(self, at: float, event: Callable[[], None]) -> None:
        """Schedule an event at a true time; a past time means at once."""
        heapq.heappush(self._events, (at, next(self._event_numbers), event))

    def schedule_after(self, seconds: float, event: Callable[[], None]) -> None:
        self.schedule_at(self.true_now + seconds, event)

    def start(self) -> None:
        self.account_elapsed_time()
        self.program = self._program_factory(self)
        self.allow_outage(MINUTE_S, "start")

    def run(self, until: float) -> None:
        while self.true_now < until:
            event_at = self._events[0][0] if self._events else inf
            look_at = inf
            if self.program is not None:
                wanted = self.program.next_due_at()
                if wanted is not None:
                    look_at = max(self.true_now + STEP_MIN_S, wanted - self.clock_offset_s)
            if min(event_at, look_at) >= until:
                self.true_now = until
            elif event_at <= look_at:
                self.true_now = max(self.true_now, event_at)
                heapq.heappop(self._events)[2]()
            elif self.program is not None:
                self.true_now = look_at
                self.tick_count += 1
                self.program.tick()
        self.account_elapsed_time()

    def schedule_tick(self) -> None:
        """Schedule one of the regular ticks; those without any cause are left out for speed."""
        self.schedule_after(self.random.uniform(0, TICK_INTERVAL_S), self._tick)

    def _tick(self) -> None:
        if self.program is not None:
            self.program.tick()

    # -- judging ----------------------------------------------------------------------------------

    def account_elapsed_time(self, keys: Iterable[TokenKey] | None = None) -> None:
        """Assess the time since the last call, of these keys or of all."""
        is_running = self.program is not None
        self.measurement.account_elapsed_time(
            self.true_now, self.stats if keys is None else keys, is_running=is_running
        )

    def _find_ends(self, key: TokenKey) -> ValueEnds:
        appid, kind = key
        record = self.dogs.read(self.accounts_by_appid[appid], kind)
        if record is None or not record.is_plausible(self.wall_clock()):
            return ValueEnds(0.0, 0.0)
        in_the_file = record.expires_at - self.clock_offset_s  # its readers use the same wrong clock
        if kind is TokenKind.ACCESS_TOKEN:
            token = self.rules._checks._tokens_by_value.get(record.value)
            end = min(token.expires_at, token.revoked_at, in_the_file) if token and token.appid == appid else 0.0
            return ValueEnds(end, end)
        issuer = self.rules._checks.account_states[appid].token_issuer
        for ticket in (*issuer._tickets.values(), *issuer._old_tickets):
            if ticket.value == record.value:
                return ValueEnds(min(ticket.accepted_until, in_the_file), min(ticket.expires_at, in_the_file))
        return ValueEnds(0.0, 0.0)

    def keys_of(self, account: Account | None, kinds: tuple[TokenKind, ...] = tuple(TokenKind)) -> list[TokenKey]:
        return [
            (a.appid, kind) for a in self.accounts for kind in a.token_kinds if kind in kinds and account in (None, a)
        ]

    def allow_outage(self, seconds: float, reason: str, keys: list[TokenKey] | None = None) -> None:
        """Excuse a missing value of these keys, or of all, for some seconds."""
        chosen = list(self.stats) if keys is None else keys
        self.account_elapsed_time(chosen)
        for key in chosen:
            self.measurement.allow_outage(key, self.true_now + seconds, reason)

    def run_outage(
        self,
        keys: list[TokenKey],
        duration_s: float,
        recovery_s: float,
        reason: str,
        begin: Callable[[], None],
        end: Callable[[], None],
    ) -> None:
        """Begin an outage and end it later; `recovery_s` is how long the policy may take to notice the end."""
        self.account_elapsed_time(keys)
        for key in keys:
            self.allowances[key].active_outages += 1
        begin()

        def over() -> None:
            if self.program is None:  # asleep or off: the outage ends once it runs again
                self.schedule_after(MINUTE_S, over)
                return
            self.account_elapsed_time(keys)
            for key in keys:
                self.allowances[key].active_outages -= 1
            self.allow_outage(recovery_s, reason, keys)
            end()

        self.schedule_after(duration_s, over)

    # -- WeChat and the way there -----------------------------------------------------------------

    def _fault_for_request(self, request: Request) -> TransportFault | int | None:
        appid = self._requesting_appid(request)
        endpoint = request.path.rpartition("/")[2]
        for trouble in self.active_faults:
            if appid in trouble.appids and endpoint in trouble.endpoints:
                self._advance_time(trouble.duration_s)
                if trouble.fault is not no_network:
                    self.calls[appid, endpoint, self._beijing_day()] += 1
                if trouble.on_hit is not None:
                    self.active_faults.remove(trouble)
                    trouble.on_hit(appid)
                return trouble.fault
        self._advance_time(LATENCY_S)
        self.calls[appid, endpoint, self._beijing_day()] += 1
        return None

    def _requesting_appid(self, request: Request) -> str:
        given = dict(request.query) | dict(request.body or ())
        if "appid" in given:
            return str(given["appid"])
        token = self.rules._checks._tokens_by_value.get(str(given["access_token"]))
        return token.appid if token else next(iter(self.lock.held_appids))

    def _advance_time(self, seconds: float) -> None:
        self.true_now += seconds

    def _beijing_day(self) -> int:
        return int(beijing_day_start(self.true_now) // DAY_S)

    # -- other programs and the user --------------------------------------------------------------

    def fetch_externally(self, account: Account, kind: TokenKind) -> TokenRecord | None:
        """Request a value as another program does: with stable_token in normal mode."""
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
        return TokenRecord(fields[field_name], fields["expires_in"], int(self.wall_clock() * 1000), "/elsewhere", 2)

    def write_externally(self, account: Account, kind: TokenKind) -> None:
        """Replace a file as another program: with a good value, an invalid one, or one from the future."""
        record = self.fetch_externally(account, kind)
        good = "" if record is None else dog_format.format_token_record(record)
        text = self.random.choice((good, good, good, "", "{", good[: len(good) // 2], "[]"))
        if record is not None and self.random.random() < 0.2:
            text = dog_format.format_token_record(replace(record, generated_ms=record.generated_ms + FAR_FUTURE_MS))
        self.allow_outage(TICK_INTERVAL_S + MINUTE_S, "foreign write", [(account.appid, kind)])
        self.dogs.put_text(account, kind, text)
        self.schedule_tick()

    def fetch_classic_token_externally(self, account: Account) -> dict[str, Any]:
        known = self.rules.account(account.appid)
        assert known is not None
        query = {"grant_type": "client_credential", "appid": account.appid, "secret": known.secret}
        _, fields = self.rules.handle("GET", "/cgi-bin/token", query, b"", OWN_IP)
        return fields

    def run_external_refresher(self, account: Account, ahead: float) -> list[float]:
        """Run a Node program with the classic loader and its own timer, which never reads the file.

        Returns:
            List of the times of its writes, which grows as they happen.
        """
        writes: list[float] = []

        def refresh() -> None:
            fields = self.fetch_classic_token_externally(account)
            life, born = fields["expires_in"], int(self.wall_clock() * 1000)
            record = TokenRecord(fields["access_token"], life, born, "/elsewhere", 2)
            self.dogs.put_record(account, TokenKind.ACCESS_TOKEN, record)
            writes.append(self.true_now)
            self.schedule_tick()
            self.schedule_after(life - ahead, refresh)

        refresh()
        return writes

    def set_wall_clock(self, offset_s: float) -> None:
        """Set the local clock. Setting it back prolongs pauses that are under way."""
        self.account_elapsed_time()
        moved, self.clock_offset_s = offset_s - self.clock_offset_s, offset_s
        for excuse in self.allowances.values():
            if moved < 0 and excuse.grace_until > self.true_now:
                excuse.grace_until -= moved
        self.allow_outage(TICK_INTERVAL_S + MINUTE_S, "clock set")

        def noticed() -> None:
            if self.program is not None:
                self.program.on_clock_jump(moved)
                self.program.tick()

        self.schedule_after(self.random.uniform(0, TICK_INTERVAL_S), noticed)

    def suspend(self, duration_s: float, *, is_announced: bool) -> None:
        """Suspend the computer; `is_announced` tells whether the system reports the wake-up."""
        self.account_elapsed_time()
        sleeper, self.program = self.program, None

        def wake() -> None:
            self.account_elapsed_time()
            self.program = sleeper
            self.allow_outage(TICK_INTERVAL_S + 2 * MINUTE_S, "wake-up")
            if sleeper is None:
                return
            if is_announced:
                sleeper.on_woke()
            else:
                self.schedule_after(self.random.uniform(0, TICK_INTERVAL_S), lambda: sleeper.on_clock_jump(duration_s))
            self.schedule_tick()

        self.schedule_after(duration_s, wake)

    def restart_after(self, duration_s: float) -> None:
        """End the program and start it again later."""
        self.account_elapsed_time()
        self.program = None
        self.schedule_after(duration_s, self.start)

    def update_sandbox_account(self, appid: str, **changes: object) -> None:
        account = self.rules.account(appid)
        assert account is not None
        self.rules.set_account(replace(account, **changes))  # names and types go together

    def set_secret(self, appid: str, text: str) -> None:
        self.secrets.stored[appid] = Secret(text)


def make_accounts(account_count: int) -> tuple[Account, ...]:
    """Return accounts of all kinds in turn: stable, classic, mini program, with a card ticket."""
    shapes = (
        (Platform.OFFICIAL, Endpoint.STABLE, 290, False),
        (Platform.OFFICIAL, Endpoint.CLASSIC, 600, False),
        (Platform.MINI_PROGRAM, Endpoint.STABLE, 290, False),
        (Platform.OFFICIAL, Endpoint.STABLE, 60, True),
    )
    return tuple(
        Account(f"wx{n:016x}", f"Account {n}", platform, endpoint, None, ahead, card)
        for n in range(account_count)
        for platform, endpoint, ahead, card in [shapes[n % len(shapes)]]
    )


def summarize(simulation: Simulation, started_at: float) -> SimulationSummary:
    days = (simulation.true_now - started_at) / DAY_S
    return measurement.summarize(simulation.measurement, simulation.calls, days, len(simulation.accounts))
