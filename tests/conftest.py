"""What every test relies on: no desktop, bus, keyring, proxy or home of the person who runs it."""

from __future__ import annotations

import gc
import os
import sys
import tempfile
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

CLEARED_PREFIXES = ("GUARDDOG_", "QT_", "GTK_", "XDG_", "DBUS_", "DISPLAY", "WAYLAND_", "LC_", "PYTHON_KEYRING_")
PROXY_VARIABLES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")
IN_CI = os.environ.get("CI", "").lower() not in ("", "0", "false")


def isolate_environment() -> None:
    """Has to happen before Qt is imported: it reads these once."""
    for name in list(os.environ):
        if name.startswith(CLEARED_PREFIXES) or name.lower() in PROXY_VARIABLES:
            del os.environ[name]
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    os.environ["LANG"] = "C.UTF-8"
    # without these Qt or keyring would look for, or even start, a bus: seconds, and a stray process
    os.environ["DBUS_SESSION_BUS_ADDRESS"] = os.environ["DBUS_SYSTEM_BUS_ADDRESS"] = "disabled:"
    os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"


RUNTIME_FOLDER = tempfile.TemporaryDirectory(prefix="guarddog-tests-")
isolate_environment()
os.environ["XDG_RUNTIME_DIR"] = RUNTIME_FOLDER.name  # Qt warns without one, and a warning is a failure


collect_ignore = [] if sys.platform == "linux" else ["desktop"]


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "only_on(platform): impossible elsewhere (linux, win32, darwin); CI excuses no other skip"
    )
    config.add_cleanup(RUNTIME_FOLDER.cleanup)


def is_unsupported_platform(item: pytest.Item) -> bool:
    marker = item.get_closest_marker("only_on")
    return marker is not None and sys.platform not in marker.args


GC_INTERVAL_TESTS = 100  # tests; a collection takes some 50 ms
finished_tests = 0


@pytest.hookimpl(trylast=True)
def pytest_sessionstart() -> None:
    gc.disable()  # Python collects in whatever thread makes the next object: widgets would die in a lane


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown() -> None:
    global finished_tests  # noqa: PLW0603  # pytest's hooks are functions
    finished_tests += 1
    if finished_tests % GC_INTERVAL_TESTS == 0:
        gc.collect()


def pytest_runtest_setup(item: pytest.Item) -> None:
    if is_unsupported_platform(item):
        pytest.skip("impossible on this platform")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if not is_unsupported_platform(item):
        fail_instead_of_skip_in_ci(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    fail_instead_of_skip_in_ci(report)
    return report


def fail_instead_of_skip_in_ci(report: pytest.TestReport | pytest.CollectReport) -> None:
    """What has not been run must not look green there."""
    if IN_CI and report.outcome == "skipped" and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        report.outcome = "failed"
        report.longrepr = f"In CI nothing may be skipped. {reason}"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fresh GUARDDOG_HOME, which in-process code finds in the environment."""
    folder = tmp_path / "home"
    folder.mkdir(mode=0o700)
    monkeypatch.setenv("GUARDDOG_HOME", str(folder))
    return folder
