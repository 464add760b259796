"""Each fault as a client sees it over HTTP."""

from time import monotonic

import pytest
import requests

from guarddog_gui.sandbox.faults.fault import Fault, FaultKind
from guarddog_gui.sandbox.server import SandboxServer
from tests.sandbox.conftest import request_token

AN_HOUR = 3600.0


def test_a_planned_errcode_is_returned_once(sandbox: SandboxServer) -> None:
    sandbox.faults.add(Fault(FaultKind.ERRCODE, number=89503))
    assert request_token(sandbox).json()["errcode"] == 89503
    assert "access_token" in request_token(sandbox).json()


@pytest.mark.parametrize("status", [304, 500, 502, 503, 504, 599])
def test_a_planned_http_status_is_returned(sandbox: SandboxServer, status: int) -> None:
    sandbox.faults.add(Fault(FaultKind.HTTP_STATUS, number=status))
    assert request_token(sandbox).status_code == status


def test_a_captive_portal_answers_with_its_own_page(sandbox: SandboxServer) -> None:
    sandbox.faults.add(Fault(FaultKind.CAPTIVE_PORTAL))
    answer = request_token(sandbox)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/html")
    assert answer.text.startswith("<!DOCTYPE html>")


def test_a_given_body_or_an_empty_one_is_returned(sandbox: SandboxServer) -> None:
    sandbox.faults.add(Fault(FaultKind.CUSTOM_BODY, text='{"access_token":"","expires_in":-1}'))
    sandbox.faults.add(Fault(FaultKind.EMPTY_BODY))
    assert request_token(sandbox).text == '{"access_token":"","expires_in":-1}'
    assert request_token(sandbox).content == b""


def test_a_redirect_leads_to_the_given_url(sandbox: SandboxServer) -> None:
    sandbox.faults.add(Fault(FaultKind.REDIRECT, text="http://127.0.0.1:9/login"))
    answer = request_token(sandbox)
    assert (answer.status_code, answer.headers["Location"]) == (302, "http://127.0.0.1:9/login")


def test_a_cut_off_answer_is_incomplete_but_counted(sandbox: SandboxServer) -> None:
    sandbox.faults.add(Fault(FaultKind.CUT_OFF))
    with pytest.raises(requests.exceptions.ChunkedEncodingError, match="IncompleteRead"):
        request_token(sandbox)
    assert sandbox.rules.used_today(sandbox.accounts[0].appid, "/cgi-bin/token") == 1


def test_a_wrong_content_length_truncates_the_json(sandbox: SandboxServer) -> None:
    sandbox.faults.add(Fault(FaultKind.WRONG_LENGTH))
    with pytest.raises(requests.exceptions.JSONDecodeError):
        request_token(sandbox).json()


@pytest.mark.parametrize("kind", [FaultKind.HANG, FaultKind.STALL])
def test_silence_makes_the_client_time_out(sandbox: SandboxServer, kind: FaultKind) -> None:
    sandbox.faults.add(Fault(kind, seconds=AN_HOUR))
    with pytest.raises((requests.ReadTimeout, requests.ConnectionError), match="timed out"):
        request_token(sandbox, timeout_s=0.2)


@pytest.mark.parametrize("kind", [FaultKind.HANG, FaultKind.STALL, FaultKind.DRIP])
def test_a_slow_answer_is_complete(sandbox: SandboxServer, kind: FaultKind) -> None:
    sandbox.faults.add(Fault(kind, seconds=0.3))
    started_at = monotonic()
    assert "access_token" in request_token(sandbox, timeout_s=5).json()
    assert monotonic() - started_at >= 0.3


def test_a_drip_never_triggers_the_clients_read_timeout(sandbox: SandboxServer) -> None:
    sandbox.faults.add(Fault(FaultKind.DRIP, seconds=1))
    assert "access_token" in request_token(sandbox, timeout_s=0.5).json()


def test_a_flood_is_endless(sandbox: SandboxServer) -> None:
    sandbox.faults.add(Fault(FaultKind.FLOOD))
    with request_token(sandbox, stream=True) as answer:
        received = sum(len(answer.raw.read(1 << 20)) for _ in range(20))
    assert received == 20 << 20
