"""Harness with one account for tests of the runtime."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from tests.runtime.harness import SHOP, RuntimeHarness, runtime_harness


@pytest.fixture
def harness(qapp: QApplication) -> Iterator[RuntimeHarness]:  # noqa: ARG001 - threads and timers need one
    with runtime_harness(SHOP) as harness:
        yield harness
