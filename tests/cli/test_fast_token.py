"""The short way and the long way of `token` agree: whatever the short one prints, the long one would."""

import ast
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from guarddog_gui.adapters.files.account_files import AccountDogFiles
from guarddog_gui.adapters.files.config_files import AccountsFile
from guarddog_gui.adapters.files.paths import get_app_paths
from guarddog_gui.cli import fast_token
from guarddog_gui.cli.fast_token import _is_plain_api_base, _is_plain_proxy, _is_valid_host, read_fresh_token
from guarddog_gui.domain.accounts.account import (
    AHEAD_MAX_S,
    HOST_LABEL_LENGTH_MAX,
    HOST_LENGTH_MAX,
    STABLE_AHEAD_MAX_S,
    Account,
    AccountColour,
    Endpoint,
    Environment,
    Platform,
    js_domain_problem,
)
from guarddog_gui.domain.accounts.route import api_base_problem, proxy_problem
from guarddog_gui.domain.exports.targets import ExportFormat, ExportTarget
from guarddog_gui.domain.tokens.dog_format import DOG_FILE_SIZE_MAX
from guarddog_gui.domain.tokens.expiry import BELIEVABLE_LIFETIME_MAX_S, FUTURE_TOLERANCE_S
from guarddog_gui.domain.tokens.own_copy import OWN_COPIES_FOLDER, own_copy_name
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord
from guarddog_gui.services.accounts.account_service import with_account
from tests.cli.conftest import InProcessCli
from tests.fakes import NOW

SHOP = Account("wx1234567890abcdef", "Shop")
MINI = Account("wxabcdef1234567890", "小店", Platform.MINI_PROGRAM)
CLASSIC = Account("wx00000000000000ff", "Old", endpoint=Endpoint.CLASSIC, ahead=3600)
CARDS = Account("wx00000000000000cc", "Cards", card_ticket=True, js_domains=("www.example.com", "xn--fiq228c.cn"))
WRITTEN = Account(
    "wx00000000000000dd",
    "Written",
    exports=(
        ExportTarget(ExportFormat.ENV, "/srv/.env"),
        ExportTarget(ExportFormat.COMMAND, command=("notify", "a b")),
    ),
)
VALUE = "91_" + "v" * 100
TICKET = "bxLd" + "t" * 82


def dog(**changes: Any) -> dict[str, Any]:
    fields = {"data": VALUE, "expires_in": 7200, "gen_time": int(NOW * 1000), "dir": "/d", "ahead": 290}
    return {name: value for name, value in (fields | changes).items() if value is not ...}


def with_accounts(shell: InProcessCli, *accounts: Account) -> None:
    file = AccountsFile(get_app_paths(shell.environ).accounts_file)
    for account in accounts:
        file.update(lambda known, account=account: with_account(known, account))  # type: ignore[misc]  # mypy cannot infer a lambda with a default


def put(shell: InProcessCli, text: str, account: Account = SHOP, key: str = "ACCESS_TOKEN") -> Path:
    path = AccountDogFiles(get_app_paths(shell.environ).dogs_dir).path(account, TokenKind(key))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    copy = own_copy_of(path, account, key)
    copy.parent.mkdir(exist_ok=True)
    copy.write_text(text, encoding="utf-8")
    return path


def own_copy_of(path: Path, account: Account = SHOP, key: str = "ACCESS_TOKEN") -> Path:
    return path.parent / OWN_COPIES_FOLDER / own_copy_name(account.appid, TokenKind(key))


def both(shell: InProcessCli, *arguments: str) -> tuple[str | None, str | None]:
    """What the short way gives, and what the long way prints; None where it would need WeChat."""
    short = read_fresh_token(arguments, shell.environ, shell.clock())
    ran = shell("token", *arguments)
    return short, None if ran.exit_code else ran.stdout.removesuffix("\n")


@pytest.fixture
def shell(guarddogctl: InProcessCli) -> InProcessCli:
    guarddogctl.wechat.stop()
    return guarddogctl


@pytest.mark.parametrize(
    "arguments",
    [
        (SHOP.appid,),
        ("Shop",),
        ("Shop", "--key", "ACCESS_TOKEN"),
        ("--key=JSAPI_TICKET", "Shop"),
        ("--key", "JSAPI_TICKET", "--min-ttl", "60", "Shop"),
        ("小店",),
        ("Old", "--min-ttl=0"),
        ("Cards",),
        ("Cards", "--key", "CARD_TICKET"),
        ("Written",),
    ],
)
def test_a_fresh_value_is_found_the_short_way(shell: InProcessCli, arguments: tuple[str, ...]) -> None:
    with_accounts(shell, SHOP, MINI, CLASSIC, CARDS, WRITTEN)
    for account in (SHOP, MINI, CLASSIC, CARDS, WRITTEN):
        put(shell, json.dumps(dog()), account)
    put(shell, json.dumps(dog(data=TICKET)), SHOP, "JSAPI_TICKET")
    put(shell, json.dumps(dog(data=TICKET)), CARDS, "CARD_TICKET")

    short, long = both(shell, *arguments)

    assert short == long == (TICKET if "_TICKET" in " ".join(arguments) else VALUE)


APPIDS: list[Any] = [SHOP.appid, MINI.appid, "Shop", "", "wx-removed", None, 5, []]
DEFAULTS: list[Any] = [
    ..., "", "{", [], {}, {"version": 1}, {"version": 2, "default_account": MINI.appid},
    {"default_account": MINI.appid}, {"version": 1, "default_account": MINI.appid, "theme": "pink"},
    *({"version": 1, "default_account": appid} for appid in APPIDS),
]  # fmt: skip


@pytest.mark.parametrize("settings", DEFAULTS, ids=repr)
@pytest.mark.parametrize("variable", [None, "", "Shop", "nobody"])
@pytest.mark.parametrize("accounts", [(SHOP,), (SHOP, MINI), (SHOP, MINI, replace(CARDS, name="Shop"))], ids=len)
def test_both_ways_choose_the_same_default_account(
    shell: InProcessCli, settings: Any, variable: str | None, accounts: tuple[Account, ...]
) -> None:
    with_accounts(shell, *accounts)
    for account in accounts:
        put(shell, json.dumps(dog(data=account.appid + VALUE)), account)
    if settings is not ...:
        path = get_app_paths(shell.environ).settings_file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(settings if isinstance(settings, str) else json.dumps(settings), encoding="utf-8")
    if variable is not None:
        shell.environ["GUARDDOG_ACCOUNT"] = variable

    short, long = both(shell)

    assert short in (None, long)
    if isinstance(settings, dict) and settings.get("default_account") == MINI.appid and len(accounts) > 1:
        is_plain = settings.get("version") == 1
        chosen = {"Shop": SHOP if len(accounts) == 2 else None, "nobody": None}.get(variable or "", MINI)
        expected = None if chosen is None else chosen.appid + VALUE
        assert long == expected
        assert not is_plain or short == expected, "the short way is taken"


def test_the_settings_are_not_read_where_one_account_exists(shell: InProcessCli) -> None:
    with_accounts(shell, SHOP)
    put(shell, json.dumps(dog()))
    get_app_paths(shell.environ).settings_file.mkdir()

    assert read_fresh_token((), shell.environ, NOW) == VALUE


@pytest.mark.parametrize(
    ("age_s", "check_in_s", "is_found"),
    [(239, None, True), (240, None, False), (3000, 1, True), (3000, 0, False), (3000, 500, False)],
    ids=["new", "four minutes old", "checked", "not checked again", "checked before the clock was set back"],
)
def test_a_classic_token_that_needs_a_check_is_left_to_the_command(
    shell: InProcessCli, age_s: int, check_in_s: int | None, *, is_found: bool
) -> None:
    with_accounts(shell, CLASSIC)
    path = put(shell, json.dumps(dog(gen_time=int((NOW - age_s) * 1000))), CLASSIC)
    if check_in_s is not None:
        copy = own_copy_of(path, CLASSIC)
        copy.write_text(json.dumps({**json.loads(copy.read_text()), "check_time": int((NOW + check_in_s) * 1000)}))

    short, long = both(shell)

    assert short == (VALUE if is_found else None)
    assert long == VALUE  # WeChat does not answer here: the token is as good as before


def test_the_value_of_another_program_is_left_to_the_command_that_verifies_it(shell: InProcessCli) -> None:
    with_accounts(shell, SHOP)
    copy = own_copy_of(put(shell, json.dumps(dog())))
    own_text = copy.read_text()
    for field, value in (("data", VALUE + "x"), ("expires_in", 7100), ("gen_time", 1)):
        copy.write_text(json.dumps({**json.loads(own_text), field: value}))
        assert read_fresh_token((), shell.environ, NOW) is None
    copy.unlink()
    assert both(shell) == (None, None), "no history knows the value, and WeChat cannot be asked"


def test_a_ticket_is_read_for_as_long_as_it_lives_on_record(shell: InProcessCli) -> None:
    with_accounts(shell, SHOP)
    put(shell, json.dumps(dog(data=TICKET, expires_in=1200)), SHOP, "JSAPI_TICKET")

    shell.clock.advance(1199)
    assert both(shell, "--key", "JSAPI_TICKET") == (TICKET, TICKET)
    shell.clock.advance(1)
    assert both(shell, "--key", "JSAPI_TICKET") == (None, None)


def test_the_only_account_need_not_be_named_and_its_own_folder_is_read(shell: InProcessCli, tmp_path: Path) -> None:
    own = Account("wx1", "Own", dog_dir=str(tmp_path / "own"))
    with_accounts(shell, own)
    put(shell, json.dumps(dog()), own)

    assert both(shell) == (VALUE, VALUE)


def test_a_file_that_node_wrote_is_read_as_well(shell: InProcessCli) -> None:
    with_accounts(shell, SHOP)
    put(shell, json.dumps(dog(), separators=(",", ":"), ensure_ascii=False))

    assert both(shell) == (VALUE, VALUE)


ODD_DOGS = [
    "", "{", "[]", "null", "\x00", '"text"',
    *(json.dumps(dog(data=value)) for value in ("", None, 5, ["x"], {"a": 1}, "two words", "汉字", ...)),
    json.dumps(dog(data="a\nb")),
    *(json.dumps(dog(expires_in=life)) for life in (0, -1, True, "7200", 7200.0, 7200.5, 10**9, None, ...)),
    *(json.dumps(dog(gen_time=born)) for born in (0, -1, "1790000000000", 1.79e12, 2**60, None, ...)),
    *(json.dumps(dog(gen_time=int((NOW + at) * 1000))) for at in (4, 5, 6, 3600, -7199, -7200, -7201)),
    *(json.dumps(dog(ahead=ahead)) for ahead in (-1, 0, "2", 2.5, None, ...)),
    *(json.dumps(dog(dir=folder)) for folder in ("", 5, None, ...)),
    json.dumps(dog(extra="field")),
    json.dumps(dog()) + "\n",
    "\ufeff" + json.dumps(dog()),
    json.dumps(dog(data="v" * 70_000)),
    '{"data":"a","data":"' + VALUE + '","expires_in":7200,"gen_time":1790000000000,"dir":"","ahead":2}',
    "[" * 100_000,
]  # fmt: skip


@pytest.mark.parametrize("text", ODD_DOGS, ids=range(len(ODD_DOGS)))
@pytest.mark.parametrize("min_ttl", ["0", "1", "7199", "7200"])
def test_whatever_lies_in_the_file_the_short_way_never_says_more_than_the_long(
    shell: InProcessCli, text: str, min_ttl: str
) -> None:
    with_accounts(shell, SHOP)
    put(shell, text)

    short, long = both(shell, "--min-ttl", min_ttl)

    assert short in (None, long)


ODD_ITEMS: list[list[Any]] = [
    [None], [5], [{}], [{"appid": SHOP.appid}],
    [{"appid": SHOP.appid, "name": "Shop"}],
    [{"appid": SHOP.appid, "name": "Shop"}] * 2,
    [{"appid": SHOP.appid, "name": "Shop"}, {"appid": "wx2", "name": "Shop"}],
    [{"appid": SHOP.appid, "name": "Shop"}, {"appid": "wx2", "name": SHOP.appid}],
    [{"appid": SHOP.appid, "name": "Shop"}, {"appid": "not an appid", "name": "x"}],
]  # fmt: skip
ODD_LISTS: list[Any] = [
    ..., "", "{", [], {}, {"version": 1}, {"version": 1, "accounts": {}}, {"version": 1, "accounts": []},
    {"version": 2, "accounts": [{"appid": SHOP.appid, "name": "Shop"}]},
    {"accounts": [{"appid": SHOP.appid, "name": "Shop"}]},
    *({"version": 1, "accounts": items} for items in ODD_ITEMS),
]  # fmt: skip
WHOLE = {"platform": "official", "endpoint": "stable", "dog_dir": None, "ahead": 290}


@pytest.mark.parametrize("content", ODD_LISTS, ids=range(len(ODD_LISTS)))
@pytest.mark.parametrize("fill", [{}, WHOLE], ids=["short", "whole"])
@pytest.mark.parametrize("wanted", [(), (SHOP.appid,), ("Shop",), ("nobody",)], ids=repr)
def test_whatever_the_account_list_says_both_ways_choose_the_same(
    shell: InProcessCli, content: Any, fill: dict[str, Any], wanted: tuple[str, ...]
) -> None:
    put(shell, json.dumps(dog()))
    if isinstance(content, dict) and isinstance(content.get("accounts"), list):
        items = [{**fill, **item} if isinstance(item, dict) else item for item in content["accounts"]]
        content = {**content, "accounts": items}
    file = get_app_paths(shell.environ).accounts_file
    if content is not ...:
        file.parent.mkdir(parents=True)
        file.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")

    short, long = both(shell, *wanted)

    assert short in (None, long)


BAD_ADDRESSES: tuple[Any, ...] = (
    "", 5, None, "redis", "redis://", "http://a", "redis://a:b@c", "redis://a:70000", "redis://a/x", "redis://a/99999",
    "redis://a?x=1", "redis://a b", "redis://a#b", "unix://", "unix://a", "redis+sentinel://a", "redis://@", "redis://a,b",
)  # fmt: skip
BAD_FORMATS: tuple[Any, ...] = (
    None,
    {},
    [5],
    ["plain"],
    [{"format": "plain"}],
    [{"format": "other"}],
    [{"format": "plain", "token_key": " "}],
)
GOOD_SHARINGS = (
    {"role": "leader", "url": "redis://localhost"},
    {"role": "follower", "url": "rediss://shop@redis.example.com:6380/2"},
    {"role": "leader", "url": "unix:///run/redis.sock", "ca_file": "", "formats": [{"format": "wechatpy"}]},
    {"role": "leader", "url": "redis+sentinel://a,b:26380/main/1", "ca_file": "/etc/ca.pem"},
    {"role": "follower", "url": "redis://[::1]:6379", "formats": [{"format": "plain", "token_key": "shop:{appid}"}]},
)


@pytest.mark.parametrize("sharing", GOOD_SHARINGS, ids=lambda sharing: sharing["url"])
def test_a_fresh_token_of_a_shared_account_comes_the_short_way(shell: InProcessCli, sharing: dict[str, Any]) -> None:
    put(shell, json.dumps(dog()))
    file = get_app_paths(shell.environ).accounts_file
    file.parent.mkdir(parents=True)
    account = {"appid": SHOP.appid, "name": "Shop", **WHOLE, "endpoint": "stable", "ahead": 290, "sharing": sharing}
    file.write_text(json.dumps({"version": 1, "accounts": [account]}), encoding="utf-8")
    assert both(shell) == (VALUE, VALUE)


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("appid", ["", "汉", "a" * 65, 5, None]),
        ("name", ["", " ", "a\nb", "a" * 81, 5, None]),
        ("platform", ["Official", "web", None, 5, []]),
        ("endpoint", ["STABLE", None, 5, {}]),
        ("dog_dir", ["", " ", "\0", 5, "/", "/srv/.."]),
        ("ahead", [-1, 291, 3601, "290", 2.5, True, None]),
        ("card_ticket", ["true", 1, 0, None, []]),
        ("environment", ["live", "", 1, None, []]),
        ("colour", ["mauve", "", 1, None, []]),
        ("group", ["\n", "g" * 81, 1, None, []]),
        ("api_base", [5, None, "http://a.cn", "api.weixin.qq.com", "https://", "https://A.cn/x"]),
        ("proxy", [5, None, "socks4://a:1", "http://a", "http://me:pw@a:1", "http://@a:1", "http://a:0", "a:1", "x"]),
        ("js_domains", ["a.cn", None, [5], [""], ["A.cn"], ["a..cn"], ["-a.cn"], ["a-.cn"], ["a.cn:80"]]),
        ("js_domains", [["a.cn", "https://a.cn"], ["a" * 64], ["a." * 130 + "cn"], ["1.2.3.4"], ["中文.中国"]]),
        ("sharing", [{"role": "leader", "url": "redis://a", "has_password": flag} for flag in ("yes", 1, None)]),
        ("sharing", ["", 1, {}, [], {"role": "leader"}, {"role": "own", "url": "redis://a"}]),
        ("sharing", [{"role": "leader", "url": url} for url in BAD_ADDRESSES]),
        ("sharing", [{"role": "follower", "url": "redis://a", "formats": bad} for bad in BAD_FORMATS]),
        ("outlets", [None, {}, "/srv", [5], [{"form": "env"}], [{"form": "env", "path": "relative"}]]),
    ],
)
def test_an_account_that_is_not_sound_is_left_to_the_long_way(
    shell: InProcessCli, field: str, values: list[Any]
) -> None:
    put(shell, json.dumps(dog()))
    file = get_app_paths(shell.environ).accounts_file
    file.parent.mkdir(parents=True)
    for value in values:
        account = {"appid": SHOP.appid, "name": "Shop", **WHOLE, field: value}
        file.write_text(json.dumps({"version": 1, "accounts": [account]}), encoding="utf-8")

        assert read_fresh_token((), shell.environ, NOW) is None


@given(st.text(alphabet="a1-.A:/中", max_size=12))
def test_no_domain_that_would_be_refused_passes_the_short_way(domain: str) -> None:
    assert not _is_valid_host(domain) or js_domain_problem(domain) is None


@given(
    st.builds(
        "{}://{}{}:{}".format,
        st.sampled_from(["http", "https", "socks5", "socks5h", "socks", "socks4", "ftp"]),
        st.sampled_from(["", "@", "me@", "me:pw@", "m%40@"]),
        st.text(alphabet="aA1-.:[]_", max_size=6),
        st.text(alphabet="0123456789x", max_size=6),
    )
)
def test_no_proxy_that_would_be_refused_passes_the_short_way(proxy: str) -> None:
    assert not _is_plain_proxy(proxy) or proxy_problem(proxy) is None


@given(
    st.builds("{}{}".format, st.sampled_from(["https://", "http://", "", "HTTPS://"]), st.text("aA1-.:/?", max_size=8))
)
def test_no_api_host_that_would_be_refused_passes_the_short_way(api_base: str) -> None:
    assert not _is_plain_api_base(api_base) or api_base_problem(api_base) is None


def test_the_usual_routes_pass_the_short_way() -> None:
    assert _is_plain_api_base("https://api2.weixin.qq.com")
    assert all(map(_is_plain_proxy, ("direct", "http://127.0.0.1:7890", "socks5://me@proxy.example.cn:1080")))


@pytest.mark.parametrize(
    "arguments",
    [
        ("--json",), ("--format", "env"), ("--help",), ("-h",), ("--",), ("", ), ("Shop", "Shop"), ("--key",),
        ("--min-ttl",), ("--min-ttl", "-1"), ("--min-ttl", "1.5"), ("--min-ttl", "٣"), ("--min-ttl=",),
        ("--min-ttl", "9" * 30), ("--key", "access_token"), ("--key", "../ACCESS_TOKEN"), ("--min", "5"),
        ("--nonsense",),
    ],
)  # fmt: skip
def test_every_other_call_is_left_to_the_long_way(shell: InProcessCli, arguments: tuple[str, ...]) -> None:
    with_accounts(shell, SHOP)
    put(shell, json.dumps(dog()))

    assert read_fresh_token(arguments, shell.environ, NOW) is None


@pytest.mark.parametrize(
    ("account", "key"),
    [(MINI, "JSAPI_TICKET"), (SHOP, "CARD_TICKET"), (replace(MINI, card_ticket=True), "CARD_TICKET")],
)
def test_a_ticket_that_is_not_kept_is_left_to_the_long_way(shell: InProcessCli, account: Account, key: str) -> None:
    with_accounts(shell, account)
    put(shell, json.dumps(dog()), account, key)

    assert both(shell, "--key", key) == (None, None)


@pytest.mark.only_on("linux", "darwin")
def test_a_link_or_a_pipe_in_place_of_a_dog_file_is_left_to_the_long_way(shell: InProcessCli, tmp_path: Path) -> None:
    import os

    with_accounts(shell, SHOP)
    elsewhere = tmp_path / "elsewhere.dog"
    elsewhere.write_text(json.dumps(dog()))
    path = put(shell, "")
    path.unlink()
    path.symlink_to(elsewhere)
    assert both(shell) == (None, None)

    path.unlink()
    os.mkfifo(path)
    assert both(shell) == (None, None)


@pytest.mark.only_on("linux")
def test_without_a_home_of_its_own_the_folders_are_those_of_platformdirs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for config, data in [
        (None, None), (tmp_path / "c", None), (None, tmp_path / "d"), (tmp_path / "c", tmp_path / "d"),
    ]:  # fmt: skip
        home = tmp_path / f"home-{bool(config)}-{bool(data)}"
        environ = {"HOME": str(home)}
        environ |= {"XDG_CONFIG_HOME": str(config) if config else "relative"}
        environ |= {"XDG_DATA_HOME": str(data) if data else ""}
        for name, value in environ.items():
            monkeypatch.setenv(name, value)
        places = get_app_paths(environ)
        AccountsFile(places.accounts_file).update(lambda _: (SHOP,))
        record = TokenRecord(VALUE, 7200, int(NOW * 1000), "", 290)
        AccountDogFiles(places.dogs_dir).write(SHOP, TokenKind.ACCESS_TOKEN, record)

        assert read_fresh_token((), environ, NOW) == VALUE
    assert read_fresh_token((), {}, NOW) is None
    assert read_fresh_token((), {"HOME": "relative"}, NOW) is None


def test_the_short_way_imports_nothing_that_costs(shell: InProcessCli) -> None:
    with_accounts(shell, SHOP)
    put(shell, json.dumps(dog(gen_time=...) | {"gen_time": 10**12 * 2 - 1}))
    code = (
        "import sys; sys.argv = ['guarddogctl', 'token']; from guarddog_gui import __main__ as m\n"
        "import time; time.time = lambda: 2e9 - 5\n"
        "code = m.ctl(); print(code, sorted(sys.modules))"
    )

    ran = subprocess.run([sys.executable, "-c", code], env=shell.environ, capture_output=True, text=True, check=True)

    value, rest = ran.stdout.split("\n", 1)
    code_text, modules = rest.split(" ", 1)
    assert (value, code_text) == (VALUE, "0")
    for costly in (
        "argparse", "dataclasses", "msgspec", "requests", "keyring", "sqlite3", "platformdirs", "PySide6", "pathlib",
        "logging", "guarddog_gui.domain", "guarddog_gui.adapters",
    ):  # fmt: skip
        assert costly not in ast.literal_eval(modules)


def test_the_fast_path_copies_the_limits_of_the_domain() -> None:
    assert fast_token._FILE_SIZE_MAX == DOG_FILE_SIZE_MAX
    assert fast_token._LIFETIME_MAX_S == BELIEVABLE_LIFETIME_MAX_S
    assert fast_token._FUTURE_TOLERANCE_S == FUTURE_TOLERANCE_S
    assert fast_token._HOST_LENGTH_MAX == HOST_LENGTH_MAX
    assert fast_token._HOST_LABEL_LENGTH_MAX == HOST_LABEL_LENGTH_MAX
    assert fast_token._AHEAD_MAX_S == {"stable": STABLE_AHEAD_MAX_S, "classic": AHEAD_MAX_S}
    assert tuple(Platform) == fast_token._PLATFORMS
    assert tuple(Environment) == fast_token._ENVIRONMENTS
    assert tuple(AccountColour) == fast_token._COLOURS
