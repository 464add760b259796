"""Forms in which a token or ticket is copied: the value alone, or as a line that a program or a shell takes."""

from enum import StrEnum

from guarddog_gui.domain.tokens.record import TokenKind

_CURL_PATH = "/cgi-bin/get_api_domain_ip"  # a call without parameters that every account may make: getApiDomainIp


class CopyFormat(StrEnum):
    """Form of a copied value; the names are in `settings.json`."""

    VALUE = "value"
    CURL = "curl"
    ENV = "env"
    JSON = "json"
    APPID = "appid"  # no secret


def copy_formats_for(kind: TokenKind) -> tuple[CopyFormat, ...]:
    """Return the forms that a key has: no call of WeChat's API takes a ticket."""
    formats = tuple(CopyFormat)
    return formats if kind is TokenKind.ACCESS_TOKEN else tuple(f for f in formats if f is not CopyFormat.CURL)


def usable_format(copy_format: CopyFormat, kind: TokenKind) -> CopyFormat:
    """Return the form that was chosen for an account, or the value alone for a key without that form."""
    return copy_format if copy_format in copy_formats_for(kind) else CopyFormat.VALUE


def render_copy(
    copy_format: CopyFormat, kind: TokenKind, value: str, *, appid: str, expires_at: float | None, api_base: str
) -> str:
    """Return the text for the clipboard, without a line break at its end.

    Args:
        copy_format: The form; one of `copy_formats_for(kind)`.
        kind: The key that the value belongs to.
        value: The token or ticket.
        appid: AppID of its account.
        expires_at: End of its life in Unix seconds; None if unknown.
        api_base: Address of WeChat's API, without a slash at its end.
    """
    match copy_format:
        case CopyFormat.APPID:
            return appid
        case CopyFormat.CURL:
            from urllib.parse import quote

            # a percent-encoded value means the same between double quotes in sh, cmd and PowerShell
            return f'curl "{api_base}{_CURL_PATH}?access_token={quote(value, safe="")}"'
        case CopyFormat.ENV:
            from shlex import quote as quote_for_shell

            return f"WECHAT_{kind}={quote_for_shell(value)}"
        case CopyFormat.JSON:
            import json

            expiry = {} if expires_at is None else {"expires_at": int(expires_at)}
            return json.dumps({"appid": appid, kind.lower(): value, **expiry}, ensure_ascii=False)
        case _:
            return value
