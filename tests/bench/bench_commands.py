"""Duration of commands, against `python -c pass` and Node reading the `.dog` file."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.bench.rows import Bench, Figures, Row, Sides, Size, at_most_times
from tests.bench.tray_session import write_fresh_home

ROOT = Path(__file__).parents[2]
PYTHON = "python -c pass"
NODE_SCRIPT = "process.stdout.write(JSON.parse(require('fs').readFileSync(process.argv[1], 'utf8')).data)"
MODULES = (
    "`python -c pass` loads 30 modules, `sign` 200, and 9 of 10 ms are their import (-X importtime, 2026-11-29): 17 for "
    "`re`, `typing`, `enum`, `logging` and `argparse`, 6 for msgspec, which frozen values need, 2 for OpenSSL's SHA-1, 20 "
    "for 130 modules of ours of a tenth of a millisecond each. `token`, which scripts call, does without all of these."
)
COMMANDS = {
    "status": ("status",),
    "accounts": ("accounts", "list"),
    "errcode": ("errcode", "40164"),
    "sign": ("sign", "https://shop.example.cn/goods?id=1", "Shop 0"),
    "history": ("history",),
}


def duration_ms(command: Sequence[str], environment: dict[str, str], codes: tuple[int, ...] = (0,)) -> float:
    started_at = time.perf_counter()
    done = subprocess.run(command, env=environment, capture_output=True, check=False)
    took = (time.perf_counter() - started_at) * 1000
    assert done.returncode in codes, (command, done.stderr)
    return took


def install_for_users(folder: Path) -> Path:
    """Install the source tree as users do, and return the folder of its programs.

    The environment of the developers has packages that users do not have; msgspec, for one, imports
    `typing_extensions` where it finds it, which takes 5 ms.
    """
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    programs = folder / ("Scripts" if os.name == "nt" else "bin")
    subprocess.run([programs / "python", "-m", "pip", "install", "-q", ROOT], check=True)
    subprocess.run([programs / "python", "-m", "compileall", "-q", folder], check=False, capture_output=True)
    return programs


@contextmanager
def open_commands(size: Size) -> Iterator[Sides]:
    with tempfile.TemporaryDirectory(prefix="gd-bench-") as folder:
        home = Path(folder, "home")
        is_tiny = size is Size.TINY
        programs = Path(sys.executable).parent if is_tiny else install_for_users(Path(folder, "venv"))
        ctl = str(programs / "guarddogctl")
        account = write_fresh_home(home, 3)[0]
        environment = {**os.environ, "GUARDDOG_HOME": str(home), "LANG": "C.UTF-8"}
        dog_file = home / "data" / "dogs" / account.appid / "ACCESS_TOKEN.dog"
        token = (ctl, "token", account.name)

        def ours() -> Figures:
            took = duration_ms(token, environment)
            commands = {name: duration_ms((ctl, *words), environment) for name, words in COMMANDS.items()}
            return {"token": took, "token against Node": took, **commands}

        def other() -> Figures:
            python = duration_ms((str(programs / "python"), "-c", "pass"), environment)
            node = duration_ms(("node", "-e", NODE_SCRIPT, str(dog_file)), environment)
            return {"token": python, "token against Node": node, **dict.fromkeys(COMMANDS, python)}

        if not is_tiny:
            ours()  # warm: the first opens the history
        yield Sides(ours, other)


COMMANDS_BENCH = Bench(
    "commands",
    (
        Row("token", "`guarddogctl token`, fresh", PYTHON, "ms", at_most_times(3)),
        Row("token against Node", "`guarddogctl token`, fresh", "Node reading the file", "ms", at_most_times(1)),
        *(
            Row(name, f"`guarddogctl {' '.join(words[:2])}`" if name == "accounts" else f"`guarddogctl {words[0]}`",
                PYTHON, "ms", at_most_times(6), MODULES)
            for name, words in COMMANDS.items()
        ),
    ),
    rounds=25,
    quick_rounds=3,
    open=open_commands,
)  # fmt: skip
