"""File with the calls of the API console, readable by the user only: it shows what the user works on."""

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import msgspec

from guarddog_gui.adapters.files.atomic import read_file
from guarddog_gui.adapters.files.json_document import JsonObject, is_newer_version, parse_json_object, write_json
from guarddog_gui.adapters.files.lock import lock_beside
from guarddog_gui.adapters.files.paths import create_private_folder
from guarddog_gui.domain.api.call_log import CALLS_MAX, Favourite, LoggedCall, add_call, with_favourite
from guarddog_gui.domain.errors import FileError
from guarddog_gui.domain.problems import FileErrorReason

API_CALLS_VERSION = 1
API_CALLS_SIZE_MAX = 16 * 1024 * 1024  # bytes; two hundred accounts have less
API_CALLS_LOCK_TIMEOUT_S = 1.0


class ApiCallsFile:
    """`api_calls.json`, for use from any thread and from several processes at once."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def calls(self, appid: str) -> tuple[LoggedCall, ...]:
        return _calls_in(self._read(), appid)

    def add(self, appid: str, call: LoggedCall) -> None:
        """Store a call as the newest. Never raises: a call must not fail because of this log."""

        def edit(fields: JsonObject) -> JsonObject:
            calls = add_call(_calls_in(fields, appid), call)
            return {"calls": {**_accounts_in(fields), appid: msgspec.to_builtins(calls)}}

        with suppress(FileError):
            self._update(edit)

    def clear(self, appid: str) -> None:
        def edit(fields: JsonObject) -> JsonObject:
            return {"calls": {key: value for key, value in _accounts_in(fields).items() if key != appid}}

        if os.path.lexists(self._path):
            self._update(edit)

    def favourites(self) -> tuple[Favourite, ...]:
        return _favourites_in(self._read())

    def set_favourite(self, favourite: Favourite, *, is_kept: bool) -> None:
        self._update(lambda fields: {"favourites": with_favourite(_favourites_in(fields), favourite, is_kept=is_kept)})

    def _update(self, edit: Callable[[JsonObject], JsonObject]) -> None:
        create_private_folder(self._path.parent)
        with lock_beside(self._path, API_CALLS_LOCK_TIMEOUT_S):
            fields = self._read_fields()
            if is_newer_version(fields.get("version"), API_CALLS_VERSION):
                raise FileError(os.fspath(self._path), FileErrorReason.NEWER_VERSION)
            write_json(self._path, {**fields, **edit(fields), "version": API_CALLS_VERSION})

    def _read(self) -> JsonObject:
        try:
            return self._read_fields()
        except FileError:
            return {}

    def _read_fields(self) -> JsonObject:
        """Return the fields of the file, none for a damaged one. Raises FileError: an update must not lose calls."""
        data = read_file(self._path, API_CALLS_SIZE_MAX, follow_symlinks=True) or b""
        return parse_json_object(data) or {}


def _accounts_in(fields: JsonObject) -> JsonObject:
    accounts = fields.get("calls")
    return accounts if isinstance(accounts, dict) else {}


def _calls_in(fields: JsonObject, appid: str) -> tuple[LoggedCall, ...]:
    """Return the calls of an account without those that are damaged."""
    stored = _accounts_in(fields).get(appid)
    calls = []
    for each in stored if isinstance(stored, list) else ():
        with suppress(msgspec.ValidationError):
            calls.append(msgspec.convert(each, LoggedCall))
    return tuple(calls[:CALLS_MAX])


def _favourites_in(fields: JsonObject) -> tuple[Favourite, ...]:
    try:
        return msgspec.convert(fields.get("favourites", ()), tuple[Favourite, ...])
    except msgspec.ValidationError:
        return ()
