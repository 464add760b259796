"""Validation and merging of accounts, and the AppSecret type."""

import copy
import pickle

import pytest
from msgspec.structs import replace

from guarddog_gui.domain.accounts.account import (
    Account,
    AccountColour,
    Endpoint,
    Environment,
    Platform,
    Secret,
    account_problem,
    effective_min_ttl,
    find_account,
    find_with_same_name,
    js_domain_problem,
    looks_like_secret,
    merge_edits,
    needs_check,
    parse_js_domains,
    secret_problem,
    stored_account_problem,
    validate_account,
    with_position,
)
from guarddog_gui.domain.exports.targets import ExportFormat, ExportTarget
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord

SHOP = Account("wx0123456789abcdef", "Shop")
TEXT = "0123456789abcdef0123456789abcdef"


def test_a_mini_program_has_no_ticket() -> None:
    assert SHOP.token_kinds == (TokenKind.ACCESS_TOKEN, TokenKind.JSAPI_TICKET)
    assert replace(SHOP, platform=Platform.MINI_PROGRAM).token_kinds == (TokenKind.ACCESS_TOKEN,)


def test_the_card_ticket_is_optional_and_comes_last() -> None:
    account = replace(SHOP, card_ticket=True)

    assert account.token_kinds == tuple(TokenKind)
    assert replace(account, platform=Platform.MINI_PROGRAM).token_kinds == (TokenKind.ACCESS_TOKEN,)


def test_a_new_account_uses_the_stable_endpoint_and_its_last_five_minutes() -> None:
    assert SHOP.endpoint is Endpoint.STABLE
    assert SHOP.ahead == 290


@pytest.mark.parametrize(("appid", "short"), [("wx0123456789abcdef", "wx01…cdef"), ("wx12345678", "wx12345678")])
def test_a_short_appid_distinguishes_accounts(appid: str, short: str) -> None:
    assert Account(appid, "Shop").short_appid == short


@pytest.mark.only_on("win32")
@pytest.mark.parametrize("root", ["C:\\", "c:/", "C:\\dogs\\..", "\\\\server\\share\\"])
def test_the_root_of_a_drive_is_refused_as_dog_dir(root: str) -> None:
    assert account_problem(replace(SHOP, dog_dir=root)) == "dog-dir-root"


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({}, None),
        ({"name": "小店 1"}, None),
        ({"name": "n" * 80}, None),
        ({"appid": ""}, "empty-appid"),
        ({"appid": "wx/../../etc"}, "bad-appid"),
        ({"appid": "wx0123456789abcdef\n"}, "bad-appid"),
        ({"appid": "w" * 65}, "bad-appid"),
        ({"name": " "}, "bad-name"),
        ({"name": "n" * 81}, "bad-name"),
        ({"name": "two\nlines"}, "bad-name"),
        ({"ahead": -1}, "bad-ahead"),
        ({"ahead": 3601, "endpoint": Endpoint.CLASSIC}, "bad-ahead"),
        ({"ahead": 291}, "bad-ahead-stable"),
        ({"ahead": 3600, "endpoint": Endpoint.CLASSIC}, None),
        ({"dog_dir": "/srv/dogs"}, None),
        ({"dog_dir": " "}, "bad-dog-dir"),
        ({"dog_dir": "dogs"}, "bad-dog-dir"),
        ({"dog_dir": "~/dogs"}, "bad-dog-dir"),
        ({"dog_dir": "dogs", "name": ""}, "bad-name"),
        ({"dog_dir": "/srv/\0"}, "bad-dog-dir"),
        *(({"dog_dir": root}, "dog-dir-root") for root in ("/", "//", "/srv/..")),
        ({"js_domains": ("www.example.com", "中文.中国")}, None),
        ({"js_domains": ("www.example.com", "https://a.cn", "a.cn/")}, "js-domain-scheme"),
        ({"exports": (ExportTarget(ExportFormat.ENV, "/srv/.env"),)}, None),
        ({"exports": (ExportTarget(ExportFormat.ENV, ".env"),)}, "bad-outlet-path"),
    ],
)
def test_an_invalid_account_has_a_problem(changes: dict[str, object], problem: str | None) -> None:
    assert account_problem(replace(SHOP, **changes)) == problem  # see the table


def test_a_stored_account_with_a_relative_folder_stays_usable() -> None:
    assert stored_account_problem(replace(SHOP, dog_dir="dogs")) is None


def test_the_problem_of_an_export_names_that_export() -> None:
    lost = ExportTarget(ExportFormat.COMMAND, command=("./notify", "a b"))

    refusal = validate_account(replace(SHOP, exports=(ExportTarget(ExportFormat.ENV, "/srv/.env"), lost)))

    assert refusal is not None
    assert (str(refusal), refusal.subject) == ("outlet-command-lost", "./notify 'a b'")
    assert validate_account(SHOP) is None
    unnamed = validate_account(replace(SHOP, name=""))
    assert (str(unnamed), unnamed and unnamed.subject) == ("bad-name", "")


def test_merging_changes_only_the_edited_fields() -> None:
    now = replace(SHOP, name="Of now", ahead=60)

    assert merge_edits(now, SHOP, replace(SHOP, dog_dir="/srv", ahead=100)) == replace(now, dog_dir="/srv", ahead=100)


def test_merging_adds_and_removes_single_exports() -> None:
    kept, gone, theirs, mine = (ExportTarget(ExportFormat.ENV, f"/srv/{name}/.env") for name in "abcd")
    seen = replace(SHOP, exports=(kept, gone))

    def merged(now: tuple[ExportTarget, ...]) -> tuple[ExportTarget, ...]:
        return merge_edits(replace(SHOP, exports=now), seen, replace(SHOP, exports=(mine, kept))).exports

    assert merged((kept, gone, theirs)) == (kept, theirs, mine)
    assert merged((kept, gone)) == (mine, kept), "nobody else has changed them"
    assert merged(()) == (mine,)


@pytest.mark.parametrize(
    ("secret", "problem"),
    [
        (TEXT, None),
        ("x" * 256, None),
        ("", "empty-secret"),
        ("x" * 257, "bad-secret"),
        ("two words", "bad-secret"),
        ("密" * 32, "bad-secret"),
        ("tab\t", "bad-secret"),
    ],
)
def test_an_invalid_secret_has_a_problem(secret: str, problem: str | None) -> None:
    assert secret_problem(secret) == problem


def test_the_usual_form_of_a_secret_is_only_a_hint() -> None:
    assert account_problem(Account("test-appid_1", "Shop")) is None
    assert looks_like_secret(TEXT)
    assert not looks_like_secret(TEXT + "0")


@pytest.mark.parametrize(
    ("appid", "problem"),
    [
        ("gh_0123456789ab", "original-id"),
        ("ww0123456789abcdef", "corp-id"),
        ("wx 0123", "bad-appid"),
        ("", "empty-appid"),
        ("wx0123456789abcdef", None),
    ],
)
def test_another_id_of_an_account_is_named_before_wechat_is_asked(appid: str, problem: str | None) -> None:
    assert account_problem(Account(appid, "Shop")) == problem


def test_a_secret_is_shown_only_by_reveal() -> None:
    secret = Secret(TEXT)

    shown = f"{secret} {secret!r} {secret!s} {[secret]} {{secret: 1}}"

    assert TEXT not in shown
    assert secret.reveal() == TEXT


def test_a_secret_cannot_be_pickled_or_copied() -> None:
    for leak in (pickle.dumps, copy.deepcopy):
        with pytest.raises(TypeError, match="cannot be pickled") as caught:
            leak(Secret(TEXT))
        assert TEXT not in str(caught.value)


def test_secrets_are_compared_by_their_text() -> None:
    assert Secret(TEXT) == Secret(TEXT)
    assert hash(Secret(TEXT)) == hash(Secret(TEXT))
    assert Secret(TEXT) != Secret("other")
    assert Secret(TEXT) != TEXT


def test_an_account_is_found_by_appid_or_else_by_a_unique_name() -> None:
    shop, other, twin = SHOP, Account("wx2", "Paper"), Account("wx3", "Paper")
    sly = Account("wx4", SHOP.appid)

    assert find_account((sly, shop), SHOP.appid) == shop
    assert find_account((shop, other), "Paper") == other
    assert find_account((shop, other, twin), "Paper") is None
    assert find_account((shop,), "Nobody") is None


def test_a_name_is_taken_by_the_name_or_the_appid_of_another_account() -> None:
    other = replace(SHOP, appid="wx_other", name="Paper")

    assert find_with_same_name(replace(SHOP, name="Paper"), (SHOP, other)) == other
    assert find_with_same_name(replace(SHOP, name="wx_other"), (SHOP, other)) == other
    assert find_with_same_name(SHOP, (SHOP, other)) is None


def test_the_classic_endpoint_limits_min_ttl_to_half_of_the_lifetime() -> None:
    record = TokenRecord("T", 7200, 0, "/dogs", 290)
    classic = Account("wx1", "Shop", endpoint=Endpoint.CLASSIC)
    token = TokenKind.ACCESS_TOKEN
    assert [effective_min_ttl(classic, token, record, seconds) for seconds in (600, 7200)] == [600, 3600]
    assert effective_min_ttl(Account("wx1", "Shop"), token, record, 7200) == 7200


def test_a_ticket_is_not_asked_for_a_longer_rest_than_half_of_its_lifetime() -> None:
    unknown_age = TokenRecord("J", 1200, 0, "/dogs", 290)
    assert effective_min_ttl(Account("wx1", "Shop"), TokenKind.JSAPI_TICKET, unknown_age, 3600) == 600


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


@pytest.mark.parametrize(("position", "order"), [(1, "cab"), (2, "acb"), (3, "abc"), (99, "abc")])
def test_an_account_moves_to_a_place_in_the_list(position: int, order: str) -> None:
    accounts = tuple(Account(appid, appid) for appid in "abc")

    moved = with_position(accounts, "c", position)

    assert "".join(account.appid for account in moved) == order
    assert with_position(accounts, "removed", position) == accounts


@pytest.mark.parametrize("change", [
    {"platform": Platform.MINI_PROGRAM}, {"endpoint": Endpoint.CLASSIC}, {"dog_dir": "/srv/dogs"},
])  # fmt: skip
def test_wechat_is_asked_about_changes_that_concern_it(change: dict[str, object]) -> None:
    assert needs_check(replace(SHOP, **change), SHOP, None)


@pytest.mark.parametrize("change", [
    {"name": "Café"}, {"js_domains": ("a.cn",)}, {"ahead": 100}, {"card_ticket": True},
    {"exports": (ExportTarget(ExportFormat.ENV, "/srv/.env"),)},
    {"environment": Environment.TEST, "colour": AccountColour.RED, "group": "Retail"},
])  # fmt: skip
def test_wechat_is_not_asked_about_other_changes(change: dict[str, object]) -> None:
    edited = replace(SHOP, **change)

    assert not needs_check(edited, SHOP, None)
    assert needs_check(edited, None, None), "a new account is always checked"
    assert needs_check(edited, SHOP, Secret(TEXT)), "a new AppSecret, too"
