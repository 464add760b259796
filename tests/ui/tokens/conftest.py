"""Fixture of the tokens page."""

import pytest
from pytestqt.qtbot import QtBot

from guarddog_gui.ui.formatter import Formatter
from tests.runtime.harness import SHOP, RuntimeHarness
from tests.ui.tokens.tokens_page_setup import TokensPageSetup


@pytest.fixture
def setup(harness: RuntimeHarness, formatter: Formatter, qtbot: QtBot) -> TokensPageSetup:
    """The page with one account whose values are fresh."""
    harness.put_fresh_values(SHOP)
    harness.controller.start()
    harness.wait_until_idle(qtbot)
    page = TokensPageSetup(harness, formatter, qtbot)
    page.show()
    return page
