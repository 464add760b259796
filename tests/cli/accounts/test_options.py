"""Options that describe an account: what cannot be meant is refused before the AppSecret is asked for."""

import pytest

from tests.cli.conftest import InProcessCli


def test_a_name_that_another_account_has_is_refused(ctl_with_account: InProcessCli) -> None:
    for name in ("Shop", ctl_with_account.shop.appid):
        ran = ctl_with_account.add_account(ctl_with_account.mini, name, "--platform", "mini-program")
        assert ran.exit_code == 2
        assert "Another account has this name already." in ran.stderr
        assert ctl_with_account.shop.appid in ran.stderr
    ctl_with_account.add_account(ctl_with_account.mini, "Game", "--platform", "mini-program")
    assert ctl_with_account("accounts", "edit", "Game", "--name", "Shop").exit_code == 2
    assert ctl_with_account("accounts", "edit", "Game", "--name", "Game 2").exit_code == 0


def test_accounts_that_share_a_name_already_can_be_edited(ctl_with_account: InProcessCli) -> None:
    ctl_with_account.add_account(ctl_with_account.mini, "Game", "--platform", "mini-program")
    accounts = ctl_with_account.home / "config" / "accounts.json"
    accounts.write_text(accounts.read_text().replace("Game", "Shop"))  # as earlier versions allowed it
    assert ctl_with_account("accounts", "edit", ctl_with_account.shop.appid, "--ahead", "100").exit_code == 0


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--platform", "mini-program", "--card-ticket"), "has no wx_card ticket"),
        (("--platform", "mini-program", "--js-domain", "a.example.cn"), "whose pages are not signed"),
        (("--no-outlets", "--write-env", "/srv/.env"), "--no-outlets has no effect beside --write-env."),
        (("--no-outlets", "--run", "true"), "--no-outlets has no effect beside --run."),
        (("--ahead", "3601"), "This number of seconds ahead cannot be used."),
        (("--name", " "), "This name cannot be used."),
    ],
)
def test_what_cannot_be_meant_is_wrong_usage(
    ctl_with_account: InProcessCli, options: tuple[str, ...], words: str
) -> None:
    for argv in (("edit", "Shop"), ("add", "--appid", "wx00000000000000a1", "--name", "New")):
        ran = ctl_with_account("accounts", *argv, *options)
        assert (ran.exit_code, ran.stdout) == (2, "")
        assert words in ran.stderr
        assert ctl_with_account.hidden_prompt == ""
