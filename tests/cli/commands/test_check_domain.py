"""`check-domain` asks a real server on this computer."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.adapters import certificates
from tests.adapters.fault_server import FaultServer, http_response, reply_with
from tests.cli.conftest import InProcessCli

FILE = "MP_verify_abcd1234.txt"


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FaultServer]:
    authority = certificates.make_authority(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    tls = certificates.server_context(tmp_path, authority, "localhost")
    with FaultServer(reply_with(http_response(b"abcd1234")), tls=tls) as running:
        yield running


def test_a_page_is_checked_line_by_line(guarddogctl: InProcessCli, server: FaultServer) -> None:
    ran = guarddogctl("check-domain", f"localhost:{server.port}", "--file", FILE)
    assert ran.exit_code == 4  # the port
    assert "✗ bad          domain" in ran.stdout
    assert "✓ ok           certificate" in ran.stdout
    assert f"{FILE} is there, with the right content." in ran.stdout
    assert ran.stderr == ""


def test_a_test_account_may_use_a_port(guarddogctl: InProcessCli, server: FaultServer) -> None:
    guarddogctl.add_account(guarddogctl.shop, "Shop", "--environment", "test", "--js-domain", "localhost")
    ran = guarddogctl("check-domain", f"localhost:{server.port}", "Shop", "--json")
    assert ran.exit_code == 0
    assert ran.json["ready"] is True
    assert ran.json["url"] == f"https://localhost:{server.port}/"
    states = {check["check"]: check["state"] for check in ran.json["checks"]}
    assert states["domain"] == "doubtful"
    assert states["listed"] == "ok"
    assert states["certificate"] == "ok"


def test_a_server_that_does_not_run_may_pass(guarddogctl: InProcessCli) -> None:
    guarddogctl.add_account(guarddogctl.shop, "Shop", "--environment", "test")
    ran = guarddogctl("check-domain", "localhost:9", "Shop")
    assert ran.exit_code == 5
    assert "takes no connection" in ran.stdout


@pytest.mark.parametrize("words", [("",), ("ftp://a.cn",), ("a.cn", "--file", "robots.txt")])
def test_wrong_arguments_end_with_two(guarddogctl: InProcessCli, words: tuple[str, ...]) -> None:
    ran = guarddogctl("check-domain", *words)
    assert (ran.exit_code, ran.stdout) == (2, "")


def test_an_account_that_does_not_exist_ends_with_three(guarddogctl: InProcessCli) -> None:
    assert guarddogctl("check-domain", "a.cn", "Nobody").exit_code == 3
