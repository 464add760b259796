import os
from pathlib import Path

import pytest

from guarddog_gui.cli.path_argument import typed_path
from guarddog_gui.domain.errors import FileTrouble


def test_a_path_is_made_whole_from_here_and_from_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert typed_path("shop/.env") == typed_path("~/shop/.env") == str(tmp_path / "shop" / ".env")


@pytest.mark.only_on("linux", "darwin")
def test_there_is_no_here_in_a_folder_that_is_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    with pytest.raises(FileTrouble, match="no such file or folder"):
        typed_path(".env")
    os.chdir(tmp_path)


def test_nobody_has_that_home() -> None:
    with pytest.raises(FileTrouble, match="such a home"):
        typed_path("~nobody-of-that-name/.env")
