"""What a project folder holds for an account: AppIDs, secrets, and live values that other libraries keep in files."""

import json
from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Any

from msgspec import Struct

from guarddog_gui.domain.accounts.pasted_credentials import PastedCredentials, find_credentials
from guarddog_gui.domain.hidden_fields import HiddenFields
from guarddog_gui.domain.tokens.dog_format import dog_file_name, parse_token_record
from guarddog_gui.domain.tokens.record import TokenKind

PHP_GUARD_END = "?>"
_MILLISECONDS_MIN = 1e11  # a smaller number is in seconds
_JSSDK_LIFE_S = 119 * 60  # of wechat-jssdk, whatever WeChat has said
_KINDS = {dog_file_name(kind): kind for kind in TokenKind}


class ValueFormat(StrEnum):
    """Library that keeps a value in a file."""

    GUARD_DOG = "guard_dog"
    PHP_SAMPLE = "WeChat's PHP sample"
    INTERACTION = "wechat_interaction_jsapi"
    CO_WECHAT = "co-wechat-api"
    RUBY = "wechat (Ruby)"
    JSSDK = "wechat-jssdk"


class FoundValue(Struct, frozen=True):
    """Token or ticket in a file that has not expired; the value itself stays there."""

    kind: TokenKind
    file: str  # relative to the project
    format: ValueFormat
    expires_at: float


class FoundAccount(HiddenFields, Struct, frozen=True):
    """Account of a project, with the file and line in which its secret stands."""

    hidden_fields = ("secret",)

    appid: str
    file: str
    secret: str = ""
    secret_file: str = ""
    secret_line: int = 0
    name: str = ""
    is_mini_program: bool | None = None


class FoundProject(Struct, frozen=True):
    """Content of a project folder; `is_complete` is False if it was too large to be read as a whole."""

    folder: str
    accounts: tuple[FoundAccount, ...] = ()
    values: tuple[FoundValue, ...] = ()
    dog_folders: tuple[str, ...] = ()  # full paths
    is_complete: bool = True


def read_project_values(file: str, text: str, now: float) -> tuple[FoundValue, ...]:
    """Return the live values of a file; `file` is its path in the project, with slashes."""
    name = file.rpartition("/")[2]
    if name in _KINDS:
        record = parse_token_record(text)
        found = [(_KINDS[name], ValueFormat.GUARD_DOG, record.expires_at)] if record is not None else []
    else:
        found = list(_read_json_values(_parse_json(text)))
    return tuple(FoundValue(kind, file, form, expires_at) for kind, form, expires_at in found if expires_at > now)


def _parse_json(text: str) -> dict[str, Any]:
    """Return the object in the text, after the line with which the PHP sample guards it; empty if there is none."""
    if text.startswith("<?php"):
        text = text.partition(PHP_GUARD_END)[2]
    try:
        fields = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return fields if isinstance(fields, dict) else {}


def _read_json_values(fields: dict[str, Any]) -> Iterable[tuple[TokenKind, ValueFormat, float]]:
    expires_at = _number(fields.get("expire_time"))
    is_in_ms = expires_at >= _MILLISECONDS_MIN
    for name, kind in (("access_token", TokenKind.ACCESS_TOKEN), ("jsapi_ticket", TokenKind.JSAPI_TICKET)):
        if _is_text(fields.get(name)) and expires_at:
            form = ValueFormat.INTERACTION if is_in_ms else ValueFormat.PHP_SAMPLE
            yield kind, form, expires_at / 1000 if is_in_ms else expires_at
    expires_at = _number(fields.get("expireTime")) / 1000
    for name, kind in (("accessToken", TokenKind.ACCESS_TOKEN), ("ticket", TokenKind.JSAPI_TICKET)):
        if _is_text(fields.get(name)) and expires_at:
            yield kind, ValueFormat.CO_WECHAT, expires_at
    for name, prefix, kind in (
        ("access_token", "token", TokenKind.ACCESS_TOKEN),
        ("ticket", "ticket", TokenKind.JSAPI_TICKET),
    ):
        got_at = _number(fields.get(f"got_{prefix}_at"))
        if _is_text(fields.get(name)) and got_at:
            yield kind, ValueFormat.RUBY, got_at + _number(fields.get(f"{prefix}_expires_in"))
    shared = fields.get("globalToken")
    if isinstance(shared, dict):
        changed_at = _iso_time(shared.get("modifyDate"))
        for name, kind in (("accessToken", TokenKind.ACCESS_TOKEN), ("jsapi_ticket", TokenKind.JSAPI_TICKET)):
            if _is_text(shared.get(name)) and changed_at:
                yield kind, ValueFormat.JSSDK, changed_at + _JSSDK_LIFE_S


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value)


def _number(value: object) -> float:
    try:
        return float(value) if isinstance(value, int | float | str) and not isinstance(value, bool) else 0.0
    except (ValueError, OverflowError):
        return 0.0


def _iso_time(value: object) -> float:
    try:
        return datetime.fromisoformat(value).timestamp() if isinstance(value, str) else 0.0
    except (ValueError, OverflowError):
        return 0.0


def collect_accounts(files: Iterable[tuple[str, str]]) -> tuple[FoundAccount, ...]:
    """Return the accounts in these files (path and text), each AppID once, those with a secret first."""
    found: dict[str, FoundAccount] = {}
    lonely: list[tuple[str, PastedCredentials]] = []  # secrets in files without an AppID
    for file, text in files:
        for credentials in find_credentials(text):
            if not credentials.appid:
                lonely.append((file, credentials))
                continue
            account = _to_account(file, credentials)
            known = found.get(account.appid)
            found[account.appid] = account if known is None else _merge(known, account)
    accounts = sorted(found.values(), key=lambda account: not account.secret)
    if len(accounts) == 1 and not accounts[0].secret and len({each.secret for _, each in lonely}) == 1:
        file, credentials = lonely[0]
        accounts = [_merge(accounts[0], _to_account(file, credentials))]
    return tuple(accounts)


def _to_account(file: str, found: PastedCredentials) -> FoundAccount:
    secret_file = file if found.secret else ""
    return FoundAccount(
        found.appid, file, found.secret, secret_file, found.secret_line, found.name, found.is_mini_program
    )


def _merge(known: FoundAccount, other: FoundAccount) -> FoundAccount:
    source = known if known.secret else other
    is_mini_program = known.is_mini_program if known.is_mini_program is not None else other.is_mini_program
    return FoundAccount(
        known.appid, known.file, source.secret, source.secret_file, source.secret_line,
        known.name or other.name, is_mini_program,
    )  # fmt: skip
