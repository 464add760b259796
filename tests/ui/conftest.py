"""Fixtures for every window: a runtime with one account, and an English formatter."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from guarddog_gui.adapters.message_catalogs import load_message_catalog
from guarddog_gui.domain.settings import Theme
from guarddog_gui.domain.wechat.jssdk_errors import JssdkErrorCatalog
from guarddog_gui.services.messages.message import Messages
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.icons import Icons
from guarddog_gui.ui.style.theme import apply_theme
from guarddog_gui.ui.time_format import format_short
from tests.errcode_catalogue import CATALOGUE
from tests.runtime.harness import SHOP, RuntimeHarness, runtime_harness
from tests.ui.app_windows import AppLauncher, populated_app

HERE = Path(__file__).parent
RESOURCES = Path(__file__).parents[2] / "resources"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            # the offscreen platform warns for every window and menu what it does not support
            item.add_marker(pytest.mark.qt_log_ignore("This plugin does not support", extend=True))


def make_formatter(harness: RuntimeHarness, language: str = "en") -> Formatter:
    """Return a formatter with the clock of the harness."""
    locale = QLocale(QLocale.Language.English)
    catalog = load_message_catalog(language)
    messages = Messages(catalog, CATALOGUE, lambda at: format_short(at, harness.clock(), locale))
    jssdk = JssdkErrorCatalog.from_json((RESOURCES / "jssdk_errors.json").read_text(encoding="utf-8"))
    return Formatter(messages, lambda: jssdk, harness.clock, Icons(RESOURCES / "icons"))


@pytest.fixture(autouse=True)
def program_style(qapp: QApplication) -> None:
    """Give all tests the style of the program, which an application cannot lose again."""
    apply_theme(qapp, Theme.SYSTEM)


@pytest.fixture
def harness(qapp: QApplication) -> Iterator[RuntimeHarness]:  # noqa: ARG001 - widgets need one
    with runtime_harness(SHOP) as harness:
        yield harness


@pytest.fixture
def formatter(harness: RuntimeHarness) -> Formatter:
    return make_formatter(harness)


@pytest.fixture
def app_launcher(qapp: QApplication, qtbot: QtBot, tmp_path: Path) -> Iterator[AppLauncher]:
    with populated_app(qapp, qtbot, tmp_path) as app_launcher:
        yield app_launcher
