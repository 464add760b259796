"""The bundled catalogue of errcodes, and its parser."""

import json
import re
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from guarddog_gui.domain.accounts.account import Platform
from guarddog_gui.domain.errors import InternalError
from guarddog_gui.domain.wechat.errcodes import (
    ACCOUNT_FIELDS,
    MINI_PROGRAM_CONSOLE,
    Errcode,
    ErrcodeCatalog,
    ErrcodeKind,
    WaitRule,
    beijing_day_start,
    beijing_month_start,
    wait_ends_at,
)
from tests.domain.wechat.catalog_checks import (
    CHINESE_MARKS,
    GLUED_TO_HAN,
    HALF_WIDTH_BESIDE_HAN,
    HAN,
    SPACE_BESIDE_MARK,
    CatalogError,
    check_errcodes,
)

TEXT = (Path(__file__).parents[3] / "resources" / "errcodes.json").read_text(encoding="utf-8")
CATALOGUE = ErrcodeCatalog.from_json(TEXT)
ALL = [errcode for code in CATALOGUE.codes() if (errcode := CATALOGUE.find(code))]
BEIJING = timezone(timedelta(hours=8))

OTHER_ERRCODES = re.compile(r"(?<!\d)\d{5}(?!\d)")


def the(code: int) -> Errcode:
    found = CATALOGUE.find(code)
    assert found is not None
    return found


def beijing(year: int, month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0) -> float:
    return datetime(year, month, day, hour, minute, second, tzinfo=BEIJING).timestamp()


def entry(**changes: object) -> str:
    fields: dict[str, object] = {
        "code": 40125,
        "kind": "config",
        "en": "Wrong.",
        "zh": "不对。",
        "fix_en": "Look.",
        "fix_zh": "核对。",
        "endpoints": ["token"],
    }
    fields.update(changes)
    return json.dumps([{name: value for name, value in fields.items() if value is not ...}])


def test_the_bundled_catalogue_is_valid() -> None:
    check_errcodes(TEXT)


def test_the_file_is_sorted_by_code_and_formatted_for_small_diffs() -> None:
    items = json.loads(TEXT)
    assert [item["code"] for item in items] == sorted(item["code"] for item in items)
    assert json.dumps(items, ensure_ascii=False, indent=2) + "\n" == TEXT
    assert len(items) == len(CATALOGUE.codes())


@pytest.mark.parametrize("one", ALL, ids=lambda one: str(one.code))
def test_every_errcode_is_explained_in_whole_sentences_in_both_languages(one: Errcode) -> None:
    for english in (one.meaning("en"), one.fix("en")):
        assert english.endswith(".")
        assert english[0].isupper()
        assert not re.search(HAN, english)
        assert not CHINESE_MARKS.search(english)
        assert not OTHER_ERRCODES.search(english)
    for chinese in (one.meaning("zh_CN"), one.fix("zh_CN")):
        assert chinese.endswith("。")
        assert len(re.findall(HAN, chinese)) >= 3
        assert not HALF_WIDTH_BESIDE_HAN.search(chinese)
        assert not GLUED_TO_HAN.search(chinese)
        assert not SPACE_BESIDE_MARK.search(chinese)
        assert not OTHER_ERRCODES.search(chinese)


@pytest.mark.parametrize("one", ALL, ids=lambda one: str(one.code))
def test_a_meaning_fits_in_one_line_of_the_window(one: Errcode) -> None:
    most = 200 if one.kind_by_endpoint else 110  # two causes need a longer sentence
    assert len(one.meaning_en) <= most
    assert len(one.meaning_zh) <= most / 2


@pytest.mark.parametrize("one", ALL, ids=lambda one: str(one.code))
def test_every_errcode_has_a_kind_and_its_endpoints(one: Errcode) -> None:
    assert one.kind is not ErrcodeKind.UNKNOWN
    assert one.endpoints
    assert set(one.kind_by_endpoint) <= set(one.endpoints)
    assert all(kind is not one.kind for kind in one.kind_by_endpoint.values())
    assert one.account_field is None or one.account_field in ACCOUNT_FIELDS


@pytest.mark.parametrize("one", ALL, ids=lambda one: str(one.code))
def test_only_quotas_and_permissions_have_a_wait(one: Errcode) -> None:
    if one.wait is not None:
        assert one.kind in (ErrcodeKind.QUOTA, ErrcodeKind.PERMISSION)
    if one.kind is ErrcodeKind.QUOTA:
        assert one.wait is not None


def test_40001_is_a_wrong_secret_for_token_calls_and_a_bad_token_elsewhere() -> None:
    assert CATALOGUE.kind_for(40001, "token") is ErrcodeKind.CONFIG
    assert CATALOGUE.kind_for(40001, "stable_token") is ErrcodeKind.CONFIG
    assert CATALOGUE.kind_for(40001, "getticket") is ErrcodeKind.TOKEN
    assert CATALOGUE.kind_for(40001, "get_api_domain_ip") is ErrcodeKind.TOKEN


def test_errcodes_that_official_sdks_refresh_on_are_of_kind_token() -> None:
    kinds = {CATALOGUE.kind_for(code, "getticket") for code in (40001, 40014, 42001)}
    assert kinds == {ErrcodeKind.TOKEN}


def test_no_errcode_of_a_token_call_is_of_kind_token() -> None:
    for code in CATALOGUE.codes():
        for endpoint in {"token", "stable_token"} & set(the(code).endpoints):
            assert CATALOGUE.kind_for(code, endpoint) is not ErrcodeKind.TOKEN


def test_an_undocumented_errcode_is_of_unknown_kind() -> None:
    assert CATALOGUE.find(123456) is None
    assert CATALOGUE.kind_for(123456, "token") is ErrcodeKind.UNKNOWN


@pytest.mark.parametrize(
    ("code", "field", "named"),
    [(40013, "appid", "AppID"), (40125, "secret", "AppSecret"), (41004, "secret", "AppSecret")],
)
def test_similar_errcodes_name_the_field_to_check(code: int, field: str, named: str) -> None:
    assert the(code).account_field == field
    assert f"Look at the {named}" in the(code).fix_en or f"whether the {named}" in the(code).fix_en
    assert named in the(code).fix_zh


def test_a_frozen_secret_asks_for_no_new_input() -> None:
    frozen = the(40243)
    assert frozen.account_field == "secret"
    assert "nothing has to be entered" in frozen.fix_en
    assert "不必重新填写" in frozen.fix_zh


@pytest.mark.parametrize("code", [40164, 61004])
def test_a_refused_ip_points_at_the_ip_list(code: int) -> None:
    assert the(code).account_field == "ip-list"
    assert the(code).help_url == "https://developers.weixin.qq.com/platform"
    assert "IP 白名单" in the(code).fix_zh


def test_every_account_field_is_named_by_an_errcode() -> None:
    pointed = {one.account_field for one in ALL} - {None}
    assert {"appid", "secret", "ip-list", "platform"} <= pointed


def test_texts_are_chinese_for_zh_and_english_for_all_else() -> None:
    one = the(40125)
    assert one.meaning("zh") == one.meaning("zh_CN") == one.meaning_zh
    assert one.fix("zh") == one.fix_zh
    assert one.meaning("en") == one.meaning("fr") == one.meaning("") == one.meaning_en


# waiting times


def test_the_minute_limit_waits_a_minute_and_a_refused_ip_an_hour_or_a_day() -> None:
    waits = {code: wait_ends_at(one.wait, 1000.0) for code in (45011, 89507, 89506) if (one := the(code)).wait}
    assert waits == {45011: 1060.0, 89507: 4600.0, 89506: 87400.0}


def test_the_daily_quota_waits_until_ten_past_midnight_in_beijing() -> None:
    wait = the(45009).wait
    assert wait is not None
    assert wait_ends_at(wait, beijing(2026, 11, 23, 16, 30)) == beijing(2026, 11, 24, 0, 10)
    assert wait_ends_at(wait, beijing(2026, 12, 31, 23, 59, 59)) == beijing(2027, 1, 1, 0, 10)


def test_a_daily_quota_at_five_past_midnight_waits_five_minutes() -> None:
    assert wait_ends_at(WaitRule(until="tomorrow"), beijing(2026, 11, 24, 0, 5)) == beijing(2026, 11, 24, 0, 10)
    assert wait_ends_at(WaitRule(until="tomorrow"), beijing(2026, 11, 24, 0, 10)) == beijing(2026, 11, 25, 0, 10)


def test_a_monthly_quota_is_reset_on_the_first() -> None:
    wait = the(48006).wait
    assert wait is not None
    assert wait_ends_at(wait, beijing(2026, 11, 1, 0, 10)) == beijing(2026, 12, 1, 0, 10)
    assert wait_ends_at(wait, beijing(2026, 12, 31, 12)) == beijing(2027, 1, 1, 0, 10)
    assert wait_ends_at(wait, beijing(2028, 2, 29, 23, 59)) == beijing(2028, 3, 1, 0, 10)
    assert wait_ends_at(wait, beijing(2026, 12, 1, 0, 5)) == beijing(2026, 12, 1, 0, 10)


def test_every_wait_ends_after_it_began() -> None:
    for wait in (WaitRule(seconds=1), WaitRule(until="tomorrow"), WaitRule(until="next-month")):
        for hour in range(0, 24 * 70, 7):
            now = beijing(2026, 10, 28) + hour * 3600 + 0.25
            assert now < wait_ends_at(wait, now) <= now + 31 * 86400


def test_a_day_in_beijing_begins_at_16_00_utc() -> None:
    assert beijing_day_start(beijing(2026, 11, 23, 0, 0)) == beijing(2026, 11, 23)
    assert beijing_day_start(beijing(2026, 11, 23, 23, 59, 59)) == beijing(2026, 11, 23)
    assert beijing_day_start(beijing(2026, 11, 23)) % 86400 == 16 * 3600


def test_a_month_begins_at_midnight_in_beijing() -> None:
    assert beijing_month_start(beijing(2026, 11, 1)) == beijing(2026, 11, 1)
    assert beijing_month_start(beijing(2026, 11, 1) - 1) == beijing(2026, 10, 1)
    assert beijing_month_start(beijing(2026, 12, 31, 23, 59, 59)) == beijing(2026, 12, 1)


@pytest.mark.parametrize(
    "fields", [{}, {"seconds": 60, "until": "tomorrow"}, {"seconds": 0}, {"seconds": -1}, {"until": "some day"}]
)
def test_a_wait_has_exactly_one_end(fields: dict[str, object]) -> None:
    with pytest.raises(InternalError):
        WaitRule(**fields)  # type: ignore[arg-type]  # the point of the test


# a damaged catalogue


def test_an_entry_without_the_optional_fields_is_complete() -> None:
    one = ErrcodeCatalog.from_json(entry()).find(40125)
    assert one is not None
    assert (one.kind_by_endpoint, one.wait, one.help_url, one.account_field) == ({}, None, None, None)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "bad"}, "kind"),
        ({"kind": "unknown"}, "kind"),
        ({"kind": ["config"]}, "kind"),
        ({"en": ...}, "en"),
        ({"zh": " "}, "zh"),
        ({"fix_en": None}, "fix_en"),
        ({"fix_zh": 3}, "fix_zh"),
        ({"endpoints": "token"}, "endpoints"),
        ({"endpoints": [""]}, "endpoints"),
        ({"kind_at": {"getticket": "token"}}, "kind_at"),
        ({"kind_at": {"token": "none"}}, "kind_at"),
        ({"kind_at": []}, "kind_at"),
        ({"wait": 60}, "wait"),
        ({"wait": {}}, "wait"),
        ({"wait": {"seconds": 0}}, "wait"),
        ({"wait": {"seconds": True}}, "wait"),
        ({"wait": {"until": "later"}}, "wait"),
        ({"wait": {"seconds": 60, "until": "tomorrow"}}, "wait"),
        ({"page": "http://mp.weixin.qq.com"}, "page"),
        ({"look_at": "nose"}, "look_at"),
        ({"look_at": ["secret"]}, "look_at"),
        ({"fix": "typo"}, "fix"),
    ],
)
def test_bad_data_is_an_error_that_names_code_and_field(changes: dict[str, object], field: str) -> None:
    with pytest.raises(CatalogError, match=rf"^errcode 40125: {field} "):
        check_errcodes(entry(**changes))


@pytest.mark.parametrize("text", ["", "{", "{}", "[3]", '[{"kind": "config"}]', '[{"code": true}]'])
def test_an_invalid_file_is_an_error(text: str) -> None:
    with pytest.raises(CatalogError, match=r"^errcodes: "):
        check_errcodes(text)


@pytest.mark.parametrize("text", ["", "{", "[3]", '[{"kind": "config"}]', '[{"code": true}]'])
def test_a_broken_installation_is_an_internal_error(text: str) -> None:
    with pytest.raises(InternalError, match=r"^errcodes: "):
        ErrcodeCatalog.from_json(text)


def test_a_repeated_code_is_an_internal_error() -> None:
    twice = json.dumps(json.loads(entry()) * 2)
    with pytest.raises(CatalogError, match="40125: code"):
        check_errcodes(twice)
    with pytest.raises(InternalError, match="40125: code"):
        ErrcodeCatalog.from_json(twice)


@pytest.mark.parametrize("code", [40013, 40125, 40164, 40243])
@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_a_remedy_names_only_the_console_of_the_platform(code: int, language: str) -> None:
    errcode = the(code)
    official, mini = errcode.fix(language, Platform.OFFICIAL), errcode.fix(language, Platform.MINI_PROGRAM)
    assert "mp.weixin.qq.com" in mini
    assert "mp.weixin.qq.com" not in official
    for word in ("WeChat Developer Platform", "微信开发者平台"):
        assert word not in mini
    assert "mp.weixin.qq.com" in errcode.fix(language)  # the platform is not known
    assert errcode.console_url(Platform.MINI_PROGRAM) == MINI_PROGRAM_CONSOLE
    assert errcode.console_url(Platform.OFFICIAL) == errcode.help_url


def test_a_remedy_that_is_the_same_everywhere_is_given_for_each_platform() -> None:
    assert the(45009).fix("en", Platform.MINI_PROGRAM) == the(45009).fix_en
