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
        (("--js-domain", "shop.example.cn"), "js_domains", ["shop.example.cn"]),
        (("--environment", "production"), "environment", "production"),
        (("--colour", "teal"), "colour", "teal"),
        (("--group", " Retail "), "group", "Retail"),
    ],
)
def test_what_does_not_concern_wechat_is_changed_without_keyring_and_network(
    ctl_with_account: InProcessCli, command: tuple[str, ...], option: tuple[str, ...], field: str, value: object
) -> None:
    argv = [ctl_with_account.shop.appid if word == "APPID" else word for word in command]
    calls = ctl_with_account.count_calls("/cgi-bin/stable_token")
    ctl_with_account.secrets.lookup_result = KeyringIsLocked()
    ctl_with_account.wechat.faults.add(Fault(FaultKind.ERRCODE, 40013))

    ran = ctl_with_account("accounts", *argv, *option)

    assert (ran.exit_code, ran.stderr) == (0, "")
    assert ran.stdout == f"{value if field == 'name' else 'Shop'} is changed.\n"
    assert stored(ctl_with_account)[field] == value
    assert ctl_with_account.count_calls("/cgi-bin/stable_token") == calls


def test_an_export_is_added_without_keyring_and_network(ctl_with_account: InProcessCli) -> None:
    ctl_with_account.secrets.lookup_result = KeyringIsLocked()
    ctl_with_account.wechat.stop()
    path = ctl_with_account.home / "shop.env"

    ran = ctl_with_account("accounts", "edit", "Shop", "--write-env", str(path))

    assert ran.exit_code == 0, ran.stderr
    assert ctl_with_account.stored_value() in path.read_text()


def test_another_endpoint_is_checked_with_the_stored_secret(ctl_with_account: InProcessCli) -> None:
    calls = ctl_with_account.count_calls("/cgi-bin/stable_token")

    ran = ctl_with_account("accounts", "edit", "Shop", "--endpoint", "classic")

    assert (ran.exit_code, ran.stdout) == (0, "WeChat accepts them.\nShop is changed.\n")
    assert ctl_with_account.hidden_prompt == ""
    assert ctl_with_account.count_calls("/cgi-bin/stable_token") == calls + 1
    assert stored(ctl_with_account)["endpoint"] == "classic"
    secret = ctl_with_account.secrets.stored[ctl_with_account.shop.appid].reveal()
    assert secret == ctl_with_account.shop.secret
    assert secret not in ran.stdout + ran.stderr


def test_without_a_check_neither_keyring_nor_wechat_is_asked(ctl_with_account: InProcessCli) -> None:
    ctl_with_account.secrets.lookup_result = KeyringIsLocked()
    ctl_with_account.wechat.stop()
    ran = ctl_with_account("accounts", "edit", "--endpoint", "classic", "--no-check")
    assert (ran.exit_code, ran.stdout) == (0, "Shop is changed.\n")


def test_a_stored_secret_that_wechat_refuses_changes_nothing(ctl_with_account: InProcessCli) -> None:
    ctl_with_account.wechat.faults.add(Fault(FaultKind.ERRCODE, 40125))
    ran = ctl_with_account("accounts", "edit", "--name", "Café", "--endpoint", "classic")
    assert ran.exit_code == 4
    assert stored(ctl_with_account)["name"] == "Shop"


def test_a_locked_keyring_ends_with_six(ctl_with_account: InProcessCli) -> None:
    ctl_with_account.secrets.lookup_result = KeyringIsLocked()
    assert ctl_with_account("accounts", "edit", "--endpoint", "classic").exit_code == 6
    assert stored(ctl_with_account)["endpoint"] == "stable"


def test_a_missing_secret_is_asked_for(ctl_with_account: InProcessCli) -> None:
    ctl_with_account.secrets.stored.clear()
    ctl_with_account.hidden_input = ctl_with_account.shop.secret
    ran = ctl_with_account("accounts", "edit", "--platform", "mini-program")
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


def test_a_label_beside_another_change_is_checked_with_it(ctl_with_account: InProcessCli) -> None:
    ctl_with_account.wechat.faults.add(Fault(FaultKind.ERRCODE, 40125))

    assert ctl_with_account("accounts", "edit", "--group", "Retail", "--endpoint", "classic").exit_code == 4
    assert stored(ctl_with_account)["group"] == ""


def test_a_group_that_cannot_be_shown_is_refused(ctl_with_account: InProcessCli) -> None:
    assert ctl_with_account("accounts", "edit", "--group", "a\nb").exit_code == 2
    assert ctl_with_account("accounts", "edit", "--environment", "live").exit_code == 2
