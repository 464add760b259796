"""Adding, editing and removing accounts across two stores: the keyring and the account list."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

from guarddog_gui.domain.accounts.account import (
    Account,
    Endpoint,
    Secret,
    account_refusal,
    secret_problem,
    with_changes,
)
from guarddog_gui.domain.accounts.existing_files import FoundFolder
from guarddog_gui.domain.accounts.keyring_results import (
    Found,
    Kept,
    Locked,
    Looked,
    Lost,
    Missing,
    Stored,
    Unavailable,
)
from guarddog_gui.domain.errors import BadInput, FileTrouble, LockBusy, NoSuchAccount
from guarddog_gui.domain.exports.targets import outlets_clash, outlets_refusal
from guarddog_gui.domain.refresh.history import Entry, Result, Trigger
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord, fingerprint
from guarddog_gui.domain.wechat import account_queries as inquiries
from guarddog_gui.domain.wechat import protocol as wechat
from guarddog_gui.domain.wechat.errcodes import Catalogue, ErrKind
from guarddog_gui.domain.wechat.protocol import Answer, Grant, Refusal, Silence
from guarddog_gui.services.foreign_writes import ExplainedFiles
from guarddog_gui.services.ports import (
    AccountLock,
    AccountStore,
    Clock,
    DogStore,
    HistoryStore,
    OutletFiles,
    RecentUrls,
    SecretStore,
    Transport,
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What WeChat says to an AppID and AppSecret, before anything is saved.

    `entry` is the attempt for the history; `grant` is kept when the account is saved, so that the check
    has not cost a token; it is None unless WeChat gave one for the account's own endpoint. `found_dead` says
    that WeChat refused the token which lay in the account's new folder: then the grant takes its place.
    """

    account: Account
    answer: Answer | Looked
    entry: Entry
    grant: TokenRecord | None = None
    found_dead: bool = False

    @property
    def is_good(self) -> bool:
        """Whether the credentials work."""
        return isinstance(self.answer, Grant)


class Draft(StrEnum):
    """What somebody means who saves an account."""

    ANY = "any"  # add it, or change it if it is known
    ADD = "add"
    CHANGE = "change"


@dataclass(frozen=True, slots=True)
class Saved:
    """An account is in both stores."""

    account: Account


@dataclass(frozen=True, slots=True)
class NotSaved:
    """The keyring or the disk does not take it; nothing has changed."""

    account: Account
    reason: Locked | Unavailable | Lost | FileTrouble


@dataclass(frozen=True, slots=True)
class Removed:
    """An account is gone. `left_behind` says what could not be removed with it."""

    account: Account
    left_behind: Locked | Unavailable | FileTrouble | None = None


class AccountBook:
    """The accounts of this person."""

    def __init__(
        self,
        *,
        transport: Transport,
        secrets: SecretStore,
        accounts: AccountStore,
        dogs: DogStore,
        recent_urls: RecentUrls,
        lock: AccountLock,
        history: HistoryStore,
        catalogue: Catalogue,
        outlet_files: OutletFiles,
        clock: Clock,
    ) -> None:
        self._transport = transport
        self._secrets = secrets
        self._accounts = accounts
        self._dogs = dogs
        self._recent_urls = recent_urls
        self._lock = lock
        self._history = history
        self._catalogue = catalogue
        self._outlet_files = outlet_files
        self._clock = clock
        self._files = ExplainedFiles(dogs, history, clock)

    def check(self, account: Account, secret: Secret | None, trigger: Trigger = Trigger.PERSON) -> Verdict:
        """Ask WeChat once. `secret` None means the stored one. Raises BadInput with the key of a sentence.

        Always by stable_token in normal mode: it tries AppID, AppSecret and IP list just the same, and it
        cannot kill the token of anybody's servers.
        """
        self._refuse_bad(account, secret)
        self._refuse_clash(account)
        started = self._clock()
        entry = Entry(
            started, account.appid, TokenKind.ACCESS_TOKEN, trigger, Result.NEW, endpoint="stable_token"
        )
        if secret is None:
            looked = self._secrets.look_up(account.appid)
            if not isinstance(looked, Found):
                result = {Missing: Result.NO_SECRET, Locked: Result.KEYRING_LOCKED}.get(
                    type(looked), Result.KEYRING_DOWN
                )
                return Verdict(account, looked, replace(entry, result=result))
            secret = looked.secret
        asked = replace(account, endpoint=Endpoint.STABLE)
        sent = self._transport.send(wechat.token_request(asked, secret, force=False))
        answer = (
            sent
            if isinstance(sent, Silence)
            else wechat.parse_grant(sent, "access_token", hide=(secret.reveal(),))
        )
        entry = replace(entry, took_ms=max(0, round((self._clock() - started) * 1000)), calls=1)
        match answer:
            case Grant(value, expires_in):
                grant = TokenRecord(
                    value, expires_in, int(started * 1000), self._dogs.directory(account), account.ahead
                )
                entry = replace(entry, fingerprint=fingerprint(value), expires_at=grant.expires_at)
                dead = self._has_dead_token(account, value)
                keeps = account.endpoint is Endpoint.STABLE or dead
                return Verdict(account, answer, entry, grant if keeps else None, dead)
            case Refusal(errcode, errmsg, rid, ip):
                entry = replace(entry, result=Result.REFUSED, errcode=errcode, errmsg=errmsg, rid=rid, ip=ip)
            case Silence(how, detail, reached):
                entry = replace(
                    entry, result=Result.UNHEARD, calls=int(reached), detail=f"{how} {detail}".strip()
                )
        return Verdict(account, answer, entry)

    def _has_dead_token(self, account: Account, granted: str) -> bool:
        """Whether the folder that the account is to get has a token which should live, and WeChat refuses it.

        The call that asks is harmless. Without an answer the token is believed.
        """
        known = next((a for a in self._accounts.accounts() if a.appid == account.appid), None)
        if known is not None and self._dogs.share_folder(account, known):
            return False
        found = self._dogs.read(account, TokenKind.ACCESS_TOKEN)
        if found is None or found.left(self._clock()) <= 0 or found.value == granted:
            return False
        sent = self._transport.send(inquiries.alive_request(found.value))
        heard = sent if isinstance(sent, Silence) else inquiries.parse_alive(sent, found.value)
        if not isinstance(heard, Refusal):
            return False
        return self._catalogue.kind(heard.errcode, inquiries.ALIVE) is ErrKind.TOKEN

    def survey(self, account: Account) -> FoundFolder:
        """What is in the folder that the account is to get. Raises BadInput for another account's."""
        self._refuse_shared_folder(account)
        return self._dogs.survey(account)

    def save(
        self,
        account: Account,
        secret: Secret | None,
        verdict: Verdict | None = None,
        *,
        draft: Draft = Draft.ANY,
        seen: Account | None = None,
    ) -> Saved | NotSaved:
        """Add the account, or change it if its appid is known. `secret` None keeps the stored one.

        `draft` says what the list must have of it; whoever has `seen` the account changes only what differs
        from that: it may have been edited elsewhere since. The keyring comes first: an account without a
        secret would be a promise that cannot be kept. When the list cannot be written afterwards, the keyring
        gets back what it had. Raises BadInput with the key of a sentence.
        """
        wanted = account
        known = next((a for a in self._accounts.accounts() if a.appid == account.appid), None)
        account = _settled(wanted, draft, seen, known)
        self._refuse_bad(account, secret)
        self._refuse_clash(account)
        before: list[Account] = []
        kept: list[Account] = []  # and what came in its place

        def edit(known: tuple[Account, ...]) -> tuple[Account, ...]:
            before[:] = [a for a in known if a.appid == account.appid]
            kept[:] = [_settled(wanted, draft, seen, before[0] if before else None)]
            return with_account(known, kept[0])

        try:
            if known is None or self._dogs.directory(known) != self._dogs.directory(account):
                self._dogs.try_out(account)
            stored = self._keep(account.appid, secret, lambda: self._accounts.change(edit))
        except FileTrouble as trouble:
            return NotSaved(account, trouble)
        if not isinstance(stored, Stored):
            return NotSaved(account, stored)
        (account,) = kept
        moved = not before or self._dogs.directory(before[0]) != self._dogs.directory(account)
        mine = verdict if verdict is not None and verdict.account.appid == account.appid else None
        dead = mine is not None and mine.found_dead
        if mine is not None:
            self._keep_verdict(account, mine, spare_live=moved and not dead)
        if moved:
            self._adopt_files(account)
        return Saved(account)

    def remove(self, appid: str, *, purge: bool) -> Removed:
        """Forget an account, its secret and the addresses that were signed for it; the `.dog` files stay
        unless `purge`. Raises NoSuchAccount.

        The list comes first, so that a keyring that is locked cannot keep an account alive.
        """
        account = next((a for a in self._accounts.accounts() if a.appid == appid), None)
        if account is None:
            raise NoSuchAccount(appid)
        self._accounts.change(lambda known: tuple(a for a in known if a.appid != appid))
        kept = self._secrets.remove(appid)
        trouble: FileTrouble | None = None
        try:
            self._recent_urls.clear(appid)
        except FileTrouble as reason:
            trouble = reason
        if purge:
            try:
                with self._lock.hold(appid):  # a refresh that is under way would write them once more
                    self._dogs.purge(account)
            except LockBusy:
                folder = self._dogs.directory(account)
                trouble = FileTrouble(folder, "another program is changing it")
            except FileTrouble as reason:
                trouble = reason
        return Removed(account, kept if isinstance(kept, Locked | Unavailable) else trouble)

    def _keep(self, appid: str, secret: Secret | None, write_list: Callable[[], None]) -> Kept:
        """The secret, if there is a new one, and the list. Raises what `write_list` raises."""
        if secret is None:
            write_list()
            return Stored()
        had = self._secrets.look_up(appid)
        if isinstance(had, Locked | Unavailable):
            return had
        stored = self._secrets.keep(appid, secret)
        if isinstance(stored, Stored):
            try:
                write_list()
            except (FileTrouble, BadInput):
                self._put_back(appid, had)
                raise
        return stored

    def _put_back(self, appid: str, had: Looked) -> Kept:
        if isinstance(had, Found):
            return self._secrets.keep(appid, had.secret)
        return self._secrets.remove(appid)

    def _adopt_files(self, account: Account) -> None:
        """What lives in the folder is taken over, with a line that says so."""
        try:
            with self._lock.hold(account.appid):
                self._files.adopt(account, Trigger.PERSON)
        except (LockBusy, FileTrouble):
            pass  # then the first look of the running app takes it over

    def _keep_verdict(self, account: Account, verdict: Verdict, *, spare_live: bool) -> None:
        """The check's line of history, and its token where it is the account's own kind.

        `spare_live` is for a folder that was somebody else's: a program may hold the value that lives there.
        """
        self._history.append(verdict.entry)
        if verdict.grant is None or (account.endpoint is not Endpoint.STABLE and not verdict.found_dead):
            return
        try:
            with self._lock.hold(account.appid):
                current = self._dogs.read(account, TokenKind.ACCESS_TOKEN)
                is_newer = current is not None and current.generated_ms > verdict.grant.generated_ms
                if is_newer and not verdict.found_dead:
                    return  # refreshed while the person looked at the verdict
                now = self._clock()
                if spare_live and current is not None and current.left(now) > 0 and now < current.refresh_at:
                    return
                if verdict.found_dead:
                    self._dogs.purge(account)  # what lies beside a dead token is of no use either
                grant = replace(verdict.grant, directory=self._dogs.directory(account), ahead=account.ahead)
                self._dogs.write(account, TokenKind.ACCESS_TOKEN, grant)
        except (LockBusy, FileTrouble):
            pass  # the first refresh comes in a moment and says what is wrong

    def _refuse_bad(self, account: Account, secret: Secret | None) -> None:
        refusal = account_refusal(account) or outlets_refusal(self._outlet_files.real(account.outlets))
        if refusal is not None:
            raise refusal
        problem = secret_problem(secret.reveal()) if secret is not None else None
        if problem is not None:
            raise BadInput(problem)

    def _refuse_shared_folder(self, account: Account) -> None:
        if any(self._dogs.share_folder(account, other) for other in self._others(account)):
            raise BadInput("dog-dir-taken")

    def _refuse_clash(self, account: Account) -> None:
        self._refuse_shared_folder(account)
        real = self._outlet_files.real
        theirs = [real(other.outlets) for other in self._others(account)]
        for outlet in account.outlets:
            if any(outlets_clash(real((outlet,)), others) for others in theirs):
                raise BadInput("outlet-taken", outlet.what)

    def _others(self, account: Account) -> list[Account]:
        return [known for known in self._accounts.accounts() if known.appid != account.appid]


def _settled(account: Account, draft: Draft, seen: Account | None, known: Account | None) -> Account:
    """The account that is to be kept, given what the list has of it by now. Raises BadInput."""
    if draft is Draft.ADD and known is not None:
        raise BadInput("account-known")
    if draft is Draft.CHANGE and known is None:
        raise BadInput("account-gone")
    return account if known is None or seen is None else with_changes(known, seen, account)


def with_account(known: tuple[Account, ...], account: Account) -> tuple[Account, ...]:
    """The list with this account added at its end, or changed in its place."""
    if any(a.appid == account.appid for a in known):
        return tuple(account if a.appid == account.appid else a for a in known)
    return (*known, account)
