"""Reader for pasted `wx.config` values: source, console output, a server's reply, a log, or a single value."""

import re

from msgspec import Struct
from msgspec.structs import replace as replace_fields

from guarddog_gui.domain.hidden_fields import HiddenFields
from guarddog_gui.domain.paste.config_call import CallMistake, find_call_mistakes
from guarddog_gui.domain.paste.layers import clean_text, decoded_layers, fold_text, unescape_percent
from guarddog_gui.domain.paste.names import HINT
from guarddog_gui.domain.paste.objects import CORE_FIELDS, Pair, find_config, find_objects
from guarddog_gui.domain.paste.other_tokens import find_other_token
from guarddog_gui.domain.paste.scanner import scan_text
from guarddog_gui.domain.paste.values import (
    APPID,
    TYPED,
    has_typed_form,
    is_placeholder,
    is_template,
    is_variable,
    join_broken_signatures,
    join_signature,
    nonce_problem,
    signature_problem,
    timestamp_problem,
)
from guarddog_gui.domain.problems import InputProblem

READ_MAX = 2**16  # characters that are read: of a longer text those around its most promising place
_SEARCHED_MAX = 2**22
_NEARBY = 400  # characters around a signature in which values without names may stand

_CONFIG_CALL = re.compile(r"wx\s{0,9}\.\s{0,9}config\s{0,9}[(\s]")
_SHORTHAND = re.compile(
    r"wx\s{0,9}\.\s{0,9}config\s{0,9}\(\s{0,9}\{[^}]{0,400}\b(?:timestamp|signature|nonceStr)\s{0,9}[,}]"
)
_SIGNATURE_ALONE = re.compile(r"(?<![\w%])[0-9A-Fa-f]{40}(?!\w)")
_TIMESTAMP_ALONE = re.compile(r"(?<![\w.%])1[0-9]{9}(?![\w.])")
_APPID_ALONE = re.compile(r"(?<!\w)w[xw][0-9a-f]{16}(?!\w)")
_NONCE_ALONE = re.compile(r"(?<![\w/.:%=&?-])[A-Za-z0-9]{8,32}(?![\w/.:%=-])")
_SIGNED_STRING = re.compile(
    r"jsapi_ticket=[^\s&\"'<>]{0,600}+&noncestr=[^&\s\"'<>]{0,300}+&timestamp=[^&\s\"'<>]{0,40}+&url=[^\s\"'<>]{0,9000}+",
    re.IGNORECASE,
)
_REAL_AUTH_URL = re.compile(r"realAuthUrl\W{1,12}(https?(?::|%3A)[^\s\"'\],<>]{1,9000})", re.IGNORECASE)
_SINGLE_FORMS = {
    "signature": re.compile(r"[0-9A-Fa-f]{40}"),
    "timestamp": TYPED["timestamp"],
    "appid": APPID,
    "url": re.compile(r"https?://\S+", re.IGNORECASE),
}

_TEMPLATE_PROBLEMS = frozenset(
    {InputProblem.SIGNATURE_IS_TEMPLATE, InputProblem.NONCE_IS_TEMPLATE, InputProblem.TIMESTAMP_IS_TEMPLATE}
)
# calls and requests with values of the same names, whose signatures are made otherwise
_PAYMENT = re.compile(r"pay_?sign[\"'`]?\s{0,9}(?:=>|[:=])\s{0,9}[\"'`]?(?P<value>[^\s\"'`,}&]{0,600})", re.IGNORECASE)
_MESSAGE = re.compile(r"[?&](?:echostr|msg_signature|encrypt_type|openid)=")
_PAGE_HINT = re.compile(r"noncestr|jsapi", re.IGNORECASE)


class PastedConfig(HiddenFields, Struct, frozen=True):
    """Values found in a pasted text; missing ones are empty.

    url             address that the server says it signed
    ticket          jsapi_ticket beside the config, or in the signed string
    real_auth_url   address that WeChat says it checked (`realAuthUrl` of its error message)
    signed_string   the whole `jsapi_ticket=…&noncestr=…` if the text has it
    call_mistakes   what WeChat's client cannot use in the literal call with these values
    has_other_signature   True if the text has another signature too: of a second call, or of a key that comes twice
    problem_if_empty   reason for which there are no values, for example `wx.config({ timestamp, nonceStr, signature })`
    """

    hidden_fields = ("ticket", "signed_string")

    appid: str = ""
    nonce: str = ""
    timestamp: str = ""
    signature: str = ""
    url: str = ""
    ticket: str = ""
    real_auth_url: str = ""
    signed_string: str = ""
    call_mistakes: tuple[CallMistake, ...] = ()
    has_other_signature: bool = False
    problem_if_empty: InputProblem = InputProblem.CONFIG_NOT_FOUND

    @property
    def problem(self) -> InputProblem | None:
        if not _has_values(self):
            return self.problem_if_empty
        signature, timestamp = self.signature.strip(), self.timestamp.strip()
        problems = (signature_problem(signature), nonce_problem(self.nonce), timestamp_problem(timestamp))
        templates = [problem for problem in problems if problem in _TEMPLATE_PROBLEMS]
        if templates:
            return templates[0] if len(templates) == 1 else InputProblem.CONFIG_IS_TEMPLATE
        if _is_no_literal(timestamp) or (problems[0] and _is_no_literal(signature)):
            return InputProblem.CONFIG_HAS_VARIABLES
        return next(filter(None, problems), None)


def read_config(text: str) -> PastedConfig:
    """Read the values in any form; `problem` of the result says what is missing."""
    text = join_broken_signatures(clean_text(trim_to_config(text, READ_MAX)).strip())
    single = join_signature(fold_text(text).strip("\"' \n\t,;"))
    for name, form in _SINGLE_FORMS.items():
        if form.fullmatch(single) and not (name == "url" and _holds_config(single)):
            problem = find_other_token(single) if name == "url" else None
            config = _build_config({name: single})
            return config if problem is None else replace_fields(config, problem_if_empty=problem)
    best = PastedConfig()
    best_rank = (-1, -1)
    for layer in decoded_layers(text):
        if HINT.search(layer) is None and _SIGNATURE_ALONE.search(layer) is None:
            continue
        config, score = _read_layer(layer)
        rank = (2 if config.problem is None else int(score > 0), score)
        if rank > best_rank:
            best, best_rank = config, rank
        if config.problem is None:
            break
    if not _has_values(best):
        variables = InputProblem.CONFIG_HAS_VARIABLES if _SHORTHAND.search(text) is not None else None
        problem = variables or find_other_token(text)
        best = best if problem is None else replace_fields(best, problem_if_empty=problem)
    foreign = _find_foreign_signature(text, best)
    if foreign is not None:
        return PastedConfig(problem_if_empty=foreign)
    mistakes = find_call_mistakes(text, best.signature)
    return replace_fields(best, real_auth_url=_find_real_auth_url(text), call_mistakes=mistakes)


def _find_foreign_signature(text: str, config: PastedConfig) -> InputProblem | None:
    """Return what was pasted if its signature is that of a payment or of a pushed message."""
    if not config.signature.strip() and _PAYMENT.search(text) is not None:
        return InputProblem.PAYMENT_SIGNATURE
    if not config.signature or _PAGE_HINT.search(text) is not None:
        return None
    requests = (word for word in text.split() if _MESSAGE.search(word))
    is_message = any(f"signature={config.signature}" in request for request in requests)
    return InputProblem.MESSAGE_SIGNATURE if is_message else None


def trim_to_config(text: str, max_chars: int) -> str:
    """Cut a long text to `max_chars` characters around the place that looks most like a `wx.config`."""
    if len(text) <= max_chars:
        return text
    searched = text[:_SEARCHED_MAX]
    call = _CONFIG_CALL.search(searched)
    begin = call.start() if call is not None else 0
    signature = _SIGNATURE_ALONE.search(searched, begin, begin + max_chars) or _SIGNATURE_ALONE.search(searched)
    if signature is None:
        hint = call or HINT.search(searched)
        begin = hint.start() if hint is not None else 0
    elif not begin <= signature.start() < begin + max_chars or call is None:
        begin = max(0, signature.start() - max_chars // 2)
    return text[begin : begin + max_chars]


def _read_layer(text: str) -> tuple[PastedConfig, int]:
    objects = find_objects(scan_text(text))
    best, pairs = find_config(objects)
    values = {name: pair.value for name, pair in pairs.items()}
    chosen = {name: values.get(name, "") for name in ("appid", "nonce", "timestamp", "signature", "url", "ticket")}
    if not chosen["url"].lower().startswith(("http://", "https://")):
        chosen["url"] = ""
    for name in ("url", "ticket", "appid"):
        if name in pairs and not pairs[name].is_literal:
            chosen[name] = ""
    score = best.score if best is not None else 0
    named = {pair.value for found in objects for pair in found.pairs.values()}
    named |= {payment["value"] for payment in _PAYMENT.finditer(text)}
    _add_values_without_names(text, chosen, pairs, named)
    signed = _SIGNED_STRING.search(text)
    is_named = any(name in pairs for name in CORE_FIELDS)
    problem = InputProblem.SIGNATURE_MISSING if is_named else InputProblem.CONFIG_NOT_FOUND
    others = {found.literal("signature").lower() for found in objects if not found.is_agent_config}
    others -= {"", chosen["signature"].lower()}
    config = replace_fields(
        _build_config(chosen),
        signed_string=signed[0] if signed else "",
        has_other_signature=any(map(_SIGNATURE_ALONE.fullmatch, others)),
    )
    return (config if _has_values(config) else replace_fields(config, problem_if_empty=problem)), score


def _has_values(config: PastedConfig) -> bool:
    return bool(config.nonce or config.timestamp or config.signature)


def _build_config(values: dict[str, str]) -> PastedConfig:
    value = values.get
    return PastedConfig(
        appid=value("appid", ""), nonce=value("nonce", ""), timestamp=value("timestamp", ""),
        signature=join_signature(value("signature", "")), url=value("url", ""), ticket=value("ticket", ""),
    )  # fmt: skip


def _add_values_without_names(text: str, chosen: dict[str, str], pairs: dict[str, Pair], named: set[str]) -> None:
    """Fill in what is missing with the only value nearby that has its form."""

    def is_missing(name: str) -> bool:
        return not chosen[name] or (name in pairs and not pairs[name].is_literal)

    if not any(map(is_missing, ("nonce", "timestamp", "signature"))):
        return
    folded = fold_text(text)
    signatures = set(_SIGNATURE_ALONE.findall(folded)) - named
    if is_missing("signature") and len(signatures) == 1:
        chosen["signature"] = signatures.pop()
    at = folded.find(chosen["signature"]) if _SIGNATURE_ALONE.fullmatch(chosen["signature"]) else -1
    if at < 0:
        return
    nearby = folded[max(0, at - _NEARBY) : at + _NEARBY]
    for name, form in (("timestamp", _TIMESTAMP_ALONE), ("appid", _APPID_ALONE)):
        found = set(form.findall(nearby)) - named
        if is_missing(name) and len(found) == 1:
            chosen[name] = found.pop()
    if is_missing("nonce") and not is_template(chosen["nonce"]):
        words = {word for word in _NONCE_ALONE.findall(nearby) if has_typed_form("nonce", word)}
        words -= named | set(chosen.values())
        words = {word for word in words if word not in chosen["nonce"]}  # a part of a value is none
        likely = {word for word in words if len(word) in (16, 32)} or words
        if len(likely) == 1 and is_missing("nonce"):
            chosen["nonce"] = likely.pop()


def _find_real_auth_url(text: str) -> str:
    plain = text.replace("\\/", "/").replace("\\", "")
    found = _REAL_AUTH_URL.search(plain)
    if found is None:
        return ""
    url = found[1]
    return unescape_percent(url) if url[:8].lower().startswith(("http%3a", "https%3a")) else url


def _holds_config(url: str) -> bool:
    return all(re.search(rf"[?&]{name}=", url, re.IGNORECASE) for name in ("signature", "timestamp", "nonce(?:str)?"))


def _is_no_literal(text: str) -> bool:
    return is_placeholder(text) or is_variable(text)
