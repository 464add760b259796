"""Values that live, or words about why there are none: for `token` and `exec`."""

from guarddog_gui.cli.command_error import Stop
from guarddog_gui.cli.context import Desk
from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.refresh.history import Trigger
from guarddog_gui.domain.tokens.expiry import countdown
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.domain.wechat.errcodes import ErrKind
from guarddog_gui.services.exit_codes import Exit, exit_of_entry
from guarddog_gui.services.fresh_values import LiveValues, live_values
from guarddog_gui.services.refresh import Eagerness, Order, Outcome


def living(
    desk: Desk, account: Account, kinds: tuple[TokenKind, ...], min_ttl: int, *, needs_all: bool = True
) -> LiveValues:
    """A live value for each of these keys. Stops with what is in the way.

    Without `needs_all` it goes on without tickets to which the account has no right, as many have none.
    """
    stores, began = desk.stores, desk.stores.clock()
    live = live_values(
        account, kinds, min_ttl,
        dogs=stores.dogs, clock=stores.clock, refresher=lambda: stores.engine().refresher,
        patient=stores.accounts.changed_at(),
    )  # fmt: skip
    if all(kind in live.records for kind in kinds):
        return live
    if live.failed is None:
        raise Stop(Exit.OUR_BUG, desk.sentences.crash())  # every key without a value has a failure
    entry = live.failed.entry
    has_no_right = stores.catalogue.kind(entry.errcode or 0, entry.endpoint) is ErrKind.PERMISSION
    if not needs_all and has_no_right and TokenKind.ACCESS_TOKEN in live.records:
        return live
    raise failed(desk, live.failed, began)


def failed(desk: Desk, outcome: Outcome, began: float) -> Stop:
    """The stop after a failure; one from before `began` (Unix seconds) is why WeChat was not asked now."""
    lines = (desk.sentences.say("asked-lately"),) if outcome.entry.at < began else ()
    return Stop(exit_of_entry(outcome.entry, desk.stores.catalogue), desk.sentences.outcome(outcome), lines)


def hand_on(desk: Desk, account: Account, live: LiveValues) -> None:
    """What is new goes to the account's outlets, after the value was given: a command may take its time."""
    if live.has_news:
        desk.terminal.flush()
        desk.stores.outlets().hand_on(account)


def say_what_is_short(desk: Desk, account: Account, live: LiveValues, min_ttl: int) -> None:
    """Words where a value works, yet not for as long as was asked for, or is not on disk."""
    sentences, dogs, now = desk.sentences, desk.stores.dogs, desk.stores.clock()
    if live.failed is not None:
        desk.terminal.say(sentences.outcome(live.failed))
    for kind, record in live.records.items():
        left = record.left(now)
        if left > min_ttl:
            continue
        if live.failed is None:
            desk.terminal.say(sentences.say("short-life", key=sentences.key(kind), left=countdown(left)))
        elif record == dogs.read(account, kind):
            desk.terminal.say(sentences.say("still-given", time=sentences.time(record.expires_at)))


def fetch_ticket(desk: Desk, account: Account, kind: TokenKind = TokenKind.JSAPI_TICKET) -> None:
    """Ask WeChat if there is none that lives. Stops with what is in the way."""
    began, changed_at = desk.stores.clock(), desk.stores.accounts.changed_at()
    order = Order(account, (kind,), Trigger.COMMAND, Eagerness.IF_NEEDED, patient=changed_at)
    outcomes = desk.stores.engine().refresher.refresh(order)
    bad = next((outcome for outcome in outcomes if not outcome.is_good), None)
    if bad is not None:
        raise failed(desk, bad, began)
