"""Findings about the desktop."""

import pytest

from guarddog_gui.domain.health.findings import CheckStatus, Finding
from guarddog_gui.domain.health.results import ClipboardProbeResult, FontProbeResult, TrayProbeResult
from guarddog_gui.domain.health.system_packages import Distribution
from guarddog_gui.services.messages.health.desktop import clipboard_finding, font_finding, tray_finding
from guarddog_gui.services.messages.message import Messages
from tests.services.messages.languages import CHINESE, ENGLISH


@pytest.mark.parametrize("sentences", [ENGLISH, CHINESE], ids=["en", "zh"])
@pytest.mark.parametrize("seen", TrayProbeResult)
def test_a_tray_is_never_worse_than_doubtful(seen: TrayProbeResult, sentences: Messages) -> None:
    found = tray_finding(seen, sentences)

    assert found.status is not CheckStatus.FAILED
    assert bool(found.advice) == (found.status is CheckStatus.WARNING)


@pytest.mark.parametrize("messages", [ENGLISH, CHINESE], ids=["en", "zh"])
@pytest.mark.parametrize("result", ClipboardProbeResult)
def test_the_way_to_the_clipboard_is_told(result: ClipboardProbeResult, messages: Messages) -> None:
    finding = clipboard_finding(result, messages)

    assert finding.summary
    assert finding.is_problem == (result is ClipboardProbeResult.NOT_ANSWERING) == bool(finding.advice)


def test_without_data_control_the_small_window_is_announced() -> None:
    assert "opens a small window" in clipboard_finding(ClipboardProbeResult.WINDOW, ENGLISH).summary
    assert "at once" in clipboard_finding(ClipboardProbeResult.DATA_CONTROL, ENGLISH).summary


@pytest.mark.parametrize("messages", [ENGLISH, CHINESE], ids=["en", "zh"])
@pytest.mark.parametrize("result", FontProbeResult)
def test_a_missing_font_matters_where_chinese_is_drawn(result: FontProbeResult, messages: Messages) -> None:
    needed, unneeded = (
        font_finding(result, messages, Distribution.OTHER, needs_chinese=needs) for needs in (True, False)
    )

    assert needed.is_problem == (result is FontProbeResult.MISSING) == bool(needed.advice)
    assert isinstance(unneeded, Finding)
    assert unneeded.status in (CheckStatus.OK, CheckStatus.NOT_CHECKED)


def test_a_missing_font_is_named_with_the_command_of_this_distribution() -> None:
    finding = font_finding(FontProbeResult.MISSING, ENGLISH, Distribution.FEDORA, needs_chinese=True)
    assert finding.advice == "Run sudo dnf install google-noto-sans-cjk-fonts, then start Guard Dog again."
