"""Wrong origins and paths, as servers behind a proxy see them: scheme, port, host, context path, default document."""

import re
from collections.abc import Iterator
from itertools import chain, product

from guarddog_gui.domain.diagnosis.mistakes import Mistake, MistakeKind, Mistakes
from guarddog_gui.domain.diagnosis.placeholder_values import (
    CONTEXT_PATHS,
    DEFAULT_DOCUMENTS,
    ENTRY_PAGES,
    INTERNAL_HOSTS,
    PROXY_PORTS,
)
from guarddog_gui.domain.diagnosis.query_variants import Variant
from guarddog_gui.domain.signing.page_url import PageUrl

PORT_MAX = 65_535
_INTERNAL_PORTS = (":8080", "", ":3000", ":80", ":8000", ":5000", ":8081", ":9000", ":443", ":8888", ":7001", ":8088")
_COMMON_DOCUMENTS = 12
_COMMON_CONTEXTS = 14
_COMMON_PORTS = 12
_COMMON_INTERNAL = 16
_FRONT_SCRIPTS = ("/index.php", "/", "", "/app.php", "/index.html", "/index")
_ROUTE_PARAMETERS = ("s=", "", "r=", "route=", "url=", "_url=", "q=", "path=", "p=", "m=")
_SLASHES_MAX = 20  # in a path, that are doubled one by one


def origin(page: PageUrl, scheme: str = "", host: str = "", port: str | None = None) -> str:
    return f"{scheme or page.scheme}://{page.user}{host or page.host}{page.port if port is None else port}"


def origin_variants(page: PageUrl, typed_host: str) -> Iterator[Variant]:
    """Yield wrong schemes, hosts and ports, alone and together as a server behind a proxy has them."""
    scheme, scheme_mistake = _other_scheme(page)
    ports = list(_port_variants(page, _common_ports(page)))
    yield origin(page, scheme), scheme_mistake
    for port, mistakes in ports[:3]:
        yield origin(page, port=port), mistakes
    hosts = list(_host_variants(page, typed_host))
    for host, mistakes in hosts:
        yield origin(page, host=host), mistakes
        yield origin(page, scheme, host), (*scheme_mistake, *mistakes)
    internal = list(_internal_origins(page))
    for index, (port, mistakes) in enumerate(ports):
        yield origin(page, port=port), mistakes
        yield origin(page, scheme, port=port), (*scheme_mistake, *mistakes)
        if index < _COMMON_INTERNAL:
            yield internal[index]
    yield from internal[_COMMON_INTERNAL:]
    for (host, mistakes), (port, more) in product(hosts, ports[:_COMMON_PORTS]):
        yield origin(page, host=host, port=port), (*mistakes, *more)
    shouted = origin(page, page.scheme.upper())
    yield shouted, (Mistake(MistakeKind.LETTER_CASE, shouted, origin(page)),)
    yield from _misspelled_origins(page)


def urls_with_every_port(page: PageUrl) -> Iterator[str]:
    """Yield the URL with every port that the server can have behind its proxy."""
    start, end = f"{origin(page, port='')}:", f"{page.path}{page.query}"
    return (f"{start}{port}{end}" for port in range(1, PORT_MAX + 1))


def other_port(page: PageUrl, url: str) -> Mistakes:
    """Return the mistake of one of `urls_with_every_port`."""
    port = re.match(r":\d+", url.removeprefix(origin(page, port="")))
    return (
        Mistake(MistakeKind.PORT_OTHER if page.port else MistakeKind.PORT_ADDED, port[0] if port else "", page.port),
    )


def _internal_origins(page: PageUrl) -> Iterator[Variant]:
    schemes = tuple(dict.fromkeys(("http", page.scheme)))
    common = product(_INTERNAL_PORTS, schemes[:1], INTERNAL_HOSTS[:2])
    everything = product(_INTERNAL_PORTS, schemes, INTERNAL_HOSTS)
    for port, scheme, host in dict.fromkeys(chain(common, everything)):
        text = origin(page, scheme, host, port)
        yield text, (Mistake(MistakeKind.INTERNAL_HOST, text, origin(page)),)


def _misspelled_origins(page: PageUrl) -> Iterator[Variant]:
    plain, host = origin(page), page.host + page.port
    for text in (
        host,
        "//" + host,
        "://" + host,
        f"{page.scheme}:/{host}",
        f"{page.scheme}//{host}",
        f"{page.scheme}:{host}",
    ):
        yield text, (Mistake(MistakeKind.SCHEME_MISSING, text, plain),)
    for text in (f"http://{plain}", f"https://{plain}", f"{plain}/{plain}", plain * 2, f"{page.scheme}://http://{host}",
                 f"http://http://{host}", f"{plain}//{host}", f"{page.scheme}://{host}/{host}",
                 plain + host):  # fmt: skip
        yield text, (Mistake(MistakeKind.SCHEME_TWICE, text, plain),)
    for text in ("", f"{page.scheme}://", f"{page.scheme}:///", "http://undefined", "http://null", "undefined", "null"):
        yield text, (Mistake(MistakeKind.HOST_MISSING, text, plain),)
    for text in (f"{page.scheme}:///{host}", plain + "/", plain + "//", plain + "/."):
        yield text, (Mistake(MistakeKind.DOUBLE_SLASH, text, plain),)


def whole_url_replacements(page: PageUrl) -> Iterator[Variant]:
    """Yield texts with which the host alone, or only the end of the path, was signed."""
    host = page.host + page.port
    for text in (host, host + "/", page.host, page.host + "/", "//" + host, "www." + host, page.port[1:]):
        if text:
            yield text, (Mistake(MistakeKind.HOST_ALONE, text),)
    segments = page.path.split("/")
    for start in range(1, len(segments)):
        for text in ("/".join(segments[start:]), "/" + "/".join(segments[start:])):
            for query in dict.fromkeys((page.query, "")):
                if text + query:
                    yield text + query, (Mistake(MistakeKind.HOST_MISSING, text + query),)


def front_controller_urls(page: PageUrl) -> Iterator[Variant]:
    """Yield URLs as rules of the server rewrite them for a framework: the path becomes a parameter."""
    query = f"&{page.query[1:]}" if page.query[1:] else ""
    for script, name, path in product(_FRONT_SCRIPTS, _ROUTE_PARAMETERS, (page.path, page.path[1:])):
        yield f"{origin(page)}{script}?{name}{path}{query}", (Mistake(MistakeKind.PATH_ADDED, f"{script}?{name}"),)


def path_variants(page: PageUrl) -> Iterator[Variant]:
    """Yield wrong paths, the most common first."""
    path = page.path
    yield _slash_variant(path)
    documents, contexts = list(_document_variants(path)), list(_context_variants(page))
    case = list(_case_variants(path))
    yield from case[:1]
    yield from documents[:_COMMON_DOCUMENTS]
    yield from _parent_variants(path)
    yield from contexts[:_COMMON_CONTEXTS]
    yield from case
    yield from _double_slash_variants(path)
    yield from documents
    yield from contexts
    yield from _sibling_variants(path)
    for text, mistakes in case:
        yield from _with_more(_document_variants(text), mistakes)


def double_mistake_paths(page: PageUrl) -> Iterator[Variant]:
    """Yield paths with a context path and another mistake."""
    for text, mistakes in chain([_slash_variant(page.path)], _document_variants(page.path), _case_variants(page.path)):
        for context in CONTEXT_PATHS[:_COMMON_CONTEXTS]:
            yield f"/{context}{text}", (*mistakes, Mistake(MistakeKind.PATH_ADDED, f"/{context}"))


def _with_more(variants: Iterator[Variant], mistakes: Mistakes) -> Iterator[Variant]:
    return ((text, (*mistakes, *more)) for text, more in variants)


def _slash_variant(path: str) -> Variant:
    if path.endswith("/"):
        return path[:-1], (Mistake(MistakeKind.SLASH_MISSING, "", "/"),)
    return path + "/", (Mistake(MistakeKind.SLASH_ADDED, "/"),)


def _document_variants(path: str) -> Iterator[Variant]:
    """Yield the path with the server's default document added, or left out."""
    folder, _, name = path.rpartition("/")
    stem = name.partition(".")[0].lower()
    if name and stem in ("index", "default", "main", "home", "welcome"):
        for text in (folder + "/", folder or "/", folder + "/" + name.partition(".")[0]):
            yield text, (Mistake(MistakeKind.DEFAULT_DOCUMENT_MISSING, text, name),)
        for other in DEFAULT_DOCUMENTS:
            yield f"{folder}/{other}", (Mistake(MistakeKind.DEFAULT_DOCUMENT_ADDED, other, name),)
    for document in DEFAULT_DOCUMENTS:
        base = path if path.endswith("/") else path + "/"
        yield base + document, (Mistake(MistakeKind.DEFAULT_DOCUMENT_ADDED, document),)
    if "." not in name and name:
        for extension in (".html", ".php", ".htm", ".jsp", ".aspx", ".do", ".action", ".shtml"):
            yield path + extension, (Mistake(MistakeKind.DEFAULT_DOCUMENT_ADDED, name + extension, name),)
    elif name:
        short = path[: -len(name)] + name.partition(".")[0]
        yield short, (Mistake(MistakeKind.DEFAULT_DOCUMENT_MISSING, name.partition(".")[0], name),)


def _context_variants(page: PageUrl) -> Iterator[Variant]:
    """Yield the path with parts at its beginning added or left out."""
    segments = page.path.split("/")[1:]
    for dropped in range(1, len(segments)):
        removed = "/" + "/".join(segments[:dropped])
        if not any(segments[dropped:]) and not page.query:
            continue  # the address of the whole site, which is a mistake of its own
        yield "/" + "/".join(segments[dropped:]), (Mistake(MistakeKind.PATH_MISSING, "", removed),)
    if len(segments) > 1 and page.query:
        yield "/", (Mistake(MistakeKind.PATH_MISSING, "", page.path),)
    own = dict.fromkeys((*(segment for segment in segments[:-1] if segment), *page.host.split(".")))
    for context in (*CONTEXT_PATHS[:_COMMON_CONTEXTS], *own, *CONTEXT_PATHS[_COMMON_CONTEXTS:]):
        yield f"/{context}{page.path}", (Mistake(MistakeKind.PATH_ADDED, f"/{context}"),)
    for index in range(1, len(segments) - 1):  # a part in the middle, as of a route
        rest = [*segments[:index], *segments[index + 1 :]]
        yield "/" + "/".join(rest), (Mistake(MistakeKind.PATH_MISSING, "", "/" + segments[index]),)
    if segments[1:]:
        for context in CONTEXT_PATHS:
            text = f"/{segments[0]}/{context}/" + "/".join(segments[1:])
            yield text, (Mistake(MistakeKind.PATH_ADDED, f"/{context}"),)


def pages_above(page: PageUrl) -> Iterator[Variant]:
    """Yield the folders above the page without its query."""
    return ((f"{origin(page)}{path}", mistakes) for path, mistakes in _parent_variants(page.path))


def _parent_variants(path: str) -> Iterator[Variant]:
    """Yield the paths above this one, but for the site's: at one of them a single-page app may have been entered."""
    folder = path.rstrip("/").rpartition("/")[0]
    while folder:
        for text in (folder, folder + "/"):
            yield text, (Mistake(MistakeKind.ENTRY_PATH, text, path),)
        folder = folder.rpartition("/")[0]


def _sibling_variants(path: str) -> Iterator[Variant]:
    """Yield the usual names of an entry page beside this page and in the folders above it."""
    folder = path.rstrip("/")
    while folder:
        folder = folder.rpartition("/")[0]
        for name in ENTRY_PAGES:
            yield f"{folder}/{name}", (Mistake(MistakeKind.ENTRY_PATH, f"{folder}/{name}", path),)


def _case_variants(path: str) -> Iterator[Variant]:
    segments = path.split("/")
    capitalised = "/".join(segment[:1].upper() + segment[1:] for segment in segments)
    uncapitalised = "/".join(segment[:1].lower() + segment[1:] for segment in segments)
    texts = [path.lower(), capitalised, path.upper(), uncapitalised, "/".join(map(str.capitalize, segments))]
    for index, segment in enumerate(segments):
        changes = (segment.lower(), segment[:1].upper() + segment[1:], segment[:1].lower() + segment[1:])
        texts += ["/".join([*segments[:index], changed, *segments[index + 1 :]]) for changed in changes]
    for text in dict.fromkeys(texts):
        if text != path:
            yield text, (Mistake(MistakeKind.LETTER_CASE, text, path),)


def _double_slash_variants(path: str) -> Iterator[Variant]:
    slashes = [index for index, char in enumerate(path) if char == "/"][:_SLASHES_MAX]
    for index in slashes:
        yield path[:index] + "/" + path[index:], (Mistake(MistakeKind.DOUBLE_SLASH, "//", "/"),)
        if path[index : index + 2] == "//":
            yield path[:index] + path[index + 1 :], (Mistake(MistakeKind.DOUBLE_SLASH, "/", "//"),)
    if path.endswith("/"):
        yield path + "/", (Mistake(MistakeKind.DOUBLE_SLASH, "//", "/"),)


def _other_scheme(page: PageUrl) -> tuple[str, Mistakes]:
    if page.scheme == "https":
        return "http", (Mistake(MistakeKind.HTTP, "http", "https"),)
    return "https", (Mistake(MistakeKind.HTTPS, "https", "http"),)


def _common_ports(page: PageUrl) -> Iterator[int]:
    yield from (443, 80) if page.scheme == "https" else (80, 443)
    yield from PROXY_PORTS


def _port_variants(page: PageUrl, ports: Iterator[int]) -> Iterator[Variant]:
    if page.port:
        yield "", (Mistake(MistakeKind.PORT_MISSING, "", page.port),)
    kind = MistakeKind.PORT_OTHER if page.port else MistakeKind.PORT_ADDED
    for port in ports:
        text = f":{port}"
        if text != page.port:
            yield text, (Mistake(kind, text, page.port),)


def _host_variants(page: PageUrl, typed: str) -> Iterator[Variant]:
    host = page.host
    if host.startswith("www."):
        yield host[4:], (Mistake(MistakeKind.WWW_MISSING, host[4:], host),)
    else:
        yield "www." + host, (Mistake(MistakeKind.WWW_ADDED, "www." + host, host),)
    first, dot, rest = host.partition(".")
    for other in dict.fromkeys((typed, host.upper(), host.capitalize(), first.upper() + dot + rest, host.title())):
        if other != host:
            yield other, (Mistake(MistakeKind.HOST_CASE, other, host),)
