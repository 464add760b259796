"""Values that live: what the disk has if that lasts for long enough, else what a refresh brings."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from guarddog_gui.domain.accounts.account import Account, wished_left
from guarddog_gui.domain.refresh.history import Result, Trigger
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord
from guarddog_gui.services.ports import Clock, DogStore
from guarddog_gui.services.refresh import Eagerness, Order, Outcome, Refresher


@dataclass(frozen=True, slots=True)
class LiveValues:
    """The values that live, by their keys, and the first failure of the refresh that was needed.

    A failure beside a value means that the value is shorter-lived than asked for, or not on disk. Where a
    key has no value, there is a failure that says why.
    """

    records: Mapping[TokenKind, TokenRecord]
    failed: Outcome | None = None
    unwritten: tuple[tuple[TokenKind, TokenRecord], ...] = ()  # what the order brought and no disk took
    has_news: bool = False  # for the account's outlets, which the caller sees to when the value is given


def live_values(
    account: Account,
    kinds: tuple[TokenKind, ...],
    min_left: float,
    *,
    dogs: DogStore,
    clock: Clock,
    refresher: Callable[[], Refresher],
    patient: float | None = None,
    held: tuple[tuple[TokenKind, TokenRecord], ...] = (),
) -> LiveValues:
    """Those keys with more than `min_left` seconds of life where that can be had.

    `refresher` is asked for only when something has to be refreshed; for `patient` and `held` see Order.
    """
    now = clock()
    found = {kind: dogs.read(account, kind) for kind in kinds}
    alive = [record for record in found.values() if record is not None]
    min_left = min([min_left, *(wished_left(account, record, min_left) for record in alive)])
    short = tuple(kind for kind, record in found.items() if record is None or record.left(now) <= min_left)
    if not short:
        return LiveValues({kind: record for kind, record in found.items() if record is not None})
    order = Order(
        account, short, Trigger.COMMAND, Eagerness.IF_NEEDED, min_left=min_left, patient=patient, held=held
    )
    outcomes = refresher().attempt(order)
    best = {kind: _best(account, kind, outcomes, dogs, clock()) for kind in kinds}
    return LiveValues(
        {kind: record for kind, record in best.items() if record is not None},
        next((outcome for outcome in outcomes if not outcome.is_good), None),
        tuple(
            (outcome.kind, outcome.record)
            for outcome in outcomes
            if outcome.entry.result is Result.NOT_WRITTEN and outcome.entry.fingerprint and outcome.record
        ),
        any(outcome.is_good for outcome in outcomes),
    )


def _best(
    account: Account, kind: TokenKind, outcomes: tuple[Outcome, ...], dogs: DogStore, now: float
) -> TokenRecord | None:
    """The value that lives longest, of what the order brought and what the disk has; None if none lives."""
    records = [outcome.record for outcome in outcomes if outcome.kind is kind]
    records.append(dogs.read(account, kind))
    alive = [record for record in records if record is not None and record.left(now) > 0]
    return max(alive, key=lambda record: record.generated_ms, default=None)
