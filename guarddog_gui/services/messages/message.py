"""One clear sentence for everything that can happen: what it was, and what to do next."""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from guarddog_gui.domain.accounts.account import Account, Endpoint, Platform
from guarddog_gui.domain.accounts.existing_files import FoundFolder
from guarddog_gui.domain.accounts.keyring_results import Locked, Lost, Missing, Unavailable
from guarddog_gui.domain.errors import BadAddress, BadInput, FileTrouble, LockBusy, NoSuchAccount
from guarddog_gui.domain.message_catalog import Words
from guarddog_gui.domain.refresh import policy
from guarddog_gui.domain.refresh.history import Entry, Result, Trigger
from guarddog_gui.domain.refresh.policy import MayForce
from guarddog_gui.domain.refresh.status import KeyStatus, Overview, State
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord
from guarddog_gui.domain.wechat.errcodes import Catalogue, Errcode, ErrKind, beijing_day_start
from guarddog_gui.domain.wechat.protocol import Refusal, Silence, Unheard, shown_address
from guarddog_gui.services.account_queries import NoToken
from guarddog_gui.services.accounts import NotSaved, Removed, Saved, Verdict
from guarddog_gui.services.refresh import Outcome

if TYPE_CHECKING:
    from guarddog_gui.domain.wechat.jssdk_errors import JssdkError

NAMES_MAX = 5  # files that are named before it says that there are more
_IP_CODES = frozenset({40164, 61004})
_SECRET_PROBLEMS = frozenset({"empty-secret", "bad-secret"})
_WRONG_SECRET = 40125  # what 40001 means where a token is asked for


@dataclass(frozen=True, slots=True)
class Sentence:
    """What happened, what to do next, and the number to show in grey behind it; the last two may be empty."""

    what: str
    todo: str = ""
    code: str = ""

    @property
    def text(self) -> str:
        """All of it in one line."""
        said = _joined(self.what, self.todo)
        return f"{said} ({self.code})" if self.code else said


def _joined(first: str, second: str) -> str:
    """Two sentences in one line; Chinese ones need no space between them."""
    gap = " " if first and second and first[-1].isascii() else ""
    return first + gap + second


class Sentences:
    """Says the values of domain and services in a person's language.

    `local_time` turns Unix seconds into what a clock on the wall shows, with the date if it is another day.
    """

    def __init__(self, words: Words, catalogue: Catalogue, local_time: Callable[[float], str]) -> None:
        self.words = words
        self.catalogue = catalogue
        self._time = local_time

    # -- single words -----------------------------------------------------------------------------

    def say(self, key: str, /, **values: object) -> str:
        """The text of a key of `words.json`."""
        return self.words.say(key, **values)

    def time(self, at: float) -> str:
        """Unix seconds as a clock on the wall shows them."""
        return self._time(at)

    def key(self, kind: TokenKind | str) -> str:
        """`access_token`, `jsapi_ticket`, `wx_card ticket`."""
        return self.say(f"name-{kind}")

    def state(self, state: State) -> str:
        return self.say(f"state-{_dashed(state)}")

    def trigger(self, trigger: Trigger) -> str:
        return self.say(f"trigger-{_dashed(trigger)}")

    def result(self, result: Result) -> str:
        return self.say(f"result-{_dashed(result)}")

    def kind(self, kind: ErrKind) -> str:
        return self.say(f"kind-{_dashed(kind)}")

    def kind_of(self, known: Errcode) -> str:
        """The kind of an errcode, or that it is none."""
        return self.say("kind-success") if known.is_success else self.kind(known.kind)

    def reaction(self, known: Errcode) -> str:
        """What Guard Dog does about an errcode, and how long WeChat makes everybody wait; empty for 0."""
        if known.is_success:
            return ""
        reaction = self.say(f"reaction-{known.kind}")
        wait = known.wait
        if wait is None:
            return reaction
        if wait.until is not None:
            return _joined(reaction, self.say(f"wait-{wait.until}"))
        return _joined(reaction, self.say("wait-seconds", seconds=wait.seconds))

    def checks(self, error: "JssdkError") -> tuple[str, ...]:
        """What to check about a message of the JS-SDK, as a numbered list with its heading."""
        causes = enumerate(error.causes(self.words.language), 1)
        return (self.say("jssdk-checks"), *(f"{number}. {cause}" for number, cause in causes))

    def platform(self, platform: Platform) -> str:
        return self.say(f"platform-{platform}")

    # -- the whole at a glance --------------------------------------------------------------------

    def headline(self, overview: Overview) -> str:
        """`3 of 4 fresh · next refresh 14:32`."""
        if not overview.accounts:
            return self.say("headline-none")
        fresh = self.say("headline-fresh", fresh=overview.fresh, all=len(overview.keys))
        then = self._then(overview)
        return f"{fresh} · {then}" if then else fresh

    def _then(self, overview: Overview) -> str:
        paused = overview.paused_until
        if paused is not None:
            if math.isinf(paused):
                return self.say("headline-paused")
            return self.say("headline-paused-until", time=self._time(paused))
        if overview.next_at is None:
            return ""
        if overview.next_at <= overview.at:
            return self.say("headline-now")
        return self.say("headline-next", time=self._time(overview.next_at))

    def key_state(self, key: KeyStatus, now: float) -> str:
        """`fresh until 16:05`, or the state alone where no value works."""
        record = key.usable(now)
        if record is None:
            return self.state(key.state)
        return self.say("fresh-until", state=self.state(key.state), time=self._time(record.expires_at))

    # -- attempts ---------------------------------------------------------------------------------

    def outcome(self, outcome: Outcome) -> Sentence:
        """What came of an order for one key, with the time until which its value is good."""
        return self.entry(outcome.entry, record=outcome.record)

    def entry(
        self, entry: Entry, *, record: TokenRecord | None = None, next_at: float | None = None
    ) -> Sentence:
        """What came of an attempt. `next_at` is when it is tried again by itself (Unix seconds), if it is."""
        said = self._good(entry, record) if entry.is_good else self._failed(entry)
        if next_at is None or entry.is_good:
            return said
        return replace(said, todo=_joined(said.todo, self.say("again-at", time=self._time(next_at))))

    def _good(self, entry: Entry, record: TokenRecord | None) -> Sentence:
        if entry.result is Result.CLEARED:
            return Sentence(self.say("quota-cleared"))
        key = self.key(entry.key)
        match entry.result:
            case Result.NEW:
                return Sentence(self._got("got-new", "got-new-until", key, record))
            case Result.SAME:
                ticket = entry.key != TokenKind.ACCESS_TOKEN
                why = self.say("same-ticket-why" if ticket else "same-token-why")
                return Sentence(self._got("got-same", "got-same-until", key, record), why)
            case Result.ADOPTED:
                return Sentence(self.say("got-adopted", key=key))
            case _:
                return Sentence(self.say("got-still-fresh", key=key))

    def _failed(self, entry: Entry) -> Sentence:
        match entry.result:
            case Result.REFUSED:
                return self._refused(entry)
            case Result.UNHEARD:
                return self._unheard(entry)
            case Result.NO_SECRET:
                return self.keyring(Missing())
            case Result.KEYRING_LOCKED:
                return self.keyring(Locked(entry.detail))
            case Result.KEYRING_DOWN:
                return self.keyring(Unavailable(entry.detail))
            case Result.NOT_WRITTEN:
                return self._not_written(entry)
            case Result.BUSY:
                return Sentence(self.say("busy"), self.say("busy-todo"))
            case Result.BUDGET:
                return self._budget(entry)
            case _:
                return Sentence(self.say("bug"), self.say("bug-todo"))

    def _not_written(self, entry: Entry) -> Sentence:
        path, _, reason = entry.detail.rpartition(": ")
        if not entry.calls:  # the account's lock: WeChat was not even asked
            return self.file_trouble(FileTrouble(path, reason))
        what = self.say("not-written", key=self.key(entry.key), path=path, reason=self.reason(reason))
        return Sentence(what, self._file_todo(reason))

    def _got(self, bare: str, until: str, key: str, record: TokenRecord | None) -> str:
        if record is None:
            return self.say(bare, key=key)
        return self.say(until, key=key, time=self._time(record.expires_at))

    def _refused(self, entry: Entry) -> Sentence:
        code = entry.errcode or 0
        known = self._explained(code, entry.endpoint)
        if known is None:
            return self._unknown(code, entry.errmsg, self.say("unknown-errcode-todo"))
        what = known.meaning(self.words.language)
        if code in _IP_CODES and entry.ip:
            what = self.say("ip-not-listed", ip=entry.ip)
        todo = known.fix(self.words.language)
        again = policy.try_again_at(entry, self.catalogue)
        if again is not None:
            todo = _joined(todo, self.say("allowed-again", time=self._time(again)))
        return Sentence(what, todo, str(code))

    def _unknown(self, code: int, errmsg: str, todo: str = "") -> Sentence:
        what = self.say("unknown-errcode", errmsg=errmsg) if errmsg else self.say("unknown-errcode-bare")
        return Sentence(what, todo, str(code))

    def _explained(self, code: int, endpoint: str) -> Errcode | None:
        """The catalogue's entry; 40001 of a token call is about the AppSecret and about nothing else."""
        if code == 40001 and self.catalogue.kind(code, endpoint) is ErrKind.CONFIG:
            return self.catalogue.find(_WRONG_SECRET) or self.catalogue.find(code)
        return self.catalogue.find(code)

    def _unheard(self, entry: Entry) -> Sentence:
        word, _, detail = entry.detail.partition(" ")
        how = Unheard(word) if word in set(Unheard) else Unheard.NONSENSE
        status = detail if how is Unheard.HTTP_STATUS else ""
        what = self.say(f"unheard-{how}", status=status)
        return Sentence(what, self.say(f"unheard-{how}-todo"), f"HTTP {status}" if status else "")

    def _budget(self, entry: Entry) -> Sentence:
        word, _, number = entry.detail.partition(" ")
        if word == policy.FORCED and number.isdecimal():
            at = float(number)
            left = 1 if at <= entry.at + policy.FORCED_APART_S else 0
            return self.force_refused(MayForce(allowed=False, from_at=at, left_today=left))
        tomorrow = beijing_day_start(entry.at) + policy.DAY_S
        return Sentence(
            self.say("budget", limit=policy.BUDGET_A_DAY), self.say("budget-todo", time=self._time(tomorrow))
        )

    def keyring(self, answer: Locked | Unavailable | Lost | Missing) -> Sentence:
        """Why the keyring gave or kept nothing."""
        match answer:
            case Missing():
                return Sentence(self.say("no-secret"), self.say("no-secret-todo"))
            case Locked():
                return Sentence(self.say("keyring-locked"), self.say("keyring-locked-todo"))
            case Unavailable("no answer"):
                return Sentence(self.say("keyring-hangs"), self.say("keyring-hangs-todo"))
            case Unavailable("too long"):
                return self.bad_input("bad-secret")
            case Unavailable("" | "no keyring answers"):
                return Sentence(self.say("keyring-down"), self.say("keyring-down-todo"))
            case Unavailable(detail):  # a name from the keyring's own library: nobody has words for it
                return Sentence(self.say("keyring-failed"), self.say("keyring-failed-todo"), detail)
            case Lost():
                return Sentence(self.say("keyring-lost"), self.say("keyring-lost-todo"))

    # -- accounts ---------------------------------------------------------------------------------

    def verdict(self, verdict: Verdict) -> Sentence:
        """What WeChat says to an AppID and AppSecret."""
        if not verdict.is_good:
            return self.entry(verdict.entry)
        good = self.say("check-good")
        return Sentence(_joined(good, self.say("check-found-dead")) if verdict.found_dead else good)

    def saving(self, saving: Saved | NotSaved) -> Sentence:
        """Whether an account is in both stores, and if not, why."""
        name = saving.account.name
        if isinstance(saving, Saved):
            return Sentence(self.say("account-saved", name=name))
        reason = saving.reason
        why = self.file_trouble(reason) if isinstance(reason, FileTrouble) else self.keyring(reason)
        return replace(why, what=_joined(self.say("account-not-saved", name=name), why.what))

    def found(self, folder: FoundFolder, kinds: tuple[TokenKind, ...], now: float) -> Sentence:
        """What the chosen folder has for an account with these keys; empty where it has nothing."""
        if folder.trouble is not None:
            return self.file_trouble(folder.trouble)
        folder = folder.of_account(kinds)
        said = ""
        for file in folder.files:
            time = self._time(file.record.expires_at) if file.record is not None else ""
            said = _joined(said, self.say(f"found-{file.fate(now)}", key=file.kind, time=time))
            if file.is_somebody_elses and not (file.is_link or file.is_folder):
                said = _joined(said, self.say("found-somebody-elses", key=file.kind))
        if folder.others:
            names = ", ".join(folder.others[:NAMES_MAX])
            if len(folder.others) > NAMES_MAX:
                names = self.say("names-and-more", names=names, more=len(folder.others) - NAMES_MAX)
            said = _joined(said, self.say("found-others", names=names))
        return Sentence(said)

    def removed(self, removed: Removed) -> Sentence:
        """That an account is gone, and what could not be removed with it."""
        what = self.say("account-removed", name=removed.account.name)
        match removed.left_behind:
            case None:
                return Sentence(what)
            case FileTrouble() as trouble:
                left = self.say("left-dogs", path=trouble.path, reason=self.reason(trouble.reason))
                return Sentence(_joined(what, left), self.say("left-dogs-todo"))
            case _:
                todo = self.say("left-secret-todo", appid=removed.account.appid)
                return Sentence(_joined(what, self.say("left-secret")), todo)

    def classic_warning(self) -> Sentence:
        """What the classic endpoint does to others."""
        return Sentence(self.say("classic-warning"), self.say("classic-warning-todo"))

    # -- forcing ----------------------------------------------------------------------------------

    def force_costs(self, account: Account, may: MayForce) -> Sentence:
        """What a forced refresh ends, and how many are left today: to be read before it is done."""
        classic = account.endpoint is Endpoint.CLASSIC
        cost = "force-cost-classic" if classic else "force-cost-stable"
        return Sentence(self.say(cost, name=account.name, left=may.left_today))

    def force_refused(self, may: MayForce) -> Sentence:
        """Why a token may not be forced now, and when it may."""
        why = (
            self.say("force-wait") if may.left_today else self.say("force-used-up", limit=policy.FORCED_A_DAY)
        )
        return Sentence(why, self.say("force-again", time=self._time(may.from_at)))

    def ticket_not_forced(self, kind: TokenKind) -> Sentence:
        """Why --force is not for a ticket."""
        return Sentence(self.say("ticket-not-forced", key=self.key(kind)), self.say("ticket-not-forced-todo"))

    # -- input and files --------------------------------------------------------------------------

    def file_trouble(self, trouble: FileTrouble) -> Sentence:
        """Which file, what is wrong with it and where to look."""
        what = self.say("file-trouble", path=trouble.path, reason=self.reason(trouble.reason))
        return Sentence(what, self._file_todo(trouble.reason))

    def _file_todo(self, reason: str) -> str:
        key = f"reason-{_dashed(reason)}-todo"
        return self.say(key if self.words.knows(key) else "file-trouble-todo")

    def reason(self, reason: str) -> str:
        """What the adapters say about a file; the system's own words stay as they come."""
        size = re.fullmatch(r"larger than ([0-9]+) bytes", reason)
        if size is not None:
            return self.say("reason-too-large", bytes=size[1])
        key = f"reason-{_dashed(reason)}"
        return self.say(key) if self.words.knows(key) else reason

    def bad_input(self, problem: BadInput | str) -> Sentence:
        """What cannot be used, and what can; `problem` is what `account_problem` and its like return."""
        key = str(problem)
        if isinstance(problem, BadAddress):
            source = problem.source or self.say("preferences")
            what = self.say("bad-api-base-of", address=shown_address(problem.address), source=source)
            return Sentence(what, self.say("bad-api-base-todo"))
        if not self.words.knows(key):
            return Sentence(self.say("bad-input", detail=key), self.say("bad-input-todo"))
        todo = "secret-todo" if key in _SECRET_PROBLEMS else f"{key}-todo"
        what = self.say(key)
        about = problem.about if isinstance(problem, BadInput) else ""
        return Sentence(self.say("about", name=about, text=what) if about else what, self.say(todo))

    def unanswered(self, heard: Refusal | Silence | NoToken) -> Sentence:
        """Why a question to WeChat has no answer."""
        match heard:
            case NoToken():
                return Sentence(self.say("no-live-token"), self.say("no-live-token-todo"))
            case Silence(how, detail):
                status = detail if how is Unheard.HTTP_STATUS else ""
                return Sentence(self.say(f"unheard-{how}", status=status), self.say(f"unheard-{how}-todo"))
            case Refusal(errcode, errmsg):
                known = self.catalogue.find(errcode)
                if known is None:
                    return self._unknown(errcode, errmsg)
                language = self.words.language
                return Sentence(known.meaning(language), known.fix(language), str(errcode))

    def taken(self, entry: Entry, account: Account) -> Sentence:
        """That somebody took the token, when, and what helps."""
        what = self.say("notice-taken-what", time=self._time(entry.at))
        classic = account.endpoint is Endpoint.CLASSIC
        return Sentence(what, self.say("taken-todo-classic" if classic else "taken-todo"))

    def second_writer(self, key: str, times: int) -> Sentence:
        """That another program refreshes this key, how often within the last hour, and what helps."""
        what = self.say("second-writer-once" if times == 1 else "second-writer", key=key, times=times)
        return Sentence(what, self.say("second-writer-todo"))

    def skew(self, minutes: int) -> Sentence:
        """That the clock is wrong, by `Overview.skew_min`."""
        ahead = self.say("clock-ahead", minutes=minutes)
        what = ahead if minutes > 0 else self.say("clock-behind", minutes=-minutes)
        return Sentence(what, self.say("clock-todo"))

    def expected(self, reason: BadInput | FileTrouble | LockBusy | NoSuchAccount) -> Sentence:
        """Why a job could not be done, for the exceptions that can be expected."""
        match reason:
            case FileTrouble():
                return self.file_trouble(reason)
            case LockBusy():
                return Sentence(self.say("busy"), self.say("busy-todo"))
            case NoSuchAccount():
                return Sentence(
                    self.say("no-such-account", wanted=str(reason)), self.say("no-such-account-todo")
                )
            case BadInput():
                return self.bad_input(reason)

    def crash(self) -> Sentence:
        """That a mistake of ours stopped something."""
        return Sentence(self.say("bug"), self.say("bug-todo"))

    def set_aside(self, kept: str) -> Sentence:
        """Where a damaged file of ours is kept."""
        return Sentence(self.say("set-aside", kept=kept), self.say("set-aside-todo"))


def _dashed(word: str) -> str:
    return word.replace(" ", "-")
