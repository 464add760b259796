"""Reads of the history for windows: pages and timelines in a worker thread, small counts at once."""

from dataclasses import replace

from guarddog_gui.domain.refresh import policy
from guarddog_gui.domain.refresh.history import CLEAR_QUOTA_KEY, CallCount, HistoryFilter, HistoryRow
from guarddog_gui.domain.refresh.timeline import Timeline
from guarddog_gui.domain.wechat.errcodes import beijing_day_start, beijing_month_start
from guarddog_gui.runtime.jobs import HistoryPageQuery, JobHandle, TimelineQuery
from guarddog_gui.runtime.worker_pool import WorkerPool
from guarddog_gui.services.ports import Clock, HistoryStore


class HistoryQueries:
    """Questions that windows ask the history. The counts follow WeChat's limits: they begin in Beijing."""

    def __init__(self, worker_pool: WorkerPool, history: HistoryStore, clock: Clock) -> None:
        self._worker_pool = worker_pool
        self._history = history
        self._clock = clock

    def load_timeline(self, appids: tuple[str, ...], since: float, until: float, columns: int) -> JobHandle[Timeline]:
        return self._worker_pool.submit(TimelineQuery(appids, since, until, columns))

    def load_page(self, query: HistoryPageQuery) -> JobHandle[tuple[HistoryRow, ...]]:
        return self._worker_pool.submit(query)

    def count_calls_today(self, appid: str) -> CallCount:
        """Count the calls of this account since midnight in Beijing."""
        return self._history.count_calls(appid, beijing_day_start(self._clock()))

    def count_quota_clears_this_month(self, appid: str) -> int:
        """Count how often Guard Dog has cleared this account's quota since Beijing's month began."""
        attempts = HistoryFilter(appid=appid, key=CLEAR_QUOTA_KEY, since=beijing_month_start(self._clock()))
        return self._history.count(attempts) - self._history.count(replace(attempts, only_failures=True))

    def force_allowance(self, appid: str) -> policy.ForceAllowance:
        """Return whether WeChat's limits allow a forced token now, and how many are left today."""
        return policy.force_allowance(self.count_calls_today(appid), self._clock())
