"""Share an account through Redis, end that, and look at what is there before.

Names that windows and commands rely on: `share`, `unshare`, `preview`, `check`.
"""

from msgspec import Struct
from msgspec.structs import replace

from guarddog_gui.domain.accounts.account import Account, Endpoint, Secret, find_by_appid
from guarddog_gui.domain.accounts.keyring_results import KeyringIsDown, KeyringIsLocked, NotPersisted, SecretSaved
from guarddog_gui.domain.errors import BadInput, FileError
from guarddog_gui.domain.problems import InputProblem
from guarddog_gui.domain.refresh.history import Trigger
from guarddog_gui.domain.sharing.problems import SharingProblem
from guarddog_gui.domain.sharing.settings import Sharing
from guarddog_gui.domain.sharing.values import SharedValue, SharingFailure
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.domain.wechat.account_queries import TokenValid
from guarddog_gui.domain.wechat.protocol import Refusal
from guarddog_gui.services import ports
from guarddog_gui.services.account_queries import send_token_check
from guarddog_gui.services.accounts.account_service import AccountNotSaved, AccountService
from guarddog_gui.services.calls.refresh_request import RefreshMode, RefreshRequest, RefreshResult
from guarddog_gui.services.provenance.own_values import OwnValues
from guarddog_gui.services.refresh import Refresher

NO_PASSWORD = Secret("")  # for a Redis that has none, in place of the stored one
WARNINGS = frozenset({SharingProblem.EVICTION, SharingProblem.CLOCK})  # the account is shared in spite of them
_PASSWORD_LENGTH_MAX = 512


class AccountShared(Struct, frozen=True):
    """The account is shared; `results` are those of the first refresh, `warnings` what should be mended."""

    account: Account
    results: tuple[RefreshResult, ...] = ()
    warnings: tuple[SharingFailure, ...] = ()


class NotShared(Struct, frozen=True):
    """Nothing was changed: Redis cannot be used like this, or the keyring or the list could not be written."""

    account: Account
    failures: tuple[SharingFailure, ...] = ()
    storage_error: KeyringIsLocked | KeyringIsDown | NotPersisted | FileError | None = None


class PreviewedValue(Struct, frozen=True):
    """Value that Redis has for a key; None if it has none.

    is_known_here    this computer has the same value
    is_accepted      WeChat accepts the token; None if it was not asked or did not answer
    """

    kind: TokenKind
    shared: SharedValue | None
    is_known_here: bool = False
    is_accepted: bool | None = None


class SharingPreview(Struct, frozen=True):
    """What is in Redis for an account; `failure` if it cannot be used."""

    values: tuple[PreviewedValue, ...] = ()
    failure: SharingFailure | None = None


class SharingService(Struct, kw_only=True, eq=False):
    """Change how accounts are shared. Not thread-safe: it has the `refresher` of its thread."""

    store: ports.SharedStore
    passwords: ports.SecretStore
    accounts: ports.AccountStore
    account_service: AccountService
    refresher: Refresher
    journal: ports.SharingJournal
    dog_files: OwnValues

    def share(
        self, account: Account, sharing: Sharing, password: Secret | None = None, *, checks: bool = True
    ) -> AccountShared | NotShared:
        """Share an account of the list, or add one that only follows, and refresh it once.

        Args:
            account: the account; it need not be in the list if it is to follow.
            sharing: role, address and keys; the address has no password.
            password: that of Redis; None keeps the stored one, if the address stays the same.
            checks: try before saving.

        Raises:
            BadInput: the address, a key or a field of the account is invalid, or the endpoint is the classic one.
        """
        known = self._find(account.appid)
        endpoint = Endpoint.STABLE if sharing.is_follower else account.endpoint  # a follower asks none
        tried = self._password_for(known, sharing, password)
        sharing = self._with_password_noted(known, sharing, tried)
        shared = replace(account, sharing=sharing, endpoint=endpoint)
        self.account_service.validator.validate(shared, self.accounts.load())
        if password is not None and (
            len(password.reveal()) > _PASSWORD_LENGTH_MAX or not password.reveal().isprintable()
        ):
            raise BadInput(InputProblem.INVALID_REDIS_PASSWORD)
        failures = self.store.check(shared, tried) if checks else ()
        if any(failure.problem not in WARNINGS for failure in failures):
            return NotShared(shared, failures)
        storage_error = self._store_password(account.appid, tried)
        if storage_error is not None:
            return NotShared(shared, storage_error=storage_error)
        saved = self.account_service.save(shared, None, edited_from=known)
        if isinstance(saved, AccountNotSaved):
            return NotShared(shared, storage_error=saved.error)
        self.store.reset(account.appid)
        request = RefreshRequest(saved.account, saved.account.token_kinds, Trigger.USER)
        results = self.refresher.refresh(request)
        if not sharing.is_follower:  # values that were fresh were not looked at
            self.refresher.refresh(replace(request, mode=RefreshMode.MIRROR))
        return AccountShared(saved.account, results, failures)

    def unshare(self, account: Account) -> AccountShared | NotShared:
        """Keep the account on this computer alone; its values stay, in Redis too, where others may use them."""
        saved = self.account_service.save(replace(account, sharing=None), None, edited_from=account)
        if isinstance(saved, AccountNotSaved):
            return NotShared(account, storage_error=saved.error)
        has_password = account.sharing is not None and account.sharing.has_password
        outcome = self.passwords.remove(account.appid) if has_password else SecretSaved()
        self.journal.save(account.appid, None)
        self.store.reset(account.appid)
        if not isinstance(outcome, SecretSaved):
            return NotShared(saved.account, storage_error=outcome)
        return AccountShared(saved.account)

    def preview(
        self, account: Account, sharing: Sharing, password: Secret | None = None, *, asks_wechat: bool = True
    ) -> SharingPreview:
        """Look at what is in Redis with these settings; nothing is written, neither there nor here.

        WeChat is asked whether it accepts the token, by a call without side effects. Raises BadInput.
        """
        known = self._find(account.appid)
        tried = self._password_for(known, sharing, password)
        sharing = self._with_password_noted(known, sharing, tried)
        shared = replace(account, sharing=sharing, endpoint=Endpoint.STABLE)
        self.account_service.validator.validate(shared, self.accounts.load())
        readings = self.store.look(shared, tried)
        if isinstance(readings, SharingFailure):
            return SharingPreview(failure=readings)
        return SharingPreview(
            tuple(self._preview(shared, kind, value, asks_wechat=asks_wechat) for kind, value in readings)
        )

    def check(self, account: Account) -> tuple[SharingFailure, ...]:
        """Return what is wrong with the Redis of a shared account."""
        return self.store.check(account)

    def _preview(
        self, account: Account, kind: TokenKind, value: SharedValue | None, *, asks_wechat: bool
    ) -> PreviewedValue:
        if value is None:
            return PreviewedValue(kind, None)
        own = self.dog_files.read(account, kind)
        is_known = own is not None and own.value == value.value
        is_accepted = None
        if kind is TokenKind.ACCESS_TOKEN and asks_wechat:
            answer = send_token_check(self.refresher.transport, account, value.value)
            is_accepted = isinstance(answer, TokenValid) if isinstance(answer, TokenValid | Refusal) else None
        return PreviewedValue(kind, value, is_known, is_accepted)

    def _password_for(self, known: Account | None, sharing: Sharing, password: Secret | None) -> Secret | None:
        """Return the password to try; None for the stored one, which is never sent to another address."""
        if password is not None:
            return password
        is_same = known is not None and known.sharing is not None and known.sharing.url == sharing.url
        return None if is_same else NO_PASSWORD

    def _with_password_noted(self, known: Account | None, sharing: Sharing, tried: Secret | None) -> Sharing:
        """Return the settings that say if the keyring is to be asked for a password."""
        if tried is not None:
            return replace(sharing, has_password=tried != NO_PASSWORD)
        return replace(sharing, has_password=bool(known and known.sharing and known.sharing.has_password))

    def _store_password(
        self, appid: str, password: Secret | None
    ) -> KeyringIsLocked | KeyringIsDown | NotPersisted | None:
        if password is None:
            return None
        is_empty = password == NO_PASSWORD
        if is_empty and not self._has_stored_password(appid):
            return None
        outcome = self.passwords.remove(appid) if is_empty else self.passwords.set(appid, password)
        return None if isinstance(outcome, SecretSaved) else outcome

    def _has_stored_password(self, appid: str) -> bool:
        known = self._find(appid)
        return known is not None and known.sharing is not None and known.sharing.has_password

    def _find(self, appid: str) -> Account | None:
        return find_by_appid(self.accounts.load(), appid)
