"""`accounts address` prints what the sandbox's WeChat sees; asking sends no AppSecret."""

from msgspec.structs import replace

from tests.cli.conftest import InProcessCli


def set_whitelist(ctl: InProcessCli, *addresses: str) -> None:
    ctl.wechat.rules.set_account(replace(ctl.shop, ip_list=addresses))


def test_nothing_is_asked_without_ask(ctl_with_account: InProcessCli) -> None:
    calls = ctl_with_account.wechat.rules.call_counts.copy()
    ran = ctl_with_account("accounts", "address", "Shop")
    assert (ran.exit_code, ran.stdout) == (3, "")
    assert "has not named the address" in ran.stderr
    assert "--ask" in ran.stderr
    assert ctl_with_account.wechat.rules.call_counts == calls


def test_an_address_that_is_not_listed_is_named_by_the_refusal(ctl_with_account: InProcessCli) -> None:
    ctl = ctl_with_account
    set_whitelist(ctl, "203.0.113.9")
    ran = ctl("accounts", "address", "Shop", "--ask")
    assert (ran.exit_code, ran.stdout) == (0, "127.0.0.1\n")
    assert "It is not on the IP whitelist." in ran.stderr
    assert "No proxy in between." in ran.stderr
    asked = ctl("accounts", "address", "--json").json
    assert asked["latest"]["whitelisted"] is False
    assert (asked["ip"], asked["previous"], asked["proxy"]) == ("127.0.0.1", None, None)
    assert "WeChat saw 127.0.0.1 at" in ctl("accounts", "show", "Shop").stdout


def test_a_listed_address_is_found_by_a_rid(ctl_with_account: InProcessCli) -> None:
    ctl = ctl_with_account
    token, calls = ctl.stored_value(), ctl.wechat.rules.call_counts.copy()
    ran = ctl("accounts", "address", "Shop", "--ask")
    assert (ran.exit_code, ran.stdout) == (0, "127.0.0.1\n")
    assert "The IP whitelist accepts it." in ran.stderr
    made = ctl.wechat.rules.call_counts - calls
    assert made == {"/cgi-bin/stable_token": 1, "/cgi-bin/openapi/quota/get": 1, "/cgi-bin/openapi/rid/get": 1}
    assert ctl.stored_value() == token
    assert ctl("token", "Shop").stdout.strip() == token  # it is still alive
    assert ctl.count_calls("/cgi-bin/stable_token") == 1  # that of `accounts add`: the question used up nothing


def test_without_a_token_a_listed_address_has_no_name(ctl_with_account: InProcessCli) -> None:
    ctl = ctl_with_account
    ctl.dog_path().unlink()
    ran = ctl("accounts", "address", "Shop", "--ask")
    assert (ran.exit_code, ran.stdout) == (3, "")
    assert "did not name its address" in ran.stderr


def test_wechat_out_of_reach_may_pass(ctl_with_account: InProcessCli) -> None:
    ran = ctl_with_account("accounts", "address", "--ask", GUARDDOG_API_BASE="http://127.0.0.1:9")
    assert ran.exit_code == 5
    assert "cannot reach WeChat" in ran.stderr


def test_the_doctor_names_the_address(ctl_with_account: InProcessCli) -> None:
    ctl = ctl_with_account
    findings = {check["check"]: check for check in ctl("doctor", "--json").json}
    assert findings["own-address"]["state"] == "not checked"
    set_whitelist(ctl, "203.0.113.9")
    ctl("accounts", "address", "--ask")
    findings = {check["check"]: check for check in ctl("doctor", "--json").json}
    assert findings["own-address"]["what"].startswith("Shop: WeChat saw 127.0.0.1 at")


def test_the_doctor_checks_the_way_of_an_account(ctl_with_account: InProcessCli) -> None:
    ctl = ctl_with_account
    del ctl.environ["GUARDDOG_API_BASE"]
    ctl("accounts", "edit", "--no-check", "--api-host", ctl.wechat.base_url, "--proxy", "http://127.0.0.1:9")
    ran = ctl("doctor", "--json", HTTPS_PROXY="http://127.0.0.1:9")
    named = [check for check in ran.json if check["what"].startswith("Shop: ") and check["check"] == "network"]
    assert [check["state"] for check in named] == ["ok"]
