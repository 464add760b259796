"""Accounts of the sandbox: IP whitelist, JS-safe domains, overlap of old and new tokens."""

import re
from itertools import count

import pytest

from guarddog_gui.sandbox.accounts import SandboxAccount, demo_accounts, ip_entry_problem


def make_account(
    *, ip_list: tuple[str, ...] | None = None, domains: tuple[str, ...] | None = None, life: int = 7200
) -> SandboxAccount:
    return SandboxAccount("wx00000000000000a1", "5" * 32, ip_list=ip_list, domains=domains, life=life)


@pytest.mark.parametrize(
    ("entry", "inside", "outside"),
    [
        ("203.0.113.7", "203.0.113.7", "203.0.113.8"),
        ("203.0.113.0/24", "203.0.113.255", "203.0.114.0"),
        ("203.0.113.9/24", "203.0.113.1", "203.0.112.9"),
        ("203.0.113.*", "203.0.113.99", "203.0.11.3"),
        ("2001:db8::/32", "2001:db8::1", "203.0.113.7"),
    ],
)
def test_a_whitelist_entry_covers_its_addresses(entry: str, inside: str, outside: str) -> None:
    account = make_account(ip_list=("198.51.100.1", entry))

    assert ip_entry_problem(entry) is None
    assert account.allows_ip(inside)
    assert account.allows_ip("198.51.100.1")
    assert not account.allows_ip(outside)


def test_a_whitelist_that_is_off_allows_all_and_an_empty_one_none() -> None:
    assert make_account(ip_list=None).allows_ip("203.0.113.7")
    assert not make_account(ip_list=()).allows_ip("203.0.113.7")


@pytest.mark.parametrize("entry", ["", "home", "203.0.113", "203.0.*", "203.0.113.256", "203.0.113.0/33"])
def test_an_invalid_whitelist_entry_is_named(entry: str) -> None:
    problem = ip_entry_problem(entry)

    assert problem is not None
    assert repr(entry) in problem


@pytest.mark.parametrize(
    ("host", "is_allowed"),
    [("shop.cn", True), ("www.shop.cn", True), ("a.b.shop.cn", True), ("myshop.cn", False), ("cn", False), ("", False)],
)
def test_a_js_safe_domain_covers_its_subdomains_only(host: str, *, is_allowed: bool) -> None:
    assert make_account(domains=("other.example", "shop.cn")).allows_page(host) is is_allowed


def test_without_js_safe_domains_every_page_is_allowed() -> None:
    assert make_account(domains=None).allows_page("anything.example")
    assert not make_account(domains=()).allows_page("anything.example")


@pytest.mark.parametrize(("life", "overlap_s"), [(7200, 300), (3600, 150), (60, 2.5), (1, 1)])
def test_the_overlap_is_five_minutes_of_two_hours_and_a_second_at_least(life: int, overlap_s: float) -> None:
    assert make_account(life=life).overlap_s == overlap_s


def test_demo_accounts_look_like_real_ones_and_hide_their_secrets() -> None:
    secrets = (f"{number:032x}" for number in count(1))
    accounts = demo_accounts(lambda: next(secrets))
    assert len({account.appid for account in accounts}) == len({a.secret for a in accounts}) == 3
    for account in accounts:
        assert re.fullmatch(r"wx[0-9a-f]{16}", account.appid)
        assert account.secret not in repr(account)
