"""Format Unix times for the window: local clock times, with the day if it is not today."""

from PySide6.QtCore import QDateTime, QLocale


def format_short(at: float, now: float, locale: QLocale) -> str:
    """Return `16:05` for today, `Tue 16:05` within a week, and `2026-11-24 16:05` otherwise."""
    local, today = (QDateTime.fromMSecsSinceEpoch(round(time * 1000)) for time in (at, now))
    text = local.toString("HH:mm")
    days = today.date().daysTo(local.date())
    if days == 0:
        return text
    if abs(days) < 7:
        return f"{locale.dayName(local.date().dayOfWeek(), QLocale.FormatType.ShortFormat)} {text}"
    return local.toString("yyyy-MM-dd HH:mm")
