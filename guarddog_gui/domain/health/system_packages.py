"""Packages of Linux distributions that contain what Qt needs from the system."""

import re
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import NamedTuple


class Distribution(StrEnum):
    """A distribution, with all that are derived from it, by the ID in its os-release file."""

    DEBIAN = "debian"
    FEDORA = "fedora"
    ARCH = "arch"
    SUSE = "suse"
    OTHER = "other"


class PackageNames(NamedTuple):
    """Names of one package in the distributions."""

    debian: str
    fedora: str
    arch: str
    suse: str


CHINESE_FONT = "a font with Chinese characters"  # a requirement like a library, with packages of its own

_ALL_OF_XCB = ("libxcb", "libxcb")  # Fedora and Arch have one package for what Debian and SUSE split
PACKAGES: Mapping[str, PackageNames] = {
    "libGL.so.1": PackageNames("libgl1", "libglvnd-glx", "libglvnd", "Mesa-libGL1"),
    "libEGL.so.1": PackageNames("libegl1", "libglvnd-egl", "libglvnd", "Mesa-libEGL1"),
    "libOpenGL.so.0": PackageNames("libopengl0", "libglvnd-opengl", "libglvnd", "libglvnd"),
    "libX11.so.6": PackageNames("libx11-6", "libX11", "libx11", "libX11-6"),
    "libX11-xcb.so.1": PackageNames("libx11-xcb1", "libX11-xcb", "libx11", "libX11-xcb1"),
    "libxkbcommon.so.0": PackageNames("libxkbcommon0", "libxkbcommon", "libxkbcommon", "libxkbcommon0"),
    "libxkbcommon-x11.so.0": PackageNames(
        "libxkbcommon-x11-0", "libxkbcommon-x11", "libxkbcommon-x11", "libxkbcommon-x11-0"
    ),
    "libfontconfig.so.1": PackageNames("libfontconfig1", "fontconfig", "fontconfig", "fontconfig"),
    "libfreetype.so.6": PackageNames("libfreetype6", "freetype", "freetype2", "libfreetype6"),
    "libxcb.so.1": PackageNames("libxcb1", *_ALL_OF_XCB, "libxcb1"),
    "libxcb-cursor.so.0": PackageNames("libxcb-cursor0", "xcb-util-cursor", "xcb-util-cursor", "libxcb-cursor0"),
    "libxcb-icccm.so.4": PackageNames("libxcb-icccm4", "xcb-util-wm", "xcb-util-wm", "libxcb-icccm4"),
    "libxcb-image.so.0": PackageNames("libxcb-image0", "xcb-util-image", "xcb-util-image", "libxcb-image0"),
    "libxcb-keysyms.so.1": PackageNames("libxcb-keysyms1", "xcb-util-keysyms", "xcb-util-keysyms", "libxcb-keysyms1"),
    "libxcb-render-util.so.0": PackageNames(
        "libxcb-render-util0", "xcb-util-renderutil", "xcb-util-renderutil", "libxcb-render-util0"
    ),
    "libxcb-randr.so.0": PackageNames("libxcb-randr0", *_ALL_OF_XCB, "libxcb-randr0"),
    "libxcb-render.so.0": PackageNames("libxcb-render0", *_ALL_OF_XCB, "libxcb-render0"),
    "libxcb-shape.so.0": PackageNames("libxcb-shape0", *_ALL_OF_XCB, "libxcb-shape0"),
    "libxcb-shm.so.0": PackageNames("libxcb-shm0", *_ALL_OF_XCB, "libxcb-shm0"),
    "libxcb-sync.so.1": PackageNames("libxcb-sync1", *_ALL_OF_XCB, "libxcb-sync1"),
    "libxcb-xfixes.so.0": PackageNames("libxcb-xfixes0", *_ALL_OF_XCB, "libxcb-xfixes0"),
    "libxcb-xkb.so.1": PackageNames("libxcb-xkb1", *_ALL_OF_XCB, "libxcb-xkb1"),
    "libwayland-client.so.0": PackageNames("libwayland-client0", "libwayland-client", "wayland", "libwayland-client0"),
    "libwayland-cursor.so.0": PackageNames("libwayland-cursor0", "libwayland-cursor", "wayland", "libwayland-cursor0"),
    "libwayland-egl.so.1": PackageNames("libwayland-egl1", "libwayland-egl", "wayland", "libwayland-egl1"),
    "libglib-2.0.so.0": PackageNames("libglib2.0-0", "glib2", "glib2", "libglib-2_0-0"),
    "libgthread-2.0.so.0": PackageNames("libglib2.0-0", "glib2", "glib2", "libgthread-2_0-0"),
    "libdbus-1.so.3": PackageNames("libdbus-1-3", "dbus-libs", "dbus", "libdbus-1-3"),
    "libgssapi_krb5.so.2": PackageNames("libgssapi-krb5-2", "krb5-libs", "krb5", "krb5"),
    "libbrotlidec.so.1": PackageNames("libbrotli1", "libbrotli", "brotli", "libbrotlidec1"),
    CHINESE_FONT: PackageNames(
        "fonts-noto-cjk", "google-noto-sans-cjk-fonts", "noto-fonts-cjk", "google-noto-sans-cjk-fonts"
    ),
}
_INSTALL: Mapping[Distribution, str] = {
    Distribution.DEBIAN: "sudo apt install",
    Distribution.FEDORA: "sudo dnf install",
    Distribution.ARCH: "sudo pacman -S",
    Distribution.SUSE: "sudo zypper install",
}
_FAMILIES: Mapping[str, Distribution] = {
    "debian": Distribution.DEBIAN,
    "ubuntu": Distribution.DEBIAN,
    "fedora": Distribution.FEDORA,
    "rhel": Distribution.FEDORA,
    "centos": Distribution.FEDORA,
    "arch": Distribution.ARCH,
    "suse": Distribution.SUSE,
    "opensuse": Distribution.SUSE,
}
_OS_RELEASE_LINE = re.compile(r"^(ID|ID_LIKE)=[\"']?([^\"'\n]*)", re.MULTILINE)
_MISSING = re.compile(r"^\s*(lib\S+\.so\S*) => not found", re.MULTILINE)


def parse_os_release(text: str) -> Distribution:
    """Return the distribution of an os-release file, or the one that it is derived from: see os-release(5)."""
    fields = dict(_OS_RELEASE_LINE.findall(text))
    words = f"{fields.get('ID', '')} {fields.get('ID_LIKE', '')}".lower().split()
    known = (_FAMILIES.get(word.partition("-")[0]) for word in words)
    return next((family for family in known if family is not None), Distribution.OTHER)


def parse_missing_libraries(ldd_output: str) -> tuple[str, ...]:
    """Return the libraries that the dynamic linker has not found, sorted and each once."""
    return tuple(sorted(set(_MISSING.findall(ldd_output))))


def install_command(missing: Iterable[str], distribution: Distribution) -> str:
    """Return the command that installs these requirements; empty if one of them or the system is not known."""
    missing = tuple(missing)
    if distribution is Distribution.OTHER or not missing or any(name not in PACKAGES for name in missing):
        return ""
    packages = {getattr(PACKAGES[name], distribution.value) for name in missing}
    return " ".join((_INSTALL[distribution], *sorted(packages)))
