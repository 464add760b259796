"""Recognition of WeChat's other tokens in a pasted text: they look like the ordinary access_token, but are none."""

import re
from collections.abc import Iterator

from guarddog_gui.domain.paste.layers import clean_text, decoded_layers, fold_text
from guarddog_gui.domain.problems import InputProblem

READ_MAX = 2**15  # characters
_HINT = re.compile(r"token|session|ticket|auth_?code", re.IGNORECASE)
_PAIR = re.compile(  # the value is only looked at: `https:` is in front of a name, too
    r"(?<![A-Za-z0-9])(?P<name>[A-Za-z][\w.$-]{2,60})"
    r"(?:[\"'`\])]{0,3}\s{0,4}(?:=>|:=|[=:])|[\"'`]?\s{0,3},(?=\s{0,3}[\"'`])"
    r"|\";[a-z]:|[ ]{0,20}[|\t]|>(?=<!\[CDATA\[|[^\s<]))"
    r"(?=\s{0,8}(?:string\(\d+\)|\d+:|str:|\*|<!\[CDATA\[)?\s{0,4}[\"'`\[(]{0,3}(?P<value>[^\s\"'`<>&,;{}\[\]()|]{1,64}))",
    re.ASCII,
)
_SEPARATORS = re.compile(r"[^a-z0-9]+")
_PLACEHOLDER = re.compile(r"(?:your|my|the)?[_-]?[A-Z_]{6,}|x{4,}|\*{4,}|\.{3,}|null|none|undefined|nil", re.IGNORECASE)
# the ordinary token and that of web authorisation begin like `87_`; those of WeCom do not
_WECHAT_TOKEN = re.compile(r"\d{1,3}_[\w-]{6,}", re.ASCII)
_WORK_URL = re.compile(r"\bqyapi\.weixin\.qq\.com/", re.IGNORECASE)
_OAUTH_URL = re.compile(r"\bapi\.weixin\.qq\.com/sns/(?!jscode2session)", re.IGNORECASE)
_SUFFIXES = (  # the longer ones first: `component_access_token` ends with `access_token`
    ("authorizer", ("authorizeraccesstoken", "authorizerrefreshtoken")),
    ("component", ("componentaccesstoken", "componentverifyticket", "preauthcode")),
    ("work", ("suiteaccesstoken", "suiteticket", "provideraccesstoken", "corpaccesstoken", "corptoken")),
    ("session", ("sessionkey",)),
    ("refresh", ("refreshtoken",)),
    ("oauth", ("oauthaccesstoken", "oauth2accesstoken", "snsaccesstoken", "useraccesstoken", "webaccesstoken")),
    ("token", ("accesstoken",)),
)
_EXACT = {"openid": "openid", "scope": "scope", "expiresin": "life", "errcode": "errcode", "corpid": "corp"}


def find_other_token(text: str) -> InputProblem | None:
    """Return which other token is in the text: a reply, a dump, a log line, a request; None if there is none.

    A platform's token counts before that of an account, since a request for the one carries the other.
    """
    if _HINT.search(text) is None:
        return None
    plain = fold_text(clean_text(text[:READ_MAX]))
    return next(filter(None, map(_find_in_layer, decoded_layers(plain))), None)


def _find_in_layer(text: str) -> InputProblem | None:
    values: dict[str, str] = {}
    for field, value in _pairs(text):
        values.setdefault(field, value)
    for field, problem in (
        ("authorizer", InputProblem.AUTHORIZER_TOKEN),
        ("component", InputProblem.COMPONENT_TOKEN),
        ("session", InputProblem.SESSION_KEY),
        ("work", InputProblem.WORK_TOKEN),
    ):
        if field in values:
            return problem
    if _is_of_web_authorisation(text, values):
        return InputProblem.OAUTH_TOKEN
    return InputProblem.WORK_TOKEN if _is_of_work(text, values) else None


def _is_of_web_authorisation(text: str, values: dict[str, str]) -> bool:
    if "oauth" in values:
        return True
    is_sns_call = _OAUTH_URL.search(text) is not None
    if "refresh" in values:
        return is_sns_call or "openid" in values or "scope" in values
    return "token" in values and (is_sns_call or "snsapi_" in text or {"openid", "life"} <= values.keys())


def _is_of_work(text: str, values: dict[str, str]) -> bool:
    """Return True for a token of WeCom: its calls have their own host, and its token reply has an errcode of 0."""
    if "token" not in values:
        return False
    if _WORK_URL.search(text) is not None or "corp" in values:
        return True
    return values.get("errcode") == "0" and "life" in values and _WECHAT_TOKEN.match(values["token"]) is None


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    for pair in _PAIR.finditer(text):
        name, value = _SEPARATORS.sub("", pair["name"].lower()), pair["value"]
        field = next((field for field, suffixes in _SUFFIXES if name.endswith(suffixes)), _EXACT.get(name))
        is_short = field in ("life", "errcode", "scope", "openid", "corp")
        if field is not None and (is_short or (len(value) >= 6 and not _PLACEHOLDER.fullmatch(value))):
            yield field, value
