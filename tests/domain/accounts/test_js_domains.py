"""Parsing and validation of JS-safe domains."""

import pytest

from guarddog_gui.domain.accounts.js_domains import js_domain_problem, parse_js_domains


@pytest.mark.parametrize(
    ("typed", "domains"),
    [
        ("", ()),
        (" , ，", ()),
        ("www.example.com", ("www.example.com",)),
        ("www.example.com shop.example.com", ("www.example.com", "shop.example.com")),
        ("a.cn,b.cn，c.cn、d.cn\n\te.cn", ("a.cn", "b.cn", "c.cn", "d.cn", "e.cn")),
        ("B.cn a.cn b.CN", ("b.cn", "a.cn")),
        ("中文.中国", ("中文.中国",)),
    ],
)
def test_typed_domains_are_lowercased_and_deduplicated(typed: str, domains: tuple[str, ...]) -> None:
    assert parse_js_domains(typed) == domains


@pytest.mark.parametrize(
    ("domain", "problem"),
    [
        ("www.example.com", None),
        ("localhost", None),
        ("4399.com", None),
        ("xn--fiq228c.xn--fiqs8s", None),
        ("中文.中国", None),
        ("bücher.example", None),
        (f"{'a' * 63}.cn", None),
        ("https://www.example.com", "js-domain-scheme"),
        ("http://www.example.com:8080/p", "js-domain-scheme"),
        ("www.example.com/", "js-domain-path"),
        ("www.example.com:443/p", "js-domain-path"),
        ("www.example.com?a=1", "js-domain-path"),
        ("www.example.com#top", "js-domain-path"),
        ("www.example.com:443", "js-domain-port"),
        ("www.example.com:", "js-domain-port"),
        ("", "bad-js-domain"),
        ("WWW.example.com", "bad-js-domain"),
        (".example.com", "bad-js-domain"),
        ("example.com.", "bad-js-domain"),
        ("a..cn", "bad-js-domain"),
        ("-a.cn", "bad-js-domain"),
        ("a-.cn", "bad-js-domain"),
        ("a_b.cn", "bad-js-domain"),
        ("a b.cn", "bad-js-domain"),
        ("a.cn\n", "bad-js-domain"),
        ("*.example.com", "bad-js-domain"),
        ("me@example.com", "bad-js-domain"),
        ("www。example。com", "bad-js-domain"),
        ("203.0.113.9", "bad-js-domain"),
        ("[::1]", "bad-js-domain"),
        (f"{'a' * 64}.cn", "bad-js-domain"),
        (f"{'a.' * 130}cn", "bad-js-domain"),
    ],
)
def test_an_invalid_domain_has_a_problem(domain: str, problem: str | None) -> None:
    assert js_domain_problem(domain) == problem
