"""`use` and GUARDDOG_ACCOUNT: the account that is meant where none is named."""

import json

import pytest

from tests.cli.conftest import InProcessCli
from tests.cli.subprocess_cli import SubprocessCli


@pytest.fixture
def two(ctl_with_account: InProcessCli) -> InProcessCli:
    """Return a command line with the accounts Shop and Game."""
    cli = ctl_with_account
    assert cli.add_account(cli.mini, "Game", "--platform", "mini-program").exit_code == 0
    return cli


def test_the_chosen_account_is_the_one_that_is_not_named(two: InProcessCli) -> None:
    assert two("token").exit_code == 2

    ran = two("use", "Game")

    assert (ran.exit_code, ran.stdout) == (0, f"Game is used by default. ({two.mini.appid})\n")
    assert two("token").stdout.strip() == two.stored_value(account=two.mini)
    assert two("refresh").stdout.startswith("Game ACCESS_TOKEN")
    assert two("token", "Shop").stdout.strip() == two.stored_value(), "a named one wins"


def test_each_command_that_takes_one_account_uses_it(two: InProcessCli) -> None:
    two("use", "Shop")

    assert two("sign", "https://www.example.com/").exit_code == 0
    assert f'"appid": "{two.shop.appid}"' in two("accounts", "show", "--json").stdout
    assert len(two("history", "--json").json) > len(two("history", "Shop", "--json").json), "history is of all accounts"


def test_use_alone_shows_the_account_and_why(two: InProcessCli) -> None:
    two("use", two.mini.appid)

    ran = two("use")
    assert (ran.exit_code, ran.stdout) == (0, f"{two.mini.appid}  Game\n")
    assert "guarddogctl use has chosen it" in ran.stderr
    ran = two("use", GUARDDOG_ACCOUNT="Shop")
    assert (ran.exit_code, ran.stdout) == (0, f"{two.shop.appid}  Shop\n")
    assert "GUARDDOG_ACCOUNT names it" in ran.stderr


def test_the_only_account_needs_no_choice(ctl_with_account: InProcessCli) -> None:
    ran = ctl_with_account("use")

    assert (ran.exit_code, ran.stdout) == (0, f"{ctl_with_account.shop.appid}  Shop\n")
    assert "the only account" in ran.stderr


def test_without_a_choice_it_says_how_to_choose(two: InProcessCli) -> None:
    ran = two("use")

    assert (ran.exit_code, ran.stdout) == (3, "")
    assert "Choose one: guarddogctl use ACCOUNT" in ran.stderr
    assert "guarddogctl use ACCOUNT" in two("token").stderr


def test_without_an_account_it_says_how_to_add_one(guarddogctl: InProcessCli) -> None:
    ran = guarddogctl("use")

    assert (ran.exit_code, ran.stdout) == (3, "")
    assert "accounts add" in ran.stderr


def test_the_choice_is_cleared(two: InProcessCli) -> None:
    two("use", "Game")

    ran = two("use", "--none")

    assert (ran.exit_code, ran.stdout) == (0, "No account is used by default.\n")
    assert two("token").exit_code == 2
    assert two("use", "Game", "--none").exit_code == 2


def test_the_other_settings_are_kept(two: InProcessCli) -> None:
    settings = two.home / "config" / "settings.json"
    settings.write_text('{"version": 1, "theme": "dark", "of a newer version": 5}')

    two("use", "Game")

    stored = json.loads(settings.read_text())
    assert (stored["theme"], stored["of a newer version"], stored["default_account"]) == ("dark", 5, two.mini.appid)


def test_an_unknown_account_is_refused_and_a_similar_one_suggested(two: InProcessCli) -> None:
    two("use", "Game")

    ran = two("use", "Shpo")

    assert ran.exit_code == 3
    assert "No account is called “Shpo”. Did you mean “Shop”?" in ran.stderr
    assert two("use").stdout.endswith("Game\n")


def test_a_removed_account_is_no_default(two: InProcessCli) -> None:
    two("use", "Game")
    two("accounts", "remove", "Game")

    assert two("token").stdout.strip() == two.stored_value(), "the only one that is left"
    two.add_account(two.wechat.accounts[1], "Café")
    assert two("token").exit_code == 2


def test_the_environment_wins_over_the_setting(two: InProcessCli) -> None:
    two("use", "Game")

    assert two("token", GUARDDOG_ACCOUNT="Shop").stdout.strip() == two.stored_value()
    assert two("token", GUARDDOG_ACCOUNT="").stdout.strip() == two.stored_value(account=two.mini), "empty is not set"
    assert two("token", "Game", GUARDDOG_ACCOUNT="nobody").exit_code == 0, "a named one wins"


def test_an_unknown_account_in_the_environment_is_refused_by_name(ctl_with_account: InProcessCli) -> None:
    ran = ctl_with_account("token", GUARDDOG_ACCOUNT="Shpo")

    assert (ran.exit_code, ran.stdout) == (3, "")
    assert "No account is called “Shpo”. Did you mean “Shop”? The name comes from GUARDDOG_ACCOUNT." in ran.stderr


def test_a_setting_that_has_no_effect_is_pointed_out(two: InProcessCli) -> None:
    ran = two("use", "Game", GUARDDOG_ACCOUNT="Shop")

    assert ran.exit_code == 0
    assert "GUARDDOG_ACCOUNT is set and wins over this setting" in ran.stderr


def test_settings_of_a_newer_version_are_not_changed(two: InProcessCli) -> None:
    settings = two.home / "config" / "settings.json"
    settings.write_text('{"version": 2}')

    ran = two("use", "Game")

    assert ran.exit_code == 7
    assert "newer Guard Dog" in ran.stderr
    assert settings.read_text() == '{"version": 2}'


def test_the_installed_program_prints_the_token_of_the_chosen_account(installed_ctl: SubprocessCli) -> None:
    cli, other = installed_ctl, installed_ctl.wechat.accounts[2]
    assert cli.add_account().returncode == 0
    added = cli(
        "accounts", "add", "--appid", other.appid, "--name", "Game", "--platform", "mini-program", "--secret-stdin",
        stdin=other.secret + "\n",
    )  # fmt: skip
    assert added.returncode == 0
    shop, game = cli("token", "Shop").stdout, cli("token", "Game").stdout

    assert cli("token").returncode == 2
    assert cli("use", "Game").returncode == 0
    assert cli("token").stdout == game != shop
    assert cli("token", GUARDDOG_ACCOUNT="Shop").stdout == shop
    assert cli("token", "--format", "env", GUARDDOG_ACCOUNT="Shop").stdout == f"WECHAT_ACCESS_TOKEN={shop}"
    ran = cli("exec", "--", "sh", "-c", "echo $WECHAT_APPID")
    assert ran.stdout == f"{other.appid}\n"
