"""Make everything that is released, into build/package: wheel, sdist, frozen folder and its archive, .deb, share of the
Flatpak, checksums.

Run by `packaging/dev.py package`, with the Python of `.venv`.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import venv
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from changelog import read_changelog
from dev_environment import ROOT, print_status

from guarddog_gui import __version__

FOLDER = ROOT / "build" / "package"
FROZEN = FOLDER / "guarddog"
SHARE = FOLDER / "share"
FLATPAK_MANIFEST = ROOT / "packaging" / "flatpak" / "io.github.guarddog.GuardDog.yml"
EXPORTED_SUFFIXES = (".desktop", ".png", ".svg", ".metainfo.xml")
FROZEN_SIZE_MAX = 145 * 1024 * 1024  # bytes
PROGRAM_SUFFIX = ".exe" if os.name == "nt" else ""
SERVER_COMMANDS = (["errcode", "40164"], ["--version"])


def make_wheel_and_sdist() -> None:
    run([sys.executable, "-m", "hatchling", "build", "-d", FOLDER])


def try_wheel() -> None:
    """Install the wheel into empty environments, without Qt and with it, and try both."""
    wheel = next(FOLDER.glob("*.whl"))
    with tempfile.TemporaryDirectory() as temporary:
        for extra, command in (("", ["guarddogctl", "errcode", "40164"]), ("[tray]", ["guarddog-gui", "--self-test"])):
            folder = Path(temporary, f"venv{extra.strip('[]')}")
            venv.create(folder, with_pip=True, symlinks=os.name != "nt")
            scripts = Path(sysconfig.get_path("scripts", "venv", {"base": str(folder), "platbase": str(folder)}))
            run([scripts / f"python{PROGRAM_SUFFIX}", "-m", "pip", "install", "-q", f"{wheel}{extra}"])
            run([scripts / f"{command[0]}{PROGRAM_SUFFIX}", *command[1:]], cwd=Path(temporary))


def freeze() -> None:
    run([sys.executable, ROOT / "packaging" / "frozen" / "icon_files.py", ROOT / "build"])
    spec = ROOT / "packaging" / "frozen" / "guarddog.spec"
    work: list[str | Path] = ["--distpath", FOLDER, "--workpath", ROOT / "build" / "pyinstaller"]
    run([sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "ERROR", *work, spec])
    size = sum(path.stat().st_size for path in FROZEN.rglob("*") if path.is_file() and not path.is_symlink())
    print_status(f"The frozen folder has {size / 1024 / 1024:.0f} MB.")
    if size > FROZEN_SIZE_MAX:
        sys.exit("That is more than it may have: see what is new in it, and packaging/frozen/contents.py.")


def try_frozen() -> None:
    run([FROZEN / f"guarddog-gui{PROGRAM_SUFFIX}", "--self-test"], cwd=FOLDER)
    for command in SERVER_COMMANDS:
        run([FROZEN / f"guarddogctl{PROGRAM_SUFFIX}", *command], cwd=FOLDER)


def archive_frozen() -> None:
    name = f"guarddog-{__version__}-{sys.platform}-{platform.machine().lower()}"
    form = "zip" if os.name == "nt" else "xztar"
    shutil.make_archive(str(FOLDER / name), form, FOLDER, FROZEN.name)


def make_deb() -> None:
    if shutil.which("dpkg-shlibdeps") is None or shutil.which("objdump") is None:
        print_status("No .deb: this needs Debian's packages dpkg-dev and binutils.")
        return
    script = ROOT / "packaging" / "debian" / "debian_package.py"
    run([sys.executable, script, FROZEN, FOLDER, __version__])
    deb = next(FOLDER.glob("*.deb"))
    if shutil.which("lintian") is not None:
        run(["lintian", "--fail-on", "error", "--allow-root", deb])


def try_deb() -> None:
    """Try the .deb in clean systems, where that can be done."""
    debs = list(FOLDER.glob("*.deb"))
    if debs and shutil.which("debootstrap") is not None and os.geteuid() == 0:
        run([sys.executable, ROOT / "packaging" / "debian" / "try_deb.py", debs[0]])
    elif debs:
        print_status("The .deb was not tried: this needs root and the package debootstrap.")


def make_share() -> None:
    """Write menu entry, icons, AppStream data, manual pages and completions, which the Flatpak's manifest takes."""
    sys.path.insert(0, str(ROOT / "packaging" / "debian"))
    from debian_package import write_share

    shutil.rmtree(SHARE, ignore_errors=True)
    write_share(SHARE, read_changelog(), __version__)


def check_flatpak() -> None:
    """Have the tools of Flatpak read the manifest, where they are installed; a build needs the runtime of Flathub."""
    if shutil.which("flatpak-builder") is None or shutil.which("flatpak") is None:
        print_status("The manifest of the Flatpak was not checked: this needs the package flatpak-builder.")
        return
    command: list[str | Path] = ["flatpak-builder", "--show-manifest", FLATPAK_MANIFEST]
    # it leaves a folder of its state where it is started
    shown = subprocess.run(command, cwd=ROOT / "build", check=False, stdout=subprocess.PIPE, text=True)
    if shown.returncode != 0:
        sys.exit("flatpak-builder cannot read the manifest, see above.")
    manifest = json.loads(shown.stdout)
    sources = [source["path"] for module in manifest["modules"] for source in module["sources"]]
    paths = [os.path.normpath(FLATPAK_MANIFEST.parent / source) for source in sources]
    if missing := [path for path in paths if not Path(path).exists()]:
        sys.exit(f"The manifest of the Flatpak takes {', '.join(missing)}: make the part frozen, too.")
    try_finish(manifest)


def try_finish(manifest: Mapping[str, Any]) -> None:
    """End with an error for a permission that Flatpak does not know: --show-manifest would print it as it is."""
    with tempfile.TemporaryDirectory() as folder:
        for name in ("files", "var"):
            Path(folder, name).mkdir()
        shutil.copytree(SHARE, Path(folder, "files", "share"))
        lines = (f"name={manifest['id']}", *(f"{key}={reference(manifest, key)}" for key in ("runtime", "sdk")))
        Path(folder, "metadata").write_text("\n".join(("[Application]", *lines, "")), "utf-8")
        run(["flatpak", "build-finish", *manifest["finish-args"], f"--command={manifest['command']}", folder])
        exported = {path.name for path in Path(folder, "export").rglob("*") if path.is_file()}
        if missing := {f"{manifest['id']}{suffix}" for suffix in EXPORTED_SUFFIXES} - exported:
            sys.exit(f"The Flatpak would not show {', '.join(sorted(missing))} to the desktop.")


def reference(manifest: Mapping[str, Any], key: str) -> str:
    return f"{manifest[key]}/{platform.machine()}/{manifest['runtime-version']}"


def write_checksums() -> None:
    files = sorted(
        path for path in FOLDER.iterdir() if path.suffix in {".whl", ".gz", ".xz", ".zip", ".deb", ".exe", ".dmg"}
    )
    lines = (f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in files)
    (FOLDER / "SHA256SUMS").write_text("".join(lines), "utf-8")


def run(command: Sequence[str | Path], *, cwd: Path = ROOT) -> None:
    if subprocess.run(command, cwd=cwd, check=False).returncode != 0:
        sys.exit(f"Failed: {' '.join(map(str, command))}. See the messages above.")


STEPS: dict[str, tuple[Callable[[], None], ...]] = {
    "wheel": (make_wheel_and_sdist, try_wheel),
    "frozen": (freeze, try_frozen, archive_frozen),
    "deb": (make_deb, try_deb) if sys.platform == "linux" else (),
    "flatpak": (make_share, check_flatpak) if sys.platform == "linux" else (),
}


def main(parts: Sequence[str]) -> None:
    """Make the named parts, or all: wheel, frozen, deb, flatpak."""
    if unknown := set(parts) - set(STEPS):
        sys.exit(f"There is no part {', '.join(sorted(unknown))}: name some of {', '.join(STEPS)}, or none for all.")
    if read_changelog()[0].version != __version__:
        sys.exit(f"CHANGELOG.md begins with another version than guarddog_gui/__init__.py, {__version__}.")
    if not parts:
        shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True, exist_ok=True)
    for part in parts or STEPS:
        for step in STEPS[part]:
            print_status(f"{step.__name__.replace('_', ' ').capitalize()} …")
            step()
    write_checksums()


if __name__ == "__main__":
    main(sys.argv[1:])
