"""Figures for Prometheus."""

from prometheus_client.parser import text_string_to_metric_families

from guarddog_gui.serve.http_messages import Answer
from guarddog_gui.serve.metrics import Metrics
from tests.builders import SHOP, TOKEN
from tests.serve.in_memory_server import InMemoryServer


def test_prometheus_reads_them() -> None:
    server = InMemoryServer()
    server.services.put_value(SHOP, TOKEN, "t" * 40)
    metrics = Metrics(server.served, lambda: 7)
    metrics.count("/v1/token", Answer(client="ci"), 0.2)
    samples = {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(metrics.text())
        for sample in family.samples
    }
    assert samples["guarddog_requests_total", "ci", "/v1/token", "ok"] == 1
    assert samples["guarddog_connections",] == 7
    assert samples["guarddog_value_seconds_left", SHOP.appid, "ACCESS_TOKEN"] == 7200
    assert samples["guarddog_value_seconds_left", SHOP.appid, "JSAPI_TICKET"] == 0
    assert samples["guarddog_request_seconds_sum", "/v1/token"] == 0.2


def test_two_servers_in_one_process_do_not_share_them() -> None:
    server = InMemoryServer()
    first, second = Metrics(server.served, int), Metrics(server.served, int)
    first.count("/v1/token", Answer(), 0.2)
    assert "guarddog_requests_total{" not in second.text()
