"""JS-SDK signature of a page."""

from guarddog_gui.domain.signing.signature import SignatureInput, strip_fragment

OFFICIAL = SignatureInput(
    ticket="sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg",
    nonce="Wm3WZYTPz0wzccnW",
    timestamp=1414587457,
    url="http://mp.weixin.qq.com?params=value",
)


def test_the_example_of_wechat_is_reproduced() -> None:
    assert OFFICIAL.signature == "0f9de62fce790f9a083d5c99e95740ceb90c27ed"


def test_the_signed_string_has_four_raw_fields_in_order() -> None:
    signable = SignatureInput("t", "n", 1, "https://a.cn/图?q=a b&%20")
    assert signable.signed_string == "jsapi_ticket=t&noncestr=n&timestamp=1&url=https://a.cn/图?q=a b&%20"


def test_the_fragment_is_not_signed() -> None:
    assert strip_fragment("https://a.cn/p?x=1#/route?y=2#z") == "https://a.cn/p?x=1"
