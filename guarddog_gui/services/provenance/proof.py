"""Prove to which account a value belongs that another program wrote into a `.dog` file.

getStableAccessToken in normal mode and getTicket return the current value and invalidate nothing (WeChat's pages on
both), so for these the proof is the answer to an ordinary request: it is the same value or another one.

getAccessToken, the classic endpoint, returns a new token with each call and so ends the one in question. But all
tokens of an account get the same jsapi_ticket, and those of another account get another one. So the ticket for
the unknown token is compared with one that is known to be of the account. A check of the token alone
(get_api_domain_ip) proves only that it is alive, whoever owns it. A mini program has no tickets and no proof.
"""

from msgspec import Struct
from msgspec.structs import replace

from guarddog_gui.domain.accounts.account import Account, Endpoint
from guarddog_gui.domain.refresh import foreign_writes
from guarddog_gui.domain.refresh.history import AttemptResult, HistoryEntry, Trigger
from guarddog_gui.domain.refresh.retries import RETRY_HISTORY_MAX
from guarddog_gui.domain.tokens.expiry import ISSUED_LIFETIME_MAX_S
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord, fingerprint
from guarddog_gui.domain.wechat.errcodes import ErrcodeCatalog, ErrcodeKind
from guarddog_gui.domain.wechat.protocol import Answer, IssuedToken, Refusal, TransportFailure
from guarddog_gui.services.calls.token_calls import TokenCall, TokenCalls
from guarddog_gui.services.ports import Clock, HistoryStore

_TICKET = TokenKind.JSAPI_TICKET


class TokenProof(Struct, frozen=True):
    """Result of comparing tickets.

    detail          SAME_TICKET if the token belongs to the account, else the reason why it is not adopted
    calls           requests that WeChat may have counted
    failure         the answer because of which nothing is known
    refused_own     the own token that WeChat refused meanwhile, with its refusal
    """

    detail: str
    calls: int
    failure: Refusal | TransportFailure | None = None
    refused_own: Refusal | None = None


class OwnershipProof:
    """Compare the tickets for two classic access tokens."""

    def __init__(self, calls: TokenCalls, history: HistoryStore, errcode_catalog: ErrcodeCatalog, clock: Clock) -> None:
        self._calls = calls
        self._history = history
        self._errcode_catalog = errcode_catalog
        self._clock = clock

    def prove(self, account: Account, foreign: TokenRecord, own: TokenRecord | None) -> TokenProof:
        """Return whether the token belongs to the account; `own` is a token that does, if there is one."""
        if _TICKET not in account.token_kinds:
            return TokenProof(foreign_writes.NO_PROOF, 0)
        ticket = self._calls.request_ticket(account, foreign, _TICKET).answer
        if not isinstance(ticket, IssuedToken):
            return self._without_ticket(ticket, 1)
        if self._is_ticket_known(account, ticket.value):
            return TokenProof(foreign_writes.SAME_TICKET, 1)
        own_ticket, calls, refused_own = self._request_own_ticket(account, own)
        if own_ticket is None:
            return TokenProof(foreign_writes.UNVERIFIED, 1 + calls, refused_own=refused_own)
        if not isinstance(own_ticket, IssuedToken):
            proof = self._without_ticket(own_ticket, 1 + calls)
            # a refusal of our own token says nothing about the other one
            detail = foreign_writes.UNVERIFIED if proof.detail == foreign_writes.INVALID else proof.detail
            return replace(proof, detail=detail, refused_own=refused_own)
        is_same = own_ticket.value == ticket.value
        detail = foreign_writes.SAME_TICKET if is_same else foreign_writes.OTHER_ACCOUNT
        return TokenProof(detail, 1 + calls, refused_own=refused_own)

    def _without_ticket(self, answer: Refusal | TransportFailure, calls: int) -> TokenProof:
        if isinstance(answer, TransportFailure):
            return TokenProof(foreign_writes.UNVERIFIED, calls if answer.may_have_counted else calls - 1, answer)
        match self._errcode_catalog.kind_for(answer.errcode, "getticket"):
            case ErrcodeKind.TOKEN:
                return TokenProof(foreign_writes.INVALID, calls)
            case ErrcodeKind.TRANSIENT | ErrcodeKind.QUOTA | ErrcodeKind.UNKNOWN:
                return TokenProof(foreign_writes.UNVERIFIED, calls, answer)
            case _:  # no right to tickets, or the user has to act: the request for a token then says so as well
                return TokenProof(foreign_writes.NO_PROOF, calls)

    def _is_ticket_known(self, account: Account, ticket: str) -> bool:
        """Return True if WeChat has given this ticket for an own token within the last day."""
        since = self._clock() - ISSUED_LIFETIME_MAX_S
        past = self._history.entries_of_value(account.appid, _TICKET.value, fingerprint(ticket), since)
        return any(foreign_writes.is_own_answer(entry) for entry in past)

    def _request_own_ticket(
        self, account: Account, own: TokenRecord | None
    ) -> tuple[Answer | None, int, Refusal | None]:
        """Return the ticket for an own token, the number of calls, and the refusal of `own`, if WeChat refused it.

        Without an own token that lives, a stable one is fetched: that does not end the classic one in use.
        """
        calls, refused_own = 0, None
        if own is not None:
            answer = self._calls.request_ticket(account, own, _TICKET).answer
            calls += 1
            if not self._calls.is_token_refused(answer):
                return answer, calls, None
            refused_own = answer if isinstance(answer, Refusal) else None
        stable = self._calls.request_token(replace(account, endpoint=Endpoint.STABLE), force=False)
        if not isinstance(stable, TokenCall):
            return None, calls, refused_own
        calls += stable.count
        if not isinstance(stable.answer, IssuedToken):
            return stable.answer, calls, refused_own
        record = TokenRecord(stable.answer.value, stable.answer.expires_in, int(stable.started_at * 1000), "", 0)
        return self._calls.request_ticket(account, record, _TICKET).answer, calls + 1, refused_own


class ForeignWriteLog:
    """History of the values that other programs wrote: what was judged before, and when to ask again."""

    def __init__(self, history: HistoryStore, clock: Clock) -> None:
        self._history = history
        self._clock = clock

    def find_verdict(self, account: Account, kind: TokenKind, record: TokenRecord) -> str | None:
        """Return the detail for a value that needs no call: its life is over, it was judged, or it is too early.

        None means that WeChat may be asked about it.
        """
        now = self._clock()
        if record.remaining_s(now) <= 0:
            return foreign_writes.INVALID
        since = now - ISSUED_LIFETIME_MAX_S
        past = self._history.entries_of_value(account.appid, kind.value, fingerprint(record.value), since)
        judged = [entry for entry in past if foreign_writes.is_judged(entry)]
        if judged:
            return judged[-1].detail
        due_at = foreign_writes.verification_due_at(self._latest(account, kind), now)
        return foreign_writes.unverified_detail(due_at) if now < due_at else None

    def note(
        self, account: Account, kind: TokenKind, record: TokenRecord, trigger: Trigger, detail: str, calls: int = 0
    ) -> HistoryEntry | None:
        """Record a value that was not adopted; return None if the pace leaves it out.

        A program that writes every second would otherwise push everything else out of the latest entries, from
        which the retry state of the key is derived.
        """
        now, latest = self._clock(), self._latest(account, kind)
        is_classic = kind is TokenKind.ACCESS_TOKEN and account.endpoint is Endpoint.CLASSIC
        entry = HistoryEntry(
            now, account.appid, kind.value, trigger, AttemptResult.NOT_ADOPTED,
            calls=calls, fingerprint=fingerprint(record.value), detail=detail, endpoint="token" if is_classic else "",
        )  # fmt: skip
        if not calls and self._is_left_out(entry, latest, now):
            return None
        self._history.append(entry)
        return entry

    def _is_left_out(self, entry: HistoryEntry, latest: tuple[HistoryEntry, ...], now: float) -> bool:
        if foreign_writes.is_judged(entry):
            return now < foreign_writes.verification_due_at(latest, now)
        return any(past.at <= now < foreign_writes.unverified_until(past) for past in latest)

    def _latest(self, account: Account, kind: TokenKind) -> tuple[HistoryEntry, ...]:
        return self._history.latest(account.appid, kind.value, RETRY_HISTORY_MAX)
