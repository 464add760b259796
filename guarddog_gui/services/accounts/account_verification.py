"""Check AppID and AppSecret at WeChat before an account is saved, and use the token of the check afterwards."""

from contextlib import suppress

from msgspec import Struct
from msgspec.structs import replace

from guarddog_gui.domain.accounts.account import Account, Endpoint, Secret
from guarddog_gui.domain.accounts.keyring_results import LookupResult, SecretFound
from guarddog_gui.domain.errors import FileError, LockBusy
from guarddog_gui.domain.refresh import foreign_writes
from guarddog_gui.domain.refresh.history import AttemptResult, HistoryEntry, Trigger
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord, fingerprint
from guarddog_gui.domain.wechat.errcodes import ErrcodeCatalog
from guarddog_gui.domain.wechat.protocol import Answer, IssuedToken
from guarddog_gui.services import ports
from guarddog_gui.services.calls.token_calls import TokenCalls, result_without_secret, with_failure
from guarddog_gui.services.provenance.foreign_values import ForeignValues
from guarddog_gui.services.provenance.own_values import OwnValues
from guarddog_gui.services.provenance.proof import ForeignWriteLog, OwnershipProof, TokenProof
from guarddog_gui.services.provenance.tracked_files import TrackedDogFiles


class VerificationResult(Struct, frozen=True):
    """Result of trying an AppID and AppSecret at WeChat before the account is saved.

    `record` is the issued token, to be written when the account is saved, so that the check has not wasted a
    call; None if the account may not use it.
    """

    account: Account
    answer: Answer | LookupResult  # WeChat's, or why the keyring gave no secret
    entry: HistoryEntry
    record: TokenRecord | None = None
    existing_token: TokenRecord | None = None  # the living one that another program wrote into the new folder
    existing_token_proof: TokenProof | None = None

    @property
    def is_valid(self) -> bool:
        return isinstance(self.answer, IssuedToken)

    @property
    def existing_token_rejected(self) -> bool:
        """True if the token found in the folder is of another account, dead, or without proof."""
        return self.existing_token_proof is not None and foreign_writes.is_rejection(self.existing_token_proof.detail)


class AccountVerification:
    """Check the credentials of accounts; one instance serves all accounts."""

    def __init__(
        self,
        transport: ports.Transport,
        secrets: ports.SecretStore,
        dog_files: ports.DogFileStore,
        account_lock: ports.AccountLock,
        history: ports.HistoryStore,
        errcode_catalog: ErrcodeCatalog,
        clock: ports.Clock,
    ) -> None:
        self._secrets = secrets
        self._dog_files = dog_files
        self._account_lock = account_lock
        self._history = history
        self._clock = clock
        self._calls = TokenCalls(transport, secrets, errcode_catalog, clock)
        self._own_values = OwnValues(dog_files, lambda: history, clock)
        self._proof = OwnershipProof(self._calls, history, errcode_catalog, clock)
        self._log = ForeignWriteLog(history, clock)
        tracked_files = TrackedDogFiles(dog_files, history, clock)
        self._foreign_values = ForeignValues(dog_files, tracked_files, self._calls, history, errcode_catalog, clock)

    def verify(
        self, account: Account, secret: Secret | None, trigger: Trigger, *, has_new_folder: bool
    ) -> VerificationResult:
        """Request one token with these credentials, or with the stored secret if it is None; save nothing.

        The request always uses stable_token in normal mode, whatever endpoint the account is set to. That
        checks AppID, AppSecret and IP list just as well, and never invalidates a token in use: the tokens of
        the two endpoints are independent (WeChat's page on getStableAccessToken).
        """
        started_at = self._clock()
        entry = HistoryEntry(
            started_at, account.appid, TokenKind.ACCESS_TOKEN, trigger, AttemptResult.NEW, endpoint="stable_token"
        )
        if secret is None:
            lookup = self._secrets.get(account.appid)
            if not isinstance(lookup, SecretFound):
                return VerificationResult(account, lookup, replace(entry, result=result_without_secret(lookup)[0]))
            secret = lookup.secret
        answer = self._calls.send_token_request(replace(account, endpoint=Endpoint.STABLE), secret, force=False)
        entry = replace(entry, took_ms=max(0, round((self._clock() - started_at) * 1000)), calls=1)
        if not isinstance(answer, IssuedToken):
            return VerificationResult(account, answer, with_failure(entry, answer))
        directory = self._dog_files.directory(account)
        record = TokenRecord(answer.value, answer.expires_in, int(started_at * 1000), directory, account.refresh_ahead)
        entry = replace(entry, fingerprint=fingerprint(record.value), expires_at=record.expires_at)
        result = VerificationResult(account, answer, entry, record)
        found = self._find_existing_token(account) if has_new_folder else None
        if found is not None:
            result = replace(result, existing_token=found, existing_token_proof=self._prove(account, found, record))
        is_usable = account.endpoint is Endpoint.STABLE or result.existing_token_rejected
        return result if is_usable else replace(result, record=None)

    def apply(self, account: Account, verification: VerificationResult, *, has_new_folder: bool) -> None:
        """Record the check, and write its token unless a better one of the account is on disk."""
        self._history.append(verification.entry)
        # suppressed errors: the first refresh follows at once and reports the problem
        with suppress(LockBusy, FileError), self._account_lock.acquire(account.appid):
            found, proof = verification.existing_token, verification.existing_token_proof
            if found is not None and proof is not None:
                self._apply_proof(account, found, proof, verification.entry.trigger)
            record = verification.record
            if record is None or (account.endpoint is not Endpoint.STABLE and not verification.existing_token_rejected):
                return
            if verification.existing_token_rejected:
                self._dog_files.purge(account)  # tickets beside a rejected token are useless as well
            elif self._keeps_current_token(account, record, has_new_folder=has_new_folder):
                return
            record = replace(record, directory=self._dog_files.directory(account), ahead=account.refresh_ahead)
            self._dog_files.write(account, TokenKind.ACCESS_TOKEN, record)

    def _find_existing_token(self, account: Account) -> TokenRecord | None:
        """Return the living token of another program in the folder."""
        found = self._dog_files.read(account, TokenKind.ACCESS_TOKEN)
        if found is None or found.remaining_s(self._clock()) <= 0:
            return None
        return None if self._own_values.recognise(account, TokenKind.ACCESS_TOKEN, found) else found

    def _prove(self, account: Account, found: TokenRecord, own: TokenRecord) -> TokenProof:
        """Return whether the token belongs to the account, for which WeChat has just issued `own` (a stable one)."""
        if found.value == own.value:
            return TokenProof(foreign_writes.RETURNED, 0)
        if account.endpoint is Endpoint.STABLE:  # every caller gets the same
            return TokenProof(foreign_writes.OTHER_ACCOUNT, 0)
        return self._proof.prove(account, found, own)

    def _apply_proof(self, account: Account, found: TokenRecord, proof: TokenProof, trigger: Trigger) -> None:
        """Record what was found out about the token of another program; take a proven classic one over."""
        if proof.detail == foreign_writes.SAME_TICKET:
            self._foreign_values.adopt(account, found, proof, trigger)
        elif foreign_writes.is_rejection(proof.detail):
            self._log.note(account, TokenKind.ACCESS_TOKEN, found, trigger, proof.detail, proof.calls)

    def _keeps_current_token(self, account: Account, record: TokenRecord, *, has_new_folder: bool) -> bool:
        current = self._own_values.read(account, TokenKind.ACCESS_TOKEN)
        if current is None:
            return False
        if current.generated_ms > record.generated_ms:
            return True  # refreshed while the dialog showed the result of the check
        return has_new_folder and current.is_fresh(self._clock()) and current.value != record.value
