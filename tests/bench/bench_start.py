"""Benchmark of the time from start to tray icon and of the memory, against a minimal tray program.

python -m tests.bench.bench_start [rounds]
"""

import json
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from guarddog_gui.adapters.files.dog_file import write_dog_text
from guarddog_gui.domain.tokens.dog_format import DogRecord, format_dog
from tests.desktop.processes import minimal_environment
from tests.desktop.program_process import ProgramProcess, script_path
from tests.desktop.screen import private_screen
from tests.desktop.session_bus import private_bus
from tests.desktop.tray_host import FakeTrayHost

ACCOUNT_COUNT = 3
MEMORY_DELAY_S = 5.0
MINIMAL_TRAY = Path(__file__).parents[1] / "desktop" / "minimal_tray.py"
COMMANDS = {"smallest": [sys.executable, str(MINIMAL_TRAY)], "ours": [script_path("guarddog-gui")]}


def write_fresh_home(home: Path) -> None:
    """Write a home with accounts whose values are all fresh, so that the program makes no calls."""
    (home / "config").mkdir(parents=True, mode=0o700)
    accounts = [
        {
            "appid": f"wx{n:016x}", "name": f"Shop {n}", "platform": "official", "endpoint": "stable",
            "dog_dir": None, "ahead": 290,
        }
        for n in range(ACCOUNT_COUNT)
    ]  # fmt: skip
    text = json.dumps({"version": 1, "accounts": accounts})
    (home / "config" / "accounts.json").write_text(text, encoding="utf-8")
    for account in accounts:
        folder = home / "data" / "dogs" / str(account["appid"])
        for key in ("ACCESS_TOKEN", "JSAPI_TICKET"):
            dog = DogRecord(f"90_{key}" + "x" * 120, 7200, int(time.time() * 1000), str(folder), 290)
            write_dog_text(folder / f"{key}.dog", format_dog(dog))


def pss_mb(pid: int) -> float:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    raise AssertionError(pid)


def measure_start(command: list[str], folder: Path, environment: dict[str, str], bus: str) -> tuple[float, float]:
    """Return the milliseconds from process start to its tray icon, and the megabytes five seconds later."""
    with FakeTrayHost(bus) as host:
        started_at = time.perf_counter()
        program = ProgramProcess(command, environment, folder / "log")
        while not host.registered:
            time.sleep(0.001)
        took = (time.perf_counter() - started_at) * 1000
        time.sleep(MEMORY_DELAY_S)
        memory = pss_mb(program.pid)
        program.stop()
    return took, memory


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    results: dict[str, list[tuple[float, float]]] = {name: [] for name in COMMANDS}
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="gd-")))
        bus = stack.enter_context(private_bus(folder))
        screen = stack.enter_context(private_screen())
        write_fresh_home(folder / "guarddog")
        environment = minimal_environment(
            HOME=str(folder),
            GUARDDOG_HOME=str(folder / "guarddog"),
            XDG_RUNTIME_DIR=str(folder),
            DBUS_SESSION_BUS_ADDRESS=bus,
            DBUS_SYSTEM_BUS_ADDRESS="disabled:",
            DISPLAY=screen.display,
            QT_QPA_PLATFORM="xcb",
        )
        subprocess.run([script_path("guarddog-gui"), "--version"], env=environment, check=True)  # warm
        for _ in range(rounds):
            for name, command in COMMANDS.items():
                results[name].append(measure_start(command, folder, environment, bus))
    for position, unit in enumerate(("ms to the icon", "MB (PSS)")):
        medians = {name: statistics.median(run[position] for run in runs) for name, runs in results.items()}
        minima = {name: min(run[position] for run in runs) for name, runs in results.items()}
        sys.stdout.write(
            f"{unit}: smallest {medians['smallest']:.0f}, ours {medians['ours']:.0f},"
            f" {medians['ours'] / medians['smallest']:.2f} times"
            f" (minima {minima['ours'] / minima['smallest']:.2f} times)\n"
        )


if __name__ == "__main__":
    main()
