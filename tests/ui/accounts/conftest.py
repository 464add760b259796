"""Fixtures of the dialogs of an account."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.runtime.harness import SHOP, runtime_harness
from tests.ui.accounts.query_driver import QueryDriver


@pytest.fixture
def driver(qapp: QApplication, qtbot: QtBot) -> Iterator[QueryDriver]:  # noqa: ARG001 - windows need one
    with runtime_harness(SHOP) as harness:
        yield QueryDriver(harness, qtbot)
