"""Options for the API host and the proxy of an account; the password of the proxy is shown nowhere."""

from pathlib import Path

import pytest

from guarddog_gui.domain.accounts.account import Secret
from tests.adapters.fault_server import FaultServer, http_response, reply_with
from tests.cli.conftest import InProcessCli

PROXY = "socks5://me@proxy.example.cn:1080"
PASSWORD = "pr0xy-p4ss"


def all_files(home: Path) -> str:
    return "".join(path.read_bytes().decode("latin-1") for path in home.rglob("*") if path.is_file())


def test_a_proxy_with_a_user_asks_for_the_password(ctl_with_account: InProcessCli) -> None:
    ctl = ctl_with_account
    ctl.hidden_input = PASSWORD
    ran = ctl("accounts", "edit", "Shop", "--proxy", PROXY, "--no-check")
    assert (ran.exit_code, ran.stderr) == (0, "")
    assert ctl.hidden_prompt == f"Password of the proxy {PROXY} (not shown): "
    assert ctl.secrets.stored[f"{ctl.shop.appid}/proxy"] == Secret(PASSWORD)
    shown = [ctl("accounts", "show", "Shop"), ctl("accounts", "show", "--json"), ctl("status", "--json"), ctl("doctor")]
    texts = "".join(ran.stdout + ran.stderr for ran in shown)
    assert f"{PROXY} (password in the keyring)" in texts
    assert PASSWORD not in texts + all_files(ctl.home)


def test_the_password_can_come_from_standard_input_behind_the_secret(guarddogctl: InProcessCli) -> None:
    shop = guarddogctl.shop
    ran = guarddogctl(
        "accounts", "add", "--appid", shop.appid, "--name", "Shop", "--proxy", PROXY,
        "--secret-stdin", "--proxy-password-stdin", stdin=f"{shop.secret}\n{PASSWORD}\n",
    )  # fmt: skip
    assert ran.exit_code == 0  # the sandbox is on this computer, which no proxy is used for
    assert guarddogctl.secrets.stored[f"{shop.appid}/proxy"] == Secret(PASSWORD)
    assert guarddogctl.secrets.stored[shop.appid] == Secret(shop.secret)


def test_another_password_is_a_change(ctl_with_account: InProcessCli) -> None:
    ctl_with_account("accounts", "edit", "--proxy", PROXY, "--proxy-password-stdin", stdin="old\n")
    assert ctl_with_account("accounts", "edit", "--proxy-password-stdin", stdin="new\n").exit_code == 0
    assert ctl_with_account.secrets.stored[f"{ctl_with_account.shop.appid}/proxy"] == Secret("new")
    assert ctl_with_account("accounts", "edit", "--proxy", "").exit_code == 0
    assert f"{ctl_with_account.shop.appid}/proxy" not in ctl_with_account.secrets.stored


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (("--proxy", f"http://me:{PASSWORD}@h:1"), "does not belong into its address"),
        (("--proxy", "socks4://h:1"), "SOCKS 4"),
        (("--proxy", "http://h:1", "--proxy-password-stdin"), "no user name"),
        (("--proxy", PROXY), "There is no terminal"),
        (("--api-host", "http://api.weixin.qq.com"), "API host"),
        (("--api-host", f"https://me:{PASSWORD}@a.cn"), "API host"),
    ],
)
def test_wrong_options_end_with_two_and_repeat_no_password(
    ctl_with_account: InProcessCli, words: tuple[str, ...], text: str
) -> None:
    ran = ctl_with_account("accounts", "edit", "Shop", *words)
    assert (ran.exit_code, ran.stdout) == (2, "")
    assert text in ran.stderr
    assert PASSWORD not in ran.stderr


def test_calls_go_to_the_host_of_the_account(ctl_with_account: InProcessCli) -> None:
    ctl = ctl_with_account
    body = b'{"errcode":40164,"errmsg":"invalid ip 203.0.113.9, not in whitelist"}'
    with FaultServer(reply_with(http_response(body))) as server:
        del ctl.environ["GUARDDOG_API_BASE"]
        assert ctl("accounts", "edit", "Shop", "--api-host", server.base, "--no-check").exit_code == 0
        ran = ctl("refresh", "Shop")
        assert server.connections  # also with the ticket
    assert ran.exit_code == 4
    assert "203.0.113.9" in ran.stderr
    assert server.base in ctl("accounts", "show").stdout


def test_the_variable_wins_over_the_host_of_the_account(ctl_with_account: InProcessCli) -> None:
    ctl = ctl_with_account
    assert ctl("accounts", "edit", "Shop", "--api-host", "api2.weixin.qq.com").exit_code == 0
    assert ctl("refresh", "Shop").exit_code == 0
    assert ctl("accounts", "edit", "Shop", "--api-host", "").exit_code == 0
    assert "as in the preferences" in ctl("accounts", "show").stdout


def test_a_password_that_was_written_into_the_list_is_taken_out(ctl_with_account: InProcessCli) -> None:
    file = ctl_with_account.home / "config" / "accounts.json"
    file.write_text(
        file.read_text(encoding="utf-8").replace('"proxy": ""', f'"proxy": "http://me:{PASSWORD}@h:1"'),
        encoding="utf-8",
    )
    assert PASSWORD not in ctl_with_account("accounts", "list", "--json").stdout
    ctl_with_account("accounts", "edit", "Shop", "--group", "x", "--no-check")
    assert PASSWORD not in file.read_text(encoding="utf-8")
    assert "http://me@h:1" in file.read_text(encoding="utf-8")
