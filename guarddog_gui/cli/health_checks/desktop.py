"""Checks of the desktop: libraries for Qt, a place for the icon, the clipboard and the fonts."""

import sys
from importlib.util import find_spec

from guarddog_gui.adapters.health.clipboard import check_clipboard
from guarddog_gui.adapters.health.fonts import check_fonts
from guarddog_gui.adapters.health.session import check_tray
from guarddog_gui.adapters.health.system_libraries import find_missing_libraries, read_distribution
from guarddog_gui.cli.context import CommandContext
from guarddog_gui.domain.errors import FileError
from guarddog_gui.domain.health.findings import Finding
from guarddog_gui.domain.health.results import FontProbeResult
from guarddog_gui.domain.message_catalog import CHINESE
from guarddog_gui.services.messages.health.desktop import clipboard_finding, font_finding, tray_finding
from guarddog_gui.services.messages.health.system_libraries import libraries_finding


def check_libraries(context: CommandContext) -> tuple[Finding, ...]:
    environ, has_qt = context.terminal.environ, find_spec("PySide6") is not None
    has_desktop = not sys.platform.startswith("linux") or bool(environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY"))
    missing = find_missing_libraries(environ) if has_qt and has_desktop else ()
    finding = libraries_finding(missing, read_distribution(), context.messages, has_qt=has_qt, has_desktop=has_desktop)
    return (finding,)


def check_tray_host(context: CommandContext) -> tuple[Finding, ...]:
    return (tray_finding(check_tray(context.terminal.environ), context.messages),)


def check_copying(context: CommandContext) -> tuple[Finding, ...]:
    return (clipboard_finding(check_clipboard(context.terminal.environ), context.messages),)


def check_chinese_fonts(context: CommandContext) -> tuple[Finding, ...]:
    result = check_fonts(context.terminal.environ)
    needs_chinese = result is FontProbeResult.MISSING and _needs_chinese(context)
    return (font_finding(result, context.messages, read_distribution(), needs_chinese=needs_chinese),)


def _needs_chinese(context: CommandContext) -> bool:
    """Return True if the texts are Chinese, or the name of an account is not in an alphabet that all fonts have."""
    if context.messages.message_catalog.language == CHINESE:
        return True
    try:
        accounts = context.container.accounts.load_read_only()
    except FileError:  # reported by another check
        return False
    return any(ord(character) >= 0x2E80 for account in accounts for character in account.name)
