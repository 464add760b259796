"""Fixtures of the hard run: the recorder of figures, and folders that are kept until the search for secrets."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

from tests.conftest import HARD_SCALE
from tests.desktop.conftest import (  # noqa: F401 - fixtures
    desktop_environment,
    gnome_keyring,
    logind,
    private_bus,
    screen,
    session_environment,
    start_program,
    tray_host,
)
from tests.hard.results import PromiseRecorder

LAST = "test_secrets.py"  # searches what all other tests have left


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.path.name == LAST)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    recorder = getattr(item, "funcargs", {}).get("promise")
    if report.failed and isinstance(recorder, PromiseRecorder):
        recorder.test_failed()
    return report


@pytest.fixture
def promise(request: pytest.FixtureRequest) -> PromiseRecorder:
    """Recorder of the figures of this test, see tests/README.md."""
    return PromiseRecorder(request.node.nodeid, float(HARD_SCALE or 1))


@pytest.fixture(scope="session")
def kept_folders() -> Iterator[Path]:
    """Folder of all kept folders of this run; its path is short enough for sockets."""
    with tempfile.TemporaryDirectory(prefix="gd-hard-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


@pytest.fixture
def kept_folder(kept_folders: Path, request: pytest.FixtureRequest) -> Path:
    """Folder of this test that stays until the end of the run, because it is searched for secrets."""
    name = re.sub(r"\W+", "-", request.node.name)[:24].strip("-")
    return Path(tempfile.mkdtemp(prefix=f"{name}-", dir=kept_folders))


@pytest.fixture
def desktop_folder(kept_folder: Path) -> Path:
    """Folder of the private desktop, see tests/desktop/conftest.py."""
    folder = kept_folder / "desktop"
    folder.mkdir(mode=0o700)
    return folder


@pytest.fixture(scope="session")
def secrets_in_play() -> set[str]:
    """AppSecrets that the tests of this run use. Add yours; afterwards no kept folder may contain one."""
    return set()
