"""System packages that Guard Dog and its tests require on Linux; they are installed on Debian and Ubuntu."""

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
    """A library (`x.so.1`), a file (`/pattern/*`) or a command, and the packages that contain it."""

    probe: str
    packages: tuple[str, ...]  # names on Debian and Ubuntu, the newest first

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
    SystemRequirement("sway", ("sway",)),
    SystemRequirement("wl-paste", ("wl-clipboard",)),
    SystemRequirement("wtype", ("wtype",)),
    SystemRequirement("setpriv", ("util-linux",)),
    SystemRequirement("redis-server", ("redis-server",)),
    SystemRequirement("openssl", ("openssl",)),
    SystemRequirement("curl", ("curl",)),
    SystemRequirement("php", ("php-cli",)),
    SystemRequirement("/etc/php/*/mods-available/redis.ini", ("php-redis",)),
    SystemRequirement("/usr/share/php/Symfony/Component/Cache/autoload.php", ("php-symfony-cache",)),
    SystemRequirement("strace", ("strace",)),
    SystemRequirement("/usr/lib/systemd/systemd", ("systemd",)),
    SystemRequirement("faketime", ("faketime",)),
    SystemRequirement("desktop-file-validate", ("desktop-file-utils",)),
    SystemRequirement("appstreamcli", ("appstream",)),
    SystemRequirement("man", ("man-db",)),
    SystemRequirement("gio", ("libglib2.0-bin",)),
    SystemRequirement("/usr/lib/python3*/*-packages/dbusmock", ("python3-dbusmock",)),
    # fonts of the screenshots
    SystemRequirement("/usr/share/fonts/**/wqy-microhei.ttc", ("fonts-wqy-microhei",)),
    SystemRequirement("/usr/share/fonts/**/Inter-Regular.[ot]tf", ("fonts-inter",)),
    # a real browser for the JS-SDK test page, and its driver
    SystemRequirement("chromium", ("chromium", "chromium-browser")),
    SystemRequirement("chromedriver", ("chromium-driver", "chromium-chromedriver")),
    # shells whose completion and variables are tested
    SystemRequirement("zsh", ("zsh",)),
    SystemRequirement("fish", ("fish",)),
    SystemRequirement("node", ("nodejs",)),
    SystemRequirement("npm", ("npm",)),
    # languages of resources/snippets
    SystemRequirement("php", ("php-cli",)),
    SystemRequirement("go", ("golang-go",)),
    SystemRequirement("jq", ("jq",)),
)

PACKAGE_TOOLS = (
    SystemRequirement("objdump", ("binutils",)),
    SystemRequirement("dpkg-shlibdeps", ("dpkg-dev",)),
    SystemRequirement("lintian", ("lintian",)),
    SystemRequirement("debootstrap", ("debootstrap",)),
    SystemRequirement("desktop-file-validate", ("desktop-file-utils",)),
    SystemRequirement("appstreamcli", ("appstream",)),
    SystemRequirement("flatpak-builder", ("flatpak-builder",)),
)


def parse_installable(policy_output: str) -> set[str]:
    """Return the packages that apt can install, from the output of `apt-cache policy NAME…`."""
    installable, name = set(), ""
    for line in policy_output.splitlines():
        if line and not line[0].isspace():
            name = line.rstrip(":")
        elif line.strip().startswith("Candidate:") and "(none)" not in line:
            installable.add(name)
    return installable


def choose_packages(requirements: Iterable[SystemRequirement], installable: set[str]) -> list[str]:
    """Return one package per requirement: the first that apt can install, else the oldest name."""
    return [
        next((name for name in requirement.packages if name in installable), requirement.packages[-1])
        for requirement in requirements
    ]


def install_command(packages: Iterable[str], *, has_package_lists: bool) -> str:
    update = "" if has_package_lists else "sudo apt-get update && "
    return f"{update}sudo apt-get install -y --no-install-recommends {' '.join(packages)}"


def ensure_system_packages(requirements: Iterable[SystemRequirement]) -> None:
    """Install what is missing. Without root rights, print the command for the user and exit."""
    missing = [requirement for requirement in requirements if not requirement.is_met()]
    if not missing:
        return
    if not shutil.which("apt-get"):
        print(f"Not found on this system: {', '.join(requirement.probe for requirement in missing)}.", flush=True)
        print("Continuing without them. If that fails, install them with your package manager and try again.")
        return
    installable = _installable_packages(missing)
    has_lists = all(installable.intersection(requirement.packages) for requirement in missing)
    root = _root_prefix()
    if root is None:
        command = install_command(choose_packages(missing, installable), has_package_lists=has_lists)
        sys.exit(f"Some system packages are missing. Please run\n\n    {command}\n\nand try again.")
    apt = [*root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", "-o", "DPkg::Lock::Timeout=120"]
    if not has_lists:
        print("Fetching apt's package lists …", flush=True)
        subprocess.run([*apt, "update"], check=False)
        installable = _installable_packages(missing)
    packages = choose_packages(missing, installable)
    install = [*apt, "install", "-y", "--no-install-recommends", *packages]
    print(f"Installing system packages: {' '.join(packages)} …", flush=True)
    if subprocess.run(install, check=False).returncode != 0:
        # Outdated package lists name files that the mirror no longer has.
        subprocess.run([*apt, "update"], check=False)
        if subprocess.run(install, check=False).returncode != 0:
            sys.exit(f"apt-get failed, see above. Try it yourself:\n\n    {shlex.join(install)}")
    if still := [requirement.probe for requirement in missing if not requirement.is_met()]:
        sys.exit(f"apt-get succeeded, but I still cannot find {', '.join(still)}. Please install it yourself.")


def _installable_packages(requirements: Iterable[SystemRequirement]) -> set[str]:
    names = [name for requirement in requirements for name in requirement.packages]
    environment = {**os.environ, "LC_ALL": "C.UTF-8"}  # for English output
    policy = subprocess.run(
        ["apt-cache", "policy", *names], env=environment, capture_output=True, text=True, check=False
    )
    return parse_installable(policy.stdout)


def _root_prefix() -> list[str] | None:
    """Return the words that run a command as root; None if that needs a password."""
    if os.geteuid() == 0:
        return []
    if not shutil.which("sudo"):
        return None
    test = subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False)
    return ["sudo", "-n"] if test.returncode == 0 else None
