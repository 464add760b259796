"""Values are found behind whatever stands between them and their names."""

import pytest

from guarddog_gui.domain.paste.pairs import match_value

SECONDS = "1795411200"


@pytest.mark.parametrize(
    "between",
    [": ", " = ", "=> ", " -> ", " := ", "\t", ", ", " | ", "\n: \n", "：", " is ", "为", ': "', "='", '"]=>\n  string(10) "',
     "] => ", ": Number('", ": new String(", ": Optional(", " as NumberLong(", "</td><td>", "><![CDATA[", ': u"', ": +",
     '", "value": "', ": (int) ", "=["],
)  # fmt: skip
def test_a_timestamp_is_found_behind(between: str) -> None:
    quote = between[-1] if between[-1] in "\"'" else ""
    text = f"{between.replace('：', ':')}{SECONDS}{quote})]"
    value = match_value(text, text, 1 if between[0] == '"' else 0, "timestamp", frozenset())
    assert value is not None
    assert value.text == SECONDS


@pytest.mark.parametrize("text", [" timestamp", ", signature", " and so on", "\nnext", ""])
def test_a_word_of_another_form_is_no_value_without_a_separator(text: str) -> None:
    assert match_value(text, text, 0, "timestamp", frozenset()) is None


@pytest.mark.parametrize("text", [": ", ": ,", ": ''", "= null", ": // 必填", ":\nnonceStr: a"])
def test_an_empty_place_gives_an_empty_value(text: str) -> None:
    value = match_value(text, text, 0, "timestamp", frozenset())
    assert value is not None
    assert (value.text, value.is_literal) == ("", False)


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("=https://a.cn/?a=1&b=2, nonceStr=n", "https://a.cn/?a=1&b=2"),
        ("=https://a.cn/?a=1,nonceStr=n", "https://a.cn/?a=1"),
        ("=https://a.cn/?a=1&signature=x", "https://a.cn/?a=1"),
        ("=https://a.cn/?a=1&timestamp=2", "https://a.cn/?a=1&timestamp=2"),
        ("=https://a.cn/?a=1)", "https://a.cn/?a=1"),
        ("=https://a.cn/a(1)", "https://a.cn/a(1)"),
        ("：https://a.cn/，谢谢", "https://a.cn/"),
    ],
)
def test_an_address_ends_where_the_next_thing_begins(text: str, url: str) -> None:
    folded = text.replace("：", ":").replace("，", ",")
    value = match_value(folded, text, 0, "url", frozenset({"url", "timestamp"}))
    assert value is not None
    assert value.text == url
