"""The short way of `guarddogctl token`: a fresh value from disk for a tenth of the imports.

Other programs call it for every request they make. It knows the files by heart and nothing else, and gives
None whenever it is not sure; then the long way decides. Both must agree: tests/cli/test_fast_token.py.
"""

import json
import os
import stat
import sys
from collections.abc import Mapping, Sequence

_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_NOCTTY", 0)
    | getattr(os, "O_BINARY", 0)
)
_NOFOLLOW = getattr(os, "O_NOFOLLOW", 0)
_SIZE_MAX = 64 * 1024  # bytes; hundreds of accounts have less
_LIFE_MAX_S = 31 * 24 * 3600
_FUTURE_TOLERANCE_S = 5.0
_PLATFORMS = ("official", "mini-program")
_HOST = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-")  # those in other scripts are left to the long way
_HOST_MAX, _LABEL_MAX = 253, 63
_AHEAD_MAX_S = {"stable": 290, "classic": 3600}
_APPID = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")

_Fields = dict[str, object]


def fresh_token(arguments: Sequence[str], environ: Mapping[str, str], now: float) -> str | None:
    """The value that `token ARGUMENTS` prints, if it lies fresh on disk; None to ask the long way."""
    wish = _wish(arguments)
    folders = _folders(environ)
    if wish is None or folders is None:
        return None
    wanted, key, min_ttl = wish
    config, data = folders
    try:
        account = _account(_fields_of(f"{config}/accounts.json", _FLAGS), wanted)
        if account is None or key not in _keys(account):
            return None
        folder = account["dog_dir"] or f"{data}/dogs/{account['appid']}"
        dog = _fields_of(f"{folder}/{key}.dog", _FLAGS | _NOFOLLOW)
        return _live_value(dog, now, min_ttl)
    except (OSError, ValueError, RecursionError):
        return None


def _wish(arguments: Sequence[str]) -> tuple[str | None, str, int] | None:
    """Account, key and seconds of a plain call; None for every other one."""
    wanted, key, min_ttl = None, "ACCESS_TOKEN", 0
    rest = list(arguments)
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


def _folders(environ: Mapping[str, str]) -> tuple[str, str] | None:
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


def _fields_of(path: str, flags: int) -> _Fields:
    """The JSON object in a file. Raises OSError or ValueError for whatever is not one."""
    fd = os.open(path, flags)
    try:
        if not stat.S_ISREG(os.fstat(fd).st_mode):
            raise ValueError(path)
        data = os.read(fd, _SIZE_MAX + 1)
    finally:
        os.close(fd)
    fields = json.loads(data.decode()) if len(data) <= _SIZE_MAX else None
    if not isinstance(fields, dict):
        raise ValueError(path)  # noqa: TRY004 - all that is not sure ends the same way
    return fields


def _account(fields: _Fields, wanted: str | None) -> _Fields | None:
    """The account that is meant, if the whole list is sound and only one can be meant."""
    items = fields.get("accounts")
    if fields.get("version") != 1 or not isinstance(items, list) or not all(map(_is_sound, items)):
        return None
    if len({item["appid"] for item in items}) != len(items):
        return None
    if wanted is not None:
        items = [item for item in items if item["appid"] == wanted] or [
            item for item in items if item["name"] == wanted
        ]
    return items[0] if len(items) == 1 else None


def _keys(account: _Fields) -> tuple[str, ...]:
    """The keys that are kept for an account that is sound."""
    if account["platform"] == "mini-program":
        return ("ACCESS_TOKEN",)
    both = ("ACCESS_TOKEN", "JSAPI_TICKET")
    return (*both, "CARD_TICKET") if account.get("card_ticket", False) else both


def _is_sound(item: object) -> bool:
    """Whether this is an account as Guard Dog writes it."""
    if not isinstance(item, dict):
        return False
    appid, name, folder, ahead = (item.get(field) for field in ("appid", "name", "dog_dir", "ahead"))
    platform, endpoint = item.get("platform"), item.get("endpoint")
    return (
        isinstance(appid, str)
        and 0 < len(appid) <= 64
        and _APPID.issuperset(appid)
        and isinstance(name, str)
        and bool(name.strip())
        and len(name) <= 80
        and name.isprintable()
        and (folder is None or _is_folder(folder))
        and isinstance(platform, str)
        and platform in _PLATFORMS
        and isinstance(endpoint, str)
        and endpoint in _AHEAD_MAX_S
        and type(ahead) is int
        and 0 <= ahead <= _AHEAD_MAX_S[endpoint]
        and type(item.get("card_ticket", False)) is bool
        and _are_hosts(item.get("js_domains", []))
        and _are_outlets(item.get("outlets", []))
    )


def _is_folder(folder: object) -> bool:
    """Whether `.dog` files may be in there; in the root of everything they may not."""
    if not isinstance(folder, str) or not folder.strip() or "\0" in folder:
        return False
    path = os.path.normpath(folder)
    return os.path.dirname(path) != path  # noqa: PTH120 - pathlib takes time


def _are_outlets(outlets: object) -> bool:
    """Whether this is a list of outlets that nobody would refuse; most accounts have none."""
    if outlets == []:
        return True
    from guarddog_gui.domain.exports.targets import outlets_of  # 13 ms that most need not pay

    return outlets_of(outlets) is not None


def _are_hosts(domains: object) -> bool:
    """Whether this is a list of host names that nobody would refuse."""
    return isinstance(domains, list) and all(map(_is_host, domains))


def _is_host(domain: object) -> bool:
    if not isinstance(domain, str) or len(domain) > _HOST_MAX or domain.replace(".", "").isdigit():
        return False
    return all(
        0 < len(label) <= _LABEL_MAX and _HOST.issuperset(label) and label.strip("-") == label
        for label in domain.split(".")
    )


def _live_value(dog: _Fields, now: float, min_ttl: int) -> str | None:
    """The value of a `.dog` file if it is a plain one and lives for longer than `min_ttl` seconds."""
    value, life, born, ahead = (dog.get(field) for field in ("data", "expires_in", "gen_time", "ahead"))
    if not isinstance(value, str) or not value or not value.isascii() or not value.isprintable():
        return None
    if type(life) is not int or type(born) is not int or type(ahead) is not int:
        return None
    if not 0 < life <= _LIFE_MAX_S or not 0 < born < 2**53 or not 0 <= ahead <= _LIFE_MAX_S:
        return None
    if not isinstance(dog.get("dir"), str) or born / 1000 > now + _FUTURE_TOLERANCE_S:
        return None
    return value if born / 1000 + life - now > min_ttl else None
