"""Call WeChat's API for the user: with the live token, renewed once where WeChat refuses it."""

from collections.abc import Callable

from msgspec import Struct
from msgspec.structs import replace

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.api.answer import ApiAnswer, read_answer
from guarddog_gui.domain.api.call_log import LoggedCall
from guarddog_gui.domain.api.catalogue import ApiCatalogue
from guarddog_gui.domain.api.request import ApiRequest
from guarddog_gui.domain.errors import FileError, LockBusy
from guarddog_gui.domain.refresh.history import Trigger
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord
from guarddog_gui.domain.wechat.protocol import Refusal, TransportFailure
from guarddog_gui.services.calls.refresh_request import RefreshMode, RefreshRequest, RefreshResult
from guarddog_gui.services.fresh_values import get_fresh_values
from guarddog_gui.services.ports import ApiCallStore, ApiTransport, Clock, TokenCheckReader
from guarddog_gui.services.refresh import Refresher

# refusals of the token itself, after which it is renewed; the same that SDKs know (wechat-api, section 5)
REFUSED_TOKEN_ERRCODES = frozenset({40001, 40014, 42001})


class ApiOutcome(Struct, frozen=True):
    """What came of a call.

    Attributes:
        request: The call.
        answer: What WeChat answered; None if nothing usable arrived.
        failure: Why there is no answer: of the connection, or of the refresh that found no token to call with.
        took_ms: Time of the last request, in milliseconds.
        renewal: Result of the renewal, if WeChat refused the first token.
        is_repeated: The call was sent a second time, with the renewed token.
        has_refreshed: There are new values, which the caller should export.
    """

    request: ApiRequest
    answer: ApiAnswer | None = None
    failure: TransportFailure | RefreshResult | None = None
    took_ms: int = 0
    renewal: RefreshResult | None = None
    is_repeated: bool = False
    has_refreshed: bool = False

    @property
    def errcode(self) -> int | None:
        return self.answer.errcode if self.answer is not None else None

    @property
    def is_success(self) -> bool:
        return self.answer is not None and self.answer.refusal is None


class ApiConsole(Struct, frozen=True):
    """What the API console works with.

    `api_base_of` takes an AppID; `read_upload` and `write_file` take the path of a file and raise FileError; `close`
    ends the connections.
    """

    caller: "ApiCaller"
    store: ApiCallStore
    api_base_of: Callable[[str], str]
    load_catalogue: Callable[[], ApiCatalogue]
    read_upload: Callable[[str], bytes]
    write_file: Callable[[str, bytes], None]
    close: Callable[[], None]


class ApiCaller(Struct, kw_only=True, eq=False):
    """Calls for the user. Not thread-safe: every worker thread has its own.

    `failures_since` returns the Unix time since which failures count that keep WeChat from being asked for a token.
    """

    transport: ApiTransport
    refresher: Refresher
    dog_files: TokenCheckReader
    call_store: ApiCallStore
    clock: Clock
    failures_since: Callable[[], float | None]
    trigger: Trigger = Trigger.USER

    def call(self, account: Account, request: ApiRequest) -> ApiOutcome:
        """Send the request with a live token; a token that WeChat refuses is renewed once, and the call repeated once.

        The call is logged without its values, unless there is no token to call with.
        """
        values = get_fresh_values(
            account, (TokenKind.ACCESS_TOKEN,), 0, dog_files=self.dog_files, clock=self.clock,
            make_refresher=lambda: self.refresher, respect_failures_since=self.failures_since(),
        )  # fmt: skip
        token = values.records.get(TokenKind.ACCESS_TOKEN)
        if token is None:
            return ApiOutcome(request, failure=values.failure)
        outcome = replace(self._send(account, request, token, ()), has_refreshed=values.has_refreshed)
        refusal = _token_refusal(outcome)
        if refusal is not None:
            self._log(account, outcome)
            renewal = self._renew(account, token, refusal)
            outcome = replace(outcome, renewal=renewal)
            renewed = renewal.record if renewal is not None and renewal.is_success else None
            if renewed is None or renewed.value == token.value:
                return outcome
            repeated = self._send(account, request, renewed, (token.value,))
            outcome = replace(repeated, renewal=renewal, is_repeated=True, has_refreshed=True)
        self._log(account, outcome)
        return outcome

    def _send(
        self, account: Account, request: ApiRequest, token: TokenRecord, old_tokens: tuple[str, ...]
    ) -> ApiOutcome:
        started_at = self.clock()
        reply = self.transport.send(request, token.value, account)
        took_ms = max(0, round((self.clock() - started_at) * 1000))
        if isinstance(reply, TransportFailure):
            return ApiOutcome(request, failure=reply, took_ms=took_ms)
        answer = read_answer(reply, request.path, (token.value, *old_tokens))
        return ApiOutcome(request, answer, took_ms=took_ms)

    def _renew(self, account: Account, refused: TokenRecord, refusal: Refusal) -> RefreshResult | None:
        """Ask WeChat for its current token, never for a forced one; None if another process is busy with the account.

        Everyone who reads the history then knows that the refused token is dead, as after the refusal of a ticket.
        """
        lock = self.refresher.account_lock
        try:
            with lock.acquire(account.appid):
                self.refresher.foreign_values.mark_refused(account, refused, refusal, self.trigger)
        except (LockBusy, FileError):
            return None
        kind = TokenKind.ACCESS_TOKEN
        request = RefreshRequest(
            account, (kind,), self.trigger, RefreshMode.ALWAYS,
            is_token_rejected=True, known_gen_times_ms=((kind, refused.generated_ms),),
        )  # fmt: skip
        return next(iter(self.refresher.refresh_without_exports(request)), None)

    def _log(self, account: Account, outcome: ApiOutcome) -> None:
        request, answer = outcome.request, outcome.answer
        call = LoggedCall(self.clock(), request.method.value, request.path, took_ms=outcome.took_ms)
        if answer is not None:
            call = replace(call, status=answer.status, size=answer.size, errcode=answer.errcode, rid=answer.rid)
        if isinstance(outcome.failure, TransportFailure):
            call = replace(call, failure=outcome.failure.kind.value)
        self.call_store.add(account.appid, call)


def _token_refusal(outcome: ApiOutcome) -> Refusal | None:
    refusal = outcome.answer.refusal if outcome.answer is not None else None
    return refusal if isinstance(refusal, Refusal) and refusal.errcode in REFUSED_TOKEN_ERRCODES else None
