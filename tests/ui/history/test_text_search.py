"""Search of the history by the words that it shows."""

import pytest

from guarddog_gui.domain.refresh.history import AttemptResult, Trigger
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.history.text_search import find_matches
from tests.runtime.harness import CAFE, SHOP, RuntimeHarness
from tests.ui.conftest import make_formatter

ACCOUNTS = {SHOP.appid: SHOP, CAFE.appid: CAFE}


def test_an_account_is_found_by_a_part_of_its_name_or_its_appid(formatter: Formatter) -> None:
    assert find_matches("CAF", ACCOUNTS, formatter.messages).appids == (CAFE.appid,)
    assert find_matches(SHOP.appid[:12], ACCOUNTS, formatter.messages).appids[:1] == (SHOP.appid,)


@pytest.mark.parametrize("text", ["40164", "4016", "whitelist"])
def test_an_errcode_is_found_by_its_number_and_its_words(formatter: Formatter, text: str) -> None:
    assert 40164 in find_matches(text, ACCOUNTS, formatter.messages).errcodes


def test_a_short_number_is_not_the_beginning_of_every_errcode(formatter: Formatter) -> None:
    assert 40164 not in find_matches("40", ACCOUNTS, formatter.messages).errcodes
    assert find_matches("-1", ACCOUNTS, formatter.messages).errcodes == (-1,)


def test_words_are_found_in_the_language_that_shows_them(harness: RuntimeHarness) -> None:
    messages = make_formatter(harness, "zh_CN").messages
    assert 40164 in find_matches("白名单", ACCOUNTS, messages).errcodes
    assert find_matches("手动", ACCOUNTS, messages).triggers == (Trigger.USER,)
    assert AttemptResult.NO_ANSWER in find_matches("没有应答", ACCOUNTS, messages).results


def test_keys_are_found(formatter: Formatter) -> None:
    assert find_matches("jsapi", ACCOUNTS, formatter.messages).keys == ("JSAPI_TICKET",)


def test_no_text_matches_nothing(formatter: Formatter) -> None:
    matches = find_matches("", ACCOUNTS, formatter.messages)
    assert matches.only_of_failures
    assert not matches.appids
    assert not matches.errcodes
