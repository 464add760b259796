"""What a shell reads back is what was written, whatever is in it."""

import subprocess

import pytest

from guarddog_gui.cli.commands.token import TokenFormat, format_assignment
from guarddog_gui.domain.errors import BadInput

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


# PowerShell and cmd are not to be had where this was written: their lines are compared, not run
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
