"""The current values of the accounts that Guard Dog knows, for Python programs."""

import os
import time
from functools import lru_cache
from threading import Thread
from typing import TYPE_CHECKING

from guarddog_gui.domain import policy
from guarddog_gui.domain.accounts import Account, find_account
from guarddog_gui.domain.errors import (
    BadInput,
    FileTrouble,
    KeyringShut,
    NoSuchAccount,
    NoSuchKey,
    RefreshDelayed,
    RefreshRefused,
)
from guarddog_gui.domain.history import Result
from guarddog_gui.domain.tokens import TokenKind, TokenRecord
from guarddog_gui.wiring import Stores, open_stores

if TYPE_CHECKING:
    from guarddog_gui.domain.history import Entry
    from guarddog_gui.services.sentences import Sentences

PAST_ENTRIES = 50  # of a key, that say how its attempts go
_unwritten: dict[tuple[str, TokenKind], TokenRecord] = {}  # what a disk did not take, by folder and key
REFUSED_S = 300.0  # what only a person can mend is asked for again after this long


def access_token(appid: str, *, min_ttl: int = 0) -> str:
    """The access token of the account with this appid or name; more than `min_ttl` seconds of life are left.

    A fresh one comes from disk: no network, no keyring. Otherwise WeChat is asked, under the lock and the
    rules that the tray and the command line go by: at most one of all programs asks, and after a failure
    nobody does before the time for it. A value that lives is given even if it should live longer and no
    other can be had.

    Raises NoSuchAccount, RefreshRefused where a person has to do something first, KeyringShut, RefreshDelayed
    where time will tell, FileTrouble for an account list that cannot be read; each says what to do. The
    value is to be asked for whenever it is needed, not to be kept.
    """
    return _value(appid, TokenKind.ACCESS_TOKEN, min_ttl)


def jsapi_ticket(appid: str, *, min_ttl: int = 0) -> str:
    """The jsapi_ticket, as `access_token` gives the token. Raises NoSuchKey for a mini program, too."""
    return _value(appid, TokenKind.JSAPI_TICKET, min_ttl)


def _value(appid: str, kind: TokenKind, min_ttl: int) -> str:
    stores = _stores(os.environ.get("GUARDDOG_HOME"), os.environ.get("GUARDDOG_API_BASE"))
    account = find_account(stores.accounts.accounts(), appid)
    if account is None and stores.accounts.is_damaged:
        raise FileTrouble(
            os.fspath(stores.places.accounts_file), "it is damaged, and what is left has no such account"
        )
    if account is None:
        raise NoSuchAccount(f"no account {appid!r} here; `guarddogctl accounts list` shows those there are")
    if kind not in account.kinds:
        raise NoSuchKey(f"{account.name} keeps no {kind}: it is a mini program, which has no tickets")
    record = stores.dogs.read(account, kind)
    if record is None or record.left(stores.clock()) <= min_ttl:
        record = _refreshed(stores, account, kind, record, min_ttl)
    return record.value


@lru_cache(maxsize=8)
def _stores(_home: str | None, _api_base: str | None) -> Stores:
    """Kept for as long as the environment says the same."""
    try:
        return open_stores(os.environ, time.time)
    except BadInput as bad:
        words = "cannot be WeChat's address: https://… it should be, or http://… on this computer"
        raise RefreshRefused(f"GUARDDOG_API_BASE, or what the preferences say, {words}") from bad


def _refreshed(
    stores: Stores, account: Account, kind: TokenKind, record: TokenRecord | None, min_ttl: int
) -> TokenRecord:
    from guarddog_gui.services.live_values import live_values

    place = (stores.dogs.directory(account), kind)
    kept = _unwritten.get(place)
    if kept is not None and kept.left(stores.clock()) > min_ttl:
        return kept
    try:
        held_by = _held_by(stores, account, kind)
        if held_by is not None:
            for living in (kept, record):
                if living is not None and living.left(stores.clock()) > 0:
                    return living
            raise _error(stores, held_by)
        live = live_values(
            account, (kind,), min_ttl,
            dogs=stores.dogs, clock=stores.clock, refresher=lambda: stores.engine().refresher,
        )  # fmt: skip
        if live.has_news:
            _hand_on(stores, account)
        if kind in live.records:
            if live.failed is not None and live.failed.entry.result is Result.NOT_WRITTEN:
                _unwritten[place] = live.records[kind]
            return live.records[kind]
        if live.failed is None:
            raise RefreshDelayed(f"the new {kind} died on its way; ask once more")
        raise _error(stores, live.failed.entry)
    finally:
        stores.history.close()  # a process that is forked later must not share the database


def _held_by(stores: Stores, account: Account, kind: TokenKind) -> "Entry | None":
    """The failure after which WeChat is not to be asked yet: of this key or, for a ticket, of the token."""
    now = stores.clock()
    for each in dict.fromkeys((TokenKind.ACCESS_TOKEN, kind)):
        past = stores.history.latest(account.appid, each, PAST_ENTRIES)
        standing = policy.standing_of(past, stores.catalogue)
        failure = standing.last_failure
        if failure is None:
            continue
        until = failure.at + REFUSED_S if standing.stopped else standing.not_before
        if failure.at <= now < until:
            return failure
    return None


def _error(stores: Stores, entry: "Entry") -> KeyringShut | RefreshRefused | RefreshDelayed:
    """The failure as an exception, in the words that the window has for it."""
    from guarddog_gui.cli.exits import Exit, exit_of_entry

    kinds = {
        Exit.KEYRING: KeyringShut,
        Exit.PERSON_MUST_ACT: RefreshRefused,
        Exit.FILE: RefreshRefused,
    }
    error = kinds.get(exit_of_entry(entry, stores.catalogue), RefreshDelayed)
    return error(_sentences(stores).entry(entry).text, entry.errcode)


def _sentences(stores: Stores) -> "Sentences":
    from guarddog_gui.cli.local_time import LocalTime
    from guarddog_gui.wiring import sentences_for

    language = stores.settings.load().language
    return sentences_for(os.environ, language, stores.catalogue, LocalTime(stores.clock))


def _hand_on(stores: Stores, account: Account) -> None:
    """To the account's outlets, in a thread that the program's end waits for: a command takes its time."""
    if account.outlets:
        Thread(target=stores.outlets().hand_on, args=(account,), name="guarddog outlets").start()
