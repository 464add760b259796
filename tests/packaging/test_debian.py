"""Parts of the .deb that are made of the source. `packaging/debian/try_deb.py` installs the whole in clean systems."""

import gzip
import shutil
import subprocess
from pathlib import Path

import debian_package
import pytest
from changelog import Release, read_changelog
from manual_pages import write_completions, write_manual_pages
from PySide6.QtWidgets import QApplication

from guarddog_gui.app.settings_controller import APP_ID
from guarddog_gui.cli.parser import CommandLineParser
from guarddog_gui.domain.message_catalog import ENGLISH, MessageCatalog

pytestmark = pytest.mark.only_on("linux")


@pytest.fixture(scope="module")
def share(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("share")
    write_manual_pages(folder, "0.1.0", "2026-11-29")
    write_completions(folder)
    return folder


def page(share: Path, name: str) -> str:
    return gzip.decompress((share / "man" / name).read_bytes()).decode()


def test_the_manual_page_has_every_command_and_its_options(share: Path) -> None:
    text = page(share, "man1/guarddogctl.1.gz").replace("\\-", "-")
    commands = debian_package_commands()
    assert len(commands) >= 14
    assert [name for name in commands if f'.SS "guarddogctl {name}"' not in text] == []
    for part in ("--min-ttl", '.SS "guarddogctl accounts add"', "--secret-stdin", ".SH EXAMPLES", "AppID or name"):
        assert part in text
    assert ".SH NAME\nguarddogctl \\- " in page(share, "man1/guarddogctl.1.gz")


def debian_package_commands() -> list[str]:
    parser = CommandLineParser(MessageCatalog(ENGLISH), now=0.0).make_parser([])
    return list(parser._subparsers._group_actions[0].choices)  # type: ignore[union-attr,arg-type]


@pytest.mark.parametrize("name", ["man1/guarddogctl", "man1/guarddog-gui"])
def test_man_reads_the_pages_without_a_warning(share: Path, name: str) -> None:
    if not shutil.which("man"):
        pytest.skip("man is not installed")
    file = share / "man" / f"{name}.1.gz"
    done = subprocess.run(
        ["man", "--warnings", "--local-file", file], env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "MANWIDTH": "100"},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stderr == ""
    assert "--version" in done.stdout


def test_the_chinese_page_is_chinese(share: Path) -> None:
    assert "选项" in page(share, "zh_CN/man1/guarddog-gui.1.gz") or "显示" in page(
        share, "zh_CN/man1/guarddog-gui.1.gz"
    )


def test_there_are_completions_for_three_shells(share: Path) -> None:
    for relative in (
        "bash-completion/completions/guarddogctl",
        "zsh/vendor-completions/_guarddogctl",
        "fish/vendor_completions.d/guarddogctl.fish",
    ):
        assert "guarddogctl" in (share / relative).read_text("utf-8")


def test_appstream_accepts_the_metadata(tmp_path: Path) -> None:
    text = debian_package.metainfo(APP_ID, read_changelog(), "0.1.0")
    assert "@" not in text.replace("@2x", "")
    assert f'<release version="{read_changelog()[0].version}"' in text
    file = tmp_path / f"{APP_ID}.metainfo.xml"
    file.write_text(text, "utf-8")
    if not shutil.which("appstreamcli"):
        pytest.skip("appstream is not installed")
    done = subprocess.run(["appstreamcli", "validate", "--no-net", file], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_the_debian_changelog_can_be_parsed() -> None:
    text = debian_package.debian_changelog(read_changelog(), "0.1.0")
    assert text.startswith("guarddog-gui (0.1.0) unstable; urgency=low\n\n  * ")
    assert all(len(line) <= 80 for line in text.splitlines() if not line.startswith(" -- "))
    older = debian_package.debian_changelog([Release("0.0.9", "2026-01-02", "- One\n  and more.\n- Two")], "0.1.0")
    assert "guarddog-gui (0.0.9)" in older
    assert "Fri, 02 Jan 2026" in older


def test_menu_entry_and_icons_are_those_of_install_desktop(qapp: QApplication, tmp_path: Path) -> None:  # noqa: ARG001
    debian_package.write_desktop_files(tmp_path)
    entry = (tmp_path / "applications" / f"{APP_ID}.desktop").read_text("utf-8")
    assert "Exec=guarddog-gui --show\n" in entry
    assert (tmp_path / "icons/hicolor/512x512/apps" / f"{APP_ID}.png").is_file()


def test_the_deb_and_the_flatpak_get_the_same_files(qapp: QApplication, tmp_path: Path) -> None:  # noqa: ARG001
    debian_package.write_share(tmp_path, read_changelog(), "0.1.0")
    written = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()}
    assert written >= {
        f"applications/{APP_ID}.desktop",
        f"icons/hicolor/scalable/apps/{APP_ID}.svg",
        f"icons/hicolor/symbolic/apps/{APP_ID}-symbolic.svg",
        f"metainfo/{APP_ID}.metainfo.xml",
        "man/man1/guarddog-gui.1.gz",
        "man/zh_CN/man1/guarddogctl.1.gz",
        "bash-completion/completions/guarddogctl",
    }


def test_modes_do_not_depend_on_the_umask(tmp_path: Path) -> None:
    library = tmp_path / "usr" / "lib" / "guarddog"
    library.mkdir(parents=True, mode=0o700)
    for name in ("guarddogctl", "data.txt"):
        (library / name).touch(mode=0o600)
    debian_package.set_modes(tmp_path)
    assert (library.stat().st_mode & 0o777) == 0o755
    assert ((library / "guarddogctl").stat().st_mode & 0o777) == 0o755
    assert ((library / "data.txt").stat().st_mode & 0o777) == 0o644
