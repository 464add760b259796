"""Texts for what a reply says beside its errcode."""

from guarddog_gui.domain.paste.pasted_reply import PastedReply
from guarddog_gui.domain.wechat.errcode_host import ErrcodeHost
from guarddog_gui.services.messages.wechat.replies import bare_number_lines, other_host_meaning, reply_facts
from tests.services.messages.languages import CHINESE, ENGLISH

REPLY = PastedReply(
    40164, "invalid ip", ip="203.0.113.9", rid="1-2-3", hint="a1B2", real_auth_urls=("https://a.cn/\x1b[31m",)
)


def test_each_fact_has_a_line_of_its_own() -> None:
    assert reply_facts(REPLY, ENGLISH) == (
        "IP address that WeChat saw: 203.0.113.9",
        "rid of the call, for a question to WeChat: 1-2-3",
        "hint of the call, for a question to WeChat: a1B2",
        "Address that WeChat checked the signature for: https://a.cn/…[31m",
    )
    assert reply_facts(PastedReply(40164), ENGLISH) == ()


def test_the_lines_are_translated() -> None:
    for english, chinese in zip(reply_facts(REPLY, ENGLISH), reply_facts(REPLY, CHINESE), strict=True):
        assert english != chinese


def test_the_other_host_is_named_with_its_meaning() -> None:
    text = other_host_meaning("The UserID is invalid.", ErrcodeHost.API, ENGLISH)
    assert text == "On qyapi.weixin.qq.com this number means: The UserID is invalid."
    assert "api.weixin.qq.com" in other_host_meaning("x", ErrcodeHost.WORK, ENGLISH)


def test_other_errcodes_are_listed_as_the_language_does_and_the_rest_is_counted() -> None:
    two, many = (PastedReply(40164, other_errcodes=tuple(range(40001, 40001 + count))) for count in (2, 23))
    assert reply_facts(two, ENGLISH) == ("Other errcodes in this text: 40001, 40002. Look them up one by one.",)
    assert reply_facts(two, CHINESE) == ("这段文字里还有其他 errcode：40001、40002。请逐个查询。",)
    assert reply_facts(many, ENGLISH)[0].endswith("40019, 40020 and 3 more.")
    assert reply_facts(many, CHINESE)[0].endswith("40019、40020，另有 3 个未列出。")


def test_a_number_without_a_name_is_said_to_be_one() -> None:
    bare = PastedReply(40001, is_bare_number=True)
    assert bare_number_lines(bare, ENGLISH) == (
        "This text names no errcode: 40001 only appears in it as a number.",
    )  # fmt: skip
    assert bare_number_lines(bare, CHINESE) == ("这段文字没有写明 errcode，40001 只是其中出现的一个数字。",)
    assert bare_number_lines(PastedReply(40001), ENGLISH) == ()
