"""WeChat's errmsg texts by errcode."""

_STABLE_TOKEN_HINT = "could get access_token by getStableAccessToken"  # noqa: S105 - a text

_ERRMSGS = {
    -1000: "system error",
    -1: "system error",
    40001: f"invalid credential, access_token is invalid or not latest, {_STABLE_TOKEN_HINT}",
    40002: "invalid grant_type",
    40003: "invalid openid",
    40013: "invalid appid",
    40014: "invalid access_token",
    40029: "invalid code",
    40066: "invalid url",
    40097: "invalid args",
    40125: "invalid appsecret",
    40163: "code been used",
    40164: "invalid ip {ip} ipv6 ::ffff:{ip}, not in whitelist",
    40243: "appsecret is frozen, please unfreeze it",
    41001: "access_token missing",
    41002: "appid missing",
    41004: "appsecret missing",
    41008: "missing code",
    42001: f"access_token expired, {_STABLE_TOKEN_HINT}",
    43001: "require GET method",
    43002: "require POST method",
    44002: "empty post data",
    45009: f"reach max api daily quota limit, {_STABLE_TOKEN_HINT}",
    45011: "api minute-quota reach limit, must slower, retry next minute",
    47001: "data format error",
    48001: "api unauthorized",
    48004: "api forbidden for irregularities",
    48006: "forbid to clear quota because of reaching the limit",
    50002: "user limited",
    50004: "forbidden to get access_token",
    50007: "account frozen",
    61004: "access clientip is not registered requestIP: {ip}",
    61024: "not allowed to use component_access_token here",
    76001: "rid not found",
    76002: "rid invalid",
    76003: "no permission to query this rid",
    76004: "rid expired",
    76021: "cgi_path not found",
    76022: "no permission to query this cgi_path",
    89501: "this ip is waiting for the administrator",
    89503: "this ip call needs the administrator's confirmation",
    89506: "this ip was refused twice by the administrator, retry after 24 hours",
    89507: "this ip was refused by the administrator, retry after 1 hour",
}


def format_errmsg(errcode: int, ip: str, rid: str) -> str:
    """Return the errmsg of an errcode, with the caller's IP where WeChat names it, and the rid at the end."""
    text = _ERRMSGS.get(errcode, f"sandbox error {errcode}")
    return f"{text.replace('{ip}', ip)} rid: {rid}"
