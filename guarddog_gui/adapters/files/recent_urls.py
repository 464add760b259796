"""The addresses that were signed lately on disk: private, because an address may say more than it seems."""

import json
import os
from collections.abc import Callable
from pathlib import Path

from guarddog_gui.adapters.files.atomic import read_file, replace_file
from guarddog_gui.adapters.files.lock import locked
from guarddog_gui.adapters.files.paths import private_folder
from guarddog_gui.domain.errors import FileTrouble, LockBusy
from guarddog_gui.domain.signing.recent_urls import LENGTH_MAX, MOST, with_url

VERSION = 1
SIZE_MAX = 8 * 1024 * 1024  # bytes; two hundred accounts have less
LOCK_WAIT_S = 1.0

_Urls = dict[str, tuple[str, ...]]


class RecentUrlFile:
    """`recent_urls.json`; safe to use from any thread and from several programs."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def recent(self, appid: str) -> tuple[str, ...]:
        """Newest first; none where the file cannot be read."""
        return self._read().get(appid, ())

    def remember(self, appid: str, url: str) -> None:
        """Put it first. Never raises: nobody signs an address in order to have it kept."""
        try:
            self._change(lambda urls: {**urls, appid: with_url(urls.get(appid, ()), url)})
        except FileTrouble:
            pass

    def clear(self, appid: str) -> None:
        """Forget the addresses of this account. Raises FileTrouble."""
        if self._path.exists():
            self._change(lambda urls: {other: kept for other, kept in urls.items() if other != appid})

    def _change(self, edit: Callable[[_Urls], _Urls]) -> None:
        private_folder(self._path.parent)
        try:
            with locked(self._path.with_name(f".{self._path.name}.lock"), LOCK_WAIT_S):
                fields = {"version": VERSION, "urls": edit(self._read())}
                text = json.dumps(fields, ensure_ascii=False, indent=2) + "\n"
                # what was typed may hold half characters; JSON spells them \udcxx
                replace_file(self._path, text.encode(errors="backslashreplace"))
        except LockBusy:
            raise FileTrouble(os.fspath(self._path), "another program is changing it") from None

    def _read(self) -> _Urls:
        try:
            data = read_file(self._path, SIZE_MAX, follow=True)
            fields = json.loads(data.decode()) if data else None
        except (FileTrouble, ValueError, RecursionError):
            return {}  # nothing in it is worth a copy of the damaged file
        urls = fields.get("urls") if isinstance(fields, dict) else None
        return {appid: _kept(kept) for appid, kept in urls.items()} if isinstance(urls, dict) else {}


def _kept(urls: object) -> tuple[str, ...]:
    if not isinstance(urls, list):
        return ()
    return tuple(url for url in urls if isinstance(url, str) and 0 < len(url) <= LENGTH_MAX)[:MOST]
