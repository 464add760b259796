"""The current values of the accounts that Guard Dog knows, for Python programs."""

import math
import os
import time
from threading import Thread
from typing import TYPE_CHECKING

from guarddog_gui.bootstrap.container import Container, make_container
from guarddog_gui.domain.accounts.account import Account, effective_min_ttl, find_account
from guarddog_gui.domain.errors import (
    BadInput,
    FileError,
    KeyringUnavailable,
    NoSuchAccount,
    NoSuchKey,
    RefreshDelayed,
    RefreshRefused,
)
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord

if TYPE_CHECKING:
    from guarddog_gui.domain.refresh.history import HistoryEntry
    from guarddog_gui.services.messages.message import Messages

RETRY_AFTER_S = (
    10.0  # a keyring that did not answer, or a file that could not be written, is tried again after
)

FolderAndKind = tuple[str, TokenKind]  # folder and key
_containers: dict[tuple[str | None, str | None], Container] = {}
_inherited_containers: list[
    Container
] = []  # a fork's child keeps them and never touches them: their locks may be held
_unwritten_values: dict[FolderAndKind, TokenRecord] = {}  # what a disk did not take
_recent_failures: dict[
    FolderAndKind, "HistoryEntry"
] = {}  # the last one that says nothing about other programs
_confirmed_values: dict[FolderAndKind, TokenRecord] = {}  # values in whose place WeChat had no other


def access_token(appid: str, *, min_ttl: int = 0) -> str:
    """The access token of the account with this appid or name; more than `min_ttl` seconds of life are left.

    A fresh one comes from disk: no network, no keyring. Otherwise WeChat is asked, under the lock and the
    rules that the tray and the command line go by: at most one of all programs asks, and after a failure
    nobody does before the time for it: up to five minutes after a refusal that a person has to mend;
    `guarddogctl refresh` ends that wait. A value that lives is given even if it should live longer and no
    other can be had; on the classic endpoint no more than half of a life can be asked for.

    Raises NoSuchAccount, RefreshRefused where a person has to do something first, KeyringShut, RefreshDelayed
    where time will tell, FileTrouble for an account list that cannot be read; each says what to do. The
    value is to be asked for whenever it is needed, not to be kept.
    """
    return _get_value(appid, TokenKind.ACCESS_TOKEN, min_ttl)


def jsapi_ticket(appid: str, *, min_ttl: int = 0) -> str:
    """The jsapi_ticket, as `access_token` gives the token. Raises NoSuchKey for a mini program, too."""
    return _get_value(appid, TokenKind.JSAPI_TICKET, min_ttl)


def _get_value(appid: str, kind: TokenKind, min_ttl: int) -> str:
    stores = _get_container()
    accounts = stores.accounts.load()
    account = find_account(accounts, appid)
    if account is None and any(one.name == appid for one in accounts):
        raise NoSuchAccount(
            f"several accounts are called {appid!r}: say which one by its AppID; "
            "`guarddogctl accounts list` shows them"
        )
    if account is None and stores.accounts.is_damaged:
        raise FileError(
            os.fspath(stores.paths.accounts_file), "it is damaged, and what is left has no such account"
        )
    if account is None:
        raise NoSuchAccount(f"no account {appid!r} here; `guarddogctl accounts list` shows those there are")
    if kind not in account.token_kinds:
        raise NoSuchKey(f"{account.name} keeps no {kind}: it is a mini program, which has no tickets")
    if not 0 <= min_ttl < math.inf:
        raise ValueError(f"min_ttl has to be a number of seconds, not {min_ttl!r}")
    record = stores.dog_files.read(account, kind)
    if record is None or record.remaining_s(stores.clock()) <= effective_min_ttl(account, record, min_ttl):
        record = _get_refreshed(stores, account, kind, record, min_ttl)
    return record.value


def _get_container() -> Container:
    """Kept for as long as the environment says the same."""
    told = os.environ.get("GUARDDOG_HOME"), os.environ.get("GUARDDOG_API_BASE")
    if told not in _containers:
        _containers[told] = _make_container()
    return _containers[told]


def _after_fork_in_child() -> None:
    """The child has none of the threads, and locks of the stores may be held by one of them for ever."""
    _inherited_containers.extend(_containers.values())
    _containers.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork_in_child)


def _make_container() -> Container:
    try:
        return make_container(os.environ, time.time)
    except BadInput as bad:
        words = "cannot be WeChat's address: https://… it should be, or http://… on this computer"
        raise RefreshRefused(f"GUARDDOG_API_BASE, or what the preferences say, {words}") from bad


def _get_refreshed(
    container: Container, account: Account, kind: TokenKind, record: TokenRecord | None, min_ttl: int
) -> TokenRecord:
    place = (container.dog_files.directory(account), kind)
    now = container.clock()
    kept, last_word, failure = (
        _unwritten_values.get(place),
        _confirmed_values.get(place),
        _recent_failures.get(place),
    )
    if kept is not None and kept.remaining_s(now) > effective_min_ttl(account, kept, min_ttl):
        return kept
    if record is not None and record == last_word and record.remaining_s(now) > 0 and now < record.refresh_at:
        return record
    if failure is None or not 0 <= now - failure.at < RETRY_AFTER_S:
        min_left = min_ttl if record is None else effective_min_ttl(account, record, min_ttl)
        record, failure = _refresh_and_remember(container, account, kind, record, min_left)
        kept = _unwritten_values.get(place)
    alive = [
        value for value in (kept, record) if value is not None and value.remaining_s(container.clock()) > 0
    ]
    if alive:
        return max(alive, key=lambda value: value.generated_ms)
    if failure is None:
        raise RefreshDelayed(f"the new {kind} died on its way; ask once more")
    raise _make_error(container, failure)


def _refresh_and_remember(
    container: Container, account: Account, kind: TokenKind, previous: TokenRecord | None, min_left: float
) -> "tuple[TokenRecord | None, HistoryEntry | None]":
    """The best value that an order has brought, and what went wrong; both are remembered."""
    from guarddog_gui.services.fresh_values import get_fresh_values
    from guarddog_gui.services.retry_cooldown import is_process_local

    folder = container.dog_files.directory(account)
    held = tuple((of, record) for (place, of), record in _unwritten_values.items() if place == folder)
    try:
        live = get_fresh_values(
            account, (kind,), min_left,
            dog_files=container.dog_files, clock=container.clock,
            make_refresher=lambda: container.make_worker_context().refresher,
            respect_failures_since=container.accounts.changed_at(), in_memory_values=held,
        )  # fmt: skip
    finally:
        container.history.close()  # a process that is forked later must not share the database
    if live.has_refreshed:
        _export_in_background(container, account)
    place, record = (folder, kind), live.records.get(kind)
    for of, value in live.unwritten:
        _unwritten_values[folder, of] = value
    if live.failure is None:
        if record is not None and record.remaining_s(container.clock()) <= min_left:
            _confirmed_values[place] = record
        return record or previous, None
    failure = live.failure.entry
    if is_process_local(failure):
        _recent_failures[place] = failure
    return record or previous, failure


def _make_error(
    container: Container, entry: "HistoryEntry"
) -> KeyringUnavailable | RefreshRefused | RefreshDelayed:
    """The failure as an exception, in the words that the window has for it."""
    from guarddog_gui.services.exit_codes import ExitCode, exit_code_for_entry

    kinds = {
        ExitCode.KEYRING_ERROR: KeyringUnavailable,
        ExitCode.USER_ACTION_REQUIRED: RefreshRefused,
        ExitCode.FILE_ERROR: RefreshRefused,
    }
    error = kinds.get(exit_code_for_entry(entry, container.errcode_catalog), RefreshDelayed)
    return error(_make_messages(container).for_entry(entry).text, entry.errcode)


def _make_messages(container: Container) -> "Messages":
    from guarddog_gui.bootstrap.container import make_messages
    from guarddog_gui.services.messages.local_time import ShortTimeFormat

    language = container.settings.load().language
    return make_messages(os.environ, language, container.errcode_catalog, ShortTimeFormat(container.clock))


def _export_in_background(container: Container, account: Account) -> None:
    """To the account's outlets, in a thread that the program's end waits for: a command takes its time."""
    if account.exports:
        Thread(target=container.make_exporter().export, args=(account,), name="guarddog outlets").start()
