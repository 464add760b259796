"""A home of settings for the tests of the app."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QApplication

from guarddog_gui.domain.settings import Theme
from guarddog_gui.ui.style.theme import apply_theme
from tests.app.settings_home import SettingsHome


@pytest.fixture
def at_home(tmp_path: Path, qapp: QApplication) -> Iterator[SettingsHome]:
    level = logging.getLogger().level
    home = SettingsHome(tmp_path / "home", qapp)
    yield home
    home.end()
    logging.getLogger().setLevel(level)
    apply_theme(qapp, Theme.SYSTEM)
    QLocale.setDefault(QLocale.system())
