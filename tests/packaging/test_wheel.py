"""The wheel, as it would be published: built here, unpacked into an empty folder and run."""

import os
import re
import subprocess
import sys
import sysconfig
import zipfile
from email import message_from_string
from email.message import Message
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
RESOURCES = ROOT / "resources"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return zipfile.ZipFile(next(folder.glob("*.whl")))


@pytest.fixture(scope="module")
def metadata(wheel: zipfile.ZipFile) -> Message:
    name = next(name for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
    return message_from_string(wheel.read(name).decode())


def test_it_has_what_the_program_reads_and_nothing_else(wheel: zipfile.ZipFile) -> None:
    read_by_the_program = {
        f"guarddog_gui/resources/{path.relative_to(RESOURCES).as_posix()}"
        for pattern in ("*.json", "icons/*.svg", "locale/**/*.mo", "snippets/follower.js", "service/*.service")
        for path in RESOURCES.glob(pattern)
    } | {f"guarddog_gui/resources/{name}" for name in ("CHANGELOG.md", "LICENSE")}
    packed = {name for name in wheel.namelist() if "/resources/" in name}
    assert packed == read_by_the_program
    assert [name for name in wheel.namelist() if re.search(r"tests/|packaging/|\.(png|po|ts)$", name)] == []


def test_it_runs_from_an_empty_folder(wheel: zipfile.ZipFile, tmp_path: Path) -> None:
    wheel.extractall(tmp_path / "site")
    # the dependencies of this environment, but not the source tree, of which an editable installation knows
    code = (
        "import sys; sys.path[:0] = sys.argv[1:3]; import guarddog_gui.cli.main as m; "
        "assert m.__file__.startswith(sys.argv[1]), m.__file__; "
        "sys.exit(m.run_with_sys_streams(['errcode', '40164']))"
    )
    command = [sys.executable, "-S", "-c", code, str(tmp_path / "site"), sysconfig.get_path("purelib")]
    environ = {**os.environ, "GUARDDOG_HOME": str(tmp_path / "home"), "GUARDDOG_LANG": "zh_CN", "PYTHONUTF8": "1"}
    done = subprocess.run(command, cwd=tmp_path, env=environ, capture_output=True, encoding="utf-8", check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "白名单" in done.stdout


def test_qt_and_redis_are_extras_and_everything_else_is_not(metadata: Message) -> None:
    requirements = metadata.get_all("Requires-Dist", [])
    assert [line for line in requirements if "pyside6" in line.lower() and "extra == 'tray'" not in line] == []
    extras = [line for line in requirements if "extra ==" in line]
    assert len([line for line in extras if "extra == 'tray'" in line]) == 2
    assert [line.partition(">")[0] for line in extras if "extra == 'tray'" not in line] == ["redis"]


def test_the_metadata_names_systems_versions_and_addresses(metadata: Message) -> None:
    classifiers = metadata.get_all("Classifier", [])
    for system in ("POSIX :: Linux", "Microsoft :: Windows", "MacOS"):
        assert f"Operating System :: {system}" in classifiers
    for minor in (11, 12, 13, 14):
        assert f"Programming Language :: Python :: 3.{minor}" in classifiers
    labels = {line.partition(",")[0] for line in metadata.get_all("Project-URL", [])}
    assert labels >= {"Homepage", "Changelog", "Issues", "Source"}


def test_pictures_and_links_of_the_readme_work_on_an_index_page(metadata: Message) -> None:
    readme = str(metadata.get_payload())
    links = re.findall(r"\]\(([^)]+)\)", readme)
    pictures = [link for link in links if link.endswith(".png")]
    assert len(pictures) >= 5
    assert [link for link in links if not link.startswith(("https://", "http://", "#"))] == []
    for link in pictures:
        assert (ROOT / "resources" / link.partition("/resources/")[2]).is_file()
