"""Offers in the window: the menu of the desktop once, and a newer version for those who want to know."""

import os
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QObject, Signal
from pytestqt.qtbot import QtBot

from guarddog_gui.app import offers
from guarddog_gui.app.offers import Offers, should_offer_desktop
from guarddog_gui.app.settings_controller import APP_ID
from guarddog_gui.domain.releases import Release
from guarddog_gui.ui.offer_banner import Offer, OfferBanner
from tests.app.settings_home import SettingsHome
from tests.ui import find

pytestmark = [pytest.mark.only_on("linux"), pytest.mark.qt_log_ignore("This plugin does not support", extend=True)]

NEWER = Release("99.0.0", "https://github.com/guarddog/guarddog-gui/releases/tag/v99.0.0")


class FakeJob(QObject):
    finished = Signal(object, object)


class OffersSetup(QObject):
    """Offers in a window that is nothing but a banner, for a desktop in a folder."""

    def __init__(self, home: SettingsHome, folder: Path, qtbot: QtBot) -> None:
        super().__init__()
        self.home = home
        self.settings = home.start()
        self.offer_banner = OfferBanner(self.settings.formatter)
        qtbot.addWidget(self.offer_banner)
        self.program = folder / "guarddog-gui"
        self.program.write_text("")
        self.environ = {
            "HOME": str(folder),
            "XDG_DATA_HOME": str(folder / "share"),
            "XDG_DATA_DIRS": str(folder / "usr"),
        }
        self.jobs: list[FakeJob] = []
        self.opened: list[str] = []
        self.statuses: list[str] = []
        self.offers = self.make_offers()

    def make_offers(self, *, is_sandbox: bool = False) -> Offers:
        made = Offers(
            self.settings,
            self.find_release,
            environ=self.environ,
            is_sandbox=is_sandbox,
            find_program=lambda: self.program,
            open_url=self.opened.append,
            parent=self,
        )
        made.start()
        return made

    def find_release(self) -> Any:
        self.jobs.append(FakeJob(self))
        return self.jobs[-1]

    def show_status(self, text: str) -> None:
        self.statuses.append(text)

    def open_window(self) -> None:
        self.offers.set_window(self)  # type: ignore[arg-type]

    @property
    def menu_entry(self) -> Path:
        return Path(self.environ["XDG_DATA_HOME"], "applications", f"{APP_ID}.desktop")


@pytest.fixture
def setup(at_home: SettingsHome, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> OffersSetup:
    monkeypatch.setattr(offers, "FIRST_CHECK_MS", 1)
    return OffersSetup(at_home, tmp_path, qtbot)


def test_the_menu_is_offered_at_the_first_start_and_filled_when_accepted(setup: OffersSetup, qtbot: QtBot) -> None:
    setup.open_window()
    qtbot.waitUntil(setup.offer_banner.isVisible)
    find.button(setup.offer_banner, "Add").click()
    qtbot.waitUntil(lambda: bool(setup.statuses))
    assert setup.statuses == ["Guard Dog is in your menu and starts when you log in; the preferences switch that off."]
    assert f"Exec={setup.program}" in setup.menu_entry.read_text("utf-8").replace('"', "")
    assert (Path(setup.environ["HOME"]) / ".config" / "autostart" / f"{APP_ID}.desktop").is_file()
    assert setup.settings.settings.desktop_offered


def test_a_refusal_is_kept_and_nothing_is_written(setup: OffersSetup, qtbot: QtBot) -> None:
    setup.open_window()
    qtbot.waitUntil(setup.offer_banner.isVisible)
    find.button(setup.offer_banner, "Not now").click()
    assert setup.settings.settings.desktop_offered
    setup.make_offers().set_window(setup)  # type: ignore[arg-type]  # the next start
    qtbot.wait(50)
    assert setup.offer_banner.isHidden()
    assert not setup.menu_entry.exists()


def test_the_sandbox_offers_nothing(setup: OffersSetup, qtbot: QtBot) -> None:
    setup.make_offers(is_sandbox=True).set_window(setup)  # type: ignore[arg-type]
    qtbot.wait(50)
    assert setup.offer_banner.isHidden()


@pytest.mark.parametrize("variable", ["GUARDDOG_HOME", "FLATPAK_ID", "SNAP"])
def test_a_world_of_its_own_is_no_place_for_the_menu(tmp_path: Path, variable: str) -> None:
    environ = {"HOME": str(tmp_path), "XDG_DATA_DIRS": str(tmp_path)}
    assert should_offer_desktop(environ, lambda: tmp_path)
    assert not should_offer_desktop({**environ, variable: "1"}, lambda: tmp_path)
    assert not should_offer_desktop(environ, lambda: None)


def test_a_package_that_is_in_the_menu_already_is_not_offered(tmp_path: Path) -> None:
    environ = {"HOME": str(tmp_path), "XDG_DATA_DIRS": f"/nonexistent{os.pathsep}{tmp_path}"}
    (tmp_path / "applications").mkdir()
    (tmp_path / "applications" / f"{APP_ID}.desktop").write_text("")
    assert not should_offer_desktop(environ, lambda: tmp_path)


# -- updates -------------------------------------------------------------------------------------------


def test_nobody_is_asked_for_a_version_unless_the_user_wants_it(setup: OffersSetup, qtbot: QtBot) -> None:
    qtbot.wait(50)
    assert setup.jobs == []
    setup.settings.update_fields(check_for_updates=True)
    qtbot.waitUntil(lambda: len(setup.jobs) == 1)
    setup.settings.update_fields(check_for_updates=False)
    qtbot.wait(50)
    assert len(setup.jobs) == 1


def test_a_newer_version_is_told_once_and_its_page_opened(setup: OffersSetup, qtbot: QtBot) -> None:
    setup.settings.update_fields(check_for_updates=True, desktop_offered=True)
    qtbot.waitUntil(lambda: len(setup.jobs) == 1)
    setup.jobs[0].finished.emit(NEWER, None)
    setup.open_window()
    assert setup.offer_banner.isVisible()
    find.button(setup.offer_banner, "What is new").click()
    assert setup.opened == [NEWER.url]
    assert setup.settings.settings.skipped_version == "99.0.0"
    setup.jobs[0].finished.emit(NEWER, None)
    assert setup.offer_banner.isHidden()


@pytest.mark.parametrize("release", [None, Release("0.0.1", NEWER.url)])
def test_no_newer_version_is_no_news(setup: OffersSetup, qtbot: QtBot, release: Release | None) -> None:
    setup.settings.update_fields(check_for_updates=True, desktop_offered=True)
    setup.open_window()
    qtbot.waitUntil(lambda: len(setup.jobs) == 1)
    setup.jobs[0].finished.emit(release, None)
    assert setup.offer_banner.isHidden()


def test_a_version_that_is_found_while_the_window_is_open_is_shown_at_once(setup: OffersSetup, qtbot: QtBot) -> None:
    setup.settings.update_fields(check_for_updates=True, desktop_offered=True)
    setup.open_window()
    qtbot.waitUntil(lambda: len(setup.jobs) == 1)
    with qtbot.waitSignal(setup.offer_banner.answered) as answered:
        setup.jobs[0].finished.emit(NEWER, None)
        find.button(setup.offer_banner, "Not now").click()
    assert answered.args == [Offer.UPDATE, False]
