"""The tray app in a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

SECONDS = 30


def environment(home: Path, **more: str) -> dict[str, str]:
    """Return the environment of a user without a display, with a home of the test."""
    kept = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    return {**kept, "GUARDDOG_HOME": str(home), **more}


def gui(environ: dict[str, str], *arguments: str, before: str = "") -> "subprocess.CompletedProcess[str]":
    """Run the whole program; `before` is Python code that runs first."""
    code = f"import sys\n{before}\nfrom guarddog_gui.app.main import main\nsys.exit(main(sys.argv[1:]))"
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        env=environ,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
