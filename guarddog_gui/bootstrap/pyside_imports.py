"""Imports without PySide's reading of every source file."""

import linecache
from importlib import import_module


def skip_source_scan() -> None:
    """Keep PySide from reading the source of each module that is imported from now on.

    WORKAROUND: PySide replaces `__import__` (PYSIDE-2029), and looks for its own name in the source of each new
    module, for `from __feature__ import …`, which nothing here uses. `linecache` then keeps all these lines for
    tracebacks: 6 MB, and 10 ms of the start. A PySide without this function needs no workaround.
    """
    import_module("PySide6.QtCore")  # it loads the package below
    try:
        feature = import_module("shibokensupport.feature")
    except ImportError:
        return
    if hasattr(feature, "_mod_uses_pyside"):
        feature._mod_uses_pyside = _uses_no_features  # type: ignore[attr-defined]  # noqa: SLF001 - no public way
        linecache.clearcache()  # it has read the 2,000 lines of `enum` already


def _uses_no_features(_module: object) -> bool:
    return False
