"""Findings about the desktop: a place for the icon, the clipboard and the fonts."""

from collections.abc import Mapping

from guarddog_gui.domain.health.findings import CheckStatus, Finding, HealthCheck
from guarddog_gui.domain.health.results import ClipboardProbeResult, FontProbeResult, TrayProbeResult
from guarddog_gui.domain.health.system_packages import CHINESE_FONT, Distribution, install_command
from guarddog_gui.domain.message_catalog import N_
from guarddog_gui.services.messages.health.findings import make_finding
from guarddog_gui.services.messages.message import Message, Messages

_Wording = tuple[CheckStatus, str, str]  # with the summary and the advice

TRAY_RESULTS: Mapping[TrayProbeResult, _Wording] = {
    TrayProbeResult.HOST: (CheckStatus.OK, N_("The desktop has a place for the icon."), ""),
    TrayProbeResult.NO_HOST: (
        CheckStatus.WARNING,
        N_(
            "No panel shows icons by StatusNotifier; the icon needs an old-style tray, else the window opens by itself."
        ),
        N_("On GNOME, install the AppIndicator extension."),
    ),
    TrayProbeResult.NO_BUS: (
        CheckStatus.WARNING,
        N_("There is no session bus, by which desktops show icons."),
        N_("Start Guard Dog in the session of the desktop, not by sudo or su."),
    ),
    TrayProbeResult.NOT_ANSWERING: (
        CheckStatus.WARNING,
        N_("The session bus does not answer."),
        N_("Log out and in again."),
    ),
    TrayProbeResult.NO_DESKTOP: (CheckStatus.NOT_CHECKED, N_("There is no desktop here."), ""),
    TrayProbeResult.NOT_LINUX: (
        CheckStatus.NOT_CHECKED,
        N_("Not checked on this system: it always has a place for icons."),
        "",
    ),
}
CLIPBOARD_RESULTS: Mapping[ClipboardProbeResult, _Wording] = {
    ClipboardProbeResult.DATA_CONTROL: (
        CheckStatus.OK,
        N_("Wayland with data-control: a copy from the tray reaches the clipboard at once."),
        "",
    ),
    ClipboardProbeResult.WINDOW: (
        CheckStatus.OK,
        N_("Wayland without data-control: a copy from the tray opens a small window, whose button copies."),
        "",
    ),
    ClipboardProbeResult.NOT_ANSWERING: (
        CheckStatus.WARNING,
        N_("The compositor of Wayland does not answer, so nothing can be copied."),
        N_("Start Guard Dog in the session of the desktop, as its user; else log out and in again."),
    ),
    ClipboardProbeResult.X11: (CheckStatus.OK, N_("X11: a copy from the tray reaches the clipboard at once."), ""),
    ClipboardProbeResult.NO_DESKTOP: (CheckStatus.NOT_CHECKED, N_("There is no desktop here."), ""),
    ClipboardProbeResult.NOT_LINUX: (
        CheckStatus.NOT_CHECKED,
        N_("Not checked on this system: its clipboard takes a value from any program."),
        "",
    ),
}
FONT_RESULTS: Mapping[FontProbeResult, _Wording] = {
    FontProbeResult.FOUND: (CheckStatus.OK, N_("There is a font with Chinese characters."), ""),
    FontProbeResult.MISSING: (
        CheckStatus.WARNING,
        N_("No font has Chinese characters: boxes are drawn in their place."),
        N_("Install one, for example fonts-noto-cjk or fonts-wqy-microhei, then start Guard Dog again."),
    ),
    FontProbeResult.UNKNOWN: (
        CheckStatus.NOT_CHECKED,
        N_("The fonts are not known: fc-list (fontconfig) is missing or does not answer."),
        "",
    ),
    FontProbeResult.NO_DESKTOP: (CheckStatus.NOT_CHECKED, N_("There is no desktop here."), ""),
    FontProbeResult.NOT_LINUX: (
        CheckStatus.NOT_CHECKED,
        N_("Not checked on this system: it comes with Chinese fonts."),
        "",
    ),
}


def tray_finding(result: TrayProbeResult, messages: Messages) -> Finding:
    return _worded_finding(HealthCheck.TRAY, TRAY_RESULTS[result], messages)


def clipboard_finding(result: ClipboardProbeResult, messages: Messages) -> Finding:
    return _worded_finding(HealthCheck.CLIPBOARD, CLIPBOARD_RESULTS[result], messages)


def font_finding(
    result: FontProbeResult, messages: Messages, distribution: Distribution, *, needs_chinese: bool
) -> Finding:
    """Return a warning only where something in Chinese is drawn: the texts, or the name of an account."""
    wording = FONT_RESULTS[result]
    if wording[0] is CheckStatus.WARNING and not needs_chinese:
        unneeded = messages.message("No font has Chinese characters; no text or name here needs them.")
        return make_finding(HealthCheck.FONTS, CheckStatus.OK, unneeded)
    command = install_command((CHINESE_FONT,), distribution)
    if wording[0] is CheckStatus.WARNING and command:
        advice = messages.text("Run {command}, then start Guard Dog again.", command=command)
        return make_finding(HealthCheck.FONTS, CheckStatus.WARNING, Message(messages.text(wording[1]), advice))
    return _worded_finding(HealthCheck.FONTS, wording, messages)


def _worded_finding(check: HealthCheck, wording: _Wording, messages: Messages) -> Finding:
    status, summary, advice = wording
    return make_finding(check, status, messages.message(summary, advice))
