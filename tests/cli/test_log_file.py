"""Log file of a command: opened by the first record, in the home in which the command works."""

import logging
from pathlib import Path

from guarddog_gui.adapters.files.paths import get_app_paths
from guarddog_gui.cli.log_file import LogFileOnDemand


def record(text: str) -> logging.LogRecord:
    return logging.LogRecord("test", logging.INFO, __file__, 1, text, None, None)


def test_the_file_is_made_by_the_first_record(tmp_path: Path) -> None:
    handler = LogFileOnDemand(get_app_paths({"GUARDDOG_HOME": str(tmp_path / "home")}))
    assert not (tmp_path / "home").exists()

    handler.handle(record("one"))
    handler.close()

    assert "one" in handler.paths.log_file.read_text(encoding="utf-8")
    assert handler not in logging.getLogger().handlers


def test_a_command_in_another_home_logs_there(tmp_path: Path) -> None:
    handler = LogFileOnDemand(get_app_paths({"GUARDDOG_HOME": str(tmp_path / "real")}))
    handler.paths = get_app_paths({"GUARDDOG_HOME": str(tmp_path / "sandbox")})

    handler.handle(record("one"))
    handler.close()

    assert not (tmp_path / "real").exists()
    assert handler.paths.log_file.exists()
