"""Files of the frozen build: what PyInstaller collects, less what a tray app does not need.

Naive, the folder has 196 MB. `tests/packaging/test_frozen.py` checks that nothing that the source imports is refused.
"""

import fnmatch
import sys
from collections.abc import Iterable

EXCLUDED_MODULES = (
    "tkinter",
    "unittest",
    "pydoc",
    "pydoc_data",
    "doctest",
    "lib2to3",
    "test",
    "setuptools",
    "pip",
    "distutils",
    "numpy",
    "PIL",
    "IPython",
    "pytest",
    "hypothesis",
    "babel",
    "PySide6.QtQml",
    "PySide6.QtQuick",
    "PySide6.QtOpenGL",
    "PySide6.QtPdf",
    "PySide6.QtTest",
)
HIDDEN_IMPORTS = (  # imported by their names
    "keyring.backends.SecretService",
    "keyring.backends.kwallet",
    "keyring.backends.libsecret",
    "keyring.backends.macOS",
    "keyring.backends.Windows",
    "keyring.backends.chainer",
    "keyring.backends.fail",
    "keyring.backends.null",
)
COPIED_METADATA = ("keyring", "guarddog-gui", "PySide6-Essentials")  # keyring finds its backends by entry points
KEPT_PLUGINS = (
    "iconengines/*svgicon*",
    "imageformats/*qsvg*",
    "imageformats/*qico*",
    "imageformats/*qicns*",
    "imageformats/*qjpeg*",
    "networkinformation/*",
    "platforminputcontexts/*compose*",
    "platforminputcontexts/*ibus*",
    "platforms/*qxcb*",
    "platforms/*qwayland*",
    "platforms/*qoffscreen*",
    "platforms/*qwindows*",
    "platforms/*qcocoa*",
    "platformthemes/*xdgdesktopportal*",
    "styles/*",
    "tls/*",
    "wayland-decoration-client/*",
    "wayland-graphics-integration-client/*shm*",
    "wayland-graphics-integration-client/*wayland-egl*",
    "wayland-shell-integration/*xdg-shell*",
    "xcbglintegrations/*",
)
KEPT_TRANSLATIONS = ("qtbase_zh_CN.qm", "qtbase_en.qm")
DROPPED_LIBRARIES = ("*Qt6Qml*", "*Qt6Quick*", "*Qt6Pdf*", "*Qt6VirtualKeyboard*", "*Qt6WlShell*", "*Qt6EglF*")
# Libraries that have to be the system's own: drivers of the graphics card, and whatever shares their state or must be
# at least as new as what those were built with.
SYSTEM_LIBRARIES = (
    "libstdc++.so*",
    "libgcc_s.so*",
    "libGL.so*",
    "libGLX.so*",
    "libGLdispatch.so*",
    "libOpenGL.so*",
    "libEGL.so*",
    "libdrm.so*",
    "libgbm.so*",
    "libX11.so*",
    "libX11-xcb.so*",
    "libxcb.so*",
    "libXau.so*",
    "libXdmcp.so*",
    "libfontconfig.so*",
    "libfreetype.so*",
    "libpng16.so*",
    "libexpat.so*",
    "libbrotli*.so*",
    "libwayland-client.so*",
    "libwayland-cursor.so*",
    "libwayland-egl.so*",
    "libglib-2.0.so*",
    "libgio-2.0.so*",
    "libgobject-2.0.so*",
    "libgmodule-2.0.so*",
    "libgthread-2.0.so*",
    "libmount.so*",
    "libblkid.so*",
    "libselinux.so*",
    "libpcre*.so*",
    "libdbus-1.so*",
    "libsystemd.so*",
    "libcap.so*",
    "libgcrypt.so*",
    "libgpg-error.so*",
    "libgssapi_krb5.so*",
    "libkrb5.so*",
    "libkrb5support.so*",
    "libk5crypto.so*",
    "libcom_err.so*",
    "libkeyutils.so*",
    "libresolv.so*",
    "libz.so*",
    "liblz4.so*",
    "libzstd.so*",
    "libbsd.so*",
    "libmd.so*",
)
# the GTK theme plugin is not kept, so nothing of GTK is
GTK_LIBRARIES = (
    "libgtk-*", "libgdk*", "libatk*", "libcairo*", "libpango*", "libharfbuzz*", "libepoxy*", "libfribidi*",
    "libthai*", "libdatrie*", "libgraphite*", "libpixman*", "libX[!a]*", "libxcb-render.so*", "libatspi*",
    "libjpeg.so*", "libjbig*", "libtiff*", "libwebp*", "libLerc*", "libdeflate*", "librsvg*",
)  # fmt: skip


def is_kept(destination: str, platform: str = sys.platform) -> bool:
    """Return whether a collected file belongs in the build; `destination` is its path in the folder."""
    path = destination.replace("\\", "/")
    name = path.rpartition("/")[2]
    if matches(name, DROPPED_LIBRARIES):
        return False
    if platform.startswith("linux") and matches(name, (*SYSTEM_LIBRARIES, *GTK_LIBRARIES)):
        return False
    if "/plugins/" in path:
        return matches(path.rpartition("/plugins/")[2], KEPT_PLUGINS)
    if "/translations/" in path:
        return name in KEPT_TRANSLATIONS
    return "/qml/" not in path


def matches(text: str, patterns: Iterable[str]) -> bool:
    return any(fnmatch.fnmatchcase(text, pattern) for pattern in patterns)
