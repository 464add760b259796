"""`token` for programs and `refresh` for people."""

import json
from datetime import datetime

import pytest

from guarddog_gui.domain.accounts.keyring_results import KeyringIsDown, KeyringIsLocked, SecretMissing
from guarddog_gui.sandbox.faults.fault import Fault, FaultKind
from tests.cli.conftest import InProcessCli
from tests.fakes import NOW

STABLE = "/cgi-bin/stable_token"


def used(shell: InProcessCli, path: str = STABLE) -> int:
    return shell.wechat.rules.used_today(shell.shop.appid, path)


@pytest.fixture
def shell(guarddogctl: InProcessCli) -> InProcessCli:
    """With one account, whose token is fresh."""
    assert guarddogctl.add_account().exit_code == 0
    return guarddogctl


def test_a_token_is_the_value_and_nothing_else(shell: InProcessCli) -> None:
    ran = shell("token")

    assert (ran.exit_code, ran.stderr) == (0, "")
    assert ran.stdout == shell.stored_value() + "\n"


def test_a_ticket_is_fetched_when_there_is_none(shell: InProcessCli) -> None:
    ran = shell("token", "Shop", "--key", "JSAPI_TICKET")

    assert ran.exit_code == 0
    assert ran.stdout.strip() == shell.stored_value("JSAPI_TICKET")
    assert shell.wechat.rules.is_ticket_accepted(shell.shop.appid, ran.stdout.strip())


def test_a_dead_token_is_replaced(shell: InProcessCli) -> None:
    before = shell.stored_value()
    shell.clock.advance(7200)

    ran = shell("token")

    assert ran.exit_code == 0
    assert ran.stdout.strip() == shell.stored_value() != before


def test_a_token_that_is_due_but_works_is_given_without_a_call(shell: InProcessCli) -> None:
    shell.clock.advance(7000)
    calls = used(shell)

    assert shell("token").stdout.strip() == shell.stored_value()
    assert used(shell) == calls


def test_a_longer_life_can_be_asked_for(shell: InProcessCli) -> None:
    before = shell.stored_value()
    shell.clock.advance(7000)

    ran = shell("token", "--min-ttl", "600")

    assert ran.exit_code == 0
    assert ran.stdout.strip() != before


def test_where_wechat_has_no_newer_one_the_old_one_is_given_with_a_word(shell: InProcessCli) -> None:
    before = shell.stored_value()
    shell.clock.advance(6800)

    ran = shell("token", "--min-ttl", "600")

    assert ran.exit_code == 0
    assert ran.stdout.strip() == before
    assert "6:40" in ran.stderr


def test_a_value_that_works_is_given_even_when_the_refresh_it_should_have_had_fails(
    shell: InProcessCli,
) -> None:
    before = shell.stored_value()
    shell.clock.advance(7000)
    shell.wechat.stop()

    ran = shell("token", "--min-ttl", "600")

    assert ran.exit_code == 0
    assert ran.stdout.strip() == before
    assert "cannot reach WeChat" in ran.stderr
    assert "still works" in ran.stderr


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (Fault(FaultKind.ERRCODE, 40125), 4),
        (Fault(FaultKind.ERRCODE, 40164), 4),
        (Fault(FaultKind.ERRCODE, 45009), 5),
        (Fault(FaultKind.HTTP_STATUS, 503), 5),
        (Fault(FaultKind.CUT_OFF), 5),
    ],
)
def test_no_value_gives_words_and_a_code_and_an_empty_output(
    shell: InProcessCli, fault: Fault, code: int
) -> None:
    shell.clock.advance(7200)
    shell.wechat.faults.add(fault)

    ran = shell("token")

    assert (ran.exit_code, ran.stdout) == (code, "")
    assert ran.stderr.strip()


@pytest.mark.parametrize(
    ("answer", "code", "words"),
    [
        (KeyringIsLocked(), 6, "locked"),
        (KeyringIsDown("no bus"), 6, "no bus"),
        (SecretMissing(), 4, "AppSecret"),
    ],
)
def test_a_keyring_that_gives_nothing_is_named(
    shell: InProcessCli, answer: KeyringIsLocked | KeyringIsDown | SecretMissing, code: int, words: str
) -> None:
    shell.clock.advance(7200)
    shell.secrets.lookup_result = answer

    ran = shell("token")

    assert (ran.exit_code, ran.stdout) == (code, "")
    assert words in ran.stderr


def test_a_ticket_without_its_token_says_what_is_wrong_with_the_token(shell: InProcessCli) -> None:
    shell.clock.advance(7200)
    shell.wechat.faults.add(Fault(FaultKind.ERRCODE, 40164))

    ran = shell("token", "--key", "JSAPI_TICKET")

    assert ran.exit_code == 4
    assert "127.0.0.1" in ran.stderr


def test_a_value_that_the_disk_does_not_take_is_given_and_ends_with_seven(shell: InProcessCli) -> None:
    shell.clock.advance(7200)
    shell.dog_path().unlink()
    shell.dog_path().parent.rmdir()
    shell.dog_path().parent.write_text("a file in the place of the folder")

    ran = shell("token")

    assert ran.exit_code == 7
    assert len(ran.stdout.strip()) > 100
    assert str(shell.dog_path().parent) in ran.stderr
    assert "still works" not in ran.stderr, "there is nothing on the disk"


@pytest.mark.parametrize("text", ["", "{", "[]", '{"data":1}', "\x00", '{"data":"x","expires_in":-1}'])
def test_a_damaged_dog_file_counts_as_absent_and_is_replaced(shell: InProcessCli, text: str) -> None:
    shell.dog_path().write_text(text)

    ran = shell("token")

    assert ran.exit_code == 0
    assert ran.stdout.strip() == shell.stored_value()


def test_json_says_everything_about_the_value(shell: InProcessCli) -> None:
    shell.clock.advance(200.7)

    fields = shell("token", "--json").json

    assert fields["value"] == shell.stored_value()
    assert fields["appid"] == shell.shop.appid
    assert (fields["name"], fields["key"]) == ("Shop", "ACCESS_TOKEN")
    assert fields["expires_at"] == NOW + 7200
    assert datetime.fromisoformat(fields["expires_at_iso"]).timestamp() == NOW + 7200
    assert datetime.fromisoformat(fields["expires_at_iso"]).utcoffset() is not None
    assert fields["seconds_left"] == 6999


def test_a_format_puts_it_into_the_variable_of_its_key(shell: InProcessCli) -> None:
    assert shell("token", "--format", "env").stdout == f"WECHAT_ACCESS_TOKEN={shell.stored_value()}\n"
    ticket = shell("token", "--key", "JSAPI_TICKET", "--format", "export").stdout
    assert ticket == f"export WECHAT_JSAPI_TICKET={shell.stored_value('JSAPI_TICKET')}\n"


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
def test_what_cannot_be_meant_is_wrong_usage(shell: InProcessCli, arguments: tuple[str, ...]) -> None:
    ran = shell("token", *arguments)

    assert (ran.exit_code, ran.stdout) == (2, "")
    assert "usage: guarddogctl" in ran.stderr


def test_with_several_accounts_one_has_to_be_named(shell: InProcessCli) -> None:
    shell.add_account(shell.mini, "小店", "--platform", "mini-program")

    ran = shell("token")

    assert (ran.exit_code, ran.stdout) == (2, "")
    assert shell.shop.appid in ran.stderr
    assert shell.mini.appid in ran.stderr
    assert "小店" in ran.stderr
    assert shell("token", "小店").stdout.strip() == shell.stored_value(account=shell.mini)
    assert shell("token", shell.shop.appid).stdout.strip() == shell.stored_value()


def test_a_name_that_two_accounts_have_is_not_clear_enough(shell: InProcessCli) -> None:
    shell.add_account(shell.mini, "Shop", "--platform", "mini-program")

    assert shell("token", "Shop").exit_code == 2
    assert shell("token", shell.mini.appid).exit_code == 0


@pytest.mark.parametrize("command", ["token", "refresh"])
def test_an_unknown_account_ends_with_three(shell: InProcessCli, command: str) -> None:
    assert shell(command, "nobody").exit_code == 3


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
    shell: InProcessCli, command: str
) -> None:
    ran = shell(command, "--key", "CARD_TICKET")

    assert ran.exit_code == 3
    assert "wx_card ticket of Shop is switched off" in ran.stderr
    assert f"accounts add --appid {shell.shop.appid} --card-ticket" in ran.stderr


def test_a_ticket_for_cards_that_is_switched_on_is_fetched_as_such(shell: InProcessCli) -> None:
    shell.add_account(None, "Shop", "--card-ticket")

    ran = shell("token", "--key", "CARD_TICKET")

    assert ran.exit_code == 0
    assert shell.wechat.rules.is_ticket_accepted(shell.shop.appid, ran.stdout.strip(), "wx_card")
    assert ran.stdout.strip() == shell.stored_value("CARD_TICKET")
    exported = shell("token", "--key", "CARD_TICKET", "--format", "env").stdout
    assert exported == f"WECHAT_CARD_TICKET={shell.stored_value('CARD_TICKET')}\n"


# -- refresh ---------------------------------------------------------------------------------------


def test_refresh_asks_for_every_key_even_if_all_is_fresh(shell: InProcessCli) -> None:
    calls = used(shell)

    ran = shell("refresh")

    assert ran.exit_code == 0
    assert used(shell) == calls + 1
    token, ticket = ran.stdout.splitlines()
    assert token.startswith("Shop ACCESS_TOKEN: WeChat gave the same access_token again")
    assert ticket.startswith("Shop JSAPI_TICKET: WeChat gave a new jsapi_ticket, good until ")


def test_refresh_of_one_key_leaves_the_other_alone(shell: InProcessCli) -> None:
    ran = shell("refresh", "--key", "ACCESS_TOKEN")

    assert len(ran.stdout.splitlines()) == 1
    assert not shell.dog_path("JSAPI_TICKET").exists()


def test_refresh_tries_once_and_no_more(shell: InProcessCli) -> None:
    calls = used(shell)
    shell.wechat.faults.add(Fault(FaultKind.ERRCODE, -1), times=5)

    ran = shell("refresh", "--key", "ACCESS_TOKEN")

    assert ran.exit_code == 5
    assert used(shell) <= calls + 1
    assert sum(times for _, times, _ in shell.wechat.faults.pending()) == 4


def test_the_code_is_that_of_the_key_that_failed(shell: InProcessCli) -> None:
    shell.wechat.faults.add(Fault(FaultKind.ERRCODE, 40164), endpoint="getticket")

    ran = shell("refresh")

    assert ran.exit_code == 4
    assert "ACCESS_TOKEN" in ran.stdout
    assert "JSAPI_TICKET" in ran.stderr


def test_forcing_shows_the_cost_and_asks_first(shell: InProcessCli) -> None:
    before = shell.stored_value()

    ran = shell("refresh", "--force", stdin="y\n")

    assert ran.exit_code == 0
    assert "20 forced refreshes are left today" in ran.stderr
    assert "[y/N]" in ran.stderr
    assert shell.stored_value() != before


@pytest.mark.parametrize("answer", ["n\n", "\n", "", "yesterday\n"])
def test_without_a_yes_nothing_is_forced(shell: InProcessCli, answer: str) -> None:
    before, calls = shell.stored_value(), used(shell)

    ran = shell("refresh", "--force", stdin=answer)

    assert ran.exit_code == 2
    assert shell.stored_value() == before
    assert used(shell) == calls


def test_yes_can_be_said_beforehand(shell: InProcessCli) -> None:
    before = shell.stored_value()

    ran = shell("refresh", "--force", "--yes")

    assert ran.exit_code == 0
    assert "[y/N]" not in ran.stderr
    assert shell.stored_value() != before


def test_forcing_twice_within_half_a_minute_is_try_later_and_asks_nobody(shell: InProcessCli) -> None:
    shell("refresh", "--force", "--yes")
    calls = used(shell)
    shell.clock.advance(10)

    ran = shell("refresh", "--force", "--yes")

    assert ran.exit_code == 5
    assert "30 seconds" in ran.stderr
    assert used(shell) == calls


@pytest.mark.parametrize(
    ("key", "named"), [("JSAPI_TICKET", "A jsapi_ticket"), ("CARD_TICKET", "A wx_card ticket")]
)
def test_a_ticket_cannot_be_forced(shell: InProcessCli, key: str, named: str) -> None:
    shell.add_account(None, "Shop", "--card-ticket")

    ran = shell("refresh", "--key", key, "--force", "--yes")

    assert ran.exit_code == 2
    assert f"{named} cannot be forced" in ran.stderr


def test_a_refresh_of_all_brings_the_ticket_for_cards_where_it_is_switched_on(shell: InProcessCli) -> None:
    shell.add_account(None, "Shop", "--card-ticket")

    lines = shell("refresh").stdout.splitlines()

    assert [line.split(":")[0] for line in lines] == [
        "Shop ACCESS_TOKEN",
        "Shop JSAPI_TICKET",
        "Shop CARD_TICKET",
    ]


def test_a_forced_classic_token_warns_of_the_five_minutes(guarddogctl: InProcessCli) -> None:
    guarddogctl.add_account(None, "Shop", "--endpoint", "classic")

    assert "five minutes" in guarddogctl("refresh", "--force", "--yes").stderr


def test_commands_are_told_apart_in_the_history(shell: InProcessCli) -> None:
    shell("refresh", "--key", "ACCESS_TOKEN")
    shell.clock.advance(7200)
    shell("token")

    triggers = [entry["trigger"] for entry in shell("history", "--json").json]
    assert triggers == ["command", "person", "person"]


def test_json_is_json_even_for_a_name_in_chinese(shell: InProcessCli) -> None:
    shell.add_account(None, "上海“旗舰店”")

    assert json.loads(shell("token", "--json").stdout)["name"] == "上海“旗舰店”"
