"""Figures for Prometheus at /metrics. Only names from our own lists become labels: no path or text of a client."""

from collections.abc import Callable, Iterator
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Histogram, disable_created_metrics, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4 as CONTENT_TYPE
from prometheus_client.registry import Collector

from guarddog_gui.serve.http_messages import Answer
from guarddog_gui.serve.served_accounts import ServedAccounts

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25)

__all__ = ["CONTENT_TYPE", "Metrics"]


class Metrics:
    """Counters of one server. Safe to use from any thread."""

    def __init__(self, served: ServedAccounts, count_connections: Callable[[], int]) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call] # a second series for each counter
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "guarddog_requests", "Requests by path, client and result.", ("path", "client", "result"),
            registry=self._registry,
        )  # fmt: skip
        self._seconds = Histogram(
            "guarddog_request_seconds", "Time to answer.", ("path",), buckets=_SECONDS, registry=self._registry
        )
        self._registry.register(_CurrentFigures(served, count_connections))

    def count(self, path: str, answer: Answer, seconds: float) -> None:
        self._requests.labels(path, answer.client, answer.result).inc()
        self._seconds.labels(path).observe(seconds)

    def text(self) -> str:
        return generate_latest(self._registry).decode()


class _CurrentFigures(Collector):
    """What is measured when it is asked for."""

    def __init__(self, served: ServedAccounts, count_connections: Callable[[], int]) -> None:
        self._served = served
        self._count_connections = count_connections

    def describe(self) -> list[Any]:
        return []  # else `collect` would be called to find the names

    def collect(self) -> Iterator[GaugeMetricFamily]:
        connections = GaugeMetricFamily("guarddog_connections", "Open connections.")
        connections.add_metric([], self._count_connections())
        yield connections
        left = GaugeMetricFamily(
            "guarddog_value_seconds_left", "Life left of each value; 0 without a valid one.", labels=("appid", "key")
        )
        now = self._served.clock()
        for account in self._served.accounts():
            for kind in account.token_kinds:
                record = self._served.values.read(account, kind)
                left.add_metric([account.appid, kind.value], record.remaining_s(now) if record is not None else 0.0)
        yield left
