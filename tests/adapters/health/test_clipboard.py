"""The clipboard of the desktop, without copying anything."""

from pathlib import Path

import pytest

from guarddog_gui.adapters.health import clipboard
from guarddog_gui.adapters.health.clipboard import check_clipboard
from guarddog_gui.domain.health.results import ClipboardProbeResult

pytestmark = pytest.mark.only_on("linux")
WAYLAND = {"WAYLAND_DISPLAY": "wayland-0", "XDG_RUNTIME_DIR": "/run/user/1", "DISPLAY": ":0"}


@pytest.mark.parametrize(
    ("has_protocol", "expected"), [(True, ClipboardProbeResult.DATA_CONTROL), (False, ClipboardProbeResult.WINDOW)]
)
def test_on_wayland_the_compositor_decides(
    monkeypatch: pytest.MonkeyPatch, *, has_protocol: bool, expected: ClipboardProbeResult
) -> None:
    monkeypatch.setattr(clipboard, "has_data_control", lambda *_: has_protocol)

    assert check_clipboard(WAYLAND) is expected


def test_a_compositor_that_is_not_there_is_reported(tmp_path: Path) -> None:
    environ = {"WAYLAND_DISPLAY": "wayland-0", "XDG_RUNTIME_DIR": str(tmp_path)}

    assert check_clipboard(environ) is ClipboardProbeResult.NOT_ANSWERING


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({"DISPLAY": ":0"}, ClipboardProbeResult.X11),
        ({**WAYLAND, "QT_QPA_PLATFORM": "xcb"}, ClipboardProbeResult.X11),
        ({}, ClipboardProbeResult.NO_DESKTOP),
    ],
)
def test_without_wayland_nothing_is_asked(environ: dict[str, str], expected: ClipboardProbeResult) -> None:
    assert check_clipboard(environ) is expected
