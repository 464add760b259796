"""The addresses that were signed lately: which of them are kept, and what is left out of them."""

import re
from urllib.parse import unquote

URLS_MAX = 20
URL_LENGTH_MAX = 2000  # characters
_OAUTH_PARAMETERS = frozenset({"code", "state"})
_NESTED_OAUTH = re.compile(r"[?&#](?:code|state)=", re.IGNORECASE)


def add_recent_url(urls: tuple[str, ...], url: str) -> tuple[str, ...]:
    """The addresses once this one was signed, newest first and each once; the same where it is not kept."""
    kept = strip_oauth_parameters(url)
    hides_oauth = _NESTED_OAUTH.search(unquote(unquote(kept)))  # in an address within the address
    if not kept or len(kept) > URL_LENGTH_MAX or hides_oauth:
        return urls
    return (kept, *(other for other in urls if other != kept))[:URLS_MAX]


def strip_oauth_parameters(url: str) -> str:
    """The address without what WeChat's OAuth has put there: a code is as good as a login for minutes."""
    start, *rest = re.split(r"([?&#])", url)
    kept, gap = start, ""
    for mark, part in zip(rest[::2], rest[1::2], strict=True):
        if unquote(part.partition("=")[0]).strip().lower() in _OAUTH_PARAMETERS:
            gap = gap or mark
            continue
        kept += (gap if gap and mark == "&" else mark) + part
        gap = ""
    return kept
