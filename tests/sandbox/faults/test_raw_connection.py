"""Faults below HTTP: a reset connection, bytes that are no HTTP, a client that has gone."""

import pytest
import requests

from guarddog_gui.sandbox.faults.fault import Fault, FaultKind
from guarddog_gui.sandbox.server import SandboxServer
from tests.sandbox.conftest import request_token


def test_a_reset_closes_the_connection_with_rst(sandbox: SandboxServer) -> None:
    sandbox.faults.add(Fault(FaultKind.RESET))
    with pytest.raises(requests.ConnectionError, match=r"reset by peer|10054"):
        request_token(sandbox)
    assert request_token(sandbox).ok


def test_garbage_is_not_http(sandbox: SandboxServer) -> None:
    sandbox.faults.add(Fault(FaultKind.GARBAGE))
    with pytest.raises(requests.ConnectionError):
        request_token(sandbox)


def test_a_hanging_call_delays_no_other_and_ends_when_its_client_disconnects(sandbox: SandboxServer) -> None:
    sandbox.faults.add(Fault(FaultKind.HANG, seconds=3600), times=60)  # more than there are threads
    for _ in range(60):
        with pytest.raises(requests.ReadTimeout):
            request_token(sandbox, timeout_s=0.02)
    assert request_token(sandbox, timeout_s=3).ok
