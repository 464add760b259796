"""The text of a report: facts, exception, and the end of the log."""

from pathlib import Path

from guarddog_gui import __version__
from guarddog_gui.adapters.crash_reports.report import REPORT_SIZE_MAX, make_report_text

SECRET = "0123456789abcdef0123456789abcdef"


def test_a_report_has_facts_and_the_last_lines_of_the_log(tmp_path: Path) -> None:
    log = tmp_path / "guarddog.log"
    log.write_text("".join(f"line {number} of wx00000000000000a1\n" for number in range(2000)), encoding="utf-8")
    text = make_report_text("ValueError: x", {"desktop": "GNOME, wayland", "tray": ""}, 0.0, log)
    lines = text.splitlines()
    for line in (
        "time: 1970-01-01 00:00:00 +0000",
        f"Guard Dog: {__version__}",
        "desktop: GNOME, wayland",
        "ValueError: x",
    ):
        assert line in lines
    assert "tray: " not in text
    assert lines[-1] == "line 1999 of wx…00a1"
    assert "line 1940 " in text
    assert "line 1939 " not in text


def test_a_log_line_is_never_cut(tmp_path: Path) -> None:
    log = tmp_path / "guarddog.log"
    for length in range(16_350, 16_390):
        log.write_text(f"{SECRET}{'x' * length}\nlast\n", encoding="utf-8")
        text = make_report_text("", {}, 0.0, log)
        assert "cdef" not in text
        assert text.endswith("last\n")


def test_a_report_without_a_log_is_one_and_no_report_is_huge(tmp_path: Path) -> None:
    text = make_report_text("x " * 10**6, {}, 0.0, tmp_path / "none")
    assert len(text) < REPORT_SIZE_MAX + 100
    assert text.endswith("(no log)\n")
