"""A certificate authority, a server behind a proxy, and the check that nothing secret is logged."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.adapters import certificates
from tests.adapters.fault_server import TOKEN_BODY, FaultServer, http_response, reply_to_each
from tests.adapters.http.wechat_requests import PROXY_PASSWORD, SECRET, TOKEN


@pytest.fixture(autouse=True)
def nothing_secret_is_logged(capfd: pytest.CaptureFixture[str]) -> Iterator[None]:
    """Check all log records, with every logger at DEBUG and handlers at urllib3's own loggers."""
    text = io.StringIO()
    handler = logging.StreamHandler(text)
    levels = {name: logging.getLogger(name).level for name in ("", "urllib3", "requests", "urllib3.connectionpool")}
    for name in levels:
        logging.getLogger(name).addHandler(handler)
        logging.getLogger(name).setLevel(logging.DEBUG)
    yield
    for name, level in levels.items():
        logging.getLogger(name).removeHandler(handler)
        logging.getLogger(name).setLevel(level)
    out, err = capfd.readouterr()
    for secret in (SECRET, TOKEN, PROXY_PASSWORD, quote(PROXY_PASSWORD, safe="")):
        assert secret not in text.getvalue() + out + err


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> certificates.CertificateAuthority:
    authority = certificates.make_authority(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    return authority


@pytest.fixture
def far_server(authority: certificates.CertificateAuthority, tmp_path: Path) -> Iterator[FaultServer]:
    """Start a WeChat server whose name only a proxy can resolve."""
    tls = certificates.server_context(tmp_path, authority, "api.weixin.test")
    with FaultServer(reply_to_each(*[http_response(TOKEN_BODY)] * 3), tls=tls) as server:
        yield server
