"""What Guard Dog and its tests want from a Linux system, and how Debian and Ubuntu get it."""

from __future__ import annotations

import ctypes
import glob
import os
import shlex
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable


class Need(NamedTuple):
    """A library (`x.so.1`), a file (`/pattern/*`) or a command, and who brings it."""

    sign: str
    packages: tuple[str, ...]  # on Debian and Ubuntu; a newer name before the old one

    def is_met(self) -> bool:
        if self.sign.startswith("/"):
            return bool(glob.glob(self.sign, recursive=True))  # noqa: PTH207  # the pattern is absolute
        if ".so." not in self.sign:
            return shutil.which(self.sign) is not None
        try:
            ctypes.CDLL(self.sign)
        except OSError:
            return False
        return True


QT_CORE = (
    Need("libglib-2.0.so.0", ("libglib2.0-0t64", "libglib2.0-0")),
    Need("libdbus-1.so.3", ("libdbus-1-3",)),
    Need("libgssapi_krb5.so.2", ("libgssapi-krb5-2",)),
    Need("libbrotlidec.so.1", ("libbrotli1",)),
)
QT_DISPLAY = (
    *QT_CORE,
    Need("libGL.so.1", ("libgl1",)),
    Need("libEGL.so.1", ("libegl1",)),
    Need("libxkbcommon.so.0", ("libxkbcommon0",)),
    Need("libfontconfig.so.1", ("libfontconfig1",)),
    Need("libxcb-cursor.so.0", ("libxcb-cursor0",)),
    Need("libxcb-icccm.so.4", ("libxcb-icccm4",)),
    Need("libxcb-keysyms.so.1", ("libxcb-keysyms1",)),
    Need("libxcb-shape.so.0", ("libxcb-shape0",)),
    Need("libxcb-xkb.so.1", ("libxcb-xkb1",)),
    Need("libxkbcommon-x11.so.0", ("libxkbcommon-x11-0",)),
    Need("libwayland-cursor.so.0", ("libwayland-cursor0",)),
)
TEST_KIT = (
    Need("Xvfb", ("xvfb",)),
    Need("xauth", ("xauth",)),
    Need("xdotool", ("xdotool",)),
    Need("xclip", ("xclip",)),
    Need("xprop", ("x11-utils",)),
    Need("import", ("imagemagick",)),
    Need("openbox", ("openbox",)),
    Need("trayer", ("trayer",)),
    Need("dunst", ("dunst",)),
    Need("/usr/libexec/at-spi2-registryd", ("at-spi2-core",)),
    Need("dbus-daemon", ("dbus-daemon", "dbus")),
    Need("gnome-keyring-daemon", ("gnome-keyring",)),
    Need("faketime", ("faketime",)),
    Need("desktop-file-validate", ("desktop-file-utils",)),
    Need("gio", ("libglib2.0-bin",)),
    Need("/usr/lib/python3*/*-packages/dbusmock", ("python3-dbusmock",)),
    Need("/usr/share/fonts/**/wqy-microhei.ttc", ("fonts-wqy-microhei",)),
    # a real browser for the JS-SDK test page, and what leads it
    Need("chromium", ("chromium", "chromium-browser")),
    Need("chromedriver", ("chromium-driver", "chromium-chromedriver")),
    # the shells whose completion and variables are tried
    Need("zsh", ("zsh",)),
    Need("fish", ("fish",)),
    Need("node", ("nodejs",)),
    Need("npm", ("npm",)),
    # they run the snippets of resources/snippets
    Need("php", ("php-cli",)),
    Need("go", ("golang-go",)),
    Need("jq", ("jq",)),
)


def packages_with_a_candidate(policy: str) -> set[str]:
    """The packages that apt could install, out of what `apt-cache policy NAME…` printed."""
    known, name = set(), ""
    for line in policy.splitlines():
        if line and not line[0].isspace():
            name = line.rstrip(":")
        elif line.strip().startswith("Candidate:") and "(none)" not in line:
            known.add(name)
    return known


def choose_packages(needs: Iterable[Need], known: set[str]) -> list[str]:
    """One package for each need: the first that apt knows, else the name that has been there longest."""
    return [next((name for name in need.packages if name in known), need.packages[-1]) for need in needs]


def command_for_a_person(packages: Iterable[str], *, lists_are_there: bool) -> str:
    update = "" if lists_are_there else "sudo apt-get update && "
    return f"{update}sudo apt-get install -y --no-install-recommends {' '.join(packages)}"


def see_to_system_packages(needs: Iterable[Need]) -> None:
    """Installs what is missing; where it may not, it says what a person has to type, and ends the program."""
    missing = [need for need in needs if not need.is_met()]
    if not missing:
        return
    if not shutil.which("apt-get"):
        print(f"Not found on this system: {', '.join(need.sign for need in missing)}.", flush=True)
        print("Going on without. If it fails, install them with your package manager and start me again.")
        return
    known = _known_to_apt(missing)
    lists_are_there = all(known.intersection(need.packages) for need in missing)
    root = _way_to_root()
    if root is None:
        command = command_for_a_person(choose_packages(missing, known), lists_are_there=lists_are_there)
        sys.exit(f"The system lacks some packages. Please run\n\n    {command}\n\nand start me again.")
    apt = [*root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", "-o", "DPkg::Lock::Timeout=120"]
    if not lists_are_there:
        print("Fetching apt's package lists …", flush=True)
        subprocess.run([*apt, "update"], check=False)
        known = _known_to_apt(missing)
    packages_now = choose_packages(missing, known)
    install = [*apt, "install", "-y", "--no-install-recommends", *packages_now]
    print(f"Installing packages of the system: {' '.join(packages_now)} …", flush=True)
    if subprocess.run(install, check=False).returncode != 0:
        # lists from weeks ago name files that the mirror no longer has
        subprocess.run([*apt, "update"], check=False)
        if subprocess.run(install, check=False).returncode != 0:
            sys.exit(f"apt-get could not do it, see above. Try by hand:\n\n    {shlex.join(install)}")
    if still := [need.sign for need in missing if not need.is_met()]:
        sys.exit(f"apt-get was content, yet I cannot find {', '.join(still)}. Please install what brings it.")


def _known_to_apt(needs: Iterable[Need]) -> set[str]:
    names = [name for need in needs for name in need.packages]
    english = {**os.environ, "LC_ALL": "C.UTF-8"}
    policy = subprocess.run(
        ["apt-cache", "policy", *names], env=english, capture_output=True, text=True, check=False
    )
    return packages_with_a_candidate(policy.stdout)


def _way_to_root() -> list[str] | None:
    """What to put before a command so that root runs it; None if that would need a password."""
    if os.geteuid() == 0:
        return []
    if not shutil.which("sudo"):
        return None
    asked = subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False)
    return ["sudo", "-n"] if asked.returncode == 0 else None
