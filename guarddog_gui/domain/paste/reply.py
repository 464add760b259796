"""Reader for pasted replies of WeChat: its errcode, message, IP address, rid and hint, in any wrapping."""

import re
from collections.abc import Container, Iterable, Iterator
from enum import IntEnum
from typing import NamedTuple

from guarddog_gui.domain.paste.layers import clean_text, decoded_layers, fold_text, unescape_percent
from guarddog_gui.domain.paste.names import Rank
from guarddog_gui.domain.paste.objects import Pair
from guarddog_gui.domain.paste.other_tokens import find_other_token
from guarddog_gui.domain.paste.pasted_reply import PastedReply
from guarddog_gui.domain.paste.scanner import scan_text

READ_MAX = 2**15  # characters; of a longer text those around its first refusal
_UNSURE_MIN = 1000  # a `code` below is hardly one of WeChat
_OBJECT_MAX = 4000  # characters of an object before and after its errcode
_HINT = re.compile(r"err_?code|errmsg|base_?resp|错误码|错误代码|rid:|realAuthUrl", re.IGNORECASE)
_NUMBER = re.compile(r"-?[0-9]{1,18}")
_WHOLE_NUMBER = re.compile(r"(-?[0-9]{1,9})(?:\.0+)?")
_NUMBER_IN_TEXT = re.compile(r"(?<![A-Za-z0-9_.-])-?[0-9]{5,9}(?![A-Za-z0-9_.-]*[A-Za-z0-9_])")

# between a name and its number, one character or token each: quotes and brackets of any language, encoded ones too
_GLUE = (
    r"(?:[ \t:=>|\"'“”‘’\\(\[\]<!：＝]|(?<==>)\r?\n|(?:int|integer|string|float|number|long)(?![A-Za-z])"
    r"|&quot;|&#[0-9]{2,4};|%(?:22|3A|3D|20)|u0022){0,24}?"
)
_CODE = r"(-?[0-9]{1,9})(?:\.0{1,9})?(?!\.?[A-Za-z0-9_])"
_NAMED_CODE = re.compile(
    rf"(?:(?:(?<![A-Za-z])|(?<=\\[nrt]))(?:err(?:or)?_?codes?|errno|base_?resp(?:onse)?\W{{1,10}}ret)"
    rf"|错误码|错误代码|返回码|错误号){_GLUE}{_CODE}",
    re.IGNORECASE,
)
_UNSURE_CODE = re.compile(rf"(?<![A-Za-z])(?:code|ret|status){_GLUE}{_CODE}", re.IGNORECASE)
_UNIT = r"m?s|sec(?:ond)?s?|[kmg]?b|bytes|times|rows|records|items|users|requests|毫秒|秒|字节|条|次|个|元|人|行"
_NO_UNIT = rf"(?!\s{{0,2}}(?:{_UNIT})(?![A-Za-z]))"
_CALLED_CODE = re.compile(  # `WeChatAPIError: 40001`, `错误 40001`, `返回了 40001`, `40001 error`, `40001 怎么解决`
    r"(?:err(?:or)?s?|errcode|exception|fail(?:ed|ure)?|refused|returns|returned|错误|报错|出错|返回|提示|失败|异常)"
    r"(?:\s(?:with|code|number))?"
    rf"[\s:=#(\[,\"'：（【，码号值代为是了]{{0,6}}(-?[0-9]{{5,9}})(?![.-]?[A-Za-z0-9_]){_NO_UNIT}"
    rf"|(?<![A-Za-z0-9_.-])(-?[0-9]{{5,9}})[\s:)\]\"'：）】]{{0,4}}(?:errors?\b|错误|报错|出错|异常|怎么|是什么|什么|是啥|如何)",
    re.IGNORECASE,
)
_LEADING_CODE = re.compile(  # `[40164] …`, `40164: …`, `40164，…`; not `40164 requests`
    rf"[\s\[(【（\"'#]{{0,6}}(-?[0-9]{{5,9}})(?:\s{{0,4}}$|\s{{0,2}}[\])】）:：,，]|\s{{0,2}}(?=[\u4e00-\u9fff]){_NO_UNIT})"
)

_BRACE = re.compile(r"[{}]")
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


class _Naming(IntEnum):
    """Certainty that a number in a text is an errcode."""

    NAMED = 0  # errcode: 40001
    CALLED = 1  # error 40001
    UNSURE = 2  # code: 40001


class _CodeInText(NamedTuple):
    """Errcode in a text, with the span of its name and number."""

    start: int
    end: int
    code: int
    naming: _Naming


def read_reply(text: str, known_codes: Container[int], listed_codes: Container[int] = ()) -> PastedReply:
    """Read what WeChat said; a number without a name counts if it is one of `known_codes`.

    `listed_codes` are more errcodes that count among the others of a text if they are named.
    """
    is_long = len(text) > READ_MAX
    whole = tuple(_find_codes(text, known_codes)) if is_long else ()
    plain = fold_text(clean_text(_trim(text, whole, known_codes) if is_long else text)).strip()
    if _NUMBER.fullmatch(plain):
        return PastedReply(int(plain))
    errcode: int | None = None
    pairs: list[Pair] = []
    errmsg, decoded = "", plain
    for layer in decoded_layers(plain):
        decoded = layer
        pairs = [pair for group in scan_text(layer) for pair in group.pairs]
        errcode = _choose_errcode(pairs, known_codes, has_base_resp="base" in layer.lower())
        errmsg = next((pair.value for pair in pairs if pair.field == "errmsg" and pair.value), errmsg)
        if errcode is not None:
            break
    searched = decoded.replace("\\/", "/").replace("\\", "")
    named = _find_codes(searched, known_codes)
    codes = tuple(sorted((*named, *_find_unnamed(searched, named, pairs))))
    if not errcode:  # a success is no answer where an error has a number
        called = (found.code for found in codes if found.naming is not _Naming.UNSURE and found.code in known_codes)
        errcode = next(filter(None, called), errcode)
    is_bare = errcode is None
    if errcode is None:
        errcode, is_bare = _find_number(plain, known_codes)
        codes = codes or tuple(_find_numbers_of_lines(searched, known_codes))
    own = _OwnText(searched, codes, errcode)
    return PastedReply(
        errcode, errmsg.strip(), ip=own.find(_IP).rstrip(".:"), rid=own.find(_RID), hint=own.find(_REQUEST_HINT),
        real_auth_urls=tuple(_real_auth_urls(searched)), is_jssdk=_JSSDK_MESSAGE.search(searched) is not None,
        other_token=find_other_token(text), is_bare_number=is_bare,
        other_errcodes=_other_refusals((*whole, *codes), pairs, errcode, known_codes, listed_codes),
    )  # fmt: skip


def _find_codes(text: str, known_codes: Container[int]) -> list[_CodeInText]:
    """Return the errcodes of a text of any length in its order; zeros and unknown ones only if they are named."""
    found = {match.end(1): _found(match, _Naming.NAMED) for match in _NAMED_CODE.finditer(text)}
    for match in _CALLED_CODE.finditer(text):
        code = _found(match, _Naming.CALLED)
        if code.code in known_codes:
            found.setdefault(match.end(match.lastindex or 1), code)
    for match in _UNSURE_CODE.finditer(text):
        code = _found(match, _Naming.UNSURE)
        if code.code in known_codes and abs(code.code) >= _UNSURE_MIN:
            found.setdefault(match.end(1), code)
    return sorted(found.values())


def _found(match: re.Match[str], naming: _Naming) -> _CodeInText:
    return _CodeInText(match.start(), match.end(), int(match[match.lastindex or 1]), naming)


def _trim(text: str, codes: tuple[_CodeInText, ...], known_codes: Container[int]) -> str:
    """Return the part of a long text around its first refusal, or around what looks most like a reply."""
    refusals = [found for found in codes if found.code]
    known = [found for found in refusals if found.code in known_codes]
    named = [found for found in known if found.naming is _Naming.NAMED]
    start = next((found.start for found in (*named, *known, *refusals)), None)
    if start is None:
        hint = _HINT.search(text)
        start = hint.start() if hint is not None else 0
    begin = max(0, start - READ_MAX // 4)
    if begin:  # a part of a line may begin within a string
        begin = text.find("\n", begin, start) + 1 or begin
    return text[begin : begin + READ_MAX]


def _choose_errcode(pairs: list[Pair], known_codes: Container[int], *, has_base_resp: bool) -> int | None:
    """Return the errcode of a refusal rather than a 0, and that of WeChat rather than a wrapper's `code`."""
    found = list(_errcodes(pairs))
    named = [code for code, rank in found if rank < Rank.WEAK]
    refusals = [code for code in named if code]
    known = [code for code in refusals if code in known_codes]
    unsure = [code for code, rank in found if rank >= Rank.WEAK and code in known_codes]
    unsure = [code for code in unsure if abs(code) >= _UNSURE_MIN or (has_base_resp and code)]
    return next(iter([*known, *unsure, *refusals, *named]), None)


def _find_number(text: str, known_codes: Container[int]) -> tuple[int | None, bool]:
    """Return the first known number of a text, and whether nothing in the text calls it an errcode."""
    leading = _LEADING_CODE.match(text)
    if leading is not None and int(leading[1]) in known_codes:
        return int(leading[1]), False
    numbers = map(int, _NUMBER_IN_TEXT.findall(text))
    number = next((number for number in numbers if number in known_codes), None)
    return number, number is not None


def _other_refusals(
    codes: Iterable[_CodeInText], pairs: list[Pair], chosen: int | None, known_codes: Container[int],
    listed_codes: Container[int],
) -> tuple[int, ...]:  # fmt: skip
    """Return each other known errcode of the text once; none for a number that the text does not call an errcode."""
    named = [found.code for found in codes if found.naming is not _Naming.UNSURE]
    named += [code for code, rank in _errcodes(pairs) if rank < Rank.WEAK]
    refusals = (code for code in dict.fromkeys(named) if code not in (0, chosen))
    return tuple(code for code in refusals if code in known_codes or code in listed_codes)


def _errcodes(pairs: list[Pair]) -> Iterator[tuple[int, Rank]]:
    for pair in pairs:
        number = _WHOLE_NUMBER.fullmatch(pair.value.strip()) if pair.field == "errcode" else None
        if number is not None:
            yield int(number[1]), pair.rank


class _OwnText:
    """Parts of a text that belong to the reply with one errcode: not those of the replies before and after it."""

    def __init__(self, text: str, codes: tuple[_CodeInText, ...], errcode: int | None) -> None:
        self._text = text
        same = [found for found in codes if found.code == errcode]
        own = min(same, key=lambda found: found.naming, default=None) or _find_literal(text, errcode)
        if own is None:
            self._parts: tuple[str, ...] = (text,)
            return
        self._own = own
        self._object = _object_around(text, own.start)
        self._start, self._end = self._object or (own.start, own.end)
        begin, end = self._begin(codes), self._stop(codes)
        line_start = max(begin, text.rfind("\n", 0, self._start) + 1)
        line_end = text.find("\n", self._end, end)
        line = line_start, end if line_end < 0 else line_end
        inner = [span for found in codes if (span := self._inner_object(found))]
        self._parts = tuple(_cut_out(text, span, inner) for span in ((self._start, self._end), line, (begin, end)))

    def find(self, pattern: re.Pattern[str]) -> str:
        """Return the first match in the object of the reply, else in its line, else in what belongs to it."""
        return next(filter(None, (_first(pattern, part) for part in self._parts)), "")

    def _is_other(self, found: _CodeInText) -> bool:
        """Return True for an errcode of another reply: another number, or the same in an object on another line."""
        if found.code != self._own.code:
            return True
        if self._object is None or self._start <= found.start < self._end:
            return False
        between = sorted((self._own.start, found.start))
        return "\n" in self._text[slice(*between)] and _object_around(self._text, found.start) is not None

    def _inner_object(self, found: _CodeInText) -> tuple[int, int] | None:
        """Return the span of a reply within the object of this one."""
        if self._object is None or found.code == self._own.code or not self._start < found.start < self._end:
            return None
        span = _object_around(self._text, found.start)
        return span if span is not None and span != self._object else None

    def _begin(self, codes: tuple[_CodeInText, ...]) -> int:
        """Return where the text of this reply begins: lines below another reply, and the rest of its line, are its."""
        for found in reversed(codes):
            if found.start >= self._start or not self._is_other(found):
                continue
            start, end = _object_around(self._text, found.start) or (found.start, found.end)
            if start < self._start < end:
                if found.code == 0:  # a wrapper that was called successfully
                    continue
                return self._start
            return self._text.rfind("\n", end, self._start) + 1 or self._start
        return 0

    def _stop(self, codes: tuple[_CodeInText, ...]) -> int:
        """Return where the text of this reply ends: before the line, or the object, of the next one."""
        for found in codes:
            if found.start < self._end or not self._is_other(found):
                continue
            start = (_object_around(self._text, found.start) or (found.start, 0))[0]
            if start < self._end:
                if found.code == 0:
                    continue
                return self._end
            newline = self._text.rfind("\n", self._end, start)
            return start if newline < 0 else newline
        return len(self._text)


def _find_unnamed(text: str, codes: list[_CodeInText], pairs: list[Pair]) -> Iterator[_CodeInText]:
    """Find the errcodes that have their name elsewhere, as in the head of a table."""
    named = {code for code, rank in _errcodes(pairs) if rank < Rank.WEAK and abs(code) >= _UNSURE_MIN}
    for code in named - {found.code for found in codes}:
        for match in re.finditer(rf"(?<![\w.-]){code}(?!\w)", text):
            yield _CodeInText(match.start(), match.end(), code, _Naming.UNSURE)


def _find_numbers_of_lines(text: str, known_codes: Container[int]) -> Iterator[_CodeInText]:
    """Find the first known number of each line: a table may have one reply in each."""
    line_end = -1
    for match in _NUMBER_IN_TEXT.finditer(text):
        if match.start() > line_end and int(match[0]) in known_codes:
            yield _CodeInText(match.start(), match.end(), int(match[0]), _Naming.UNSURE)
            line_end = text.find("\n", match.end())
            if line_end < 0:
                return


def _find_literal(text: str, errcode: int | None) -> _CodeInText | None:
    """Find an errcode that the text does not name."""
    found = re.search(rf"(?<![\w.-]){errcode}(?!\w)", text) if errcode is not None else None
    return _CodeInText(found.start(), found.end(), int(found[0]), _Naming.UNSURE) if found is not None else None


def _object_around(text: str, position: int) -> tuple[int, int] | None:
    """Return the span of the innermost braces around a position."""
    start = _length_to_brace(text[max(0, position - _OBJECT_MAX) : position][::-1], opposite="}")
    end = _length_to_brace(text[position : position + _OBJECT_MAX], opposite="{")
    return None if start is None or end is None else (position - start, position + end)


def _length_to_brace(text: str, opposite: str) -> int | None:
    """Return the length of a text up to and with its first brace that has no opposite one before it."""
    depth = 0
    for brace in _BRACE.finditer(text):
        depth += 1 if brace[0] == opposite else -1
        if depth < 0:
            return brace.end()
    return None


def _cut_out(text: str, span: tuple[int, int], inner: list[tuple[int, int]]) -> str:
    """Return a span of the text without those within it."""
    begin, end = span
    parts = []
    for start, stop in inner:
        if begin <= start and stop <= end:
            parts.append(text[begin:start])
            begin = stop
    return " ".join((*parts, text[begin:end]))


def _real_auth_urls(text: str) -> Iterator[str]:
    found = _REAL_AUTH_URL.search(text)
    urls = _URL.findall(found[1]) if found is not None else ()
    for url in dict.fromkeys(urls):
        yield unescape_percent(url) if url[:8].lower().startswith(("http%3a", "https%3a")) else url


def _first(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return found[1] if found is not None else ""
