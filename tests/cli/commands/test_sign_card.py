"""`sign-card`: JSON for a page, or one clear sentence and an empty output."""

from hashlib import sha1

import pytest

from tests.cli.conftest import InProcessCli
from tests.fakes import NOW


@pytest.fixture
def shell(guarddogctl: InProcessCli) -> InProcessCli:
    """With an account that keeps a card ticket, and none of it on disk yet."""
    assert guarddogctl.add_account(None, "Shop", "--card-ticket").exit_code == 0
    return guarddogctl


def test_a_card_ext_is_signed_with_the_ticket_that_is_fetched_for_it(shell: InProcessCli) -> None:
    ran = shell("sign-card", "--card-id", "pCard", "--nonce", "n1", "--code", "c1")
    assert (ran.exit_code, ran.stderr) == (0, "")
    ticket, when = shell.stored_value("CARD_TICKET"), str(int(NOW))
    text = "".join(sorted((ticket, when, "pCard", "n1", "c1")))
    assert ran.json["signature"] == sha1(text.encode(), usedforsecurity=False).hexdigest()
    assert ticket not in ran.stdout
    calls = shell.wechat.rules.used_today(shell.shop.appid, "/cgi-bin/ticket/getticket")
    assert shell("sign-card", "--choose", "--card-type", "GROUPON").json["signType"] == "SHA1"
    assert shell.wechat.rules.used_today(shell.shop.appid, "/cgi-bin/ticket/getticket") == calls


def test_each_call_makes_another_nonce(shell: InProcessCli) -> None:
    first, second = (shell("sign-card", "--choose").json["nonceStr"] for _ in range(2))
    assert first != second


def test_what_cannot_be_signed_is_said(shell: InProcessCli) -> None:
    nothing = shell("sign-card")
    assert (nothing.exit_code, nothing.stdout) == (2, "")
    assert "card_id" in nothing.stderr
    far = shell("sign-card", "--card-id", "p", "--timestamp", "1")
    assert (far.exit_code, far.json["timestamp"]) == (0, "1")
    assert "more than a day" in far.stderr


def test_an_account_without_a_card_ticket_says_how_to_have_one(guarddogctl: InProcessCli) -> None:
    assert guarddogctl.add_account().exit_code == 0
    ran = guarddogctl("sign-card", "--choose")
    assert (ran.exit_code, ran.stdout) == (3, "")
    assert "--card-ticket" in ran.stderr
