"""Get valid values of an account: from disk if they live long enough, else by a refresh."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from msgspec import Struct

from guarddog_gui.domain.accounts.account import Account, effective_min_ttl
from guarddog_gui.domain.refresh.history import AttemptResult, Trigger
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord, fingerprint
from guarddog_gui.domain.wechat.errcodes import ErrcodeCatalog, ErrcodeKind
from guarddog_gui.services.calls.refresh_request import RefreshRequest, RefreshResult
from guarddog_gui.services.ports import Clock, DogFileReader, TokenCheckReader
from guarddog_gui.services.provenance.own_values import is_token_check_due

if TYPE_CHECKING:  # a value that is fresh needs none
    from guarddog_gui.services.refresh import Refresher


class FreshValues(Struct, frozen=True):
    """Valid values of an account, and what went wrong while getting them.

    A key that has a value in spite of `failure` has one that lives shorter than requested or is not on disk.
    With `has_refreshed` the caller should export the new values after their use: an export command may be slow.
    """

    records: Mapping[TokenKind, TokenRecord]
    failure: RefreshResult | None = None  # the first one
    unwritten: tuple[tuple[TokenKind, TokenRecord], ...] = ()  # new values that could not be written to disk
    has_refreshed: bool = False

    def is_sufficient(
        self, kinds: tuple[TokenKind, ...], errcode_catalog: ErrcodeCatalog, *, require_all: bool = True
    ) -> bool:
        """Return True if each of these keys has a value.

        Without `require_all`, tickets may be missing that WeChat refuses to the account for lack of a
        permission: many accounts have none for the JS-SDK.
        """
        if all(kind in self.records for kind in kinds):
            return True
        if require_all or self.failure is None or TokenKind.ACCESS_TOKEN not in self.records:
            return False
        entry = self.failure.entry
        return errcode_catalog.kind_for(entry.errcode or 0, entry.endpoint) is ErrcodeKind.PERMISSION


class FetchedValues(Struct, frozen=True):
    """Reader of `.dog` files that also knows values which may be missing on disk, as they could not be written."""

    dog_files: DogFileReader
    account: Account
    records: Mapping[TokenKind, TokenRecord]

    def directory(self, account: Account) -> str:
        return self.dog_files.directory(account)

    def read(self, account: Account, kind: TokenKind) -> TokenRecord | None:
        fetched = self.records.get(kind) if account.appid == self.account.appid else None
        return fetched or self.dog_files.read(account, kind)


def get_fresh_values(
    account: Account,
    kinds: tuple[TokenKind, ...],
    min_ttl: float,
    *,
    dog_files: TokenCheckReader,
    clock: Clock,
    make_refresher: "Callable[[], Refresher]",
    respect_failures_since: float | None = None,
    in_memory_values: tuple[tuple[TokenKind, TokenRecord], ...] = (),
) -> FreshValues:
    """Return these keys with more than `min_ttl` seconds of life left, where WeChat grants that.

    `min_ttl` is reduced to what the account's endpoint can grant. A classic token that needs a check is checked first.
    `make_refresher` is called only if something must be refreshed or checked, since it opens keyring and network.
    For the other arguments see `RefreshRequest`.
    """
    now = clock()
    on_disk = {kind: dog_files.read(account, kind) for kind in kinds}
    records = {kind: record for kind, record in on_disk.items() if record is not None}
    min_ttl = min([min_ttl, *(effective_min_ttl(account, kind, record, min_ttl) for kind, record in records.items())])
    checks_token = TokenKind.ACCESS_TOKEN in records and is_token_check_due(dog_files, account, now)
    due = tuple(
        kind for kind in kinds
        if kind not in records or records[kind].remaining_s(now) <= min_ttl
        or (checks_token and kind is TokenKind.ACCESS_TOKEN)
    )  # fmt: skip
    if not due:
        return FreshValues(records)
    request = RefreshRequest(
        account, due, Trigger.COMMAND,
        min_ttl=min_ttl, respect_failures_since=respect_failures_since, in_memory_values=in_memory_values,
        checks_token=checks_token,
    )  # fmt: skip
    results = make_refresher().refresh_without_exports(request)
    unwritten = [result for result in results if result.entry.result is AttemptResult.NOT_WRITTEN]
    newest = {kind: _newest_valid_record(kind, results, dog_files.read(account, kind), clock()) for kind in kinds}
    return FreshValues(
        {kind: record for kind, record in newest.items() if record is not None},
        next((result for result in results if not result.is_success), None),
        tuple((result.kind, result.record) for result in unwritten if result.record and _is_of_entry(result)),
        any(result.is_success and result.entry.result is not AttemptResult.STILL_FRESH for result in results),
    )


def _is_of_entry(result: RefreshResult) -> bool:
    """Return True if the attempt brought the value, rather than being the reason why none was asked for."""
    return result.record is not None and fingerprint(result.record.value) == result.entry.fingerprint


def _newest_valid_record(
    kind: TokenKind, results: tuple[RefreshResult, ...], on_disk: TokenRecord | None, now: float
) -> TokenRecord | None:
    records = [*(result.record for result in results if result.kind is kind), on_disk]
    valid = [record for record in records if record is not None and record.remaining_s(now) > 0]
    return max(valid, key=lambda record: record.generated_ms, default=None)
