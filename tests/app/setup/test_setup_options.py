"""`--install-desktop` and `--uninstall-desktop`: the words, and the files of a real process."""

import os
import subprocess
import sysconfig
from pathlib import Path

import pytest

from guarddog_gui.adapters.autostart.entry_files import quote_exec_argument
from guarddog_gui.app.settings_controller import APP_ID
from guarddog_gui.app.setup.setup_options import install_desktop, uninstall_desktop
from guarddog_gui.bootstrap.catalogues import load_errcode_catalog, make_messages
from guarddog_gui.services.exit_codes import ExitCode
from guarddog_gui.services.messages.message import Messages
from tests.app.gui_process import environment

PROGRAM = Path(sysconfig.get_path("scripts"), "guarddog-gui")


@pytest.fixture
def messages() -> Messages:
    return make_messages({"GUARDDOG_LANG": "en"}, "system", load_errcode_catalog(), str)


@pytest.mark.only_on("linux")
def test_menu_icons_and_autostart_come_and_go(tmp_path: Path) -> None:
    environ = environment(tmp_path / "guarddog", HOME=str(tmp_path), GUARDDOG_LANG="en")
    environ = {name: value for name, value in environ.items() if not name.startswith("XDG_")}

    def run(option: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run([PROGRAM, option], env=environ, capture_output=True, encoding="utf-8", check=False)

    installed = run("--install-desktop")
    assert (installed.returncode, installed.stderr) == (0, "")
    assert "menu" in installed.stdout
    autostart = tmp_path / ".config" / "autostart" / f"{APP_ID}.desktop"
    entry = tmp_path / ".local" / "share" / "applications" / f"{APP_ID}.desktop"
    program = quote_exec_argument(str(PROGRAM))  # the path of this clone may have a space
    assert f"\nExec={program}\n" in autostart.read_text("utf-8")
    assert f"\nExec={program} --show\n" in entry.read_text("utf-8")
    removed = run("--uninstall-desktop")
    assert (removed.returncode, removed.stderr) == (0, "")
    assert list(tmp_path.rglob(f"{APP_ID}*")) == []
    assert not (tmp_path / "guarddog").exists(), "no data of the program is touched"


@pytest.mark.only_on("linux")
def test_a_folder_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    blocked = tmp_path / ".local"
    blocked.write_text("not a folder")
    environ = environment(tmp_path / "guarddog", HOME=str(tmp_path), GUARDDOG_LANG="en", XDG_DATA_HOME="")
    done = subprocess.run(
        [PROGRAM, "--install-desktop"], env=environ, capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == ExitCode.FILE_ERROR
    assert str(blocked) in done.stderr
    assert "Traceback" not in done.stderr


def test_a_program_that_a_menu_could_not_start_is_refused(
    messages: Messages, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    code = install_desktop({"HOME": os.fspath(tmp_path)}, None, messages, "linux")
    assert code is ExitCode.USER_ACTION_REQUIRED
    assert "pipx" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("platform", ["win32", "darwin"])
def test_elsewhere_the_installer_does_it(messages: Messages, platform: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert install_desktop({}, PROGRAM, messages, platform) is ExitCode.USAGE_ERROR
    assert uninstall_desktop({}, messages, platform) is ExitCode.USAGE_ERROR
    assert capsys.readouterr().err.count("installer") == 2
