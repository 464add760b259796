"""The account list and the settings on disk, as JSON without secrets."""

import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from guarddog_gui.adapters.files.json_document import Codec, DocumentStamp, JsonDocument, JsonObject
from guarddog_gui.domain.accounts.account import (
    STABLE_AHEAD_MAX_S,
    Account,
    Endpoint,
    Platform,
    stored_account_problem,
)
from guarddog_gui.domain.errors import FileError
from guarddog_gui.domain.exports.targets import target_to_dict, targets_from_list
from guarddog_gui.domain.refresh.notification_kinds import NotificationKind
from guarddog_gui.domain.settings import LogLevel, Settings, Theme, TrayStyle, settings_problem


class AccountsFile:
    """`accounts.json`; safe to use from any thread and from several programs."""

    def __init__(self, path: Path) -> None:
        # a person may have the list open in an editor: reading it must not write it
        shape = Codec(parse_accounts, _serialize_accounts)
        self._document = JsonDocument(path, shape, repair_on_load=False)

    @property
    def damaged_backup(self) -> Path | None:
        """The copy of a damaged file, when one was found since the start."""
        return self._document.damaged_backup

    @property
    def is_damaged(self) -> bool:
        """Whether the last read met a damaged file, of which only the good part was given."""
        return self._document.is_damaged

    def stamp(self) -> DocumentStamp | None:
        """Something that differs after another program has changed the list; None without a file."""
        return self._document.stamp()

    def changed_at(self) -> float:
        """When somebody has last changed the list, in Unix seconds; 0 without a file."""
        stamp = self._document.stamp()
        return 0.0 if stamp is None else stamp[0] / 1e9

    def load(self) -> tuple[Account, ...]:
        """The accounts that can be read. Raises FileTrouble when the file is there and cannot be opened."""
        return self._document.load()

    def load_read_only(self) -> tuple[Account, ...]:
        """The accounts that can be read, with nothing written whatever is wrong. Raises FileTrouble."""
        return self._document.load_read_only()

    def update(self, edit: Callable[[tuple[Account, ...]], tuple[Account, ...]]) -> None:
        """Read, edit and write under a lock, in one step. Raises FileTrouble."""
        self._document.update(edit)


class SettingsFile:
    """`settings.json`. `trouble` says why the last `load` fell back to the defaults."""

    def __init__(self, path: Path) -> None:
        self._document = JsonDocument(path, Codec(parse_settings, _serialize_settings))
        self.load_error: FileError | None = None

    @property
    def damaged_backup(self) -> Path | None:
        """The copy of a damaged file, when one was found since the start."""
        return self._document.damaged_backup

    def stamp(self) -> DocumentStamp | None:
        """Something that differs after another program has changed the settings; None without a file."""
        return self._document.stamp()

    def load(self) -> Settings:
        """The settings, with defaults for what cannot be read. Never raises."""
        self.load_error = None
        try:
            return self._document.load()
        except FileError as trouble:
            self.load_error = trouble
            return Settings()

    def load_read_only(self) -> Settings:
        """The settings that can be read, with nothing written whatever is wrong. Raises FileTrouble."""
        return self._document.load_read_only()

    def save(self, settings: Settings) -> None:
        """Replace the settings. Raises FileTrouble."""
        self._document.update(lambda _: settings)


def parse_accounts(fields: JsonObject) -> tuple[tuple[Account, ...], bool]:
    """The good accounts of `accounts.json`, and whether all were good."""
    items = fields.get("accounts", [])
    if not isinstance(items, list):
        return (), False
    accounts: dict[str, Account] = {}
    for item in items:
        account = _parse_account(item)
        if account is not None:
            accounts.setdefault(account.appid, account)
    return tuple(accounts.values()), len(accounts) == len(items)


def _parse_account(item: object) -> Account | None:
    if not isinstance(item, dict):
        return None
    appid, name = item.get("appid"), item.get("name")
    dog_dir, ahead = item.get("dog_dir"), item.get("ahead", STABLE_AHEAD_MAX_S)
    card_ticket, js_domains = item.get("card_ticket", False), item.get("js_domains", [])
    if not isinstance(appid, str) or not isinstance(name, str) or type(ahead) is not int:
        return None
    if (dog_dir is not None and not isinstance(dog_dir, str)) or not isinstance(card_ticket, bool):
        return None
    if not isinstance(js_domains, list) or not all(isinstance(domain, str) for domain in js_domains):
        return None
    outlets = targets_from_list(item.get("outlets", []))
    if outlets is None:
        return None
    try:
        platform = Platform(item.get("platform", Platform.OFFICIAL))
        endpoint = Endpoint(item.get("endpoint", Endpoint.STABLE))
    except ValueError:
        return None
    account = Account(
        appid, name, platform, endpoint, dog_dir, ahead, card_ticket, tuple(js_domains), outlets
    )
    return None if stored_account_problem(account) else account


def _serialize_accounts(accounts: tuple[Account, ...], previous_fields: JsonObject) -> JsonObject:
    items = previous_fields.get("accounts")
    had: dict[object, JsonObject] = {}
    for item in items if isinstance(items, list) else ():
        if isinstance(item, dict) and isinstance(item.get("appid"), str):
            had.setdefault(item["appid"], item)
    return {
        "accounts": [
            {
                **had.get(account.appid, {}),
                "appid": account.appid,
                "name": account.name,
                "platform": account.platform,
                "endpoint": account.endpoint,
                "dog_dir": account.dog_dir,
                "ahead": account.ahead,
                "card_ticket": account.card_ticket,
                "js_domains": list(account.js_domains),
                "outlets": [target_to_dict(outlet) for outlet in account.exports],
            }
            for account in accounts
        ]
    }


def parse_settings(fields: JsonObject) -> tuple[Settings, bool]:
    """The settings that can be used, defaults for the rest, and whether all could be used."""
    settings = Settings()
    is_whole = True
    for name, parse in _SETTING_PARSERS.items():
        if name not in fields:
            continue
        try:
            changed = replace(settings, **{name: parse(fields[name])})
        except ValueError:
            is_whole = False
            continue
        if settings_problem(changed) is None:
            settings = changed
        else:
            is_whole = False
    return settings, is_whole


def _serialize_settings(settings: Settings, _previous_fields: JsonObject) -> JsonObject:
    return {
        "language": settings.language,
        "clipboard_s": settings.clipboard_s,
        "notices": sorted(settings.notices),
        "api_base": settings.api_base,
        "theme": settings.theme,
        "tray_style": settings.tray_style,
        "log_level": settings.log_level,
        "close_hint_shown": settings.close_hint_shown,
        "paused_until": settings.paused_until,
    }


def _parser_for_type(expected_type: type) -> Callable[[object], object]:
    def parse(field: object) -> object:
        if type(field) is not expected_type:
            raise ValueError(field)
        return field

    return parse


def _parse_api_base(field: object) -> str:
    """As `checked_api_base` gives it: what is compared with an address must not differ by a slash."""
    text = _parser_for_type(str)(field)
    return str(text).strip().rstrip("/")


def _parse_notification_kinds(field: object) -> frozenset[NotificationKind]:
    if not isinstance(field, list):
        raise ValueError(field)  # noqa: TRY004 - one exception for all that cannot be used
    return frozenset(map(NotificationKind, field))


def _parse_optional_timestamp(field: object) -> float | None:
    if field is None:
        return None
    if isinstance(field, bool) or not isinstance(field, int | float) or not math.isfinite(field):
        raise ValueError(field)
    return float(field)


_SETTING_PARSERS: dict[str, Callable[[Any], Any]] = {
    "language": _parser_for_type(str),
    "clipboard_s": _parser_for_type(int),
    "notices": _parse_notification_kinds,
    "api_base": _parse_api_base,
    "theme": Theme,
    "tray_style": TrayStyle,
    "log_level": LogLevel,
    "close_hint_shown": _parser_for_type(bool),
    "paused_until": _parse_optional_timestamp,
}
