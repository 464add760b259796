"""Recognise the values that Guard Dog got from WeChat among those in the `.dog` files.

The `.dog` files are an open format: PHP scripts, npm `guard_dog` and copies of Guard Dog on other computers
read them, and some write them too. A value that another program wrote may belong to another account, and may
be dead. It counts as absent for every reader (tray, command line, library, exports) until WeChat has proven that
it belongs to the account (`services/refresh.py`). Two sources show that a value is our own:

- The copy beside the file (`domain/tokens/own_copy.py`), which costs one more read of a small file.
- The history, which has the fingerprint, start and expiry of each value that Guard Dog has got from WeChat. It
  covers what the copy does not: files of older versions, and a copy that could not be written.

The life of an own value is the one on record. Some programs rewrite the file with the time that is left of a
value, or with the 7200 seconds that WeChat states for a ticket of any age.
"""

from collections.abc import Callable

from guarddog_gui.domain.accounts.account import Account, Endpoint
from guarddog_gui.domain.refresh import foreign_writes
from guarddog_gui.domain.tokens.expiry import ISSUED_LIFETIME_MAX_S
from guarddog_gui.domain.tokens.own_copy import is_check_due, is_same_value_and_life
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord, fingerprint
from guarddog_gui.services.ports import Clock, HistoryStore, OwnCopyReader, TokenCheckReader


class OwnValues:
    """Reader of `.dog` files to which the values of other programs are absent."""

    def __init__(self, dog_files: OwnCopyReader, get_history: Callable[[], HistoryStore], clock: Clock) -> None:
        self._dog_files = dog_files
        self._get_history = get_history  # opening it takes time, and a value with a copy needs none
        self._clock = clock

    def directory(self, account: Account) -> str:
        return self._dog_files.directory(account)

    def token_check_at(self, account: Account) -> float:
        return self._dog_files.token_check_at(account)

    def read(self, account: Account, kind: TokenKind) -> TokenRecord | None:
        """Return the value with its life on record; None if there is none that is known to be our own."""
        record = self._dog_files.read(account, kind)
        return None if record is None else self.recognise(account, kind, record)

    def recognise(self, account: Account, kind: TokenKind, record: TokenRecord) -> TokenRecord | None:
        """Return this value of the `.dog` file with its life on record; None if it is not known to be our own.

        An older own value, which a program that follows the file may have written again, is not returned: the
        newer one may have ended it.
        """
        own_copy = self._dog_files.read_own_copy(account, kind)
        if own_copy is not None and own_copy.value == record.value:
            is_same = is_same_value_and_life(record, own_copy)
            return record if is_same else own_copy
        known = self._find_in_history(account, kind, record)
        if known is None or (own_copy is not None and own_copy.generated_ms > known.generated_ms):
            return None
        return known

    def _find_in_history(self, account: Account, kind: TokenKind, record: TokenRecord) -> TokenRecord | None:
        since = min(record.generated_at, self._clock()) - ISSUED_LIFETIME_MAX_S
        past = self._get_history().entries_of_value(account.appid, kind.value, fingerprint(record.value), since)
        origin = foreign_writes.find_origin(record, past)
        return None if origin is None else foreign_writes.with_recorded_lifetime(record, origin)


def is_token_check_due(dog_files: TokenCheckReader, account: Account, now: float) -> bool:
    """Return True if the account's access token is to be checked before it is handed out at `now` (Unix seconds).

    Only one of the classic endpoint: nothing ends that of stable_token before its time but a forced one.
    """
    return account.endpoint is Endpoint.CLASSIC and is_check_due(dog_files.token_check_at(account), now)
