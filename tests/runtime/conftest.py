"""Harness with one account for tests of the runtime."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from tests.runtime.harness import SHOP, RuntimeHarness, SupersededRecorder, runtime_harness


@pytest.fixture
def harness(qapp: QApplication) -> Iterator[RuntimeHarness]:  # noqa: ARG001 - threads and timers need one
    with runtime_harness(SHOP) as harness:
        yield harness


@pytest.fixture
def recorder(harness: RuntimeHarness) -> SupersededRecorder:
    return SupersededRecorder(harness)
