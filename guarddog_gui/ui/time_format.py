"""Format Unix times for the window: local clock times, with the day if it is not today."""

from PySide6.QtCore import QDateTime, QLocale


class TimeFormat:
    """Formatter of local times in the language of one locale."""

    def __init__(self, locale: QLocale) -> None:
        self._locale = locale

    def format_short(self, at: float, now: float) -> str:
        """Return `16:05` for today, `Tue 16:05` within a week, and `2026-11-24 16:05` otherwise."""
        local, today = _to_local(at), _to_local(now)
        text = local.toString("HH:mm")
        days = today.date().daysTo(local.date())
        if days == 0:
            return text
        if abs(days) < 7:
            day = self._locale.dayName(local.date().dayOfWeek(), QLocale.FormatType.ShortFormat)
            return f"{day} {text}"
        return local.toString("yyyy-MM-dd HH:mm")


def _to_local(at: float) -> QDateTime:
    return QDateTime.fromMSecsSinceEpoch(round(at * 1000))
