"""Texts about a web authorisation, in both languages."""

import pytest

from guarddog_gui.domain.accounts.keyring_results import SecretMissing
from guarddog_gui.domain.signing.web_authorisation import AuthorisationLink, LinkWarning, WebAuthorisation
from guarddog_gui.domain.wechat.protocol import Refusal
from guarddog_gui.services.messages.wechat.web_authorisation import (
    failed_exchange_message,
    link_warnings,
    user_lines,
    usual_mistakes,
)
from tests.services.messages.languages import CHINESE, ENGLISH

LINK = AuthorisationLink("https://open.weixin.qq.com/x", "a.cn", tuple(LinkWarning))


def test_every_warning_and_mistake_has_a_text_in_both_languages() -> None:
    for texts in (link_warnings, usual_mistakes):
        english, chinese = texts(LINK, ENGLISH), texts(LINK, CHINESE)
        assert len(set(english)) == len(english)
        assert all(one != other for one, other in zip(english, chinese, strict=True))
    assert "a.cn" in usual_mistakes(LINK, ENGLISH)[0]


def test_the_user_is_one_value_a_line() -> None:
    assert user_lines(WebAuthorisation("o1", "snsapi_base"), ENGLISH) == ("openid: o1", "scope: snsapi_base")


@pytest.mark.parametrize(("errcode", "word"), [(40029, "expired"), (40163, "already used")])
def test_a_refused_code_is_explained(errcode: int, word: str) -> None:
    assert word in failed_exchange_message(Refusal(errcode, "no"), ENGLISH).text
    assert "AppSecret" in failed_exchange_message(SecretMissing(), ENGLISH).text
