"""Checks of the ways to WeChat of single accounts, and of the addresses that WeChat saw."""

from guarddog_gui.domain.accounts.account import Secret
from tests.adapters.fault_server import FaultServer, http_response, reply_with
from tests.cli.conftest import CliResult, InProcessCli

PROXY = "http://me@127.0.0.1:9"


def findings(ran: CliResult, check: str) -> list[tuple[str, str]]:
    return [(found["state"], found["what"]) for found in ran.json if found["check"] == check]


def test_accounts_without_a_way_of_their_own_add_nothing(ctl_with_account: InProcessCli) -> None:
    ran = ctl_with_account("doctor", "--json")
    assert len(findings(ran, "network")) == 1
    assert findings(ran, "own-address") == [
        ("not checked", "No answer of WeChat has named the address of this computer so far.")
    ]


def test_a_host_that_does_not_answer_is_named_with_its_account(ctl_with_account: InProcessCli) -> None:
    ctl = ctl_with_account
    del ctl.environ["GUARDDOG_API_BASE"]
    ctl("accounts", "edit", "--no-check", "--api-host", "http://127.0.0.1:9")
    (*_, (state, what)) = findings(ctl("doctor", "--json"), "network")
    assert state == "bad"
    assert what.startswith("Shop: ")


def test_a_proxy_that_refuses_is_named_without_its_password(ctl_with_account: InProcessCli) -> None:
    ctl = ctl_with_account
    del ctl.environ["GUARDDOG_API_BASE"]
    with FaultServer(reply_with(http_response(b"", status="407 Proxy Authentication Required"))) as proxy:
        address = f"http://me@127.0.0.1:{proxy.port}"
        ctl("accounts", "edit", "--no-check", "--proxy", address, "--proxy-password-stdin", stdin="pr0xy-p4ss\n")
        ran = ctl("doctor", "--json")
    (*_, (state, what)) = findings(ran, "proxy")
    assert state == "bad"
    assert what.startswith(f"Shop: Calls go through http://127.0.0.1:{proxy.port} (set for the account).")
    assert "pr0xy-p4ss" not in ran.stdout


def test_a_missing_password_is_a_finding(ctl_with_account: InProcessCli) -> None:
    ctl = ctl_with_account
    ctl.secrets.stored[f"{ctl.shop.appid}/proxy"] = Secret("x")
    ctl("accounts", "edit", "--no-check", "--proxy", PROXY, "--proxy-password-stdin", stdin="x\n")
    del ctl.secrets.stored[f"{ctl.shop.appid}/proxy"]
    (*_, (state, what)) = findings(ctl("doctor", "--json"), "proxy")
    assert (state, what) == ("bad", "Shop: The keyring has no password for the proxy of this account.")
