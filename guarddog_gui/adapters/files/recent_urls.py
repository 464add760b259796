"""File with the recently signed URLs, readable by the user only: URLs may contain private data."""

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from guarddog_gui.adapters.files.atomic import read_file
from guarddog_gui.adapters.files.json_document import is_newer_version, parse_json_object, write_json
from guarddog_gui.adapters.files.lock import lock_beside
from guarddog_gui.domain.errors import FileError
from guarddog_gui.domain.problems import FileErrorReason
from guarddog_gui.domain.signing.page_url import URL_LENGTH_MAX, URLS_MAX, add_recent_url

RECENT_URLS_VERSION = 1
RECENT_URLS_SIZE_MAX = 8 * 1024 * 1024  # bytes; two hundred accounts have less
RECENT_URLS_LOCK_TIMEOUT_S = 1.0

_UrlsByAppid = dict[str, tuple[str, ...]]


class RecentUrlsFile:
    """`recent_urls.json`, for use from any thread and from several processes at once."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def recent(self, appid: str) -> tuple[str, ...]:
        return self._read().get(appid, ())

    def add(self, appid: str, url: str) -> None:
        """Store a URL as the newest. Never raises: signing must not fail because of this list."""
        with suppress(FileError):
            self._update(lambda urls: {**urls, appid: add_recent_url(urls.get(appid, ()), url)})

    def clear(self, appid: str) -> None:
        if os.path.lexists(self._path):
            self._update(lambda urls: {key: value for key, value in urls.items() if key != appid})

    def _update(self, edit: Callable[[_UrlsByAppid], _UrlsByAppid]) -> None:
        with lock_beside(self._path, RECENT_URLS_LOCK_TIMEOUT_S):
            fields = self._read_fields()
            if is_newer_version(fields.get("version"), RECENT_URLS_VERSION):
                raise FileError(os.fspath(self._path), FileErrorReason.NEWER_VERSION)
            write_json(self._path, {"version": RECENT_URLS_VERSION, "urls": edit(_urls_in(fields))})

    def _read(self) -> _UrlsByAppid:
        try:
            return _urls_in(self._read_fields())
        except FileError:
            return {}

    def _read_fields(self) -> dict[str, object]:
        """Return the fields of the file, none for a damaged one. Raises FileError: an update must not lose URLs."""
        data = read_file(self._path, RECENT_URLS_SIZE_MAX, follow_symlinks=True) or b""
        return parse_json_object(data) or {}


def _urls_in(fields: dict[str, object]) -> _UrlsByAppid:
    urls = fields.get("urls")
    return {appid: _valid_urls(value) for appid, value in urls.items()} if isinstance(urls, dict) else {}


def _valid_urls(urls: object) -> tuple[str, ...]:
    if not isinstance(urls, list):
        return ()
    return tuple(url for url in urls if isinstance(url, str) and 0 < len(url) <= URL_LENGTH_MAX)[:URLS_MAX]
