"""What can be wrong with a signature: every kind of mistake, and where each of them sits."""

from dataclasses import dataclass
from enum import StrEnum


class MistakeLocation(StrEnum):
    """The part of the signed string, or of the way to it, that a mistake is in."""

    URL = "url"
    TICKET = "ticket"
    NONCE = "nonce"
    TIMESTAMP = "timestamp"
    STRING = "string"
    PAIR = "pair"  # two mistakes at once


class MistakeKind(StrEnum):
    """Mistake that was made when the page was signed."""

    # the URL
    FRAGMENT = "fragment"
    SLASH_MISSING = "slash-missing"
    SLASH_ADDED = "slash-added"
    HTTP = "http"  # signed so; the page is https
    HTTPS = "https"
    PORT_MISSING = "port-missing"
    PORT_ADDED = "port-added"
    PORT_OTHER = "port-other"
    ENCODED = "encoded"  # encodeURIComponent
    ESCAPED = "escaped"  # encodeURI
    DECODED = "decoded"
    DECODED_TWICE = "decoded-twice"
    SHARE_PARAMETER_MISSING = "share-missing"  # what WeChat, OAuth and campaigns put into a query
    SHARE_PARAMETER_ADDED = "share-added"
    PARAMETER_MISSING = "parameter-missing"
    PARAMETER_ADDED = "parameter-added"
    QUERY_MISSING = "query-missing"
    QUERY_ORDER = "query-order"
    URL_HTML_AMPERSAND = "url-amp"
    HOST_CASE = "host-case"
    WWW_MISSING = "www-missing"
    WWW_ADDED = "www-added"
    URL_WHITESPACE = "url-blank"
    SITE_ROOT = "site-root"
    ENTRY_URL = "entry-url"
    OTHER_URL = "other-url"  # the one that came with the config
    # the ticket
    OLD_TICKET = "old-ticket"
    OTHER_ACCOUNT = "other-account"
    ACCESS_TOKEN = "access-token"  # noqa: S105 - the name of a mistake
    CARD_TICKET = "card-ticket"
    FOREIGN_TICKET = "foreign-ticket"  # pasted along, and not one that Guard Dog knows
    TICKET_WHITESPACE = "ticket-blank"
    # the nonce
    NONCE_NAME = "nonce-name"
    NONCE_CASE = "nonce-case"
    NONCE_WHITESPACE = "nonce-blank"
    # the timestamp
    TIMESTAMP_MS = "time-ms"  # signed so; wx.config has seconds
    TIMESTAMP_SECONDS = "time-seconds"  # signed so; wx.config has milliseconds
    TIMESTAMP_MS_BOTH = "time-ms-both"
    TIMESTAMP_FRACTION = "time-fraction"
    TIMESTAMP_QUOTED = "time-quoted"
    # the string and its hash
    FIELD_ORDER = "field-order"
    FIELD_NAME = "field-name"
    APPID_FIELD = "appid-field"
    TIMES_SIGN = "times-sign"
    HTML_AMPERSAND = "amp"
    UPPER_CASE = "upper-case"
    MD5 = "md5"
    SHA256 = "sha256"
    # wx.config itself
    WRONG_APPID = "wrong-appid"


@dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake: the part that was signed, and what belongs in its place. Neither is ever a ticket."""

    kind: MistakeKind
    signed: str = ""
    expected: str = ""


Mistakes = tuple[Mistake, ...]
