"""Checks of the desktop: a place for the icon, the clipboard and the fonts."""

from guarddog_gui.adapters.health.clipboard import check_clipboard
from guarddog_gui.adapters.health.fonts import check_fonts
from guarddog_gui.adapters.health.session import check_tray
from guarddog_gui.cli.context import CommandContext
from guarddog_gui.domain.errors import FileError
from guarddog_gui.domain.health.findings import Finding
from guarddog_gui.domain.health.results import FontProbeResult
from guarddog_gui.domain.message_catalog import CHINESE
from guarddog_gui.services.messages.health.desktop import clipboard_finding, font_finding, tray_finding


def check_tray_host(context: CommandContext) -> tuple[Finding, ...]:
    return (tray_finding(check_tray(context.terminal.environ), context.messages),)


def check_copying(context: CommandContext) -> tuple[Finding, ...]:
    return (clipboard_finding(check_clipboard(context.terminal.environ), context.messages),)


def check_chinese_fonts(context: CommandContext) -> tuple[Finding, ...]:
    result = check_fonts(context.terminal.environ)
    needs_chinese = result is FontProbeResult.MISSING and _needs_chinese(context)
    return (font_finding(result, context.messages, needs_chinese=needs_chinese),)


def _needs_chinese(context: CommandContext) -> bool:
    """Return True if the texts are Chinese, or the name of an account is not in an alphabet that all fonts have."""
    if context.messages.message_catalog.language == CHINESE:
        return True
    try:
        accounts = context.container.accounts.load_read_only()
    except FileError:  # reported by another check
        return False
    return any(ord(character) >= 0x2E80 for account in accounts for character in account.name)
