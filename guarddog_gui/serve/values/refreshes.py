"""Refreshes for the clients of `serve`, by the services that `guarddogctl token` uses."""

from collections.abc import Callable

from msgspec import Struct

from guarddog_gui.domain.accounts.account import Account, effective_min_ttl
from guarddog_gui.domain.refresh.history import AttemptResult, Trigger
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.serve.values.live_values import ValueRefresh
from guarddog_gui.services.calls.refresh_request import RefreshMode, RefreshRequest
from guarddog_gui.services.fresh_values import FreshValues, get_fresh_values
from guarddog_gui.services.ports import Clock, TokenCheckReader
from guarddog_gui.services.refresh import Refresher


class ValueRefreshes(Struct, kw_only=True, eq=False):
    """Refresh one value per call; each call makes services of its own, as it comes from a thread of its own.

    `export` is called with an account that has got new values. `accounts_changed_at` returns Unix seconds: failures
    from before that time may be mended since.
    """

    dog_files: TokenCheckReader
    clock: Clock
    make_refresher: Callable[[], Refresher]
    accounts_changed_at: Callable[[], float]
    export: Callable[[Account], None]

    def refresh(self, order: ValueRefresh) -> FreshValues:
        values = self._ask_again(order) if order.is_reported_invalid else self._refresh_due(order)
        if values.has_refreshed:
            self.export(order.account)
        return values

    def _refresh_due(self, order: ValueRefresh) -> FreshValues:
        account, kind, known = order.account, order.kind, order.known
        # as much as makes a value that is due too short, and one that is not due long enough
        due_s = 0.0 if known is None else known.expires_at - known.refresh_at
        min_ttl = due_s if known is None else effective_min_ttl(account, kind, known, due_s)
        return get_fresh_values(
            account, (kind,), min_ttl,
            dog_files=self.dog_files, clock=self.clock, make_refresher=self.make_refresher,
            respect_failures_since=self.accounts_changed_at(), in_memory_values=order.in_memory_values,
        )  # fmt: skip

    def _ask_again(self, order: ValueRefresh) -> FreshValues:
        """Ask `stable_token` in normal mode, which returns the current token, also if another program has forced one.

        A client's `force_refresh` never makes a new token: that would end the one of all other clients and servers.
        """
        account, known = order.account, order.known
        request = RefreshRequest(
            account, (TokenKind.ACCESS_TOKEN,), Trigger.COMMAND,
            mode=RefreshMode.ALWAYS,
            known_gen_times_ms=() if known is None else ((TokenKind.ACCESS_TOKEN, known.generated_ms),),
            respect_failures_since=self.accounts_changed_at(), in_memory_values=order.in_memory_values,
        )  # fmt: skip
        results = self.make_refresher().refresh_without_exports(request)
        tokens = [result for result in results if result.kind is TokenKind.ACCESS_TOKEN]
        records = {result.kind: result.record for result in tokens if result.record is not None}
        unwritten = tuple(
            (result.kind, result.record)
            for result in tokens
            if result.entry.result is AttemptResult.NOT_WRITTEN and result.record is not None
        )
        failure = next((result for result in results if not result.is_success), None)
        return FreshValues(records, failure, unwritten, any(result.is_success for result in results))
