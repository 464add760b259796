"""The file for crashes that end the process: what is taken from it, and that it goes when nothing happened."""

import faulthandler
from collections.abc import Iterator
from pathlib import Path

import pytest

from guarddog_gui.adapters.crash_reports.hard_crash import HardCrashLog

CRASH = """Fatal Python error: Segmentation fault

Thread 0x00007fcaea7fc6c0 (most recent call first):
  File "/home/alice/app/guarddog_gui/sandbox/server.py", line 102 in _run

Current thread 0x00007fcaea7fc6c1 (most recent call first):
  File "/home/alice/.venv/lib/python3.11/site-packages/requests/api.py", line 3 in get
"""


@pytest.fixture(autouse=True)
def faulthandler_of_pytest() -> Iterator[None]:
    yield
    faulthandler.enable()


def test_an_orderly_end_leaves_nothing(tmp_path: Path) -> None:
    log = HardCrashLog(tmp_path / "logs" / "crashes")
    log.start()
    assert faulthandler.is_enabled()
    assert len(list((tmp_path / "logs" / "crashes").iterdir())) == 1
    log.stop()
    assert list((tmp_path / "logs" / "crashes").iterdir()) == []


def test_the_next_process_finds_the_crash_once_with_the_crashed_thread_first(tmp_path: Path) -> None:
    (tmp_path / "hard-crash.log").write_text(CRASH, encoding="utf-8")
    log = HardCrashLog(tmp_path)
    log.start()
    text = log.take_earlier()
    assert text.splitlines()[2:4] == [
        "Current thread 0x00007fcaea7fc6c1 (most recent call first):",
        '  File "requests/api.py", line 3 in get',
    ]
    assert "guarddog_gui/sandbox/server.py" in text
    assert "alice" not in text
    assert log.take_earlier() == ""
    log.stop()


@pytest.mark.parametrize("text", ["", "Windows fatal exception: code 0x8001010d\n"])
def test_a_process_that_was_killed_did_not_crash(tmp_path: Path, text: str) -> None:
    (tmp_path / "hard-crash.log").write_text(text, encoding="utf-8")
    log = HardCrashLog(tmp_path)
    log.start()
    assert log.take_earlier() == ""
    log.stop()
    assert list(tmp_path.iterdir()) == []


def test_without_a_folder_nothing_happens(tmp_path: Path) -> None:
    (tmp_path / "crashes").write_text("a file", encoding="utf-8")
    log = HardCrashLog(tmp_path / "crashes")
    log.start()
    assert log.take_earlier() == ""
    log.stop()
