"""Files that the user uploads."""

from pathlib import Path

import pytest

from guarddog_gui.adapters.files.upload import read_upload
from guarddog_gui.domain.api.request import UPLOAD_MAX
from guarddog_gui.domain.errors import FileError


def test_the_content_is_read(tmp_path: Path) -> None:
    (tmp_path / "cat.png").write_bytes(b"x\0y")
    assert read_upload(str(tmp_path / "cat.png")) == b"x\0y"


def test_what_is_no_readable_file_is_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "missing.png", tmp_path):
        with pytest.raises(FileError):
            read_upload(str(path))


def test_a_file_that_wechat_would_not_take_is_not_read(tmp_path: Path) -> None:
    large = tmp_path / "large.mp4"
    with large.open("wb") as file:
        file.truncate(UPLOAD_MAX + 1)
    with pytest.raises(FileError):
        read_upload(str(large))
