"""`token` prints a valid value or a reason, and never anything else."""

import json
import subprocess
from datetime import datetime

import pytest

from guarddog_gui.cli.commands.token import TokenFormat, format_assignment
from guarddog_gui.domain.errors import BadInput
from tests.cli.conftest import InProcessCli
from tests.fakes import NOW


def test_a_token_is_the_value_and_nothing_else(ctl_with_account: InProcessCli) -> None:
    ran = ctl_with_account("token")

    assert (ran.exit_code, ran.stderr) == (0, "")
    assert ran.stdout == ctl_with_account.stored_value() + "\n"


def test_a_ticket_is_fetched_when_there_is_none(ctl_with_account: InProcessCli) -> None:
    ran = ctl_with_account("token", "Shop", "--key", "JSAPI_TICKET")

    assert ran.exit_code == 0
    assert ran.stdout.strip() == ctl_with_account.stored_value("JSAPI_TICKET")
    assert ran.stdout.strip() in ctl_with_account.wechat.rules.accepted_tickets(ctl_with_account.shop.appid)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"data":1}', "\x00", '{"data":"x","expires_in":-1}'])
def test_a_damaged_dog_file_counts_as_absent_and_is_replaced(ctl_with_account: InProcessCli, text: str) -> None:
    ctl_with_account.dog_path().write_text(text)

    ran = ctl_with_account("token")

    assert ran.exit_code == 0
    assert ran.stdout.strip() == ctl_with_account.stored_value()


def test_json_says_everything_about_the_value(ctl_with_account: InProcessCli) -> None:
    ctl_with_account.clock.advance(200.7)

    fields = ctl_with_account("token", "--json").json

    assert fields["value"] == ctl_with_account.stored_value()
    assert fields["appid"] == ctl_with_account.shop.appid
    assert (fields["name"], fields["key"]) == ("Shop", "ACCESS_TOKEN")
    assert fields["expires_at"] == NOW + 7200
    assert datetime.fromisoformat(fields["expires_at_iso"]).timestamp() == NOW + 7200
    assert datetime.fromisoformat(fields["expires_at_iso"]).utcoffset() is not None
    assert fields["seconds_left"] == 6999


def test_a_format_puts_it_into_the_variable_of_its_key(ctl_with_account: InProcessCli) -> None:
    assert (
        ctl_with_account("token", "--format", "env").stdout
        == f"WECHAT_ACCESS_TOKEN={ctl_with_account.stored_value()}\n"
    )
    ticket = ctl_with_account("token", "--key", "JSAPI_TICKET", "--format", "export").stdout
    assert ticket == f"export WECHAT_JSAPI_TICKET={ctl_with_account.stored_value('JSAPI_TICKET')}\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ("--key", "NONSENSE"),
        ("--min-ttl", "-1"),
        ("--min-ttl", "soon"),
        ("--min-ttl", "1.5"),
        ("--format", "xml"),
        ("--format", "plain"),
        ("--json", "--format", "env"),
        ("a", "b"),
        ("--min", "5"),
    ],
)
def test_what_cannot_be_meant_is_wrong_usage(ctl_with_account: InProcessCli, arguments: tuple[str, ...]) -> None:
    ran = ctl_with_account("token", *arguments)

    assert (ran.exit_code, ran.stdout) == (2, "")
    assert "usage: guarddogctl" in ran.stderr


def test_a_ticket_for_cards_that_is_switched_on_is_fetched_as_such(ctl_with_account: InProcessCli) -> None:
    ctl_with_account.add_account(None, "Shop", "--card-ticket")

    ran = ctl_with_account("token", "--key", "CARD_TICKET")

    assert ran.exit_code == 0
    assert ran.stdout.strip() in ctl_with_account.wechat.rules.accepted_tickets(ctl_with_account.shop.appid, "wx_card")
    assert ran.stdout.strip() == ctl_with_account.stored_value("CARD_TICKET")
    exported = ctl_with_account("token", "--key", "CARD_TICKET", "--format", "env").stdout
    assert exported == f"WECHAT_CARD_TICKET={ctl_with_account.stored_value('CARD_TICKET')}\n"


def test_commands_are_told_apart_in_the_history(ctl_with_account: InProcessCli) -> None:
    ctl_with_account("refresh", "--key", "ACCESS_TOKEN")
    ctl_with_account.clock.advance(7200)
    ctl_with_account("token")

    triggers = [entry["trigger"] for entry in ctl_with_account("history", "--json").json]
    assert triggers == ["command", "person", "person"]


def test_json_is_json_even_for_a_name_in_chinese(ctl_with_account: InProcessCli) -> None:
    ctl_with_account.add_account(None, "上海“旗舰店”")

    assert json.loads(ctl_with_account("token", "--json").stdout)["name"] == "上海“旗舰店”"


PLAIN = "91_aB-c_d.e/f+g=h"


AWKWARD = [
    "a b",
    "it's",
    'say "x"',
    "$HOME `id` $(id)",
    "back\\slash\\",
    "semi;colon&pipe|",
    "新 值",
    "*?[x]!#~",
    "a\nb",
]


def test_the_plain_form_is_the_value_and_nothing_else() -> None:
    assert format_assignment(TokenFormat.PLAIN, "T", "it's") == "it's"


@pytest.mark.parametrize(
    ("form", "line"),
    [
        (TokenFormat.ENV, f"T={PLAIN}"),
        (TokenFormat.EXPORT, f"export T={PLAIN}"),
        (TokenFormat.POWERSHELL, f"$Env:T = '{PLAIN}'"),
        (TokenFormat.CMD, f'set "T={PLAIN}"'),
        (TokenFormat.FISH, f"set -gx T '{PLAIN}'"),
    ],
)
def test_an_ordinary_token_reads_the_same_in_every_form(form: TokenFormat, line: str) -> None:
    assert format_assignment(form, "T", PLAIN) == line


# PowerShell and cmd run nowhere here: their lines are only compared
SHELLS = {
    TokenFormat.ENV: (["sh", "-c"], ["bash", "-c"], ["zsh", "-f", "-c"]),
    TokenFormat.EXPORT: (["sh", "-c"], ["bash", "-c"], ["zsh", "-f", "-c"]),
    TokenFormat.FISH: (["fish", "--no-config", "-c"],),
}


@pytest.mark.only_on("linux")
@pytest.mark.parametrize("value", [PLAIN, *AWKWARD])
@pytest.mark.parametrize(("form", "shell"), [(form, shell) for form, shells in SHELLS.items() for shell in shells])
def test_a_shell_reads_back_what_was_written(form: TokenFormat, shell: list[str], value: str) -> None:
    script = format_assignment(form, "T", value) + '\nprintf %s "$T"'

    ran = subprocess.run([*shell, script], capture_output=True, check=True)

    assert (ran.stdout.decode(), ran.stderr) == (value, b"")


@pytest.mark.only_on("linux")
@pytest.mark.parametrize(
    ("form", "shell"), [(TokenFormat.EXPORT, ["sh", "-c"]), (TokenFormat.FISH, SHELLS[TokenFormat.FISH][0])]
)
def test_what_is_exported_is_there_for_other_programs(form: TokenFormat, shell: list[str]) -> None:
    script = format_assignment(form, "T", "it's $1") + "\nenv"

    ran = subprocess.run([*shell, script], capture_output=True, text=True, check=True)

    assert "T=it's $1" in ran.stdout.splitlines()


def test_powershell_doubles_every_quotation_mark_that_it_knows() -> None:
    assert (
        format_assignment(TokenFormat.POWERSHELL, "T", "a'b\u2019c\u201bd")
        == "$Env:T = 'a''b\u2019\u2019c\u201b\u201bd'"
    )


def test_fish_escapes_the_two_characters_that_mean_something_to_it() -> None:
    assert format_assignment(TokenFormat.FISH, "T", r"a\b'c$d") == r"set -gx T 'a\\b\'c$d'"


def test_cmd_doubles_the_percent_sign_as_a_batch_file_wants_it() -> None:
    assert format_assignment(TokenFormat.CMD, "T", "50%PATH%&x") == 'set "T=50%%PATH%%&x"'


@pytest.mark.parametrize("value", ['a"b', "a\nb", "a\tb"])
def test_what_cmd_cannot_hold_is_refused(value: str) -> None:
    with pytest.raises(BadInput, match="not-for-cmd"):
        format_assignment(TokenFormat.CMD, "T", value)
