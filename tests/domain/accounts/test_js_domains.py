"""The JS-safe domains that a person notes, and what is wrong with those that cannot be any."""

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
def test_a_line_holds_entries_in_lower_case_and_each_once(typed: str, domains: tuple[str, ...]) -> None:
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
def test_what_cannot_be_a_js_safe_domain_says_why(domain: str, problem: str | None) -> None:
    assert js_domain_problem(domain) == problem
