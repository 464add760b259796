"""The .deb of the frozen folder: everything that `dpkg` installs, without maintainer scripts.

Menus, icons and manual pages are indexed by the triggers of desktop-file-utils, hicolor-icon-theme and man-db.
"""

from __future__ import annotations

import gzip
import os
import re
import shutil
import subprocess
import sys
import tempfile
import textwrap
import tomllib
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path
from xml.sax.saxutils import escape

ROOT = Path(__file__).resolve().parent.parent.parent
FOLDER = ROOT / "packaging" / "debian"
sys.path.insert(0, str(ROOT / "packaging"))

from changelog import Release, read_changelog  # noqa: E402
from manual_pages import write_completions, write_manual_pages  # noqa: E402

NAME = "guarddog-gui"
PROGRAMS = ("guarddog-gui", "guarddogctl")
MAINTAINER = "The Guard Dog authors <guarddog@users.noreply.github.com>"
RECOMMENDED = (
    "gnome-keyring | kwalletmanager | keepassxc",
    "fonts-noto-cjk | fonts-wqy-microhei",
    "xdg-utils",
    "dbus-user-session | dbus-x11",
)
REQUIRED = ("ca-certificates", "fontconfig", "hicolor-icon-theme")
CHANGELOG_POINTS_MAX, CHANGELOG_WIDTH = 20, 72
EXECUTABLE, READABLE = 0o755, 0o644


def build_deb(frozen: Path, target_folder: Path, version: str) -> Path:
    """Return the path of the .deb, made of the folder that PyInstaller has built."""
    releases = read_changelog()
    with tempfile.TemporaryDirectory() as temporary:
        root = Path(temporary, "root")
        library = root / "usr" / "lib" / "guarddog"
        shutil.copytree(frozen, library, symlinks=True)
        remove_foreign_library_paths(library)
        link_programs(root)
        share = root / "usr" / "share"
        write_share(share, releases, version)
        write_documentation(share, releases, version)
        set_modes(root)
        write_control(root, version, find_dependencies(library))
        path = target_folder / f"{NAME}_{version}_{architecture()}.deb"
        path.unlink(missing_ok=True)
        epoch = {**os.environ, "SOURCE_DATE_EPOCH": str(int(release_time(releases[0]).timestamp()))}
        build: list[str | Path] = ["dpkg-deb", "--root-owner-group", "-Zxz", "--build", root, path]
        subprocess.run(build, env=epoch, check=True, stdout=subprocess.DEVNULL)
    return path


def remove_foreign_library_paths(library: Path) -> None:
    """Remove search paths of the machine where Python was built: on another one, anything may be there."""
    for path in elf_files_in(library):
        command: list[str | Path] = [patchelf(), "--print-rpath", path]
        found = subprocess.run(command, check=False, capture_output=True, text=True).stdout.strip()
        if found and not found.startswith("$ORIGIN"):
            subprocess.run([patchelf(), "--remove-rpath", path], check=True)


def patchelf() -> Path:
    return Path(sys.executable).with_name("patchelf")


def link_programs(root: Path) -> None:
    binaries = root / "usr" / "bin"
    binaries.mkdir(parents=True)
    for program in PROGRAMS:
        (binaries / program).symlink_to(f"../lib/guarddog/{program}")


def write_share(share: Path, releases: Sequence[Release], version: str) -> None:
    """Write what a desktop and a shell read, for the .deb and the Flatpak, below a folder such as /usr/share."""
    write_desktop_files(share)
    write_metainfo(share, releases, version)
    write_manual_pages(share, version, releases[0].date)
    write_completions(share)


def write_desktop_files(share: Path) -> None:
    """Write menu entry and icons as `guarddog-gui --install-desktop` does."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from PySide6.QtGui import QGuiApplication

    from guarddog_gui.app.settings_controller import APP_ID
    from guarddog_gui.app.setup.desktop_integration import make_files

    application = QGuiApplication.instance() or QGuiApplication([])
    for relative, content in make_files("guarddog-gui", APP_ID):
        path = share / relative
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    del application


def write_metainfo(share: Path, releases: Iterable[Release], version: str) -> None:
    from guarddog_gui.app.settings_controller import APP_ID

    path = share / "metainfo" / f"{APP_ID}.metainfo.xml"
    path.parent.mkdir(parents=True)
    path.write_text(metainfo(APP_ID, releases, version), "utf-8")


def metainfo(app_id: str, releases: Iterable[Release], version: str) -> str:
    homepage = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["urls"]["Homepage"]
    pictures = homepage.replace("https://github.com/", "https://raw.githubusercontent.com/")
    values = {
        "@APP_ID@": app_id,
        "@HOMEPAGE@": homepage,
        "@PICTURES@": f"{pictures}/v{version}/resources/screenshots",
        "@RELEASES@": "\n".join(
            f'    <release version="{escape(release.version)}" date="{release.date}"/>' for release in releases
        ),
    }
    text = (FOLDER / "metainfo.xml").read_text("utf-8")
    for mark, value in values.items():
        text = text.replace(mark, value)
    return text


def write_documentation(share: Path, releases: Iterable[Release], version: str) -> None:
    folder = share / "doc" / NAME
    folder.mkdir(parents=True)
    licence = (ROOT / "LICENSE").read_text("utf-8")
    (folder / "copyright").write_text(copyright_text(licence), "utf-8")
    changelog = debian_changelog(releases, version)
    (folder / "changelog.gz").write_bytes(gzip.compress(changelog.encode(), mtime=0))
    overrides = share / "lintian" / "overrides"
    overrides.mkdir(parents=True)
    shutil.copy(FOLDER / "lintian-overrides", overrides / NAME)


def copyright_text(licence: str) -> str:
    """Return the licences in Debian's machine-readable format; those of Qt and Python are named with their texts."""
    body = "\n".join(f" {line}" if line.strip() else " ." for line in licence.strip().splitlines()[2:])
    return f"""Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: Guard Dog

Files: *
Copyright: The Guard Dog authors
License: Expat

Files: usr/lib/guarddog/_internal/PySide6/* usr/lib/guarddog/_internal/shiboken6/*
Copyright: The Qt Company Ltd.
License: LGPL-3

Files: usr/lib/guarddog/_internal/libpython* usr/lib/guarddog/_internal/base_library.zip
Copyright: Python Software Foundation
License: PSF-2

License: Expat
{body}

License: LGPL-3
 The libraries of Qt are used as separate files, which can be exchanged.
 The text is in /usr/share/common-licenses/LGPL-3.

License: PSF-2
 The text is at https://docs.python.org/3/license.html.
"""


def debian_changelog(releases: Iterable[Release], version: str) -> str:
    """Return the versions in the format of debian/changelog, each point shortened to one line."""
    entries = []
    for release in releases:
        points = re.split(r"^- ", release.text, flags=re.MULTILINE)[1 : CHANGELOG_POINTS_MAX + 1]
        lines = (textwrap.shorten(point.partition("\n###")[0], CHANGELOG_WIDTH, placeholder=" …") for point in points)
        listed = "\n".join(f"  * {line}" for line in lines)
        date = format_datetime(release_time(release))
        number = version if release.version == version.partition("+")[0] else release.version
        entries.append(f"{NAME} ({number}) unstable; urgency=low\n\n{listed}\n\n -- {MAINTAINER}  {date}\n")
    return "\n".join(entries)


def release_time(release: Release) -> datetime:
    return datetime.fromisoformat(release.date).replace(tzinfo=UTC)


def set_modes(root: Path) -> None:
    """Give all files the modes of a package, whatever the umask was; only programs are executable."""
    for path in root.rglob("*"):
        if path.is_symlink():
            continue
        is_program = path.parent.name == "guarddog" and path.name in PROGRAMS
        path.chmod(EXECUTABLE if path.is_dir() or is_program else READABLE)


def find_dependencies(library: Path) -> list[str]:
    """Return the packages of the libraries that the frozen build takes from the system."""
    elf_files = elf_files_in(library)
    private = sorted({path.parent for path in elf_files})
    with tempfile.TemporaryDirectory() as temporary:
        control = Path(temporary, "debian", "control")
        control.parent.mkdir()
        control.write_text(f"Source: {NAME}\n\nPackage: {NAME}\nArchitecture: any\n", "utf-8")
        command = ["dpkg-shlibdeps", "-O", "--ignore-missing-info", "--warnings=0"]
        command += [f"-l{folder}" for folder in private]
        command += [f"-e{path}" for path in elf_files]
        output = subprocess.run(command, cwd=temporary, check=True, capture_output=True, text=True).stdout
    listed = (entry.strip() for entry in output.removeprefix("shlibs:Depends=").split(","))
    packages = packages_of_system_libraries(elf_files)
    return sorted({*(entry for entry in listed if entry.partition(" ")[0] in packages), *REQUIRED})


def packages_of_system_libraries(elf_files: Iterable[Path]) -> set[str]:
    """Return the installed packages of the libraries that are linked but not in the folder."""
    headers = subprocess.run(["objdump", "-p", *elf_files], check=True, capture_output=True, text=True).stdout
    needed = set(re.findall(r"^\s+NEEDED\s+(\S+)$", headers, re.MULTILINE))
    needed -= {path.name for path in elf_files}
    cache = subprocess.run(["/sbin/ldconfig", "-p"], check=True, capture_output=True, text=True).stdout
    known = {name: Path(path) for name, path in re.findall(r"^\s+(\S+) \(.*x86-64.*\) => (\S+)$", cache, re.MULTILINE)}
    files = {path.resolve() for name, path in known.items() if name in needed}
    # a merged /usr: packages own the files under either name
    spellings = {spelling for path in files for spelling in (path, Path("/", path.relative_to("/usr")))}
    owners = subprocess.run(["dpkg", "-S", *spellings], check=False, capture_output=True, text=True).stdout
    return {line.partition(":")[0] for line in owners.splitlines()}


def elf_files_in(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink() and is_elf(path)]


def is_elf(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) == b"\x7fELF"


def write_control(root: Path, version: str, dependencies: Iterable[str]) -> None:
    size_kib = sum(path.stat().st_size for path in root.rglob("*") if path.is_file() and not path.is_symlink()) // 1024
    control = root / "DEBIAN" / "control"
    control.parent.mkdir()
    control.write_text(
        f"""Package: {NAME}
Version: {version}
Architecture: {architecture()}
Maintainer: {MAINTAINER}
Installed-Size: {size_kib}
Depends: {", ".join(dependencies)}
Recommends: {", ".join(RECOMMENDED)}
Section: devel
Priority: optional
Homepage: https://github.com/guarddog/guarddog-gui
Description: keeper of WeChat access tokens and jsapi tickets
 Guard Dog keeps the access_token and the jsapi_ticket of WeChat accounts fresh:
 in the tray, in the terminal, and for programs that read its files. It signs
 pages for wx.config, finds the mistake in an invalid signature, and explains
 every errcode. The AppSecret is in the keyring and nowhere else.
""",
        "utf-8",
    )
    sums = root / "DEBIAN" / "md5sums"
    command = "find usr -type f -print0 | LC_ALL=C sort -z | xargs -0 md5sum"
    sums.write_bytes(subprocess.run(["sh", "-c", command], cwd=root, check=True, capture_output=True).stdout)
    for path in (control, sums):
        path.chmod(READABLE)
    control.parent.chmod(EXECUTABLE)
    root.chmod(EXECUTABLE)


def architecture() -> str:
    command = ["dpkg", "--print-architecture"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


if __name__ == "__main__":
    print(build_deb(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]))
