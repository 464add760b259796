"""Fold the rows of the history: retries into one incident, successes of a few hours into one item."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from math import inf

from msgspec import Struct, field
from msgspec.structs import replace

from guarddog_gui.domain.refresh.history import CLEAR_QUOTA_KEY, AttemptResult, HistoryEntry, HistoryRow

_Problem = tuple[str, AttemptResult, int | None, str]


class HistoryItem(Struct, eq=False):
    """One or more rows of the history that are shown as one, newest first."""

    rows: list[HistoryRow] = field(default_factory=list)

    @property
    def newest(self) -> HistoryEntry:
        return self.rows[0].entry

    @property
    def started_at(self) -> float:
        return self.rows[-1].entry.at

    @property
    def ended_at(self) -> float:
        return self.rows[0].entry.at

    def add_older(self, row: HistoryRow) -> None:
        self.rows.append(row)

    def add_newer(self, row: HistoryRow) -> None:
        self.rows.insert(0, row)


class Renewals(HistoryItem, eq=False):
    """Successes of all accounts within some hours, or one success that stands for itself."""

    @property
    def appids(self) -> frozenset[str]:
        return frozenset(row.entry.appid for row in self.rows)

    @property
    def took_ms(self) -> tuple[int, int]:
        """Return the shortest and the longest duration."""
        durations = [row.entry.took_ms for row in self.rows]
        return min(durations), max(durations)

    def count(self, *results: AttemptResult) -> int:
        return sum(1 for row in self.rows if row.entry.result in results)


class Incident(HistoryItem, eq=False):
    """Failed attempts of one account for one reason, from the first to the next success of each of its keys."""

    _newest_by_key: dict[str, HistoryRow] = field(default_factory=dict)
    _last_success_at: float = inf  # of its keys, before the incident

    @property
    def can_recover(self) -> bool:
        """Return False for a request of the user that has no success to wait for."""
        return self.newest.key != CLEAR_QUOTA_KEY

    @property
    def is_open(self) -> bool:
        """Return True while a key has had no success since it failed."""
        return self.can_recover and self.recovered_at is None

    @property
    def recovered_at(self) -> float | None:
        """Return when the last of its keys had a success again (Unix seconds)."""
        times = [row.recovered_at for row in self._newest_by_key.values()]
        return None if None in times else max((at for at in times if at is not None), default=None)

    def duration_s(self) -> float:
        """Return the seconds from the first failure to the recovery, or to the last failure if it is open."""
        recovered_at = self.recovered_at
        return (self.ended_at if recovered_at is None else recovered_at) - self.started_at

    def without_value_s(self, now: float) -> float:
        """Return for how many seconds a key had no valid value; 0 if the values stayed valid."""
        return max((self._gap_s(row, now) for row in self._newest_by_key.values()), default=0.0)

    def _gap_s(self, row: HistoryRow, now: float) -> float:
        until = now if row.recovered_at is None else row.recovered_at
        valid_until = self.started_at if row.valid_until is None else max(row.valid_until, self.started_at)
        return max(0.0, until - valid_until)

    def includes(self, row: HistoryRow) -> bool:
        """Return True if a failure for the same reason is part of this incident.

        It is if the key of the row and a key of the incident failed at the same time, from the last success before
        to the next one; so the order in which rows come makes no difference.
        """
        recovered_at = self.recovered_at
        begins_before_end = recovered_at is None or _last_success(row) < recovered_at
        return self.can_recover and begins_before_end and _recovery(row) > self._last_success_at

    def add_older(self, row: HistoryRow) -> None:
        super().add_older(row)
        self._newest_by_key.setdefault(row.entry.key, row)
        self._last_success_at = min(self._last_success_at, _last_success(row))

    def add_newer(self, row: HistoryRow) -> None:
        super().add_newer(row)
        self._newest_by_key[row.entry.key] = row
        self._last_success_at = min(self._last_success_at, _last_success(row))

    def set_recovered(self, key: str, at: float) -> bool:
        """Note a success of a key that was still failing; return False if it changes nothing."""
        row = self._newest_by_key.get(key)
        if row is None or row.recovered_at is not None or at < row.entry.at:
            return False
        recovered = replace(row, recovered_at=at)
        self.rows[next(number for number, each in enumerate(self.rows) if each is row)] = recovered
        self._newest_by_key[key] = recovered
        return True


class HistoryFold:
    """Items of the history, newest first by their last row; rows are added page by page at both ends.

    `slot_of` returns the part of a day in which a time lies: successes of the same part are folded.
    """

    def __init__(self, slot_of: Callable[[float], Hashable]) -> None:
        self._slot_of = slot_of
        self.items: list[HistoryItem] = []
        self._ids: set[int] = set()
        self._renewals: dict[Hashable, Renewals] = {}
        self._oldest_incidents: dict[_Problem, Incident] = {}
        self._newest_incidents: dict[_Problem, Incident] = {}

    def __contains__(self, row: HistoryRow) -> bool:
        return row.id in self._ids

    def __len__(self) -> int:
        return len(self._ids)

    def add_older(self, rows: Iterable[HistoryRow]) -> list[HistoryItem]:
        """Add rows that are older than all others, newest first; return the items that existed and have grown."""
        known_count = len(self.items)
        grown: dict[int, HistoryItem] = {}
        for row in rows:
            self._ids.add(row.id)
            item = self._find_item(row, self._oldest_incidents)
            if item is None:
                item = self._make_item(row)
                self.items.append(item)
            else:
                grown[id(item)] = item
            item.add_older(row)
        created = {id(item) for item in self.items[known_count:]}
        return [item for key, item in grown.items() if key not in created]

    def add_newer(self, rows: Sequence[HistoryRow]) -> None:
        """Add the newest page, newest first; rows that are here already only show what has recovered meanwhile."""
        for row in rows:
            if row.id in self._ids and row.recovered_at is not None:
                self._note_recovery(row.entry, row.recovered_at)
        for row in reversed([row for row in rows if row.id not in self._ids]):
            self._ids.add(row.id)
            if row.entry.is_success:
                self._note_recovery(row.entry, row.entry.at)
            item = self._find_item(row, self._newest_incidents)
            if item is None:
                item = self._make_item(row)
            else:
                self.items.remove(item)
            item.add_newer(row)
            # a row can come late, so the order of the items is not that in which their rows come
            place = next((n for n, each in enumerate(self.items) if each.ended_at <= item.ended_at), len(self.items))
            self.items.insert(place, item)

    def _find_item(self, row: HistoryRow, incidents: dict[_Problem, Incident]) -> HistoryItem | None:
        if row.entry.is_success:
            return None if _stands_alone(row.entry) else self._renewals.get(self._slot_of(row.entry.at))
        incident = incidents.get(_problem_of(row.entry))
        return incident if incident is not None and incident.includes(row) else None

    def _make_item(self, row: HistoryRow) -> HistoryItem:
        """Return a new item without rows, which further rows like this one will find."""
        if row.entry.is_success:
            renewals = Renewals()
            if not _stands_alone(row.entry):
                self._renewals[self._slot_of(row.entry.at)] = renewals
            return renewals
        incident, problem = Incident(), _problem_of(row.entry)
        newest = self._newest_incidents.get(problem)
        if newest is None or newest.ended_at < row.entry.at:
            self._newest_incidents[problem] = incident
        oldest = self._oldest_incidents.get(problem)
        if oldest is None or oldest.started_at >= row.entry.at:
            self._oldest_incidents[problem] = incident
        return incident

    def _note_recovery(self, entry: HistoryEntry, at: float) -> None:
        for (appid, *_), incident in self._newest_incidents.items():
            if appid == entry.appid:
                incident.set_recovered(entry.key, at)


def _problem_of(entry: HistoryEntry) -> _Problem:
    # the reset of the counters is a request of its own, whatever a refresh was refused for
    request = CLEAR_QUOTA_KEY if entry.key == CLEAR_QUOTA_KEY else ""
    return entry.appid, entry.result, entry.errcode, request


def _stands_alone(entry: HistoryEntry) -> bool:
    """Return True for what the user did on purpose and may look for: a forced token, counters, an address."""
    return entry.forced or entry.result in (AttemptResult.QUOTA_CLEARED, AttemptResult.ADDRESS_SEEN)


def _last_success(row: HistoryRow) -> float:
    return -inf if row.last_success_at is None else row.last_success_at


def _recovery(row: HistoryRow) -> float:
    return inf if row.recovered_at is None else row.recovered_at
