"""Reasons for which a typed value or a file cannot be used; `services/messages` has their texts."""

from enum import StrEnum


class InputProblem(StrEnum):
    """Reason for which a value that was typed or stored cannot be used."""

    # accounts
    ACCOUNT_EXISTS = "account-known"
    ACCOUNT_REMOVED = "account-gone"
    EMPTY_APPID = "empty-appid"
    INVALID_APPID = "bad-appid"
    ORIGINAL_ID = "original-id"
    CORP_ID = "corp-id"
    INVALID_NAME = "bad-name"
    INVALID_GROUP = "bad-group"
    NAME_TAKEN = "name-taken"
    REFRESH_AHEAD_OUT_OF_RANGE = "bad-ahead"
    REFRESH_AHEAD_TOO_LONG_FOR_STABLE = "bad-ahead-stable"
    DOG_DIR_TAKEN = "dog-dir-taken"
    INVALID_DOG_DIR = "bad-dog-dir"
    DOG_DIR_IS_ROOT = "dog-dir-root"
    EMPTY_SECRET = "empty-secret"  # noqa: S105 - the name of a problem
    INVALID_SECRET = "bad-secret"  # noqa: S105 - the name of a problem
    SECRET_OF_OTHER_ACCOUNT = "secret-of-other"  # noqa: S105 - the name of a problem
    JS_DOMAIN_HAS_SCHEME = "js-domain-scheme"
    JS_DOMAIN_HAS_PATH = "js-domain-path"
    JS_DOMAIN_HAS_PORT = "js-domain-port"
    INVALID_JS_DOMAIN = "bad-js-domain"
    # sharing
    INVALID_REDIS_URL = "bad-redis-url"
    REDIS_URL_WITH_PASSWORD = "redis-url-password"  # noqa: S105 - the name of a problem
    INVALID_CA_FILE = "bad-ca-file"
    KEY_NAME_MISSING = "no-redis-key"
    INVALID_KEY_NAME = "bad-redis-key"
    KEY_NAME_TAKEN = "redis-key-taken"
    KEY_OUTSIDE_CLUSTER_SLOT = "redis-key-slot"
    UNKNOWN_KEY_FORMAT = "bad-key-format"
    SHARING_NEEDS_STABLE = "sharing-classic"
    INVALID_REDIS_PASSWORD = "bad-redis-password"  # noqa: S105 - the name of a problem
    INVALID_PROXY = "bad-proxy"
    SOCKS4_PROXY = "socks4-proxy"
    PROXY_WITHOUT_PORT = "no-proxy-port"
    PROXY_HAS_PASSWORD = "proxy-password"  # noqa: S105 - the name of a problem
    INVALID_PROXY_PASSWORD = "bad-proxy-password"  # noqa: S105 - the name of a problem
    INVALID_API_HOST = "bad-api-host"
    # exports
    INVALID_EXPORT_PATH = "bad-outlet-path"
    INVALID_COMMAND = "bad-outlet-command"
    EMPTY_COMMAND = "outlet-command-empty"
    RELATIVE_COMMAND = "outlet-command-lost"
    UNCLOSED_QUOTE = "bad-outlet-quote"
    DUPLICATE_EXPORT = "outlet-twice"
    EXPORT_OF_OTHER_ACCOUNT = "outlet-taken"
    NOT_FOR_CMD = "not-for-cmd"
    INVALID_PASSPHRASE = "bad-passphrase"  # noqa: S105 - the name of a problem
    # settings
    UNKNOWN_LANGUAGE = "bad-language"
    CLIPBOARD_SECONDS_OUT_OF_RANGE = "bad-clipboard-seconds"
    INVALID_API_BASE = "bad-api-base"
    # signing
    EMPTY_URL = "empty-url"
    URL_TOO_LONG = "long-url"
    URL_UNPRINTABLE = "unprintable-url"
    URL_ENCODED = "encoded-url"
    URL_RELATIVE = "relative-url"
    URL_OTHER_SCHEME = "other-scheme-url"
    URL_WITHOUT_HOST = "no-host-url"
    EMPTY_NONCE = "empty-nonce"
    NONCE_TOO_LONG = "long-nonce"
    INVALID_NONCE = "bad-nonce"
    INVALID_TIMESTAMP = "bad-timestamp"
    TIMESTAMP_IN_MS = "ms-timestamp"
    TIMESTAMP_FAR_FROM_NOW = "far-timestamp"
    EMPTY_CARD_ID = "empty-card-id"
    # checks of a page
    EMPTY_DOMAIN = "empty-domain"
    INVALID_VERIFY_FILE = "bad-verify-file"
    # diagnosis
    SIGNATURE_MISSING = "no-signature"
    SIGNATURE_INVALID = "bad-signature"
    NONCE_MISSING = "no-nonce"
    NONCE_ENDLESS = "endless-nonce"
    TIMESTAMP_MISSING = "no-timestamp"
    TIMESTAMP_NOT_A_NUMBER = "not-a-timestamp"
    INVALID_ENTRY_URL = "bad-entry"
    NO_KNOWN_TICKET = "no-known-ticket"
    TICKET_NOT_FOUND = "no-ticket-in-text"
    SIGNATURE_IS_TEMPLATE = "template-signature"
    NONCE_IS_TEMPLATE = "template-nonce"
    TIMESTAMP_IS_TEMPLATE = "template-timestamp"
    CONFIG_IS_TEMPLATE = "template-config"
    PAYMENT_SIGNATURE = "payment-signature"
    MESSAGE_SIGNATURE = "message-signature"
    CONFIG_NOT_FOUND = "config-none"
    CONFIG_HAS_VARIABLES = "config-variables"
    # web authorisation
    NO_WEB_AUTHORISATION = "no-web-authorisation"
    CODE_NOT_FOUND = "no-code-in-text"
    # tokens that are not the ordinary access_token
    OAUTH_TOKEN = "oauth-token"  # noqa: S105 - a name
    COMPONENT_TOKEN = "component-token"  # noqa: S105 - a name
    AUTHORIZER_TOKEN = "authorizer-token"  # noqa: S105 - a name
    WORK_TOKEN = "work-token"  # noqa: S105 - a name
    SESSION_KEY = "session-key"


class FileErrorReason(StrEnum):
    """Reason for which a file could not be read or written; the words are logged, stored and shown translated."""

    DISK_FULL = "the disk is full"
    QUOTA_EXCEEDED = "the disk quota is used up"
    FILE_SIZE_LIMIT = "the file would become larger than is allowed"
    READ_ONLY = "the disk is read-only"
    PERMISSION_DENIED = "permission denied"
    IS_A_FOLDER = "a folder is in its place"
    PARENT_IS_A_FILE = "a file is in the place of its folder"
    FOLDER_IS_A_FILE = "a file is in the place of the folder"
    NOT_FOUND = "no such file or folder"
    MISSING = "there is no such file"
    EXISTS = "there is a file of this name"
    IS_A_LINK = "a symbolic link is in its place"
    BROKEN_LINK = "the link leads nowhere"
    NAME_TOO_LONG = "the name is too long"
    IO_ERROR = "the disk reported an error"
    TOO_MANY_OPEN_FILES = "too many open files"
    NOT_A_REGULAR_FILE = "not a regular file"
    NOT_PERSISTED = "did not keep what was written"
    NEWER_VERSION = "written by a newer Guard Dog"
    NO_LOCKS = "the file system has no locks"
    LOCKED = "another program is changing it"
    BEING_WRITTEN = "another program is writing it"
    NOT_OWNED = "it belongs to somebody else"
    NOT_PRIVATE = "another user owns it or can enter it"
    NOT_PLAIN_TEXT = "not a plain text file"
    VALUE_NOT_WRITABLE = "the value has characters that cannot stand in it"
    CANNOT_BE_OPENED = "it cannot be opened"
    NO_SUCH_HOME = "no user here has such a home folder"
    NOT_INSTALLED = "missing from this installation of Guard Dog"
    NOT_PEM = "it has no certificate and key in PEM format"
    OTHER_KEY = "the key is not that of the certificate"
    ENCRYPTED_KEY = "its key is encrypted with a passphrase"
    DAMAGED = "it is damaged and cannot be moved aside"
