"""Findings about the connection to WeChat: each step that fails has its own words."""

import pytest

from guarddog_gui.domain.health.findings import CheckStatus, HealthCheck
from guarddog_gui.domain.health.results import ConnectionStep, NetworkProbeResult
from guarddog_gui.domain.wechat.protocol import HTML, FailureKind, TransportFailure
from guarddog_gui.services.messages.health.network import network_findings
from guarddog_gui.services.messages.message import Messages
from tests.services.messages.languages import CHINESE, ENGLISH

HOST = "api.weixin.qq.com"


def test_a_way_without_hindrance_is_three_good_findings() -> None:
    seen = NetworkProbeResult(HOST, address_count=3, took_ms=123, clock_skew_s=-1.4)

    found = network_findings(seen, ENGLISH)

    assert [each.check for each in found] == [HealthCheck.PROXY, HealthCheck.NETWORK, HealthCheck.CLOCK]
    assert {each.status for each in found} == {CheckStatus.OK}
    assert "123 ms" in found[1].summary


@pytest.mark.parametrize(
    ("step", "how", "detail"),
    [
        (ConnectionStep.DNS, FailureKind.OFFLINE, "name not found"),
        (ConnectionStep.CONNECTION, FailureKind.TIMEOUT, ""),
        (ConnectionStep.TLS, FailureKind.TLS, "certificate expired"),
        (ConnectionStep.ANSWER, FailureKind.CUT_OFF, ""),
    ],
)
@pytest.mark.parametrize("sentences", [ENGLISH, CHINESE], ids=["en", "zh"])
def test_each_step_that_fails_says_which_it_was_and_why(
    step: ConnectionStep, how: FailureKind, detail: str, sentences: Messages
) -> None:
    seen = NetworkProbeResult(HOST, address_count=2, failed_step=step, failure=TransportFailure(how, detail))

    proxy, way, clock = network_findings(seen, sentences)

    assert (proxy.status, way.status, clock.status) == (CheckStatus.OK, CheckStatus.FAILED, CheckStatus.NOT_CHECKED)
    assert way.summary.endswith(f"({detail or how})")
    assert way.advice


def test_the_steps_have_words_of_their_own() -> None:
    silence = TransportFailure(FailureKind.TIMEOUT)
    whats = {
        network_findings(NetworkProbeResult(HOST, failed_step=step, failure=silence), ENGLISH)[1].summary
        for step in ConnectionStep
    }

    assert len(whats) == len(ConnectionStep)


def test_a_proxy_is_named_with_the_variable_that_names_it() -> None:
    proxy = network_findings(NetworkProbeResult(HOST, "http://proxy:8080", "HTTPS_PROXY"), ENGLISH)[0]
    of_system = network_findings(NetworkProbeResult(HOST, "http://proxy:8080"), ENGLISH)[0]

    assert proxy.summary == "Calls go through http://proxy:8080 (from HTTPS_PROXY)."
    assert "setting of the system" in of_system.summary


def test_a_proxy_that_refuses_is_to_blame_and_the_rest_is_not_checked() -> None:
    silence = TransportFailure(FailureKind.PROXY, "HTTP 407", may_have_counted=False)
    seen = NetworkProbeResult(HOST, "http://proxy:8080", failed_step=ConnectionStep.ANSWER, failure=silence)

    proxy, way, _ = network_findings(seen, ENGLISH)

    assert proxy.status is CheckStatus.FAILED
    assert proxy.summary.endswith("(HTTP 407)")
    assert way.status is CheckStatus.NOT_CHECKED


@pytest.mark.parametrize(("skew_s", "words"), [(3600.0, "60 minutes ahead"), (-240.0, "4 minutes behind")])
def test_a_clock_that_spoils_signatures_is_bad(skew_s: float, words: str) -> None:
    clock = network_findings(NetworkProbeResult(HOST, clock_skew_s=skew_s), ENGLISH)[2]

    assert clock.status is CheckStatus.FAILED
    assert words in clock.summary
    assert clock.advice


@pytest.mark.parametrize(
    ("kind", "detail", "is_temporary"),
    [
        (FailureKind.OFFLINE, "", True),
        (FailureKind.TIMEOUT, "", True),
        (FailureKind.HTTP_STATUS, "502", True),
        (FailureKind.NOT_JSON, "", True),
        (FailureKind.NOT_JSON, HTML, False),
        (FailureKind.TLS, "certificate expired", False),
        (FailureKind.REDIRECTED, "", False),
    ],
)
def test_trouble_of_the_network_passes_and_a_wrong_setting_does_not(
    kind: FailureKind, detail: str, *, is_temporary: bool
) -> None:
    result = NetworkProbeResult(HOST, failed_step=ConnectionStep.ANSWER, failure=TransportFailure(kind, detail))

    assert network_findings(result, ENGLISH)[1].is_temporary is is_temporary


def test_a_proxy_that_refuses_needs_the_user() -> None:
    refused = TransportFailure(FailureKind.PROXY, "HTTP 407", may_have_counted=False)
    result = NetworkProbeResult(HOST, "http://proxy:8080", failed_step=ConnectionStep.ANSWER, failure=refused)

    assert not any(finding.is_temporary for finding in network_findings(result, ENGLISH) if finding.is_problem)
