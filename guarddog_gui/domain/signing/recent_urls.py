"""List of recently signed URLs, with OAuth parameters removed."""

import re
from urllib.parse import unquote

URLS_MAX = 20
URL_LENGTH_MAX = 2000  # characters
_OAUTH_PARAMETERS = frozenset({"code", "state"})
_NESTED_OAUTH = re.compile(r"[?&#](?:code|state)=", re.IGNORECASE)


def add_recent_url(urls: tuple[str, ...], url: str) -> tuple[str, ...]:
    """Return the list with this URL in front, each URL once; unchanged if the URL may not be stored."""
    stripped = strip_oauth_parameters(url)
    hides_oauth = _NESTED_OAUTH.search(unquote(unquote(stripped)))  # in a URL inside the URL
    if not stripped or len(stripped) > URL_LENGTH_MAX or hides_oauth:
        return urls
    return (stripped, *(other for other in urls if other != stripped))[:URLS_MAX]


def strip_oauth_parameters(url: str) -> str:
    """Remove the parameters of WeChat's OAuth: for some minutes a `code` is as good as a login."""
    start, *rest = re.split(r"([?&#])", url)
    result, gap = start, ""
    for mark, part in zip(rest[::2], rest[1::2], strict=True):
        if unquote(part.partition("=")[0]).strip().lower() in _OAUTH_PARAMETERS:
            gap = gap or mark
            continue
        result += (gap if gap and mark == "&" else mark) + part
        gap = ""
    return result
