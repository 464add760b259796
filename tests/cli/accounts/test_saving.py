"""Saving an account: when the AppSecret is asked for, what is checked, and what the messages say."""

import json

import pytest

from guarddog_gui.domain.accounts.keyring_results import KeyringIsLocked
from guarddog_gui.sandbox.faults.fault import Fault, FaultKind
from tests.cli.conftest import InProcessCli


def stored(ctl: InProcessCli) -> dict[str, object]:
    account: dict[str, object] = ctl("accounts", "show", "--json").json
    return account


@pytest.mark.parametrize("command", [("edit", "Shop"), ("add", "--appid", "APPID")])
@pytest.mark.parametrize(
    ("option", "field", "value"),
    [
        (("--name", "Café"), "name", "Café"),
        (("--card-ticket",), "card_ticket", True),
        (("--ahead", "200"), "ahead", 200),
        (("--endpoint", "classic"), "endpoint", "classic"),
        (("--js-domain", "shop.example.cn"), "js_domains", ["shop.example.cn"]),
    ],
)
def test_an_option_of_a_known_account_is_changed_with_the_stored_secret(
    ctl_with_account: InProcessCli, command: tuple[str, ...], option: tuple[str, ...], field: str, value: object
) -> None:
    argv = [ctl_with_account.shop.appid if word == "APPID" else word for word in command]
    calls = ctl_with_account.count_calls("/cgi-bin/stable_token")

    ran = ctl_with_account("accounts", *argv, *option)

    assert ran.exit_code == 0, ran.stderr
    accepted = "WeChat accepts them.\n" if option[-1] == "classic" else "WeChat accepts them. A token is ready.\n"
    assert ran.stdout.startswith(accepted)
    assert ran.stdout.endswith(" is changed.\n")
    assert ctl_with_account.hidden_prompt == ""
    assert ctl_with_account.count_calls("/cgi-bin/stable_token") == calls + 1
    assert stored(ctl_with_account)[field] == value
    secret = ctl_with_account.secrets.stored[ctl_with_account.shop.appid].reveal()
    assert secret == ctl_with_account.shop.secret
    assert secret not in ran.stdout + ran.stderr


def test_without_a_check_neither_keyring_nor_wechat_is_asked(ctl_with_account: InProcessCli) -> None:
    ctl_with_account.secrets.lookup_result = KeyringIsLocked()
    ctl_with_account.wechat.stop()
    ran = ctl_with_account("accounts", "edit", "--name", "Café", "--no-check")
    assert (ran.exit_code, ran.stdout) == (0, "Café is changed.\n")


def test_a_stored_secret_that_wechat_refuses_changes_nothing(ctl_with_account: InProcessCli) -> None:
    ctl_with_account.wechat.faults.add(Fault(FaultKind.ERRCODE, 40125))
    ran = ctl_with_account("accounts", "edit", "--name", "Café")
    assert ran.exit_code == 4
    assert stored(ctl_with_account)["name"] == "Shop"


def test_a_locked_keyring_ends_with_six(ctl_with_account: InProcessCli) -> None:
    ctl_with_account.secrets.lookup_result = KeyringIsLocked()
    assert ctl_with_account("accounts", "edit", "--name", "Café").exit_code == 6
    assert stored(ctl_with_account)["name"] == "Shop"


def test_a_missing_secret_is_asked_for(ctl_with_account: InProcessCli) -> None:
    ctl_with_account.secrets.stored.clear()
    ctl_with_account.hidden_input = ctl_with_account.shop.secret
    ran = ctl_with_account("accounts", "edit", "--name", "Café")
    assert ran.exit_code == 0
    assert ran.stderr.startswith("The keyring has no AppSecret for this account.")
    assert ctl_with_account.secrets.stored[ctl_with_account.shop.appid].reveal() == ctl_with_account.shop.secret


@pytest.mark.parametrize("argv", [("edit", "Shop", "--ask-secret"), ("add", "--appid", "APPID", "--name", "Shop")])
def test_a_new_secret_is_asked_for_where_nothing_else_changes(
    ctl_with_account: InProcessCli, argv: tuple[str, ...]
) -> None:
    ctl_with_account.hidden_input = ctl_with_account.shop.secret
    words = [ctl_with_account.shop.appid if word == "APPID" else word for word in argv]
    ran = ctl_with_account("accounts", *words)
    assert (ran.exit_code, ran.stdout.splitlines()[-1]) == (0, "Shop is saved.")
    assert ctl_with_account.hidden_prompt == "AppSecret of Shop (not shown): "


def test_an_edit_without_a_change_is_wrong_usage(ctl_with_account: InProcessCli) -> None:
    for options in ((), ("--name", "Shop"), ("--no-check",)):
        ran = ctl_with_account("accounts", "edit", "Shop", *options)
        assert ran.exit_code == 2
        assert ran.stderr.startswith("Nothing would be changed.")


def test_a_list_of_a_newer_version_is_named_before_anything_is_asked(ctl_with_account: InProcessCli) -> None:
    accounts = ctl_with_account.home / "config" / "accounts.json"
    fields = json.loads(accounts.read_text()) | {"version": 2, "groups": ["new"]}
    accounts.write_text(json.dumps(fields))
    before, calls = accounts.read_bytes(), ctl_with_account.count_calls("/cgi-bin/stable_token")
    for argv in (
        ("add", "--appid", "wx00000000000000a1", "--name", "New"),
        ("edit", "Shop", "--name", "New"),
        ("remove", "Shop"),
    ):
        ran = ctl_with_account("accounts", *argv)
        assert ran.exit_code == 7
        assert ran.stderr.count("was written by a newer Guard Dog") == 1
    assert ctl_with_account("token").exit_code == 0  # it goes on serving
    assert "newer Guard Dog" in ctl_with_account("accounts", "list").stderr
    assert accounts.read_bytes() == before
    assert ctl_with_account.count_calls("/cgi-bin/stable_token") == calls
    assert ctl_with_account.shop.appid in ctl_with_account.secrets.stored
