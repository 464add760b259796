"""URLs that are signed by mistake instead of a page's actual one."""

import pytest

from guarddog_gui.domain.diagnosis.mistakes import MistakeKind
from guarddog_gui.domain.diagnosis.url_variants import PageAddress, UrlVariants, make_url_variants
from guarddog_gui.domain.signing.page_url import parse_page_url

M = MistakeKind
PAGE = "https://shop.example.cn/list/?b=2&from=timeline"
ENTRY = "https://shop.example.cn/home?z=9#/start"


def make_address(url: str) -> PageAddress:
    page = parse_page_url(url)
    assert page is not None
    return PageAddress.from_typed(page)


def make_variants(url: str, *, entry: str = "", two_mistakes_max: int = 20_000) -> UrlVariants:
    others = ((make_address(entry), M.ENTRY_URL),) if entry else ()
    return make_url_variants(make_address(url), others, two_mistakes_max)


def kinds_with_one_mistake(url: str, *, entry: str = "") -> dict[str, list[MistakeKind]]:
    variants = make_variants(url, entry=entry).with_one_mistake
    return {text: [mistake.kind for mistake in mistakes] for text, mistakes in variants}


@pytest.mark.parametrize(
    ("typed", "correct"),
    [
        ("https://a.cn", "https://a.cn/"),
        ("https://a.cn?x=1", "https://a.cn/?x=1"),
        ("https://A.cn:443/p#top", "https://a.cn/p"),
        ("http://a.cn:8080/p", "http://a.cn:8080/p"),
        ("https://图.cn/图", "https://xn--wcs.cn/%E5%9B%BE"),
    ],
)
def test_the_correct_url_is_the_one_that_a_browser_reports(typed: str, correct: str) -> None:
    assert make_address(typed).correct_url == correct
    assert make_variants(typed).correct == correct


@pytest.mark.parametrize(
    ("page", "signed", "kind"),
    [
        (PAGE + "#/detail", PAGE + "#/detail", M.FRAGMENT),
        (PAGE, PAGE + "#wechat_redirect", M.FRAGMENT),
        (PAGE, "http" + PAGE[5:], M.HTTP),
        ("http://a.cn/p", "https://a.cn/p", M.HTTPS),
        (PAGE, PAGE.replace("/?", "?"), M.SLASH_MISSING),
        ("https://a.cn/p", "https://a.cn/p/", M.SLASH_ADDED),
        ("https://a.cn/p", "https://a.cn:443/p", M.PORT_ADDED),
        ("https://a.cn:8443/p", "https://a.cn/p", M.PORT_MISSING),
        ("https://a.cn:8443/p", "https://a.cn:443/p", M.PORT_OTHER),
        ("https://www.a.cn/p", "https://a.cn/p", M.WWW_MISSING),
        ("https://a.cn/p", "https://www.a.cn/p", M.WWW_ADDED),
        ("https://a.cn/p", "https://A.CN/p", M.HOST_CASE),
        ("https://a.cn/p", "https%3A%2F%2Fa.cn%2Fp", M.ENCODED),
        ("https://a.cn/p", "https%3a%2f%2fa.cn%2fp", M.ENCODED),
        ("https://a.cn/%20", "https://a.cn/%2520", M.ESCAPED),
        ("https://a.cn/图", "https://a.cn/图", M.DECODED),
        ("https://a.cn/%2520", "https://a.cn/ ", M.DECODED_TWICE),
        ("https://a.cn/p", "https://a.cn/p\n", M.URL_WHITESPACE),
        ("https://a.cn/p", "https://a.cn/", M.SITE_ROOT),
        (PAGE, PAGE.partition("?")[0], M.QUERY_MISSING),
    ],
)
def test_a_wrong_url_has_its_mistake(page: str, signed: str, kind: MistakeKind) -> None:
    assert kinds_with_one_mistake(page)[signed] == [kind]


def test_the_entry_url_may_have_been_signed_or_given_its_parts() -> None:
    kinds = kinds_with_one_mistake(PAGE, entry=ENTRY)

    assert kinds["https://shop.example.cn/home?z=9"] == [M.ENTRY_URL]
    assert kinds[PAGE + "&z=9"] == [M.PARAMETER_ADDED]
    assert kinds[PAGE + "#/start"] == [M.FRAGMENT]


def test_a_user_name_stays_in_every_wrong_url() -> None:
    kinds = kinds_with_one_mistake("https://user@a.cn/p")

    assert kinds["http://user@a.cn/p"] == [M.HTTP]
    assert "http://a.cn/p" not in kinds


def test_two_mistakes_are_in_two_parts_or_both_in_the_query() -> None:
    variants = {text: {m.kind for m in mistakes} for text, mistakes in make_variants(PAGE).with_two_mistakes}

    assert variants["http://shop.example.cn/list?b=2&from=timeline"] == {M.HTTP, M.SLASH_MISSING}
    assert variants["http%3A%2F%2Fshop.example.cn%2Flist%2F%3Fb%3D2%26from%3Dtimeline"] == {M.HTTP, M.ENCODED}
    assert variants["https://shop.example.cn/list/?b=2&from=groupmessage"] == {
        M.SHARE_PARAMETER_MISSING,
        M.SHARE_PARAMETER_ADDED,
    }


def test_a_mistake_in_the_entry_url_is_the_second_one() -> None:
    variants = {
        text: {m.kind for m in mistakes} for text, mistakes in make_variants(PAGE, entry=ENTRY).with_two_mistakes
    }

    assert variants[ENTRY] == {M.ENTRY_URL, M.FRAGMENT}


@pytest.mark.parametrize("page", ["https://a.cn/", PAGE, "https://www.图.cn:8443/%E5/?a=1&amp;b=2#x"])
def test_no_url_is_tried_twice(page: str) -> None:
    variants = make_variants(page, entry=ENTRY)
    texts = [variants.correct, *(text for text, _ in variants.with_one_mistake)]
    texts += [text for text, _ in variants.with_two_mistakes]

    assert len(texts) == len(set(texts))


def test_the_number_of_urls_with_two_mistakes_is_limited() -> None:
    assert len(list(make_variants(PAGE, entry=ENTRY, two_mistakes_max=100).with_two_mistakes)) == 100
