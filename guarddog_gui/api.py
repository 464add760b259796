"""Python API: the current access token and jsapi_ticket of the accounts in Guard Dog.

    import guarddog_gui

    token = guarddog_gui.access_token("wx1234567890abcdef")           # by AppID …
    ticket = guarddog_gui.jsapi_ticket("Shop", min_ttl=60)            # … or by name

Accounts are added in the window or with `guarddogctl accounts add`. Call these functions whenever a value is
needed and do not store the result: a call with a fresh value on disk reads one small file.

This module remembers, per process, only what the shared files cannot tell: values that could not be written
to disk, failures that concern this process alone, and values whose life WeChat does not extend at present.
"""

import math
import os
import time
from threading import Thread
from typing import TYPE_CHECKING

from guarddog_gui.bootstrap.container import Container, make_container
from guarddog_gui.domain import errors
from guarddog_gui.domain.accounts.account import Account, effective_min_ttl, find_account
from guarddog_gui.domain.errors import KeyringUnavailable, NoSuchAccount, RefreshDelayed, RefreshRefused
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord

if TYPE_CHECKING:
    from guarddog_gui.domain.refresh.history import HistoryEntry

RETRY_AFTER_S = 10.0  # pause after a failure of this process alone: its keyring, or writing a file

FolderAndKind = tuple[str, TokenKind]
_containers: dict[tuple[str | None, str | None], Container] = {}
# Containers of the parent process, after a fork. Kept so that nothing closes them: a thread of the parent
# may have held their locks, which are never released in the child.
_inherited_containers: list[Container] = []
_unwritten_values: dict[FolderAndKind, TokenRecord] = {}
_recent_failures: dict[FolderAndKind, "HistoryEntry"] = {}  # process-local ones, see `is_process_local`
_confirmed_values: dict[FolderAndKind, TokenRecord] = {}  # WeChat has nothing newer than these


def access_token(appid: str, *, min_ttl: int = 0) -> str:
    """Return the valid access token of an account.

    A token with more than `min_ttl` seconds left comes from disk, without network or keyring. Otherwise it
    is refreshed, by the same rules as in the tray app and on the command line: only one of all programs asks
    WeChat at a time, and after a failure none of them asks before a pause. That pause is up to five minutes
    if the user has to resolve the failure; `guarddogctl refresh` ends it at once.

    If no token with a longer life is available, a valid one with a shorter life is returned.

    Args:
        appid: AppID or name of the account.
        min_ttl: seconds of life that the token must have left. On the classic endpoint it is limited to half
            the token's life, since every refresh invalidates the token that other programs use.

    Raises:
        NoSuchAccount: there is no such account, or several with this name.
        RefreshRefused: the user has to do something first, for example add this IP address to WeChat's list.
        KeyringUnavailable: the keyring is locked or does not answer.
        RefreshDelayed: a later call may succeed (network, quota, another program).
        FileError: the account list cannot be read.
        ValueError: `min_ttl` is negative, infinite or not a number.

    The message of each error tells what to do; `errcode` is WeChat's number if it refused.
    """
    return _get_value(appid, TokenKind.ACCESS_TOKEN, min_ttl)


def jsapi_ticket(appid: str, *, min_ttl: int = 0) -> str:
    """Return the valid jsapi_ticket of an account. See `access_token`.

    Raises:
        NoSuchKey: the account is a mini program, which has no tickets. Also all errors of `access_token`.
    """
    return _get_value(appid, TokenKind.JSAPI_TICKET, min_ttl)


def _get_value(appid: str, kind: TokenKind, min_ttl: int) -> str:
    container = _get_container()
    accounts = container.accounts.load()
    account = find_account(accounts, appid)
    if account is None and any(other.name == appid for other in accounts):
        advice = "say which one by its AppID; `guarddogctl accounts list` shows them"
        raise NoSuchAccount(f"several accounts are called {appid!r}: {advice}")
    if account is None and container.accounts.is_damaged:
        problem = "it is damaged, and what is left has no such account"
        raise errors.FileError(os.fspath(container.paths.accounts_file), problem)
    if account is None:
        raise NoSuchAccount(f"no account {appid!r} here; `guarddogctl accounts list` shows those there are")
    if kind not in account.token_kinds:
        raise errors.NoSuchKey(f"{account.name} keeps no {kind}: it is a mini program, which has no tickets")
    if not 0 <= min_ttl < math.inf:
        raise ValueError(f"min_ttl has to be a number of seconds, not {min_ttl!r}")
    record = container.own_values.read(account, kind)
    from guarddog_gui.services.provenance.own_values import is_token_check_due

    now = container.clock()
    checks_token = kind is TokenKind.ACCESS_TOKEN and is_token_check_due(container.own_values, account, now)
    if record is None or checks_token or record.remaining_s(now) <= effective_min_ttl(account, kind, record, min_ttl):
        record = _get_refreshed(container, account, kind, record, min_ttl, checks_token=checks_token)
    return record.value


def _get_container() -> Container:
    """Return the container for the current environment variables, which a program may change."""
    environment = os.environ.get("GUARDDOG_HOME"), os.environ.get("GUARDDOG_API_BASE")
    if environment not in _containers:
        try:
            _containers[environment] = make_container(os.environ, time.time)
        except errors.BadInput as error:
            problem = "cannot be WeChat's address: it has to be https://…, or http://… on this computer"
            raise RefreshRefused(f"GUARDDOG_API_BASE, or what the preferences say, {problem}") from error
    return _containers[environment]


def _after_fork_in_child() -> None:
    _inherited_containers.extend(_containers.values())
    _containers.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork_in_child)


def _get_refreshed(
    container: Container,
    account: Account,
    kind: TokenKind,
    record: TokenRecord | None,
    min_ttl: int,
    *,
    checks_token: bool,
) -> TokenRecord:
    """Return a valid record, if necessary after a check or a refresh; `record` is the one on disk."""
    key = (container.dog_files.directory(account), kind)
    now = container.clock()
    unwritten, failure = _unwritten_values.get(key), _recent_failures.get(key)
    if unwritten is not None and unwritten.remaining_s(now) > effective_min_ttl(account, kind, unwritten, min_ttl):
        return unwritten
    is_confirmed = record is not None and record == _confirmed_values.get(key)
    if record is not None and is_confirmed and not checks_token and record.is_fresh(now):
        return record
    if failure is None or not 0 <= now - failure.at < RETRY_AFTER_S:
        ttl = min_ttl if record is None else effective_min_ttl(account, kind, record, min_ttl)
        record, failure = _refresh_and_remember(container, account, kind, ttl)
        unwritten = _unwritten_values.get(key)
    now = container.clock()
    valid = [value for value in (unwritten, record) if value is not None and value.remaining_s(now) > 0]
    if valid:
        return max(valid, key=lambda value: value.generated_ms)
    if failure is None:
        raise RefreshDelayed(f"the new {kind} died on its way; ask once more")
    raise _make_error(container, account, failure)


def _refresh_and_remember(
    container: Container, account: Account, kind: TokenKind, min_ttl: float
) -> "tuple[TokenRecord | None, HistoryEntry | None]":
    """Refresh a key and return the newest record and the failure, if any; remember both as needed."""
    from guarddog_gui.services.calls.retry_cooldown import is_process_local
    from guarddog_gui.services.fresh_values import get_fresh_values

    folder = container.dog_files.directory(account)
    unwritten = tuple((other, record) for (path, other), record in _unwritten_values.items() if path == folder)
    try:
        fresh = get_fresh_values(
            account, (kind,), min_ttl,
            dog_files=container.own_values, clock=container.clock,
            make_refresher=container.make_refresher,
            respect_failures_since=container.accounts.changed_at(), in_memory_values=unwritten,
        )  # fmt: skip
    finally:
        container.history.close()  # SQLite connections must not be shared with a child forked later
    if fresh.has_refreshed:
        _export_in_background(container, account)
    record = fresh.records.get(kind)
    _unwritten_values.update({(folder, other): value for other, value in fresh.unwritten})
    if fresh.failure is None:
        if record is not None and record.remaining_s(container.clock()) <= min_ttl:
            _confirmed_values[folder, kind] = record
        return record, None
    failure = fresh.failure.entry
    if is_process_local(failure):
        _recent_failures[folder, kind] = failure
    return record, failure


def _make_error(
    container: Container, account: Account, entry: "HistoryEntry"
) -> KeyringUnavailable | RefreshRefused | RefreshDelayed:
    from guarddog_gui.bootstrap.catalogues import make_messages
    from guarddog_gui.services.exit_codes import ExitCode, exit_code_for_entry
    from guarddog_gui.services.messages.texts import ShortTimeFormat

    language, catalog = container.settings.load().language, container.errcode_catalog
    messages = make_messages(os.environ, language, catalog, ShortTimeFormat(container.clock))
    text = messages.for_entry(entry, platform=account.platform).text
    match exit_code_for_entry(entry, catalog):
        case ExitCode.KEYRING_ERROR:
            return KeyringUnavailable(text, entry.errcode)
        case ExitCode.USER_ACTION_REQUIRED | ExitCode.FILE_ERROR:
            return RefreshRefused(text, entry.errcode)
        case _:
            return RefreshDelayed(text, entry.errcode)


def _export_in_background(container: Container, account: Account) -> None:
    """Export in a thread, since commands may be slow. It is no daemon: the program's end waits for it."""
    if account.exports:
        Thread(target=container.make_exporter().export, args=(account,), name="guarddog-exports").start()
