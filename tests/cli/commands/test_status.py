"""`status`: from the disk alone, for people and for scripts."""

import re
import signal
import subprocess
import time
from datetime import datetime

import pytest

from guarddog_gui.domain.accounts.keyring_results import KeyringIsLocked
from guarddog_gui.domain.tokens.record import fingerprint
from guarddog_gui.sandbox.faults.fault import Fault, FaultKind
from tests.cli.conftest import InProcessCli
from tests.cli.pseudo_terminal import PseudoTerminal
from tests.cli.subprocess_cli import GUARDDOGCTL, SubprocessCli
from tests.fakes import NOW

FIELDS = [
    "appid", "name", "environment", "colour", "group", "key", "state", "usable", "renewal", "role", "sharing",
    "expires_at", "expires_at_iso", "seconds_left", "generated_at",
    "next_refresh_at", "last_errcode", "last_error", "fingerprint", "dog_file",
    "outlets",
]  # fmt: skip


@pytest.fixture
def shell(guarddogctl: InProcessCli) -> InProcessCli:
    assert guarddogctl.add_account().exit_code == 0
    assert guarddogctl("refresh").exit_code == 0
    return guarddogctl


def test_json_has_the_promised_fields_of_every_token(shell: InProcessCli) -> None:
    shell.clock.advance(100.5)

    token, ticket = shell("status", "--json").json

    assert list(token) == list(ticket) == FIELDS
    assert token["appid"] == shell.shop.appid
    assert (token["name"], token["key"], ticket["key"]) == ("Shop", "ACCESS_TOKEN", "JSAPI_TICKET")
    assert token["state"] == "fresh"
    assert token["expires_at"] == NOW + 7200
    assert datetime.fromisoformat(token["expires_at_iso"]).timestamp() == NOW + 7200
    assert token["seconds_left"] == 7099
    assert token["generated_at"] == NOW
    assert token["next_refresh_at"] == NOW + 7200 - 290
    assert (token["last_errcode"], token["last_error"]) == (None, None)
    assert token["fingerprint"] == fingerprint(shell.stored_value())
    assert token["dog_file"] == str(shell.dog_path())


def test_the_ticket_for_cards_has_a_line_for_as_long_as_it_is_switched_on(shell: InProcessCli) -> None:
    shell.add_account(None, "Shop", "--card-ticket")
    shell("refresh", "--key", "CARD_TICKET")

    *_, card = shell("status", "--json").json

    assert (card["key"], card["state"]) == ("CARD_TICKET", "fresh")
    assert card["dog_file"] == str(shell.dog_path("CARD_TICKET"))
    assert "CARD_TICKET" in shell("status").stdout
    shell.add_account(None, "Shop", "--no-card-ticket")
    assert [line["key"] for line in shell("status", "--json").json] == ["ACCESS_TOKEN", "JSAPI_TICKET"]
    assert shell.dog_path("CARD_TICKET").exists()


def test_a_token_that_was_never_fetched_has_nothing_to_say_about_times(guarddogctl: InProcessCli) -> None:
    guarddogctl.add_account(None, "Shop", "--no-check")

    token, _ = guarddogctl("status", "--json").json

    assert token["state"] == "expired"
    assert token["expires_at"] is token["expires_at_iso"] is token["generated_at"] is token["fingerprint"] is None
    assert token["seconds_left"] == 0
    assert token["next_refresh_at"] == NOW
    assert guarddogctl("status").stdout.count("not fetched yet") == 2
    assert "expired" not in guarddogctl("status").stdout


def test_a_value_that_was_fetched_once_and_is_gone_is_expired(shell: InProcessCli) -> None:
    shell.clock.advance(8000)
    assert shell("status").stdout.count("expired") == 2
    shell.dog_path().unlink()
    assert "not fetched yet" not in shell("status").stdout


def test_the_last_failure_is_told_with_its_number(shell: InProcessCli) -> None:
    shell.clock.advance(7200)
    shell.wechat.faults.add(Fault(FaultKind.ERRCODE, 40164))
    shell("token")

    token, ticket = shell("status", "--json").json

    assert (token["state"], token["last_errcode"], token["next_refresh_at"]) == ("failed", 40164, None)
    assert "127.0.0.1" in token["last_error"]
    assert ticket["last_errcode"] == 40164, "the ticket waits for its token"


def test_a_failure_that_a_fresh_value_hides_is_in_the_json_all_the_same(shell: InProcessCli) -> None:
    shell.wechat.faults.add(Fault(FaultKind.ERRCODE, -1))
    shell("refresh", "--key", "ACCESS_TOKEN")

    token, _ = shell("status", "--json").json

    assert (token["state"], token["last_errcode"]) == ("fresh", -1)


def test_neither_network_nor_keyring_is_touched(shell: InProcessCli) -> None:
    shell.wechat.stop()
    shell.secrets.lookup_result = KeyringIsLocked()
    shell.secrets.lookup_count = 0

    assert shell("status").exit_code == 0
    assert shell.secrets.lookup_count == 0


def test_a_table_has_one_line_per_token_and_below_it_what_to_do(shell: InProcessCli) -> None:
    shell.clock.advance(7200)
    shell.wechat.faults.add(Fault(FaultKind.ERRCODE, 40164))
    shell("token")

    ran = shell("status")

    assert ran.exit_code == 0
    heading, token, ticket = ran.stdout.splitlines()
    assert heading.split() == ["account", "key", "state", "left", "value", "error"]
    assert token.startswith("Shop     ACCESS_TOKEN  ✗ failed")
    assert "(40164, rid: " in token
    assert "JSAPI_TICKET" in ticket
    assert "whitelist" in ran.stderr
    assert len(ran.stderr.splitlines()) == 1, "the same advice is not given twice"
    assert ran.stderr.startswith("Shop: ")


def test_a_fresh_line_says_how_long_and_until_when(shell: InProcessCli) -> None:
    shell.clock.advance(100)

    heading, line, _ = shell("status").stdout.splitlines()

    assert heading.split() == ["account", "key", "state", "left", "value"], "no column without content"

    assert "✓ fresh until " in line
    assert "1:58:20" in line
    assert fingerprint(shell.stored_value()) in line
    assert shell.stored_value() not in line


def test_without_accounts_json_is_an_empty_list_and_a_person_is_told_how_to_begin(guarddogctl: InProcessCli) -> None:
    assert guarddogctl("status", "--json").stdout == "[]\n"
    ran = guarddogctl("status")
    assert (ran.exit_code, ran.stdout) == (0, "")
    assert "accounts add" in ran.stderr


def test_chinese_is_spoken_to_who_wants_it(shell: InProcessCli) -> None:
    assert "有效" in shell("status", GUARDDOG_LANG="zh_CN").stdout
    assert '"state": "fresh"' in shell("status", "--json", GUARDDOG_LANG="zh_CN").stdout, "scripts read English"


@pytest.mark.parametrize(
    "command", [("status",), ("status", "--json"), ("accounts", "list"), ("accounts", "list", "--json")]
)
@pytest.mark.parametrize("text", ["{", '{"version":1,"accounts":[{"appid":"what"}]}'])
def test_a_damaged_list_of_accounts_ends_with_7_and_with_words(
    shell: InProcessCli, command: tuple[str, ...], text: str
) -> None:
    (shell.home / "config" / "accounts.json").write_text(text, encoding="utf-8")

    ran = shell(*command)

    assert ran.exit_code == 7
    assert "damaged" in ran.stderr
    assert "accounts.json" in ran.stderr


def test_what_is_left_of_a_damaged_list_is_printed(shell: InProcessCli) -> None:
    path = shell.home / "config" / "accounts.json"
    path.write_text(path.read_text(encoding="utf-8").replace('"accounts": [', '"accounts": [7,'), encoding="utf-8")

    ran = shell("status")

    assert ran.exit_code == 7
    assert ran.stdout.splitlines()[1].startswith("Shop ")


def test_a_damaged_list_that_cannot_be_copied_is_told_all_the_same(shell: InProcessCli) -> None:
    folder = shell.home / "config"
    (folder / "accounts.json").write_text("{", encoding="utf-8")
    (folder / ".accounts.json.lock").unlink(missing_ok=True)
    (folder / ".accounts.json.lock").mkdir()

    ran = shell("status", "--json")

    assert (ran.exit_code, ran.json) == (7, [])
    assert "damaged" in ran.stderr


@pytest.fixture
def two(shell: InProcessCli) -> InProcessCli:
    """Return a command line with the production account Shop and the account Game, whose group is Play."""
    shell("accounts", "edit", "Shop", "--environment", "production", "--colour", "red")
    shell.add_account(shell.mini, "Game", "--platform", "mini-program", "--group", "Play")
    return shell


def test_environment_colour_and_group_are_in_the_json(two: InProcessCli) -> None:
    token, _, game = two("status", "--json").json

    assert (token["environment"], token["colour"], token["group"]) == ("production", "red", "")
    assert (game["environment"], game["group"]) == ("none", "Play")
    assert game["colour"] not in ("auto", ""), "the colour that is shown"


def test_environment_and_group_have_columns_where_some_account_has_one(two: InProcessCli) -> None:
    heading, shop, _, game = two("status").stdout.splitlines()

    assert heading.split()[:4] == ["account", "environment", "group", "key"]
    assert shop.split()[:3] == ["Shop", "production", "ACCESS_TOKEN"]
    assert game.split()[:3] == ["Game", "Play", "ACCESS_TOKEN"]


def test_one_account_can_be_asked_for(two: InProcessCli) -> None:
    two("use", "Shop")

    assert [line.split()[0] for line in two("status", "Game").stdout.splitlines()] == ["account", "Game"]
    assert [row["name"] for row in two("status", "Game", "--json").json] == ["Game"]
    assert len(two("status", "--json").json) == 3, "the default account limits nothing"
    ran = two("status", "Gane")
    assert (ran.exit_code, ran.stdout) == (3, "")
    assert "Did you mean “Game”?" in ran.stderr


def test_a_value_that_works_is_never_called_failed(shell: InProcessCli) -> None:
    shell.clock.advance(7000)
    shell.wechat.faults.add(Fault(FaultKind.ERRCODE, -1), times=9)
    shell("refresh", "--key", "ACCESS_TOKEN")

    line = shell("status").stdout.splitlines()[1]

    assert "! works until " in line
    assert " · renewal failing  3:20 " in line
    assert line.endswith("(-1)") or "(-1, rid: " in line
    assert "failed" not in line


def test_advice_names_its_accounts(shell: InProcessCli) -> None:
    shell.add_account(shell.wechat.accounts[1], "Café")
    shell("refresh", "Café")
    shell.clock.advance(7200)
    shell.wechat.faults.add(Fault(FaultKind.ERRCODE, 40164), times=9)
    for name in ("Shop", "Café"):
        shell("token", name)

    assert [line for line in shell("status").stderr.splitlines() if line.startswith("Shop, Café: ")]


def test_colours_are_for_terminals_alone(two: InProcessCli) -> None:
    assert "\x1b" not in two("status").stdout
    two.is_terminal = True

    coloured = two("status").stdout
    assert "\x1b[31mproduction\x1b[0m" in coloured
    assert "\x1b[32m✓ fresh until " in coloured
    assert "\x1b" not in two("status", NO_COLOR="1").stdout
    assert "\x1b" not in two("status", TERM="dumb").stdout
    assert re.sub(r"\x1b\[[0-9]+m", "", coloured) == two("status", NO_COLOR="1").stdout


def test_nothing_in_a_name_reaches_the_terminal_as_a_command(shell: InProcessCli) -> None:
    path = shell.home / "config" / "accounts.json"
    path.write_text(path.read_text().replace('"Shop"', '"Sh\u202eop"'))

    assert "\u202e" not in shell("status").stdout


@pytest.mark.parametrize(
    "options", [("--json", "-w"), ("--interval", "5"), ("-w", "--interval", "0"), ("-w", "--interval", "x")]
)
def test_options_that_cannot_be_meant_are_wrong_usage(shell: InProcessCli, options: tuple[str, ...]) -> None:
    assert shell("status", *options).exit_code == 2


@pytest.mark.only_on("linux", "darwin")
def test_the_table_is_shown_again_and_again_until_ctrl_c(installed_ctl: SubprocessCli) -> None:
    installed_ctl.add_account()
    environ = {**installed_ctl.environ, "TERM": "xterm"}
    terminal = PseudoTerminal(["status", "-w", "--interval", "1"], environ)
    terminal.wait_for("Ctrl+C ends")
    terminal.wait_for("\x1b[32m✓ fresh until ")
    installed_ctl("accounts", "edit", "Shop", "--group", "Retail")

    terminal.wait_for("Retail")
    terminal.type("\x03")

    assert terminal.wait_for_exit() == 0
    assert terminal.shown.endswith("\r\n\x1b[?25h")
    assert "Traceback" not in terminal.shown


@pytest.mark.only_on("linux", "darwin")
def test_in_a_pipe_the_tables_stand_below_each_other(installed_ctl: SubprocessCli) -> None:
    installed_ctl.add_account()
    program = subprocess.Popen(
        [GUARDDOGCTL, "status", "-w", "--interval", "1"], env=installed_ctl.environ, stdout=subprocess.PIPE, text=True
    )
    assert program.stdout is not None
    lines = [program.stdout.readline() for _ in range(6)]
    program.send_signal(signal.SIGINT)

    assert program.wait(timeout=30) == 0
    assert lines[0].startswith("account")
    assert lines[3:5] == ["\n", lines[0]]
    program.stdout.close()


def test_watching_an_account_that_is_not_there_ends_at_once(shell: InProcessCli) -> None:
    shell.is_terminal = True

    ran = shell("status", "nobody", "-w")

    assert ran.exit_code == 3
    assert ran.stdout.endswith("\x1b[?25h")


@pytest.mark.only_on("linux", "darwin")
def test_a_small_terminal_shows_failing_accounts_first_and_counts_the_others(installed_ctl: SubprocessCli) -> None:
    for number, account in enumerate(installed_ctl.wechat.accounts[:2]):
        installed_ctl("accounts", "add", "--appid", account.appid, "--name", f"Shop {number} {'of shops ' * 7}number {number}",
                      "--secret-stdin", stdin=account.secret)  # fmt: skip
        installed_ctl("refresh", account.appid)
    installed_ctl("accounts", "edit", installed_ctl.wechat.accounts[1].appid, "--card-ticket")
    # noon: a time of tomorrow needs so much room that it is left out
    noon = f"NOON{time.gmtime().tm_hour - 12:+d}"
    environ = {**installed_ctl.environ, "COLUMNS": "80", "LINES": "6", "NO_COLOR": "1", "TZ": noon}
    terminal = PseudoTerminal(["status", "-w", "--interval", "1"], environ)

    terminal.wait_for("… 3 more")
    terminal.type("\x03")

    assert terminal.wait_for_exit() == 0
    first, second = terminal.shown.splitlines()[2:4]
    assert re.match("Shop 1 .*….* 1  CARD_TICKET   ◌ not fetched yet ", first)
    assert re.match(r"Shop 1 .*….* 1  ACCESS_TOKEN  ✓ fresh until \S+ +\d:\d\d:\d\d ", second)
