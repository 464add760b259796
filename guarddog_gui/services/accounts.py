"""Adding, editing and removing accounts across two stores: the keyring and the account list."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

from guarddog_gui.domain.accounts.account import (
    Account,
    Endpoint,
    Secret,
    merge_edits,
    secret_problem,
    validate_account,
)
from guarddog_gui.domain.accounts.existing_files import FolderContents
from guarddog_gui.domain.accounts.keyring_results import (
    KeyringIsDown,
    KeyringIsLocked,
    LookupResult,
    NotPersisted,
    SecretFound,
    SecretMissing,
    SecretSaved,
    StoreResult,
)
from guarddog_gui.domain.errors import BadInput, FileError, LockBusy, NoSuchAccount
from guarddog_gui.domain.exports.targets import targets_overlap, validate_targets
from guarddog_gui.domain.problems import FileErrorReason, InputProblem
from guarddog_gui.domain.refresh.history import AttemptResult, HistoryEntry, Trigger
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord, fingerprint
from guarddog_gui.domain.wechat import account_queries, protocol
from guarddog_gui.domain.wechat.errcodes import ErrcodeCatalog, ErrcodeKind
from guarddog_gui.domain.wechat.protocol import Answer, IssuedToken, Refusal, TransportFailure
from guarddog_gui.services.foreign_writes import TrackedDogFiles
from guarddog_gui.services.ports import (
    AccountLock,
    AccountStore,
    Clock,
    DogFileStore,
    ExportFileWriter,
    HistoryStore,
    RecentUrlStore,
    SecretStore,
    Transport,
)


@dataclass(frozen=True, slots=True)
class VerificationResult:
    """What WeChat says to an AppID and AppSecret, before anything is saved.

    `entry` is the attempt for the history; `grant` is kept when the account is saved, so that the check
    has not cost a token; it is None unless WeChat gave one for the account's own endpoint. `found_dead` says
    that WeChat refused the token which lay in the account's new folder: then the grant takes its place.
    """

    account: Account
    answer: Answer | LookupResult
    entry: HistoryEntry
    record: TokenRecord | None = None
    existing_token_rejected: bool = False

    @property
    def is_valid(self) -> bool:
        """Whether the credentials work."""
        return isinstance(self.answer, IssuedToken)


class SaveMode(StrEnum):
    """What somebody means who saves an account."""

    ADD_OR_CHANGE = "any"  # add it, or change it if it is known
    ADD = "add"
    CHANGE = "change"


@dataclass(frozen=True, slots=True)
class AccountSaved:
    """An account is in both stores."""

    account: Account


@dataclass(frozen=True, slots=True)
class AccountNotSaved:
    """The keyring or the disk does not take it; nothing has changed."""

    account: Account
    error: KeyringIsLocked | KeyringIsDown | NotPersisted | FileError


@dataclass(frozen=True, slots=True)
class AccountRemoved:
    """An account is gone. `left_behind` says what could not be removed with it."""

    account: Account
    cleanup_error: KeyringIsLocked | KeyringIsDown | FileError | None = None


class AccountService:
    """The accounts of this person."""

    def __init__(
        self,
        *,
        transport: Transport,
        secrets: SecretStore,
        accounts: AccountStore,
        dog_files: DogFileStore,
        recent_urls: RecentUrlStore,
        account_lock: AccountLock,
        history: HistoryStore,
        errcode_catalog: ErrcodeCatalog,
        export_files: ExportFileWriter,
        clock: Clock,
    ) -> None:
        self._transport = transport
        self._secrets = secrets
        self._accounts = accounts
        self._dog_files = dog_files
        self._recent_urls = recent_urls
        self._account_lock = account_lock
        self._history = history
        self._errcode_catalog = errcode_catalog
        self._export_files = export_files
        self._clock = clock
        self._tracked_files = TrackedDogFiles(dog_files, history, clock)

    def verify_credentials(
        self, account: Account, secret: Secret | None, trigger: Trigger = Trigger.USER
    ) -> VerificationResult:
        """Ask WeChat once. `secret` None means the stored one. Raises BadInput with the key of a sentence.

        Always by stable_token in normal mode: it tries AppID, AppSecret and IP list just the same, and it
        cannot kill the token of anybody's servers.
        """
        self._validate(account, secret)
        self._reject_overlap(account)
        started = self._clock()
        entry = HistoryEntry(
            started,
            account.appid,
            TokenKind.ACCESS_TOKEN,
            trigger,
            AttemptResult.NEW,
            endpoint="stable_token",
        )
        if secret is None:
            looked = self._secrets.get(account.appid)
            if not isinstance(looked, SecretFound):
                result = {
                    SecretMissing: AttemptResult.NO_SECRET,
                    KeyringIsLocked: AttemptResult.KEYRING_LOCKED,
                }.get(type(looked), AttemptResult.KEYRING_DOWN)
                return VerificationResult(account, looked, replace(entry, result=result))
            secret = looked.secret
        asked = replace(account, endpoint=Endpoint.STABLE)
        sent = self._transport.send(protocol.token_request(asked, secret, force=False))
        answer = (
            sent
            if isinstance(sent, TransportFailure)
            else protocol.parse_token_reply(sent, "access_token", secrets=(secret.reveal(),))
        )
        entry = replace(entry, took_ms=max(0, round((self._clock() - started) * 1000)), calls=1)
        match answer:
            case IssuedToken(value, expires_in):
                grant = TokenRecord(
                    value, expires_in, int(started * 1000), self._dog_files.directory(account), account.ahead
                )
                entry = replace(entry, fingerprint=fingerprint(value), expires_at=grant.expires_at)
                dead = self._is_existing_token_rejected(account, value)
                keeps = account.endpoint is Endpoint.STABLE or dead
                return VerificationResult(account, answer, entry, grant if keeps else None, dead)
            case Refusal(errcode, errmsg, rid, ip):
                entry = replace(
                    entry, result=AttemptResult.REFUSED, errcode=errcode, errmsg=errmsg, rid=rid, ip=ip
                )
            case TransportFailure(how, detail, reached):
                entry = replace(
                    entry,
                    result=AttemptResult.NO_ANSWER,
                    calls=int(reached),
                    detail=f"{how} {detail}".strip(),
                )
        return VerificationResult(account, answer, entry)

    def _is_existing_token_rejected(self, account: Account, new_value: str) -> bool:
        """Whether the folder that the account is to get has a token which should live, and WeChat refuses it.

        The call that asks is harmless. Without an answer the token is believed.
        """
        known = next((a for a in self._accounts.load() if a.appid == account.appid), None)
        if known is not None and self._dog_files.has_same_folder(account, known):
            return False
        found = self._dog_files.read(account, TokenKind.ACCESS_TOKEN)
        if found is None or found.remaining_s(self._clock()) <= 0 or found.value == new_value:
            return False
        sent = self._transport.send(account_queries.token_check_request(found.value))
        heard = (
            sent
            if isinstance(sent, TransportFailure)
            else account_queries.parse_token_check(sent, found.value)
        )
        if not isinstance(heard, Refusal):
            return False
        return (
            self._errcode_catalog.kind_for(heard.errcode, account_queries.TOKEN_CHECK_ENDPOINT)
            is ErrcodeKind.TOKEN
        )

    def inspect_folder(self, account: Account) -> FolderContents:
        """What is in the folder that the account is to get. Raises BadInput for another account's."""
        self._reject_shared_folder(account)
        return self._dog_files.inspect_folder(account)

    def save(
        self,
        account: Account,
        secret: Secret | None,
        verification: VerificationResult | None = None,
        *,
        mode: SaveMode = SaveMode.ADD_OR_CHANGE,
        edited_from: Account | None = None,
    ) -> AccountSaved | AccountNotSaved:
        """Add the account, or change it if its appid is known. `secret` None keeps the stored one.

        `draft` says what the list must have of it; whoever has `seen` the account changes only what differs
        from that: it may have been edited elsewhere since. The keyring comes first: an account without a
        secret would be a promise that cannot be kept. When the list cannot be written afterwards, the keyring
        gets back what it had. Raises BadInput with the key of a sentence.
        """
        wanted = account
        known = next((a for a in self._accounts.load() if a.appid == account.appid), None)
        account = _merge_with_stored(wanted, mode, edited_from, known)
        self._validate(account, secret)
        self._reject_overlap(account)
        before: list[Account] = []
        kept: list[Account] = []  # and what came in its place

        def edit(known: tuple[Account, ...]) -> tuple[Account, ...]:
            before[:] = [a for a in known if a.appid == account.appid]
            kept[:] = [_merge_with_stored(wanted, mode, edited_from, before[0] if before else None)]
            return with_account(known, kept[0])

        try:
            if known is None or self._dog_files.directory(known) != self._dog_files.directory(account):
                self._dog_files.check_writable(account)
            stored = self._store_secret_and_list(account.appid, secret, lambda: self._accounts.update(edit))
        except FileError as trouble:
            return AccountNotSaved(account, trouble)
        if not isinstance(stored, SecretSaved):
            return AccountNotSaved(account, stored)
        (account,) = kept
        moved = not before or self._dog_files.directory(before[0]) != self._dog_files.directory(account)
        mine = (
            verification if verification is not None and verification.account.appid == account.appid else None
        )
        dead = mine is not None and mine.existing_token_rejected
        if mine is not None:
            self._apply_verification(account, mine, keep_live_token=moved and not dead)
        if moved:
            self._adopt_existing_files(account)
        return AccountSaved(account)

    def remove(self, appid: str, *, purge: bool) -> AccountRemoved:
        """Forget an account, its secret and the addresses that were signed for it; the `.dog` files stay
        unless `purge`. Raises NoSuchAccount.

        The list comes first, so that a keyring that is locked cannot keep an account alive.
        """
        account = next((a for a in self._accounts.load() if a.appid == appid), None)
        if account is None:
            raise NoSuchAccount(appid)
        self._accounts.update(lambda known: tuple(a for a in known if a.appid != appid))
        kept = self._secrets.remove(appid)
        trouble: FileError | None = None
        try:
            self._recent_urls.clear(appid)
        except FileError as reason:
            trouble = reason
        if purge:
            try:
                with self._account_lock.acquire(
                    appid
                ):  # a refresh that is under way would write them once more
                    self._dog_files.purge(account)
            except LockBusy:
                folder = self._dog_files.directory(account)
                trouble = FileError(folder, FileErrorReason.LOCKED)
            except FileError as reason:
                trouble = reason
        return AccountRemoved(account, kept if isinstance(kept, KeyringIsLocked | KeyringIsDown) else trouble)

    def _store_secret_and_list(
        self, appid: str, secret: Secret | None, write_list: Callable[[], None]
    ) -> StoreResult:
        """The secret, if there is a new one, and the list. Raises what `write_list` raises."""
        if secret is None:
            write_list()
            return SecretSaved()
        had = self._secrets.get(appid)
        if isinstance(had, KeyringIsLocked | KeyringIsDown):
            return had
        stored = self._secrets.set(appid, secret)
        if isinstance(stored, SecretSaved):
            try:
                write_list()
            except (FileError, BadInput):
                self._restore_secret(appid, had)
                raise
        return stored

    def _restore_secret(self, appid: str, previous: LookupResult) -> StoreResult:
        if isinstance(previous, SecretFound):
            return self._secrets.set(appid, previous.secret)
        return self._secrets.remove(appid)

    def _adopt_existing_files(self, account: Account) -> None:
        """What lives in the folder is taken over, with a line that says so."""
        try:
            with self._account_lock.acquire(account.appid):
                self._tracked_files.adopt(account, Trigger.USER)
        except (LockBusy, FileError):
            pass  # then the first look of the running app takes it over

    def _apply_verification(
        self, account: Account, verification: VerificationResult, *, keep_live_token: bool
    ) -> None:
        """The check's line of history, and its token where it is the account's own kind.

        `spare_live` is for a folder that was somebody else's: a program may hold the value that lives there.
        """
        self._history.append(verification.entry)
        if verification.record is None or (
            account.endpoint is not Endpoint.STABLE and not verification.existing_token_rejected
        ):
            return
        try:
            with self._account_lock.acquire(account.appid):
                current = self._dog_files.read(account, TokenKind.ACCESS_TOKEN)
                is_newer = current is not None and current.generated_ms > verification.record.generated_ms
                if is_newer and not verification.existing_token_rejected:
                    return  # refreshed while the person looked at the verdict
                now = self._clock()
                if (
                    keep_live_token
                    and current is not None
                    and current.remaining_s(now) > 0
                    and now < current.refresh_at
                ):
                    return
                if verification.existing_token_rejected:
                    self._dog_files.purge(account)  # what lies beside a dead token is of no use either
                grant = replace(
                    verification.record, directory=self._dog_files.directory(account), ahead=account.ahead
                )
                self._dog_files.write(account, TokenKind.ACCESS_TOKEN, grant)
        except (LockBusy, FileError):
            pass  # the first refresh comes in a moment and says what is wrong

    def _validate(self, account: Account, secret: Secret | None) -> None:
        refusal = validate_account(account) or validate_targets(
            self._export_files.resolve_links(account.exports)
        )
        if refusal is not None:
            raise refusal
        problem = secret_problem(secret.reveal()) if secret is not None else None
        if problem is not None:
            raise BadInput(problem)

    def _reject_shared_folder(self, account: Account) -> None:
        if any(self._dog_files.has_same_folder(account, other) for other in self._other_accounts(account)):
            raise BadInput(InputProblem.DOG_DIR_TAKEN)

    def _reject_overlap(self, account: Account) -> None:
        self._reject_shared_folder(account)
        real = self._export_files.resolve_links
        theirs = [real(other.exports) for other in self._other_accounts(account)]
        for outlet in account.exports:
            if any(targets_overlap(real((outlet,)), others) for others in theirs):
                raise BadInput(InputProblem.EXPORT_OF_OTHER_ACCOUNT, outlet.display_name)

    def _other_accounts(self, account: Account) -> list[Account]:
        return [known for known in self._accounts.load() if known.appid != account.appid]


def _merge_with_stored(
    account: Account, mode: SaveMode, edited_from: Account | None, stored: Account | None
) -> Account:
    """The account that is to be kept, given what the list has of it by now. Raises BadInput."""
    if mode is SaveMode.ADD and stored is not None:
        raise BadInput(InputProblem.ACCOUNT_EXISTS)
    if mode is SaveMode.CHANGE and stored is None:
        raise BadInput(InputProblem.ACCOUNT_REMOVED)
    return account if stored is None or edited_from is None else merge_edits(stored, edited_from, account)


def with_account(accounts: tuple[Account, ...], account: Account) -> tuple[Account, ...]:
    """The list with this account added at its end, or changed in its place."""
    if any(a.appid == account.appid for a in accounts):
        return tuple(account if a.appid == account.appid else a for a in accounts)
    return (*accounts, account)
