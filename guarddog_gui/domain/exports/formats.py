"""Formats of exported values: JSON of WeChat's PHP sample, lines of .env files, environment variables."""

import json
import re
from collections.abc import Container, Mapping

from guarddog_gui.domain.exports.targets import JSON_FILE_NAMES, PHP_FILE_NAMES, ExportFormat, ExportTarget
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord

PHP_GUARD = b"<?php exit();?>"  # the sample skips these 15 bytes

ValidRecords = Mapping[TokenKind, TokenRecord]  # only records that have not expired

# environment variables, the same in `.env` files, for commands and in what `token` prints
APPID_VARIABLE = "WECHAT_APPID"
EXPIRES_AT_VARIABLE = "WECHAT_EXPIRES_AT"
VALUE_VARIABLES = {kind: f"WECHAT_{kind}" for kind in TokenKind}
# what the loader for Node programs, resources/snippets/follower.js, has in place of a key and its path
EXAMPLE_INIT = "guard_dog.init('ACCESS_TOKEN'"
EXAMPLE_PATH = "'/…/dogs/wx0123456789abcdef/ACCESS_TOKEN.dog'"

_JSON_FIELDS = {TokenKind.ACCESS_TOKEN: "access_token", TokenKind.JSAPI_TICKET: "jsapi_ticket"}
# characters without a special meaning in shells and parsers of .env files
_ENV_SAFE_VALUE = re.compile(r"[A-Za-z0-9_.+/=:@-]+")

# a name and its value; a quoted value may span lines, which contain no assignments
_ASSIGNMENT = re.compile(
    rb"^(?:\xef\xbb\xbf)?[ \t]*(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_.-]*)[ \t]*=[ \t]*"
    rb"""(?:"(?:\\.|[^"\\])*"|'[^']*'|`[^`]*`|[^\r\n]*)""",
    re.MULTILINE | re.DOTALL,
)
# a value to replace: in quotes, or up to a comment or the end of the line
_OWN_VALUE = re.compile(
    rb"(?P<before>[^=]*=[ \t]*)"
    rb"""(?:(?:"[^"\r\n]*"|'[^'\r\n]*')(?=[ \t]*(?:[\r\n#]|\Z))"""
    rb"""|(?:(?:[^\s#]|(?<==)#)[^\r\n]*?)?(?=[ \t]*(?:[\r\n]|\Z)|[ \t]+#))"""
)


def format_json_files(target: ExportTarget, records: ValidRecords) -> dict[str, bytes]:
    """Return the file names of this target and the content of each, the guarded files of today's PHP sample last.

    `expire_time` is the exact expiry, in seconds or, for npm wechat_interaction_jsapi, in milliseconds. Both
    programs compare it with the current time without a margin, which is safe because a value is refreshed,
    and its file replaced, before it expires.
    """
    divisor = 1 if target.export_format is ExportFormat.INTERACTION_JSON else 1000  # milliseconds
    files: dict[str, bytes] = {}
    for name, (kind, field) in zip(JSON_FILE_NAMES, _JSON_FIELDS.items(), strict=True):
        if kind in records:
            record = records[kind]
            end_ms = record.generated_ms + record.expires_in * 1000
            fields = {"expire_time": end_ms // divisor, field: record.value}
            files[name] = json.dumps(fields, separators=(",", ":")).encode()
    if target.export_format is ExportFormat.PHP_JSON:
        guarded = dict(zip(JSON_FILE_NAMES, PHP_FILE_NAMES, strict=True))
        files |= {guarded[name]: PHP_GUARD + data for name, data in files.items()}
    return files


def select_php_files(files: dict[str, bytes], existing_names: Container[str]) -> dict[str, bytes]:
    """Return the files to write into the folder of a PHP sample that has the files `existing_names`.

    The guarded files are always written. The plain ones are left out of a folder that has only guarded ones: it is
    of today's sample, and its web server would hand them out. Where both are, both are written, so that none is stale.
    """
    has_plain = any(name in existing_names for name in JSON_FILE_NAMES)
    has_guarded = any(name in existing_names for name in PHP_FILE_NAMES)
    names = PHP_FILE_NAMES if has_guarded and not has_plain else (*JSON_FILE_NAMES, *PHP_FILE_NAMES)
    return {name: data for name, data in files.items() if name in names}


def env_variables(appid: str, records: ValidRecords) -> dict[str, str]:
    """Return the account's variables, the AppID first; a key without a valid value has none."""
    values = {name: records[kind].value for kind, name in VALUE_VARIABLES.items() if kind in records}
    return {APPID_VARIABLE: appid, **values}


def command_env_variables(appid: str, records: ValidRecords) -> dict[str, str]:
    """Return the variables of a command, with the first expiry of the values (Unix seconds)."""
    first_expiry = min(record.expires_at for record in records.values())
    return {**env_variables(appid, records), EXPIRES_AT_VARIABLE: str(int(first_expiry))}


def is_env_safe(value: str) -> bool:
    """Return True if the value is safe in a .env file, which shells execute: all of WeChat's values are."""
    return _ENV_SAFE_VALUE.fullmatch(value) is not None


def update_env_file(content: bytes, variables: Mapping[str, str]) -> bytes:
    """Return the .env file with these variables changed, or added at its end; every other byte stays.

    Quotes, `export` and comments of the changed lines stay, too. A name that occurs twice is changed twice,
    because programs disagree about which line counts. The values have to be safe (`is_env_safe`).
    """
    pieces: list[bytes] = []
    written: set[str] = set()
    done = at = 0
    while (assignment := _ASSIGNMENT.search(content, at)) is not None:
        at = max(assignment.end(), at + 1)
        name = assignment[1].decode("ascii")
        if name not in variables:
            continue
        # a value with an unclosed quote ends at the end of its line
        value = _OWN_VALUE.match(content, assignment.start())
        if value is None:
            continue
        written.add(name)
        quote = _quote_character(content[value.end("before") : value.end()])
        pieces += (content[done : value.end("before")], quote, variables[name].encode("ascii"), quote)
        done = at = value.end()
    pieces.append(content[done:])
    missing = [f"{name}={value}" for name, value in variables.items() if name not in written]
    return b"".join(pieces) + _missing_lines(content, missing)


def _quote_character(value: bytes) -> bytes:
    is_quoted = len(value) > 1 and value[:1] in (b'"', b"'") and value[-1:] == value[:1]
    return value[:1] if is_quoted else b""


def _missing_lines(content: bytes, lines: list[str]) -> bytes:
    """Return the lines to append, with the line ending of the file, also after the last one.

    A file with both kinds of line endings gets LF: a program that does not know CR would take it as part of a value.
    """
    if not lines:
        return b""
    crlf = content.count(b"\r\n")
    end = b"\r\n" if crlf and crlf == content.count(b"\n") else b"\n"
    text = end.join(line.encode("ascii") for line in lines)
    return text + end if not content or content.endswith(b"\n") else end + text


def render_node_loader(snippet: str, key: str, path: str) -> str:
    named = snippet.replace(EXAMPLE_INIT, EXAMPLE_INIT.replace("ACCESS_TOKEN", key))
    return named.replace(EXAMPLE_PATH, json.dumps(path, ensure_ascii=False))
