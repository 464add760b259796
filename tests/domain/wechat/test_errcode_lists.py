"""The lists of all errcodes: complete, in both languages, and searched by number, words and errmsg."""

import json
import re
from pathlib import Path

import pytest

from guarddog_gui.domain.errors import InternalError
from guarddog_gui.domain.wechat.errcode_host import ErrcodeHost
from guarddog_gui.domain.wechat.errcode_lists import Doubt, ErrcodeLists, ListedErrcode, WorkListedErrcode, find_host
from guarddog_gui.domain.wechat.errcodes import ErrcodeCatalog
from guarddog_gui.services.messages.wechat.listed_errcodes import SCOPE_NAMES, TOPIC_NAMES
from tests.domain.wechat.catalog_checks import (
    CHINESE_MARKS,
    GLUED_TO_HAN,
    HALF_WIDTH_BESIDE_HAN,
    HAN,
    SPACE_BESIDE_MARK,
)
from tests.errcode_catalogue import CATALOGUE, read_errcode_list
from tests.pasted_cases import load_cases

LISTS = ErrcodeLists(read_errcode_list)
NUMBERS = load_cases("errcode_numbers")
API, WORK = ErrcodeHost.API, ErrcodeHost.WORK
RESOURCES = Path(__file__).parents[3] / "resources"


def numbers_of(name: str) -> set[int]:
    """Return the numbers of a list, which the case file has as `40001..40009 40011`."""
    found: set[int] = set()
    for span in " ".join(NUMBERS[name]).split():
        first, _, last = span.partition("..")
        found.update(range(int(first), int(last or first) + 1))
    return found


def entries_of(host: ErrcodeHost) -> list[ListedErrcode]:
    return [entry for entry in LISTS if entry.host is host]


def one(code: int, host: ErrcodeHost | None = None) -> ListedErrcode:
    (entry,) = LISTS.find(code, host)
    return entry


# -- complete -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("host", "count"), [(API, 2116), (WORK, 1430)])
def test_the_lists_have_every_number_of_their_host_and_no_other(host: ErrcodeHost, count: int) -> None:
    listed = {entry.code for entry in entries_of(host)}
    assert listed == numbers_of(host)
    assert len(listed) == count


def test_226_numbers_mean_other_things_on_the_other_host() -> None:
    both = numbers_of(API) & numbers_of(WORK)
    assert {code for code in both if len(LISTS.find(code)) == 1} == numbers_of("same on both")
    assert len(both) - len(numbers_of("same on both")) == 226


@pytest.mark.parametrize("host", [API, WORK])
def test_every_entry_has_a_note_in_both_languages(host: ErrcodeHost) -> None:
    for entry in entries_of(host):
        assert re.match(r"[A-Z]|[a-z]+(_[a-z]+)* ", entry.meaning_en), entry.code
        assert re.search(HAN, entry.meaning_zh), entry.code
        for name in ("cause", "fix"):
            assert bool(getattr(entry, f"{name}_en")) is bool(getattr(entry, f"{name}_zh")), entry.code
        assert bool(entry.fix_en) <= bool(entry.help_url)


@pytest.mark.parametrize("host", [API, WORK])
def test_notes_are_whole_sentences_in_the_typography_of_their_language(host: ErrcodeHost) -> None:
    for entry in entries_of(host):
        for english in filter(None, (entry.meaning_en, entry.cause_en, entry.fix_en)):
            assert english.endswith("."), entry.code
            assert not re.search(HAN, english), entry.code
            assert not CHINESE_MARKS.search(english), entry.code
        for chinese in filter(None, (entry.meaning_zh, entry.cause_zh, entry.fix_zh)):
            assert chinese.endswith("。"), entry.code
            for wrong in (HALF_WIDTH_BESIDE_HAN, GLUED_TO_HAN, SPACE_BESIDE_MARK):
                assert not wrong.search(chinese), entry.code


def test_topics_and_scopes_have_names() -> None:
    assert {entry.topic for entry in LISTS} == set(TOPIC_NAMES)
    assert {name for entry in LISTS for name in entry.scope} == set(SCOPE_NAMES)


@pytest.mark.parametrize("name", ["errcodes_api.json", "errcodes_work.json"])
def test_a_list_has_one_entry_a_line_sorted_by_number_for_small_diffs(name: str) -> None:
    text = (RESOURCES / name).read_text(encoding="utf-8")
    items = json.loads(text)
    assert [item["code"] for item in items] == sorted({item["code"] for item in items})
    assert text == "[\n" + ",\n".join(json.dumps(item, ensure_ascii=False) for item in items) + "\n]\n"
    fields = {
        *("code", "en", "zh", "cause_en", "cause_zh", "fix_en", "fix_zh", "page"),
        *("errmsg", "topic", "scope", "doubt"),
    }
    assert {field for item in items for field in item} <= fields


def test_about_150_errcodes_have_a_remedy() -> None:
    assert len(CATALOGUE.codes()) + sum(bool(entry.fix_en) for entry in LISTS) >= 150


def test_every_common_errcode_is_listed_and_knows_what_it_means_on_the_other_host() -> None:
    for code in CATALOGUE.codes():
        errcode = CATALOGUE.find(code)
        assert errcode is not None
        other = WORK if errcode.host is API else API
        entries = {entry.host: entry for entry in LISTS.find(code)}
        assert errcode.host in entries or entries[other].is_same_on_work
        elsewhere = entries.get(other) if errcode.host in entries else None
        for language in ("en", "zh_CN"):
            assert errcode.elsewhere(language) == ("" if elsewhere is None else elsewhere.meaning(language))


# -- found ----------------------------------------------------------------------------------------


def test_a_number_is_found_on_its_host_or_on_both() -> None:
    assert [entry.host for entry in LISTS.find(40003)] == [API, WORK]
    assert one(40003, WORK).meaning_en == "The UserID is invalid."
    assert one(93000) == one(93000, WORK)
    assert isinstance(one(93000), WorkListedErrcode)
    assert LISTS.find(93000, API) == LISTS.find(12345678) == ()
    assert 93000 in LISTS
    assert 12345678 not in LISTS


def test_a_number_with_one_meaning_is_found_once() -> None:
    assert one(40001, API).is_same_on_work is (one(40001).host is API)
    assert len(LISTS.find(43001)) == 1


@pytest.mark.parametrize("text", ["menu version", "MENU  Version", "菜单版本", "46002", "version no exist"])
def test_words_of_either_language_and_of_the_errmsg_are_found(text: str) -> None:
    assert 46002 in {entry.code for entry in LISTS.search(text)}


def test_a_search_can_be_limited_to_a_host_and_needs_a_word() -> None:
    assert {entry.host for entry in LISTS.search("UserID")} >= {WORK}
    assert {entry.host for entry in LISTS.search("菜单", WORK)} == {WORK}
    assert LISTS.search("") == LISTS.search("  ") == LISTS.search("菜单 nowhere") == ()


def test_the_longest_errmsg_in_a_text_counts() -> None:
    found = LISTS.find_by_errmsg('{"errmsg": "Access_token missing rid: 1"}')
    assert [entry.code for entry in found] == [41001]
    assert LISTS.find_by_errmsg("ok") == LISTS.find_by_errmsg("it has expired") == ()
    same = LISTS.find_by_errmsg("errmsg: system error")
    assert len(same) > 1
    assert {entry.errmsg for entry in same} == {"system error"}


def test_both_languages_and_doubts_are_told_apart() -> None:
    entry = one(46002)
    assert entry.meaning("en") == entry.meaning("fr") == "The menu version does not exist."
    assert entry.meaning("zh") == entry.meaning("zh_CN") == "菜单版本不存在。"
    assert {entry.doubt for entry in LISTS} == {None, *Doubt}
    assert one(40081, API).doubt is not None


def test_nothing_is_read_before_something_is_looked_up() -> None:
    read: list[ErrcodeHost] = []

    def read_list(host: ErrcodeHost) -> str:
        read.append(host)
        return "[]"

    catalogue = ErrcodeCatalog((), read_list)
    assert catalogue.find(40001) is None
    assert catalogue.lists is catalogue.lists
    assert read == []
    assert catalogue.lists.find(40001) == ()
    assert read == [API, WORK]


@pytest.mark.parametrize("text", ["", "{", "[3]", '[{"code": 1}]'])
def test_a_broken_installation_is_an_internal_error(text: str) -> None:
    with pytest.raises(InternalError, match="errcode list"):
        ErrcodeLists(lambda _host: text).find(1)


# -- hosts ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("POST https://qyapi.weixin.qq.com/cgi-bin/message/send", WORK),
        ("more info at https://open.work.weixin.qq.com/devtool/query?e=60020", WORK),
        ("GET https://api.weixin.qq.com/cgi-bin/menu/get", API),
        ("https://api2.weixin.qq.com/x", API),
        ("qyapi.weixin.qq.com or api.weixin.qq.com", None),
        ("https://developers.weixin.qq.com", None),
        ("40003", None),
    ],
)
def test_the_host_is_read_from_the_text(text: str, host: ErrcodeHost | None) -> None:
    assert find_host(text) is host
