"""Bodies of WeChat's replies, and of gateways in front of it that write the same fields in other ways."""

import codecs
import json
import re

_WHOLE_NUMBER = re.compile(r"(-?[0-9]{1,15})(?:\.0{1,6})?")
_ERRCODE_MAX = 10**9


class NotJsonError(ValueError):
    """The body is no JSON; `is_html` tells if it is a web page."""

    def __init__(self, *, is_html: bool) -> None:
        super().__init__("not JSON")
        self.is_html = is_html


def parse_body(body: bytes) -> object:
    """Return the JSON value of a body. Raises NotJsonError, also for fields that come twice and for NaN."""
    text = _decode(body)
    try:
        value: object = json.loads(text, object_pairs_hook=_reject_duplicate_keys, parse_constant=_reject_constant)
    except (ValueError, RecursionError):
        raise NotJsonError(is_html=text.lstrip()[:1] == "<") from None
    return value


def find_errcode(fields: dict[str, object]) -> tuple[int | None, str]:
    """Return the errcode and its errmsg; 0 if WeChat refuses nothing, None if the errcode is unusable.

    Besides `errcode` and `errmsg`: errCode and errMsg of cloud functions and gateways, and the base_resp of
    WeChat's older web services. A refusal counts before a 0.
    """
    folded = {name.lower().replace("_", ""): value for name, value in fields.items()}
    base = folded.get("baseresp")
    nested = {name.lower().replace("_", ""): value for name, value in base.items()} if isinstance(base, dict) else {}
    places = ((folded, "errcode"), (nested, "errcode"), (nested, "ret"))
    for values, name in places:
        if name not in values:
            continue
        code = parse_whole_number(values[name], digits_max=15)
        if code is None or abs(code) > _ERRCODE_MAX:
            return None, ""
        if code:
            message = values.get("errmsg", "")
            return code, message if isinstance(message, str) else ""
    return 0, ""


def parse_whole_number(value: object, digits_max: int) -> int | None:
    """Return a whole number, which may be written as 7200.0 or as a text of at most `digits_max` digits."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < 10**15 else None
    match = _WHOLE_NUMBER.fullmatch(value) if isinstance(value, str) else None
    return int(match[1]) if match is not None and len(match[1].lstrip("-")) <= digits_max else None


def _decode(body: bytes) -> str:
    """Return the text; gateways in China send GBK, and Windows servers put a BOM in front of UTF-8."""
    body = body.removeprefix(codecs.BOM_UTF8)
    try:
        return body.decode()
    except UnicodeDecodeError:
        return body.decode("gb18030", "replace")


def _reject_duplicate_keys(pairs: list[tuple[str, object]]) -> dict[str, object]:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise ValueError("a field came twice")
    return fields


def _reject_constant(text: str) -> object:
    raise ValueError(text)
