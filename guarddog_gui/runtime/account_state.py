"""The state of one account in the running app: its values, retry states, and running jobs."""

import logging
from collections.abc import Callable, Mapping

from msgspec import Struct, field
from msgspec.structs import replace

from guarddog_gui.domain.accounts.account import Account, Endpoint
from guarddog_gui.domain.exports.reports import ExportStatus, export_statuses
from guarddog_gui.domain.hidden_fields import HiddenFields
from guarddog_gui.domain.refresh import foreign_writes, policy, retries
from guarddog_gui.domain.refresh.backoff import jitter_for
from guarddog_gui.domain.refresh.history import AttemptResult, HistoryEntry, Trigger
from guarddog_gui.domain.refresh.retries import RetryState
from guarddog_gui.domain.refresh.status import AccountStatus, build_account_status
from guarddog_gui.domain.sharing.values import SharingStatus
from guarddog_gui.domain.tokens.expiry import DAY_S
from guarddog_gui.domain.tokens.own_copy import is_same_value_and_life
from guarddog_gui.domain.tokens.record import PreviousToken, TokenKind, TokenRecord
from guarddog_gui.domain.wechat.errcodes import ErrcodeCatalog
from guarddog_gui.runtime.disk.readings import AccountReading, FileReading, KnownAccount
from guarddog_gui.runtime.jobs import WriteExports
from guarddog_gui.services.calls.refresh_request import RefreshMode, RefreshRequest, RefreshResult
from guarddog_gui.services.calls.retry_cooldown import is_process_local

TOKEN = TokenKind.ACCESS_TOKEN
_UNREAD_STAMP = object()  # equal to no file's stamp: the file will be read

log = logging.getLogger(__name__)


class AccountState(HiddenFields, Struct, eq=False):
    """State of one account, used by the controller in the main thread.

    At most one `running_request` exists at a time; what is wanted meanwhile waits in `queued_request`.
    """

    hidden_fields = ("_refused_token",)

    account: Account
    _errcode_catalog: ErrcodeCatalog
    _version: int = 0  # changes when a request has brought newer files than a reading that is on its way
    _file_stamps: dict[TokenKind, object] = field(default_factory=dict)
    _refused_token: str = ""  # the access token that WeChat refused before it expired
    records: dict[TokenKind, TokenRecord | None] = field(default_factory=dict)
    # values found at the start that only the history can tell from those of other programs
    unproven_records: dict[TokenKind, TokenRecord] = field(default_factory=dict)
    retry_states: dict[TokenKind, RetryState] = field(default_factory=dict)
    # keys whose file another program has written or damaged: an ADOPT_ONLY request has to examine it
    changed_kinds: set[TokenKind] = field(default_factory=set)
    # when another program refreshed (Unix seconds)
    foreign_write_times: dict[TokenKind, tuple[float, ...]] = field(default_factory=dict)
    are_foreign_writes_dismissed: bool = False  # the user has dismissed the warning
    superseded_entry: HistoryEntry | None = None  # until the user dismisses the warning
    superseded_at: float = 0.0  # when WeChat last refused a token before its expiry (Unix seconds)
    token_checked_at: float = 0.0
    previous_token: PreviousToken | None = None
    running_request: RefreshRequest | None = None
    queued_request: RefreshRequest | None = None
    are_exports_outdated: bool = False  # a value or the account has changed since the last export
    export_job: WriteExports | None = None  # the running one
    export_statuses: tuple[ExportStatus, ...] = ()
    sharing_status: SharingStatus | None = None  # what is known of Redis, of a shared account

    def status(self, now: float, *, is_paused: bool) -> AccountStatus:
        return build_account_status(
            self.account,
            self.records,
            self.retry_states,
            now,
            refreshing_kinds=self._refreshing_kinds,
            is_paused=is_paused,
            previous_token=self.previous_token,
            superseded_entry=self.superseded_entry,
            foreign_write_times={} if self.are_foreign_writes_dismissed else self.foreign_write_times,
            exports=export_statuses(self.account.exports, self.export_statuses),
            sharing=self.sharing_status if self.account.sharing is not None else None,
        )

    @property
    def _refreshing_kinds(self) -> frozenset[TokenKind]:
        request = self.running_request
        return frozenset(request.kinds if request and request.mode.may_ask else ())

    @property
    def has_unread_changes(self) -> bool:
        return bool(self.changed_kinds) and self.running_request is None

    def update_account(self, account: Account) -> None:
        if account == self.account:
            return
        self.account = account
        self.are_exports_outdated = True
        self._forget_files()
        for kind in self.retry_states.keys() - set(account.token_kinds):
            del self.retry_states[kind]  # a ticket that is enabled again is then fetched at once

    def _forget_files(self) -> None:
        self._file_stamps.clear()
        self._version += 1

    def known(self) -> KnownAccount:
        """Return what the next reading of the disk may leave out."""
        last_entries = {kind: state.last_entry for kind, state in self.retry_states.items() if state.last_entry}
        return KnownAccount(self.account, self._version, dict(self._file_stamps), self.needs_history, last_entries)

    def apply_reading(self, reading: AccountReading) -> None:
        """Take over the files that have changed, unless the reading is older than what is known."""
        if reading.account == self.account and reading.version == self._version:
            self.sharing_status = reading.sharing
            self._apply_files(reading)

    def _apply_files(self, reading: AccountReading) -> None:
        for kind, file in reading.files.items():
            is_first = kind not in self._file_stamps
            if is_first or file.stamp != self._file_stamps[kind]:
                self._file_stamps[kind] = file.stamp
                self.are_exports_outdated = True
                self._apply_file(kind, file, is_first=is_first)

    def _apply_file(self, kind: TokenKind, file: FileReading, *, is_first: bool) -> None:
        """Take over a value that Guard Dog wrote; what another program wrote is left to an ADOPT_ONLY request."""
        record, earlier = file.record, self.records.get(kind)
        if record is None:
            if earlier is not None and not is_first:
                self.changed_kinds.add(kind)  # removed or damaged: the request restores it from memory
            elif is_first:
                self.records[kind] = None
            return
        own_copy = file.own_copy
        if own_copy is None or not is_same_value_and_life(record, own_copy):
            if is_first:  # perhaps written by an older version: the history tells
                self.unproven_records[kind] = record
            self.changed_kinds.add(kind)
            return
        is_known = earlier is not None and is_same_value_and_life(record, earlier)
        self.records[kind] = record
        if not is_first and not is_known:
            self.changed_kinds.add(kind)  # of another Guard Dog process: its attempts are in the history

    @property
    def needs_history(self) -> bool:
        return any(kind not in self.retry_states for kind in self.account.token_kinds)

    def load_retry_states(self, entries_by_kind: Mapping[TokenKind, tuple[HistoryEntry, ...]]) -> None:
        """Derive the retry states from the latest attempts of these keys."""
        for kind, entries in entries_by_kind.items():
            retry_state = retries.retry_state_from_history(entries, self._errcode_catalog)
            self.retry_states[kind] = retries.after_restart(retry_state)
            self.foreign_write_times[kind] = foreign_writes.foreign_write_times(entries)
            superseded = (entry.at for entry in entries if entry.detail == policy.SUPERSEDED)
            self.superseded_at = max(self.superseded_at, *superseded, 0.0)
            self._check_provenance(kind, entries)

    def on_history_changed(self, kind: TokenKind, entries: tuple[HistoryEntry, ...]) -> None:
        """Take over the retry state of a key from attempts of another process.

        Failures that concern only the process that had them, such as an unavailable keyring, do not count.
        """
        retry_state = retries.retry_state_from_history(entries, self._errcode_catalog)
        last_entry = retry_state.last_entry
        if last_entry not in (None, self._retry_state(kind).last_entry) and not is_process_local(last_entry):
            self.retry_states[kind] = retry_state

    def _check_provenance(self, kind: TokenKind, entries: tuple[HistoryEntry, ...]) -> None:
        """Look a value without a copy up in the history, to learn whether Guard Dog has fetched it.

        If it has not, another program wrote the file while no Guard Dog was running: it stays unused until the
        request for the changed file has verified it.
        """
        record = self.unproven_records.pop(kind, None)
        origin = None if record is None else foreign_writes.find_origin(record, entries)
        if record is not None and origin is not None:
            self.records[kind] = foreign_writes.with_recorded_lifetime(record, origin)

    def usable_record(self, kind: TokenKind, now: float) -> TokenRecord | None:
        record = self.records.get(kind)
        return record if record is not None and record.remaining_s(now) > 0 else None

    def is_token_check_due(self, now: float, started_at: float) -> bool:
        """Return True if the token is a classic one, which another program may have ended, see `policy`."""
        record = self.usable_record(TOKEN, now)
        if self.account.endpoint is not Endpoint.CLASSIC or record is None:
            return False
        if self._retry_state(TOKEN).is_refused(record):
            return False
        seen_at = max(self.superseded_at, *self.foreign_write_times.get(TOKEN, ()), 0.0)
        return policy.is_token_check_due(record, seen_at, self.token_checked_at, started_at, now)

    def due_refresh(self, now: float) -> tuple[tuple[TokenKind, ...], RefreshMode]:
        """Return the keys that are due for an attempt now, and the mode of the attempt.

        A ticket of unknown age is fetched although its file says that it is fresh.
        """
        kinds = tuple(kind for kind, due_at in self._due_times(now).items() if due_at is not None and due_at <= now)
        valid_records = filter(None, (self.usable_record(kind, now) for kind in kinds))
        is_any_fresh = any(now < record.refresh_at for record in valid_records)
        return kinds, RefreshMode.ALWAYS if is_any_fresh else RefreshMode.IF_NEEDED

    def _due_times(self, now: float) -> dict[TokenKind, float | None]:
        """Return when each key is due for its next attempt (Unix seconds; None: not by itself).

        WeChat gives a ticket only for a valid access token: without one the tickets are left out, to be
        fetched together with the token, unless the token is due already.
        """
        is_follower = self.account.is_follower
        due_times = {
            kind: policy.due_at(kind, self.records.get(kind), self._retry_state(kind), now, is_follower=is_follower)
            for kind in self.account.token_kinds
        }
        token_due_at = due_times[TOKEN]
        must_wait = not is_follower and policy.ticket_waits_for_token(
            self.records.get(TOKEN), self._retry_state(TOKEN), now
        )
        if must_wait and (token_due_at is None or token_due_at > now):
            return {TOKEN: token_due_at}
        return due_times

    def _retry_state(self, kind: TokenKind) -> RetryState:
        return self.retry_states.get(kind, RetryState())

    def make_request(self, kinds: tuple[TokenKind, ...], trigger: Trigger, mode: RefreshMode) -> RefreshRequest:
        records = tuple((kind, record) for kind, record in self.records.items() if record is not None)
        gen_times = tuple((kind, record.generated_ms) for kind, record in records)
        is_clock_set_back = any(self._retry_state(kind).is_clock_set_back for kind in kinds)
        return RefreshRequest(
            self.account, kinds, trigger, mode, known_gen_times_ms=gen_times, in_memory_values=records,
            is_clock_set_back=is_clock_set_back,
        )  # fmt: skip

    def update_retry_states(self, update: Callable[[RetryState], RetryState], *kinds: TokenKind) -> None:
        """Apply a transition such as `retries.after_resume` to these keys, or to all."""
        for kind in kinds or tuple(self.retry_states):
            self.retry_states[kind] = update(self._retry_state(kind))

    def apply_result(self, result: RefreshResult, reading: AccountReading | None, now: float) -> None:
        """Take over the result of a request; `reading` is what was on disk after it."""
        kind, entry = result.kind, result.entry
        self.are_exports_outdated |= entry.is_success
        if kind is TOKEN and entry.result is AttemptResult.NEW:
            self._update_previous_token(entry, now)
        if kind is TOKEN and entry.detail == policy.SUPERSEDED:
            self.mark_superseded(entry)
        if entry.fingerprint:  # a failure brings no value; one that could not be written stays
            self.records[kind] = result.record
            if entry.result is not AttemptResult.NOT_WRITTEN:
                # if the file contains something else already, it has to be read again
                file = None if reading is None else reading.files.get(kind)
                is_current = file is not None and file.record == result.record
                self._file_stamps[kind] = file.stamp if file is not None and is_current else _UNREAD_STAMP
        if entry.result is not AttemptResult.LOCK_BUSY:
            self.changed_kinds.discard(kind)
        entries = {} if reading is None else reading.entries
        if result.foreign_entry is not None:
            self._apply_entry(kind, result.foreign_entry, entries, now)
        self._apply_entry(kind, entry, entries, now)

    def _apply_entry(
        self, kind: TokenKind, entry: HistoryEntry, past: Mapping[TokenKind, tuple[HistoryEntry, ...]], now: float
    ) -> None:
        if foreign_writes.is_of_other_program(entry):
            self._note_foreign_write(kind, entry, now)
        elif entry.result is AttemptResult.ADOPTED:
            # perhaps another Guard Dog has fetched it: then the history knows about attempts of its process
            self.load_retry_states(past)
            return
        elif entry.result is AttemptResult.STILL_FRESH:
            latest_entries = past.get(kind, ())[-1:]
            # another Guard Dog may have written the file
            if kind in past and latest_entries != (self._retry_state(kind).last_entry,):
                self.load_retry_states({kind: past[kind]})
        self._update_retry_state(kind, entry)
        if kind is TOKEN and entry.result is AttemptResult.NEW:
            for ticket in self.account.token_kinds[1:]:
                self.retry_states[ticket] = retries.after_new_token(self._retry_state(ticket), self._errcode_catalog)

    def record_crash(self, kind: TokenKind, trigger: Trigger, exception_name: str, now: float) -> None:
        """Let the retry policy count a mistake of the program as a failed attempt."""
        result = AttemptResult.INTERNAL_ERROR
        entry = HistoryEntry(now, self.account.appid, kind.value, trigger, result, detail=exception_name)
        self._update_retry_state(kind, entry)

    def _note_foreign_write(self, kind: TokenKind, entry: HistoryEntry, now: float) -> None:
        recent = (at for at in self.foreign_write_times.get(kind, ()) if at > now - DAY_S)
        self.foreign_write_times[kind] = (*recent, entry.at)

    def start_export_job(self) -> WriteExports | None:
        """Return a new export job if the exports are outdated and no job is running, else None."""
        has_exports = self.account.exports or self.export_statuses
        if not self.are_exports_outdated or self.export_job is not None or not has_exports:
            return None
        self.are_exports_outdated = False
        self.export_job = WriteExports(self.account)
        return self.export_job

    def finish_request(self, request: RefreshRequest, reading: AccountReading | None) -> RefreshRequest | None:
        self.running_request = None
        self._version += 1  # a reading that is on its way may have begun before the files were written
        if request.account != self.account:  # edited meanwhile: the values may be in another folder
            self._forget_files()
        elif reading is not None:
            self.sharing_status = reading.sharing
            self._apply_files(reading)
        queued, self.queued_request = self.queued_request, None
        return queued

    def _update_retry_state(self, kind: TokenKind, entry: HistoryEntry) -> None:
        jitter = jitter_for(entry)
        self.retry_states[kind] = retries.next_retry_state(
            self._retry_state(kind), entry, self._errcode_catalog, jitter
        )

    def _update_previous_token(self, entry: HistoryEntry, now: float) -> None:
        """Keep the replaced token while WeChat still accepts it; a refused one is not kept."""
        self.previous_token = None
        replaced = self.records.get(TOKEN)
        if replaced is not None and replaced.value != self._refused_token:
            valid_until = policy.old_token_valid_until(replaced, entry, now)
            if valid_until is not None:
                self.previous_token = PreviousToken(replaced.value, valid_until)

    def mark_refused(self, entry: HistoryEntry) -> None:
        """Treat the access token as dead; `entry` is the refusal, with the fingerprint of the token."""
        self.retry_states[TOKEN] = replace(self._retry_state(TOKEN), refused_fingerprint=entry.fingerprint)

    def mark_superseded(self, entry: HistoryEntry) -> None:
        record = self.records.get(TOKEN)
        self._refused_token = record.value if record is not None else ""
        self.superseded_entry = entry
        self.superseded_at = entry.at
        self.previous_token = None


_MODES_BY_STRENGTH = (
    RefreshMode.ADOPT_ONLY, RefreshMode.MIRROR, RefreshMode.IF_NEEDED, RefreshMode.ALWAYS, RefreshMode.FORCE,
)  # fmt: skip


def merge_requests(earlier: RefreshRequest, later: RefreshRequest) -> RefreshRequest:
    """Combine two requests: the keys of both, the stronger mode, and a user's trigger before a timer's."""
    by_user = (request for request in (later, earlier) if request.trigger in (Trigger.USER, Trigger.COPY))
    return replace(
        later,
        kinds=tuple(kind for kind in later.account.token_kinds if kind in (*earlier.kinds, *later.kinds)),
        mode=max(earlier.mode, later.mode, key=_MODES_BY_STRENGTH.index),
        trigger=next(by_user, later).trigger,
        is_clock_set_back=earlier.is_clock_set_back or later.is_clock_set_back,
    )


def log_entry(entry: HistoryEntry) -> None:
    """Log an attempt so that it can be matched with a server's log: with the fingerprint, not the value."""
    attempt = (entry.appid, entry.key, entry.trigger, entry.result)
    details = (entry.errcode, entry.rid, entry.detail, entry.fingerprint, entry.took_ms)
    log.info("%s %s %s: %s errcode=%s rid=%s %s %s (%d ms)", *attempt, *details)
