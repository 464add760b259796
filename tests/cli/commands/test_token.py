"""`token` prints a valid value or a reason, and never anything else."""

import json
from datetime import datetime

import pytest

from guarddog_gui.domain.accounts.keyring_results import KeyringIsDown, KeyringIsLocked, SecretMissing
from guarddog_gui.sandbox.faults.fault import Fault, FaultKind
from tests.cli.conftest import InProcessCli
from tests.fakes import NOW

STABLE = "/cgi-bin/stable_token"


def test_a_token_is_the_value_and_nothing_else(ctl_with_account: InProcessCli) -> None:
    ran = ctl_with_account("token")

    assert (ran.exit_code, ran.stderr) == (0, "")
    assert ran.stdout == ctl_with_account.stored_value() + "\n"


def test_a_ticket_is_fetched_when_there_is_none(ctl_with_account: InProcessCli) -> None:
    ran = ctl_with_account("token", "Shop", "--key", "JSAPI_TICKET")

    assert ran.exit_code == 0
    assert ran.stdout.strip() == ctl_with_account.stored_value("JSAPI_TICKET")
    assert ctl_with_account.wechat.rules.is_ticket_accepted(ctl_with_account.shop.appid, ran.stdout.strip())


def test_a_dead_token_is_replaced(ctl_with_account: InProcessCli) -> None:
    before = ctl_with_account.stored_value()
    ctl_with_account.clock.advance(7200)

    ran = ctl_with_account("token")

    assert ran.exit_code == 0
    assert ran.stdout.strip() == ctl_with_account.stored_value() != before


def test_a_token_that_is_due_but_works_is_given_without_a_call(ctl_with_account: InProcessCli) -> None:
    ctl_with_account.clock.advance(7000)
    calls = ctl_with_account.count_calls(STABLE)

    assert ctl_with_account("token").stdout.strip() == ctl_with_account.stored_value()
    assert ctl_with_account.count_calls(STABLE) == calls


def test_a_longer_life_can_be_asked_for(ctl_with_account: InProcessCli) -> None:
    before = ctl_with_account.stored_value()
    ctl_with_account.clock.advance(7000)

    ran = ctl_with_account("token", "--min-ttl", "600")

    assert ran.exit_code == 0
    assert ran.stdout.strip() != before


def test_where_wechat_has_no_newer_one_the_old_one_is_given_with_a_word(ctl_with_account: InProcessCli) -> None:
    before = ctl_with_account.stored_value()
    ctl_with_account.clock.advance(6800)

    ran = ctl_with_account("token", "--min-ttl", "600")

    assert ran.exit_code == 0
    assert ran.stdout.strip() == before
    assert "6:40" in ran.stderr


def test_a_value_that_works_is_given_even_when_the_refresh_it_should_have_had_fails(
    ctl_with_account: InProcessCli,
) -> None:
    before = ctl_with_account.stored_value()
    ctl_with_account.clock.advance(7000)
    ctl_with_account.wechat.stop()

    ran = ctl_with_account("token", "--min-ttl", "600")

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
    ctl_with_account: InProcessCli, fault: Fault, code: int
) -> None:
    ctl_with_account.clock.advance(7200)
    ctl_with_account.wechat.faults.add(fault)

    ran = ctl_with_account("token")

    assert (ran.exit_code, ran.stdout) == (code, "")
    assert ran.stderr.strip()


@pytest.mark.parametrize(
    ("answer", "code", "words"),
    [(KeyringIsLocked(), 6, "locked"), (KeyringIsDown("no bus"), 6, "no bus"), (SecretMissing(), 4, "AppSecret")],
)
def test_a_keyring_that_gives_nothing_is_named(
    ctl_with_account: InProcessCli, answer: KeyringIsLocked | KeyringIsDown | SecretMissing, code: int, words: str
) -> None:
    ctl_with_account.clock.advance(7200)
    ctl_with_account.secrets.lookup_result = answer

    ran = ctl_with_account("token")

    assert (ran.exit_code, ran.stdout) == (code, "")
    assert words in ran.stderr


def test_a_ticket_without_its_token_says_what_is_wrong_with_the_token(ctl_with_account: InProcessCli) -> None:
    ctl_with_account.clock.advance(7200)
    ctl_with_account.wechat.faults.add(Fault(FaultKind.ERRCODE, 40164))

    ran = ctl_with_account("token", "--key", "JSAPI_TICKET")

    assert ran.exit_code == 4
    assert "127.0.0.1" in ran.stderr


def test_a_value_that_the_disk_does_not_take_is_given_and_ends_with_seven(ctl_with_account: InProcessCli) -> None:
    ctl_with_account.clock.advance(7200)
    ctl_with_account.dog_path().unlink()
    ctl_with_account.dog_path().parent.rmdir()
    ctl_with_account.dog_path().parent.write_text("a file in the place of the folder")

    ran = ctl_with_account("token")

    assert ran.exit_code == 7
    assert len(ran.stdout.strip()) > 100
    assert str(ctl_with_account.dog_path().parent) in ran.stderr
    assert "still works" not in ran.stderr, "there is nothing on the disk"


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
    ctl_with_account.add_account(ctl_with_account.mini, "Shop", "--platform", "mini-program")

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


def test_a_ticket_for_cards_that_is_switched_on_is_fetched_as_such(ctl_with_account: InProcessCli) -> None:
    ctl_with_account.add_account(None, "Shop", "--card-ticket")

    ran = ctl_with_account("token", "--key", "CARD_TICKET")

    assert ran.exit_code == 0
    assert ctl_with_account.wechat.rules.is_ticket_accepted(ctl_with_account.shop.appid, ran.stdout.strip(), "wx_card")
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
