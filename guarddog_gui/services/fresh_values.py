"""Values that live: what the disk has if that lasts for long enough, else what a refresh brings."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from guarddog_gui.domain.accounts.account import Account, effective_min_ttl
from guarddog_gui.domain.refresh.history import AttemptResult, Trigger
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord
from guarddog_gui.services.ports import Clock, DogFileStore
from guarddog_gui.services.refresh import Refresher, RefreshMode, RefreshRequest, RefreshResult


@dataclass(frozen=True, slots=True)
class FreshValues:
    """The values that live, by their keys, and the first failure of the refresh that was needed.

    A failure beside a value means that the value is shorter-lived than asked for, or not on disk. Where a
    key has no value, there is a failure that says why.
    """

    records: Mapping[TokenKind, TokenRecord]
    failure: RefreshResult | None = None
    unwritten: tuple[tuple[TokenKind, TokenRecord], ...] = ()  # what the order brought and no disk took
    has_refreshed: bool = False  # for the account's outlets, which the caller sees to when the value is given


def get_fresh_values(
    account: Account,
    kinds: tuple[TokenKind, ...],
    min_ttl: float,
    *,
    dog_files: DogFileStore,
    clock: Clock,
    make_refresher: Callable[[], Refresher],
    respect_failures_since: float | None = None,
    in_memory_values: tuple[tuple[TokenKind, TokenRecord], ...] = (),
) -> FreshValues:
    """Those keys with more than `min_left` seconds of life where that can be had.

    `refresher` is asked for only when something has to be refreshed; for `patient` and `held` see Order.
    """
    now = clock()
    found = {kind: dog_files.read(account, kind) for kind in kinds}
    alive = [record for record in found.values() if record is not None]
    min_ttl = min([min_ttl, *(effective_min_ttl(account, record, min_ttl) for record in alive)])
    short = tuple(
        kind for kind, record in found.items() if record is None or record.remaining_s(now) <= min_ttl
    )
    if not short:
        return FreshValues({kind: record for kind, record in found.items() if record is not None})
    order = RefreshRequest(
        account,
        short,
        Trigger.COMMAND,
        RefreshMode.IF_NEEDED,
        min_ttl=min_ttl,
        respect_failures_since=respect_failures_since,
        in_memory_values=in_memory_values,
    )
    outcomes = make_refresher().refresh_without_exports(order)
    best = {kind: _newest_live_record(account, kind, outcomes, dog_files, clock()) for kind in kinds}
    return FreshValues(
        {kind: record for kind, record in best.items() if record is not None},
        next((outcome for outcome in outcomes if not outcome.is_success), None),
        tuple(
            (outcome.kind, outcome.record)
            for outcome in outcomes
            if outcome.entry.result is AttemptResult.NOT_WRITTEN
            and outcome.entry.fingerprint
            and outcome.record
        ),
        any(outcome.is_success for outcome in outcomes),
    )


def _newest_live_record(
    account: Account, kind: TokenKind, results: tuple[RefreshResult, ...], dog_files: DogFileStore, now: float
) -> TokenRecord | None:
    """The value that lives longest, of what the order brought and what the disk has; None if none lives."""
    records = [outcome.record for outcome in results if outcome.kind is kind]
    records.append(dog_files.read(account, kind))
    alive = [record for record in records if record is not None and record.remaining_s(now) > 0]
    return max(alive, key=lambda record: record.generated_ms, default=None)
