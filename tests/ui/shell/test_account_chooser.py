"""Tests of the chooser of the account that all pages share."""

import pytest
from msgspec.structs import replace
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.accounts.account import Account, Environment
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.shell.account_chooser import AccountChooser
from guarddog_gui.ui.shell.current_account import CurrentAccount
from tests.runtime.harness import CAFE, SHOP, RuntimeHarness


@pytest.fixture
def current() -> CurrentAccount:
    return CurrentAccount()


@pytest.fixture
def chooser(harness: RuntimeHarness, current: CurrentAccount, formatter: Formatter, qtbot: QtBot) -> AccountChooser:
    show_accounts(harness, SHOP, CAFE)
    chooser = AccountChooser(harness.controller, current, formatter)
    qtbot.addWidget(chooser)
    return chooser


def show_accounts(harness: RuntimeHarness, *accounts: Account) -> None:
    harness.accounts.update(lambda _: accounts)
    harness.controller.reload_from_disk()
    harness.controller.overview_changed.emit(harness.controller.overview())


def texts(chooser: AccountChooser) -> list[str]:
    return [chooser.itemText(row) for row in range(chooser.count())]


def test_it_starts_with_the_first_account(chooser: AccountChooser, current: CurrentAccount) -> None:
    assert texts(chooser) == ["Shop", "Café"]
    assert chooser.account == SHOP
    assert current.appid == SHOP.appid


def test_the_users_choice_is_that_of_all_pages(chooser: AccountChooser, current: CurrentAccount, qtbot: QtBot) -> None:
    with qtbot.waitSignal(chooser.account_changed):
        chooser.setCurrentIndex(1)
    assert current.appid == CAFE.appid
    assert chooser.account == CAFE


def test_a_choice_elsewhere_is_shown(chooser: AccountChooser, current: CurrentAccount, qtbot: QtBot) -> None:
    with qtbot.waitSignal(chooser.account_changed):
        current.choose(CAFE.appid)
    assert chooser.currentText() == "Café"
    assert chooser.account == CAFE


def test_the_environment_stands_behind_the_name(harness: RuntimeHarness, chooser: AccountChooser) -> None:
    show_accounts(harness, replace(SHOP, environment=Environment.TEST), CAFE)
    assert texts(chooser) == ["Shop · TEST", "Café"]


def test_equal_names_are_told_apart_by_the_appid(harness: RuntimeHarness, chooser: AccountChooser) -> None:
    show_accounts(harness, SHOP, replace(CAFE, name="Shop"))
    assert texts(chooser) == [f"Shop · {SHOP.short_appid}", f"Shop · {CAFE.short_appid}"]


def test_other_settings_of_the_account_are_a_change(
    harness: RuntimeHarness, chooser: AccountChooser, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(chooser.account_changed):
        show_accounts(harness, replace(SHOP, js_domains=("a.cn",)), CAFE)
    with qtbot.assertNotEmitted(chooser.account_changed):
        show_accounts(harness, replace(SHOP, js_domains=("a.cn",)), replace(CAFE, name="Cafeteria"))
    assert texts(chooser) == ["Shop", "Cafeteria"]


def test_a_removed_account_gives_way_to_the_first(
    harness: RuntimeHarness, chooser: AccountChooser, current: CurrentAccount
) -> None:
    chooser.setCurrentIndex(1)
    show_accounts(harness, SHOP)
    assert chooser.account == SHOP
    show_accounts(harness)
    assert chooser.count() == 0
    assert current.appid == ""


@pytest.mark.parametrize("name", ["Shop", "UniStore service account"])
def test_a_usual_name_is_not_elided(harness: RuntimeHarness, chooser: AccountChooser, name: str) -> None:
    show_accounts(harness, replace(SHOP, name=name, environment=Environment.TEST))
    chooser.resize(chooser.sizeHint())
    assert chooser.elided_text() == f"{name} · TEST" or len(name) > 20
    assert chooser.elided_text().endswith("TEST")
