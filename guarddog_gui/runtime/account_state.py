"""What is known of one account while the program runs: values, past attempts, and what is under way."""

from collections.abc import Callable

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.exports.reports import ExportStatus, export_statuses
from guarddog_gui.domain.refresh import foreign_writes, policy
from guarddog_gui.domain.refresh.backoff import jitter_for
from guarddog_gui.domain.refresh.history import AttemptResult, HistoryEntry, Trigger
from guarddog_gui.domain.refresh.policy import RetryState
from guarddog_gui.domain.refresh.status import AccountStatus, build_account_status
from guarddog_gui.domain.tokens.expiry import HOUR_S
from guarddog_gui.domain.tokens.record import PreviousToken, TokenKind, TokenRecord
from guarddog_gui.domain.wechat.errcodes import ErrcodeCatalog
from guarddog_gui.runtime.jobs import WriteExports
from guarddog_gui.services.ports import DogFileStore, HistoryStore
from guarddog_gui.services.refresh import RefreshMode, RefreshRequest, RefreshResult
from guarddog_gui.services.retry_cooldown import is_process_local

TOKEN = TokenKind.ACCESS_TOKEN
_UNREAD_STAMP = object()  # the stamp of a file that has to be looked at


class AccountState:
    """Belongs to the controller. `order` is in flight; `waiting` is to be given once it is back."""

    __slots__ = (
        "_dog_files",
        "_errcode_catalog",
        "_file_stamps",
        "_history",
        "_refused_token",
        "account",
        "are_exports_outdated",
        "are_foreign_writes_dismissed",
        "changed_kinds",
        "export_job",
        "export_statuses",
        "foreign_write_times",
        "previous_token",
        "queued_request",
        "records",
        "retry_states",
        "running_request",
        "superseded_entry",
    )

    def __init__(
        self,
        account: Account,
        dog_files: DogFileStore,
        history: HistoryStore,
        errcode_catalog: ErrcodeCatalog,
    ) -> None:
        self.account = account
        self._dog_files = dog_files
        self._history = history
        self._errcode_catalog = errcode_catalog
        self._file_stamps: dict[TokenKind, object] = {}
        self._refused_token = ""  # the access token that WeChat refused although it should have lived
        self.records: dict[TokenKind, TokenRecord | None] = {}
        self.retry_states: dict[TokenKind, RetryState] = {}
        self.changed_kinds: set[TokenKind] = (
            set()
        )  # whose file others have written, and nobody has looked into it
        self.foreign_write_times: dict[
            TokenKind, tuple[float, ...]
        ] = {}  # when another program refreshed (Unix seconds)
        self.are_foreign_writes_dismissed = False  # the person has said "I know"
        self.superseded_entry: HistoryEntry | None = (
            None  # somebody took the token, and nobody has said "I know"
        )
        self.previous_token: PreviousToken | None = None
        self.running_request: RefreshRequest | None = None
        self.queued_request: RefreshRequest | None = None
        self.are_exports_outdated = (
            False  # the disk or the account has changed since the outlets were looked at
        )
        self.export_job: WriteExports | None = None  # in flight
        self.export_statuses: tuple[ExportStatus, ...] = ()

    # -- what is ----------------------------------------------------------------------------------

    def status(self, now: float, *, paused: bool) -> AccountStatus:
        """What there is to show of it."""
        return build_account_status(
            self.account,
            self.records,
            self.retry_states,
            now,
            refreshing_kinds=self._refreshing_kinds,
            is_paused=paused,
            previous_token=self.previous_token,
            superseded_entry=self.superseded_entry,
            foreign_write_times={} if self.are_foreign_writes_dismissed else self.foreign_write_times,
            exports=export_statuses(self.account.exports, self.export_statuses),
        )

    @property
    def _refreshing_kinds(self) -> frozenset[TokenKind]:
        order = self.running_request
        return frozenset(order.kinds) if order and order.mode is not RefreshMode.ADOPT_ONLY else frozenset()

    def update_account(self, account: Account) -> None:
        """The person has changed the account."""
        if account == self.account:
            return
        self.account = account
        self.are_exports_outdated = True
        self._file_stamps.clear()
        for kind in self.retry_states.keys() - set(account.token_kinds):
            del self.retry_states[kind]  # a ticket that is switched on again is tried at once

    def read_files(self) -> None:
        """Take the values from the disk, those that were written since the last look."""
        for kind in self.account.token_kinds:
            stamp = self._dog_files.stamp(self.account, kind)
            if kind not in self._file_stamps or stamp != self._file_stamps[kind]:
                is_first = kind not in self._file_stamps
                self._file_stamps[kind] = stamp
                self.are_exports_outdated = True
                self._read_file(kind, is_first=is_first)

    def _stamp_of_record(self, kind: TokenKind, record: TokenRecord | None) -> object:
        """The stamp of the file with this record; of one that is another by now, a stamp that no file has."""
        stamp = self._dog_files.stamp(self.account, kind)
        return stamp if self._dog_files.read(self.account, kind) == record else _UNREAD_STAMP

    def _read_file(self, kind: TokenKind, *, is_first: bool) -> None:
        record, before = self._dog_files.read(self.account, kind), self.records.get(kind)
        if record is not None and before is not None and foreign_writes.is_rewrite_of(record, before):
            if foreign_writes.is_lifetime_shortened(record, before):
                self.changed_kinds.add(kind)  # what the history knows of its life decides
            return
        if record is None and before is not None and not is_first:
            self.changed_kinds.add(kind)  # removed or damaged: the look puts back what we hold
            return
        self.records[kind] = record
        if record is not None and not is_first:
            self.changed_kinds.add(kind)

    @property
    def needs_history(self) -> bool:
        """Whether the past of a key has not been read."""
        return any(kind not in self.retry_states for kind in self.account.token_kinds)

    def load_retry_states(self, *kinds: TokenKind) -> None:
        """Derive from the history how the attempts went (without any: for all keys)."""
        for kind in kinds or self.account.token_kinds:
            past = self._history.latest(self.account.appid, kind.value, policy.RETRY_HISTORY_MAX)
            self.retry_states[kind] = policy.after_restart(
                policy.retry_state_from_history(past, self._errcode_catalog)
            )
            self.foreign_write_times[kind] = foreign_writes.foreign_write_times(past)
            self._check_provenance(kind, past)

    def on_history_changed(self, kind: TokenKind) -> None:
        """Lines have been added to the history: another program's say how the key stands now.

        What one process met, such as a keyring that is not there, says nothing about this one.
        """
        past = self._history.latest(self.account.appid, kind.value, policy.RETRY_HISTORY_MAX)
        told = policy.retry_state_from_history(past, self._errcode_catalog)
        if (
            told.last_entry is None
            or told.last_entry == self._retry_state(kind).last_entry
            or is_process_local(told.last_entry)
        ):
            return
        self.retry_states[kind] = told

    def _check_provenance(self, kind: TokenKind, past: tuple[HistoryEntry, ...]) -> None:
        """Another program may have written before we came. Where nothing is known, nothing is strange."""
        record = self.records.get(kind)
        if record is None or not any(entry.fingerprint for entry in past):
            return
        line = foreign_writes.find_origin(record, past)
        if line is None:
            self.changed_kinds.add(kind)
        else:
            self.records[kind] = foreign_writes.with_recorded_lifetime(record, line)

    def usable_record(self, kind: TokenKind, now: float) -> TokenRecord | None:
        """The value that works now."""
        record = self.records.get(kind)
        return record if record is not None and record.remaining_s(now) > 0 else None

    # -- what is due ------------------------------------------------------------------------------

    def due_refresh(self, now: float) -> tuple[tuple[TokenKind, ...], RefreshMode]:
        """The keys that want an attempt now, and how eagerly.

        A ticket whose age is not known is looked at although its file says that it is fresh.
        """
        kinds = tuple(kind for kind, at in self._due_times(now).items() if at is not None and at <= now)
        fresh = any(self._is_fresh(kind, now) for kind in kinds)
        return kinds, RefreshMode.ALWAYS if fresh else RefreshMode.IF_NEEDED

    def _due_times(self, now: float) -> dict[TokenKind, float | None]:
        """When each key wants its next attempt.

        A ticket cannot be had without a live access token: it comes along with one that is due, or waits.
        """
        dues = {
            kind: policy.due_at(kind, self.records.get(kind), self._retry_state(kind), now)
            for kind in self.account.token_kinds
        }
        token_at = dues[TOKEN]
        waits = policy.ticket_waits_for_token(self.records.get(TOKEN), self._retry_state(TOKEN), now)
        if waits and (token_at is None or token_at > now):
            return {TOKEN: token_at}
        return dues

    def _retry_state(self, kind: TokenKind) -> RetryState:
        return self.retry_states.get(kind, RetryState())

    def _is_fresh(self, kind: TokenKind, now: float) -> bool:
        record = self.usable_record(kind, now)
        return record is not None and now < record.refresh_at

    def make_request(
        self, kinds: tuple[TokenKind, ...], trigger: Trigger, mode: RefreshMode
    ) -> RefreshRequest:
        """An order for these keys, with what is known of their files."""
        seen = tuple(
            (kind, record.generated_ms) for kind, record in self.records.items() if record is not None
        )
        held = tuple((kind, record) for kind, record in self.records.items() if record is not None)
        return RefreshRequest(
            self.account, kinds, trigger, mode, known_gen_times_ms=seen, in_memory_values=held
        )

    # -- what happens -----------------------------------------------------------------------------

    def update_retry_states(self, update: Callable[[RetryState], RetryState], *kinds: TokenKind) -> None:
        """Something has happened that changes how these keys stand (without any: all of them)."""
        for kind in kinds or tuple(self.retry_states):
            self.retry_states[kind] = update(self._retry_state(kind))

    def apply_result(self, result: RefreshResult, now: float) -> None:
        """What came of an attempt for one key."""
        kind, entry = result.kind, result.entry
        self.are_exports_outdated |= entry.is_success
        if kind is TOKEN and entry.result is AttemptResult.NEW:
            self._update_previous_token(entry, now)
        if kind is TOKEN and entry.detail == policy.SUPERSEDED:
            self.mark_superseded(entry)
        if entry.fingerprint:  # a failure brings no value, and must not hide one that the disk did not take
            self.records[kind] = result.record
            if entry.result is not AttemptResult.NOT_WRITTEN:
                self._file_stamps[kind] = self._stamp_of_record(kind, result.record)
        if entry.result is not AttemptResult.LOCK_BUSY:
            self.changed_kinds.discard(kind)
        self._apply_entry(kind, entry, now)

    def _apply_entry(self, kind: TokenKind, entry: HistoryEntry, now: float) -> None:
        if entry.detail == foreign_writes.FOREIGN_WRITE:
            recent = (at for at in self.foreign_write_times.get(kind, ()) if at > now - HOUR_S)
            self.foreign_write_times[kind] = (*recent, entry.at)
        elif entry.result is AttemptResult.ADOPTED:
            # another Guard Dog may have fetched it: the history knows more than this process has seen
            self.load_retry_states()
            return
        elif entry.result is AttemptResult.STILL_FRESH:
            self._reload_if_history_newer(kind)
        jitter = jitter_for(entry)
        self.retry_states[kind] = policy.next_retry_state(
            self._retry_state(kind), entry, self._errcode_catalog, jitter
        )
        if kind is TOKEN and entry.result is AttemptResult.NEW:
            for ticket in self.account.token_kinds[1:]:
                self.retry_states[ticket] = policy.after_new_token(
                    self._retry_state(ticket), self._errcode_catalog
                )

    def _reload_if_history_newer(self, kind: TokenKind) -> None:
        """The file was good: another Guard Dog may have written it and left a line since."""
        if self._history.latest(self.account.appid, kind.value, 1) != (self._retry_state(kind).last_entry,):
            self.load_retry_states(kind)

    def start_export_job(self) -> WriteExports | None:
        """The job for its outlets, if there is something for them and none is in flight."""
        if (
            not self.are_exports_outdated
            or self.export_job is not None
            or not (self.account.exports or self.export_statuses)
        ):
            return None
        self.are_exports_outdated = False
        self.export_job = WriteExports(self.account)
        return self.export_job

    def finish_request(self, request: RefreshRequest) -> RefreshRequest | None:
        """The order in flight is back; the one that has waited for it."""
        self.running_request = None
        if request.account != self.account:  # edited meanwhile: what came may lie in another folder
            self._file_stamps.clear()
        self.read_files()
        waiting, self.queued_request = self.queued_request, None
        return waiting

    def _update_previous_token(self, entry: HistoryEntry, now: float) -> None:
        """The token that this one replaced works on for a while, unless it was taken from us."""
        old = self.records.get(TOKEN)
        refused = old is not None and old.value == self._refused_token
        until = policy.old_token_valid_until(old, entry, now) if old is not None and not refused else None
        self.previous_token = (
            PreviousToken(old.value, until) if old is not None and until is not None else None
        )

    def mark_superseded(self, entry: HistoryEntry) -> None:
        """The token that we hold was refused while it should have lived."""
        record = self.records.get(TOKEN)
        self._refused_token = record.value if record is not None else ""
        self.superseded_entry = entry
        self.previous_token = None
