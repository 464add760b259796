"""Kinds of mistakes in a signature, and the part of the signed string that each of them is in."""

from enum import StrEnum

from msgspec import Struct


class MistakeLocation(StrEnum):
    """Part of the signed string, or of the way it is made, that a mistake is in."""

    URL = "url"
    TICKET = "ticket"
    NONCE = "nonce"
    TIMESTAMP = "timestamp"
    STRING = "string"
    PAIR = "pair"  # two mistakes at once


class MistakeKind(StrEnum):
    """Mistake made while signing."""

    # the URL
    FRAGMENT = "fragment"
    SLASH_MISSING = "slash-missing"
    SLASH_ADDED = "slash-added"
    HTTP = "http"  # signed with http; the page is https
    HTTPS = "https"
    PORT_MISSING = "port-missing"
    PORT_ADDED = "port-added"
    PORT_OTHER = "port-other"
    ENCODED = "encoded"  # encodeURIComponent
    ESCAPED = "escaped"  # encodeURI
    DECODED = "decoded"
    DECODED_TWICE = "decoded-twice"
    SHARE_PARAMETER_MISSING = "share-missing"  # parameters that WeChat, OAuth and campaigns add
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
    OTHER_URL = "other-url"  # the URL that was pasted with the config
    # the ticket
    OLD_TICKET = "old-ticket"
    OTHER_ACCOUNT = "other-account"
    ACCESS_TOKEN = "access-token"  # noqa: S105 - the name of a mistake
    CARD_TICKET = "card-ticket"
    FOREIGN_TICKET = "foreign-ticket"  # pasted with the config, and unknown to Guard Dog
    TICKET_WHITESPACE = "ticket-blank"
    # the nonce
    NONCE_NAME = "nonce-name"
    NONCE_CASE = "nonce-case"
    NONCE_WHITESPACE = "nonce-blank"
    # the timestamp
    TIMESTAMP_MS = "time-ms"  # signed in milliseconds; wx.config has seconds
    TIMESTAMP_SECONDS = "time-seconds"  # signed in seconds; wx.config has milliseconds
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


class Mistake(Struct, frozen=True):
    """One mistake: the part that was signed, and the correct part. Neither is ever a ticket."""

    kind: MistakeKind
    signed: str = ""
    expected: str = ""


Mistakes = tuple[Mistake, ...]
