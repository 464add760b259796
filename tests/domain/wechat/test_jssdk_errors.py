"""The bundled catalogue of JS-SDK messages: complete in both languages, and searchable."""

import json
import re
from pathlib import Path

import pytest

from guarddog_gui.domain.errors import InternalError
from guarddog_gui.domain.wechat.jssdk_errors import JssdkError, JssdkErrorCatalog
from tests.domain.wechat.catalog_checks import (
    CHINESE_MARKS,
    GLUED_TO_HAN,
    HALF_WIDTH_BESIDE_HAN,
    HAN,
    SPACE_BESIDE_MARK,
    CatalogError,
    check_jssdk_errors,
)
from tests.errcode_catalogue import CATALOGUE

RESOURCES = Path(__file__).parents[3] / "resources"
TEXT = (RESOURCES / "jssdk_errors.json").read_text(encoding="utf-8")
ERRORS = JssdkErrorCatalog.from_json(TEXT)


def the(message: str) -> JssdkError:
    return next(error for error in ERRORS if error.message == message)


def found(pasted: str) -> str | None:
    error = ERRORS.find(pasted)
    return error.message if error else None


# content


def test_the_bundled_catalogue_is_valid() -> None:
    check_jssdk_errors(TEXT)


def test_the_file_is_formatted_for_small_diffs() -> None:
    assert json.dumps(json.loads(TEXT), ensure_ascii=False, indent=2) + "\n" == TEXT


def test_documented_and_reported_messages_are_there_the_vaguest_last() -> None:
    assert [error.message for error in ERRORS] == [
        "invalid signature",
        "invalid url domain",
        "offline verifying",
        "fail_nopermission",
        "no permission to execute",
        "fail no permission",
        "permission denied",
        "function not exist",
        "require subscribe",
        "invalid timestamp",
        "fail nonsupport",
        "agentConfig:fail",
        "config:invalid appid",
        "wx is not defined",
        "config:fail",
    ]


@pytest.mark.parametrize("one", tuple(ERRORS), ids=lambda one: one.message)
def test_every_message_is_explained_in_whole_sentences_in_both_languages(one: JssdkError) -> None:
    for english in (one.meaning("en"), *one.causes("en"), one.fix("en")):
        assert english.endswith(".")
        assert not re.search(HAN, english)
        assert not CHINESE_MARKS.search(english)
    for chinese in (one.meaning("zh_CN"), *one.causes("zh_CN"), one.fix("zh_CN")):
        assert chinese.endswith("。")
        assert len(re.findall(HAN, chinese)) >= 3
        assert not HALF_WIDTH_BESIDE_HAN.search(chinese)
        assert not GLUED_TO_HAN.search(chinese)
        assert not SPACE_BESIDE_MARK.search(chinese)
    assert len(one.causes("en")) == len(one.causes("zh_CN")) >= 2
    assert one.meaning("fr") == one.meaning_en


@pytest.mark.parametrize("one", tuple(ERRORS), ids=lambda one: one.message)
def test_a_meaning_fits_in_one_line_of_the_window(one: JssdkError) -> None:
    assert len(one.meaning_en) <= 110
    assert len(one.meaning_zh) <= 55


def test_the_entry_url_rule_of_ios_is_explained_in_both_languages() -> None:
    signature = the("invalid signature")
    assert any("iOS checks the entry URL" in cause for cause in signature.causes_en)
    assert any("iOS 微信校验首次进入时的 URL" in cause for cause in signature.causes_zh)
    assert "entry URL on iOS" in signature.fix_en
    assert "在 iOS 上签首次进入的 URL" in signature.fix_zh


def test_an_undocumented_message_says_so() -> None:
    for message in ("invalid timestamp", "fail nonsupport", "fail no permission"):
        assert "No page of WeChat describes this message" in the(message).meaning_en
        assert "微信文档没有收录" in the(message).meaning_zh


def test_wecom_codes_find_their_messages_and_are_errcodes_too() -> None:
    told = {code: error.message for error in ERRORS for code in error.wecom_codes}
    assert told == {40093: "invalid signature", 40048: "invalid url domain", 80001: "invalid url domain"}
    assert all(CATALOGUE.find(code) for code in told)
    for code, message in told.items():
        assert ERRORS.find_by_code(code) is the(message)
    assert ERRORS.find_by_code(40164) is None


# search


@pytest.mark.parametrize("one", tuple(ERRORS), ids=lambda one: one.message)
def test_each_message_is_found_in_any_spelling(one: JssdkError) -> None:
    for spelling in (one.message, *one.aliases, *map(str, one.wecom_codes)):
        for pasted in (
            spelling,
            spelling.upper(),
            spelling.replace(" ", "_"),
            spelling.replace(" ", "\n\t "),
            f'{{"errMsg":"config:{spelling}"}}' if one.message != "config:fail" else spelling,
            f"[Vue warn] 报错：{spelling}。 at app.js:12",
        ):
            assert found(pasted) == one.message


@pytest.mark.parametrize(
    ("pasted", "message"),
    [
        ("config:fail,Error: invalid signature", "invalid signature"),
        ("config:fail, Error: 系统错误,错误码:40048,invalid url domain", "invalid url domain"),
        ('{"errCode":40093,"errMsg":"config:fail"}', "invalid signature"),
        ("chooseImage:permission denied", "permission denied"),
        ("onMenuShareTimeline:the permission value is offline verifying", "offline verifying"),
        ("scanQRCode: function_not_exist", "function not exist"),
        ("selectExternalContact:fail_nopermission", "fail_nopermission"),
        ("get_brand_wcpay_request:fail_no permission to execute", "no permission to execute"),
        ("调用支付JSAPI缺少参数：当前页面的URL未注册：https://a.cn/pay", "no permission to execute"),
        ("onMenuShareTimeline:fail no permission", "fail no permission"),
        ("getLocation:nopermission", "fail_nopermission"),
        ("chooseWXPay:fail, the permission value is offline verifying", "offline verifying"),
        ("chooseWXPay:fail, the permission value is offline", "offline verifying"),
        ("config:fail,Error: AppID 不合法, invalid appid", "config:invalid appid"),
        ("config:fail, Error: 系统错误,错误码:40013,invalid appid [20200818 15:32:12][]", "config:invalid appid"),
        ("errMsg: 'config:fail'", "config:fail"),
        ("CONFIG:REQUIRE SUBSCRIBE", "require subscribe"),
    ],
)  # fmt: skip
def test_a_pasted_text_finds_the_most_specific_message(pasted: str, message: str) -> None:
    assert found(pasted) == message


@pytest.mark.parametrize(
    "pasted", ["", " ", "config:ok", "signature", "invalid", "140048", "400481", "invalid signatures", "签名错误", "\0"]
)
def test_other_texts_find_nothing(pasted: str) -> None:
    assert ERRORS.find(pasted) is None


def test_only_the_spelling_of_wecom_is_explained_as_a_message_of_wecom() -> None:
    for message in ("no permission to execute", "fail no permission", "config:invalid appid"):
        assert not the(message).meaning_en.startswith("In WeCom")
        assert not the(message).meaning_zh.startswith("企业微信")
    assert the("fail_nopermission").meaning_en.startswith("In WeCom")


def test_the_message_of_an_errcode_is_not_one_of_the_js_sdk() -> None:
    assert ERRORS.find("invalid appid") is None


def test_a_text_of_any_length_is_searched_quickly() -> None:
    assert found("x " * 4000 + "invalid signature") == "invalid signature"
    assert found("_" * 10_000_000 + "invalid signature") is None


# a damaged file


def entry(**changes: object) -> str:
    fields: dict[str, object] = {
        "message": "invalid nose",
        "en": "Wrong.",
        "zh": "不对。",
        "causes_en": ["Look."],
        "causes_zh": ["核对。"],
        "fix_en": "Mend it.",
        "fix_zh": "改正。",
    }
    fields.update(changes)
    return json.dumps([{name: value for name, value in fields.items() if value is not ...}])


def test_an_entry_without_the_optional_fields_is_complete() -> None:
    (one,) = JssdkErrorCatalog.from_json(entry())
    assert (one.aliases, one.wecom_codes, one.help_url) == ((), (), None)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"en": ...}, "en"),
        ({"zh": " "}, "zh"),
        ({"fix_en": None}, "fix_en"),
        ({"fix_zh": ...}, "fix_zh"),
        ({"causes_en": "Look."}, "causes_en"),
        ({"causes_zh": [""]}, "causes_zh"),
        ({"causes_zh": ...}, "causes_zh"),
        ({"causes_en": [], "causes_zh": []}, "causes_zh"),
        ({"also": [5]}, "also"),
        ({"codes": ["40048"]}, "codes"),
        ({"codes": [True]}, "codes"),
        ({"page": "http://mp.weixin.qq.com"}, "page"),
        ({"fix": "typo"}, "fix"),
    ],
)
def test_bad_data_is_an_error_that_names_message_and_field(changes: dict[str, object], field: str) -> None:
    with pytest.raises(CatalogError, match=rf"^invalid nose: {field} "):
        check_jssdk_errors(entry(**changes))


@pytest.mark.parametrize("text", ["", "{", "{}", "[3]", "[{}]", '[{"message": ""}]'])
def test_an_invalid_file_is_an_error(text: str) -> None:
    with pytest.raises(CatalogError, match=r"^jssdk_errors: "):
        check_jssdk_errors(text)


@pytest.mark.parametrize("text", ["", "{", "[3]", "[{}]", '[{"message": ""}]'])
def test_a_broken_installation_is_an_internal_error(text: str) -> None:
    with pytest.raises(InternalError, match=r"^jssdk_errors: "):
        JssdkErrorCatalog.from_json(text)
