"""The manifest of the Flatpak, against what the program uses. `packaging/dev.py package flatpak` has Flatpak check it."""

import os
import re
import shutil
import subprocess
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
START = package.FLATPAK_MANIFEST.parent / "start.sh"


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
    paths = {Path(os.path.normpath(folder / source)) for source in sources}
    assert paths == {START, package.FROZEN, package.SHARE}
    assert "flatpak" in package.STEPS


@pytest.mark.only_on("linux")
def test_its_start_makes_a_new_folder_private_and_leaves_one_in_use(tmp_path: Path) -> None:
    library, config, data = (tmp_path / name for name in ("app/lib/guarddog", "config/guarddog", "data/guarddog"))
    for folder in (library, config, data, tmp_path / "app/bin"):
        folder.mkdir(parents=True)
        folder.chmod(0o755)
    (data / "dogs").mkdir()
    program = library / "guarddogctl"
    program.write_text('#!/bin/sh\nprintf "%s," "$@"\n')
    program.chmod(0o755)
    start = tmp_path / "app/bin/guarddogctl"
    shutil.copy(START, start)
    start.chmod(0o755)
    environment = {"PATH": "/usr/bin:/bin", "XDG_CONFIG_HOME": str(config.parent), "XDG_DATA_HOME": str(data.parent)}

    done = subprocess.run([start, "token", "a b"], env=environment, capture_output=True, text=True, check=True)

    assert (done.stdout, done.stderr) == ("token,a b,", "")
    assert [folder.stat().st_mode & 0o777 for folder in (config, data)] == [0o700, 0o755]
