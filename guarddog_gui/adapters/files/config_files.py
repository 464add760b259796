"""Files with the account list and the settings, as JSON without secrets."""

from collections.abc import Callable
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import convert, to_builtins
from msgspec.structs import replace

from guarddog_gui.adapters.files.json_document import JsonDocument, JsonObject
from guarddog_gui.adapters.files.lock import WaitListener
from guarddog_gui.domain.accounts.account import Account, appid_problem, stored_account_problem
from guarddog_gui.domain.accounts.removal import PendingRemoval, has_undoable_removal, with_removal, without_removal
from guarddog_gui.domain.accounts.route import split_proxy
from guarddog_gui.domain.errors import BadInput, FileError
from guarddog_gui.domain.exports.targets import target_to_dict, targets_from_list
from guarddog_gui.domain.settings import Settings, settings_problem

if TYPE_CHECKING:  # hardly ever needed
    from guarddog_gui.domain.transfer import PendingImport

ListEdit = Callable[[tuple[Account, ...]], tuple[Account, ...]]

_ACCOUNT_FIELDS = frozenset(Account.__struct_encode_fields__)
_REMOVALS = "removals"  # name of the field with the pending removals
_IMPORT = "import"  # name of the field with the import that has begun


class AccountsFile(JsonDocument[tuple[Account, ...]]):
    """`accounts.json`, for use from any thread and from several processes at once."""

    def __init__(self, path: Path, on_long_wait: WaitListener | None = None) -> None:
        # the user may have the list open in an editor: reading it must not write it
        super().__init__(path, parse_accounts, _serialize_accounts, repair_on_load=False, on_long_wait=on_long_wait)

    def changed_at(self) -> float:
        """Return the time of the last change (Unix seconds), 0 without a file."""
        stamp = self.stamp()
        return 0.0 if stamp is None else stamp[0] / 1e9

    def pending_removals(self) -> tuple[PendingRemoval, ...]:
        """Return the removals that are not finished. Raises FileError."""
        return _parse_removals(self._read().raw_fields)

    def start_removal(self, removal: PendingRemoval, *, if_unlisted: bool = False) -> None:
        """Take the account out of the list, if it is there, and store its removal. Raises FileError.

        With `if_unlisted` an account that is in the list stays there, and nothing is stored; nor is a removal
        replaced that can be undone.

        Both are in one file, so a process that is killed leaves the account in the list or its removal
        stored, never neither.
        """

        def edit(accounts: tuple[Account, ...], fields: JsonObject) -> tuple[tuple[Account, ...], JsonObject]:
            others = tuple(account for account in accounts if account.appid != removal.appid)
            pending = _parse_removals(fields)
            if if_unlisted and (others != accounts or has_undoable_removal(pending, removal.appid)):
                return accounts, fields
            return others, {**fields, _REMOVALS: list(map(_removal_to_dict, with_removal(pending, removal)))}

        self._update_fields(edit)

    def finish_removal(self, appid: str) -> None:
        """Drop the stored removal of this account: nothing of it is left. Raises FileError."""

        def edit(accounts: tuple[Account, ...], fields: JsonObject) -> tuple[tuple[Account, ...], JsonObject]:
            pending = without_removal(_parse_removals(fields), appid)
            return accounts, {**fields, _REMOVALS: list(map(_removal_to_dict, pending))}

        self._update_fields(edit)

    def pending_import(self) -> "PendingImport | None":
        """Return the import that has begun and not ended. Raises FileError."""
        return _parse_pending_import(self._read().raw_fields.get(_IMPORT))

    def store_import(self, pending: "PendingImport | None", edit: ListEdit | None = None) -> None:
        """Replace the stored import, None if there is none, and edit the list in the same write. Raises FileError."""

        def edit_fields(accounts: tuple[Account, ...], fields: JsonObject) -> tuple[tuple[Account, ...], JsonObject]:
            others = {name: field for name, field in fields.items() if name != _IMPORT}
            stored = {} if pending is None else {_IMPORT: _pending_import_to_dict(pending)}
            return accounts if edit is None else edit(accounts), {**others, **stored}

        self._update_fields(edit_fields)


class SettingsFile(JsonDocument[Settings]):
    """`settings.json`. `load_error` is the reason why the last `load` returned the defaults."""

    def __init__(self, path: Path, on_long_wait: WaitListener | None = None) -> None:
        super().__init__(path, parse_settings, _serialize_settings, on_long_wait=on_long_wait)
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
    if not isinstance(item, dict) or (exports := targets_from_list(item.get("outlets", []))) is None:
        return None
    # only the known fields: msgspec accepts no others whose names UTF-8 cannot encode
    known = {name: item[name] for name in _ACCOUNT_FIELDS & item.keys()}
    if isinstance(proxy := known.get("proxy"), str):
        known["proxy"] = _without_password(proxy)
    try:
        account = convert({**known, "outlets": exports}, Account)
    except ValueError:
        return None
    return None if stored_account_problem(account) else account


def _without_password(proxy: str) -> str:
    """Return a proxy without the password that was written into the file by hand; it belongs into the keyring."""
    try:
        return split_proxy(proxy)[0]
    except BadInput:
        return proxy  # the account is refused


def _serialize_accounts(accounts: tuple[Account, ...], previous_fields: JsonObject) -> JsonObject:
    items = previous_fields.get("accounts")
    objects = [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []
    previous = {item["appid"]: item for item in reversed(objects) if isinstance(item.get("appid"), str)}
    listed = {account.appid for account in accounts}
    # an account that was added again must not lose its new secret
    removals = [
        _removal_to_dict(removal) for removal in _parse_removals(previous_fields) if removal.appid not in listed
    ]
    return {
        **({_REMOVALS: removals} if _REMOVALS in previous_fields else {}),
        "accounts": [
            {
                **previous.get(account.appid, {}),  # with the fields that this version does not know
                **account_to_dict(account),
            }
            for account in accounts
        ],
    }


def account_to_dict(account: Account) -> JsonObject:
    return {**to_builtins(account), "outlets": [target_to_dict(target) for target in account.exports]}


def _removal_to_dict(removal: PendingRemoval) -> JsonObject:
    removed = account_to_dict(removal.removed) if removal.removed is not None else None
    return {**to_builtins(replace(removal, removed=None)), "removed": removed}


def _parse_removals(fields: JsonObject) -> tuple[PendingRemoval, ...]:
    items = fields.get(_REMOVALS)
    removals = map(_parse_removal, items if isinstance(items, list) else ())
    return tuple(removal for removal in removals if removal is not None)


def _parse_removal(item: object) -> PendingRemoval | None:
    if not isinstance(item, dict):
        return None
    try:
        removal = convert({**item, "removed": None}, PendingRemoval)
    except ValueError:
        return None
    removed = _parse_account(item.get("removed"))  # without it the removal cannot be undone, only finished
    if removed is not None and removed.appid == removal.appid and isfinite(removal.undo_until):
        removal = replace(removal, removed=removed)
    return None if stored_account_problem(removal.account) else removal


def _pending_import_to_dict(pending: "PendingImport") -> JsonObject:
    fields: JsonObject = to_builtins(replace(pending, settings=None))
    return fields | ({} if pending.settings is None else {"settings": settings_to_dict(pending.settings)})


def _parse_pending_import(item: object) -> "PendingImport | None":
    if not isinstance(item, dict):
        return None
    from guarddog_gui.domain.transfer import PendingImport

    try:
        pending = convert({**item, "settings": None}, PendingImport)
    except ValueError:
        return None
    if any(map(appid_problem, pending.appids)):
        return None
    settings = item.get("settings")
    return replace(pending, settings=parse_settings(settings)[0]) if isinstance(settings, dict) else pending


def parse_settings(fields: JsonObject) -> tuple[Settings, bool]:
    """Return the settings, with defaults for invalid fields, and whether all fields are valid."""
    known = {name: fields[name] for name in Settings.__struct_fields__ if name in fields}
    valid = {name: field for name, field in known.items() if _is_valid_setting(name, field)}
    settings = convert(valid, Settings)
    # like `normalize_api_base`: addresses that differ only by a slash must compare equal
    return replace(settings, api_base=settings.api_base.strip().rstrip("/")), len(valid) == len(known)


def _is_valid_setting(name: str, field: object) -> bool:
    try:
        settings = convert({name: field}, Settings)
    except ValueError:
        return False
    return settings_problem(settings) is None and isfinite(settings.paused_until or 0.0)


def _serialize_settings(settings: Settings, _previous_fields: JsonObject) -> JsonObject:
    return settings_to_dict(settings)


def settings_to_dict(settings: Settings) -> JsonObject:
    fields: JsonObject = to_builtins(settings, order="deterministic")  # which sorts the set
    return fields
