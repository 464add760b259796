"""Reader of a project folder: looks for AppIDs, secrets and live values, within limits, and runs nothing."""

import os
import re
import time
from collections.abc import Iterator
from pathlib import Path

from guarddog_gui.adapters.files.atomic import read_text_if_valid
from guarddog_gui.domain.accounts.project import FoundProject, FoundValue, collect_accounts, read_project_values

DEPTH_MAX = 6
ENTRIES_MAX = 20_000  # of folders, whether read or not
FILES_MAX = 3000  # that are read
FILE_SIZE_MAX = 128 * 1024
TIME_MAX_S = 8.0
_SKIPPED_FOLDERS = frozenset({
    "node_modules", "vendor", "dist", "build", "target", "out", "coverage", "venv", "env", "__pycache__", "obj", "bin",
    "bower_components", "miniprogram_npm", "site-packages", "Pods",
})  # fmt: skip
_READ_SUFFIXES = frozenset({
    ".env", ".json", ".php", ".js", ".mjs", ".cjs", ".ts", ".py", ".rb", ".go", ".java", ".kt", ".cs", ".yml", ".yaml",
    ".toml", ".ini", ".properties", ".xml", ".conf", ".cfg", ".txt", ".sh", ".dog",
})  # fmt: skip
_READ_NAMES = frozenset({"wechat_access_token", "wechat_jsapi_ticket"})
_APPID = re.compile(r"wx[0-9a-f]{16}", re.IGNORECASE)
_SECRET = re.compile(r"secret", re.IGNORECASE)
_VALUE = re.compile(r"expire|got_t|modifyDate|\"data\"")


def read_project_folder(folder: str, now: float) -> FoundProject:
    """Return what is in the folder; `now` (Unix seconds) decides which values are alive."""
    root = Path(folder)
    walk = _Walk(root)
    texts: list[tuple[str, str]] = []
    values: list[FoundValue] = []
    dog_folders: dict[str, None] = {}
    for path in walk:
        text = read_text_if_valid(path, FILE_SIZE_MAX)
        relative = path.relative_to(root).as_posix()
        if _VALUE.search(text):
            found = read_project_values(relative, text, now)
            values += found
            if path.suffix == ".dog" and found:
                dog_folders[os.fspath(path.parent)] = None
        if path.suffix != ".dog" and (_APPID.search(text) or (_is_env(path) and _SECRET.search(text))):
            texts.append((relative, text))
    return FoundProject(folder, collect_accounts(texts), tuple(values), tuple(dog_folders), walk.is_complete)


class _Walk:
    """Paths of the files to read, folder by folder from the top; links are not followed."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._deadline = time.monotonic() + TIME_MAX_S
        self.is_complete = True

    def __iter__(self) -> Iterator[Path]:
        folders = [(self._root, 0)]
        entries_left, files_left = ENTRIES_MAX, FILES_MAX
        while folders:
            folder, depth = folders.pop(0)
            for entry in _list(folder):
                entries_left -= 1
                if not entries_left or not files_left or time.monotonic() > self._deadline:
                    self.is_complete = False
                    return
                if entry.is_dir(follow_symlinks=False):
                    if depth < DEPTH_MAX and _is_read_folder(entry.name):
                        folders.append((Path(entry.path), depth + 1))
                elif _is_read_file(entry):
                    files_left -= 1
                    yield Path(entry.path)


def _list(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except OSError:  # it may not be read, or is gone
        return []


def _is_read_folder(name: str) -> bool:
    return name not in _SKIPPED_FOLDERS and (not name.startswith(".") or name in (".cache", ".dogs", ".config"))


def _is_read_file(entry: os.DirEntry[str]) -> bool:
    name = entry.name
    if not (_is_env(Path(name)) or name in _READ_NAMES or os.path.splitext(name)[1].lower() in _READ_SUFFIXES):  # noqa: PTH122 - a name
        return False
    try:
        return entry.is_file(follow_symlinks=False) and entry.stat(follow_symlinks=False).st_size <= FILE_SIZE_MAX
    except OSError:
        return False


def _is_env(path: Path) -> bool:
    return path.name == ".env" or path.name.startswith(".env.") or path.suffix == ".env"
