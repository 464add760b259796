"""Chinese fonts as fontconfig's own program sees them."""

from pathlib import Path

import pytest

from guarddog_gui.adapters.health.fonts import check_fonts
from guarddog_gui.domain.health.results import FontProbeResult

pytestmark = pytest.mark.only_on("linux")
DESKTOP = {"DISPLAY": ":0"}


def environ(folder: Path, script: str) -> dict[str, str]:
    program = folder / "fc-list"
    program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    program.chmod(0o700)
    return {**DESKTOP, "PATH": f"{folder}:/usr/bin:/bin"}


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ('test "$1" = :lang=zh-cn && echo "WenQuanYi Micro Hei"', FontProbeResult.FOUND),
        ("echo", FontProbeResult.MISSING),
        ("exit 1", FontProbeResult.UNKNOWN),
        ("sleep 20", FontProbeResult.UNKNOWN),
    ],
)
def test_what_fontconfig_lists_decides(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, expected: FontProbeResult
) -> None:
    environment = environ(tmp_path, script)
    monkeypatch.setenv("PATH", environment["PATH"])

    assert check_fonts(environment, timeout_s=1.0) is expected


def test_without_the_program_nothing_is_known(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    assert check_fonts({**DESKTOP, "PATH": str(tmp_path)}) is FontProbeResult.UNKNOWN


def test_without_a_desktop_nothing_is_drawn() -> None:
    assert check_fonts({}) is FontProbeResult.NO_DESKTOP
