"""The live table: aligned in both languages, no line too wide, every trouble with its way out."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from guarddog_gui.adapters.message_catalogs import load_message_catalog
from guarddog_gui.cli.tables.columns import display_width
from guarddog_gui.cli.tables.watch_table import STATE_STYLES, format_event, format_overview
from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.refresh.history import AttemptResult, HistoryEntry, Trigger
from guarddog_gui.domain.refresh.status import AccountStatus, KeyState, KeyStatus, Overview, Renewal
from guarddog_gui.domain.sharing.problems import SharingProblem
from guarddog_gui.domain.sharing.settings import Sharing, SharingRole
from guarddog_gui.domain.sharing.values import SharingStatus
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord
from guarddog_gui.services.calls.refresh_request import RefreshResult
from guarddog_gui.services.messages.message import Messages
from tests.errcode_catalogue import CATALOGUE
from tests.fakes import NOW

RESOURCES = Path(__file__).parents[2] / "resources"
ENGLISH = Messages(load_message_catalog("en"), CATALOGUE, lambda at: f"@{at - NOW:.0f}")
CHINESE = Messages(load_message_catalog("zh_CN"), CATALOGUE, lambda at: f"@{at - NOW:.0f}")

SHOP = Account("wx1234567890abcdef", "Shop")
SHOP_IN_CHINA = Account("wxabcdef1234567890", "上海旗舰店")
VALUE = "91_a" + "b" * 100 + "c7Qz"
REFUSED = HistoryEntry(
    NOW, SHOP.appid, "ACCESS_TOKEN", Trigger.TIMER, AttemptResult.REFUSED,
    calls=1, errcode=40164, errmsg="invalid ip", ip="203.0.113.9", endpoint="stable_token",
)  # fmt: skip


def record(left: float) -> TokenRecord:
    return TokenRecord(VALUE, 7200, int((NOW + left - 7200) * 1000), "/dogs", 290)


def fresh(kind: TokenKind = TokenKind.ACCESS_TOKEN, left: float = 4329) -> KeyStatus:
    return KeyStatus(kind, KeyState.FRESH, record(left), None, NOW + left - 290)


OVERVIEW = Overview(
    NOW,
    (
        AccountStatus(SHOP, (fresh(), fresh(TokenKind.JSAPI_TICKET, 729))),
        AccountStatus(SHOP_IN_CHINA, (KeyStatus(TokenKind.ACCESS_TOKEN, KeyState.FAILED, None, REFUSED, None),)),
    ),
)


def test_a_line_says_state_time_left_until_when_and_which_value() -> None:
    lines = format_overview(OVERVIEW, ENGLISH, NOW, 120)

    assert lines[0] == "✗ 2 of 3 usable · next check @439"
    assert lines[3].split() == [
        "Shop", "ACCESS_TOKEN", "✓", "fresh", "1:12:09", "@4329", "91_a…c7Qz", "(108)",
    ]  # fmt: skip
    assert lines[4].split()[:4] == ["JSAPI_TICKET", "✓", "fresh", "12:09"]
    assert lines[5].split() == ["上海旗舰店", "ACCESS_TOKEN", "✗", "failed", "–", "–", "–"]


@pytest.mark.parametrize("sentences", [ENGLISH, CHINESE], ids=["en", "zh"])
def test_every_column_begins_at_the_same_place(sentences: Messages) -> None:
    lines = format_overview(OVERVIEW, sentences, NOW, 120)

    places = {display_width(line[: line.index(key)]) for line in lines for key in TokenKind if key in line[:40]}
    states = {display_width(line[: line.index(shape)]) for line in lines[3:6] for shape in "✓✗" if shape in line}
    assert len(places) == 1
    assert len(states) == 1


@pytest.mark.parametrize("sentences", [ENGLISH, CHINESE], ids=["en", "zh"])
@pytest.mark.parametrize("width", [40, 80, 200])
def test_no_line_is_wider_than_the_terminal(sentences: Messages, width: int) -> None:
    assert max(map(display_width, format_overview(OVERVIEW, sentences, NOW, width))) <= width


def test_a_trouble_stands_under_its_token_with_what_to_do() -> None:
    lines = format_overview(OVERVIEW, ENGLISH, NOW, 80)
    below = " ".join(line.strip() for line in lines[6:])

    assert "203.0.113.9" in below
    assert "whitelist" in below
    assert below.endswith("(40164)")
    assert all(line.startswith("    ") for line in lines[6:])


def test_colour_is_on_the_state_alone_and_changes_no_width() -> None:
    plain = format_overview(OVERVIEW, ENGLISH, NOW, 120)
    coloured = format_overview(OVERVIEW, ENGLISH, NOW, 120, use_colours=True)

    assert "\x1b[32m✓ fresh\x1b[0m" in coloured[3]
    assert "\x1b[31m✗ failed\x1b[0m" in coloured[5]
    for code in ("\x1b[32m", "\x1b[31m", "\x1b[0m"):
        coloured = [line.replace(code, "") for line in coloured]
    assert coloured == plain
    assert not any("\x1b" in line for line in plain)


def test_a_narrow_terminal_never_cuts_a_colour_in_two() -> None:
    for width in range(1, 60):
        for line in format_overview(OVERVIEW, ENGLISH, NOW, width, use_colours=True):
            assert line.count("\x1b") in (0, 2)


def test_without_accounts_it_says_how_to_add_one() -> None:
    lines = format_overview(Overview(NOW), ENGLISH, NOW, 80)

    assert "No account yet" in lines[0]
    assert "accounts add" in " ".join(lines)


def test_every_state_has_a_shape_of_its_own_that_takes_one_place() -> None:
    shapes = {state: shape for state, (shape, _) in STATE_STYLES.items()}
    assert set(shapes) == set(KeyState)
    assert len(set(shapes.values())) == len(KeyState)
    assert {display_width(shape) for shape in shapes.values()} == {1}


def test_a_value_that_has_died_is_not_shown_as_one() -> None:
    dead = Overview(
        NOW, (AccountStatus(SHOP, (KeyStatus(TokenKind.ACCESS_TOKEN, KeyState.EXPIRED, record(-1), None, NOW),)),)
    )

    assert "91_a" not in "\n".join(format_overview(dead, ENGLISH, NOW, 120))


def test_an_event_is_one_line_with_time_account_key_value_and_sentence() -> None:
    entry = HistoryEntry(
        NOW, SHOP.appid, "ACCESS_TOKEN", Trigger.TIMER, AttemptResult.NEW, calls=1, fingerprint="91_a…c7Qz (108)"
    )
    good = format_event(RefreshResult(SHOP.appid, TokenKind.ACCESS_TOKEN, entry, record(7200)), SHOP, ENGLISH)
    bad = format_event(RefreshResult(SHOP.appid, TokenKind.ACCESS_TOKEN, REFUSED, None), SHOP, ENGLISH)

    assert good == "@0 Shop ACCESS_TOKEN 91_a…c7Qz (108): WeChat gave a new access_token, good until @7200."
    assert bad.startswith("@0 Shop ACCESS_TOKEN: This computer calls from 203.0.113.9")
    assert "\n" not in bad


def test_a_value_that_works_is_amber_while_its_renewal_fails() -> None:
    failing = replace(fresh(), renewal=Renewal.FAILING)
    stopped = replace(fresh(TokenKind.JSAPI_TICKET), renewal=Renewal.STOPPED)
    overview = Overview(NOW, (AccountStatus(SHOP, (failing, stopped)),))

    wide = format_overview(overview, ENGLISH, NOW, 120, use_colours=True)
    assert "\x1b[33m! works until @4329 · renewal failing\x1b[0m" in wide[3]
    assert "\x1b[33m! works until @4329 · renewal stopped\x1b[0m" in wide[4]
    narrow = format_overview(overview, ENGLISH, NOW, 80)
    assert narrow[3].split() == [
        "Shop", "ACCESS_TOKEN", "!", "renewal", "failing", "1:12:09", "@4329", "91_a…c7Qz", "(108)",
    ]  # fmt: skip


def test_a_shared_account_has_its_role_and_what_is_wrong_with_redis() -> None:
    shared = replace(SHOP, sharing=Sharing(SharingRole.FOLLOWER, "redis://h"))
    status = SharingStatus(NOW, SharingProblem.UNREACHABLE, leader="laptop", written_at=NOW - 60)
    lines = format_overview(Overview(NOW, (AccountStatus(shared, (fresh(),), sharing=status),)), ENGLISH, NOW, 120)
    assert lines[-2] == "Shop: follower · redis://h · from laptop, 1:00 ago"
    assert lines[-1].startswith("Shop: Redis cannot be reached. Check that it runs")
