"""The ports of `services.ports` as small real classes: what a story needs, in memory, failing on demand."""

import json
from collections import Counter
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from guarddog_gui.adapters.history.schema import matches
from guarddog_gui.domain.accounts.account import Account, Secret
from guarddog_gui.domain.accounts.existing_files import FoundFolder
from guarddog_gui.domain.accounts.keyring_results import Found, Kept, Looked, Lost, Missing, Stored
from guarddog_gui.domain.diagnosis import replaced_tickets as earlier_tickets
from guarddog_gui.domain.diagnosis.replaced_tickets import EarlierTicket
from guarddog_gui.domain.errors import FileTrouble, LockBusy
from guarddog_gui.domain.exports.formats import Values
from guarddog_gui.domain.exports.reports import OutletReport, OutletTrouble
from guarddog_gui.domain.exports.targets import Outlet
from guarddog_gui.domain.refresh import policy
from guarddog_gui.domain.refresh.history import CallCount, Entry, HistoryFilter
from guarddog_gui.domain.signing.recent_urls import with_url
from guarddog_gui.domain.tokens import dogfile
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord
from guarddog_gui.domain.wechat.protocol import Reply, Request, Silence, Unheard
from guarddog_gui.sandbox.rules import Rules
from guarddog_gui.services.ports import (
    AccountLock,
    AccountStore,
    Clock,
    DogStore,
    HistoryStore,
    OutletCommands,
    OutletFiles,
    OutletJournal,
    RecentUrls,
    SecretStore,
    TicketStore,
    Transport,
)

NOW = 1_790_000_000.0  # a moment of 2026, 22:13:20 in Beijing
OWN_IP = "203.0.113.7"


class FakeClock:
    """Stands still until a test moves it, forward or back."""

    def __init__(self, now: float = NOW) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += seconds


Handler = Callable[[Request], Reply | Silence]


class FakeTransport:
    """Gives every request to a handler, and keeps them in the order in which they came."""

    def __init__(self, handler: Handler) -> None:
        self.handler = handler
        self.requests: list[Request] = []

    def send(self, request: Request) -> Reply | Silence:
        self.requests.append(request)
        return self.handler(request)

    @property
    def paths(self) -> list[str]:
        return [request.path.rpartition("/")[2] for request in self.requests]


def replying(*replies: Reply | Silence) -> FakeTransport:
    """A transport that gives these answers, one after the other, and none after the last."""
    left = iter(replies)
    return FakeTransport(lambda _: next(left))


def json_reply(**fields: Any) -> Reply:
    return Reply(200, json.dumps(fields).encode())


def token_reply(value: str, expires_in: int = 7200) -> Reply:
    return json_reply(access_token=value, expires_in=expires_in)


def ticket_reply(value: str, expires_in: int = 7200) -> Reply:
    return json_reply(errcode=0, errmsg="ok", ticket=value, expires_in=expires_in)


def refusal(errcode: int, errmsg: str = "no rid: 6176a2e0-0a0b0c0d-00000001") -> Reply:
    return json_reply(errcode=errcode, errmsg=errmsg)


OFFLINE = Silence(Unheard.OFFLINE, "no route", reached=False)

Fault = Callable[[Callable[[], Reply]], Reply | Silence]


class SandboxTransport:
    """A wire to the embedded WeChat's rules, in this very process.

    `fault` is asked before every call: None lets it pass, an errcode is refused by the rules, a Fault gets
    the real answer as a function and returns whatever arrives. `ip` is the address that WeChat sees.
    """

    def __init__(self, rules: Rules, ip: str = OWN_IP) -> None:
        self.rules = rules
        self.ip = ip
        self.fault: Callable[[Request], Fault | int | None] = lambda _: None
        self.paths: Counter[str] = Counter()

    def send(self, request: Request) -> Reply | Silence:
        self.paths[request.path.rpartition("/")[2]] += 1
        fault = self.fault(request)
        method = "GET" if request.body is None else "POST"
        body = b"" if request.body is None else json.dumps(dict(request.body)).encode()
        call = (method, request.path, dict(request.query), body, self.ip)

        def answer() -> Reply:
            status, fields = self.rules.handle(*call)
            return Reply(status, json.dumps(fields).encode())

        if fault is None:
            return answer()
        if isinstance(fault, int):
            status, fields = self.rules.refuse(fault, *call)
            return Reply(status, json.dumps(fields).encode())
        return fault(answer)


def cut_off(answer: Callable[[], Reply]) -> Reply:
    """WeChat did it and counted it; half of its answer arrived."""
    reply = answer()
    return Reply(reply.status, reply.body[: len(reply.body) // 2])


def html(_: Callable[[], Reply]) -> Reply:
    """A captive portal."""
    return Reply(200, b"<!DOCTYPE html><title>Wi-Fi</title>")


def http_503(_: Callable[[], Reply]) -> Reply:
    return Reply(503, b"<h1>503</h1>")


def offline(_: Callable[[], Reply]) -> Silence:
    return OFFLINE


def timed_out(_: Callable[[], Reply]) -> Silence:
    return Silence(Unheard.TIMEOUT, "read")


class FakeSecrets:
    """A keyring that gives whatever answer a test sets.

    `trouble` is the answer of every look-up, `keeps` of every write; None means that it works. `remembered`
    are given instead of what is stored until they are forgotten; `forgotten` lists the appids.
    """

    def __init__(self, **secrets: str) -> None:
        self.stored = {appid: Secret(text) for appid, text in secrets.items()}
        self.trouble: Looked | None = None
        self.keeps: Kept | None = None
        self.remembered: dict[str, Secret] = {}
        self.forgotten: list[str] = []
        self.looked_up = 0

    def look_up(self, appid: str) -> Looked:
        self.looked_up += 1
        if self.trouble is not None:
            return self.trouble
        secret = self.remembered.get(appid) or self.stored.get(appid)
        return Missing() if secret is None else Found(secret)

    def keep(self, appid: str, secret: Secret) -> Kept:
        if self.keeps is not None:
            return self.keeps
        self.stored[appid] = secret
        return Stored()

    def remove(self, appid: str) -> Kept:
        if self.keeps is not None and not isinstance(self.keeps, Lost):
            return self.keeps
        self.stored.pop(appid, None)
        return Stored()

    def forget(self, appid: str) -> None:
        self.forgotten.append(appid)
        self.remembered.pop(appid, None)


class MemoryDogs:
    """`.dog` files as texts, read and written through `domain.dogfile` as the real ones are."""

    def __init__(self) -> None:
        self.files: dict[tuple[str, TokenKind], str] = {}
        self.full: bool = False  # a full disk: every write and removal fails
        self.writes = 0
        self.folders: dict[str, FoundFolder] = {}  # what the folders have that somebody may choose
        self.unusable: dict[str, str] = {}  # folders in which nothing can be made, and why
        self._stamps: Counter[tuple[str, TokenKind]] = Counter()

    def directory(self, account: Account) -> str:
        return account.dog_dir or f"/dogs/{account.appid}"

    def share_folder(self, account: Account, other: Account) -> bool:
        return self.directory(account) == self.directory(other)

    def read(self, account: Account, kind: TokenKind) -> TokenRecord | None:
        text = self.files.get((account.appid, kind))
        record = None if text is None else dogfile.from_text(text)
        return None if record is None else record.with_ahead(account.ahead)

    def write(self, account: Account, kind: TokenKind, record: TokenRecord) -> None:
        if self.full:
            raise FileTrouble(f"{self.directory(account)}/{kind}.dog", "no space left on device")
        self.put(account, kind, dogfile.to_text(record))
        self.writes += 1

    def stamp(self, account: Account, kind: TokenKind) -> object:
        key = (account.appid, kind)
        return self._stamps[key] if key in self.files else None

    def try_out(self, account: Account) -> None:
        folder = self.directory(account)
        if folder in self.unusable:
            raise FileTrouble(folder, self.unusable[folder])

    def survey(self, account: Account) -> FoundFolder:
        return self.folders.get(self.directory(account), FoundFolder())

    def purge(self, account: Account) -> None:
        if self.full:
            raise FileTrouble(self.directory(account), "read-only")
        for kind in TokenKind:
            self.files.pop((account.appid, kind), None)

    def put(self, account: Account, kind: TokenKind, text: str) -> None:
        """What another program does: any text, whenever it likes."""
        self.files[account.appid, kind] = text
        self._stamps[account.appid, kind] += 1


class MemoryTickets:
    """Earlier tickets by appid, kept by the rules of `domain.earlier_tickets`."""

    def __init__(self) -> None:
        self.kept: dict[str, tuple[EarlierTicket, ...]] = {}

    def tickets(self, account: Account, now: float) -> tuple[str, ...]:
        kept = self.kept.get(account.appid, ())
        return tuple(ticket.value for ticket in earlier_tickets.still_kept(kept, now))

    def keep(self, account: Account, ticket: str, now: float) -> None:
        kept = self.kept.get(account.appid, ())
        self.kept[account.appid] = earlier_tickets.with_ticket(kept, ticket, now)


class MemoryJournal:
    """What came of outlets, by appid."""

    def __init__(self) -> None:
        self.kept: dict[str, tuple[OutletReport, ...]] = {}

    def reports(self, appid: str) -> tuple[OutletReport, ...]:
        return self.kept.get(appid, ())

    def keep(self, appid: str, reports: tuple[OutletReport, ...]) -> None:
        self.kept[appid] = reports


Handed = tuple[str, Outlet, dict[TokenKind, str]]  # appid, where to, the values


class FakeForeignFiles:
    """Takes down what would be written; `full` is a disk without room, `links` lead from path to path."""

    def __init__(self) -> None:
        self.written: list[Handed] = []
        self.full: bool = False
        self.links: dict[str, str] = {}

    def real(self, outlets: tuple[Outlet, ...]) -> tuple[Outlet, ...]:
        return tuple(replace(outlet, path=self.links.get(outlet.path, outlet.path)) for outlet in outlets)

    def write(self, outlet: Outlet, appid: str, values: Values) -> None:
        if self.full:
            raise FileTrouble(outlet.path, "the disk is full")
        self.written.append((appid, outlet, {kind: record.value for kind, record in values.items()}))


class FakeCommands:
    """Takes down what would be run; `trouble` is what comes of it, `meanwhile` what happens during it."""

    def __init__(self) -> None:
        self.ran: list[Handed] = []
        self.trouble: OutletTrouble | None = None
        self.meanwhile: Callable[[], object] = lambda: None

    def run(self, outlet: Outlet, appid: str, values: Values) -> OutletTrouble | None:
        self.ran.append((appid, outlet, {kind: record.value for kind, record in values.items()}))
        self.meanwhile()
        return self.trouble


class MemoryUrls:
    """Recent addresses by appid; `full` makes them impossible to forget."""

    def __init__(self) -> None:
        self.urls: dict[str, tuple[str, ...]] = {}
        self.full: bool = False

    def recent(self, appid: str) -> tuple[str, ...]:
        return self.urls.get(appid, ())

    def remember(self, appid: str, url: str) -> None:
        self.urls[appid] = with_url(self.recent(appid), url)

    def clear(self, appid: str) -> None:
        if self.full:
            raise FileTrouble("/config/recent_urls.json", "no space left on device")
        self.urls.pop(appid, None)


class MemoryHistory:
    """The attempts in the order in which they happened."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self._of_key: dict[tuple[str, str], list[Entry]] = {}
        self._counted: dict[str, list[Entry]] = {}  # those that WeChat may have counted, too

    def append(self, entry: Entry) -> None:
        self.entries.append(entry)
        self._of_key.setdefault((entry.appid, entry.key), []).append(entry)
        if entry.calls:
            self._counted.setdefault(entry.appid, []).append(entry)

    def latest(self, appid: str, key: str, limit: int) -> tuple[Entry, ...]:
        return tuple(self._of_key.get((appid, key), [])[-limit:])

    def of_value(self, appid: str, key: str, fingerprint: str, since: float) -> tuple[Entry, ...]:
        past = self._of_key.get((appid, key), [])[-200:]
        return tuple(entry for entry in past if entry.fingerprint == fingerprint and entry.at >= since)

    def count_calls(self, appid: str, since: float) -> CallCount:
        recent = [entry for entry in self._counted.get(appid, [])[-2000:] if entry.at >= since]
        forced = [entry.at for entry in recent if entry.forced]
        automatic = sum(e.calls for e in recent if not e.forced and policy.is_automatic(e.trigger))
        by_key = Counter[str]()
        for entry in recent:
            by_key[entry.key] += entry.calls
        return CallCount(automatic, len(forced), max(forced, default=0.0), tuple(sorted(by_key.items())))

    def news(self, after: int) -> tuple[int, frozenset[tuple[str, str]]]:
        return len(self.entries), frozenset((e.appid, e.key) for e in self.entries[after:])

    def count(self, chosen: HistoryFilter) -> int:
        return sum(matches(entry, chosen) for entry in self.entries)


class MemoryAccounts:
    """The list of accounts; `full` makes every write fail."""

    def __init__(self, *accounts: Account) -> None:
        self.known = accounts
        self.full: bool = False
        self.is_damaged = False
        self._stamp = 0

    def accounts(self) -> tuple[Account, ...]:
        return self.known

    def change(self, edit: Callable[[tuple[Account, ...]], tuple[Account, ...]]) -> None:
        edited = edit(self.known)
        if self.full:
            raise FileTrouble("/config/accounts.json", "no space left on device")
        self.known = edited
        self._stamp += 1

    def stamp(self) -> object:
        return self._stamp


@dataclass(slots=True)
class FakeLock:
    """A lock that one holder at a time may have; `busy` as if another program held it for too long."""

    busy: bool = False
    held: set[str] = field(default_factory=set)
    times: int = 0

    @contextmanager
    def hold(self, appid: str) -> Generator[None]:
        if self.busy or appid in self.held:
            raise LockBusy(appid)
        self.held.add(appid)
        self.times += 1
        try:
            yield
        finally:
            self.held.discard(appid)


def _fit_the_ports(
    clock: FakeClock,
    transport: FakeTransport,
    sandbox: SandboxTransport,
    secrets: FakeSecrets,
    dogs: MemoryDogs,
    tickets: MemoryTickets,
    urls: MemoryUrls,
    lock: FakeLock,
    history: MemoryHistory,
    accounts: MemoryAccounts,
    journal: MemoryJournal,
    files: FakeForeignFiles,
    commands: FakeCommands,
) -> tuple[
    Clock,
    Transport,
    Transport,
    SecretStore,
    DogStore,
    TicketStore,
    RecentUrls,
    AccountLock,
    HistoryStore,
    AccountStore,
    OutletJournal,
    OutletFiles,
    OutletCommands,
]:  # for mypy: a fake that has drifted from its port does not pass
    first = (clock, transport, sandbox, secrets, dogs, tickets, urls, lock, history, accounts)
    return (*first, journal, files, commands)
