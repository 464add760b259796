"""The parameters of a literal `wx.config` that WeChat's client cannot use."""

import pytest

from guarddog_gui.domain.paste.config import read_config
from guarddog_gui.domain.paste.config_call import CallMistake, CallMistakeKind, find_call_mistakes
from tests.pasted_cases import CONFIGS

S, OTHER_S = "0f9de62fce790f9a083d5c99e95740ceb90c27ed", "e626dbdefa7e17711f5592103c2acb99ac488fe1"
RIGHT = {
    "appId": "'wx0123456789abcdef'",
    "timestamp": "1414587457",
    "nonceStr": "'Wm3WZYTPz0wzccnW'",
    "signature": f"'{S}'",
    "jsApiList": "['scanQRCode', 'chooseImage']",
}
K = CallMistakeKind


def call(**changed: str | None) -> str:
    values = {**RIGHT, **changed}
    return "wx.config({ debug: true, " + ", ".join(f"{k}: {v}" for k, v in values.items() if v is not None) + " });"


def renamed(name: str, wrong: str) -> str:
    return call(**{name: None, wrong: RIGHT[name]})


def test_a_call_with_the_names_of_wechat_has_no_mistake() -> None:
    assert find_call_mistakes(call(), S) == ()
    assert find_call_mistakes(call(openTagList="['wx-open-launch-app']", beta="true"), S) == ()


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("appId", "appid"), ("appId", "appID"), ("appId", "appld"), ("timestamp", "timeStamp"), ("timestamp", "timestemp"),
        ("nonceStr", "noncestr"), ("nonceStr", "nonce"), ("signature", "sign"), ("signature", "signatrue"),
        ("jsApiList", "jsapiList"), ("jsApiList", "jsApilist"),
    ],
)  # fmt: skip
def test_a_misspelt_parameter_is_named(name: str, wrong: str) -> None:
    assert find_call_mistakes(renamed(name, wrong), S) == (CallMistake(K.MISNAMED, name, wrong),)
    assert read_config(renamed(name, wrong)).call_mistakes == (CallMistake(K.MISNAMED, name, wrong),)


@pytest.mark.parametrize("name", [name for name in RIGHT if name != "jsApiList"])
def test_a_missing_parameter_is_named(name: str) -> None:
    assert find_call_mistakes(call(**{name: None}), S if name != "signature" else "") == (CallMistake(K.MISSING, name),)


def test_a_call_is_often_pasted_without_its_list_which_is_not_signed() -> None:
    assert find_call_mistakes(call(jsApiList=None), S) == ()


@pytest.mark.parametrize(
    ("value", "mistake"),
    [
        ("''", CallMistake(K.EMPTY, "appId")),
        ('""', CallMistake(K.EMPTY, "appId")),
        ("undefined", CallMistake(K.EMPTY, "appId", "undefined")),
        ("null", CallMistake(K.EMPTY, "appId", "null")),
        ("'undefined'", CallMistake(K.EMPTY, "appId", "undefined")),
        ("'<?=$appId?>'", CallMistake(K.TEMPLATE, "appId", "<?=$appId?>")),
        ("<?=$appId?>", CallMistake(K.TEMPLATE, "appId", "<?=$appId?>")),
        ("'{{ appId }}'", CallMistake(K.TEMPLATE, "appId", "{{ appId }}")),
        ("'{$sign.appId}'", CallMistake(K.TEMPLATE, "appId", "{$sign.appId}")),
        ("'${appId}'", CallMistake(K.TEMPLATE, "appId", "${appId}")),
        ("`${appId}`", None),
        ("data.appId", None),
        ("appIdOf('shop')", None),
    ],
)
def test_a_value_that_wechat_cannot_use_is_named(value: str, mistake: CallMistake | None) -> None:
    assert find_call_mistakes(call(appId=value), S) == (() if mistake is None else (mistake,))


@pytest.mark.parametrize(
    "text",
    [
        f'{{"appid":"wx0123456789abcdef","noncestr":"n1","timestamp":1414587457,"sign":"{S}"}}',
        f"appid=wx0123456789abcdef&noncestr=n1&timestamp=1414587457&signature={S}",
        f"wx.config({{...data, signature: '{S}'}})",
        f"wx.config({{ appId, timestamp, nonceStr, signature, jsApiList }}); // {S}",
        "wx.config({{ config | json }})",
        "wx.config(data); var config = {appid: 1}",
        f"my.wx.config({{signature: '{S}'}})",
        f"wx.agentConfig({{appid: '', signature: '{S}'}})",
        "",
    ],
)
def test_what_is_no_literal_call_has_no_mistake(text: str) -> None:
    assert find_call_mistakes(text, S) == ()


def test_nothing_is_said_to_be_missing_in_a_call_that_was_cut_off() -> None:
    assert find_call_mistakes(f"wx.config({{ signature: '{S}', timestamp: 14145", S) == ()


def test_the_call_with_the_signature_counts() -> None:
    source = call(appId="'<?=$appId?>'", signature="'<?=$s?>'", timestamp="<?=$t?>", nonceStr="'<?=$n?>'")
    other = renamed("appId", "appid").replace(S, OTHER_S)

    assert find_call_mistakes(f"{source}\n{call()}", S) == ()
    assert find_call_mistakes(f"{other}\n{call()}", S) == ()
    assert find_call_mistakes(f"{other}\n{other.replace(OTHER_S, 'f' * 40)}", S) == ()


def test_the_places_of_a_template_are_no_mistake_where_the_values_stand_elsewhere() -> None:
    source = call(appId="'<?=$appId?>'", signature="'<?=$s?>'", timestamp="<?=$t?>", nonceStr="'<?=$n?>'")
    assert find_call_mistakes(f'{source}\n{{"signature": "{S}"}}', S) == ()


@pytest.mark.parametrize(
    "escaped", [call().replace("'", '\\"'), call().replace("'", "&quot;"), call().replace("'", "‘")]
)
def test_a_call_is_read_in_other_spellings(escaped: str) -> None:
    assert find_call_mistakes(escaped, S) == ()
    assert find_call_mistakes(escaped.replace("appId", "appid"), S) == (CallMistake(K.MISNAMED, "appId", "appid"),)


@pytest.mark.parametrize("case", CONFIGS["cases"], ids=lambda case: case["form"])
def test_no_case_of_a_right_config_has_a_mistake(case: dict[str, str]) -> None:
    assert read_config(case["text"]).call_mistakes == ()
