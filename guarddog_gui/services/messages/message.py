"""One clear sentence for everything that can happen: what it was, and what to do next."""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from guarddog_gui.domain.accounts.account import Account, Endpoint, Platform
from guarddog_gui.domain.accounts.existing_files import FolderContents
from guarddog_gui.domain.accounts.keyring_results import (
    KeyringIsDown,
    KeyringIsLocked,
    NotPersisted,
    SecretMissing,
)
from guarddog_gui.domain.errors import BadApiBase, BadInput, FileError, LockBusy, NoSuchAccount
from guarddog_gui.domain.message_catalog import MessageCatalog
from guarddog_gui.domain.refresh import policy
from guarddog_gui.domain.refresh.backoff import manual_retry_at
from guarddog_gui.domain.refresh.history import AttemptResult, HistoryEntry, Trigger
from guarddog_gui.domain.refresh.policy import ForceAllowance
from guarddog_gui.domain.refresh.status import KeyState, KeyStatus, Overview
from guarddog_gui.domain.tokens.expiry import DAY_S
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord
from guarddog_gui.domain.wechat.errcodes import Errcode, ErrcodeCatalog, ErrcodeKind, beijing_day_start
from guarddog_gui.domain.wechat.protocol import FailureKind, Refusal, TransportFailure, redact_api_base
from guarddog_gui.services.account_queries import NoLiveToken
from guarddog_gui.services.accounts import AccountNotSaved, AccountRemoved, AccountSaved, VerificationResult
from guarddog_gui.services.refresh import RefreshResult

if TYPE_CHECKING:
    from guarddog_gui.domain.wechat.jssdk_errors import JssdkError

LISTED_NAMES_MAX = 5  # files that are named before it says that there are more
_IP_ERRCODES = frozenset({40164, 61004})
_SECRET_PROBLEMS = frozenset({"empty-secret", "bad-secret"})
_WRONG_SECRET_ERRCODE = 40125  # what 40001 means where a token is asked for


@dataclass(frozen=True, slots=True)
class Message:
    """What happened, what to do next, and the number to show in grey behind it; the last two may be empty."""

    summary: str
    advice: str = ""
    code: str = ""

    @property
    def text(self) -> str:
        """All of it in one line."""
        said = _join(self.summary, self.advice)
        return f"{said} ({self.code})" if self.code else said


def _join(first: str, second: str) -> str:
    """Two sentences in one line; Chinese ones need no space between them."""
    gap = " " if first and second and first[-1].isascii() else ""
    return first + gap + second


class Messages:
    """Says the values of domain and services in a person's language.

    `local_time` turns Unix seconds into what a clock on the wall shows, with the date if it is another day.
    """

    def __init__(
        self,
        message_catalog: MessageCatalog,
        errcode_catalog: ErrcodeCatalog,
        format_local_time: Callable[[float], str],
    ) -> None:
        self.message_catalog = message_catalog
        self.errcode_catalog = errcode_catalog
        self._format_local_time = format_local_time

    # -- single words -----------------------------------------------------------------------------

    def text(self, key: str, /, **values: object) -> str:
        """The text of a key of `words.json`."""
        return self.message_catalog.text(key, **values)

    def format_time(self, at: float) -> str:
        """Unix seconds as a clock on the wall shows them."""
        return self._format_local_time(at)

    def key_name(self, kind: TokenKind | str) -> str:
        """`access_token`, `jsapi_ticket`, `wx_card ticket`."""
        return self.text(f"name-{kind}")

    def state_name(self, state: KeyState) -> str:
        return self.text(f"state-{_to_key_part(state)}")

    def trigger_name(self, trigger: Trigger) -> str:
        return self.text(f"trigger-{_to_key_part(trigger)}")

    def result_name(self, result: AttemptResult) -> str:
        return self.text(f"result-{_to_key_part(result)}")

    def error_kind_name(self, kind: ErrcodeKind) -> str:
        return self.text(f"kind-{_to_key_part(kind)}")

    def errcode_kind_name(self, errcode: Errcode) -> str:
        """The kind of an errcode, or that it is none."""
        return self.text("success") if errcode.is_success else self.error_kind_name(errcode.kind)

    def errcode_reaction(self, errcode: Errcode) -> str:
        """What Guard Dog does about an errcode, and how long WeChat makes everybody wait; empty for 0."""
        if errcode.is_success:
            return ""
        reaction = self.text(f"reaction-{errcode.kind}")
        wait = errcode.wait
        if wait is None:
            return reaction
        if wait.until is not None:
            return _join(reaction, self.text(f"wait-{wait.until}"))
        return _join(
            reaction, self.text("WeChat takes calls again after {seconds} seconds.", seconds=wait.seconds)
        )

    def jssdk_checks(self, error: "JssdkError") -> tuple[str, ...]:
        """What to check about a message of the JS-SDK, as a numbered list with its heading."""
        causes = enumerate(error.causes(self.message_catalog.language), 1)
        return (self.text("Check in this order:"), *(f"{number}. {cause}" for number, cause in causes))

    def platform_name(self, platform: Platform) -> str:
        return self.text(f"platform-{platform}")

    # -- the whole at a glance --------------------------------------------------------------------

    def headline(self, overview: Overview) -> str:
        """`3 of 4 fresh · next refresh 14:32`."""
        if not overview.accounts:
            return self.text("No account yet")
        fresh = self.text("{fresh} of {all} fresh", fresh=overview.fresh_count, all=len(overview.keys))
        then = self._next_refresh_text(overview)
        return f"{fresh} · {then}" if then else fresh

    def _next_refresh_text(self, overview: Overview) -> str:
        paused = overview.paused_until
        if paused is not None:
            if math.isinf(paused):
                return self.text("paused")
            return self.text("paused until {time}", time=self._format_local_time(paused))
        if overview.next_attempt_at is None:
            return ""
        if overview.next_attempt_at <= overview.at:
            return self.text("refreshing now")
        return self.text("next refresh {time}", time=self._format_local_time(overview.next_attempt_at))

    def key_state_text(self, key: KeyStatus, now: float) -> str:
        """`fresh until 16:05`, or the state alone where no value works."""
        record = key.usable_record(now)
        if record is None:
            return self.state_name(key.state)
        return self.text(
            "{state} until {time}",
            state=self.state_name(key.state),
            time=self._format_local_time(record.expires_at),
        )

    # -- attempts ---------------------------------------------------------------------------------

    def for_refresh_result(self, result: RefreshResult) -> Message:
        """What came of an order for one key, with the time until which its value is good."""
        return self.for_entry(result.entry, record=result.record)

    def for_entry(
        self, entry: HistoryEntry, *, record: TokenRecord | None = None, next_at: float | None = None
    ) -> Message:
        """What came of an attempt. `next_at` is when it is tried again by itself (Unix seconds), if it is."""
        said = self._for_success(entry, record) if entry.is_success else self._for_failure(entry)
        if next_at is None or entry.is_success:
            return said
        return replace(
            said,
            advice=_join(
                said.advice,
                self.text("Guard Dog tries again at {time}.", time=self._format_local_time(next_at)),
            ),
        )

    def _for_success(self, entry: HistoryEntry, record: TokenRecord | None) -> Message:
        if entry.result is AttemptResult.QUOTA_CLEARED:
            return Message(self.text("The day's counters are at zero again."))
        key = self.key_name(entry.key)
        match entry.result:
            case AttemptResult.NEW:
                return Message(self._value_text("got-new", "got-new-until", key, record))
            case AttemptResult.SAME:
                ticket = entry.key != TokenKind.ACCESS_TOKEN
                why = self.text(
                    "It keeps one until that is about to expire."
                    if ticket
                    else "It makes a new one only in the last five minutes."
                )
                return Message(self._value_text("got-same", "got-same-until", key, record), why)
            case AttemptResult.ADOPTED:
                return Message(
                    self.text("Another program had already fetched a newer {key}; that one is used.", key=key)
                )
            case _:
                return Message(self.text("The {key} is still fresh; nothing had to be done.", key=key))

    def _for_failure(self, entry: HistoryEntry) -> Message:
        match entry.result:
            case AttemptResult.REFUSED:
                return self._for_refusal(entry)
            case AttemptResult.NO_ANSWER:
                return self._for_no_answer(entry)
            case AttemptResult.NO_SECRET:
                return self.for_keyring_result(SecretMissing())
            case AttemptResult.KEYRING_LOCKED:
                return self.for_keyring_result(KeyringIsLocked(entry.detail))
            case AttemptResult.KEYRING_DOWN:
                return self.for_keyring_result(KeyringIsDown(entry.detail))
            case AttemptResult.NOT_WRITTEN:
                return self._for_write_error(entry)
            case AttemptResult.LOCK_BUSY:
                return Message(
                    self.text("Another program is refreshing this account and takes long."),
                    self.text("Wait a moment, then try again."),
                )
            case AttemptResult.BUDGET_EXCEEDED:
                return self._for_budget(entry)
            case _:
                return Message(
                    self.text("Guard Dog made a mistake of its own."),
                    self.text("Please report it; the log has what happened."),
                )

    def _for_write_error(self, entry: HistoryEntry) -> Message:
        path, _, reason = entry.detail.rpartition(": ")
        if not entry.calls:  # the account's lock: WeChat was not even asked
            return self.for_file_error(FileError(path, reason))
        what = self.text(
            "WeChat gave the {key}, but it could not be written to {path}: {reason}.",
            key=self.key_name(entry.key),
            path=path,
            reason=self.file_error_reason(reason),
        )
        return Message(what, self._file_error_advice(reason))

    def _value_text(
        self, key_without_time: str, key_with_time: str, key_name: str, record: TokenRecord | None
    ) -> str:
        if record is None:
            return self.text(key_without_time, key=key_name)
        return self.text(key_with_time, key=key_name, time=self._format_local_time(record.expires_at))

    def _for_refusal(self, entry: HistoryEntry) -> Message:
        code = entry.errcode or 0
        known = self._find_errcode(code, entry.endpoint)
        if known is None:
            return self._for_unknown_errcode(
                code,
                entry.errmsg,
                self.text(
                    "Try again later. If it stays, look the number up in WeChat's list of return codes."
                ),
            )
        what = known.meaning(self.message_catalog.language)
        if code in _IP_ERRCODES and entry.ip:
            what = self.text(
                "This computer calls from {ip}, which is not on the account's IP whitelist.", ip=entry.ip
            )
        todo = known.fix(self.message_catalog.language)
        again = manual_retry_at(entry, self.errcode_catalog)
        if again is not None:
            todo = _join(
                todo, self.text("WeChat takes calls again at {time}.", time=self._format_local_time(again))
            )
        return Message(what, todo, str(code))

    def _for_unknown_errcode(self, errcode: int, errmsg: str, advice: str = "") -> Message:
        what = (
            self.text("WeChat answered with a number that Guard Dog does not know: {errmsg}", errmsg=errmsg)
            if errmsg
            else self.text("WeChat answered with a number that Guard Dog does not know.")
        )
        return Message(what, advice, str(errcode))

    def _find_errcode(self, errcode: int, endpoint: str) -> Errcode | None:
        """The catalogue's entry; 40001 of a token call is about the AppSecret and about nothing else."""
        if errcode == 40001 and self.errcode_catalog.kind_for(errcode, endpoint) is ErrcodeKind.CONFIG:
            return self.errcode_catalog.find(_WRONG_SECRET_ERRCODE) or self.errcode_catalog.find(errcode)
        return self.errcode_catalog.find(errcode)

    def _for_no_answer(self, entry: HistoryEntry) -> Message:
        word, _, detail = entry.detail.partition(" ")
        how = FailureKind(word) if word in set(FailureKind) else FailureKind.UNEXPECTED_JSON
        status = detail if how is FailureKind.HTTP_STATUS else ""
        what = self.text(f"unheard-{how}", status=status)
        return Message(what, self.text(f"unheard-{how}-todo"), f"HTTP {status}" if status else "")

    def _for_budget(self, entry: HistoryEntry) -> Message:
        word, _, number = entry.detail.partition(" ")
        if word == policy.FORCE_DENIED and number.isdecimal():
            at = float(number)
            left = 1 if at <= entry.at + policy.FORCED_INTERVAL_S else 0
            return self.force_refused(ForceAllowance(is_allowed=False, allowed_at=at, remaining_today=left))
        tomorrow = beijing_day_start(entry.at) + DAY_S
        return Message(
            self.text(
                "Guard Dog's own limit of {limit} automatic calls a day is used up for this account.",
                limit=policy.DAILY_CALL_BUDGET,
            ),
            self.text(
                "It goes on at {time}. Until then refresh by hand, and look in the history for "
                "what used the calls up.",
                time=self._format_local_time(tomorrow),
            ),
        )

    def for_keyring_result(
        self, result: KeyringIsLocked | KeyringIsDown | NotPersisted | SecretMissing
    ) -> Message:
        """Why the keyring gave or kept nothing."""
        match result:
            case SecretMissing():
                return Message(
                    self.text("The keyring has no AppSecret for this account."),
                    self.text(
                        "Enter the AppSecret again: edit the account, or run guarddogctl accounts add."
                    ),
                )
            case KeyringIsLocked():
                return Message(self.text("The keyring is locked."), self.text("Unlock it, then try again."))
            case KeyringIsDown("no answer"):
                return Message(
                    self.text("The keyring is there and does not answer."),
                    self.text("Look for a window of it that waits; else log out and in, then try again."),
                )
            case KeyringIsDown("too long"):
                return self.for_bad_input("bad-secret")
            case KeyringIsDown("" | "no keyring answers"):
                return Message(
                    self.text("No keyring answers."),
                    self.text(
                        "Start the keyring of the desktop (GNOME Keyring, KWallet or KeePassXC), then try "
                        "again."
                    ),
                )
            case KeyringIsDown(detail):  # a name from the keyring's own library: nobody has words for it
                return Message(
                    self.text("The keyring reported an error."),
                    self.text(
                        "Check that the keyring of the desktop runs and can be opened, then try again."
                    ),
                    detail,
                )
            case NotPersisted():
                return Message(
                    self.text("The keyring took the AppSecret and kept nothing."),
                    self.text(
                        "Choose a keyring that stores: look at the backend that keyring uses (keyring "
                        "diagnose)."
                    ),
                )

    # -- accounts ---------------------------------------------------------------------------------

    def for_verification(self, result: VerificationResult) -> Message:
        """What WeChat says to an AppID and AppSecret."""
        if not result.is_valid:
            return self.for_entry(result.entry)
        good = self.text("AppID and AppSecret work.")
        return Message(
            _join(
                good,
                self.text(
                    "WeChat refuses the token in ACCESS_TOKEN.dog: the one of this check takes its place."
                ),
            )
            if result.existing_token_rejected
            else good
        )

    def for_save(self, result: AccountSaved | AccountNotSaved) -> Message:
        """Whether an account is in both stores, and if not, why."""
        name = result.account.name
        if isinstance(result, AccountSaved):
            return Message(self.text("{name} is saved.", name=name))
        reason = result.error
        why = (
            self.for_file_error(reason) if isinstance(reason, FileError) else self.for_keyring_result(reason)
        )
        return replace(why, summary=_join(self.text("{name} is not saved.", name=name), why.summary))

    def for_existing_files(self, folder: FolderContents, kinds: tuple[TokenKind, ...], now: float) -> Message:
        """What the chosen folder has for an account with these keys; empty where it has nothing."""
        if folder.error is not None:
            return self.for_file_error(folder.error)
        folder = folder.for_token_kinds(kinds)
        said = ""
        for file in folder.files:
            time = self._format_local_time(file.record.expires_at) if file.record is not None else ""
            said = _join(said, self.text(f"found-{file.action(now)}", key=file.kind, time=time))
            if file.is_owned_by_other_user and not (file.is_link or file.is_folder):
                said = _join(
                    said,
                    self.text(
                        "{key}.dog belongs to another user, who cannot read it any more once Guard Dog has "
                        "replaced it (mode 0600).",
                        key=file.kind,
                    ),
                )
        if folder.other_dog_files:
            names = ", ".join(folder.other_dog_files[:LISTED_NAMES_MAX])
            if len(folder.other_dog_files) > LISTED_NAMES_MAX:
                names = self.text(
                    "{names} and {more} more",
                    names=names,
                    more=len(folder.other_dog_files) - LISTED_NAMES_MAX,
                )
            said = _join(said, self.text("Other .dog files are left alone: {names}.", names=names))
        return Message(said)

    def for_removal(self, result: AccountRemoved) -> Message:
        """That an account is gone, and what could not be removed with it."""
        what = self.text("{name} is removed.", name=result.account.name)
        match result.cleanup_error:
            case None:
                return Message(what)
            case FileError() as trouble:
                left = self.text(
                    "Its files could not be removed: {path}: {reason}.",
                    path=trouble.path,
                    reason=self.file_error_reason(trouble.reason),
                )
                return Message(_join(what, left), self.text("Delete them by hand."))
            case _:
                todo = self.text(
                    "Unlock the keyring and delete the entry guarddog:{appid} there.",
                    appid=result.account.appid,
                )
                return Message(_join(what, self.text("Its AppSecret is still in the keyring.")), todo)

    def classic_warning(self) -> Message:
        """What the classic endpoint does to others."""
        return Message(
            self.text(
                "The classic endpoint makes a new token each time: the ones that your servers hold "
                "die within five minutes."
            ),
            self.text("Take stable unless no other program uses this account."),
        )

    # -- forcing ----------------------------------------------------------------------------------

    def force_cost(self, account: Account, allowance: ForceAllowance) -> Message:
        """What a forced refresh ends, and how many are left today: to be read before it is done."""
        classic = account.endpoint is Endpoint.CLASSIC
        cost = "force-cost-classic" if classic else "force-cost-stable"
        return Message(self.text(cost, name=account.name, left=allowance.remaining_today))

    def force_refused(self, allowance: ForceAllowance) -> Message:
        """Why a token may not be forced now, and when it may."""
        why = (
            self.text("WeChat takes forced refreshes only 30 seconds apart.")
            if allowance.remaining_today
            else self.text(
                "All {limit} forced refreshes of today are used up.", limit=policy.DAILY_FORCED_MAX
            )
        )
        return Message(
            why, self.text("Force it again at {time}.", time=self._format_local_time(allowance.allowed_at))
        )

    def ticket_not_forced(self, kind: TokenKind) -> Message:
        """Why --force is not for a ticket."""
        return Message(
            self.text(
                "A {key} cannot be forced: WeChat keeps giving the same one while it lives.",
                key=self.key_name(kind),
            ),
            self.text("Refresh it without --force."),
        )

    # -- input and files --------------------------------------------------------------------------

    def for_file_error(self, error: FileError) -> Message:
        """Which file, what is wrong with it and where to look."""
        what = self.text(
            "{path} could not be read or written: {reason}.",
            path=error.path,
            reason=self.file_error_reason(error.reason),
        )
        return Message(what, self._file_error_advice(error.reason))

    def _file_error_advice(self, reason: str) -> str:
        key = f"reason-{_to_key_part(reason)}-todo"
        return self.text(key if self.message_catalog.has(key) else "file-trouble-todo")

    def file_error_reason(self, reason: str) -> str:
        """What the adapters say about a file; the system's own words stay as they come."""
        size = re.fullmatch(r"larger than ([0-9]+) bytes", reason)
        if size is not None:
            return self.text("larger than {bytes} bytes", bytes=size[1])
        key = f"reason-{_to_key_part(reason)}"
        return self.text(key) if self.message_catalog.has(key) else reason

    def for_bad_input(self, problem: BadInput | str) -> Message:
        """What cannot be used, and what can; `problem` is what `account_problem` and its like return."""
        key = str(problem)
        if isinstance(problem, BadApiBase):
            source = problem.variable or self.text("the Preferences")
            what = self.text(
                "This address of the WeChat API cannot be used. It is “{address}”, from {source}.",
                address=redact_api_base(problem.api_base),
                source=source,
            )
            return Message(
                what,
                self.text(
                    "Take an https address; plain http is for this computer only. Where neither the "
                    "Preferences nor GUARDDOG_API_BASE names one, it is https://api.weixin.qq.com."
                ),
            )
        if not self.message_catalog.has(key):
            return Message(
                self.text("A value cannot be used: {detail}", detail=key),
                self.text("Correct it, then try again."),
            )
        todo = "secret-todo" if key in _SECRET_PROBLEMS else f"{key}-todo"
        what = self.text(key)
        about = problem.subject if isinstance(problem, BadInput) else ""
        return Message(
            self.text("About {name}: {text}", name=about, text=what) if about else what, self.text(todo)
        )

    def for_failed_query(self, answer: Refusal | TransportFailure | NoLiveToken) -> Message:
        """Why a question to WeChat has no answer."""
        match answer:
            case NoLiveToken():
                return Message(
                    self.text("There is no live access_token to ask with."), self.text("Refresh it first.")
                )
            case TransportFailure(how, detail):
                status = detail if how is FailureKind.HTTP_STATUS else ""
                return Message(self.text(f"unheard-{how}", status=status), self.text(f"unheard-{how}-todo"))
            case Refusal(errcode, errmsg):
                known = self.errcode_catalog.find(errcode)
                if known is None:
                    return self._for_unknown_errcode(errcode, errmsg)
                language = self.message_catalog.language
                return Message(known.meaning(language), known.fix(language), str(errcode))

    def for_superseded_token(self, entry: HistoryEntry, account: Account) -> Message:
        """That somebody took the token, when, and what helps."""
        what = self.text(
            "At {time} WeChat refused an access_token that should still have been alive. "
            "Probably another program made a new one.",
            time=self._format_local_time(entry.at),
        )
        classic = account.endpoint is Endpoint.CLASSIC
        return Message(
            what,
            self.text(
                "The classic endpoint lets programs take each other's tokens; stable_token gives "
                "everybody the same."
                if classic
                else "Look for a program that forces refreshes, or for a console where the AppSecret "
                "was reset."
            ),
        )

    def for_foreign_writes(self, key: str, write_count: int) -> Message:
        """That another program refreshes this key, how often within the last hour, and what helps."""
        what = self.text(
            "Another program refreshes {key}.dog: once in the last hour. Its newer value is taken over."
            if write_count == 1
            else "Another program refreshes {key}.dog: {times} times in the last hour. Its newer "
            "values are taken over.",
            key=key,
            times=write_count,
        )
        return Message(what, self.text("Let it follow: with the loader for Node it only reads the file."))

    def for_clock_skew(self, minutes: int) -> Message:
        """That the clock is wrong, by `Overview.skew_min`."""
        ahead = self.text(
            "The clock of this computer is {minutes} minutes ahead of WeChat's.", minutes=minutes
        )
        what = (
            ahead
            if minutes > 0
            else self.text(
                "The clock of this computer is {minutes} minutes behind WeChat's.", minutes=-minutes
            )
        )
        return Message(
            what, self.text("Set it right: countdowns and the timestamps of signatures depend on it.")
        )

    def for_error(self, error: BadInput | FileError | LockBusy | NoSuchAccount) -> Message:
        """Why a job could not be done, for the exceptions that can be expected."""
        match error:
            case FileError():
                return self.for_file_error(error)
            case LockBusy():
                return Message(
                    self.text("Another program is refreshing this account and takes long."),
                    self.text("Wait a moment, then try again."),
                )
            case NoSuchAccount():
                return Message(
                    self.text("No account is called “{wanted}”.", wanted=str(error)),
                    self.text("See what there is with guarddogctl accounts list."),
                )
            case BadInput():
                return self.for_bad_input(error)

    def for_crash(self) -> Message:
        """That a mistake of ours stopped something."""
        return Message(
            self.text("Guard Dog made a mistake of its own."),
            self.text("Please report it; the log has what happened."),
        )

    def for_damaged_file(self, backup_path: str) -> Message:
        """Where a damaged file of ours is kept."""
        return Message(
            self.text("A damaged file was found and is kept as {kept}.", kept=backup_path),
            self.text("Guard Dog goes on without it; take out of it by hand what you need."),
        )


def _to_key_part(word: str) -> str:
    return word.replace(" ", "-")
