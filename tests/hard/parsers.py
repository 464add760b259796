"""Parsers of what comes from outside: how to make input for each, and what must hold for every input.

The properties and the pieces are those of the ordinary tests, which try some hundred inputs.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from functools import cache
from typing import Any, NamedTuple

from hypothesis import strategies as st

from guarddog_gui.adapters.files.config_files import parse_accounts, parse_settings
from guarddog_gui.adapters.files.json_document import parse_json_object
from guarddog_gui.adapters.message_catalogs import load_message_catalog
from guarddog_gui.bootstrap.catalogues import load_errcode_catalog
from guarddog_gui.cli.command_error import CommandError
from guarddog_gui.cli.commands.history import parse_since
from guarddog_gui.cli.parser import CommandLineParser
from guarddog_gui.domain.accounts.account import stored_account_problem
from guarddog_gui.domain.accounts.pasted_appid import read_appid
from guarddog_gui.domain.accounts.route import normalize_api_base
from guarddog_gui.domain.errors import BadInput
from guarddog_gui.domain.message_catalog import ENGLISH
from guarddog_gui.domain.paste.config import read_config
from guarddog_gui.domain.paste.encoding import decode_bytes
from guarddog_gui.domain.paste.reply import read_reply
from guarddog_gui.domain.paste.ticket import read_ticket
from guarddog_gui.domain.refresh.history import HistoryFilter
from guarddog_gui.domain.settings import settings_problem
from guarddog_gui.domain.signing.page_url import parse_page_url, strip_oauth_parameters, url_problem, url_to_sign
from guarddog_gui.domain.signing.url_warnings import find_url_warnings
from guarddog_gui.domain.tokens.dog_format import parse_dog, parse_token_record
from guarddog_gui.domain.wechat.protocol import Reply, parse_token_reply
from tests.adapters.files.test_config_files import ITEM, JSON
from tests.domain.tokens.test_dog_format import FIELDS as DOG_FIELDS
from tests.domain.tokens.test_dog_format import assert_usable, text_of
from tests.domain.wechat.test_account_queries import take_everything
from tests.domain.wechat.test_protocol import FIELDS as REPLY_FIELDS
from tests.domain.wechat.test_protocol import is_sound
from tests.pasted_cases import APPIDS, CONFIGS, PIECES, REPLIES, TICKETS

NOW = 1_795_000_000.0
WORDS = (
    *[
        "accounts",
        "add",
        "list",
        "remove",
        "token",
        "exec",
        "refresh",
        "status",
        "sign",
        "sign-card",
        "diagnose",
        "history",
        "errcode",
        "watch",
        "doctor",
    ],
    *[
        "--appid",
        "--name",
        "--secret-stdin",
        "--secret",
        "--json",
        "--errors",
        "--since",
        "--limit",
        "--key",
        "--min-ttl",
        "--nonce",
        "--timestamp",
    ],
    *[
        "--signature",
        "--account",
        "--ahead",
        "--dog-dir",
        "--js-domain",
        "--run",
        "--write-env",
        "--platform",
        "--endpoint",
        "--force",
        "--yes",
    ],
    *[
        "--",
        "-",
        "--version",
        "-h",
        "wx1234567890abcdef",
        "Shop",
        "7d",
        "2026-11-03",
        "40164",
        "https://a.cn/?a=1",
        "mini-program",
        "classic",
        "0",
        "-1",
    ],
    "",
    "\x1b[2J",
    "图",
    "a b",
)


class Parser(NamedTuple):
    """Parser with its inputs; `from_text` is set if a megabyte of text can be given to it."""

    name: str
    inputs: st.SearchStrategy[Any]
    check: Callable[[Any], None]
    from_text: Callable[[str], object] | None = None


def texts_of(cases: Any) -> list[str]:
    """Return all texts in a file of tests/cases."""
    if isinstance(cases, str):
        return [cases]
    values = cases.values() if isinstance(cases, dict) else cases if isinstance(cases, list) else ()
    return [text for value in values for text in texts_of(value)]


@st.composite
def mutated(draw: st.DrawFn, texts: list[str]) -> str:
    """Return one of the texts with pieces put in, parts cut out, repeated, or joined with another text."""
    text = draw(st.sampled_from(texts))
    for _ in range(draw(st.integers(0, 4))):
        start, end = sorted((draw(st.integers(0, len(text))), draw(st.integers(0, len(text)))))
        match draw(st.integers(0, 3)):
            case 0:
                text = text[:start] + draw(st.sampled_from(PIECES) | st.text(max_size=4)) + text[start:]
            case 1:
                text = text[:start] + text[end:]
            case 2:
                text = text[:end] + text[start:]
            case _:
                text = text[:start] + draw(st.sampled_from(texts))[end:]
    return text


def any_text(texts: list[str]) -> st.SearchStrategy[str]:
    pieces = st.lists(st.sampled_from(PIECES), max_size=60).map("".join)
    return st.one_of(mutated(texts), st.text(), pieces)


@cache
def known_codes() -> Any:
    return load_errcode_catalog()


@cache
def command_line_parser() -> CommandLineParser:
    return CommandLineParser(load_message_catalog(ENGLISH), NOW)


def check_dog_text(text: str) -> None:
    assert_usable(parse_token_record(text))
    dog = parse_dog(text)
    assert dog is None or (dog.remaining_s(now=0) >= 0 and dog.refresh_at <= dog.expires_at)


def check_reply(given: tuple[int, bytes]) -> None:
    reply = Reply(*given)
    assert is_sound(parse_token_reply(reply, "access_token", secrets=("T",)))
    assert is_sound(parse_token_reply(reply, "ticket"))
    take_everything(reply)


def check_settings(content: bytes) -> None:
    fields = parse_json_object(content)
    if fields is not None:
        assert settings_problem(parse_settings(fields)[0]) is None


def check_accounts(content: bytes) -> None:
    fields = parse_json_object(content)
    if fields is not None:
        accounts, _ = parse_accounts(fields)
        assert all(stored_account_problem(account) is None for account in accounts)
        assert len({account.appid for account in accounts}) == len(accounts)


def check_config(text: str) -> None:
    read = read_config(text)
    assert read.problem is None or "-" in read.problem


def check_pasted_reply(text: str) -> None:
    read = read_reply(text, known_codes())
    assert read.errcode is None or isinstance(read.errcode, int)


def check_short_paste(text: str) -> None:
    assert read_ticket(text) == read_ticket(text).strip()
    assert isinstance(read_appid(text), str)
    assert isinstance(decode_bytes(text.encode("utf-16-le", "surrogatepass")), str)


def check_url(text: str) -> None:
    if url_problem(text) is None:
        assert parse_page_url(text.strip()) is not None
        assert url_to_sign(text)
    assert all(warning.corrected != text for warning in find_url_warnings(text, ("a.cn",)))
    kept = strip_oauth_parameters(text)
    assert strip_oauth_parameters(kept) == kept
    try:
        assert normalize_api_base(text)
    except BadInput:
        pass


def check_command_line(words: list[str]) -> None:
    output = io.StringIO()
    try:
        with redirect_stdout(output), redirect_stderr(output):
            command_line_parser().parse(words)
    except SystemExit as end:
        assert end.code in (0, 2)  # noqa: PT017 - help or wrong usage
    except (CommandError, BadInput):
        pass
    assert "\x1b" not in output.getvalue()
    assert "Traceback" not in output.getvalue()


def check_since(text: str) -> None:
    since = parse_since(text, NOW)
    assert since is None or isinstance(since, float)


def json_bytes(value: Any) -> bytes:
    return json.dumps(value).encode("utf-8", "surrogatepass")


DOG_TEXTS = [text_of(), text_of(data="91_token", expires_in=7200), "", "{", "[]", "null"]
REPLY_BODIES = [
    b'{"access_token":"91_abc","expires_in":7200}',
    b'{"errcode":40164,"errmsg":"invalid ip 1.2.3.4, not in whitelist rid: 617682e0-00000000-00000000"}',
    b'{"ticket":"kgt8ON7y","errcode":0,"errmsg":"ok","expires_in":7200}',
    b"<html>",
    b"\xef\xbb\xbf{}",
]
CONFIG_TEXTS, REPLY_TEXTS = texts_of(CONFIGS), texts_of(REPLIES)
SHORT_TEXTS = texts_of(TICKETS) + texts_of(APPIDS)
URL_TEXTS = [
    "https://a.cn/", "https://a.cn:8443/p?q=1&code=2#f", "http://例子.cn/图?书=1", "https://a.cn/%25E5%9B", "localhost:1",
    "https://u:p@a.cn/?from=timeline&isappinstalled=0", "https%3A%2F%2Fa.cn%2F", "https://[::1]/", "https://a.cn/&amp;",
]  # fmt: skip
FILTERS = st.builds(
    HistoryFilter,
    appid=st.none() | st.text(),
    key=st.none() | st.text(),
    trigger=st.none() | st.text(),
    only_failures=st.booleans(),
    errcode=st.none() | st.integers(-(2**63), 2**63 - 1),
    since=st.none() | st.floats(allow_nan=False),
    until=st.none() | st.floats(allow_nan=False),
    text=st.text(),
)
REPLY_JSON = (REPLY_FIELDS | JSON).map(json_bytes)
ACCOUNTS_JSON = st.fixed_dictionaries({}, optional={"accounts": st.lists(ITEM | JSON, max_size=4) | JSON})
SETTINGS_JSON = st.fixed_dictionaries({}, optional=dict.fromkeys(("language", "clipboard_s", "close_hint_shown"), JSON))
DOG_JSON = st.fixed_dictionaries({}, optional={name: JSON | st.just(DOG_FIELDS[name]) for name in DOG_FIELDS})

PARSERS = (
    Parser("`.dog` files", mutated(DOG_TEXTS) | st.text() | DOG_JSON.map(json.dumps), check_dog_text, parse_dog),
    Parser(
        "replies of WeChat",
        st.tuples(st.integers(100, 599), st.binary(max_size=300) | st.sampled_from(REPLY_BODIES) | REPLY_JSON),
        check_reply,
        lambda text: check_reply((200, text.encode("utf-8", "surrogatepass"))),
    ),
    Parser(
        "settings.json",
        st.binary() | SETTINGS_JSON.map(json_bytes),
        check_settings,
        lambda text: check_settings(text.encode("utf-8", "surrogatepass")),
    ),
    Parser(
        "accounts.json",
        st.binary() | ACCOUNTS_JSON.map(json_bytes),
        check_accounts,
        lambda text: check_accounts(text.encode("utf-8", "surrogatepass")),
    ),
    Parser("pasted wx.config", any_text(CONFIG_TEXTS), check_config, read_config),
    Parser("pasted replies", any_text(REPLY_TEXTS), check_pasted_reply, check_pasted_reply),
    Parser("pasted tickets and AppIDs", any_text(SHORT_TEXTS), check_short_paste, check_short_paste),
    Parser("URLs", any_text(URL_TEXTS), check_url, check_url),
    Parser("command lines", st.lists(st.sampled_from(WORDS) | st.text(), max_size=8), check_command_line),
    Parser("times of history --since", st.text() | mutated(["7d", "2026-11-03T14:40", "1795000000.5"]), check_since),
)
