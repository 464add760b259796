"""Files that the user uploads with the API console."""

import os
from pathlib import Path

from guarddog_gui.adapters.files.atomic import read_file
from guarddog_gui.domain.api.request import UPLOAD_MAX
from guarddog_gui.domain.errors import FileError
from guarddog_gui.domain.problems import FileErrorReason


def read_upload(path: str) -> bytes:
    """Return the content of a regular file of at most UPLOAD_MAX bytes. Raises FileError."""
    data = read_file(Path(path), UPLOAD_MAX, follow_symlinks=True)
    if data is None:
        raise FileError(os.fspath(path), FileErrorReason.MISSING)
    return data
