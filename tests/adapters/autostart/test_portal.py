"""Autostart through a portal on a private bus, as in a Flatpak sandbox."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from guarddog_gui.adapters.autostart.entry_files import DesktopFile
from guarddog_gui.adapters.autostart.factory import Autostart
from guarddog_gui.adapters.autostart.portal import PortalAutostart
from guarddog_gui.domain.errors import FileError
from guarddog_gui.domain.settings import AutostartState
from tests.desktop.background_portal import BackgroundPortal
from tests.desktop.session_bus import private_bus

pytestmark = pytest.mark.only_on("linux")

APP_ID = "io.github.guarddog.GuardDog"
PROGRAM = "/app/lib/guarddog/guarddog-gui"


@pytest.fixture
def bus(tmp_path: Path) -> Iterator[str]:
    with private_bus(tmp_path) as bus:
        yield bus


@pytest.fixture
def entry_file(tmp_path: Path) -> Path:
    return tmp_path / "autostart" / f"{APP_ID}.desktop"


def make_entry(bus: str, file: Path) -> PortalAutostart:
    return PortalAutostart(DesktopFile(file.parent, APP_ID), PROGRAM, bus)


def test_the_desktop_is_asked_to_start_the_program_and_to_stop_that(bus: str, entry_file: Path) -> None:
    with BackgroundPortal(bus, entry_file) as portal:
        entry = make_entry(bus, entry_file)
        assert entry.read_program() is None
        entry.write(PROGRAM)
        assert entry.read_program() == PROGRAM
        entry.remove()
        assert entry.read_program() is None
    assert [options["autostart"] for options in portal.options] == [True, False]
    assert portal.options[0]["commandline"] == ["guarddog-gui"]


@pytest.mark.parametrize(("response", "grants"), [(1, True), (2, True), (0, False)])
def test_a_refusal_of_user_or_desktop_is_an_error(bus: str, entry_file: Path, response: int, *, grants: bool) -> None:
    refusing = BackgroundPortal(bus, entry_file, response=response, grants=grants)
    with refusing, pytest.raises(FileError, match="permission denied"):
        make_entry(bus, entry_file).write(PROGRAM)
    assert not entry_file.exists()


def test_without_a_portal_it_is_an_error_too(bus: str, entry_file: Path) -> None:
    with pytest.raises(FileError):
        make_entry(bus, entry_file).write(PROGRAM)


def test_in_flatpak_the_entry_of_the_desktop_decides(tmp_path: Path) -> None:
    program = tmp_path / "guarddog-gui"
    program.write_text("")
    environ = {"HOME": str(tmp_path), "FLATPAK_ID": APP_ID, "HOST_XDG_CONFIG_HOME": str(tmp_path / "host")}
    autostart = Autostart(environ, program, app_id=APP_ID, platform="linux")
    assert autostart.state() is AutostartState.OFF
    entry = tmp_path / "host" / "autostart" / f"{APP_ID}.desktop"
    entry.parent.mkdir(parents=True)
    entry.write_text("[Desktop Entry]\nExec=flatpak run --command=guarddog-gui io.github.guarddog.GuardDog\n")
    assert autostart.state() is AutostartState.ON
