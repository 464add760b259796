import os
import sys
from pathlib import Path

import pytest

from guarddog_gui.adapters.health import system_libraries
from guarddog_gui.adapters.health.system_libraries import find_missing_libraries, read_distribution
from guarddog_gui.domain.health.system_packages import Distribution

pytestmark = pytest.mark.only_on("linux")


def test_where_the_tests_run_nothing_is_missing() -> None:
    assert find_missing_libraries({**os.environ, "DISPLAY": ":0"}) == ()


def test_what_the_linker_does_not_find_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ldd = tmp_path / "ldd"
    ldd.write_text('#!/bin/sh\necho "$@" > "$0.arguments"\nprintf "\\tlibGL.so.1 => not found\\n"\nexit 1\n')
    ldd.chmod(0o755)
    monkeypatch.setattr(system_libraries, "_COMMAND", (str(ldd),))
    assert find_missing_libraries({"DISPLAY": ":0", "WAYLAND_DISPLAY": "wayland-0"}) == ("libGL.so.1",)
    assert "libqxcb.so" in Path(f"{ldd}.arguments").read_text("utf-8")
    assert find_missing_libraries({"WAYLAND_DISPLAY": "wayland-0"}) == ("libGL.so.1",)
    assert "libqwayland" in Path(f"{ldd}.arguments").read_text("utf-8")


def test_what_a_frozen_build_brings_is_not_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bundle = tmp_path / "_internal"
    bundle.mkdir()
    (bundle / "libxcb-cursor.so.0").touch()
    ldd = tmp_path / "ldd"
    ldd.write_text(
        "#!/bin/sh\n"
        'case "$*" in *_internal/libxcb-cursor*) printf "\\tlibxcb-render.so.0 => not found\\n";;\n'
        '*) printf "\\tlibxcb-cursor.so.0 => not found\\n\\tlibGL.so.1 => not found\\n";; esac\n'
    )
    ldd.chmod(0o755)
    monkeypatch.setattr(system_libraries, "_COMMAND", (str(ldd),))
    monkeypatch.setattr(sys, "_MEIPASS", str(bundle), raising=False)
    assert find_missing_libraries({"DISPLAY": ":0"}) == ("libGL.so.1", "libxcb-render.so.0")


@pytest.mark.parametrize("command", [("/nonexistent/ldd",), ("sleep", "9")])
def test_without_an_answer_nothing_is_claimed(command: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system_libraries, "_COMMAND", command)
    assert find_missing_libraries({"DISPLAY": ":0"}, timeout_s=0.1) == ()


def test_the_distribution_is_read_from_its_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "os-release").write_text("ID=arch\n")
    monkeypatch.setattr(system_libraries, "_OS_RELEASE", (tmp_path / "missing", tmp_path / "os-release"))
    assert read_distribution() is Distribution.ARCH
    monkeypatch.setattr(system_libraries, "_OS_RELEASE", (tmp_path / "missing",))
    assert read_distribution() is Distribution.OTHER
