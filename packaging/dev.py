"""Commands for developers, usable right after cloning Guard Dog.

    python3 packaging/dev.py run  [arguments of the program]   start it with an embedded WeChat
    python3 packaging/dev.py test [arguments of pytest]        lint, types, layers and all tests
    python3 packaging/dev.py test --hard [arguments of pytest] hours of tests/hard for the table of tests/README.md
    python3 packaging/dev.py bench [rows] [--quick]            ours and others side by side, for tests/bench/RESULTS.md
    python3 packaging/dev.py translate                         the code's texts to resources/locale
    python3 packaging/dev.py screenshots [names]               the pictures of the README to resources/screenshots
    python3 packaging/dev.py screenshots --all FOLDER [names]  every page, dialog and menu on every screen to FOLDER
    python3 packaging/dev.py package [parts]                   what is released, to build/package; each part is tried

Each command first installs missing system packages, creates `.venv` and installs the project into it, unless
that is done already. Only Python and pip are required: these scripts use the standard library alone.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036  # older versions are refused here
    sys.exit(f"Guard Dog needs Python 3.11 or newer, and this is {sys.version.split()[0]}.")

# After the check, because an older Python could not parse these.
import os
import shlex
import shutil
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NoReturn

from dev_environment import (
    PYTHON,
    ROOT,
    SCRIPTS,
    ensure_venv,
    install_group,
    install_if_possible,
    install_npm_packages,
    print_status,
    run_command,
)
from system_packages import PACKAGE_TOOLS, QT_CORE, QT_DISPLAY, TEST_TOOLS, ensure_system_packages
from translations import PO_FILE, mo_path


def run(arguments: Sequence[str]) -> NoReturn:
    display = has_display(sys.platform, os.environ)
    if sys.platform == "linux":
        ensure_system_packages(QT_DISPLAY if display else QT_CORE)
    ensure_venv(development=False)
    program, *rest = program_to_show(display=display, arguments=arguments)
    print_status(f"Starting {shlex.join([program, *rest])} (press Ctrl+C to stop it) …")
    replace_process([str(SCRIPTS / program), *rest])


# the branches for this system cannot be reached there
OTHER_SYSTEM = ("--no-warn-unreachable", "--no-warn-unused-ignores", "guarddog_gui")


def test(arguments: Sequence[str]) -> None:
    if "--hard" in arguments:
        hard_test([argument for argument in arguments if argument != "--hard"])
        return
    if sys.platform == "linux":
        ensure_system_packages((*QT_DISPLAY, *TEST_TOOLS))
    ensure_venv(development=True)
    install_npm_packages()
    checks: dict[str, list[str | Path]] = {
        "lint": [PYTHON, "-m", "ruff", "check"],
        "format": [PYTHON, "-m", "ruff", "format", "--check"],
        "types": [PYTHON, "-m", "mypy"],
        # what only other systems run, which no test here reaches
        **{
            f"types of {name}": [PYTHON, "-m", "mypy", *OTHER_SYSTEM, "--platform", name]
            for name in ("win32", "darwin")
        },
        "layers": [SCRIPTS / "lint-imports", "--no-logo"],
        **{name: [PYTHON, "-m", "pytest", *options] for name, options in pytest_runs(arguments).items()},
    }
    failed = []
    for name, command in checks.items():
        program, *rest = map(str, command)
        print_status(f"Checking {name}: {shlex.join([Path(program).name, *rest])} …")
        if not run_command(command):
            failed.append(name)
    if failed:
        sys.exit(f"Failed: {', '.join(failed)}. See the messages above.")
    print_status("All checks passed: lint, format, types, layers and tests.")


def hard_test(arguments: Sequence[str]) -> None:
    """Run tests/hard or the given part of it, and write the table of tests/README.md from its figures.

    GUARDDOG_HARD_SCALE=0.01 makes a hundredth of the tries, and the table is then written with `--table` only.
    """
    scale = os.environ.setdefault("GUARDDOG_HARD_SCALE", "1")
    if sys.platform == "linux":
        ensure_system_packages((*QT_DISPLAY, *TEST_TOOLS))
    ensure_venv(development=True)
    install_npm_packages()
    install_if_possible("atheris")
    shutil.rmtree(ROOT / "build" / "hard", ignore_errors=True)
    has_passed = run_command([PYTHON, "-m", "pytest", *hard_options(arguments)])
    if float(scale) == 1 or "--table" in arguments:
        run_command([PYTHON, "-m", "tests.hard.table"])
    if not has_passed:
        sys.exit("The hard run found failures, see the messages above.")


def hard_options(arguments: Sequence[str]) -> list[str]:
    """Return the arguments of pytest; the whole folder unless a test is named."""
    options = [argument for argument in arguments if argument != "--table"]
    is_named = any((ROOT / option.partition("::")[0]).exists() for option in options)
    # a test may take an hour, and the logs of a million inputs gigabytes
    quiet = ("-o", "faulthandler_timeout=0", "-p", "no:cacheprovider", "-p", "no:logging")
    return [*quiet, "-v", *options, *(() if is_named else ("tests/hard",))]


def bench(arguments: Sequence[str]) -> None:
    """Measure the given rows or all, which takes an hour; the machine should have nothing else to do."""
    if sys.platform != "linux":
        sys.exit("The benches read /proc and open a private X server, so they need Linux.")
    ensure_system_packages((*QT_DISPLAY, *TEST_TOOLS))
    ensure_venv(development=True)
    install_npm_packages()
    if not run_command([PYTHON, "-m", "tests.bench", *arguments]):
        sys.exit("Not everything could be measured, see above.")


def translate(_arguments: Sequence[str]) -> None:
    ensure_venv(development=True)
    if not run_command([PYTHON, ROOT / "packaging" / "translations.py"]):
        sys.exit("The catalogue is not complete, see above.")
    print_status(f"{PO_FILE.name} has every text of the code; {mo_path(PO_FILE).name} is compiled from it.")


def screenshots(arguments: Sequence[str]) -> None:
    if sys.platform == "linux":
        ensure_system_packages((*QT_DISPLAY, *TEST_TOOLS))
    ensure_venv(development=True)
    if not run_command([PYTHON, ROOT / "packaging" / "screenshots.py", *arguments]):
        sys.exit("The screenshots could not be taken, see above.")
    print_status("Look at every picture; those in resources/screenshots are to be committed.")


def package(arguments: Sequence[str]) -> None:
    if sys.platform == "linux":
        ensure_system_packages((*QT_DISPLAY, *PACKAGE_TOOLS))
    ensure_venv(development=True)
    install_group("package")
    if not run_command([PYTHON, ROOT / "packaging" / "package.py", *arguments]):
        sys.exit("Not everything could be made, see above.")
    print_status("Everything is in build/package, with SHA256SUMS.")


# WORKAROUND: pytest-xdist#1378, #1327: with a new process for one that crashed, the run never ends
END_AT_CRASH = ("--max-worker-restart", "0")


def pytest_runs(arguments: Sequence[str]) -> dict[str, Sequence[str]]:
    """Return the arguments of each run of pytest: the given ones, or those for all tests.

    Most tests wait a lot, so three processes share two cores. The desktop tests follow, because a real display, bus and
    keyring have timeouts that a busy machine would exceed; each test has a desktop of its own, so two run at a time.
    """
    if arguments:
        return {"tests": arguments}
    # in the order of the folders: the few, but long tests of the simulation would otherwise come last
    by_file = ("-n", "3", "--dist", "loadfile", "--no-loadscope-reorder", *END_AT_CRASH)
    runs: dict[str, Sequence[str]] = {"tests": (*by_file, "--ignore", "tests/desktop")}
    desktop = ("-n", "2", "--dist", "worksteal", *END_AT_CRASH, "tests/desktop")
    return {**runs, "desktop": desktop} if sys.platform == "linux" else runs


COMMANDS = {
    "run": run,
    "test": test,
    "bench": bench,
    "translate": translate,
    "screenshots": screenshots,
    "package": package,
}


def has_display(platform: str, environment: Mapping[str, str]) -> bool:
    if platform in ("win32", "darwin"):
        return True
    return bool(environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY"))


def program_to_show(*, display: bool, arguments: Sequence[str]) -> list[str]:
    program = ["guarddog-gui"] if display else ["guarddogctl", "watch"]
    return [*program, "--sandbox", *arguments]


def replace_process(command: list[str]) -> NoReturn:
    """Replace this process with that program, so that it receives Ctrl+C and SIGTERM itself."""
    if os.name == "posix":
        os.execv(command[0], command)  # noqa: S606  # without a shell on purpose
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.exit(subprocess.run(command, check=False).returncode)


def main(arguments: Sequence[str]) -> None:
    name, *rest = arguments or [""]
    if name not in COMMANDS:
        sys.exit(__doc__)
    COMMANDS[name](rest[1:] if rest[:1] == ["--"] else rest)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit("\nStopped. The next run continues from here.")
    except OSError as error:
        sys.exit(f"Error: {error}. Fix that, or remove .venv, and try again.")
