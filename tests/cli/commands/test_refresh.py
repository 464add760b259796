"""`refresh` asks WeChat once, and forces a new token only after a yes."""

import pytest

from guarddog_gui.sandbox.faults.fault import Fault, FaultKind
from tests.cli.conftest import InProcessCli

STABLE = "/cgi-bin/stable_token"


def test_refresh_asks_for_every_key_even_if_all_is_fresh(ctl_with_account: InProcessCli) -> None:
    calls = ctl_with_account.count_calls(STABLE)

    ran = ctl_with_account("refresh")

    assert ran.exit_code == 0
    assert ctl_with_account.count_calls(STABLE) == calls + 1
    token, ticket = ran.stdout.splitlines()
    assert token.startswith("Shop ACCESS_TOKEN: WeChat gave the same access_token again")
    assert ticket.startswith("Shop JSAPI_TICKET: WeChat gave a new jsapi_ticket, good until ")


def test_refresh_of_one_key_leaves_the_other_alone(ctl_with_account: InProcessCli) -> None:
    ran = ctl_with_account("refresh", "--key", "ACCESS_TOKEN")

    assert len(ran.stdout.splitlines()) == 1
    assert not ctl_with_account.dog_path("JSAPI_TICKET").exists()


def test_refresh_tries_once_and_no_more(ctl_with_account: InProcessCli) -> None:
    calls = ctl_with_account.count_calls(STABLE)
    ctl_with_account.wechat.faults.add(Fault(FaultKind.ERRCODE, -1), times=5)

    ran = ctl_with_account("refresh", "--key", "ACCESS_TOKEN")

    assert ran.exit_code == 5
    assert ctl_with_account.count_calls(STABLE) <= calls + 1
    assert sum(times for _, times, _ in ctl_with_account.wechat.faults.pending()) == 4


def test_the_code_is_that_of_the_key_that_failed(ctl_with_account: InProcessCli) -> None:
    ctl_with_account.wechat.faults.add(Fault(FaultKind.ERRCODE, 40164), endpoint="getticket")

    ran = ctl_with_account("refresh")

    assert ran.exit_code == 4
    assert "ACCESS_TOKEN" in ran.stdout
    assert "JSAPI_TICKET" in ran.stderr


def test_forcing_shows_the_cost_and_asks_first(ctl_with_account: InProcessCli) -> None:
    before = ctl_with_account.stored_value()

    ran = ctl_with_account("refresh", "--force", stdin="y\n")

    assert ran.exit_code == 0
    assert "20 forced refreshes are left today" in ran.stderr
    assert "[y/N]" in ran.stderr
    assert ctl_with_account.stored_value() != before


@pytest.mark.parametrize("answer", ["n\n", "\n", "", "yesterday\n"])
def test_without_a_yes_nothing_is_forced(ctl_with_account: InProcessCli, answer: str) -> None:
    before, calls = ctl_with_account.stored_value(), ctl_with_account.count_calls(STABLE)

    ran = ctl_with_account("refresh", "--force", stdin=answer)

    assert ran.exit_code == 2
    assert ctl_with_account.stored_value() == before
    assert ctl_with_account.count_calls(STABLE) == calls


def test_yes_can_be_said_beforehand(ctl_with_account: InProcessCli) -> None:
    before = ctl_with_account.stored_value()

    ran = ctl_with_account("refresh", "--force", "--yes")

    assert ran.exit_code == 0
    assert "[y/N]" not in ran.stderr
    assert ctl_with_account.stored_value() != before


def test_forcing_twice_within_half_a_minute_is_try_later_and_asks_nobody(ctl_with_account: InProcessCli) -> None:
    ctl_with_account("refresh", "--force", "--yes")
    calls = ctl_with_account.count_calls(STABLE)
    ctl_with_account.clock.advance(10)

    ran = ctl_with_account("refresh", "--force", "--yes")

    assert ran.exit_code == 5
    assert "30 seconds" in ran.stderr
    assert ctl_with_account.count_calls(STABLE) == calls


@pytest.mark.parametrize(("key", "named"), [("JSAPI_TICKET", "A jsapi_ticket"), ("CARD_TICKET", "A wx_card ticket")])
def test_a_ticket_cannot_be_forced(ctl_with_account: InProcessCli, key: str, named: str) -> None:
    ctl_with_account.add_account(None, "Shop", "--card-ticket")

    ran = ctl_with_account("refresh", "--key", key, "--force", "--yes")

    assert ran.exit_code == 2
    assert f"{named} cannot be forced" in ran.stderr


def test_a_refresh_of_all_brings_the_ticket_for_cards_where_it_is_switched_on(ctl_with_account: InProcessCli) -> None:
    ctl_with_account.add_account(None, "Shop", "--card-ticket")

    lines = ctl_with_account("refresh").stdout.splitlines()

    assert [line.split(":")[0] for line in lines] == ["Shop ACCESS_TOKEN", "Shop JSAPI_TICKET", "Shop CARD_TICKET"]


def test_a_forced_classic_token_warns_of_the_five_minutes(guarddogctl: InProcessCli) -> None:
    guarddogctl.add_account(None, "Shop", "--endpoint", "classic")

    assert "five minutes" in guarddogctl("refresh", "--force", "--yes").stderr


@pytest.fixture
def production(guarddogctl: InProcessCli) -> InProcessCli:
    """Return a command line on a terminal, with the production account Shop and the account Game."""
    guarddogctl.add_account(None, "Shop", "--environment", "production")
    guarddogctl.add_account(guarddogctl.mini, "Game", "--platform", "mini-program")
    guarddogctl("use", "Shop")
    guarddogctl.is_terminal = True
    return guarddogctl


def test_forcing_a_production_account_asks_for_its_name(production: InProcessCli) -> None:
    before = production.stored_value()

    ran = production("refresh", "--force", stdin="Shop\n")

    assert ran.exit_code == 0
    assert "Type its name to force a new token" in ran.stderr
    assert "dies at once" in ran.stderr
    assert production.stored_value() != before


@pytest.mark.parametrize("answer", ["", "\n", "y\n", "yes\n", "shop\n", "Game\n"])
def test_another_answer_than_its_name_forces_nothing(production: InProcessCli, answer: str) -> None:
    before = production.stored_value()

    ran = production("refresh", "Shop", "--force", stdin=answer)

    assert ran.exit_code == 2
    assert "not the name of the account: nothing is forced" in ran.stderr
    assert production.stored_value() == before


def test_without_a_terminal_a_production_account_needs_a_yes(production: InProcessCli) -> None:
    production.is_terminal, before = False, production.stored_value()

    ran = production("refresh", "Shop", "--force", stdin="Shop\n")

    assert ran.exit_code == 2
    assert "no terminal to type its name" in ran.stderr
    assert f"guarddogctl refresh {production.shop.appid} --force --yes" in ran.stderr
    assert production.stored_value() == before
    assert production("refresh", "Shop", "--force", "--yes").exit_code == 0
    assert production.stored_value() != before


def test_yes_alone_does_not_force_a_production_account_that_is_not_named(production: InProcessCli) -> None:
    production.is_terminal, before = False, production.stored_value()

    ran = production("refresh", "--force", "--yes")

    assert ran.exit_code == 2
    assert "Shop is a production account: --yes alone does not force it" in ran.stderr
    assert production.stored_value() == before
    assert production("refresh", "--force", "--yes", GUARDDOG_ACCOUNT="Shop").exit_code == 2
    assert production("refresh", "Shop").exit_code == 0, "an ordinary refresh needs no consent"


def test_a_script_names_the_only_account_too_if_it_is_a_production_account(production: InProcessCli) -> None:
    production("accounts", "remove", "Game")
    production.is_terminal, before = False, production.stored_value()

    ran = production("refresh", "--force", "--yes")

    assert ran.exit_code == 2
    assert f"Name it: guarddogctl refresh {production.shop.appid} --force --yes" in ran.stderr
    assert production.stored_value() == before
    assert production("refresh", "Shop", "--force", "--yes").exit_code == 0
