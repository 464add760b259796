import pytest

from guarddog_gui.domain.health.system_packages import (
    CHINESE_FONT,
    PACKAGES,
    Distribution,
    install_command,
    parse_missing_libraries,
    parse_os_release,
)

LDD = """\
libQt6Widgets.so.6:
\tlinux-vdso.so.1 (0x00007ffd)
\tlibGL.so.1 => not found
\tlibc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007f)
libqxcb.so:
\tlibxcb-cursor.so.0 => not found
\tlibGL.so.1 => not found
"""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('PRETTY_NAME="Debian GNU/Linux 13"\nID=debian\n', Distribution.DEBIAN),
        ("ID=ubuntu\nID_LIKE=debian\n", Distribution.DEBIAN),
        ('ID="linuxmint"\nID_LIKE="ubuntu debian"\n', Distribution.DEBIAN),
        ("ID=fedora\n", Distribution.FEDORA),
        ('ID="rocky"\nID_LIKE="rhel centos fedora"\n', Distribution.FEDORA),
        ("ID=manjaro\nID_LIKE=arch\n", Distribution.ARCH),
        ('ID="opensuse-leap"\nID_LIKE="suse opensuse"\n', Distribution.SUSE),
        ("ID=nixos\nVERSION_ID=1\n", Distribution.OTHER),
        ("", Distribution.OTHER),
    ],
)
def test_a_distribution_is_known_by_its_id_or_by_what_it_is_like(text: str, expected: Distribution) -> None:
    assert parse_os_release(text) is expected


def test_each_missing_library_is_named_once() -> None:
    assert parse_missing_libraries(LDD) == ("libGL.so.1", "libxcb-cursor.so.0")


@pytest.mark.parametrize(
    ("distribution", "command"),
    [
        (Distribution.DEBIAN, "sudo apt install libgl1 libxcb-cursor0"),
        (Distribution.FEDORA, "sudo dnf install libglvnd-glx xcb-util-cursor"),
        (Distribution.ARCH, "sudo pacman -S libglvnd xcb-util-cursor"),
        (Distribution.SUSE, "sudo zypper install Mesa-libGL1 libxcb-cursor0"),
        (Distribution.OTHER, ""),
    ],
)
def test_the_command_is_that_of_the_distribution(distribution: Distribution, command: str) -> None:
    assert install_command(parse_missing_libraries(LDD), distribution) == command


def test_a_command_that_would_not_install_all_is_not_given() -> None:
    assert install_command(("libGL.so.1", "libunheard.so.1"), Distribution.DEBIAN) == ""
    assert install_command((), Distribution.DEBIAN) == ""


def test_a_font_has_packages_like_a_library() -> None:
    assert install_command((CHINESE_FONT,), Distribution.DEBIAN) == "sudo apt install fonts-noto-cjk"


def test_every_library_has_a_package_everywhere() -> None:
    assert all(all(names) for names in PACKAGES.values())
