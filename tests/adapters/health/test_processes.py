"""Processes in a made-up /proc, and one real process that has a file open."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from guarddog_gui.adapters.health.processes import find_engines, find_open_files
from guarddog_gui.domain.health.results import EngineProcess, OpenFile

pytestmark = pytest.mark.only_on("linux")


def add_process(proc: Path, pid: int, words: list[str], environ: dict[str, str], name: str = "guarddog-gui") -> None:
    folder = proc / str(pid)
    (folder / "fd").mkdir(parents=True)
    (folder / "cmdline").write_bytes("\0".join(words).encode() + b"\0")
    (folder / "environ").write_bytes("\0".join(f"{key}={value}" for key, value in environ.items()).encode())
    (folder / "comm").write_text(f"{name}\n", encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "is_engine"),
    [
        (["/usr/bin/python3", "/home/al/.local/bin/guarddog-gui"], True),
        (["/opt/guarddog/guarddog-gui", "--show"], True),
        (["/usr/bin/python3", "-m", "guarddog_gui", "watch"], True),
        (["/usr/bin/python3", "/usr/bin/guarddogctl", "watch"], True),
        (["/usr/bin/python3", "/usr/bin/guarddogctl", "token"], False),
        (["/usr/bin/python3", "/usr/bin/guarddogctl", "watch", "--sandbox"], False),
        (["/usr/bin/guarddog-gui", "--sandbox"], False),
        (["/usr/bin/guarddog-gui", "--quit"], False),
        (["/usr/bin/vim", "/home/al/src/watch.py", "x", "y", "guarddog-gui"], False),
        ([], False),
    ],
)
def test_an_engine_is_recognised_by_its_command_line(tmp_path: Path, words: list[str], *, is_engine: bool) -> None:
    add_process(tmp_path, 4242, words, {"HOME": "/home/al"})

    assert bool(find_engines(tmp_path)) is is_engine


@pytest.mark.parametrize(
    ("environ", "config_dir", "data_dir"),
    [
        ({"GUARDDOG_HOME": "/srv/gd", "HOME": "/home/al"}, "/srv/gd/config", "/srv/gd/data"),
        ({"HOME": "/home/al", "GUARDDOG_API_BASE": ""}, "/home/al/.config/guarddog", "/home/al/.local/share/guarddog"),
        ({"HOME": "/h", "XDG_CONFIG_HOME": "/c", "XDG_DATA_HOME": "/d"}, "/c/guarddog", "/d/guarddog"),
    ],
)
def test_its_folders_are_those_of_its_environment(
    tmp_path: Path, environ: dict[str, str], config_dir: str, data_dir: str
) -> None:
    add_process(tmp_path, 4242, ["guarddog-gui"], environ)

    assert find_engines(tmp_path) == (EngineProcess(4242, "guarddog-gui", config_dir, data_dir),)


def test_a_process_of_another_user_or_our_own_is_left_out(tmp_path: Path) -> None:
    add_process(tmp_path, 4242, ["guarddog-gui"], {})
    add_process(tmp_path, os.getpid(), ["guarddog-gui"], {"HOME": "/home/al"})

    assert find_engines(tmp_path) == ()
    assert find_engines(tmp_path / "none") is None


def test_a_process_that_has_a_file_in_the_folder_open_is_named(tmp_path: Path) -> None:
    path = tmp_path / "ACCESS_TOKEN.dog"
    path.touch()
    code = "import sys; f = open(sys.argv[1]); print('open', flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", code, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        (found,) = find_open_files(frozenset({str(tmp_path)}))
        process.communicate()

    assert found == OpenFile(process.pid, found.program, str(tmp_path))
    assert found.program.startswith("python")
    assert find_open_files(frozenset({str(tmp_path)})) == ()


def test_its_address_of_wechat_is_that_of_its_environment(tmp_path: Path) -> None:
    add_process(tmp_path, 4242, ["guarddog-gui"], {"HOME": "/h", "GUARDDOG_API_BASE": "http://127.0.0.1:8000"})

    (engine,) = find_engines(tmp_path) or ()

    assert engine.api_base == "http://127.0.0.1:8000"
