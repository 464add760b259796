"""A stage with one account for tests of the runtime."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from tests.runtime.stage import SHOP, Stage, stage_with


@pytest.fixture
def stage(qapp: QApplication) -> Iterator[Stage]:  # noqa: ARG001 - threads and timers need one
    with stage_with(SHOP) as stage:
        yield stage
