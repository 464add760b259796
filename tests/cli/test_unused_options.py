"""Options that have no effect are refused, or a message says so."""

import pytest

from tests.cli.conftest import InProcessCli

PAGE = "https://shop.example.cn/"


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["sign", PAGE, "--debug"], "--debug has no effect without --js, --html, --json."),
        (["sign", PAGE, "--api", "chooseImage"], "--api has no effect without"),
        (["sign", PAGE, "--open-tag", "wx-open-launch-app"], "--open-tag has no effect without"),
        (["sign-card", "--card-id", "x", "--shop-id", "1"], "--shop-id has no effect without --choose."),
        (["sign-card", "--card-id", "x", "--card-type", "GROUPON"], "--card-type has no effect without --choose."),
        (["sign-card", "--choose", "--code", "1"], "--code has no effect beside --choose."),
        (["sign-card", "--choose", "--openid", "1"], "--openid has no effect beside --choose."),
        (["refresh", "--yes"], "--yes has no effect without --force."),
    ],
)
def test_an_option_without_effect_is_wrong_usage(ctl_with_account: InProcessCli, argv: list[str], words: str) -> None:
    ran = ctl_with_account(*argv)
    assert (ran.exit_code, ran.stdout) == (2, "")
    assert ran.stderr.startswith(words)
    assert ran.stderr.count("\n") == 1


def test_options_that_have_an_effect_are_taken(ctl_with_account: InProcessCli) -> None:
    assert ctl_with_account("refresh", "--force", "--yes").exit_code == 0
    assert ctl_with_account("sign", PAGE, "--js", "--debug", "--api", "chooseImage").exit_code == 0


def test_an_account_beside_a_given_ticket_is_said_to_have_no_effect(ctl_with_account: InProcessCli) -> None:
    signature = ["--signature", "0" * 40, "--nonce", "n", "--timestamp", "1414587457"]
    ran = ctl_with_account("diagnose", PAGE, "Shop", *signature, "--ticket", "kgt8ON7yVITDhtdwci0qeQ" * 4)
    assert ran.stderr.startswith("With --ticket no ticket of an account is tried; the account has no effect.")
