"""Texts in which other programs keep tokens and tickets in Redis."""

import json
import re

from guarddog_gui.domain.sharing.settings import KeyFormat

VALUE_LENGTH_MAX = 2048  # characters; WeChat's tokens have up to 512
_PHP_STRING = re.compile(rb's:(\d{1,5}):"(.*)";', re.DOTALL)
_JSON_FIELDS = ("access_token", "accessToken", "ticket", "jsapi_ticket", "value")
# wechatpy looks up when a ticket ends beside the ticket, and its version 2 does so for tokens
EXPIRES_AT_SUFFIX = "_expires_at"


def encode_value(key_format: KeyFormat, value: str) -> str:
    """Return a value in the form of a program.

    PHP counts the bytes of a serialised string. Values are ASCII, as `is_plain_value` has checked.
    """
    match key_format:
        case KeyFormat.WECHATPY:
            return json.dumps(value)
        case KeyFormat.SYMFONY:
            return f's:{len(value)}:"{value}";'
        case _:
            return value


def decode_value(data: bytes) -> str | None:
    """Return the value in any of the forms: raw, a JSON text, a JSON object or a serialised PHP string.

    The form is recognised rather than looked up: silenceper has changed its own, and serializers can be configured.
    """
    if len(data) > VALUE_LENGTH_MAX:
        return None
    php = _PHP_STRING.fullmatch(data)
    if php is not None:
        return _as_plain(php.group(2).decode("ascii", "replace")) if len(php.group(2)) == int(php.group(1)) else None
    text = data.decode("utf-8", "replace").strip()
    if text.startswith(('"', "{")):
        try:
            parsed = json.loads(text)
        except ValueError:
            return None
        if isinstance(parsed, dict):
            parsed = next((parsed[name] for name in _JSON_FIELDS if parsed.get(name)), None)
        return _as_plain(parsed) if isinstance(parsed, str) else None
    return _as_plain(text)


def is_plain_value(text: str) -> bool:
    """Return True if the text can be a token: printable ASCII without blanks, quotes and the like."""
    return re.fullmatch(r"[A-Za-z0-9_\-+/=.~|:]{1,2048}", text) is not None


def _as_plain(text: str) -> str | None:
    return text if is_plain_value(text) else None
