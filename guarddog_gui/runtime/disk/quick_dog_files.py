"""Reader of `.dog` files for windows, which never waits for a disk."""

from collections.abc import Callable
from functools import partial

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord
from guarddog_gui.runtime.disk.bounded_calls import WINDOW_LANE, BoundedCalls
from guarddog_gui.services.ports import DogFileReader

RecordFinder = Callable[[str, TokenKind], TokenRecord | None]


class QuickDogFiles:
    """Reader that gives the value in memory where the disk takes long."""

    def __init__(self, dog_files: DogFileReader, find_record: RecordFinder, calls: BoundedCalls) -> None:
        self._dog_files = dog_files
        self._find_record = find_record
        self._calls = calls

    def directory(self, account: Account) -> str:
        return self._dog_files.directory(account)

    def read(self, account: Account, kind: TokenKind) -> TokenRecord | None:
        return self._calls.call(
            WINDOW_LANE,
            partial(self._dog_files.read, account, kind),
            fallback=partial(self._find_record, account.appid, kind),
        )
