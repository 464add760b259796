"""Way of an account's calls to WeChat: the API host, and the proxy in between.

A proxy is stored as a URL without its password, which is in the keyring: `socks5://user@proxy.example.cn:1080`.
"""

import re
from urllib.parse import quote, urlsplit, urlunsplit

from msgspec import Struct

from guarddog_gui.domain.errors import BadInput
from guarddog_gui.domain.problems import InputProblem

SYSTEM_PROXY = ""  # as the environment or the system's settings say
DIRECT = "direct"  # no proxy, whatever they say
PROXY_LENGTH_MAX = 300  # characters
PROXY_PASSWORD_LENGTH_MAX = 255  # bytes; RFC 1929 has one byte for its length
_PROXY_SCHEMES = frozenset({"http", "https", "socks5", "socks5h", "socks"})
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}
_PLAIN = re.compile(r"[!-~]+")  # printable ASCII without spaces


class ProxyInUse(Struct, frozen=True):
    """Proxy between this computer and WeChat, without its login; no name stands for none.

    `variable` is the environment variable that sets it; empty for a setting of the system, or of the account.
    """

    name: str = ""
    variable: str = ""
    is_of_account: bool = False


def normalize_api_base(text: str) -> str:
    """Return the API base without a final slash; it has to be https, or http on the loopback interface.

    Raises BadInput for anything else: the AppSecret must not travel unencrypted.
    """
    try:
        parts = urlsplit(text.strip())
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise BadInput(InputProblem.INVALID_API_BASE) from error
    is_loopback = parts.scheme == "http" and host in _LOOPBACK
    if not host or parts.query or parts.fragment or parts.username or not (parts.scheme == "https" or is_loopback):
        raise BadInput(InputProblem.INVALID_API_BASE)
    return text.strip().rstrip("/")


def parse_api_host(text: str) -> str:
    """Return the API base for a typed host or URL; empty for an empty text. Raises BadInput."""
    bare = text.strip()
    return normalize_api_base(bare if "://" in bare else f"https://{bare}") if bare else ""


def split_proxy(text: str) -> tuple[str, str]:
    """Return a typed proxy without its password, and the password; empty without one.

    Both are empty for an empty text. Raises BadInput for what is no proxy; its text is not part of the error.
    """
    bare = text.strip()
    if bare.lower() in (SYSTEM_PROXY, DIRECT):
        return bare.lower(), ""
    try:
        parts = urlsplit(bare if "://" in bare else f"http://{bare}")
        host, port = parts.hostname, parts.port
    except ValueError:
        raise BadInput(InputProblem.INVALID_PROXY) from None
    scheme = parts.scheme.lower()
    if scheme.startswith("socks4"):
        raise BadInput(InputProblem.SOCKS4_PROXY)
    is_bare = parts.path in ("", "/") and not parts.query and not parts.fragment
    if scheme not in _PROXY_SCHEMES or not host or not is_bare or not _PLAIN.fullmatch(bare):
        raise BadInput(InputProblem.INVALID_PROXY)
    if not port:
        raise BadInput(InputProblem.PROXY_WITHOUT_PORT)
    login, has_login, _ = parts.netloc.rpartition("@")
    user, _, password = login.partition(":")
    if has_login and not user:
        raise BadInput(InputProblem.INVALID_PROXY)
    shown_host = f"[{host}]" if ":" in host else host
    netloc = f"{user}@{shown_host}:{port}" if user else f"{shown_host}:{port}"
    return urlunsplit((scheme, netloc, "", "", "")), password


def proxy_problem(proxy: str) -> InputProblem | None:
    """Return why this cannot be the stored proxy of an account, or None if it can."""
    try:
        stored, password = split_proxy(proxy)
    except BadInput as error:
        return error.problem
    if password:
        return InputProblem.PROXY_HAS_PASSWORD
    return None if stored == proxy and len(proxy) <= PROXY_LENGTH_MAX else InputProblem.INVALID_PROXY


def api_base_problem(api_base: str) -> InputProblem | None:
    """Return why this cannot be the stored API base of an account; empty stands for that of the preferences."""
    try:
        return None if parse_api_host(api_base) == api_base else InputProblem.INVALID_API_BASE
    except BadInput as error:
        return error.problem


def has_login(proxy: str) -> bool:
    """Return True if the proxy has a user name, so that a password belongs to it."""
    return "@" in proxy


def with_proxy_password(proxy: str, password: str) -> str:
    """Return the URL with its login, for the connection only: it must not be stored, logged or shown."""
    scheme, _, rest = proxy.partition("://")
    user, _, place = rest.rpartition("@")
    return f"{scheme}://{user}:{quote(password, safe='')}@{place}"


def password_problem(password: str) -> InputProblem | None:
    is_valid = 0 < len(password.encode(errors="replace")) <= PROXY_PASSWORD_LENGTH_MAX and password.isprintable()
    return None if is_valid else InputProblem.INVALID_PROXY_PASSWORD
