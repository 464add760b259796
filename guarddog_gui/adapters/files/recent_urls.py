"""The addresses that were signed lately on disk: private, because an address may say more than it seems."""

import json
import os
from collections.abc import Callable
from pathlib import Path

from guarddog_gui.adapters.files.atomic import atomic_write, read_file
from guarddog_gui.adapters.files.lock import file_lock
from guarddog_gui.adapters.files.paths import create_private_folder
from guarddog_gui.domain.errors import FileError, LockBusy
from guarddog_gui.domain.signing.recent_urls import URL_LENGTH_MAX, URLS_MAX, add_recent_url

RECENT_URLS_VERSION = 1
RECENT_URLS_SIZE_MAX = 8 * 1024 * 1024  # bytes; two hundred accounts have less
RECENT_URLS_LOCK_TIMEOUT_S = 1.0

_UrlsByAppid = dict[str, tuple[str, ...]]


class RecentUrlsFile:
    """`recent_urls.json`; safe to use from any thread and from several programs."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def recent(self, appid: str) -> tuple[str, ...]:
        """Newest first; none where the file cannot be read."""
        return self._read().get(appid, ())

    def add(self, appid: str, url: str) -> None:
        """Put it first. Never raises: nobody signs an address in order to have it kept."""
        try:
            self._update(lambda urls: {**urls, appid: add_recent_url(urls.get(appid, ()), url)})
        except FileError:
            pass

    def clear(self, appid: str) -> None:
        """Forget the addresses of this account. Raises FileTrouble."""
        if self._path.exists():
            self._update(lambda urls: {other: kept for other, kept in urls.items() if other != appid})

    def _update(self, edit: Callable[[_UrlsByAppid], _UrlsByAppid]) -> None:
        create_private_folder(self._path.parent)
        try:
            with file_lock(self._path.with_name(f".{self._path.name}.lock"), RECENT_URLS_LOCK_TIMEOUT_S):
                fields = {"version": RECENT_URLS_VERSION, "urls": edit(self._read())}
                text = json.dumps(fields, ensure_ascii=False, indent=2) + "\n"
                # what was typed may hold half characters; JSON spells them \udcxx
                atomic_write(self._path, text.encode(errors="backslashreplace"))
        except LockBusy:
            raise FileError(os.fspath(self._path), "another program is changing it") from None

    def _read(self) -> _UrlsByAppid:
        try:
            data = read_file(self._path, RECENT_URLS_SIZE_MAX, follow_symlinks=True)
            fields = json.loads(data.decode()) if data else None
        except (FileError, ValueError, RecursionError):
            return {}  # nothing in it is worth a copy of the damaged file
        urls = fields.get("urls") if isinstance(fields, dict) else None
        return {appid: _valid_urls(kept) for appid, kept in urls.items()} if isinstance(urls, dict) else {}


def _valid_urls(urls: object) -> tuple[str, ...]:
    if not isinstance(urls, list):
        return ()
    return tuple(url for url in urls if isinstance(url, str) and 0 < len(url) <= URL_LENGTH_MAX)[:URLS_MAX]
