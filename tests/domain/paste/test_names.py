"""Names of fields in the spellings of languages, frameworks and prose."""

import pytest

from guarddog_gui.domain.paste.names import Rank, find_field


@pytest.mark.parametrize(
    ("name", "field", "rank"),
    [
        ("appId", "appid", Rank.EXACT),
        ("app_id", "appid", Rank.EXACT),
        ("data-wx-appid", "appid", Rank.PREFIXED),
        ("signPackage.nonceStr", "nonce", Rank.EXACT),
        ("NONCE-STR", "nonce", Rank.EXACT),
        ("随机字符串", "nonce", Rank.EXACT),
        ("生成签名的时间戳", "timestamp", Rank.EXACT),
        ("时间戳为", "timestamp", Rank.EXACT),
        ("wxTimestamp", "timestamp", Rank.PREFIXED),
        ("time", "timestamp", Rank.WEAK),
        ("server_timestamp", "timestamp", Rank.FOREIGN),
        ("X-Timestamp", "timestamp", Rank.FOREIGN),
        ("sign", "signature", Rank.WEAK),
        ("签名串", "signed-string", Rank.EXACT),
        ("jsapiTicket", "ticket", Rank.EXACT),
        ("WX_JSAPI_TICKET", "ticket", Rank.PREFIXED),
        ("errCode", "errcode", Rank.EXACT),
        ("错误代码", "errcode", Rank.EXACT),
    ],
)
def test_a_name_means_a_field(name: str, field: str, rank: Rank) -> None:
    assert find_field(name) == (field, rank)


@pytest.mark.parametrize(
    "name", ["", "paySign", "access_token", "debug", "jsApiList", "签名算法", "签名错误", "x" * 100]
)
def test_other_names_mean_none(name: str) -> None:
    assert find_field(name) is None
