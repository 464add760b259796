"""Tests of the sample code: the values of the page in it, quoted for each language."""

from collections.abc import Callable

import pytest
from msgspec.structs import replace

from guarddog_gui.domain.signing.sample_code import curl_sample, node_sample, php_sample
from guarddog_gui.domain.signing.wx_config import WxConfig

CONFIG = WxConfig("wx00000000000000a1", 1795157576, "Wm3WZYTPz0wzccnW", "a" * 40, ("scanQRCode", "chooseImage"))
URL = "https://shop.example.cn/p?id=1"
SAMPLES = (node_sample, php_sample, curl_sample)


@pytest.mark.parametrize("render", SAMPLES)
def test_a_sample_has_account_and_url_and_no_place_left_to_fill(render: Callable[[WxConfig, str], str]) -> None:
    sample = render(CONFIG, URL)
    assert CONFIG.appid in sample
    assert URL in sample
    assert "@" not in sample
    assert sample.endswith("\n")


def test_the_lists_are_in_the_samples_that_return_a_config() -> None:
    assert 'jsApiList: ["scanQRCode", "chooseImage"] }' in node_sample(CONFIG, URL)
    assert '\'jsApiList\' => ["scanQRCode", "chooseImage"]];' in php_sample(CONFIG, URL)
    with_tags = replace(CONFIG, open_tags=("wx-open-audio",), debug=True)
    assert 'openTagList: ["wx-open-audio"]' in node_sample(with_tags, URL)
    assert "'openTagList' => [\"wx-open-audio\"]" in php_sample(with_tags, URL)
    assert "debug: true" in node_sample(with_tags, URL)
    assert "'debug' => true" in php_sample(with_tags, URL)


def test_the_curl_sample_reproduces_the_signature_beside_it() -> None:
    sample = curl_sample(CONFIG, URL)
    assert f"# {CONFIG.signature}\n" in sample
    assert "timestamp=1795157576&" in sample
    assert "nonce=Wm3WZYTPz0wzccnW\n" in sample


def test_special_characters_are_quoted() -> None:
    url = "https://a.cn/p?q='\"\\$(id)`id`</script>"
    assert "</script>" not in node_sample(CONFIG, url)
    assert r"q=\'" in php_sample(CONFIG, url)
    assert "\\\\$(id)" in php_sample(CONFIG, url)
    assert "url='https://a.cn/p?q='\"'\"'" in curl_sample(CONFIG, url)
    assert "nonce='$(id)'" in curl_sample(replace(CONFIG, nonce="$(id)"), url)
