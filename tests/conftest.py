"""Isolation of all tests from the desktop, bus, keyring, proxy and home of the user who runs them."""

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
HARD_SCALE = os.environ.get("GUARDDOG_HARD_SCALE")  # before the variables of Guard Dog are removed
IN_CI = os.environ.get("CI", "").lower() not in ("", "0", "false")


def isolate_environment() -> None:
    """Remove the user's desktop from the environment. Call this before Qt is imported, which reads it once."""
    for name in list(os.environ):
        if name.startswith(CLEARED_PREFIXES) or name.lower() in PROXY_VARIABLES:
            del os.environ[name]
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    os.environ["LANG"] = "C.UTF-8"
    # Otherwise Qt or keyring would look for a bus, which takes seconds, or even start one.
    os.environ["DBUS_SESSION_BUS_ADDRESS"] = os.environ["DBUS_SYSTEM_BUS_ADDRESS"] = "disabled:"
    os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"


RUNTIME_FOLDER = tempfile.TemporaryDirectory(prefix="guarddog-tests-")
isolate_environment()
os.environ["XDG_RUNTIME_DIR"] = RUNTIME_FOLDER.name  # Qt warns without it, and a warning fails the test


collect_ignore = [] if sys.platform == "linux" else ["desktop"]
if HARD_SCALE is None:
    collect_ignore.append("hard")  # takes hours; `dev.py test --hard` sets the variable


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "only_on(platform): impossible elsewhere (linux, win32, darwin); CI excuses no other skip"
    )
    config.add_cleanup(RUNTIME_FOLDER.cleanup)


def is_unsupported_platform(item: pytest.Item) -> bool:
    marker = item.get_closest_marker("only_on")
    return marker is not None and sys.platform not in marker.args


GC_INTERVAL_TESTS = 100
finished_tests = 0


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """Leave modules and tests, which stay anyway, out of the collections: one would take 300 ms."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(trylast=True)
def pytest_sessionstart() -> None:
    gc.disable()  # Python collects in any thread that allocates: widgets would be deleted in a worker thread


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown() -> None:
    global finished_tests  # noqa: PLW0603  # pytest's hooks are functions
    finished_tests += 1
    if gc.isenabled():
        gc.disable()
        pytest.fail("The test has left Python's automatic collection on, which crashes later tests of windows.")
    if finished_tests % GC_INTERVAL_TESTS == 0:
        gc.collect()


def pytest_sessionfinish() -> None:
    """Empty the clipboard: the offscreen one deletes what Python has made after Python has ended, and crashes."""
    qt_gui = sys.modules.get("PySide6.QtGui")
    if qt_gui is not None and qt_gui.QGuiApplication.instance() is not None:
        qt_gui.QGuiApplication.clipboard().clear()


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
    """Report a skipped test as failed in CI, where it must not look as if it had passed."""
    if IN_CI and report.outcome == "skipped" and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        report.outcome = "failed"
        report.longrepr = f"In CI nothing may be skipped. {reason}"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """New, empty GUARDDOG_HOME, set in the environment of this process."""
    folder = tmp_path / "home"
    folder.mkdir(mode=0o700)
    monkeypatch.setenv("GUARDDOG_HOME", str(folder))
    return folder
