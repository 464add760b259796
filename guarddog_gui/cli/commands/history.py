"""`history`: what was tried, newest first."""

import json
from collections.abc import Iterator

from guarddog_gui.bootstrap.container import Stores
from guarddog_gui.cli.context import Desk
from guarddog_gui.cli.select_account import chosen
from guarddog_gui.domain.accounts.account import find_account
from guarddog_gui.domain.refresh.history import Entry, HistoryFilter
from guarddog_gui.services.exit_codes import Exit
from guarddog_gui.services.messages.local_time import iso, stamp
from guarddog_gui.services.messages.message import Sentences

_PAGE = 500


def history(
    desk: Desk, wanted: str | None, *, errors: bool, since: float | None, limit: int, as_json: bool
) -> Exit:
    """At most `limit` attempts of one account or of all, since a moment (Unix seconds) if one is given."""
    appid = None if wanted is None else _appid(desk, wanted)
    chosen_ones = HistoryFilter(appid=appid, only_failures=errors, since=since)
    entries = list(_entries(desk.stores, chosen_ones, limit))
    if as_json:
        lines = [_fields(entry) for entry in entries]
        desk.terminal.put(json.dumps(lines, ensure_ascii=False, indent=2))
    else:
        names = {account.appid: account.name for account in desk.stores.accounts.accounts()}
        desk.terminal.put_table(
            [_row(desk.sentences, entry, names.get(entry.appid, entry.appid)) for entry in entries]
        )
    if desk.stores.history.trouble is not None:
        return Exit.FILE  # the end of every command says what it is
    if not entries and not as_json:
        desk.terminal.say(desk.sentences.say("no-history"))
    return Exit.DONE


def _appid(desk: Desk, wanted: str) -> str:
    """An account's, or that of a removed one that has a past. Stops when it is neither."""
    is_known = find_account(desk.stores.accounts.accounts(), wanted) is not None
    if not is_known and desk.stores.history.count(HistoryFilter(appid=wanted)) > 0:
        return wanted
    return chosen(desk, wanted).appid


def _entries(stores: Stores, wanted: HistoryFilter, limit: int) -> Iterator[Entry]:
    before: int | None = None
    while limit > 0:
        rows = stores.history.page(wanted, before, min(limit, _PAGE))
        for row in rows:
            yield row.entry
        if len(rows) < min(limit, _PAGE):
            return
        limit -= len(rows)
        before = rows[-1].id


def _row(sentences: Sentences, entry: Entry, name: str) -> tuple[str, ...]:
    said = "" if entry.is_good else sentences.entry(entry).what
    code = "" if entry.errcode is None else str(entry.errcode)
    return (
        stamp(entry.at),
        name,
        entry.key,
        sentences.trigger(entry.trigger),
        sentences.result(entry.result),
        code,
        f"{entry.took_ms} ms",
        said or entry.fingerprint,
    )


def _fields(entry: Entry) -> dict[str, str | int | float | None]:
    return {
        "at": entry.at,
        "at_iso": iso(entry.at),
        "appid": entry.appid,
        "key": entry.key,
        "trigger": entry.trigger.value,
        "result": entry.result.value,
        "forced": entry.forced,
        "calls": entry.calls,
        "errcode": entry.errcode,
        "errmsg": entry.errmsg,
        "rid": entry.rid,
        "ip": entry.ip,
        "took_ms": entry.took_ms,
        "fingerprint": entry.fingerprint,
        "detail": entry.detail,
        "endpoint": entry.endpoint,
    }
