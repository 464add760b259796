"""Moments as people read them: a clock time, with its day where it is another one."""

from PySide6.QtCore import QDateTime, QLocale


class TimeFormat:
    """Local clock times in the language of the window."""

    def __init__(self, locale: QLocale) -> None:
        self._locale = locale

    def format_short(self, at: float, now: float) -> str:
        """`16:05` today, else with its day: `Tue 16:05` within a week, `2026-11-24 16:05` beyond."""
        moment, today = _to_local(at), _to_local(now)
        text = moment.toString("HH:mm")
        days = today.date().daysTo(moment.date())
        if days == 0:
            return text
        if abs(days) < 7:
            day = self._locale.dayName(moment.date().dayOfWeek(), QLocale.FormatType.ShortFormat)
            return f"{day} {text}"
        return moment.toString("yyyy-MM-dd HH:mm")

    @staticmethod
    def format_full(at: float) -> str:
        """`2026-11-23 16:05:09`, for tables."""
        return _to_local(at).toString("yyyy-MM-dd HH:mm:ss")


def _to_local(at: float) -> QDateTime:
    return QDateTime.fromMSecsSinceEpoch(round(at * 1000))
