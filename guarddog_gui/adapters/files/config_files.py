"""Files with the account list and the settings, as JSON without secrets."""

import math
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from msgspec.structs import asdict, replace

from guarddog_gui.adapters.files.json_document import JsonDocument, JsonObject
from guarddog_gui.domain.accounts.account import STABLE_AHEAD_MAX_S, Account, Endpoint, Platform, stored_account_problem
from guarddog_gui.domain.errors import FileError
from guarddog_gui.domain.exports.targets import target_to_dict, targets_from_list
from guarddog_gui.domain.refresh.notification_kinds import NotificationKind
from guarddog_gui.domain.settings import LogLevel, Settings, Theme, TrayStyle, settings_problem


class AccountsFile(JsonDocument[tuple[Account, ...]]):
    """`accounts.json`, for use from any thread and from several processes at once."""

    def __init__(self, path: Path) -> None:
        # the user may have the list open in an editor: reading it must not write it
        super().__init__(path, parse_accounts, _serialize_accounts, repair_on_load=False)

    def changed_at(self) -> float:
        """Return the time of the last change (Unix seconds), 0 without a file."""
        stamp = self.stamp()
        return 0.0 if stamp is None else stamp[0] / 1e9


class SettingsFile(JsonDocument[Settings]):
    """`settings.json`. `load_error` is the reason why the last `load` returned the defaults."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, parse_settings, _serialize_settings)
        self.load_error: FileError | None = None

    def load(self) -> Settings:
        """Return the settings, with defaults for what cannot be read. Never raises."""
        self.load_error = None
        try:
            return super().load()
        except FileError as error:
            self.load_error = error
            return Settings()

    def save(self, settings: Settings) -> None:
        """Replace the settings. Raises FileError."""
        self.update(lambda _: settings)


def parse_accounts(fields: JsonObject) -> tuple[tuple[Account, ...], bool]:
    """Return the valid accounts of `accounts.json`, and whether all are valid."""
    items = fields.get("accounts", [])
    if not isinstance(items, list):
        return (), False
    accounts: dict[str, Account] = {}
    for account in map(_parse_account, items):
        if account is not None:
            accounts.setdefault(account.appid, account)
    return tuple(accounts.values()), len(accounts) == len(items)


def _parse_account(item: object) -> Account | None:
    if not isinstance(item, dict):
        return None
    appid, name, dog_dir = item.get("appid"), item.get("name"), item.get("dog_dir")
    ahead, card_ticket = item.get("ahead", STABLE_AHEAD_MAX_S), item.get("card_ticket", False)
    js_domains, exports = item.get("js_domains", []), targets_from_list(item.get("outlets", []))
    if not isinstance(appid, str) or not isinstance(name, str) or not isinstance(dog_dir, str | None):
        return None
    if type(ahead) is not int or type(card_ticket) is not bool or exports is None:
        return None
    if not isinstance(js_domains, list) or not all(isinstance(domain, str) for domain in js_domains):
        return None
    try:
        platform = Platform(item.get("platform", Platform.OFFICIAL))
        endpoint = Endpoint(item.get("endpoint", Endpoint.STABLE))
    except ValueError:
        return None
    account = Account(appid, name, platform, endpoint, dog_dir, ahead, card_ticket, tuple(js_domains), exports)
    return None if stored_account_problem(account) else account


def _serialize_accounts(accounts: tuple[Account, ...], previous_fields: JsonObject) -> JsonObject:
    items = previous_fields.get("accounts")
    objects = [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []
    previous = {item["appid"]: item for item in reversed(objects) if isinstance(item.get("appid"), str)}
    return {
        "accounts": [
            {
                **previous.get(account.appid, {}),  # with the fields that this version does not know
                "appid": account.appid,
                "name": account.name,
                "platform": account.platform,
                "endpoint": account.endpoint,
                "dog_dir": account.dog_dir,
                "ahead": account.ahead,
                "card_ticket": account.card_ticket,
                "js_domains": list(account.js_domains),
                "outlets": [target_to_dict(target) for target in account.exports],
            }
            for account in accounts
        ]
    }


def parse_settings(fields: JsonObject) -> tuple[Settings, bool]:
    """Return the settings, with defaults for invalid fields, and whether all fields are valid."""
    settings = Settings()
    valid_names: set[str] = set()
    for name, parse in _SETTING_PARSERS.items():
        with suppress(KeyError, ValueError):
            changed = replace(settings, **{name: parse(fields[name])})
            if settings_problem(changed) is None:
                settings = changed
                valid_names.add(name)
    return settings, valid_names == _SETTING_PARSERS.keys() & fields.keys()


def _serialize_settings(settings: Settings, _previous_fields: JsonObject) -> JsonObject:
    return {**asdict(settings), "notices": sorted(settings.notices)}


def _exact_type(expected_type: type) -> Callable[[object], object]:
    """Return a parser for values of this type but not of its subtypes: a bool is an int, too."""

    def parse(field: object) -> object:
        if type(field) is not expected_type:
            raise ValueError(field)
        return field

    return parse


def _parse_api_base(field: object) -> str:
    """Normalize like `normalize_api_base`: addresses that differ only by a slash must compare equal."""
    return str(_exact_type(str)(field)).strip().rstrip("/")


def _parse_notification_kinds(field: object) -> frozenset[NotificationKind]:
    if not isinstance(field, list):
        raise ValueError(field)  # noqa: TRY004 - one exception for everything invalid
    return frozenset(map(NotificationKind, field))


def _parse_optional_timestamp(field: object) -> float | None:
    if field is None:
        return None
    if isinstance(field, bool) or not isinstance(field, int | float) or not math.isfinite(field):
        raise ValueError(field)
    return float(field)


_SETTING_PARSERS: dict[str, Callable[[Any], Any]] = {
    "language": _exact_type(str),
    "clipboard_s": _exact_type(int),
    "notices": _parse_notification_kinds,
    "api_base": _parse_api_base,
    "theme": Theme,
    "tray_style": TrayStyle,
    "log_level": LogLevel,
    "close_hint_shown": _exact_type(bool),
    "paused_until": _parse_optional_timestamp,
}
