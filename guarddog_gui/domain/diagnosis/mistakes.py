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
    QUESTION_MARK_MISSING = "question-mark-missing"  # of an empty query
    QUERY_ORDER = "query-order"
    URL_HTML_AMPERSAND = "url-amp"
    HOST_CASE = "host-case"
    WWW_MISSING = "www-missing"
    WWW_ADDED = "www-added"
    URL_WHITESPACE = "url-blank"
    SITE_ROOT = "site-root"
    ENTRY_PATH = "entry-path"  # a page of the same site at which a single-page app may have been entered
    ENTRY_URL = "entry-url"
    OTHER_URL = "other-url"  # the URL that was pasted with the config
    NO_URL = "no-url"  # a word such as `undefined` in its place
    SCHEME_MISSING = "scheme-missing"
    SCHEME_TWICE = "scheme-twice"
    HOST_ALONE = "host-alone"
    HOST_MISSING = "host-missing"
    INTERNAL_HOST = "internal-host"  # the name of the server behind the proxy
    DEFAULT_DOCUMENT_ADDED = "default-document-added"  # index.html and the like
    DEFAULT_DOCUMENT_MISSING = "default-document-missing"
    PATH_ADDED = "path-added"  # the context path of the server behind the proxy
    PATH_MISSING = "path-missing"
    DOUBLE_SLASH = "double-slash"
    LETTER_CASE = "url-case"
    URL_CUT = "url-cut"
    NULL_APPENDED = "null-appended"  # "?" + the text of a query that is null
    QUERY_REWRITTEN = "query-rewritten"
    REESCAPED = "reescaped"  # parameters were decoded and encoded again by other rules
    PLUS_SIGN = "plus-sign"
    ESCAPE_CASE = "escape-case"
    ENCODED_TWICE = "encoded-twice"
    OTHER_BYTES = "other-bytes"  # characters in another encoding than UTF-8, or lost in it
    URL_ENTITY = "url-entity"  # `&copy` became ©
    URL_QUOTED = "url-quoted"
    URL_BACKSLASH = "url-backslash"  # the escapes of JSON or of source code
    FRAGMENT_MERGED = "fragment-merged"
    # the ticket
    OLD_TICKET = "old-ticket"
    OTHER_ACCOUNT = "other-account"
    ACCESS_TOKEN = "access-token"  # noqa: S105 - the name of a mistake
    CARD_TICKET = "card-ticket"
    FOREIGN_TICKET = "foreign-ticket"  # pasted with the config, and unknown to Guard Dog
    TICKET_WHITESPACE = "ticket-blank"
    TICKET_CUT = "ticket-cut"
    TICKET_CASE = "ticket-case"
    TICKET_QUOTED = "ticket-quoted"
    TICKET_REPLY = "ticket-reply"  # the whole JSON of getticket
    NO_TICKET = "no-ticket"  # a word such as `undefined`, or the sample of WeChat's documentation
    # the nonce
    NONCE_NAME = "nonce-name"
    NONCE_CASE = "nonce-case"
    NONCE_WHITESPACE = "nonce-blank"
    NO_NONCE = "no-nonce"
    # the timestamp
    TIMESTAMP_MS = "time-ms"  # signed in milliseconds; wx.config has seconds
    TIMESTAMP_SECONDS = "time-seconds"  # signed in seconds; wx.config has milliseconds
    TIMESTAMP_MS_BOTH = "time-ms-both"
    TIMESTAMP_FRACTION = "time-fraction"
    TIMESTAMP_QUOTED = "time-quoted"
    TIMESTAMP_AGAIN = "time-again"  # the clock was read twice
    NO_TIMESTAMP = "no-timestamp"
    # the string and its hash
    FIELD_ORDER = "field-order"
    FIELD_NAME = "field-name"
    FIELD_MISSING = "field-missing"
    FIELD_JOIN = "field-join"  # not joined with & alone
    VALUES_ONLY = "values-only"
    APPID_FIELD = "appid-field"
    EXTRA_FIELD = "extra-field"
    TIMES_SIGN = "times-sign"
    HTML_AMPERSAND = "amp"
    STRING_CASE = "string-case"
    STRING_ENCODED = "string-encoded"
    STRING_BYTES = "string-bytes"  # hashed in another encoding than UTF-8
    HASHED_TWICE = "hashed-twice"
    UPPER_CASE = "upper-case"
    MD5 = "md5"
    SHA256 = "sha256"
    # wx.config itself
    WRONG_APPID = "wrong-appid"
    CONFIG_NAME = "config-name"
    CONFIG_MISSING = "config-missing"
    CONFIG_EMPTY = "config-empty"
    CONFIG_TEMPLATE = "config-template"  # the place of a template that the server has not filled in


# of the wx.config call itself, independent of the signed string: the signature may be right
CALL_KINDS = frozenset(
    {MistakeKind.CONFIG_NAME, MistakeKind.CONFIG_MISSING, MistakeKind.CONFIG_EMPTY, MistakeKind.CONFIG_TEMPLATE}
)


class Mistake(Struct, frozen=True):
    """One mistake: the part that was signed, and the correct part. Neither is ever a ticket."""

    kind: MistakeKind
    signed: str = ""
    expected: str = ""


Mistakes = tuple[Mistake, ...]
