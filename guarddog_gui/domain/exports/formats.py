"""What other programs read: the official sample's JSON, lines of a .env file, variables for a command."""

import json
import re
from collections.abc import Mapping

from guarddog_gui.domain.exports.targets import JSON_FILE_NAMES, ExportFormat, ExportTarget
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord

ValidRecords = Mapping[TokenKind, TokenRecord]  # those that live

# environment variables, the same in `.env` files, for commands and in what `token` prints
APPID_VARIABLE = "WECHAT_APPID"
EXPIRES_AT_VARIABLE = "WECHAT_EXPIRES_AT"
VALUE_VARIABLES = {kind: f"WECHAT_{kind}" for kind in TokenKind}

_JSON_FIELDS = {TokenKind.ACCESS_TOKEN: "access_token", TokenKind.JSAPI_TICKET: "jsapi_ticket"}
_ENV_SAFE_VALUE = re.compile(
    r"[A-Za-z0-9_.+/=:@-]+"
)  # what no shell and no parser of .env files takes for more

# a name and its value; one in quotes may go over several lines, in which nothing is ours
_ASSIGNMENT = re.compile(
    rb"^(?:\xef\xbb\xbf)?[ \t]*(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_.-]*)[ \t]*=[ \t]*"
    rb"""(?:"(?:\\.|[^"\\])*"|'[^']*'|`[^`]*`|[^\r\n]*)""",
    re.MULTILINE | re.DOTALL,
)
# our own value: in quotes, or up to a comment or the end of the line
_OWN_VALUE = re.compile(
    rb"(?P<before>[^=]*=[ \t]*)"
    rb"""(?:(?:"[^"\r\n]*"|'[^'\r\n]*')(?=[ \t]*(?:[\r\n#]|\Z))"""
    rb"""|(?:(?:[^\s#]|(?<==)#)[^\r\n]*?)?(?=[ \t]*(?:[\r\n]|\Z)|[ \t]+#))""",
)


def format_json_files(target: ExportTarget, records: ValidRecords) -> dict[str, bytes]:
    """The file names of this outlet and what stands in them.

    `expire_time` is the true end of the value, in seconds or, for npm wechat_interaction_jsapi, in
    milliseconds. Both programs compare it with the time of now, without a margin of their own: a value is
    refreshed, and the file replaced, before its end comes.
    """
    part = 1 if target.export_format is ExportFormat.INTERACTION_JSON else 1000  # milliseconds
    files: dict[str, bytes] = {}
    for name, (kind, field) in zip(JSON_FILE_NAMES, _JSON_FIELDS.items(), strict=True):
        if kind in records:
            record = records[kind]
            end_ms = record.generated_ms + record.expires_in * 1000
            fields = {"expire_time": end_ms // part, field: record.value}
            files[name] = json.dumps(fields, separators=(",", ":")).encode()
    return files


def env_variables(appid: str, records: ValidRecords) -> dict[str, str]:
    """The account's variables, the AppID first; a key without a value that lives has none."""
    kept = {name: records[kind].value for kind, name in VALUE_VARIABLES.items() if kind in records}
    return {APPID_VARIABLE: appid, **kept}


def command_env_variables(appid: str, records: ValidRecords) -> dict[str, str]:
    """Those of a command, which also learns when the first of the values ends (Unix seconds)."""
    first_end = min(record.expires_at for record in records.values())
    return {**env_variables(appid, records), EXPIRES_AT_VARIABLE: str(int(first_end))}


def is_env_safe(value: str) -> bool:
    """Whether it can stand in a .env file, which shells execute: all that WeChat gives out can."""
    return _ENV_SAFE_VALUE.fullmatch(value) is not None


def update_env_file(content: bytes, variables: Mapping[str, str]) -> bytes:
    """A .env file with these lines changed, or added at its end; every other byte stays.

    Quotes, `export` and comments of our own lines stay, too. A name that stands there twice is changed twice,
    because readers disagree about which one counts. The values have to be plain.
    """
    pieces: list[bytes] = []
    found: set[str] = set()
    done = at = 0
    while (assignment := _ASSIGNMENT.search(content, at)) is not None:
        at = max(assignment.end(), at + 1)
        name = assignment[1].decode("ascii")
        if name not in variables:
            continue
        # of an own value with a quote that never closes, the end of the line is the end
        ours = _OWN_VALUE.match(content, assignment.start())
        if ours is None:
            continue
        found.add(name)
        quote = _quote_character(content[ours.end("before") : ours.end()])
        pieces += (content[done : ours.end("before")], quote, variables[name].encode("ascii"), quote)
        done = at = ours.end()
    pieces.append(content[done:])
    return b"".join(pieces) + _missing_lines(
        content, [f"{name}={variables[name]}" for name in variables if name not in found]
    )


def _quote_character(value: bytes) -> bytes:
    is_quoted = len(value) > 1 and value[:1] in (b'"', b"'") and value[-1:] == value[:1]
    return value[:1] if is_quoted else b""


def _missing_lines(content: bytes, lines: list[str]) -> bytes:
    """The lines that are still missing. They end as those of the file do, the last one, too.

    In a file of both kinds that is LF: a reader that knows no CR would find one in the value before ours.
    """
    if not lines:
        return b""
    crlf = content.count(b"\r\n")
    end = b"\r\n" if crlf and crlf == content.count(b"\n") else b"\n"
    text = end.join(line.encode("ascii") for line in lines)
    return text + end if not content or content.endswith(b"\n") else end + text
