from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import dev
import dev_environment
import pytest

ROOT = Path(__file__).parent.parent.parent
PYPROJECT = """
[dependency-groups]
dev = ["ruff>=0.17", "coverage[toml]>=7"]
"""


@pytest.mark.parametrize(
    ("platform", "environment", "shown"),
    [
        ("linux", {}, False),
        ("linux", {"DISPLAY": ""}, False),
        ("linux", {"DISPLAY": ":0"}, True),
        ("linux", {"WAYLAND_DISPLAY": "wayland-0"}, True),
        ("win32", {}, True),
        ("darwin", {}, True),
    ],
)
def test_a_display_is_detected_where_a_window_can_open(
    platform: str, environment: dict[str, str], *, shown: bool
) -> None:
    assert dev.has_display(platform, environment) is shown


def test_run_starts_the_tray_app_or_the_live_table_with_the_arguments() -> None:
    tray = dev.program_to_show(display=True, arguments=["--show"])
    table = dev.program_to_show(display=False, arguments=[])
    assert tray == ["guarddog-gui", "--sandbox", "--show"]
    assert table == ["guarddogctl", "watch", "--sandbox"]


@pytest.mark.parametrize("arguments", [["run", "--show"], ["run", "--", "--show"]])
def test_two_dashes_before_the_arguments_are_optional(arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    passed_on: list[str] = []
    monkeypatch.setitem(dev.COMMANDS, "run", passed_on.extend)
    dev.main(arguments)
    assert passed_on == ["--show"]


@pytest.mark.parametrize("arguments", [[], ["--help"], ["rnu"]])
def test_any_other_argument_prints_the_usage(arguments: list[str]) -> None:
    with pytest.raises(SystemExit, match=r"dev\.py run .*\n.*dev\.py test"):
        dev.main(arguments)


def test_the_development_requirements_come_from_pyproject() -> None:
    assert dev_environment.dev_requirements(PYPROJECT) == ["ruff>=0.17", "coverage[toml]>=7"]
    ours = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    assert all(isinstance(requirement, str) for requirement in ours["dependency-groups"]["dev"])


def test_a_stamp_is_up_to_date_until_one_of_its_texts_changes(tmp_path: Path) -> None:
    stamp = tmp_path / "ready"
    state = dev_environment.fingerprint("pyproject", "/a place")
    assert not dev_environment.is_up_to_date(stamp, state)
    stamp.write_text(state, "utf-8")
    assert dev_environment.is_up_to_date(stamp, state)
    assert not dev_environment.is_up_to_date(stamp, dev_environment.fingerprint("pyproject", "/another place"))
    assert not dev_environment.is_up_to_date(stamp, dev_environment.fingerprint("pyproject/a", " place"))


def test_ci_runs_the_test_command_and_nothing_else() -> None:
    file = ROOT / ".ci" / "run"
    code = [line for line in file.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    assert code == ["set -eu", 'cd "$(dirname "${BASH_SOURCE[0]}")/.."', "exec python3 packaging/dev.py test"]
    assert os.access(file, os.X_OK)


def test_the_result_tells_if_a_command_failed(tmp_path: Path) -> None:
    assert dev_environment.run_command([sys.executable, "-c", ""], cwd=tmp_path)
    assert not dev_environment.run_command([sys.executable, "-c", "raise SystemExit(3)"], cwd=tmp_path)
    assert not dev_environment.succeeds_silently([tmp_path / "no-such-program"])


def test_the_script_without_a_command_prints_its_usage_and_no_traceback() -> None:
    result = subprocess.run(
        [sys.executable, "-B", ROOT / "packaging" / "dev.py"], capture_output=True, text=True, check=False
    )
    assert "dev.py run" in result.stderr
    assert "Traceback" not in result.stderr


def test_pytest_runs_the_given_tests_or_every_test_once() -> None:
    assert dev.pytest_runs(["tests/cli", "-x"]) == {"tests": ["tests/cli", "-x"]}
    everything = dev.pytest_runs([])
    assert everything["tests"][-2:] == ("--ignore", "tests/desktop")
    assert everything.get("desktop", ())[-1:] == (("tests/desktop",) if sys.platform == "linux" else ())


CRASH = "import os\n\ndef test_crash():\n    os.abort()\n"
HANG = "import time\n\ndef test_hang():\n    time.sleep(60)\n"


@pytest.mark.parametrize("run", dev.pytest_runs([]))
@pytest.mark.parametrize(("text", "shown"), [(CRASH, "crashed while running"), (HANG, "in test_hang")])
def test_a_test_that_crashes_or_hangs_fails_the_run_and_does_not_stop_it_from_ending(
    run: str, text: str, shown: str, tmp_path: Path
) -> None:
    ours = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["pytest"]["ini_options"]
    exits = str(ours["faulthandler_exit_on_timeout"]).lower()
    (tmp_path / "pytest.ini").write_text(
        f"[pytest]\nfaulthandler_exit_on_timeout = {exits}\nfaulthandler_timeout = 2\n"
    )
    folder = tmp_path / "tests" / "desktop" if run == "desktop" else tmp_path
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(40):
        quick = "import pytest\n\n@pytest.mark.parametrize('n', range(9))\ndef test_quick(n):\n    pass\n"
        (folder / f"test_{number:02}.py").write_text(text if number == 30 else quick)
    command = [sys.executable, "-B", "-m", "pytest", "-p", "no:cacheprovider", *dev.pytest_runs([])[run]]
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert result.returncode == 1
    assert shown in result.stdout + result.stderr


def test_the_hard_run_executes_its_folder_or_the_named_part() -> None:
    assert dev.hard_options(["-k", "kill", "--table"])[-3:] == ["-k", "kill", "tests/hard"]
    assert dev.hard_options(["tests/hard/test_repeated.py", "-x"])[-2:] == ["tests/hard/test_repeated.py", "-x"]


def test_bench_passes_its_arguments_on(monkeypatch: pytest.MonkeyPatch) -> None:
    commands: list[list[str]] = []
    for name in ("ensure_system_packages", "ensure_venv", "install_npm_packages"):
        monkeypatch.setattr(dev, name, lambda *_arguments, **_options: None)

    def run_command(command: list[str]) -> bool:
        commands.append(command)
        return True

    monkeypatch.setattr(dev, "run_command", run_command)
    monkeypatch.setattr(sys, "platform", "linux")
    dev.main(["bench", "start", "--quick"])
    assert [command[1:] for command in commands] == [["-m", "tests.bench", "start", "--quick"]]
