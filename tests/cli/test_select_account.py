"""Choice of the account of a command, and messages about a missing account or key."""

import pytest

from tests.cli.conftest import InProcessCli


def test_with_several_accounts_one_has_to_be_named(ctl_with_account: InProcessCli) -> None:
    ctl_with_account.add_account(ctl_with_account.mini, "小店", "--platform", "mini-program")

    ran = ctl_with_account("token")

    assert (ran.exit_code, ran.stdout) == (2, "")
    assert ctl_with_account.shop.appid in ran.stderr
    assert ctl_with_account.mini.appid in ran.stderr
    assert "小店" in ran.stderr
    assert ctl_with_account("token", "小店").stdout.strip() == ctl_with_account.stored_value(
        account=ctl_with_account.mini
    )
    assert ctl_with_account("token", ctl_with_account.shop.appid).stdout.strip() == ctl_with_account.stored_value()


def test_a_name_that_two_accounts_have_is_not_clear_enough(ctl_with_account: InProcessCli) -> None:
    ctl_with_account.add_account(ctl_with_account.mini, "Game", "--platform", "mini-program")
    accounts = ctl_with_account.home / "config" / "accounts.json"
    accounts.write_text(accounts.read_text().replace("Game", "Shop"))  # as earlier versions allowed it

    assert ctl_with_account("token", "Shop").exit_code == 2
    assert ctl_with_account("token", ctl_with_account.mini.appid).exit_code == 0


@pytest.mark.parametrize("command", ["token", "refresh"])
def test_an_unknown_account_ends_with_three(ctl_with_account: InProcessCli, command: str) -> None:
    assert ctl_with_account(command, "nobody").exit_code == 3


def test_without_any_account_it_says_how_to_add_one(guarddogctl: InProcessCli) -> None:
    ran = guarddogctl("token")

    assert ran.exit_code == 3
    assert "accounts add" in ran.stderr


@pytest.mark.parametrize("command", ["token", "refresh"])
def test_a_mini_program_has_no_ticket(guarddogctl: InProcessCli, command: str) -> None:
    guarddogctl.add_account(guarddogctl.mini, "小店", "--platform", "mini-program")

    ran = guarddogctl(command, "--key", "JSAPI_TICKET")

    assert ran.exit_code == 3
    assert "mini program" in ran.stderr


@pytest.mark.parametrize("command", ["token", "refresh"])
def test_a_ticket_for_cards_that_is_switched_off_says_how_to_switch_it_on(
    ctl_with_account: InProcessCli, command: str
) -> None:
    ran = ctl_with_account(command, "--key", "CARD_TICKET")

    assert ran.exit_code == 3
    assert "wx_card ticket of Shop is switched off" in ran.stderr
    assert f"accounts add --appid {ctl_with_account.shop.appid} --card-ticket" in ran.stderr


def test_the_only_account_needs_no_name(ctl_with_account: InProcessCli) -> None:
    assert ctl_with_account("token").stdout.strip() == ctl_with_account.stored_value()


def test_an_empty_name_is_not_taken_for_the_only_account(ctl_with_account: InProcessCli) -> None:
    ran = ctl_with_account("token", "")

    assert (ran.exit_code, ran.stdout) == (3, "")
    assert "a variable may have no value" in ran.stderr


@pytest.mark.parametrize(
    ("argv", "code", "text"),
    [(["token"], 7, "no account is left in it"), (["token", "Shop"], 7, "what is left has no account “Shop”")],
)
def test_a_damaged_list_is_named_instead_of_a_missing_account(
    ctl_with_account: InProcessCli, argv: list[str], code: int, text: str
) -> None:
    accounts_file = ctl_with_account.home / "config" / "accounts.json"
    assert accounts_file.exists()
    accounts_file.write_text("{")

    ran = ctl_with_account(*argv)

    assert (ran.exit_code, ran.stdout) == (code, "")
    assert text in ran.stderr
    assert str(accounts_file) in ran.stderr
