"""Messages about attempts to refresh a value, and about other queries to WeChat."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from msgspec.structs import replace

from guarddog_gui.domain.accounts.account import Platform
from guarddog_gui.domain.accounts.keyring_results import KeyringIsDown, KeyringIsLocked, SecretMissing
from guarddog_gui.domain.errors import FileError
from guarddog_gui.domain.message_catalog import N_
from guarddog_gui.domain.refresh import foreign_writes, policy, retries
from guarddog_gui.domain.refresh.backoff import manual_retry_at
from guarddog_gui.domain.refresh.history import AttemptResult, HistoryEntry
from guarddog_gui.domain.refresh.policy import ForceAllowance
from guarddog_gui.domain.tokens.expiry import DAY_S
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord
from guarddog_gui.domain.wechat.errcode_host import ErrcodeHost
from guarddog_gui.domain.wechat.errcodes import Errcode, ErrcodeKind, beijing_day_start
from guarddog_gui.domain.wechat.protocol import (
    CONTRADICTION,
    HTML,
    PROXY_KEYRING_DOWN,
    PROXY_KEYRING_LOCKED,
    PROXY_PASSWORD_MISSING,
    FailureKind,
    Refusal,
    TransportFailure,
)
from guarddog_gui.services.messages.errors import ErrorMessages
from guarddog_gui.services.messages.sharing import SharingMessages
from guarddog_gui.services.messages.texts import Message, join_sentences

if TYPE_CHECKING:  # these services are loaded only by a program that refreshes or queries
    from guarddog_gui.services.account_queries import NoLiveToken
    from guarddog_gui.services.calls.refresh_request import RefreshResult

_WRONG_SECRET_ERRCODE = 40125  # what 40001 means where a token is asked for

_FAILURE_SUMMARIES: Mapping[FailureKind, str] = {
    FailureKind.OFFLINE: N_("This computer cannot reach WeChat."),
    FailureKind.TIMEOUT: N_("WeChat did not answer in time."),
    FailureKind.TLS: N_("The connection to WeChat cannot be trusted: the certificate did not pass the check."),
    FailureKind.PROXY: N_("The proxy did not let the call through."),
    FailureKind.CUT_OFF: N_("WeChat's answer broke off in the middle."),
    FailureKind.TOO_BIG: N_("The answer is far too long to be WeChat's."),
    FailureKind.REDIRECTED: N_(
        "The answer points to another address. Guard Dog did not follow it: the AppSecret would have gone along."
    ),
    FailureKind.HTTP_STATUS: N_("WeChat's server is in trouble: it answered with HTTP {status}."),
    FailureKind.NOT_JSON: N_("The answer is incomplete, or not in the form of WeChat's answers. It is not used."),
    FailureKind.UNEXPECTED_JSON: N_("WeChat's answer makes no sense. It is not used; the value on disk stays."),
}
_FAILURE_ADVICE: Mapping[FailureKind, str] = {
    FailureKind.OFFLINE: N_("Check the network connection, then try again."),
    FailureKind.TIMEOUT: N_("Try again in a moment; if it stays, check the network and the proxy."),
    FailureKind.TLS: N_(
        "Check the date of this computer. Behind a company proxy, install its certificate in the system."
    ),
    FailureKind.PROXY: N_("Check the proxy of the account, or else that of the system, then try again."),
    FailureKind.CUT_OFF: N_("Try again in a moment; if it stays, check the network and the proxy."),
    FailureKind.TOO_BIG: N_("Check the proxy, and whether this network wants a login in the browser first."),
    FailureKind.REDIRECTED: N_("Check the proxy, and whether this network wants a login in the browser first."),
    FailureKind.HTTP_STATUS: N_("Try again in a few minutes."),
    FailureKind.NOT_JSON: N_("Try again in a moment; if it stays, check the network and the proxy."),
    FailureKind.UNEXPECTED_JSON: N_("Try again in a few minutes; if it stays, check the proxy."),
}
TRANSPORT_FAILURES: Mapping[FailureKind, tuple[str, str]] = {
    kind: (summary, _FAILURE_ADVICE[kind]) for kind, summary in _FAILURE_SUMMARIES.items()
}

_LOGIN_PAGE = (
    N_("What came back is not from WeChat; it may be the login page of this network."),
    N_("Open any web page in the browser and log in to the network, then try again."),
)
_CONTRADICTION = (
    N_(
        "What came back has an error number and a value at the same time, which WeChat never sends. "
        "Neither is used; the value on disk stays."
    ),
    N_("If it stays, check the proxy or the gateway in between."),
)
_SOCKS_FAILURE = (
    N_("The SOCKS proxy did not let the call through."),
    N_("Check the SOCKS proxy in the settings of the system, its login too, then try again."),
)
_SOCKS_4 = (
    N_("The proxy of the system speaks SOCKS 4, which Guard Dog does not."),
    N_("Set a SOCKS 5 or an HTTP proxy, for example HTTPS_PROXY=socks5://127.0.0.1:1080."),
)


_PROXY_PASSWORD_FAILURES: Mapping[str, tuple[str, str]] = {
    PROXY_PASSWORD_MISSING: (
        N_("The keyring has no password for the proxy of this account."),
        N_("Enter it again: edit the account, or run guarddogctl accounts edit with --proxy."),
    ),
    PROXY_KEYRING_LOCKED: (
        N_("The keyring with the password of the proxy is locked."),
        N_("Unlock it, then try again."),
    ),
    PROXY_KEYRING_DOWN: (
        N_("The keyring with the password of the proxy does not answer."),
        N_("Check that the keyring of the desktop runs and can be opened, then try again."),
    ),
}


def _failure_texts(kind: FailureKind, detail: str) -> tuple[str, str]:
    """Return summary and advice for a failure, more precise where the detail allows it."""
    if kind is FailureKind.NOT_JSON and detail == HTML:
        return _LOGIN_PAGE
    if kind is FailureKind.UNEXPECTED_JSON and detail.startswith(CONTRADICTION):
        return _CONTRADICTION
    if kind is FailureKind.PROXY and detail in _PROXY_PASSWORD_FAILURES:
        return _PROXY_PASSWORD_FAILURES[detail]
    if kind is FailureKind.PROXY and detail.startswith("SOCKS"):
        return _SOCKS_4 if detail.endswith("version 4") else _SOCKS_FAILURE
    return TRANSPORT_FAILURES[kind]


def _code_text(errcode: int, rid: str | None) -> str:
    """Return the number of a refusal, with the rid by which WeChat finds the call."""
    return f"{errcode}, rid: {rid}" if rid else str(errcode)


class AttemptMessages(ErrorMessages, SharingMessages):
    """Messages about attempts and queries."""

    def for_refresh_result(self, result: "RefreshResult", *, platform: Platform | None = None) -> Message:
        return self.for_entry(result.entry, record=result.record, platform=platform)

    def for_entry(
        self,
        entry: HistoryEntry,
        *,
        record: TokenRecord | None = None,
        next_at: float | None = None,
        platform: Platform | None = None,
    ) -> Message:
        """Return what came of an attempt.

        `next_at` (Unix seconds) is the next automatic attempt; None if there is none. With the `platform` of the
        account, the advice names the console of that platform only.
        """
        message = self._for_success(entry, record) if entry.is_success else self._for_failure(entry, platform)
        if next_at is None or entry.is_success:
            return message
        retry = self.text("Guard Dog tries again at {time}.", time=self.format_time(next_at))
        return replace(message, advice=join_sentences(message.advice, retry))

    def _for_success(self, entry: HistoryEntry, record: TokenRecord | None) -> Message:
        if entry.result is AttemptResult.ADDRESS_SEEN:
            return self.message("WeChat sees the address {ip} for this account.", ip=entry.ip or "")
        if entry.result is AttemptResult.QUOTA_CLEARED:
            return self.message("The day's counters are at zero again.")
        key = self.key_name(entry.key)
        until = None if record is None else self.format_time(record.expires_at)
        match entry.result:
            case AttemptResult.NEW if until is None:
                return self.message("WeChat gave a new {key}.", key=key)
            case AttemptResult.NEW:
                return self.message("WeChat gave a new {key}, good until {time}.", key=key, time=until)
            case AttemptResult.SAME:
                reason = (
                    N_("It makes a new one only in the last five minutes.")
                    if entry.key == TokenKind.ACCESS_TOKEN
                    else N_("It keeps one until that is about to expire.")
                )
                if until is None:
                    return self.message("WeChat gave the same {key} again.", reason, key=key)
                return self.message("WeChat gave the same {key} again, good until {time}.", reason, key=key, time=until)
            case AttemptResult.ADOPTED if entry.detail in foreign_writes.PROVEN_DETAILS:
                return self.message(
                    "Another program wrote a {key}; WeChat has shown that it belongs to this account, so it is used.",
                    key=key,
                )
            case AttemptResult.ADOPTED:
                return self.message("Another program had already fetched a newer {key}; that one is used.", key=key)
            case AttemptResult.SHARED:
                return self.for_shared_value(key, until)
            case _:
                return self.message("The {key} is still fresh; nothing had to be done.", key=key)

    def _for_failure(self, entry: HistoryEntry, platform: Platform | None) -> Message:
        match entry.result:
            case AttemptResult.REFUSED:
                is_value = foreign_writes.is_value_refused(entry)
                return self._for_refused_value(entry) if is_value else self._for_refusal(entry, platform)
            case AttemptResult.NOT_ADOPTED:
                return self.for_rejected_write(entry.key, entry.detail)
            case AttemptResult.NO_ANSWER:
                return self._for_no_answer(entry)
            case AttemptResult.NO_SECRET | AttemptResult.KEYRING_LOCKED | AttemptResult.KEYRING_DOWN:
                return self._for_missing_secret(entry)
            case AttemptResult.NOT_WRITTEN:
                return self._for_write_error(entry)
            case AttemptResult.NOT_SHARED:
                return self.for_unshared(entry)
            case AttemptResult.LOCK_BUSY:
                return self.for_busy_lock()
            case AttemptResult.BUDGET_EXCEEDED:
                return self._for_budget(entry)
            case _:
                return self.for_crash()

    def _for_missing_secret(self, entry: HistoryEntry) -> Message:
        if entry.result is AttemptResult.NO_SECRET:
            return self.for_keyring_result(SecretMissing())
        is_locked = entry.result is AttemptResult.KEYRING_LOCKED
        return self.for_keyring_result(KeyringIsLocked(entry.detail) if is_locked else KeyringIsDown(entry.detail))

    def _for_refused_value(self, entry: HistoryEntry) -> Message:
        return self.message(
            "WeChat refused an {key} that should still have been alive. Probably another program replaced it.",
            "Guard Dog fetches another one. If it happens again, find the program that asks WeChat for this account.",
            key=self.key_name(entry.key),
            code=str(entry.errcode or ""),
        )

    def for_rejected_write(self, key: str, detail: str) -> Message:
        """Return that another program wrote a value that was not adopted, and what to do about it."""
        if detail == foreign_writes.NO_PROOF:
            summary = N_(
                "Another program wrote {key}.dog. WeChat offers no proof that its value belongs to this account, "
                "so Guard Dog does not use it."
            )
        elif detail.startswith(foreign_writes.UNVERIFIED):
            summary = N_(
                "Another program wrote {key}.dog. Guard Dog does not use its value until WeChat can be asked about it."
            )
        else:
            summary = N_(
                "Another program wrote a value of another account, or an invalid one, into {key}.dog. "
                "Guard Dog does not use it and puts its own there."
            )
        return self.message(summary, "Find the program that writes this file, and let it only read it.", key=key)

    def _for_write_error(self, entry: HistoryEntry) -> Message:
        path, _, reason = entry.detail.rpartition(": ")
        if not entry.calls:  # the account's lock could not be taken: no request was sent to WeChat
            return self.for_file_error(FileError(path, reason))
        summary = self.text(
            "WeChat gave the {key}, but it could not be written to {path}: {reason}.",
            key=self.key_name(entry.key),
            path=path,
            reason=self.file_error_reason(reason),
        )
        return Message(summary, self.file_error_advice(reason))

    def for_unwritten_value(self, entry: HistoryEntry) -> Message:
        """Return that a value is good, which the caller gives in spite of the file that could not be written."""
        path, _, reason = entry.detail.rpartition(": ")
        return self.message(
            "The {key} is good, but it could not be written to {path}: {reason}.",
            "Until it can be written there, other programs do not see it, and each call asks WeChat again.",
            key=self.key_name(entry.key),
            path=path,
            reason=self.file_error_reason(reason),
        )

    def _for_refusal(self, entry: HistoryEntry, platform: Platform | None) -> Message:
        # not needed at the start of the tray app
        from guarddog_gui.domain.refresh.own_address import NOT_LISTED_ERRCODES, earlier_address, is_through_proxy

        code = entry.errcode or 0
        errcode = self._find_errcode(code, entry.endpoint)
        if errcode is None:
            advice = self.text("Try again later. If it stays, look the number up in WeChat's list of return codes.")
            return self._for_unknown_errcode(code, entry.errmsg, advice, entry.rid)
        summary = errcode.meaning(self.language)
        if code in NOT_LISTED_ERRCODES and entry.ip:
            summary = self.text(
                N_("A proxy is in between: WeChat sees {ip}, which is not on the account's IP whitelist.")
                if is_through_proxy(entry.detail)
                else N_("This computer calls from {ip}, which is not on the account's IP whitelist."),
                ip=entry.ip,
            )
            if earlier := earlier_address(entry.detail):
                changed = self.text("The address has changed: before, WeChat saw {earlier}.", earlier=earlier)
                summary = join_sentences(summary, changed)
        advice = errcode.fix(self.language, platform)
        retry_at = manual_retry_at(entry, self.errcode_catalog)
        if retry_at is not None:
            wait = self.text("WeChat takes calls again at {time}.", time=self.format_time(retry_at))
            advice = join_sentences(advice, wait)
        return Message(summary, advice, _code_text(code, entry.rid))

    def _for_unknown_errcode(self, errcode: int, errmsg: str, advice: str = "", rid: str | None = None) -> Message:
        """Return what the lists have about an errcode that is not among the common ones, else WeChat's errmsg."""
        for listed in self.errcode_catalog.lists.find(errcode, ErrcodeHost.API):
            todo = listed.fix(self.language) or listed.cause(self.language)
            return Message(self.listed_meaning(listed), join_sentences(todo, advice), _code_text(errcode, rid))
        summary = (
            self.text("WeChat answered with a number that Guard Dog does not know: {errmsg}", errmsg=errmsg)
            if errmsg
            else self.text("WeChat answered with a number that Guard Dog does not know.")
        )
        return Message(summary, advice, _code_text(errcode, rid))

    def _find_errcode(self, errcode: int, endpoint: str) -> Errcode | None:
        """Return the catalogue's entry; 40001 of a token call is always about the AppSecret."""
        if errcode == 40001 and self.errcode_catalog.kind_for(errcode, endpoint) is ErrcodeKind.CONFIG:
            return self.errcode_catalog.find(_WRONG_SECRET_ERRCODE) or self.errcode_catalog.find(errcode)
        return self.errcode_catalog.find(errcode)

    def _for_no_answer(self, entry: HistoryEntry) -> Message:
        word, _, detail = entry.detail.partition(" ")
        kind = FailureKind(word) if word in set(FailureKind) else FailureKind.UNEXPECTED_JSON
        status = detail if kind is FailureKind.HTTP_STATUS else ""
        code = f"HTTP {status}" if status else ""
        if detail.startswith(CONTRADICTION):
            code = detail.removeprefix(CONTRADICTION).strip()
        return self.message(*_failure_texts(kind, detail), status=status, code=code)

    def _for_budget(self, entry: HistoryEntry) -> Message:
        word, _, number = entry.detail.partition(" ")
        if word == retries.FORCE_DENIED and number.isdecimal():
            at = float(number)
            left = 1 if at <= entry.at + policy.FORCED_INTERVAL_S else 0
            return self.force_refused(ForceAllowance(is_allowed=False, allowed_at=at, remaining_today=left))
        return self.message(
            "Guard Dog's own limit of {limit} automatic calls a day is used up for this account.",
            "It goes on at {time}. Until then refresh by hand, and look in the history for what used the calls up.",
            limit=policy.DAILY_CALL_BUDGET,
            time=self.format_time(beijing_day_start(entry.at) + DAY_S),
        )

    def force_refused(self, allowance: ForceAllowance) -> Message:
        if allowance.remaining_today:
            return self.message(
                "WeChat takes forced refreshes only 30 seconds apart.", "Wait half a minute, then force it again."
            )
        return self.message(
            "All {limit} forced refreshes of today are used up.",
            "Force it again at {time}.",
            limit=policy.DAILY_FORCED_MAX,
            time=self.format_time(allowance.allowed_at),
        )

    def for_failed_query(self, answer: "Refusal | TransportFailure | NoLiveToken") -> Message:
        match answer:
            case TransportFailure(kind, detail):
                status = detail if kind is FailureKind.HTTP_STATUS else ""
                return self.message(*_failure_texts(kind, detail), status=status)
            case Refusal(code, errmsg, rid):
                errcode = self.errcode_catalog.find(code)
                if errcode is None:
                    return self._for_unknown_errcode(code, errmsg, rid=rid)
                return Message(errcode.meaning(self.language), errcode.fix(self.language), _code_text(code, rid))
            case _:
                return self.message("There is no live access_token to ask with.", "Refresh it first.")
