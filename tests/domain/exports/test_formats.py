"""Formats of exported values, byte for byte; foreign lines of a .env file stay untouched."""

import json
import re
import subprocess
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from guarddog_gui.domain.exports.formats import (
    EXAMPLE_INIT,
    EXAMPLE_PATH,
    command_env_variables,
    env_variables,
    format_json_files,
    is_env_safe,
    render_node_loader,
    select_php_files,
    update_env_file,
)
from guarddog_gui.domain.exports.targets import JSON_FILE_NAMES, PHP_FILE_NAMES, ExportFormat, ExportTarget
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord
from tests.fakes import NOW

APPID = "wx0123456789abcdef"
TOKEN, TICKET, CARD = TokenKind
VALUES = {
    TOKEN: TokenRecord("91_token", 7200, int(NOW * 1000) + 123, "/d", 290),
    TICKET: TokenRecord("sM4A-ticket", 7000, int(NOW * 1000) + 999, "/d", 290),
}
OWN = {"WECHAT_APPID": APPID, "WECHAT_ACCESS_TOKEN": "91_token", "WECHAT_JSAPI_TICKET": "sM4A-ticket"}
LINES = b"WECHAT_APPID=wx0123456789abcdef\nWECHAT_ACCESS_TOKEN=91_token\nWECHAT_JSAPI_TICKET=sM4A-ticket\n"


def test_the_php_sample_gets_seconds() -> None:
    assert format_json_files(ExportTarget(ExportFormat.PHP_JSON, "/x"), VALUES) == {
        "access_token.json": b'{"expire_time":1790007200,"access_token":"91_token"}',
        "jsapi_ticket.json": b'{"expire_time":1790007000,"jsapi_ticket":"sM4A-ticket"}',
        "access_token.php": b'<?php exit();?>{"expire_time":1790007200,"access_token":"91_token"}',
        "jsapi_ticket.php": b'<?php exit();?>{"expire_time":1790007000,"jsapi_ticket":"sM4A-ticket"}',
    }


@pytest.mark.parametrize(
    ("existing", "expected"),
    [
        ((), (*JSON_FILE_NAMES, *PHP_FILE_NAMES)),
        (JSON_FILE_NAMES, (*JSON_FILE_NAMES, *PHP_FILE_NAMES)),
        ((*JSON_FILE_NAMES[:1], *PHP_FILE_NAMES), (*JSON_FILE_NAMES, *PHP_FILE_NAMES)),
        (PHP_FILE_NAMES[1:], PHP_FILE_NAMES),
    ],
)
def test_a_folder_of_todays_php_sample_gets_no_file_that_a_web_server_hands_out(
    existing: tuple[str, ...], expected: tuple[str, ...]
) -> None:
    files = format_json_files(ExportTarget(ExportFormat.PHP_JSON, "/x"), VALUES)
    assert tuple(select_php_files(files, existing)) == expected


def test_npm_wechat_interaction_jsapi_gets_milliseconds() -> None:
    assert format_json_files(ExportTarget(ExportFormat.INTERACTION_JSON, "/x"), VALUES) == {
        "access_token.json": b'{"expire_time":1790007200123,"access_token":"91_token"}',
        "jsapi_ticket.json": b'{"expire_time":1790007000999,"jsapi_ticket":"sM4A-ticket"}',
    }


def test_a_mini_program_has_no_file_for_a_ticket() -> None:
    assert list(format_json_files(ExportTarget(ExportFormat.PHP_JSON, "/x"), {TOKEN: VALUES[TOKEN]})) == [
        "access_token.json",
        "access_token.php",
    ]


def sample_reads(text: str, field: str, now: float) -> str | None:
    """Do what the official PHP sample does: use the value unless `$data->expire_time < time()`."""
    data = json.loads(text)
    return None if data["expire_time"] < int(now) else data[field]


def test_the_php_sample_uses_the_value_until_it_expires() -> None:
    text = format_json_files(ExportTarget(ExportFormat.PHP_JSON, "/x"), VALUES)["access_token.json"].decode()

    assert sample_reads(text, "access_token", NOW + 7199) == "91_token"
    assert sample_reads(text, "access_token", NOW + 7202) is None


def test_a_command_gets_the_first_expiry_and_only_valid_values() -> None:
    card = TokenRecord("E0o-card", 7200, int(NOW * 1000), "/d", 290)

    assert env_variables(APPID, {TOKEN: VALUES[TOKEN]}) == {"WECHAT_APPID": APPID, "WECHAT_ACCESS_TOKEN": "91_token"}
    assert command_env_variables(APPID, {**VALUES, CARD: card}) == {
        **OWN,
        "WECHAT_CARD_TICKET": "E0o-card",
        "WECHAT_EXPIRES_AT": "1790007000",
    }


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"", LINES),
        (b"A=1\n", b"A=1\n" + LINES),
        (b"A=1\r\nB=2\r\n", b"A=1\r\nB=2\r\n" + LINES.replace(b"\n", b"\r\n")),
        (b"A=1", b"A=1\n" + LINES.removesuffix(b"\n")),
        (b"A=1\r\nE=5", b"A=1\r\nE=5\r\n" + LINES.replace(b"\n", b"\r\n").removesuffix(b"\r\n")),
        (b"A=1\r\nB=2\nE=5", b"A=1\r\nB=2\nE=5\n" + LINES.removesuffix(b"\n")),
        (b"A=1\nB=2\r\nE=5", b"A=1\nB=2\r\nE=5\n" + LINES.removesuffix(b"\n")),
        (b"A=1\r\nB=2\n", b"A=1\r\nB=2\n" + LINES),
        (LINES, LINES),
        (b"# WECHAT_APPID=old\n", b"# WECHAT_APPID=old\n" + LINES),
        (b"MY_WECHAT_APPID=old\nWECHAT_APPID_2=x\n", b"MY_WECHAT_APPID=old\nWECHAT_APPID_2=x\n" + LINES),
    ],
)
def test_missing_lines_are_appended_with_the_line_ending_of_the_file(before: bytes, after: bytes) -> None:
    assert update_env_file(before, OWN) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"WECHAT_APPID=old\n", b"WECHAT_APPID=wx1\n"),
        (b"WECHAT_APPID=\n", b"WECHAT_APPID=wx1\n"),
        (b"WECHAT_APPID=", b"WECHAT_APPID=wx1"),
        (b"WECHAT_APPID=old", b"WECHAT_APPID=wx1"),
        (b"\xef\xbb\xbfWECHAT_APPID=old\r\nA=1\r\n", b"\xef\xbb\xbfWECHAT_APPID=wx1\r\nA=1\r\n"),
        (b"  export  WECHAT_APPID = old  \n", b"  export  WECHAT_APPID = wx1  \n"),
        (b"WECHAT_APPID='old' # the shop\n", b"WECHAT_APPID='wx1' # the shop\n"),
        (b'WECHAT_APPID="old"# the shop\n', b'WECHAT_APPID="wx1"# the shop\n'),
        (b"WECHAT_APPID=old # the shop\n", b"WECHAT_APPID=wx1 # the shop\n"),
        (b"WECHAT_APPID= # fill in\n", b"WECHAT_APPID=wx1 # fill in\n"),
        (b"WECHAT_APPID=#b\n", b"WECHAT_APPID=wx1\n"),
        (b"WECHAT_APPID=<your appid here>\n", b"WECHAT_APPID=wx1\n"),
        (b'WECHAT_APPID="old\nA="1"\n', b'WECHAT_APPID=wx1\nA="1"\n'),
        (b"WECHAT_APPID='a'b\n", b"WECHAT_APPID=wx1\n"),
        (b"WECHAT_APPID=a\nA=1\nWECHAT_APPID=b\n", b"WECHAT_APPID=wx1\nA=1\nWECHAT_APPID=wx1\n"),
        (b"\n\n A=\xc4\xe3 \xff\nWECHAT_APPID=a\n\n", b"\n\n A=\xc4\xe3 \xff\nWECHAT_APPID=wx1\n\n"),
    ],
)  # fmt: skip
def test_a_changed_line_keeps_quotes_export_and_comment(before: bytes, after: bytes) -> None:
    assert update_env_file(before, {"WECHAT_APPID": "wx1"}) == after


@pytest.mark.parametrize("quote", [b'"', b"'", b"`"])
def test_a_line_inside_a_quoted_value_is_not_changed(quote: bytes) -> None:
    key = b"KEY=" + quote + b"-----BEGIN-----\nWECHAT_APPID=of the text\n-----END-----" + quote + b"\n"

    assert update_env_file(key, {"WECHAT_APPID": "wx1"}) == key + b"WECHAT_APPID=wx1\n"


def test_an_unclosed_quote_does_not_hide_later_lines() -> None:
    assert update_env_file(b"A=\"it's\nWECHAT_APPID=a\n", {"WECHAT_APPID": "wx1"}) == b"A=\"it's\nWECHAT_APPID=wx1\n"


OURS = re.compile(rb"(?:\xef\xbb\xbf)?[ \t]*(?:export[ \t]+)?WECHAT_(?:APPID|ACCESS_TOKEN|JSAPI_TICKET)[ \t]*=")
BITS = st.sampled_from(
    [b"A=1", b"export B='x y'", b"# c", b"", b"WECHAT_APPID=old", b'export WECHAT_ACCESS_TOKEN="o"', b'C="', b"'",
     b"WECHAT_JSAPI_TICKET=", b"D=`", b"WECHAT_APPID_2=x", b"WECHAT_APPID", b" = ", b"\\", b"=", b" # x", b"\xff\x00"]
)  # fmt: skip
FILES = st.lists(st.one_of(BITS, st.sampled_from([b"\n", b"\r\n", b"\n"]), st.binary(max_size=6))).map(b"".join)


@given(FILES)
@example(b'A="\nWECHAT_APPID="x"\n')
@example(b"\r")
@example(b"WECHAT_APPID=\rA=1")
def test_other_lines_stay_and_a_second_update_changes_nothing(before: bytes) -> None:
    after = update_env_file(before, OWN)

    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    for was, now in zip(old, new, strict=False):
        assert now == was or OURS.match(was) or now in (was + b"\n", was + b"\r\n")
    added = b"".join(new[len(old) :])
    assert all(line.rstrip(b"\r\n") in LINES.splitlines() for line in added.splitlines() if line)
    assert update_env_file(after, OWN) == after


@pytest.mark.only_on("linux", "darwin")
def test_a_shell_reads_what_was_written(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_bytes(
        update_env_file(b"A='two\nlines'\nexport WECHAT_ACCESS_TOKEN=\"old\" # x\nWECHAT_APPID=old\n", OWN)
    )
    script = '. "$1"; printf "%s|" "$A" "$WECHAT_APPID" "$WECHAT_ACCESS_TOKEN" "$WECHAT_JSAPI_TICKET"'

    done = subprocess.run(["sh", "-c", script, "sh", file], capture_output=True, text=True, check=True)

    assert done.stdout == f"two\nlines|{APPID}|91_token|sM4A-ticket|"


@pytest.mark.parametrize("value", ["91_abc-DEF", "kgt8ON7yVITDhtdwci0qeQ==", "a/b+c.d:e@f"])
def test_values_of_wechat_are_env_safe(value: str) -> None:
    assert is_env_safe(value)


@pytest.mark.parametrize("value", ["", "a b", "$(reboot)", "`x`", "a;b", "a'b", 'a"b', "a\\b", "a#b", "汉", "a\n"])
def test_characters_with_a_meaning_in_shells_are_not_env_safe(value: str) -> None:
    assert not is_env_safe(value)


SNIPPET = (Path(__file__).parents[3] / "resources" / "snippets" / "follower.js").read_text(encoding="utf-8")


def test_the_loader_names_the_key_and_its_file() -> None:
    path = r"C:\Users\小明\dogs\wx1\JSAPI_TICKET.dog"
    text = render_node_loader(SNIPPET, "JSAPI_TICKET", path)
    assert f"""guard_dog.init('JSAPI_TICKET', follow("{path.replace(chr(92), chr(92) * 2)}"), own)""" in text
    assert EXAMPLE_INIT not in text
    assert EXAMPLE_PATH not in text
    assert text.count("\n") == SNIPPET.count("\n")
