"""Wrong ways to put the values together: whole strings that are hashed in place of the correct one."""

import json
from collections.abc import Iterator
from hashlib import md5, sha1
from itertools import chain, combinations, permutations
from urllib.parse import quote, quote_plus, urlencode

from guarddog_gui.domain.diagnosis.mistakes import Mistake, MistakeKind, Mistakes
from guarddog_gui.domain.diagnosis.placeholder_values import SAMPLE_APPIDS, SAMPLE_MERCHANTS
from guarddog_gui.domain.diagnosis.query_variants import Variant

FIELD_NAMES = ("jsapi_ticket", "noncestr", "timestamp", "url")
_VALUE_SEPARATORS = ("", "&", ",", "\n", "|", " ", ";", ":")
_APPID_NAMES = ("appid", "appId", "app_id")
_WRONG_NAMES = (
    ("timestamp", "timeStamp", "time", "time_stamp", "ts", "Timestamp", "TimeStamp", "timestemp"),
    ("jsapi_ticket", "jsapiTicket", "ticket", "jsapi_Ticket", "jsapiticket", "js_ticket", "access_token", "jsticket",
        "api_ticket", "token", "jsapi-ticket", "JSAPI_TICKET", "jsapi_ticket "),
    ("url", "URL", "Url", "uri", "href", "link", "page", "pageUrl"),
    ("noncestr", "nonceStr", "nonce_str", "nonce", "noncestring", "NonceStr", "nonceString", "noncetr", "nonstr",
        "randomstr", "random", "nonceSTR"),
)  # fmt: skip
_EXTRA_FIELDS = (
    *("signType=SHA1", "signType=MD5", "signType=sha1", "sign_type=SHA1", "debug=true", "debug=false", "debug=True"),
    *("debug=1", "debug=0", "debug=", "type=jsapi", "signature=", "sign=", "jsApiList=", "package=", "key=", "openid="),
    *("errcode=0", "errmsg=ok", "expires_in=7200", "beta=true", "success=true", "code=0",
    "grant_type=client_credential"),
)  # fmt: skip

Fields = list[tuple[str, str]]


def make_whole_strings(ticket: str, nonce: str, timestamp: str, url: str, appids: tuple[str, ...]) -> Iterator[Variant]:
    """Yield the strings that are made of these values by mistake, the most common first."""
    fields: Fields = list(zip(FIELD_NAMES, (ticket, nonce, timestamp, url), strict=True))
    yield from _values_only(fields)
    yield from _extra_fields(fields, appids)
    yield from _joined_otherwise(fields)
    yield from _missing_fields(fields)
    yield from _misnamed(fields)
    yield from _changed_whole(_join(fields))


def _join(fields: Fields, separator: str = "&", mark: str = "=") -> str:
    return separator.join(f"{name}{mark}{value}" for name, value in fields)


def _values_only(fields: Fields) -> Iterator[Variant]:
    values = [value for _, value in fields]
    orders = dict.fromkeys([tuple(sorted(values)), tuple(values), *permutations(values)])
    mistakes = (Mistake(MistakeKind.VALUES_ONLY),)
    for separator in _VALUE_SEPARATORS:
        for order in orders:
            yield separator.join(order), mistakes
    for absent in range(len(values)):
        rest = [value for index, value in enumerate(values) if index != absent]
        for order in permutations(rest):
            yield "".join(order), (*mistakes, Mistake(MistakeKind.FIELD_MISSING, "", FIELD_NAMES[absent]))


def _extra_fields(fields: Fields, appids: tuple[str, ...]) -> Iterator[Variant]:
    known = tuple(dict.fromkeys((*appids, *SAMPLE_APPIDS)))
    merchants: Fields = [(name, number) for number in SAMPLE_MERCHANTS for name in ("mch_id", "mchid", "mchId")]
    appid_fields: Fields = [(name, appid) for appid in known for name in _APPID_NAMES]
    for more in chain(([extra] for extra in appid_fields), ([extra] for extra in merchants),
                      ([appid, merchant] for appid in appid_fields[::3] for merchant in merchants[:3])):  # fmt: skip
        mistakes = (Mistake(MistakeKind.APPID_FIELD, ", ".join(name for name, _ in more)),)
        for text in _with_fields(fields, more):
            yield text, mistakes
    renamed = [("nonceStr" if name == "noncestr" else name, value) for name, value in fields]
    for extra_field in appid_fields:
        for text in _with_fields(renamed, [extra_field]):
            kinds = ((MistakeKind.APPID_FIELD, extra_field[0], ""), (MistakeKind.NONCE_NAME, "nonceStr", "noncestr"))
            yield text, tuple(Mistake(*fields_) for fields_ in kinds)
    for extra in _EXTRA_FIELDS:
        name, _, value = extra.partition("=")
        for text in _with_fields(fields, [(name, value)]):
            yield text, (Mistake(MistakeKind.EXTRA_FIELD, extra),)
    for name, value in fields:
        for text in _with_fields(fields, [(name, value)]):
            yield text, (Mistake(MistakeKind.EXTRA_FIELD, name),)


def _with_fields(fields: Fields, more: Fields) -> Iterator[str]:
    """Yield the string with these fields sorted in, before it, and behind it."""
    everything = [*fields, *more]
    yield _join(sorted(everything))
    yield _join(sorted(everything, key=lambda field: field[0].lower()))
    yield _join([*more, *fields])
    yield _join(everything)


def _joined_otherwise(fields: Fields) -> Iterator[Variant]:
    correct = _join(fields)
    pairs = dict(fields)
    typed = {**pairs, "timestamp": int(pairs["timestamp"])} if pairs["timestamp"].isdigit() else pairs
    texts = [f"?{correct}", f"{correct}&", f"&{correct}", f"{correct}=", f"{correct}?", f'"{correct}"', f"'{correct}'"]
    texts += [
        f"string1={correct}",
        f"{correct},",
        f"{correct};",
        f"{correct}\\n",
        f"{correct}null",
        f"{correct}undefined",
    ]
    texts += [
        _join(fields, separator)
        for separator in ("", ", ", ",", " & ", "& ", " &", "\n", "&\n", "\r\n", ";", "|", " ", "&&", "+", "\t", "?")
    ]
    texts += [_join(fields, mark=mark) for mark in (":", "", " = ", "= ", " =", "==", ": ", "=>")]
    texts += [_join(fields, "", ""), _join(fields, ",", ":"), _join([(name, f'"{value}"') for name, value in fields])]
    texts += [
        _join([(name, f"'{value}'") for name, value in fields]),
        _join([(name, f"{{{value}}}") for name, value in fields]),
    ]
    for values in (typed, pairs):
        texts += [
            json.dumps(values, ensure_ascii=False),
            json.dumps(values, ensure_ascii=False, separators=(",", ":")),
            str(values),
        ]
        texts += [json.dumps(values, ensure_ascii=False, separators=(",", ":")).replace("/", "\\/")]
    for text in texts:
        yield text, (Mistake(MistakeKind.FIELD_JOIN, "", "&"),)


def _missing_fields(fields: Fields) -> Iterator[Variant]:
    for count in (3, 2):
        for chosen in combinations(fields, count):
            absent = ", ".join(name for name in FIELD_NAMES if name not in {field for field, _ in chosen})
            yield _join(list(chosen)), (Mistake(MistakeKind.FIELD_MISSING, "", absent),)
            yield _join(list(chosen)) + "&", (Mistake(MistakeKind.FIELD_MISSING, "", absent),)
    for name, value in fields:
        yield (
            value,
            (Mistake(MistakeKind.FIELD_MISSING, name, ", ".join(other for other in FIELD_NAMES if other != name)),),
        )
    for index, (name, _) in enumerate(fields):  # the name of a field was forgotten, or its value
        rest = [f"{other}={text}" for other, text in fields]
        rest[index] = fields[index][1]
        yield "&".join(rest), (Mistake(MistakeKind.FIELD_MISSING, "", name),)
        rest[index] = name
        yield "&".join(rest), (Mistake(MistakeKind.FIELD_MISSING, "", name),)


def _misnamed(fields: Fields) -> Iterator[Variant]:
    for correct, *wrong in _WRONG_NAMES:
        for name in wrong:
            kind = MistakeKind.NONCE_NAME if correct == "noncestr" else MistakeKind.FIELD_NAME
            mistakes: Mistakes = (Mistake(kind, name, correct),)
            renamed = [(name if field == correct else field, value) for field, value in fields]
            yield _join(renamed), mistakes
            yield _join(sorted(renamed)), (*mistakes, Mistake(MistakeKind.FIELD_ORDER, name, correct))
    for change in (str.upper, str.capitalize):
        text = _join([(change(name), value) for name, value in fields])
        yield text, (Mistake(MistakeKind.FIELD_NAME, text.partition("=")[0], FIELD_NAMES[0]),)


def _changed_whole(correct: str) -> Iterator[Variant]:
    for text in (correct.lower(), correct.upper()):
        yield text, (Mistake(MistakeKind.STRING_CASE),)
    encoded = [quote(correct, safe=safe, errors="replace") for safe in ("", "-_.!~*'()", "/", ";,/?:@&=+$-_.!~*'()#")]
    split = (part.partition("=") for part in correct.split("&", 3))
    pairs = [(name, value) for name, _, value in split]
    encoded += [
        quote_plus(correct, errors="replace"),
        urlencode(pairs, errors="replace"),
        urlencode(pairs, safe="/", errors="replace"),
    ]
    for text in encoded:
        yield text, (Mistake(MistakeKind.STRING_ENCODED),)
    data = correct.encode(errors="surrogatepass")
    digest = sha1(data, usedforsecurity=False).hexdigest()
    for text in (digest, digest.upper(), md5(data, usedforsecurity=False).hexdigest()):
        yield text, (Mistake(MistakeKind.HASHED_TWICE),)
    times = correct.replace("&times", "&times;")
    for text in (times, correct.replace("&times", "%C3%97"), correct.replace("&times", "\u00d7 ")):
        yield text, (Mistake(MistakeKind.TIMES_SIGN, "×tamp", "&timestamp"),)
