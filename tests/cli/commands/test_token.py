"""`token` for programs and `refresh` for people."""

import json
from datetime import datetime

import pytest

from guarddog_gui.domain.accounts.keyring_results import Locked, Missing, Unavailable
from guarddog_gui.sandbox.faults.fault import Fault, How
from tests.cli.conftest import Shell
from tests.fakes import NOW

STABLE = "/cgi-bin/stable_token"


def used(shell: Shell, path: str = STABLE) -> int:
    return shell.wechat.rules.used(shell.shop.appid, path)


@pytest.fixture
def shell(guarddogctl: Shell) -> Shell:
    """With one account, whose token is fresh."""
    assert guarddogctl.add().code == 0
    return guarddogctl


def test_a_token_is_the_value_and_nothing_else(shell: Shell) -> None:
    ran = shell("token")

    assert (ran.code, ran.err) == (0, "")
    assert ran.out == shell.value() + "\n"


def test_a_ticket_is_fetched_when_there_is_none(shell: Shell) -> None:
    ran = shell("token", "Shop", "--key", "JSAPI_TICKET")

    assert ran.code == 0
    assert ran.out.strip() == shell.value("JSAPI_TICKET")
    assert shell.wechat.rules.accepts_ticket(shell.shop.appid, ran.out.strip())


def test_a_dead_token_is_replaced(shell: Shell) -> None:
    before = shell.value()
    shell.clock.advance(7200)

    ran = shell("token")

    assert ran.code == 0
    assert ran.out.strip() == shell.value() != before


def test_a_token_that_is_due_but_works_is_given_without_a_call(shell: Shell) -> None:
    shell.clock.advance(7000)
    calls = used(shell)

    assert shell("token").out.strip() == shell.value()
    assert used(shell) == calls


def test_a_longer_life_can_be_asked_for(shell: Shell) -> None:
    before = shell.value()
    shell.clock.advance(7000)

    ran = shell("token", "--min-ttl", "600")

    assert ran.code == 0
    assert ran.out.strip() != before


def test_where_wechat_has_no_newer_one_the_old_one_is_given_with_a_word(shell: Shell) -> None:
    before = shell.value()
    shell.clock.advance(6800)

    ran = shell("token", "--min-ttl", "600")

    assert ran.code == 0
    assert ran.out.strip() == before
    assert "6:40" in ran.err


def test_a_value_that_works_is_given_even_when_the_refresh_it_should_have_had_fails(shell: Shell) -> None:
    before = shell.value()
    shell.clock.advance(7000)
    shell.wechat.stop()

    ran = shell("token", "--min-ttl", "600")

    assert ran.code == 0
    assert ran.out.strip() == before
    assert "cannot reach WeChat" in ran.err
    assert "still works" in ran.err


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (Fault(How.ERRCODE, 40125), 4),
        (Fault(How.ERRCODE, 40164), 4),
        (Fault(How.ERRCODE, 45009), 5),
        (Fault(How.HTTP, 503), 5),
        (Fault(How.CUT_OFF), 5),
    ],
)
def test_no_value_gives_words_and_a_code_and_an_empty_output(shell: Shell, fault: Fault, code: int) -> None:
    shell.clock.advance(7200)
    shell.wechat.faults.fail(fault)

    ran = shell("token")

    assert (ran.code, ran.out) == (code, "")
    assert ran.err.strip()


@pytest.mark.parametrize(
    ("answer", "code", "words"),
    [
        (Locked(), 6, "locked"),
        (Unavailable("no bus"), 6, "no bus"),
        (Missing(), 4, "AppSecret"),
    ],
)
def test_a_keyring_that_gives_nothing_is_named(
    shell: Shell, answer: Locked | Unavailable | Missing, code: int, words: str
) -> None:
    shell.clock.advance(7200)
    shell.secrets.trouble = answer

    ran = shell("token")

    assert (ran.code, ran.out) == (code, "")
    assert words in ran.err


def test_a_ticket_without_its_token_says_what_is_wrong_with_the_token(shell: Shell) -> None:
    shell.clock.advance(7200)
    shell.wechat.faults.fail(Fault(How.ERRCODE, 40164))

    ran = shell("token", "--key", "JSAPI_TICKET")

    assert ran.code == 4
    assert "127.0.0.1" in ran.err


def test_a_value_that_the_disk_does_not_take_is_given_and_ends_with_seven(shell: Shell) -> None:
    shell.clock.advance(7200)
    shell.dog().unlink()
    shell.dog().parent.rmdir()
    shell.dog().parent.write_text("a file in the place of the folder")

    ran = shell("token")

    assert ran.code == 7
    assert len(ran.out.strip()) > 100
    assert str(shell.dog().parent) in ran.err
    assert "still works" not in ran.err, "there is nothing on the disk"


@pytest.mark.parametrize("text", ["", "{", "[]", '{"data":1}', "\x00", '{"data":"x","expires_in":-1}'])
def test_a_damaged_dog_file_counts_as_absent_and_is_replaced(shell: Shell, text: str) -> None:
    shell.dog().write_text(text)

    ran = shell("token")

    assert ran.code == 0
    assert ran.out.strip() == shell.value()


def test_json_says_everything_about_the_value(shell: Shell) -> None:
    shell.clock.advance(200.7)

    fields = shell("token", "--json").json

    assert fields["value"] == shell.value()
    assert fields["appid"] == shell.shop.appid
    assert (fields["name"], fields["key"]) == ("Shop", "ACCESS_TOKEN")
    assert fields["expires_at"] == NOW + 7200
    assert datetime.fromisoformat(fields["expires_at_iso"]).timestamp() == NOW + 7200
    assert datetime.fromisoformat(fields["expires_at_iso"]).utcoffset() is not None
    assert fields["seconds_left"] == 6999


def test_a_format_puts_it_into_the_variable_of_its_key(shell: Shell) -> None:
    assert shell("token", "--format", "env").out == f"WECHAT_ACCESS_TOKEN={shell.value()}\n"
    ticket = shell("token", "--key", "JSAPI_TICKET", "--format", "export").out
    assert ticket == f"export WECHAT_JSAPI_TICKET={shell.value('JSAPI_TICKET')}\n"


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
def test_what_cannot_be_meant_is_wrong_usage(shell: Shell, arguments: tuple[str, ...]) -> None:
    ran = shell("token", *arguments)

    assert (ran.code, ran.out) == (2, "")
    assert "usage: guarddogctl" in ran.err


def test_with_several_accounts_one_has_to_be_named(shell: Shell) -> None:
    shell.add(shell.mini, "小店", "--platform", "mini-program")

    ran = shell("token")

    assert (ran.code, ran.out) == (2, "")
    assert shell.shop.appid in ran.err
    assert shell.mini.appid in ran.err
    assert "小店" in ran.err
    assert shell("token", "小店").out.strip() == shell.value(account=shell.mini)
    assert shell("token", shell.shop.appid).out.strip() == shell.value()


def test_a_name_that_two_accounts_have_is_not_clear_enough(shell: Shell) -> None:
    shell.add(shell.mini, "Shop", "--platform", "mini-program")

    assert shell("token", "Shop").code == 2
    assert shell("token", shell.mini.appid).code == 0


@pytest.mark.parametrize("command", ["token", "refresh"])
def test_an_unknown_account_ends_with_three(shell: Shell, command: str) -> None:
    assert shell(command, "nobody").code == 3


def test_without_any_account_it_says_how_to_add_one(guarddogctl: Shell) -> None:
    ran = guarddogctl("token")

    assert ran.code == 3
    assert "accounts add" in ran.err


@pytest.mark.parametrize("command", ["token", "refresh"])
def test_a_mini_program_has_no_ticket(guarddogctl: Shell, command: str) -> None:
    guarddogctl.add(guarddogctl.mini, "小店", "--platform", "mini-program")

    ran = guarddogctl(command, "--key", "JSAPI_TICKET")

    assert ran.code == 3
    assert "mini program" in ran.err


@pytest.mark.parametrize("command", ["token", "refresh"])
def test_a_ticket_for_cards_that_is_switched_off_says_how_to_switch_it_on(shell: Shell, command: str) -> None:
    ran = shell(command, "--key", "CARD_TICKET")

    assert ran.code == 3
    assert "wx_card ticket of Shop is switched off" in ran.err
    assert f"accounts add --appid {shell.shop.appid} --card-ticket" in ran.err


def test_a_ticket_for_cards_that_is_switched_on_is_fetched_as_such(shell: Shell) -> None:
    shell.add(None, "Shop", "--card-ticket")

    ran = shell("token", "--key", "CARD_TICKET")

    assert ran.code == 0
    assert shell.wechat.rules.accepts_ticket(shell.shop.appid, ran.out.strip(), "wx_card")
    assert ran.out.strip() == shell.value("CARD_TICKET")
    exported = shell("token", "--key", "CARD_TICKET", "--format", "env").out
    assert exported == f"WECHAT_CARD_TICKET={shell.value('CARD_TICKET')}\n"


# -- refresh ---------------------------------------------------------------------------------------


def test_refresh_asks_for_every_key_even_if_all_is_fresh(shell: Shell) -> None:
    calls = used(shell)

    ran = shell("refresh")

    assert ran.code == 0
    assert used(shell) == calls + 1
    token, ticket = ran.out.splitlines()
    assert token.startswith("Shop ACCESS_TOKEN: WeChat gave the same access_token again")
    assert ticket.startswith("Shop JSAPI_TICKET: WeChat gave a new jsapi_ticket, good until ")


def test_refresh_of_one_key_leaves_the_other_alone(shell: Shell) -> None:
    ran = shell("refresh", "--key", "ACCESS_TOKEN")

    assert len(ran.out.splitlines()) == 1
    assert not shell.dog("JSAPI_TICKET").exists()


def test_refresh_tries_once_and_no_more(shell: Shell) -> None:
    calls = used(shell)
    shell.wechat.faults.fail(Fault(How.ERRCODE, -1), times=5)

    ran = shell("refresh", "--key", "ACCESS_TOKEN")

    assert ran.code == 5
    assert used(shell) <= calls + 1
    assert sum(times for _, times, _ in shell.wechat.faults.planned()) == 4


def test_the_code_is_that_of_the_key_that_failed(shell: Shell) -> None:
    shell.wechat.faults.fail(Fault(How.ERRCODE, 40164), endpoint="getticket")

    ran = shell("refresh")

    assert ran.code == 4
    assert "ACCESS_TOKEN" in ran.out
    assert "JSAPI_TICKET" in ran.err


def test_forcing_shows_the_cost_and_asks_first(shell: Shell) -> None:
    before = shell.value()

    ran = shell("refresh", "--force", stdin="y\n")

    assert ran.code == 0
    assert "20 forced refreshes are left today" in ran.err
    assert "[y/N]" in ran.err
    assert shell.value() != before


@pytest.mark.parametrize("answer", ["n\n", "\n", "", "yesterday\n"])
def test_without_a_yes_nothing_is_forced(shell: Shell, answer: str) -> None:
    before, calls = shell.value(), used(shell)

    ran = shell("refresh", "--force", stdin=answer)

    assert ran.code == 2
    assert shell.value() == before
    assert used(shell) == calls


def test_yes_can_be_said_beforehand(shell: Shell) -> None:
    before = shell.value()

    ran = shell("refresh", "--force", "--yes")

    assert ran.code == 0
    assert "[y/N]" not in ran.err
    assert shell.value() != before


def test_forcing_twice_within_half_a_minute_is_try_later_and_asks_nobody(shell: Shell) -> None:
    shell("refresh", "--force", "--yes")
    calls = used(shell)
    shell.clock.advance(10)

    ran = shell("refresh", "--force", "--yes")

    assert ran.code == 5
    assert "30 seconds" in ran.err
    assert used(shell) == calls


@pytest.mark.parametrize(
    ("key", "named"), [("JSAPI_TICKET", "A jsapi_ticket"), ("CARD_TICKET", "A wx_card ticket")]
)
def test_a_ticket_cannot_be_forced(shell: Shell, key: str, named: str) -> None:
    shell.add(None, "Shop", "--card-ticket")

    ran = shell("refresh", "--key", key, "--force", "--yes")

    assert ran.code == 2
    assert f"{named} cannot be forced" in ran.err


def test_a_refresh_of_all_brings_the_ticket_for_cards_where_it_is_switched_on(shell: Shell) -> None:
    shell.add(None, "Shop", "--card-ticket")

    lines = shell("refresh").out.splitlines()

    assert [line.split(":")[0] for line in lines] == [
        "Shop ACCESS_TOKEN",
        "Shop JSAPI_TICKET",
        "Shop CARD_TICKET",
    ]


def test_a_forced_classic_token_warns_of_the_five_minutes(guarddogctl: Shell) -> None:
    guarddogctl.add(None, "Shop", "--endpoint", "classic")

    assert "five minutes" in guarddogctl("refresh", "--force", "--yes").err


def test_commands_are_told_apart_in_the_history(shell: Shell) -> None:
    shell("refresh", "--key", "ACCESS_TOKEN")
    shell.clock.advance(7200)
    shell("token")

    triggers = [entry["trigger"] for entry in shell("history", "--json").json]
    assert triggers == ["command", "person", "person"]


def test_json_is_json_even_for_a_name_in_chinese(shell: Shell) -> None:
    shell.add(None, "上海“旗舰店”")

    assert json.loads(shell("token", "--json").out)["name"] == "上海“旗舰店”"
