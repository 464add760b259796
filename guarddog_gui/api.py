"""The current values of the accounts that Guard Dog knows, for Python programs."""

import math
import os
import time
from threading import Thread
from typing import TYPE_CHECKING

from guarddog_gui.bootstrap.container import Stores, open_stores
from guarddog_gui.domain.accounts.account import Account, find_account, wished_left
from guarddog_gui.domain.errors import (
    BadInput,
    FileTrouble,
    KeyringShut,
    NoSuchAccount,
    NoSuchKey,
    RefreshDelayed,
    RefreshRefused,
)
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord

if TYPE_CHECKING:
    from guarddog_gui.domain.refresh.history import Entry
    from guarddog_gui.services.messages.message import Sentences

MENDED_S = 10.0  # a keyring that did not answer, or a file that could not be written, is tried again after

Place = tuple[str, TokenKind]  # folder and key
_open: dict[tuple[str | None, str | None], Stores] = {}
_inherited: list[Stores] = []  # a fork's child keeps them and never touches them: their locks may be held
_unwritten: dict[Place, TokenRecord] = {}  # what a disk did not take
_failures: dict[Place, "Entry"] = {}  # the last one that says nothing about other programs
_last_words: dict[Place, TokenRecord] = {}  # values in whose place WeChat had no other


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
    return _value(appid, TokenKind.ACCESS_TOKEN, min_ttl)


def jsapi_ticket(appid: str, *, min_ttl: int = 0) -> str:
    """The jsapi_ticket, as `access_token` gives the token. Raises NoSuchKey for a mini program, too."""
    return _value(appid, TokenKind.JSAPI_TICKET, min_ttl)


def _value(appid: str, kind: TokenKind, min_ttl: int) -> str:
    stores = _stores()
    accounts = stores.accounts.accounts()
    account = find_account(accounts, appid)
    if account is None and any(one.name == appid for one in accounts):
        raise NoSuchAccount(
            f"several accounts are called {appid!r}: say which one by its AppID; "
            "`guarddogctl accounts list` shows them"
        )
    if account is None and stores.accounts.is_damaged:
        raise FileTrouble(
            os.fspath(stores.places.accounts_file), "it is damaged, and what is left has no such account"
        )
    if account is None:
        raise NoSuchAccount(f"no account {appid!r} here; `guarddogctl accounts list` shows those there are")
    if kind not in account.kinds:
        raise NoSuchKey(f"{account.name} keeps no {kind}: it is a mini program, which has no tickets")
    if not 0 <= min_ttl < math.inf:
        raise ValueError(f"min_ttl has to be a number of seconds, not {min_ttl!r}")
    record = stores.dogs.read(account, kind)
    if record is None or record.left(stores.clock()) <= wished_left(account, record, min_ttl):
        record = _refreshed(stores, account, kind, record, min_ttl)
    return record.value


def _stores() -> Stores:
    """Kept for as long as the environment says the same."""
    told = os.environ.get("GUARDDOG_HOME"), os.environ.get("GUARDDOG_API_BASE")
    if told not in _open:
        _open[told] = _opened()
    return _open[told]


def _was_forked() -> None:
    """The child has none of the threads, and locks of the stores may be held by one of them for ever."""
    _inherited.extend(_open.values())
    _open.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_was_forked)


def _opened() -> Stores:
    try:
        return open_stores(os.environ, time.time)
    except BadInput as bad:
        words = "cannot be WeChat's address: https://… it should be, or http://… on this computer"
        raise RefreshRefused(f"GUARDDOG_API_BASE, or what the preferences say, {words}") from bad


def _refreshed(
    stores: Stores, account: Account, kind: TokenKind, record: TokenRecord | None, min_ttl: int
) -> TokenRecord:
    place = (stores.dogs.directory(account), kind)
    now = stores.clock()
    kept, last_word, failure = _unwritten.get(place), _last_words.get(place), _failures.get(place)
    if kept is not None and kept.left(now) > wished_left(account, kept, min_ttl):
        return kept
    if record is not None and record == last_word and record.left(now) > 0 and now < record.refresh_at:
        return record
    if failure is None or not 0 <= now - failure.at < MENDED_S:
        min_left = min_ttl if record is None else wished_left(account, record, min_ttl)
        record, failure = _asked(stores, account, kind, record, min_left)
        kept = _unwritten.get(place)
    alive = [value for value in (kept, record) if value is not None and value.left(stores.clock()) > 0]
    if alive:
        return max(alive, key=lambda value: value.generated_ms)
    if failure is None:
        raise RefreshDelayed(f"the new {kind} died on its way; ask once more")
    raise _error(stores, failure)


def _asked(
    stores: Stores, account: Account, kind: TokenKind, before: TokenRecord | None, min_left: float
) -> "tuple[TokenRecord | None, Entry | None]":
    """The best value that an order has brought, and what went wrong; both are remembered."""
    from guarddog_gui.services.fresh_values import live_values
    from guarddog_gui.services.retry_cooldown import is_of_one_process

    folder = stores.dogs.directory(account)
    held = tuple((of, record) for (place, of), record in _unwritten.items() if place == folder)
    try:
        live = live_values(
            account, (kind,), min_left,
            dogs=stores.dogs, clock=stores.clock, refresher=lambda: stores.engine().refresher,
            patient=stores.accounts.changed_at(), held=held,
        )  # fmt: skip
    finally:
        stores.history.close()  # a process that is forked later must not share the database
    if live.has_news:
        _hand_on(stores, account)
    place, record = (folder, kind), live.records.get(kind)
    for of, value in live.unwritten:
        _unwritten[folder, of] = value
    if live.failed is None:
        if record is not None and record.left(stores.clock()) <= min_left:
            _last_words[place] = record
        return record or before, None
    failure = live.failed.entry
    if is_of_one_process(failure):
        _failures[place] = failure
    return record or before, failure


def _error(stores: Stores, entry: "Entry") -> KeyringShut | RefreshRefused | RefreshDelayed:
    """The failure as an exception, in the words that the window has for it."""
    from guarddog_gui.services.exit_codes import Exit, exit_of_entry

    kinds = {
        Exit.KEYRING: KeyringShut,
        Exit.PERSON_MUST_ACT: RefreshRefused,
        Exit.FILE: RefreshRefused,
    }
    error = kinds.get(exit_of_entry(entry, stores.catalogue), RefreshDelayed)
    return error(_sentences(stores).entry(entry).text, entry.errcode)


def _sentences(stores: Stores) -> "Sentences":
    from guarddog_gui.bootstrap.container import sentences_for
    from guarddog_gui.services.messages.local_time import LocalTime

    language = stores.settings.load().language
    return sentences_for(os.environ, language, stores.catalogue, LocalTime(stores.clock))


def _hand_on(stores: Stores, account: Account) -> None:
    """To the account's outlets, in a thread that the program's end waits for: a command takes its time."""
    if account.outlets:
        Thread(target=stores.outlets().hand_on, args=(account,), name="guarddog outlets").start()
