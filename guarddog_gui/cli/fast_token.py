"""The short way of `guarddogctl token`: a fresh value from disk for a tenth of the imports.

Other programs call it for every request they make. It knows the files by heart and nothing else, and gives
None whenever it is not sure; then the long way decides. Both must agree: tests/cli/test_fast_token.py.
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
_PLATFORMS = ("official", "mini-program")
_HOST_CHARACTERS = frozenset(
    "abcdefghijklmnopqrstuvwxyz0123456789-"
)  # those in other scripts are left to the long way
_HOST_LENGTH_MAX, _HOST_LABEL_LENGTH_MAX = 253, 63
_AHEAD_MAX_S = {"stable": 290, "classic": 3600}
_APPID_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")

_JsonObject = dict[str, object]


def read_fresh_token(argv: Sequence[str], environ: Mapping[str, str], now: float) -> str | None:
    """The value that `token ARGUMENTS` prints, if it lies fresh on disk; None to ask the long way."""
    wish = _parse_arguments(argv)
    folders = _config_and_data_folders(environ)
    if wish is None or folders is None:
        return None
    wanted, key, min_ttl = wish
    config, data = folders
    try:
        account = _find_account(_read_json_object(f"{config}/accounts.json", _OPEN_FLAGS), wanted)
        if account is None or key not in _keys_of_account(account):
            return None
        folder = account["dog_dir"] or f"{data}/dogs/{account['appid']}"
        dog = _read_json_object(f"{folder}/{key}.dog", _OPEN_FLAGS | _NOFOLLOW)
        return _fresh_value(dog, now, min_ttl)
    except (OSError, ValueError, RecursionError):
        return None


def _parse_arguments(argv: Sequence[str]) -> tuple[str | None, str, int] | None:
    """Account, key and seconds of a plain call; None for every other one."""
    wanted, key, min_ttl = None, "ACCESS_TOKEN", 0
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
        elif wanted is None and word and not word.startswith("-"):
            wanted = word + equals + value
        else:
            return None
    return wanted, key, min_ttl


def _config_and_data_folders(environ: Mapping[str, str]) -> tuple[str, str] | None:
    """The folders of configuration and data, where they can be told without platformdirs."""
    home = environ.get("GUARDDOG_HOME")
    if home:
        return f"{home}/config", f"{home}/data"
    if sys.platform != "linux":
        return None
    places = []
    for variable, usual in (("XDG_CONFIG_HOME", ".config"), ("XDG_DATA_HOME", ".local/share")):
        base = environ.get(variable, "")
        if not base.startswith("/"):
            person = environ.get("HOME", "")
            if not person.startswith("/"):
                return None
            base = f"{person}/{usual}"
        places.append(f"{base}/guarddog")
    return places[0], places[1]


def _read_json_object(path: str, flags: int) -> _JsonObject:
    """The JSON object in a file. Raises OSError or ValueError for whatever is not one."""
    fd = os.open(path, flags)
    try:
        if not stat.S_ISREG(os.fstat(fd).st_mode):
            raise ValueError(path)
        data = os.read(fd, _FILE_SIZE_MAX + 1)
    finally:
        os.close(fd)
    fields = json.loads(data.decode()) if len(data) <= _FILE_SIZE_MAX else None
    if not isinstance(fields, dict):
        raise ValueError(path)  # noqa: TRY004 - all that is not sure ends the same way
    return fields


def _find_account(account_list: _JsonObject, name_or_appid: str | None) -> _JsonObject | None:
    """The account that is meant, if the whole list is sound and only one can be meant."""
    items = account_list.get("accounts")
    if (
        account_list.get("version") != 1
        or not isinstance(items, list)
        or not all(map(_is_valid_account, items))
    ):
        return None
    if len({item["appid"] for item in items}) != len(items):
        return None
    if name_or_appid is not None:
        items = [item for item in items if item["appid"] == name_or_appid] or [
            item for item in items if item["name"] == name_or_appid
        ]
    return items[0] if len(items) == 1 else None


def _keys_of_account(account: _JsonObject) -> tuple[str, ...]:
    """The keys that are kept for an account that is sound."""
    if account["platform"] == "mini-program":
        return ("ACCESS_TOKEN",)
    both = ("ACCESS_TOKEN", "JSAPI_TICKET")
    return (*both, "CARD_TICKET") if account.get("card_ticket", False) else both


def _is_valid_account(item: object) -> bool:
    """Whether this is an account as Guard Dog writes it."""
    if not isinstance(item, dict):
        return False
    appid, name, folder, ahead = (item.get(field) for field in ("appid", "name", "dog_dir", "ahead"))
    platform, endpoint = item.get("platform"), item.get("endpoint")
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
        and _are_valid_hosts(item.get("js_domains", []))
        and _are_valid_exports(item.get("outlets", []))
    )


def _is_valid_folder(folder: object) -> bool:
    """Whether `.dog` files may be in there; in the root of everything they may not."""
    if not isinstance(folder, str) or not folder.strip() or "\0" in folder:
        return False
    path = os.path.normpath(folder)
    return os.path.dirname(path) != path  # noqa: PTH120 - pathlib takes time


def _are_valid_exports(exports: object) -> bool:
    """Whether this is a list of outlets that nobody would refuse; most accounts have none."""
    if exports == []:
        return True
    from guarddog_gui.domain.exports.targets import targets_from_list  # 13 ms that most need not pay

    return targets_from_list(exports) is not None


def _are_valid_hosts(domains: object) -> bool:
    """Whether this is a list of host names that nobody would refuse."""
    return isinstance(domains, list) and all(map(_is_valid_host, domains))


def _is_valid_host(domain: object) -> bool:
    if not isinstance(domain, str) or len(domain) > _HOST_LENGTH_MAX or domain.replace(".", "").isdigit():
        return False
    return all(
        0 < len(label) <= _HOST_LABEL_LENGTH_MAX
        and _HOST_CHARACTERS.issuperset(label)
        and label.strip("-") == label
        for label in domain.split(".")
    )


def _fresh_value(record: _JsonObject, now: float, min_ttl: int) -> str | None:
    """The value of a `.dog` file if it is a plain one and lives for longer than `min_ttl` seconds."""
    value, life, born, ahead = (record.get(field) for field in ("data", "expires_in", "gen_time", "ahead"))
    if not isinstance(value, str) or not value or not value.isascii() or not value.isprintable():
        return None
    if type(life) is not int or type(born) is not int or type(ahead) is not int:
        return None
    if not 0 < life <= _LIFETIME_MAX_S or not 0 < born < 2**53 or not 0 <= ahead <= _LIFETIME_MAX_S:
        return None
    if not isinstance(record.get("dir"), str) or born / 1000 > now + _FUTURE_TOLERANCE_S:
        return None
    return value if born / 1000 + life - now > min_ttl else None
