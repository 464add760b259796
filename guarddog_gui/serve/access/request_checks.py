"""Checks that keep web pages away from the server: a browser on this computer sends requests for any page.

The keys alone keep them from getting a value. The checks are a second wall, for the day on which a page gets hold of
a key, and against pages that only want to know what runs here.
"""

from wsgiref.types import WSGIEnvironment

_BROWSER_SITES = frozenset({"same-origin", "same-site", "cross-site"})


class HostNames:
    """Names by which clients may call the server.

    A page whose host name was made to resolve to this computer (DNS rebinding) sends that name in the Host header.
    """

    def __init__(self, names: tuple[str, ...]) -> None:
        self._names = frozenset(name.lower().rstrip(".") for name in names)

    def refusal(self, environ: WSGIEnvironment) -> str | None:
        """Return why a request must not be answered, in one word for the log; None if it may be."""
        if _host_name(environ.get("HTTP_HOST", "")) not in self._names:
            return "host"
        if "HTTP_ORIGIN" in environ or environ.get("HTTP_SEC_FETCH_SITE", "") in _BROWSER_SITES:
            return "origin"  # there are no pages of ours, so that the origin is another one's in any case
        return None


def _host_name(host: str) -> str:
    """Return the name in a Host header, without its port; "" if it is not the one name that has to be there."""
    name, bracket, port = host.partition("]") if host.startswith("[") else host.partition(":")
    if bracket == "]":
        name, port = name[1:], port.removeprefix(":")
    is_plain = port.isascii() and (port.isdigit() or not port) and "," not in name and " " not in name
    return name.lower().rstrip(".") if is_plain else ""
