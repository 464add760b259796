"""Variables of the bundle, taken back: browsers, export commands and `exec` would load its libraries and fail.

The bundle itself does not need them any longer: the dynamic linker has read LD_LIBRARY_PATH when the process began,
and PySide6 tells Qt where its plugins are. https://pyinstaller.org/en/stable/common-issues-and-pitfalls.html
"""

from collections.abc import MutableMapping

_LIBRARY_PATHS = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
_QT_PATHS = ("QT_PLUGIN_PATH", "QML2_IMPORT_PATH")


def restore_environment(environ: MutableMapping[str, str]) -> None:
    """Set library paths to what they were before the start, and remove those that are only for the bundle."""
    for name in _LIBRARY_PATHS:
        before = environ.pop(f"{name}_ORIG", None)
        environ.pop(name, None)
        if before is not None:
            environ[name] = before
    for name in _QT_PATHS:
        environ.pop(name, None)
