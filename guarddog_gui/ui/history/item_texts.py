"""Texts of the items of the history: their times, titles and outcomes."""

from datetime import date

from PySide6.QtCore import QDate, QLocale

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.refresh.backoff import needs_user_action
from guarddog_gui.domain.refresh.history import AttemptResult, HistoryEntry, Trigger
from guarddog_gui.domain.refresh.incidents import HistoryItem, Incident, Renewals
from guarddog_gui.domain.refresh.status import KeyState
from guarddog_gui.domain.refresh.timeline import FailureCount
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.services.messages.texts import INVALID_TIME, to_local_datetime
from guarddog_gui.services.messages.titles import failure_title
from guarddog_gui.ui.formatter import Formatter

_SHORT_INCIDENT_S = 60.0  # a shorter one has no duration in its title


class ItemTexts:
    """Texts in the current language; `accounts` are those that exist, by AppID."""

    def __init__(self, formatter: Formatter) -> None:
        self._formatter = formatter
        self.accounts: dict[str, Account] = {}

    def account_name(self, appid: str) -> str:
        """Return the name; a removed account is shown with its AppID."""
        account = self.accounts.get(appid)
        return account.name if account is not None else appid

    def account_of(self, item: HistoryItem) -> Account | None:
        """Return the account, if the item is about a single one that still exists."""
        if isinstance(item, Renewals) and len(item.appids) > 1:
            return None
        return self.accounts.get(item.newest.appid)

    def subject(self, item: HistoryItem) -> str:
        """Return the name of the account, or `3 accounts`."""
        if isinstance(item, Renewals) and len(item.appids) > 1:
            count = len(item.appids)
            return self._formatter.messages.plural("{count} account", "{count} accounts", count, count=count)
        return self.account_name(item.newest.appid)

    def title(self, item: HistoryItem) -> str:
        if isinstance(item, Incident):
            return self._incident_title(item)
        return self._renewals_title(item) if isinstance(item, Renewals) else ""

    def code(self, item: HistoryItem) -> str:
        errcode = item.newest.errcode if isinstance(item, Incident) else None
        return "" if errcode is None else str(errcode)

    def outcome(self, item: HistoryItem) -> str:
        """Return `3 tries · token stayed valid`, `still open`, `recovered after 20 s` or `70–239 ms`."""
        if isinstance(item, Incident):
            return " · ".join(filter(None, self._outcome_parts(item)))
        if isinstance(item, Renewals):
            shortest, longest = item.took_ms
            return f"{shortest}–{longest} ms" if shortest != longest else f"{longest} ms"
        return ""

    def state(self, item: HistoryItem) -> KeyState:
        """Return the state whose shape and colour belong to the item; DUE_SOON is trouble that passed."""
        if not isinstance(item, Incident):
            return KeyState.FRESH
        if self.needs_user(item.newest) or (item.is_open and item.without_value_s(self._formatter.clock()) > 0):
            return KeyState.FAILED
        return KeyState.OFFLINE if item.newest.result is AttemptResult.NO_ANSWER else KeyState.DUE_SOON

    def needs_user(self, entry: HistoryEntry) -> bool:
        return needs_user_action(entry, self._formatter.messages.errcode_catalog)

    def count_needs_user(self, failure: FailureCount) -> bool:
        """Return True if failures of this reason last until the user acts."""
        entry = HistoryEntry(
            0.0, "", "", Trigger.TIMER, failure.result, errcode=failure.errcode, endpoint=failure.endpoint
        )
        return self.needs_user(entry)

    def failure_count(self, failure: FailureCount) -> str:
        """Return `IP not whitelisted 40164 · 3 tries`."""
        title = failure_title(self._formatter.messages, failure.result, failure.errcode, failure.endpoint)
        code = "" if failure.errcode is None else f" {failure.errcode}"
        return f"{title}{code} · {self._tries(failure.count)}"

    def time(self, item: HistoryItem) -> str:
        """Return `14:05` or `14:00–14:05`; a start on another day is shown with its date."""
        start, end = to_local_datetime(item.started_at), to_local_datetime(item.ended_at)
        if start is None or end is None:
            return INVALID_TIME
        if f"{start:%Y-%m-%d %H:%M}" == f"{end:%Y-%m-%d %H:%M}":
            return f"{end:%H:%M}"
        first = f"{start:%H:%M}" if start.date() == end.date() else f"{start:%m-%d}"
        return f"{first}–{end:%H:%M}"

    def span(self, since: float, until: float) -> str:
        """Return `11-28 14:00–16:00`, or both dates if they differ."""
        start, end = to_local_datetime(since), to_local_datetime(until)
        if start is None or end is None:
            return INVALID_TIME
        same_day = start.date() == end.date()
        return f"{start:%m-%d %H:%M}–{end:%H:%M}" if same_day else f"{start:%m-%d %H:%M} – {end:%m-%d %H:%M}"

    def heading(self, ordinal: int) -> str:
        """Return `Today · Friday 28 November` for the day with this number, see `date.toordinal`."""
        day, now = date.fromordinal(ordinal), to_local_datetime(self._formatter.clock())
        today = now.date() if now is not None else day
        text = self._formatter.messages.text
        same_year = day.year == today.year
        pattern = text("dddd d MMMM") if same_year else text("dddd d MMMM yyyy")
        name = QLocale(self._formatter.messages.language).toString(QDate(day.year, day.month, day.day), pattern)
        prefix = {0: text("Today"), 1: text("Yesterday")}.get(today.toordinal() - ordinal)
        return f"{prefix} · {name}" if prefix else name

    def accessible(self, item: HistoryItem) -> str:
        parts = (self.time(item), self.subject(item), self.title(item), self.code(item), self.outcome(item))
        return ", ".join(filter(None, parts))

    def attempt(self, entry: HistoryEntry) -> tuple[str, str, str]:
        """Return the time, a description and the duration of one attempt."""
        messages = self._formatter.messages
        moment = to_local_datetime(entry.at)
        key = messages.key_name(entry.key) if entry.key in set(TokenKind) else entry.key.lower()
        parts = [key, messages.trigger_name(entry.trigger), messages.result_name(entry.result)]
        if entry.errcode is not None:
            parts.append(str(entry.errcode))
        time = INVALID_TIME if moment is None else f"{moment:%H:%M:%S}"
        return time, " · ".join(parts), f"{entry.took_ms} ms"

    def _incident_title(self, incident: Incident) -> str:
        newest, messages = incident.newest, self._formatter.messages
        problem = failure_title(messages, newest.result, newest.errcode, newest.endpoint, newest.detail)
        duration = incident.duration_s()
        if len(incident.rows) == 1 or duration < _SHORT_INCIDENT_S:
            return problem
        return messages.text("{problem} for {duration}", problem=problem, duration=self.duration(duration))

    def _renewals_title(self, renewals: Renewals) -> str:
        messages, newest = self._formatter.messages, renewals.newest
        if newest.result is AttemptResult.ADDRESS_SEEN:
            return messages.text("WeChat sees {ip}", ip=newest.ip or "")
        if newest.result is AttemptResult.QUOTA_CLEARED:
            return messages.text("counters of today set to zero")
        if newest.forced:
            return messages.text("new {key} forced", key=messages.key_name(newest.key))
        renewed = renewals.count(AttemptResult.NEW, AttemptResult.STILL_FRESH)
        unchanged, adopted = renewals.count(AttemptResult.SAME), renewals.count(AttemptResult.ADOPTED)
        parts = (
            self.renewed_count(renewed) if renewed else "",
            messages.text("{count} unchanged", count=unchanged) if unchanged else "",
            messages.text("{count} taken from other programs", count=adopted) if adopted else "",
        )
        return " · ".join(filter(None, parts))

    def _outcome_parts(self, incident: Incident) -> tuple[str, ...]:
        text, tries = self._formatter.messages.text, len(incident.rows)
        tries_text = self._tries(tries) if tries > 1 else ""
        if not incident.can_recover:
            return (tries_text,)
        without_s = incident.without_value_s(self._formatter.clock())
        lost = text("no valid value for {duration}", duration=self.duration(without_s)) if without_s >= 1 else ""
        if incident.is_open:
            return tries_text, text("still open"), lost
        if lost:
            return tries_text, lost
        if tries == 1:
            return (text("recovered after {duration}", duration=self.duration(incident.duration_s())),)
        return tries_text, text("token stayed valid")

    def renewed_count(self, count: int) -> str:
        messages = self._formatter.messages
        return messages.plural("{count} token renewed", "{count} tokens renewed", count, count=count)

    def _tries(self, count: int) -> str:
        return self._formatter.messages.plural("{count} try", "{count} tries", count, count=count)

    def duration(self, seconds: float) -> str:
        """Return `20 s`, `5 min`, `3 h` or `2 d`, rounded."""
        text = self._formatter.messages.text
        if seconds < 59.5:
            return text("{count} s", count=max(1, round(seconds)))
        if seconds < 3570:
            return text("{count} min", count=round(seconds / 60))
        if seconds < 47.5 * 3600:
            return text("{count} h", count=round(seconds / 3600))
        return text("{count} d", count=round(seconds / 86400))
