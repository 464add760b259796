"""Forms of the argument of `wx.config`: any value is read as it was meant."""

import json
import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guarddog_gui.domain.signing.wx_config import SDK_URL, WxConfig

CONFIG = WxConfig(
    "wx1234567890abcdef", 1414587457, "Wm3WZYTPz0wzccnW", "0f9de62fce790f9a083d5c99e95740ceb90c27ed",
    ("chooseImage", "scanQRCode"), ("wx-open-launch-weapp",), debug=True,
)  # fmt: skip
AWKWARD = [
    '"',
    "'",
    "\\",
    "</script>",
    "<!--<script>",
    "&lt;",
    "\u2028\u2029",
    "\n",
    "${x}",
    "$url",
    "图",
    "\ud800",
    "-->",
]
TEXT = st.text() | st.lists(st.sampled_from(AWKWARD)).map("".join)
CONFIGS = st.builds(
    WxConfig, TEXT, st.integers(), TEXT, TEXT, st.lists(TEXT).map(tuple), st.lists(TEXT).map(tuple), st.booleans()
)


class ScriptExtractor(HTMLParser):
    """Collect the scripts of a page as a browser does."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.sources: list[str | None] = []
        self.scripts: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag == "script":
            self.sources.append(dict(attrs).get("src"))

    def handle_data(self, data: str) -> None:
        if self.tags and self.tags[-1] == "script" and data.strip():
            self.scripts.append(data)


def test_json_has_wechats_names_and_types() -> None:
    assert json.loads(CONFIG.as_json) == {
        "debug": True,
        "appId": "wx1234567890abcdef",
        "timestamp": 1414587457,
        "nonceStr": "Wm3WZYTPz0wzccnW",
        "signature": "0f9de62fce790f9a083d5c99e95740ceb90c27ed",
        "jsApiList": ["chooseImage", "scanQRCode"],
        "openTagList": ["wx-open-launch-weapp"],
    }


def test_open_tag_list_is_absent_without_open_tags() -> None:
    plain = WxConfig("wx1", 1, "n", "s")
    assert "openTagList" not in plain.as_json + plain.as_javascript + plain.as_html("https://a.cn/")
    assert json.loads(plain.as_json)["jsApiList"] == []


def test_javascript_is_one_statement() -> None:
    assert CONFIG.as_javascript == (
        "wx.config({\n"
        "  debug: true,\n"
        '  appId: "wx1234567890abcdef",\n'
        "  timestamp: 1414587457,\n"
        '  nonceStr: "Wm3WZYTPz0wzccnW",\n'
        '  signature: "0f9de62fce790f9a083d5c99e95740ceb90c27ed",\n'
        '  jsApiList: ["chooseImage", "scanQRCode"],\n'
        '  openTagList: ["wx-open-launch-weapp"]\n'
        "});"
    )


def test_the_page_loads_wechats_script_and_calls_it() -> None:
    page = ScriptExtractor(CONFIG.as_html("https://a.cn/p"))

    assert page.sources == [SDK_URL, None]
    assert CONFIG.as_javascript in page.scripts[0]
    assert 'var signed = "https://a.cn/p";' in page.scripts[0]


def values_in(script: str) -> list[object]:
    """Return the literals of the JavaScript, each of which is JSON."""
    return [json.loads(line.split(": ", 1)[1].removesuffix(",")) for line in script.split("\n")[1:-1]]


@given(CONFIGS)
def test_json_and_javascript_have_the_same_values(config: WxConfig) -> None:
    assert json.loads(config.as_json) == config.arguments
    assert values_in(config.as_javascript) == list(config.arguments.values())
    for text in (config.as_json, config.as_javascript):
        assert text.isascii()
        assert not re.search("[<>&]", text)


@given(CONFIGS, TEXT)
def test_values_do_not_change_the_structure_of_the_page(config: WxConfig, url: str) -> None:
    page = ScriptExtractor(config.as_html(url))

    assert page.tags == ScriptExtractor(CONFIG.as_html("")).tags
    (script,) = page.scripts
    assert config.as_javascript in script
    said = re.search(r"^var signed = (.*);$", script, re.MULTILINE)
    assert said is not None
    assert json.loads(said[1]) == url


@pytest.mark.parametrize("name", ["</title><script>alert(1)</script>", "$config", "&"])
def test_an_appid_cannot_break_out_of_the_title(name: str) -> None:
    page = ScriptExtractor(WxConfig(name, 1, "n", "s").as_html("https://a.cn/"))
    assert page.tags == ScriptExtractor(CONFIG.as_html("")).tags
