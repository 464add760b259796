"""Requests of the cards, and the key whose value was copied a moment ago."""

from pytestqt.qtbot import QtBot

from guarddog_gui.ui.tokens.requests import AccountAction, Target, TokenRequests
from tests.runtime.harness import CAFE, SHOP, TICKET, TOKEN


def test_a_request_names_its_account_and_key(qtbot: QtBot) -> None:
    requests = TokenRequests()
    with qtbot.waitSignal(requests.action_requested) as requested:
        requests.request(Target(SHOP.appid, TICKET), AccountAction.COPY)
    assert requested.args == [Target(SHOP.appid, TICKET), AccountAction.COPY]


def test_only_the_value_copied_last_counts_as_copied(qtbot: QtBot) -> None:
    requests = TokenRequests()
    first, second = Target(SHOP.appid, TOKEN), Target(CAFE.appid, TOKEN)
    with qtbot.waitSignal(requests.copied_changed):
        requests.mark_copied(first)
    assert requests.is_copied(first)
    requests.mark_copied(second)
    assert requests.is_copied(second)
    assert not requests.is_copied(first)
