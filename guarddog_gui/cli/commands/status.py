"""`status`: one line per token, from the disk alone."""

import json
from dataclasses import dataclass, replace

from guarddog_gui.bootstrap.container import Stores
from guarddog_gui.cli.context import Desk
from guarddog_gui.cli.select_account import none_found
from guarddog_gui.cli.watch_table import NONE, SHAPES
from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.exports.targets import outlet_fields
from guarddog_gui.domain.refresh import policy
from guarddog_gui.domain.refresh.history import Entry
from guarddog_gui.domain.refresh.status import KeyStatus, account_status
from guarddog_gui.domain.tokens.expiry import countdown
from guarddog_gui.domain.tokens.record import fingerprint
from guarddog_gui.services.exit_codes import Exit
from guarddog_gui.services.messages.exports import standing
from guarddog_gui.services.messages.local_time import iso
from guarddog_gui.services.messages.message import Sentence

PAST = 50  # entries of a key that its standing is told from


@dataclass(frozen=True, slots=True)
class Line:
    """One token; `failure` is its last attempt if that failed, also where a fresh value hides it."""

    account: Account
    key: KeyStatus
    failure: Entry | None


def status(desk: Desk, *, as_json: bool) -> Exit:
    """Neither keyring nor network is touched."""
    now = desk.stores.clock()
    accounts = desk.stores.accounts.accounts()
    lines = [line for account in accounts for line in _lines(desk.stores, account, now)]
    if as_json:
        outlets = {account.appid: _outlet_fields(desk, account) for account in accounts}
        fields = [_fields(desk, line, now) | {"outlets": outlets[line.account.appid]} for line in lines]
        desk.terminal.put(json.dumps(fields, ensure_ascii=False, indent=2))
        return Exit.DONE
    if not lines:
        desk.terminal.say(none_found(desk))
    desk.terminal.put_table([_row(desk, line, now) for line in lines])
    for todo in dict.fromkeys(_todo(desk, line.key) for line in lines):
        if todo:
            desk.terminal.say(todo)
    for account in accounts:
        _say_failed_outlets(desk, account)
    return Exit.DONE


def _lines(stores: Stores, account: Account, now: float) -> list[Line]:
    records = {kind: stores.dogs.read(account, kind) for kind in account.kinds}
    standings = {
        kind: policy.standing_of(stores.history.latest(account.appid, kind, PAST), stores.catalogue)
        for kind in account.kinds
    }
    shown = account_status(account, records, standings, now)
    return [Line(account, key, key.trouble or standings[key.kind].last_failure) for key in shown.keys]


def _fields(desk: Desk, line: Line, now: float) -> dict[str, object]:
    record, failure, next_at = line.key.record, line.failure, line.key.next_at
    return {
        "appid": line.account.appid,
        "name": line.account.name,
        "key": line.key.kind.value,
        "state": line.key.state.value,
        "expires_at": int(record.expires_at) if record else None,
        "expires_at_iso": iso(record.expires_at) if record else None,
        "seconds_left": int(record.left(now)) if record else 0,
        "generated_at": int(record.generated_at) if record else None,
        "next_refresh_at": int(next_at) if next_at is not None else None,
        "last_errcode": failure.errcode if failure else None,
        "last_error": desk.sentences.entry(failure).what if failure else None,
        "fingerprint": fingerprint(record.value) if record else None,
        "dog_file": str(desk.stores.dogs.path(line.account, line.key.kind)),
    }


def _outlet_fields(desk: Desk, account: Account) -> list[dict[str, object]]:
    return [
        {
            **outlet_fields(report.outlet),
            "written_at": None if report.written_at is None else int(report.written_at),
            "written_at_iso": None if report.written_at is None else iso(report.written_at),
            "error": None if report.trouble is None else standing(report, desk.sentences).what,
        }
        for report in desk.stores.outlets().reports(account)
    ]


def _say_failed_outlets(desk: Desk, account: Account) -> None:
    for report in desk.stores.outlets().reports(account):
        if report.trouble is not None:
            said = standing(report, desk.sentences)
            desk.terminal.say(replace(said, what=f"{account.name}: {said.what}"))


def _row(desk: Desk, line: Line, now: float) -> tuple[str, ...]:
    sentences, key = desk.sentences, line.key
    record = key.usable(now)
    left, value = NONE, NONE
    if record is not None:
        left, value = countdown(record.left(now)), fingerprint(record.value)
    said = sentences.entry(key.trouble) if key.trouble is not None else Sentence("")
    trouble = f"{said.what} ({said.code})" if said.code else said.what
    state = f"{SHAPES[key.state]} {sentences.key_state(key, now)}"
    return (line.account.name, key.kind.value, state, left, value, trouble)


def _todo(desk: Desk, key: KeyStatus) -> str:
    return desk.sentences.entry(key.trouble, next_at=key.next_at).todo if key.trouble is not None else ""
