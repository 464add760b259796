"""Fixtures of the tokens page."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from guarddog_gui.ui.formatter import Formatter
from tests.runtime.harness import CAFE, SHOP, RuntimeHarness
from tests.ui.tokens.tokens_page_setup import TokensPageSetup, add_accounts


@pytest.fixture
def single(harness: RuntimeHarness, formatter: Formatter, qtbot: QtBot) -> TokensPageSetup:
    """The page with one account whose values are fresh."""
    harness.put_fresh_values(SHOP)
    harness.controller.start()
    harness.wait_until_idle(qtbot)
    page = TokensPageSetup(harness, formatter, qtbot)
    page.show()
    return page


@pytest.fixture
def setup(single: TokensPageSetup, qtbot: QtBot) -> TokensPageSetup:
    """The page with two accounts whose values are fresh."""
    add_accounts(single.harness, qtbot, CAFE)
    single.settle()
    return single


@pytest.fixture
def menus() -> Iterator[None]:
    """Close the menu that a test leaves open."""
    yield
    popup = QApplication.activePopupWidget()
    if popup is not None:
        popup.close()
