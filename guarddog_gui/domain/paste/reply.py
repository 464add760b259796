"""Reader for pasted replies of WeChat: its errcode, message, IP address, rid and hint, in any wrapping."""

import re
from collections.abc import Container, Iterator

from guarddog_gui.domain.paste.layers import clean_text, decoded_layers, fold_text, unescape_percent
from guarddog_gui.domain.paste.names import Rank
from guarddog_gui.domain.paste.objects import Pair
from guarddog_gui.domain.paste.other_tokens import find_other_token
from guarddog_gui.domain.paste.pasted_reply import PastedReply
from guarddog_gui.domain.paste.scanner import scan_text

READ_MAX = 2**15  # characters; of a longer text those around its first errcode
_HINT = re.compile(r"err_?code|errmsg|base_?resp|错误码|错误代码|rid:|realAuthUrl", re.IGNORECASE)
_NUMBER = re.compile(r"-?[0-9]{1,18}")
_WHOLE_NUMBER = re.compile(r"(-?[0-9]{1,9})(?:\.0+)?")
_NUMBER_IN_TEXT = re.compile(r"(?<![A-Za-z0-9_.-])[0-9]{5,9}(?![A-Za-z0-9_.-]*[A-Za-z0-9_])")
_RID = re.compile(r"\brid\W{1,6}([0-9a-f]{1,16}(?:-[0-9a-f]{1,16}){1,3})", re.IGNORECASE)
_IP = re.compile(
    r"(?:invalid ip|requestIP|from ip|clientip)(?:\s{0,4}:(?!:))?\s{0,4}"
    r"((?=[0-9a-fA-F]{0,4}[:.])[0-9a-fA-F:.]{3,45})"
)
_REQUEST_HINT = re.compile(r"\bhint\W{1,6}([\w.+/=-]{4,80})", re.IGNORECASE)
_REAL_AUTH_URL = re.compile(r"realAuthUrl(\W{1,12}https?(?::|%3A)[^\"'}\]<>]{1,16000})", re.IGNORECASE)
_URL = re.compile(r"https?(?::|%3A)[^\s,\"'\]]+", re.IGNORECASE)
_JSSDK_MESSAGE = re.compile(  # `config:fail`, `chooseImage:the permission value is …`; not `message: invalid …`
    r"(?<![A-Za-z])(?!(?:err)?(?:msg|message|or)\b|info\b|exception\b|desc\b)[A-Za-z_][\w.]{2,60}:\s?"
    r"(?:fail|ok|cancel|invalid|require|function|the permission|permission)"
)


def read_reply(text: str, known_codes: Container[int]) -> PastedReply:
    """Read what WeChat said; a number without a name counts if it is one of `known_codes`."""
    plain = fold_text(clean_text(_trim(text))).strip()
    if _NUMBER.fullmatch(plain):
        return PastedReply(int(plain))
    errcode: int | None = None
    others: tuple[int, ...] = ()
    errmsg, decoded = "", plain
    for layer in decoded_layers(plain):
        decoded = layer
        pairs = [pair for group in scan_text(layer) for pair in group.pairs]
        errcode = _choose_errcode(pairs, known_codes, has_base_resp="base" in layer.lower())
        errmsg = next((pair.value for pair in pairs if pair.field == "errmsg" and pair.value), errmsg)
        if errcode is not None:
            others = _other_refusals(pairs, errcode, known_codes)
            break
    if errcode is None:
        numbers = map(int, _NUMBER_IN_TEXT.findall(plain))
        errcode = next((number for number in numbers if number in known_codes), None)
    searched = decoded.replace("\\/", "/").replace("\\", "")
    return PastedReply(
        errcode, errmsg.strip(),
        ip=_first(_IP, searched).rstrip(".:"), rid=_first(_RID, searched), hint=_first(_REQUEST_HINT, searched),
        real_auth_urls=tuple(_real_auth_urls(searched)), is_jssdk=_JSSDK_MESSAGE.search(searched) is not None,
        other_token=find_other_token(text), other_errcodes=others,
    )  # fmt: skip


def _trim(text: str) -> str:
    if len(text) <= READ_MAX:
        return text
    hint = _HINT.search(text)
    begin = max(0, hint.start() - READ_MAX // 4) if hint is not None else 0
    return text[begin : begin + READ_MAX]


def _choose_errcode(pairs: list[Pair], known_codes: Container[int], *, has_base_resp: bool) -> int | None:
    """Return the errcode of a refusal rather than a 0, and that of WeChat rather than a wrapper's `code`."""
    found = list(_errcodes(pairs))
    named = [code for code, rank in found if rank < Rank.WEAK]
    refusals = [code for code in named if code]
    known = [code for code in refusals if code in known_codes]
    unsure = [code for code, rank in found if rank >= Rank.WEAK and code in known_codes]
    unsure = [code for code in unsure if abs(code) >= 1000 or (has_base_resp and code)]
    return next(iter([*known, *unsure, *refusals, *named]), None)


def _other_refusals(pairs: list[Pair], chosen: int, known_codes: Container[int]) -> tuple[int, ...]:
    named = (code for code, rank in _errcodes(pairs) if rank < Rank.WEAK)
    return tuple(dict.fromkeys(code for code in named if code not in (0, chosen) and code in known_codes))


def _errcodes(pairs: list[Pair]) -> Iterator[tuple[int, Rank]]:
    for pair in pairs:
        number = _WHOLE_NUMBER.fullmatch(pair.value.strip()) if pair.field == "errcode" else None
        if number is not None:
            yield int(number[1]), pair.rank


def _real_auth_urls(text: str) -> Iterator[str]:
    found = _REAL_AUTH_URL.search(text)
    urls = _URL.findall(found[1]) if found is not None else ()
    for url in dict.fromkeys(urls):
        yield unescape_percent(url) if url[:8].lower().startswith(("http%3a", "https%3a")) else url


def _first(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return found[1] if found is not None else ""
