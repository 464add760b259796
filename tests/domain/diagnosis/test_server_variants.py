"""Wrong origins and paths, as servers behind a proxy see them."""

import pytest

from guarddog_gui.domain.diagnosis.mistakes import MistakeKind
from guarddog_gui.domain.diagnosis.server_variants import (
    PORT_MAX,
    front_controller_urls,
    origin,
    origin_variants,
    other_port,
    path_variants,
    urls_with_every_port,
    whole_url_replacements,
)
from guarddog_gui.domain.signing.page_url import PageUrl, parse_page_url

M = MistakeKind


def page_of(url: str) -> PageUrl:
    page = parse_page_url(url)
    assert page is not None
    return page


PAGE = page_of("https://shop.example.cn/Act/go?id=5")


@pytest.mark.parametrize(
    ("signed", "kinds"),
    [
        ("http://shop.example.cn", [M.HTTP]),
        ("https://shop.example.cn:8080", [M.PORT_ADDED]),
        ("http://shop.example.cn:8080", [M.HTTP, M.PORT_ADDED]),
        ("https://www.shop.example.cn:443", [M.WWW_ADDED, M.PORT_ADDED]),
        ("http://127.0.0.1:8080", [M.INTERNAL_HOST]),
        ("https://SHOP.example.cn", [M.HOST_CASE]),
        ("//shop.example.cn", [M.SCHEME_MISSING]),
        ("https://https://shop.example.cn", [M.SCHEME_TWICE]),
        ("", [M.HOST_MISSING]),
    ],
)
def test_each_wrong_origin_has_its_mistakes(signed: str, kinds: list[MistakeKind]) -> None:
    mistakes = next(mistakes for text, mistakes in origin_variants(PAGE, PAGE.host) if text == signed)
    assert [mistake.kind for mistake in mistakes] == kinds


@pytest.mark.parametrize(
    ("path", "signed", "kind"),
    [
        ("/Act/go", "/Act/go/", M.SLASH_ADDED),
        ("/m/", "/m", M.SLASH_MISSING),
        ("/m/", "/m/index.html", M.DEFAULT_DOCUMENT_ADDED),
        ("/m/index.php", "/m/", M.DEFAULT_DOCUMENT_MISSING),
        ("/Act/go", "/app/Act/go", M.PATH_ADDED),
        ("/Act/go", "/shop/Act/go", M.PATH_ADDED),
        ("/Act/go", "/go", M.PATH_MISSING),
        ("/Act/go", "/act/go", M.LETTER_CASE),
        ("/Act/go", "//Act/go", M.DOUBLE_SLASH),
    ],
)
def test_each_wrong_path_has_its_mistake(path: str, signed: str, kind: MistakeKind) -> None:
    page = page_of(f"https://shop.example.cn{path}")
    assert next(mistakes for text, mistakes in path_variants(page) if text == signed)[0].kind is kind


def test_every_port_is_tried_and_named() -> None:
    urls = list(urls_with_every_port(PAGE))

    assert len(urls) == PORT_MAX
    assert urls[31_986] == "https://shop.example.cn:31987/Act/go?id=5"
    (mistake,) = other_port(PAGE, urls[31_986])
    assert (mistake.kind, mistake.signed, mistake.expected) == (M.PORT_ADDED, ":31987", "")
    (other,) = other_port(page_of("https://a.cn:8443/p"), "https://a.cn:99/p")
    assert (other.kind, other.signed, other.expected) == (M.PORT_OTHER, ":99", ":8443")


def test_the_host_alone_and_the_path_alone_are_tried() -> None:
    kinds = {text: mistakes[0].kind for text, mistakes in whole_url_replacements(PAGE)}

    assert kinds["shop.example.cn"] is M.HOST_ALONE
    assert kinds["/Act/go?id=5"] is kinds["go?id=5"] is kinds["/Act/go"] is M.HOST_MISSING


def test_a_path_may_have_become_a_parameter() -> None:
    urls = {text for text, _ in front_controller_urls(PAGE)}
    assert f"{origin(PAGE)}/index.php?s=/Act/go&id=5" in urls
