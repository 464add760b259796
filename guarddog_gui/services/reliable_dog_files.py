"""`.dog` files as their readers in Guard Dog see them: no ticket lives longer than is known of it.

A ticket that Guard Dog has fetched has an honest life in its file (`domain/refresh/ticket_life.py`). Another
program writes the 7200 seconds that WeChat states for a ticket of any age. The history tells the two apart.
"""

from collections.abc import Callable

from msgspec.structs import replace

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.refresh import foreign_writes
from guarddog_gui.domain.refresh.ticket_life import UNKNOWN_AGE_LIFE_S, needs_proof
from guarddog_gui.domain.tokens.expiry import ISSUED_LIFETIME_MAX_S
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord, fingerprint
from guarddog_gui.services.ports import DogFileReader, HistoryStore

_PROVEN_MAX = 1000  # values that are remembered; a process reads few files


class ReliableDogFiles:
    """Reader of `.dog` files that shortens the life of a ticket unless the history proves it."""

    def __init__(self, dog_files: DogFileReader, get_history: Callable[[], HistoryStore]) -> None:
        self._dog_files = dog_files
        self._get_history = get_history  # a value with a proof needs none, and opening it takes time
        self._proven: set[tuple[str, TokenKind, int, int, str]] = set()

    def directory(self, account: Account) -> str:
        return self._dog_files.directory(account)

    def read(self, account: Account, kind: TokenKind) -> TokenRecord | None:
        """Return the record; a ticket that another program wrote lives for twenty minutes from its `gen_time`."""
        record = self._dog_files.read(account, kind)
        if record is None or not needs_proof(kind, record) or self._is_proven(account, kind, record):
            return record
        return replace(record, expires_in=UNKNOWN_AGE_LIFE_S)

    def _is_proven(self, account: Account, kind: TokenKind, record: TokenRecord) -> bool:
        identity = (account.appid, kind, record.generated_ms, record.expires_in, record.value)
        if identity in self._proven:
            return True
        since = record.generated_at - ISSUED_LIFETIME_MAX_S
        past = self._get_history().entries_of_value(account.appid, kind.value, fingerprint(record.value), since)
        origin = foreign_writes.find_origin(record, past)
        if origin is None or foreign_writes.is_foreign(origin):
            return False
        if len(self._proven) >= _PROVEN_MAX:
            self._proven.clear()
        self._proven.add(identity)
        return True
