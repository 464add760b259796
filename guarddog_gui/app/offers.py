"""Offers in the window: to add Guard Dog to the desktop once, and a newer version if the user wants to know."""

import os
import sys
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot

from guarddog_gui import __version__
from guarddog_gui.app.settings_controller import APP_ID, SettingsController
from guarddog_gui.domain.settings import Settings
from guarddog_gui.runtime.disk.bounded_calls import BoundedCalls, error_of

if TYPE_CHECKING:
    from guarddog_gui.domain.errors import FileError
    from guarddog_gui.domain.releases import Release
    from guarddog_gui.runtime.jobs import JobHandle
    from guarddog_gui.ui.main_window import MainWindow
    from guarddog_gui.ui.offer_banner import Offer

FIRST_CHECK_MS = 60_000  # after the start, when the tokens have been refreshed
CHECK_INTERVAL_MS = 24 * 3_600_000
_LANE = "desktop integration"


class Offers(QObject):
    """Decides what is offered in the window, and does what the user accepts."""

    def __init__(
        self,
        settings_controller: SettingsController,
        find_release: Callable[[], "JobHandle[Release | None]"],
        *,
        environ: Mapping[str, str],
        is_sandbox: bool,
        find_program: Callable[[], Path | None] | None = None,
        open_url: Callable[[str], object] | None = None,
        parent: QObject | None = None,
    ) -> None:
        """Take functions that ask for the newest release, and for tests that find the program and open a page."""
        super().__init__(parent)
        self._settings_controller = settings_controller
        self._find_release = find_release
        self._find_program = find_program or partial(_find_program, environ)
        self._environ = environ
        self._open_url = open_url or self._open_in_browser
        self._is_sandbox = is_sandbox
        self._calls = BoundedCalls(parent=self)
        self._window: MainWindow | None = None
        self._release: Release | None = None
        self._timer = QTimer(self, interval=FIRST_CHECK_MS)
        self._timer.timeout.connect(self._check_for_updates)

    def start(self) -> None:
        self._settings_controller.settings_changed.connect(self._apply_settings)
        self._apply_settings(self._settings_controller.settings)

    def set_window(self, window: "MainWindow") -> None:
        """Show the offers in this window, now that there is one."""
        self._window = window
        window.offer_banner.answered.connect(self._on_answered)
        if self._release is not None:
            self._show_release(self._release)
        elif not self._settings_controller.settings.desktop_offered and not self._is_sandbox:
            is_wanted = partial(should_offer_desktop, self._environ, self._find_program)
            self._calls.ask(_LANE, is_wanted, self._on_desktop_looked_at)

    @Slot(object)
    def _apply_settings(self, settings: Settings) -> None:
        if not settings.check_for_updates:
            self._timer.stop()
        elif not self._timer.isActive():
            self._timer.start(FIRST_CHECK_MS)

    @Slot()
    def _check_for_updates(self) -> None:
        self._timer.setInterval(CHECK_INTERVAL_MS)
        self._find_release().finished.connect(self._on_release_found)

    @Slot(object)
    def _on_release_found(self, release: "Release | None") -> None:
        from guarddog_gui.domain.releases import is_newer

        settings = self._settings_controller.settings
        if release is None or not is_newer(release, __version__) or release.version == settings.skipped_version:
            return
        self._release = release
        if self._window is not None:
            self._show_release(release)

    def _show_release(self, release: "Release") -> None:
        from guarddog_gui.ui.offer_banner import Offer

        if self._window is not None:
            self._window.offer_banner.show_offer(Offer.UPDATE, release.version)

    def _on_desktop_looked_at(self, is_wanted: bool) -> None:  # noqa: FBT001 - a result
        from guarddog_gui.ui.offer_banner import Offer

        if is_wanted and self._window is not None:
            self._window.offer_banner.show_offer(Offer.DESKTOP)

    @Slot(object, bool)
    def _on_answered(self, offer: "Offer", is_accepted: bool) -> None:  # noqa: FBT001 - a signal's argument
        from guarddog_gui.ui.offer_banner import Offer

        if offer is Offer.DESKTOP:
            self._settings_controller.update_fields(desktop_offered=True)
            if is_accepted:
                install = partial(error_of, partial(_install_desktop, self._environ, self._find_program()))
                self._calls.ask(_LANE, install, self._on_desktop_installed)
        elif self._release is not None:
            self._settings_controller.update_fields(skipped_version=self._release.version)
            if is_accepted:
                self._open_url(self._release.url)

    def _open_in_browser(self, url: str) -> None:
        from PySide6.QtCore import QUrl

        from guarddog_gui.ui.widgets.browser import open_in_desktop

        if self._window is not None:
            open_in_desktop(QUrl(url), self._window)

    def _on_desktop_installed(self, error: "FileError | None") -> None:
        if self._window is None:
            return
        messages = self._settings_controller.formatter.messages
        done = messages.text("Guard Dog is in your menu and starts when you log in; the preferences switch that off.")
        self._window.show_status(messages.for_error(error).text if error is not None else done)


def should_offer_desktop(environ: Mapping[str, str], program: Callable[[], Path | None]) -> bool:
    """Return True on a Linux desktop whose menu does not have this installed program yet.

    Not with a home of its own (a test or a second instance), and not in a sandbox whose files the desktop does not
    read.
    """
    has_own_world = any(environ.get(name) for name in ("GUARDDOG_HOME", "FLATPAK_ID", "SNAP"))
    if not sys.platform.startswith("linux") or has_own_world or program() is None:
        return False
    return not any((folder / f"{APP_ID}.desktop").exists() for folder in _menu_folders(environ))


def _find_program(environ: Mapping[str, str]) -> Path | None:
    from guarddog_gui.adapters.autostart.factory import find_installed_program  # rarely needed

    return find_installed_program(environ, sys.argv[0])


def _menu_folders(environ: Mapping[str, str]) -> list[Path]:
    """Return the folders of menu entries, see the XDG base directory specification."""
    from guarddog_gui.app.setup.desktop_integration import data_home

    system = (environ.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share").split(os.pathsep)
    return [data_home(environ) / "applications", *(Path(folder, "applications") for folder in system if folder)]


def _install_desktop(environ: Mapping[str, str], program: Path | None) -> None:
    """Write menu entry, icons and autostart entry. Raise FileError."""
    from guarddog_gui.app.setup.desktop_integration import add_to_desktop

    if program is not None:
        add_to_desktop(environ, program, APP_ID)
