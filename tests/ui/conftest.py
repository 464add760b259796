"""What every window needs: a stage with one account, and a voice that speaks English."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QApplication

from guarddog_gui.domain.message_catalog import Words
from guarddog_gui.domain.wechat.jssdk_errors import JssdkErrors
from guarddog_gui.services.messages.message import Sentences
from guarddog_gui.ui.formatter import Voice
from guarddog_gui.ui.icons import Icons
from guarddog_gui.ui.time_format import Moments
from tests.catalogue import CATALOGUE
from tests.runtime.stage import SHOP, Stage, stage_with

HERE = Path(__file__).parent
RESOURCES = Path(__file__).parents[2] / "resources"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            # the screen that is none says what it cannot do for every window and menu
            item.add_marker(pytest.mark.qt_log_ignore("This plugin does not support", extend=True))


def voice_of(stage: Stage, language: str = "en") -> Voice:
    """The voice of this stage's windows; its clock is the stage's."""
    moments = Moments(QLocale(QLocale.Language.English))
    words = Words.from_text((RESOURCES / "words.json").read_text(encoding="utf-8"), language)
    sentences = Sentences(words, CATALOGUE, lambda at: moments.clock(at, stage.clock()))
    jssdk = JssdkErrors.from_text((RESOURCES / "jssdk_errors.json").read_text(encoding="utf-8"))
    return Voice(sentences, CATALOGUE, lambda: jssdk, moments, stage.clock, Icons(RESOURCES / "icons"))


@pytest.fixture
def stage(qapp: QApplication) -> Iterator[Stage]:  # noqa: ARG001 - windows need one
    with stage_with(SHOP) as stage:
        yield stage


@pytest.fixture
def voice(stage: Stage) -> Voice:
    return voice_of(stage)
