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


class SystemRequirement(NamedTuple):
    """A library (`x.so.1`), a file (`/pattern/*`) or a command, and who brings it."""

    probe: str
    packages: tuple[str, ...]  # on Debian and Ubuntu; a newer name before the old one

    def is_met(self) -> bool:
        if self.probe.startswith("/"):
            return bool(glob.glob(self.probe, recursive=True))  # noqa: PTH207  # the pattern is absolute
        if ".so." not in self.probe:
            return shutil.which(self.probe) is not None
        try:
            ctypes.CDLL(self.probe)
        except OSError:
            return False
        return True


QT_CORE = (
    SystemRequirement("libglib-2.0.so.0", ("libglib2.0-0t64", "libglib2.0-0")),
    SystemRequirement("libdbus-1.so.3", ("libdbus-1-3",)),
    SystemRequirement("libgssapi_krb5.so.2", ("libgssapi-krb5-2",)),
    SystemRequirement("libbrotlidec.so.1", ("libbrotli1",)),
)
QT_DISPLAY = (
    *QT_CORE,
    SystemRequirement("libGL.so.1", ("libgl1",)),
    SystemRequirement("libEGL.so.1", ("libegl1",)),
    SystemRequirement("libxkbcommon.so.0", ("libxkbcommon0",)),
    SystemRequirement("libfontconfig.so.1", ("libfontconfig1",)),
    SystemRequirement("libxcb-cursor.so.0", ("libxcb-cursor0",)),
    SystemRequirement("libxcb-icccm.so.4", ("libxcb-icccm4",)),
    SystemRequirement("libxcb-keysyms.so.1", ("libxcb-keysyms1",)),
    SystemRequirement("libxcb-shape.so.0", ("libxcb-shape0",)),
    SystemRequirement("libxcb-xkb.so.1", ("libxcb-xkb1",)),
    SystemRequirement("libxkbcommon-x11.so.0", ("libxkbcommon-x11-0",)),
    SystemRequirement("libwayland-cursor.so.0", ("libwayland-cursor0",)),
)
TEST_TOOLS = (
    SystemRequirement("Xvfb", ("xvfb",)),
    SystemRequirement("xauth", ("xauth",)),
    SystemRequirement("xdotool", ("xdotool",)),
    SystemRequirement("xclip", ("xclip",)),
    SystemRequirement("xprop", ("x11-utils",)),
    SystemRequirement("import", ("imagemagick",)),
    SystemRequirement("openbox", ("openbox",)),
    SystemRequirement("trayer", ("trayer",)),
    SystemRequirement("dunst", ("dunst",)),
    SystemRequirement("/usr/libexec/at-spi2-registryd", ("at-spi2-core",)),
    SystemRequirement("dbus-daemon", ("dbus-daemon", "dbus")),
    SystemRequirement("gnome-keyring-daemon", ("gnome-keyring",)),
    SystemRequirement("faketime", ("faketime",)),
    SystemRequirement("desktop-file-validate", ("desktop-file-utils",)),
    SystemRequirement("gio", ("libglib2.0-bin",)),
    SystemRequirement("/usr/lib/python3*/*-packages/dbusmock", ("python3-dbusmock",)),
    SystemRequirement("/usr/share/fonts/**/wqy-microhei.ttc", ("fonts-wqy-microhei",)),
    # a real browser for the JS-SDK test page, and what leads it
    SystemRequirement("chromium", ("chromium", "chromium-browser")),
    SystemRequirement("chromedriver", ("chromium-driver", "chromium-chromedriver")),
    # the shells whose completion and variables are tried
    SystemRequirement("zsh", ("zsh",)),
    SystemRequirement("fish", ("fish",)),
    SystemRequirement("node", ("nodejs",)),
    SystemRequirement("npm", ("npm",)),
    # they run the snippets of resources/snippets
    SystemRequirement("php", ("php-cli",)),
    SystemRequirement("go", ("golang-go",)),
    SystemRequirement("jq", ("jq",)),
)


def parse_installable(policy_output: str) -> set[str]:
    """The packages that apt could install, out of what `apt-cache policy NAME…` printed."""
    known, name = set(), ""
    for line in policy_output.splitlines():
        if line and not line[0].isspace():
            name = line.rstrip(":")
        elif line.strip().startswith("Candidate:") and "(none)" not in line:
            known.add(name)
    return known


def choose_packages(requirements: Iterable[SystemRequirement], installable: set[str]) -> list[str]:
    """One package for each need: the first that apt knows, else the name that has been there longest."""
    return [next((name for name in need.packages if name in installable), need.packages[-1]) for need in requirements]


def install_command(packages: Iterable[str], *, has_package_lists: bool) -> str:
    update = "" if has_package_lists else "sudo apt-get update && "
    return f"{update}sudo apt-get install -y --no-install-recommends {' '.join(packages)}"


def ensure_system_packages(requirements: Iterable[SystemRequirement]) -> None:
    """Installs what is missing; where it may not, it says what a person has to type, and ends the program."""
    missing = [need for need in requirements if not need.is_met()]
    if not missing:
        return
    if not shutil.which("apt-get"):
        print(f"Not found on this system: {', '.join(need.probe for need in missing)}.", flush=True)
        print("Going on without. If it fails, install them with your package manager and start me again.")
        return
    known = _installable_packages(missing)
    lists_are_there = all(known.intersection(need.packages) for need in missing)
    root = _root_prefix()
    if root is None:
        command = install_command(choose_packages(missing, known), has_package_lists=lists_are_there)
        sys.exit(f"The system lacks some packages. Please run\n\n    {command}\n\nand start me again.")
    apt = [*root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", "-o", "DPkg::Lock::Timeout=120"]
    if not lists_are_there:
        print("Fetching apt's package lists …", flush=True)
        subprocess.run([*apt, "update"], check=False)
        known = _installable_packages(missing)
    packages_now = choose_packages(missing, known)
    install = [*apt, "install", "-y", "--no-install-recommends", *packages_now]
    print(f"Installing packages of the system: {' '.join(packages_now)} …", flush=True)
    if subprocess.run(install, check=False).returncode != 0:
        # lists from weeks ago name files that the mirror no longer has
        subprocess.run([*apt, "update"], check=False)
        if subprocess.run(install, check=False).returncode != 0:
            sys.exit(f"apt-get could not do it, see above. Try by hand:\n\n    {shlex.join(install)}")
    if still := [need.probe for need in missing if not need.is_met()]:
        sys.exit(f"apt-get was content, yet I cannot find {', '.join(still)}. Please install what brings it.")


def _installable_packages(requirements: Iterable[SystemRequirement]) -> set[str]:
    names = [name for need in requirements for name in need.packages]
    english = {**os.environ, "LC_ALL": "C.UTF-8"}
    policy = subprocess.run(["apt-cache", "policy", *names], env=english, capture_output=True, text=True, check=False)
    return parse_installable(policy.stdout)


def _root_prefix() -> list[str] | None:
    """What to put before a command so that root runs it; None if that would need a password."""
    if os.geteuid() == 0:
        return []
    if not shutil.which("sudo"):
        return None
    asked = subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False)
    return ["sudo", "-n"] if asked.returncode == 0 else None
