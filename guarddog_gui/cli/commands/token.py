"""`token` and `refresh`: a value for another program, and one attempt on a person's wish."""

import json

from guarddog_gui.cli.command_error import Stop
from guarddog_gui.cli.context import Desk
from guarddog_gui.cli.formats import VARIABLES, Form, assignment
from guarddog_gui.cli.fresh_values import hand_on, living, say_what_is_short
from guarddog_gui.cli.select_account import chosen
from guarddog_gui.domain.accounts.account import Account, Platform
from guarddog_gui.domain.refresh import policy
from guarddog_gui.domain.refresh.history import Result, Trigger
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord, fingerprint
from guarddog_gui.domain.wechat.errcodes import beijing_day_start
from guarddog_gui.services.exit_codes import Exit, exit_of_entry
from guarddog_gui.services.messages.exports import standing
from guarddog_gui.services.messages.local_time import iso
from guarddog_gui.services.messages.message import Sentence
from guarddog_gui.services.messages.signing import card_ticket_off
from guarddog_gui.services.refresh import Eagerness, Order


def token(desk: Desk, wanted: str | None, kind: TokenKind, min_ttl: int, form: Form | None) -> Exit:
    """Print the value, refreshed if less than `min_ttl` seconds are left. `form` None means JSON.

    A value that works is always printed. Where the refresh that it should have had did not come to pass,
    words say so; only a value that the disk did not take ends with the code for that.
    """
    account = chosen(desk, wanted)
    _must_have(desk, account, kind)
    live = living(desk, account, (kind,), min_ttl)
    _put_value(desk, account, kind, live.records[kind], form)
    say_what_is_short(desk, account, live, min_ttl)
    hand_on(desk, account, live)
    unwritten = live.failed is not None and live.failed.entry.result is Result.NOT_WRITTEN
    return Exit.FILE if unwritten else Exit.DONE


def _must_have(desk: Desk, account: Account, kind: TokenKind) -> None:
    if kind in account.kinds:
        return
    say, key = desk.sentences.say, desk.sentences.key(kind)
    if account.platform is Platform.MINI_PROGRAM:
        what = say("no-such-key", name=account.name, key=key)
        raise Stop(Exit.NO_SUCH, Sentence(what, say("no-such-key-todo")))
    raise Stop(Exit.NO_SUCH, card_ticket_off(account, desk.sentences))


def _put_value(desk: Desk, account: Account, kind: TokenKind, record: TokenRecord, form: Form | None) -> None:
    if form is not None:
        desk.terminal.put(assignment(form, VARIABLES[kind], record.value))
        return
    fields = {
        "appid": account.appid,
        "name": account.name,
        "key": kind.value,
        "value": record.value,
        "expires_at": int(record.expires_at),
        "expires_at_iso": iso(record.expires_at),
        "seconds_left": int(record.left(desk.stores.clock())),
        "fingerprint": fingerprint(record.value),
    }
    desk.terminal.put(json.dumps(fields, ensure_ascii=False, indent=2))


def refresh(desk: Desk, wanted: str | None, kind: TokenKind | None, *, force: bool, yes: bool) -> Exit:
    """Ask WeChat now, once, for one key or all; `force` makes a new token, after a yes."""
    account = chosen(desk, wanted)
    if kind is not None:
        _must_have(desk, account, kind)
    kinds = account.kinds if kind is None else (kind,)
    eagerness = Eagerness.ASK
    if force:
        if kind is not None and kind is not TokenKind.ACCESS_TOKEN:
            raise Stop(Exit.WRONG_USAGE, desk.sentences.ticket_not_forced(kind))
        _ask_whether_to_force(desk, account, yes=yes)
        kinds, eagerness = (TokenKind.ACCESS_TOKEN,), Eagerness.FORCE
    outcomes = desk.stores.engine().refresher.refresh(Order(account, kinds, Trigger.PERSON, eagerness))
    for outcome in outcomes:
        line = f"{account.name} {outcome.kind}: {desk.sentences.outcome(outcome).text}"
        if outcome.is_good:
            desk.terminal.put(line)
        else:
            desk.terminal.say(line)
    for report in desk.stores.outlets().reports(account):
        if report.trouble is not None:
            desk.terminal.say(standing(report, desk.sentences))
    codes = [exit_of_entry(outcome.entry, desk.stores.catalogue) for outcome in outcomes]
    return next((code for code in codes if code is not Exit.DONE), Exit.DONE)


def _ask_whether_to_force(desk: Desk, account: Account, *, yes: bool) -> None:
    now = desk.stores.clock()
    may = policy.may_force(desk.stores.history.count_calls(account.appid, beijing_day_start(now)), now)
    if not may.allowed:
        raise Stop(Exit.TRY_LATER, desk.sentences.force_refused(may))
    desk.terminal.say(desk.sentences.force_costs(account, may))
    if yes:
        return
    say = desk.sentences.say
    if desk.terminal.ask(say("force-ask")).lower() not in ("y", "yes"):
        raise Stop(Exit.WRONG_USAGE, Sentence(say("force-not-asked"), say("force-not-asked-todo")))
