"""The `.dog` files as the history explains them, and the line about a value that it does not explain."""

from dataclasses import dataclass, replace

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.errors import FileTrouble
from guarddog_gui.domain.refresh import foreign_writes as second_writer
from guarddog_gui.domain.refresh.history import Entry, Result, Trigger
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord, fingerprint
from guarddog_gui.services.ports import Clock, DogStore, HistoryStore

PAST_ENTRIES = 50  # one of them has a value, or nothing is known of the key
HOUR_MAX = 500  # lines; a program that refreshes more often counts as this
LONGEST_S = 86400.0  # no value of WeChat's lives for longer


@dataclass(frozen=True, slots=True)
class OnFile:
    """What a file holds, with its true life; `line` is the one that was written about another program."""

    record: TokenRecord | None
    line: Entry | None = None


class ExplainedFiles:
    """Reads under the account's lock: then whoever of us has written has left its line, too."""

    def __init__(self, dogs: DogStore, history: HistoryStore, clock: Clock) -> None:
        self._dogs = dogs
        self._history = history
        self._clock = clock

    def read(
        self, account: Account, kind: TokenKind, trigger: Trigger, *, has_changed: bool = False
    ) -> OnFile:
        """The file's record. A live value of another program's gets its line, once.

        Where nothing is known of the key, the value is taken for our own, unless the file `has_changed` under
        the eyes of the caller: the history may have been lost.
        """
        record = self._dogs.read(account, kind)
        if record is None:
            return OnFile(None)
        line = self._explanation(account, kind, record)
        if line is not None:
            return OnFile(self._restored(account, kind, record, second_writer.as_told(record, line)))
        if record.left(self._clock()) <= 0 or not (has_changed or self._knows(account, kind)):
            return OnFile(record)
        return OnFile(record, self._noted(account, kind, record, trigger, second_writer.FOREIGN))

    def adopt(self, account: Account, trigger: Trigger) -> None:
        """Take over what lies in the folder of an account that was just added or moved there."""
        for kind in account.kinds:
            record = self._dogs.read(account, kind)
            if record is None or record.left(self._clock()) <= 0:
                continue
            if self._explanation(account, kind, record) is None:
                self._noted(account, kind, record, trigger, second_writer.FOUND)

    def _explanation(self, account: Account, kind: TokenKind, record: TokenRecord) -> Entry | None:
        since = min(record.generated_at, self._clock()) - LONGEST_S
        past = self._history.of_value(account.appid, kind.value, fingerprint(record.value), since)
        return second_writer.explanation(record, past)

    def _knows(self, account: Account, kind: TokenKind) -> bool:
        past = self._history.latest(account.appid, kind.value, PAST_ENTRIES)
        return any(entry.fingerprint for entry in past)

    def _restored(
        self, account: Account, kind: TokenKind, record: TokenRecord, told: TokenRecord
    ) -> TokenRecord:
        """The true record; the file gets it back where it gives a value that lives less life than it has."""
        if second_writer.is_cut_short(record, told) and told.left(self._clock()) > 0:
            told = replace(told, directory=self._dogs.directory(account))
            try:
                self._dogs.write(account, kind, told)
            except FileTrouble:
                pass  # readers see an early end; our own next refresh says what is wrong with the disk
        return told

    def _noted(
        self, account: Account, kind: TokenKind, record: TokenRecord, trigger: Trigger, detail: str
    ) -> Entry:
        line = Entry(
            record.generated_at,
            account.appid,
            kind.value,
            trigger,
            Result.ADOPTED,
            fingerprint=fingerprint(record.value),
            detail=detail,
            expires_at=record.expires_at,
        )
        self._history.append(line)
        return line


def foreign_writes(history: HistoryStore, appid: str, key: str, now: float) -> int:
    """How often another program has refreshed this key within the hour before `now` (Unix seconds)."""
    past = history.latest(appid, key, HOUR_MAX)
    return second_writer.in_the_last_hour(second_writer.foreign_times(past), now)
