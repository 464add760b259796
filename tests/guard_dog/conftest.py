"""Fixtures of the tests of guard_dog."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from guarddog_gui.guard_dog import GuardDog
from tests.fakes import FakeClock
from tests.guard_dog.scripted_loader import LONG_S, ExternalDogFile, ScriptedLoader


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def source() -> ScriptedLoader:
    return ScriptedLoader()


@pytest.fixture
def folder(tmp_path: Path) -> ExternalDogFile:
    return ExternalDogFile(tmp_path)


@pytest.fixture
def dog(tmp_path: Path, clock: FakeClock) -> Iterator[GuardDog]:
    with GuardDog(tmp_path, clock=clock, patience_s=LONG_S) as dog:
        yield dog
