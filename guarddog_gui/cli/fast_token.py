"""Fast path of `guarddogctl token`: read a fresh value from disk with a tenth of the imports.

Other programs run `guarddogctl token` for every request they make, so each millisecond counts. This module
repeats the rules for the files that it reads instead of importing the code that owns them. Whenever a
call or a file is not plain and valid it returns None, and the ordinary command decides. A test compares
both on the same input: tests/cli/test_fast_token.py.
"""

import json
import os
import stat
import sys
from collections.abc import Mapping, Sequence

_OPEN_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_NOCTTY", 0)
    | getattr(os, "O_BINARY", 0)
)
_NOFOLLOW = getattr(os, "O_NOFOLLOW", 0)
_FILE_SIZE_MAX = 64 * 1024  # bytes; hundreds of accounts have less
_LIFETIME_MAX_S = 31 * 24 * 3600
_FUTURE_TOLERANCE_S = 5.0
_NEW_TOKEN_WORKS_S = 240
_PLATFORMS = ("official", "mini-program")
# host names in other scripts are left to the ordinary command
_PROXY_HOST_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789.-")
_PROXY_SCHEMES = ("http", "https", "socks5", "socks5h", "socks")
_HOST_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-")
_HOST_LENGTH_MAX, _HOST_LABEL_LENGTH_MAX = 253, 63
_AHEAD_MAX_S = {"stable": 290, "classic": 3600}
_ENVIRONMENTS = ("none", "test", "production")
_COLOURS = (
    "auto", "red", "orange", "brown", "olive", "green", "teal", "blue", "indigo", "purple", "pink",
)  # fmt: skip
_APPID_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")

_JsonObject = dict[str, object]


def read_fresh_token(argv: Sequence[str], environ: Mapping[str, str], now: float) -> str | None:
    """Return the value that `token ARGUMENTS` prints if a fresh one is on disk; None for anything else."""
    arguments = _parse_arguments(argv)
    folders = _config_and_data_folders(environ)
    if arguments is None or folders is None:
        return None
    name_or_appid, key, min_ttl = arguments
    config_dir, data_dir = folders
    try:
        accounts = _valid_accounts(_read_json_object(f"{config_dir}/accounts.json", _OPEN_FLAGS))
        if name_or_appid is None:
            name_or_appid = environ.get("GUARDDOG_ACCOUNT") or None
        if name_or_appid is None and len(accounts) > 1:
            name_or_appid = _default_appid(f"{config_dir}/settings.json", accounts)
        account = _find_account(accounts, name_or_appid)
        if account is None or key not in _keys_of_account(account):
            return None
        folder = account["dog_dir"] or f"{data_dir}/dogs/{account['appid']}"
        record = _read_json_object(f"{folder}/{key}.dog", _OPEN_FLAGS | _NOFOLLOW)
        own_copy = _read_json_object(f"{folder}/.guarddog/{account['appid']}_{key}.dog", _OPEN_FLAGS | _NOFOLLOW)
        if not _is_own(record, own_copy) or _is_check_due(account, key, own_copy, now):
            return None
        return _fresh_value(record, now, min_ttl)
    except (OSError, ValueError, RecursionError):
        return None


def _parse_arguments(argv: Sequence[str]) -> tuple[str | None, str, int] | None:
    """Return account, key and seconds; None for any option that is not plain."""
    name_or_appid, key, min_ttl = None, "ACCESS_TOKEN", 0
    rest = list(argv)
    while rest:
        word, equals, value = rest.pop(0).partition("=")
        if word in ("--key", "--min-ttl"):
            if not equals:
                if not rest:
                    return None
                value = rest.pop(0)
            if word == "--key":
                key = value
            elif value.isascii() and value.isdigit() and len(value) < 10:
                min_ttl = int(value)
            else:
                return None
        elif name_or_appid is None and word and not word.startswith("-"):
            name_or_appid = word + equals + value
        else:
            return None
    return name_or_appid, key, min_ttl


def _config_and_data_folders(environ: Mapping[str, str]) -> tuple[str, str] | None:
    """Return the configuration and data folders if they are known without platformdirs."""
    home = environ.get("GUARDDOG_HOME")
    if home:
        return f"{home}/config", f"{home}/data"
    if sys.platform != "linux":
        return None
    folders = []
    for variable, default in (("XDG_CONFIG_HOME", ".config"), ("XDG_DATA_HOME", ".local/share")):
        base = environ.get(variable, "")
        if not base.startswith("/"):
            user_home = environ.get("HOME", "")
            if not user_home.startswith("/"):
                return None
            base = f"{user_home}/{default}"
        folders.append(f"{base}/guarddog")
    return folders[0], folders[1]


def _read_json_object(path: str, flags: int) -> _JsonObject:
    """Return the JSON object in a file. Raises OSError or ValueError if there is none."""
    fd = os.open(path, flags)
    try:
        if not stat.S_ISREG(os.fstat(fd).st_mode):
            raise ValueError(path)
        data = os.read(fd, _FILE_SIZE_MAX + 1)
    finally:
        os.close(fd)
    fields = json.loads(data.decode()) if len(data) <= _FILE_SIZE_MAX else None
    if not isinstance(fields, dict):
        raise ValueError(path)  # noqa: TRY004 - the caller treats all errors alike
    return fields


def _valid_accounts(account_list: _JsonObject) -> list[_JsonObject]:
    """Return the accounts if the whole list is valid, else none."""
    items = account_list.get("accounts")
    if account_list.get("version") != 1 or not isinstance(items, list) or not all(map(_is_valid_account, items)):
        return []
    return items if len({item["appid"] for item in items}) == len(items) else []


def _default_appid(settings_path: str, accounts: list[_JsonObject]) -> str | None:
    """Return the AppID of the default account; None if none is chosen or it was removed. Raises OSError, ValueError.

    The other settings do not matter here; a damaged one is reported by the next ordinary command.
    """
    settings = _read_json_object(settings_path, _OPEN_FLAGS)
    appid = settings.get("default_account") if settings.get("version") == 1 else None
    return appid if isinstance(appid, str) and any(item["appid"] == appid for item in accounts) else None


def _find_account(accounts: list[_JsonObject], name_or_appid: str | None) -> _JsonObject | None:
    """Return the account with this AppID, or else the only one with this name; for None, the only one."""
    if name_or_appid is not None:
        accounts = [item for item in accounts if item["appid"] == name_or_appid] or [
            item for item in accounts if item["name"] == name_or_appid
        ]
    return accounts[0] if len(accounts) == 1 else None


def _keys_of_account(account: _JsonObject) -> tuple[str, ...]:
    if account["platform"] == "mini-program":
        return ("ACCESS_TOKEN",)
    both = ("ACCESS_TOKEN", "JSAPI_TICKET")
    return (*both, "CARD_TICKET") if account.get("card_ticket", False) else both


def _is_valid_account(item: object) -> bool:
    if not isinstance(item, dict):
        return False
    appid, name, folder, ahead = (item.get(field) for field in ("appid", "name", "dog_dir", "ahead"))
    platform, endpoint, domains = item.get("platform"), item.get("endpoint"), item.get("js_domains", [])
    group = item.get("group", "")
    return (
        isinstance(appid, str)
        and 0 < len(appid) <= 64
        and _APPID_CHARACTERS.issuperset(appid)
        and isinstance(name, str)
        and bool(name.strip())
        and len(name) <= 80
        and name.isprintable()
        and (folder is None or _is_valid_folder(folder))
        and isinstance(platform, str)
        and platform in _PLATFORMS
        and isinstance(endpoint, str)
        and endpoint in _AHEAD_MAX_S
        and type(ahead) is int
        and 0 <= ahead <= _AHEAD_MAX_S[endpoint]
        and type(item.get("card_ticket", False)) is bool
        and item.get("environment", "none") in _ENVIRONMENTS
        and item.get("colour", "auto") in _COLOURS
        and isinstance(group, str)
        and len(group) <= 80
        and group.isprintable()
        and (item.get("sharing") is None or _is_valid_sharing(item["sharing"], endpoint, appid))
        and isinstance(domains, list)
        and all(map(_is_valid_host, domains))
        and _are_valid_exports(item.get("outlets", []))
        and _is_plain_api_base(item.get("api_base", ""))
        and _is_plain_proxy(item.get("proxy", ""))
    )


def _is_valid_folder(folder: object) -> bool:
    """Check that `.dog` files may be in this folder; the root folder is refused."""
    if not isinstance(folder, str) or not folder.strip() or "\0" in folder:
        return False
    path = os.path.normpath(folder)
    return os.path.dirname(path) != path  # noqa: PTH120 - pathlib takes time


def _is_plain_api_base(api_base: object) -> bool:
    """Accept the usual forms; others are left to the long way, which knows all of them."""
    if not isinstance(api_base, str):
        return False
    host = api_base.removeprefix("https://")
    return not api_base or (host not in (api_base, "") and _PROXY_HOST_CHARACTERS.issuperset(host))


def _is_plain_proxy(proxy: object) -> bool:
    """Accept the usual forms without a password; others are left to the long way."""
    if not isinstance(proxy, str) or len(proxy) > _HOST_LENGTH_MAX:
        return False
    scheme, _, rest = proxy.partition("://")
    user, at, place = rest.rpartition("@")
    host, _, port = place.rpartition(":")
    return proxy in ("", "direct") or (
        scheme in _PROXY_SCHEMES
        and bool(user) == bool(at)
        and _APPID_CHARACTERS.issuperset(user)
        and host != ""
        and _PROXY_HOST_CHARACTERS.issuperset(host)
        and port.isascii()
        and port.isdigit()
        and port[0] != "0"
        and int(port[:6]) <= 65_535
    )


def _are_valid_exports(exports: object) -> bool:
    """Check a list of export targets; most accounts have none."""
    if exports == []:
        return True
    from guarddog_gui.domain.exports.targets import targets_from_list  # takes 13 ms

    return targets_from_list(exports) is not None


def _is_valid_sharing(sharing: object, endpoint: object, appid: str) -> bool:
    """Check how an account is shared; most are not. Usual addresses are not parsed by the code that owns them."""
    if endpoint != "stable" or not isinstance(sharing, dict):
        return False
    role, url, formats = sharing.get("role"), sharing.get("url"), sharing.get("formats", [])
    is_plain = formats == [] and not sharing.get("ca_file", "") and isinstance(url, str) and _is_usual_address(url)
    if is_plain and role in ("leader", "follower") and type(sharing.get("has_password", False)) is bool:
        return True
    from guarddog_gui.domain.sharing.stored import sharing_from_dict  # takes 20 ms

    return sharing_from_dict(sharing, appid) is not None


def _is_usual_address(url: str) -> bool:
    """Return True for `redis://user@host.name:6379/0` and the like."""
    scheme, _, rest = url.partition("://")
    user, at, place = rest.rpartition("@")
    host, slash, db = place.partition("/")
    name, colon, port = host.partition(":")
    return (
        scheme in ("redis", "rediss")
        and len(url) < _HOST_LENGTH_MAX
        and bool(name)
        and _HOST_CHARACTERS.issuperset(name.replace(".", ""))
        and (not colon or (port.isascii() and port.isdigit() and len(port) < 5))
        and (not at or (bool(user) and _APPID_CHARACTERS.issuperset(user)))
        and (not slash or (db.isascii() and db.isdigit() and len(db) < 5))
    )


def _is_valid_host(domain: object) -> bool:
    if not isinstance(domain, str) or len(domain) > _HOST_LENGTH_MAX or domain.replace(".", "").isdigit():
        return False
    return all(
        0 < len(label) <= _HOST_LABEL_LENGTH_MAX and _HOST_CHARACTERS.issuperset(label) and label.strip("-") == label
        for label in domain.split(".")
    )


def _is_own(record: _JsonObject, own_copy: _JsonObject) -> bool:
    """Return True if Guard Dog wrote the `.dog` file for this account, as its copy shows.

    Anything else may be of another program, and even of another account: the ordinary command finds out.
    """
    return all(record.get(field) == own_copy.get(field) for field in ("data", "expires_in", "gen_time"))


def _is_check_due(account: _JsonObject, key: str, own_copy: _JsonObject, now: float) -> bool:
    """Return True if another program may have ended a classic token, see `domain/tokens/own_copy.py`."""
    if account["endpoint"] != "classic" or key != "ACCESS_TOKEN":
        return False
    generated_ms, check_ms = own_copy.get("gen_time"), own_copy.get("check_time")
    if type(check_ms) is not int:
        check_ms = generated_ms + _NEW_TOKEN_WORKS_S * 1000 if type(generated_ms) is int else 0
    return not now < check_ms / 1000 <= now + _NEW_TOKEN_WORKS_S


def _fresh_value(record: _JsonObject, now: float, min_ttl: int) -> str | None:
    """Return the value of a `.dog` file if it is plain and valid for more than `min_ttl` seconds."""
    value, lifetime, generated_ms, ahead = (record.get(field) for field in ("data", "expires_in", "gen_time", "ahead"))
    if not isinstance(value, str) or not value or not value.isascii() or not value.isprintable():
        return None
    if type(lifetime) is not int or type(generated_ms) is not int or type(ahead) is not int:
        return None
    if not 0 < lifetime <= _LIFETIME_MAX_S or not 0 < generated_ms < 2**53 or not 0 <= ahead <= _LIFETIME_MAX_S:
        return None
    if not isinstance(record.get("dir"), str) or generated_ms / 1000 > now + _FUTURE_TOLERANCE_S:
        return None
    return value if generated_ms / 1000 + lifetime - now > min_ttl else None
