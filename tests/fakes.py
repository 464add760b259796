"""In-memory implementations of the ports in `services/ports.py`, which fail on demand."""

import json
from collections import Counter
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from typing import Any

from msgspec.structs import replace

from guarddog_gui.adapters.history.queries import matches_filter
from guarddog_gui.domain.accounts.account import Account, Secret
from guarddog_gui.domain.accounts.existing_files import FolderContents
from guarddog_gui.domain.accounts.keyring_results import (
    LookupResult,
    SecretFound,
    SecretMissing,
    SecretSaved,
    StoreResult,
)
from guarddog_gui.domain.accounts.removal import PendingRemoval, has_undoable_removal, with_removal, without_removal
from guarddog_gui.domain.diagnosis import replaced_tickets
from guarddog_gui.domain.diagnosis.replaced_tickets import ReplacedTicket
from guarddog_gui.domain.errors import FileError, LockBusy
from guarddog_gui.domain.exports.formats import ValidRecords
from guarddog_gui.domain.exports.reports import ExportError, ExportStatus
from guarddog_gui.domain.exports.targets import ExportTarget
from guarddog_gui.domain.problems import FileErrorReason
from guarddog_gui.domain.readiness.answers import PageAnswer
from guarddog_gui.domain.refresh import policy
from guarddog_gui.domain.refresh.history import CallCount, HistoryEntry, HistoryFilter
from guarddog_gui.domain.settings import Settings
from guarddog_gui.domain.signing.page_url import add_recent_url
from guarddog_gui.domain.tokens import dog_format, own_copy
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord
from guarddog_gui.domain.transfer import PendingImport, TransferContent, TransferProblem
from guarddog_gui.domain.wechat.protocol import FailureKind, Reply, Request, TransportFailure
from guarddog_gui.sandbox.rules import SandboxRules
from guarddog_gui.services.ports import (
    AccountLock,
    AccountStore,
    Clock,
    DogFileStore,
    ExportCommandRunner,
    ExportFileWriter,
    ExportJournal,
    HistoryStore,
    RecentUrlStore,
    ReplacedTicketStore,
    SecretStore,
    SettingsStore,
    TransferFiles,
    Transport,
)

NOW = 1_790_000_000.0  # a moment of 2026, 22:13:20 in Beijing
OWN_IP = "203.0.113.7"


class FakeClock:
    """Clock that stands still until a test moves it, forward or back."""

    def __init__(self, now: float = NOW) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += seconds


RequestHandler = Callable[[Request], Reply | TransportFailure]


class FakeTransport:
    """Transport that passes requests to a handler and records them in order."""

    def __init__(self, handler: RequestHandler) -> None:
        self.handler = handler
        self.requests: list[Request] = []
        self.accounts: list[Account] = []  # whose requests these are
        self.trial_passwords: list[tuple[str, Secret | None]] = []

    def send(self, request: Request, account: Account) -> Reply | TransportFailure:
        self.requests.append(request)
        self.accounts.append(account)
        return self.handler(request)

    def using_proxy_password(self, appid: str, password: Secret | None) -> AbstractContextManager[None]:
        self.trial_passwords.append((appid, password))
        return nullcontext()

    @property
    def endpoints(self) -> list[str]:
        return [request.path.rpartition("/")[2] for request in self.requests]


def scripted_transport(*replies: Reply | TransportFailure) -> FakeTransport:
    """Return a transport that gives these replies in turn, and fails after the last one."""
    left = iter(replies)
    return FakeTransport(lambda _: next(left))


def json_reply(**fields: Any) -> Reply:
    return Reply(200, json.dumps(fields).encode())


def token_reply(value: str, expires_in: int = 7200) -> Reply:
    return json_reply(access_token=value, expires_in=expires_in)


def ticket_reply(value: str, expires_in: int = 7200) -> Reply:
    return json_reply(errcode=0, errmsg="ok", ticket=value, expires_in=expires_in)


def error_reply(errcode: int, errmsg: str = "no rid: 6176a2e0-0a0b0c0d-00000001") -> Reply:
    return json_reply(errcode=errcode, errmsg=errmsg)


class FakePageFetcher:
    """Fetcher with the answers of a site; it records what it was asked for."""

    def __init__(self, **answers: PageAnswer) -> None:
        self.answers = answers
        self.asked: list[tuple[str, int, float]] = []
        self.on_fetch: Callable[[], None] = lambda: None

    def fetch(self, url: str, body_max: int, timeout_s: float) -> PageAnswer:
        self.asked.append((url, body_max, timeout_s))
        self.on_fetch()
        return self.answers.get(url) or PageAnswer(url, status=200)

    @property
    def urls(self) -> list[str]:
        return [url for url, _, _ in self.asked]


OFFLINE_FAILURE = TransportFailure(FailureKind.OFFLINE, "no route", may_have_counted=False)

TransportFault = Callable[[Callable[[], Reply]], Reply | TransportFailure]


class SandboxTransport:
    """Transport to the sandbox's WeChat in this process.

    Attributes:
        fault_for_request: called before every request. None lets it pass, an errcode makes WeChat refuse it,
            a TransportFault gets the real reply as a function and returns what arrives.
        ip: the caller's address that WeChat sees.
    """

    def __init__(self, rules: SandboxRules, ip: str = OWN_IP) -> None:
        self.rules = rules
        self.ip = ip
        self.fault_for_request: Callable[[Request], TransportFault | int | None] = lambda _: None
        self.calls_by_endpoint: Counter[str] = Counter()
        self.sent: list[Request] = []

    def using_proxy_password(self, appid: str, password: Secret | None) -> AbstractContextManager[None]:  # noqa: ARG002
        return nullcontext()

    def send(self, request: Request, account: Account) -> Reply | TransportFailure:  # noqa: ARG002
        self.sent.append(request)
        self.calls_by_endpoint[request.path.rpartition("/")[2]] += 1
        fault = self.fault_for_request(request)
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


def truncated_reply(answer: Callable[[], Reply]) -> Reply:
    """Return half of the reply: WeChat has executed and counted the request."""
    reply = answer()
    return Reply(reply.status, reply.body[: len(reply.body) // 2])


def html_reply(_: Callable[[], Reply]) -> Reply:
    """Return the page of a captive portal."""
    return Reply(200, b"<!DOCTYPE html><title>Wi-Fi</title>")


def http_503_reply(_: Callable[[], Reply]) -> Reply:
    return Reply(503, b"<h1>503</h1>")


def no_network(_: Callable[[], Reply]) -> TransportFailure:
    return OFFLINE_FAILURE


def read_timeout(_: Callable[[], Reply]) -> TransportFailure:
    return TransportFailure(FailureKind.TIMEOUT, "read")


class FakeSecretStore:
    """Keyring with the results that a test sets.

    Attributes:
        lookup_result, store_result: result of every look-up and of every write; None means that it works.
        cached: secrets returned instead of the stored ones until they are invalidated.
        invalidated: appids whose cached secret was dropped.
    """

    def __init__(self, **secrets: str) -> None:
        self.stored = {appid: Secret(text) for appid, text in secrets.items()}
        self.lookup_result: LookupResult | None = None
        self.store_result: StoreResult | None = None
        self.cached: dict[str, Secret] = {}
        self.invalidated: list[str] = []
        self.lookup_count = 0

    def get(self, appid: str) -> LookupResult:
        self.lookup_count += 1
        if self.lookup_result is not None:
            return self.lookup_result
        secret = self.cached.get(appid) or self.stored.get(appid)
        return SecretMissing() if secret is None else SecretFound(secret)

    def set(self, appid: str, secret: Secret) -> StoreResult:
        if self.store_result is not None:
            return self.store_result
        self.stored[appid] = secret
        return SecretSaved()

    def remove(self, appid: str) -> StoreResult:
        if self.store_result is not None:
            return self.store_result
        self.stored.pop(appid, None)
        return SecretSaved()

    def invalidate(self, appid: str) -> None:
        self.invalidated.append(appid)
        self.cached.pop(appid, None)


class FakeDogFileStore:
    """`.dog` files as texts in memory, in the real format."""

    def __init__(self) -> None:
        self.files: dict[tuple[str, TokenKind], str] = {}
        self.own_copies: dict[tuple[str, TokenKind], str] = {}
        self.is_disk_full: bool = False  # every write and removal fails
        self.write_count = 0
        self.existing_folders: dict[str, FolderContents] = {}  # folders that the user may choose
        self.unusable_folders: dict[str, str] = {}  # folders that are not writable, and why
        self._revisions: Counter[tuple[str, TokenKind]] = Counter()

    def directory(self, account: Account) -> str:
        return account.dog_dir or f"/dogs/{account.appid}"

    def has_same_folder(self, account: Account, other: Account) -> bool:
        return self.directory(account) == self.directory(other)

    def read(self, account: Account, kind: TokenKind) -> TokenRecord | None:
        text = self.files.get((account.appid, kind))
        record = None if text is None else dog_format.parse_token_record(text)
        return None if record is None else replace(record, ahead=account.refresh_ahead)

    def write(self, account: Account, kind: TokenKind, record: TokenRecord) -> None:
        if self.is_disk_full:
            raise FileError(f"{self.directory(account)}/{kind}.dog", "no space left on device")
        self.put_own_record(account, kind, record)
        self.write_count += 1

    def read_own_copy(self, account: Account, kind: TokenKind) -> TokenRecord | None:
        text = self.own_copies.get((account.appid, kind))
        record = None if text is None else dog_format.parse_token_record(text)
        return replace(record, ahead=account.refresh_ahead) if record else None

    def token_check_at(self, account: Account) -> float:
        text = self.own_copies.get((account.appid, TokenKind.ACCESS_TOKEN))
        record = None if text is None else dog_format.parse_token_record(text)
        return own_copy.token_check_at(text, record) if text and record else 0.0

    def postpone_token_check(self, account: Account, record: TokenRecord, check_at: float) -> None:
        self.own_copies[account.appid, TokenKind.ACCESS_TOKEN] = own_copy.format_own_copy(record, check_at)

    def delete_own_copy(self, account: Account, kind: TokenKind) -> None:
        self.own_copies.pop((account.appid, kind), None)

    def stamp(self, account: Account, kind: TokenKind) -> object:
        key = (account.appid, kind)
        return self._revisions[key] if key in self.files else None

    def check_writable(self, account: Account) -> None:
        folder = self.directory(account)
        if folder in self.unusable_folders:
            raise FileError(folder, self.unusable_folders[folder])

    def inspect_folder(self, account: Account) -> FolderContents:
        return self.existing_folders.get(self.directory(account), FolderContents())

    def purge(self, account: Account) -> None:
        if self.is_disk_full:
            raise FileError(self.directory(account), "read-only")
        for kind in TokenKind:
            self.files.pop((account.appid, kind), None)
            self.own_copies.pop((account.appid, kind), None)

    def put_own_record(self, account: Account, kind: TokenKind, record: TokenRecord) -> None:
        """Write the file as Guard Dog does, with its copy."""
        self.own_copies[account.appid, kind] = dog_format.format_token_record(record)
        self.put_text(account, kind, dog_format.format_token_record(record))

    def put_record(self, account: Account, kind: TokenKind, record: TokenRecord) -> None:
        """Write the file as another program would."""
        self.put_text(account, kind, dog_format.format_token_record(record))

    def put_text(self, account: Account, kind: TokenKind, text: str) -> None:
        """Write any text into the file, as another program might."""
        self.files[account.appid, kind] = text
        self._revisions[account.appid, kind] += 1


class FakeReplacedTicketStore:
    """Replaced tickets by appid, kept by the rules of `domain.diagnosis.replaced_tickets`."""

    def __init__(self) -> None:
        self.stored: dict[str, tuple[ReplacedTicket, ...]] = {}

    def recent(self, account: Account, now: float) -> tuple[str, ...]:
        kept = self.stored.get(account.appid, ())
        return tuple(ticket.value for ticket in replaced_tickets.drop_expired_tickets(kept, now))

    def add(self, account: Account, ticket: str, now: float) -> None:
        kept = self.stored.get(account.appid, ())
        self.stored[account.appid] = replaced_tickets.add_replaced_ticket(kept, ticket, now)


class FakeExportJournal:
    """Export statuses by appid."""

    def __init__(self) -> None:
        self.stored: dict[str, tuple[ExportStatus, ...]] = {}

    def load(self, appid: str) -> tuple[ExportStatus, ...]:
        return self.stored.get(appid, ())

    def save(self, appid: str, statuses: tuple[ExportStatus, ...]) -> None:
        self.stored[appid] = statuses


RecordedExport = tuple[str, ExportTarget, dict[TokenKind, str]]  # appid, target, values


class FakeExportFileWriter:
    """Recorder of exports to files; `links` maps the path of a link to its target."""

    def __init__(self) -> None:
        self.written: list[RecordedExport] = []
        self.is_disk_full: bool = False
        self.links: dict[str, str] = {}

    def resolve_links(self, targets: tuple[ExportTarget, ...]) -> tuple[ExportTarget, ...]:
        return tuple(replace(target, path=self.links.get(target.path, target.path)) for target in targets)

    def write(self, target: ExportTarget, appid: str, values: ValidRecords) -> None:
        if self.is_disk_full:
            raise FileError(target.path, "the disk is full")
        self.written.append((appid, target, {kind: record.value for kind, record in values.items()}))


class FakeExportCommandRunner:
    """Recorder of export commands, which end with `error`; `on_run` is called while one runs."""

    def __init__(self) -> None:
        self.runs: list[RecordedExport] = []
        self.error: ExportError | None = None
        self.on_run: Callable[[], object] = lambda: None

    def run(self, target: ExportTarget, appid: str, values: ValidRecords) -> ExportError | None:
        self.runs.append((appid, target, {kind: record.value for kind, record in values.items()}))
        self.on_run()
        return self.error


class FakeRecentUrlStore:
    """Recently signed URLs by appid; `is_disk_full` makes removals fail."""

    def __init__(self) -> None:
        self.stored: dict[str, tuple[str, ...]] = {}
        self.is_disk_full: bool = False

    def recent(self, appid: str) -> tuple[str, ...]:
        return self.stored.get(appid, ())

    def add(self, appid: str, url: str) -> None:
        self.stored[appid] = add_recent_url(self.recent(appid), url)

    def clear(self, appid: str) -> None:
        if self.is_disk_full:
            raise FileError("/config/recent_urls.json", "no space left on device")
        self.stored.pop(appid, None)


class FakeHistoryStore:
    """History of attempts, in memory."""

    def __init__(self) -> None:
        self.entries: list[HistoryEntry] = []
        self._entries_by_key: dict[tuple[str, str], list[HistoryEntry]] = {}
        self._counted_entries: dict[str, list[HistoryEntry]] = {}  # those that count against the quota

    def append(self, entry: HistoryEntry) -> None:
        self.entries.append(entry)
        self._entries_by_key.setdefault((entry.appid, entry.key), []).append(entry)
        if entry.calls:
            self._counted_entries.setdefault(entry.appid, []).append(entry)

    def enqueue(self, entry: HistoryEntry) -> None:
        self.append(entry)

    def flush(self) -> None: ...

    def latest(self, appid: str, key: str, limit: int) -> tuple[HistoryEntry, ...]:
        return tuple(self._entries_by_key.get((appid, key), [])[-limit:])

    def entries_of_value(self, appid: str, key: str, fingerprint: str, since: float) -> tuple[HistoryEntry, ...]:
        past = self._entries_by_key.get((appid, key), [])[-200:]
        return tuple(entry for entry in past if entry.fingerprint == fingerprint and entry.at >= since)

    def addresses(self, appid: str, limit: int) -> tuple[HistoryEntry, ...]:
        named = [entry for entry in self.entries if entry.appid == appid and entry.ip is not None]
        return tuple(reversed(named))[:limit]

    def count_calls(self, appid: str, since: float) -> CallCount:
        recent = [entry for entry in self._counted_entries.get(appid, [])[-2000:] if entry.at >= since]
        forced = [entry.at for entry in recent if entry.forced]
        automatic = sum(e.calls for e in recent if not e.forced and policy.is_automatic(e.trigger))
        by_key = Counter[str]()
        for entry in recent:
            by_key[entry.key] += entry.calls
        return CallCount(automatic, len(forced), max(forced, default=0.0), tuple(sorted(by_key.items())))

    def changes_since(self, after_id: int) -> tuple[int, frozenset[tuple[str, str]]]:
        return len(self.entries), frozenset((e.appid, e.key) for e in self.entries[after_id:])

    def count(self, history_filter: HistoryFilter) -> int:
        return sum(matches_filter(entry, history_filter) for entry in self.entries)


class FakeAccountStore:
    """Account list; `is_disk_full` makes writes fail, `read_error` reads."""

    def __init__(self, *accounts: Account) -> None:
        self.stored = accounts
        self.removals: tuple[PendingRemoval, ...] = ()
        self.stored_import: PendingImport | None = None
        self.is_disk_full: bool = False
        self.is_damaged = False
        self.is_newer_version = False
        self.read_error: FileError | None = None  # of every `load`, for a while
        self.location = "/config/accounts.json"
        self._revision = 0

    def load(self) -> tuple[Account, ...]:
        if self.read_error is not None:
            raise self.read_error
        return self.stored

    def update(self, edit: Callable[[tuple[Account, ...]], tuple[Account, ...]]) -> None:
        edited = edit(self.stored)
        listed = {account.appid for account in edited}
        self._write(edited, tuple(removal for removal in self.removals if removal.appid not in listed))

    def pending_removals(self) -> tuple[PendingRemoval, ...]:
        return self.removals

    def start_removal(self, removal: PendingRemoval, *, if_unlisted: bool = False) -> None:
        others = tuple(account for account in self.stored if account.appid != removal.appid)
        if if_unlisted and (others != self.stored or has_undoable_removal(self.removals, removal.appid)):
            return
        self._write(others, with_removal(self.removals, removal))

    def finish_removal(self, appid: str) -> None:
        self._write(self.stored, without_removal(self.removals, appid))

    def pending_import(self) -> PendingImport | None:
        return self.stored_import

    def store_import(
        self, pending: PendingImport | None, edit: Callable[[tuple[Account, ...]], tuple[Account, ...]] | None = None
    ) -> None:
        self.update(edit or (lambda accounts: accounts))
        self.stored_import = pending

    def _write(self, accounts: tuple[Account, ...], removals: tuple[PendingRemoval, ...]) -> None:
        if self.is_disk_full:
            raise FileError("/config/accounts.json", "no space left on device")
        self.stored, self.removals = accounts, removals
        self._revision += 1

    def stamp(self) -> object:
        return self._revision


class FakeTransferFiles:
    """Exported files in memory, with their passphrases; `error` makes reading and writing fail."""

    def __init__(self) -> None:
        self.stored: dict[str, tuple[str, TransferContent | TransferProblem]] = {}
        self.error: FileError | None = None

    def write(self, path: str, content: TransferContent, passphrase: str, *, overwrites: bool) -> None:
        if self.error is not None:
            raise self.error
        if path in self.stored and not overwrites:
            raise FileError(path, FileErrorReason.EXISTS)
        self.stored[path] = passphrase, content

    def load(self, path: str) -> bytes | TransferProblem:
        if self.error is not None:
            raise self.error
        return path.encode() if path in self.stored else TransferProblem.NOT_EXPORTED

    def open(self, path: str, data: bytes, passphrase: str) -> TransferContent | TransferProblem:
        assert data == path.encode()
        right, content = self.stored[path]
        return content if passphrase == right else TransferProblem.WRONG_PASSPHRASE


class FakeSettingsStore:
    """Settings in memory; `error` makes writes fail."""

    def __init__(self) -> None:
        self.stored = Settings()
        self.error: FileError | None = None
        self.on_update: Callable[[], object] = lambda: None

    def load(self) -> Settings:
        return self.stored

    def update(self, edit: Callable[[Settings], Settings]) -> None:
        if self.error is not None:
            raise self.error
        self.stored = edit(self.stored)
        self.on_update()


@dataclass(slots=True)
class FakeAccountLock:
    """Lock with one holder at a time; `is_busy` acts as if another process held it."""

    is_busy: bool = False
    held_appids: set[str] = field(default_factory=set)
    acquire_count: int = 0

    @contextmanager
    def acquire(self, appid: str) -> Generator[None]:
        if self.is_busy or appid in self.held_appids:
            raise LockBusy(appid)
        self.held_appids.add(appid)
        self.acquire_count += 1
        try:
            yield
        finally:
            self.held_appids.discard(appid)


def _check_fakes_match_ports(
    clock: FakeClock,
    transport: FakeTransport,
    sandbox: SandboxTransport,
    secrets: FakeSecretStore,
    dogs: FakeDogFileStore,
    tickets: FakeReplacedTicketStore,
    urls: FakeRecentUrlStore,
    lock: FakeAccountLock,
    history: FakeHistoryStore,
    accounts: FakeAccountStore,
    journal: FakeExportJournal,
    files: FakeExportFileWriter,
    commands: FakeExportCommandRunner,
    settings: FakeSettingsStore,
    transfer_files: FakeTransferFiles,
) -> tuple[
    Clock,
    Transport,
    Transport,
    SecretStore,
    DogFileStore,
    ReplacedTicketStore,
    RecentUrlStore,
    AccountLock,
    HistoryStore,
    AccountStore,
    ExportJournal,
    ExportFileWriter,
    ExportCommandRunner,
    SettingsStore,
    TransferFiles,
]:  # for mypy: fails when a fake no longer implements its port
    first = (clock, transport, sandbox, secrets, dogs, tickets, urls, lock, history, accounts)
    return (*first, journal, files, commands, settings, transfer_files)
