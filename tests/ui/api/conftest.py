"""Fixtures of the tests: the API page of an account with a live token, its catalogue loaded."""

import pytest
from msgspec.structs import replace
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.accounts.account import Environment
from guarddog_gui.ui.formatter import Formatter
from tests.runtime.harness import SHOP, TOKEN, RuntimeHarness
from tests.ui.api.api_page_driver import TOKEN_VALUE, ApiPageDriver


@pytest.fixture
def page(harness: RuntimeHarness, formatter: Formatter, qtbot: QtBot) -> ApiPageDriver:
    harness.put_value(SHOP, TOKEN, TOKEN_VALUE, age_s=600)
    return ApiPageDriver(harness, formatter, qtbot)


@pytest.fixture
def production_page(harness: RuntimeHarness, formatter: Formatter, qtbot: QtBot) -> ApiPageDriver:
    harness.accounts.update(lambda _: (replace(SHOP, environment=Environment.PRODUCTION),))
    harness.put_value(SHOP, TOKEN, TOKEN_VALUE, age_s=600)
    return ApiPageDriver(harness, formatter, qtbot)
