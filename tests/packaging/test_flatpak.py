"""The manifest of the Flatpak, against what the program uses. `packaging/dev.py package flatpak` has Flatpak check it."""

import os
import re
from pathlib import Path

import package
import pytest

from guarddog_gui.adapters.autostart.portal import COMMAND
from guarddog_gui.adapters.files.paths import get_app_paths
from guarddog_gui.adapters.keyring import backends
from guarddog_gui.adapters.notifications import dbus_connection
from guarddog_gui.app.settings_controller import APP_ID
from guarddog_gui.runtime.power_events import LOGIND_MANAGER
from guarddog_gui.ui.tray.availability import WATCHER_SERVICE

TEXT = package.FLATPAK_MANIFEST.read_text("utf-8")
ROOT = Path(__file__).parents[2]


def arguments(option: str) -> set[str]:
    return set(re.findall(rf"^  - --{option}=(\S+)$", TEXT, re.MULTILINE))


def test_its_id_and_command_are_those_that_the_program_tells_the_desktop() -> None:
    assert f"\nid: {APP_ID}\n" in TEXT
    assert f"\ncommand: {COMMAND}\n" in TEXT
    assert package.FLATPAK_MANIFEST.stem == APP_ID


def test_it_may_call_the_services_that_the_program_calls_and_no_other() -> None:
    services = {WATCHER_SERVICE, dbus_connection.SERVICE_NAME, backends._SERVICE_NAME}
    assert arguments("talk-name") == services
    assert arguments("system-talk-name") == {LOGIND_MANAGER[0]}
    assert arguments("own-name") == set()


@pytest.mark.only_on("linux")
def test_it_has_the_users_folders_of_settings_and_data(monkeypatch: pytest.MonkeyPatch) -> None:
    places = {"XDG_CONFIG_HOME": "xdg-config", "XDG_DATA_HOME": "xdg-data", "XDG_STATE_HOME": "xdg-state"}
    for variable, place in places.items():
        monkeypatch.setenv(variable, f"/{place}")
    paths = get_app_paths({})
    mounted = {f"{folder.relative_to('/')}:create" for folder in (paths.config_dir, paths.data_dir)}
    assert arguments("filesystem") == {*mounted, "xdg-config/autostart:ro"}
    # Flatpak keeps this folder for each program, and has no name for that of the user
    assert paths.log_dir.parts[1] == "xdg-state"


def test_it_takes_what_dev_py_makes() -> None:
    sources = re.findall(r"^        path: (\S+)$", TEXT, re.MULTILINE)
    folder = package.FLATPAK_MANIFEST.parent
    assert {Path(os.path.normpath(folder / source)) for source in sources} == {package.FROZEN, package.SHARE}
    assert "flatpak" in package.STEPS
