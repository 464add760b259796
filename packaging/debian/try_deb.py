"""Try the .deb in clean Debian 12 and 13 systems made by debootstrap. Needs root, and apt's sources.

    sudo python3 packaging/debian/try_deb.py build/package/guarddog-gui_0.1.0_amd64.deb [bookworm trixie]

Each system lives in a folder of build/roots; everything in it runs in a mount and process namespace that ends with it.
The picture of the panel is put beside the .deb.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
ROOTS = ROOT / "build" / "roots"
SUITES = ("bookworm", "trixie")
WORK_FOLDER = Path("srv", "trial")  # in the copy of the system
DISPLAY = 177  # a chroot shares the abstract sockets of X servers with this machine

_ENTER = """set -eu
mount -t proc proc "$1/proc"
mount --rbind /dev "$1/dev"
mount --rbind /sys "$1/sys"
root=$1; shift
exec chroot "$root" "$@"
"""


def try_in(suite: str, deb: Path, newer: Path, roots: Path) -> bool:
    """Return True if everything works in a fresh copy of this system."""
    fresh = roots / suite
    if not (fresh / "etc" / "debian_version").exists():
        print(f"Making a clean {suite} by debootstrap …", flush=True)
        subprocess.run(["debootstrap", "--variant=minbase", suite, fresh], check=True, stdout=subprocess.DEVNULL)
    used = roots / f"{suite}-used"
    shutil.rmtree(used, ignore_errors=True)
    subprocess.run(["cp", "-a", fresh, used], check=True)
    script = Path(__file__).with_name("try_in_root.sh")
    (used / WORK_FOLDER).mkdir(parents=True)
    for source in (deb, newer, script):
        shutil.copy(source, used / WORK_FOLDER)
    shutil.copy("/etc/resolv.conf", used / "etc" / "resolv.conf")
    print(f"Trying {deb.name} in {suite} …", flush=True)
    inside = [str("/" / WORK_FOLDER / source.name) for source in (script, deb, newer)]
    steps: list[str | Path] = ["sh", *inside, str(DISPLAY)]
    command: list[str | Path] = [
        "unshare",
        "--mount",
        "--pid",
        "--fork",
        "--kill-child",
        "--",
        "sh",
        "-c",
        _ENTER,
        "sh",
        used,
        *steps,
    ]
    environment = {name: value for name, value in os.environ.items() if name in ("PATH", "http_proxy", "https_proxy")}
    has_passed = subprocess.run(command, env=environment, check=False).returncode == 0
    picture = used / "tmp" / "panel.png"
    if picture.exists():
        shutil.copy(picture, deb.with_name(f"panel-{suite}.png"))
    if has_passed:
        shutil.rmtree(used, ignore_errors=True)
    return has_passed


def make_newer(deb: Path) -> Path:
    """Return a copy of the package with a higher version."""
    folder = deb.with_name("newer")
    shutil.rmtree(folder, ignore_errors=True)
    subprocess.run(["dpkg-deb", "-R", deb, folder], check=True)
    control = folder / "DEBIAN" / "control"
    text = re.sub(r"^Version: (.*)$", r"Version: \1+upgrade", control.read_text("utf-8"), flags=re.MULTILINE)
    control.write_text(text, "utf-8")
    newer = deb.with_name(f"newer-{deb.name}")
    build: list[str | Path] = ["dpkg-deb", "--root-owner-group", "-Znone", "--build", folder, newer]
    subprocess.run(build, check=True, stdout=subprocess.DEVNULL)
    shutil.rmtree(folder)
    return newer


def main(arguments: list[str]) -> None:
    deb, *suites = arguments
    if os.geteuid() != 0:
        sys.exit("A clean Debian can only be made as root: run this with sudo.")
    path = Path(deb).resolve()
    newer = make_newer(path)
    failed = [suite for suite in suites or SUITES if not try_in(suite, path, newer, ROOTS)]
    newer.unlink()
    if failed:
        sys.exit(f"The package does not work in {', '.join(failed)}, see above.")
    print("The package installs, works, upgrades and is removed cleanly.")


if __name__ == "__main__":
    main(sys.argv[1:])
