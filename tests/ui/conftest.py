"""What every window needs: a stage with one account, and a voice that speaks English."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QApplication

from guarddog_gui.adapters.message_catalogs import load_message_catalog
from guarddog_gui.domain.wechat.jssdk_errors import JssdkErrorCatalog
from guarddog_gui.services.messages.message import Messages
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.icons import Icons
from guarddog_gui.ui.time_format import TimeFormat
from tests.errcode_catalogue import CATALOGUE
from tests.runtime.harness import SHOP, RuntimeHarness, runtime_harness

HERE = Path(__file__).parent
RESOURCES = Path(__file__).parents[2] / "resources"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            # the screen that is none says what it cannot do for every window and menu
            item.add_marker(pytest.mark.qt_log_ignore("This plugin does not support", extend=True))


def make_formatter(harness: RuntimeHarness, language: str = "en") -> Formatter:
    """The voice of this stage's windows; its clock is the stage's."""
    moments = TimeFormat(QLocale(QLocale.Language.English))
    words = load_message_catalog(language)
    sentences = Messages(words, CATALOGUE, lambda at: moments.format_short(at, harness.clock()))
    jssdk = JssdkErrorCatalog.from_json((RESOURCES / "jssdk_errors.json").read_text(encoding="utf-8"))
    return Formatter(sentences, CATALOGUE, lambda: jssdk, moments, harness.clock, Icons(RESOURCES / "icons"))


@pytest.fixture
def harness(qapp: QApplication) -> Iterator[RuntimeHarness]:  # noqa: ARG001 - windows need one
    with runtime_harness(SHOP) as harness:
        yield harness


@pytest.fixture
def formatter(harness: RuntimeHarness) -> Formatter:
    return make_formatter(harness)
