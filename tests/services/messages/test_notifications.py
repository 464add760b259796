"""What a notice says: the account first, then the state; what happened and what to do; never too much."""

from pathlib import Path

import pytest

from guarddog_gui.domain.message_catalog import Words
from guarddog_gui.domain.refresh.history import Entry, Result, Trigger
from guarddog_gui.domain.refresh.notifications import Notice, NoticeKind, Urgency
from guarddog_gui.services.messages.message import Sentences
from guarddog_gui.services.messages.notifications import BODY_MAX, notice_text
from tests.catalogue import CATALOGUE
from tests.fakes import NOW, OWN_IP

RESOURCES = Path(__file__).parents[3] / "resources"
WORDS = (RESOURCES / "words.json").read_text(encoding="utf-8")


def speaking(language: str) -> Sentences:
    return Sentences(Words.from_text(WORDS, language), CATALOGUE, lambda at: f"+{at - NOW:.0f}s")


ENGLISH, CHINESE = speaking("en"), speaking("zh_CN")


def attempt(result: Result, **more: object) -> Entry:
    fields: dict[str, object] = {"endpoint": "stable_token", **more}
    return Entry(NOW, "wxShop", "ACCESS_TOKEN", Trigger.TIMER, result, **fields)  # type: ignore[arg-type]


def refused(errcode: int, **more: object) -> Entry:
    return attempt(Result.REFUSED, errcode=errcode, **more)


def notice(kind: NoticeKind, entry: Entry | None = None, expires_at: float | None = None) -> Notice:
    return Notice(kind, "wxShop", "Shop <B>", entry, expires_at)


def test_an_ip_that_is_not_listed_says_which_and_offers_to_copy_it() -> None:
    text = notice_text(notice(NoticeKind.NEEDS_PERSON, refused(40164, ip=OWN_IP)), ENGLISH, NOW)

    assert text.title == "Shop <B> · needs you"
    assert OWN_IP in text.body
    assert text.body.endswith("(40164)")
    assert [label for _, label in text.actions] == ["Copy IP", "Try again", "Open"]
    assert text.urgency is Urgency.CRITICAL


def test_the_same_in_chinese() -> None:
    text = notice_text(notice(NoticeKind.NEEDS_PERSON, refused(40164, ip=OWN_IP)), CHINESE, NOW)

    assert text.title == "Shop <B> · 需要处理"
    assert [label for _, label in text.actions] == ["复制 IP", "重试", "打开"]


@pytest.mark.parametrize(
    ("kind", "expires_at", "title"),
    [
        (NoticeKind.EXPIRES, NOW + 90, "Shop <B> · expires at +90s"),
        (NoticeKind.EXPIRES, NOW, "Shop <B> · expired"),
        (NoticeKind.EXPIRES, None, "Shop <B> · expired"),
        (NoticeKind.KEYRING_LOCKED, NOW, "Shop <B> · keyring locked"),
        (NoticeKind.TAKEN, None, "Shop <B> · token replaced by somebody else"),
    ],
)
def test_the_title_is_the_account_and_its_state(
    kind: NoticeKind, expires_at: float | None, title: str
) -> None:
    assert notice_text(notice(kind, attempt(Result.UNHEARD), expires_at), ENGLISH, NOW).title == title


def test_good_news_says_until_when() -> None:
    for kind, title in ((NoticeKind.RECOVERED, "works again"), (NoticeKind.REFRESHED, "refreshed")):
        text = notice_text(notice(kind, None, NOW + 7200), ENGLISH, NOW)
        assert text.title == f"Shop <B> · {title}"
        assert text.body == "Everything of this account is fresh until +7200s."


def test_a_taken_token_says_when_and_what_to_do() -> None:
    text = notice_text(notice(NoticeKind.TAKEN, refused(40001)), ENGLISH, NOW)

    assert text.body.startswith("At +0s WeChat refused")
    assert "stable" in text.body


@pytest.mark.parametrize("sentences", [ENGLISH, CHINESE], ids=["en", "zh"])
@pytest.mark.parametrize("kind", NoticeKind)
def test_every_kind_has_words_in_both_languages(kind: NoticeKind, sentences: Sentences) -> None:
    text = notice_text(notice(kind, attempt(Result.KEYRING_LOCKED)), sentences, NOW)

    assert text.title.startswith("Shop <B> · ")
    assert text.body
    assert text.actions


def test_an_endless_errmsg_with_control_characters_is_cut_and_cleaned() -> None:
    text = notice_text(
        notice(NoticeKind.NEEDS_PERSON, refused(123456, errmsg="\0\ud800\x1b[1m" + "x" * 9000)), ENGLISH, NOW
    )

    assert len(text.body) == BODY_MAX
    assert text.body.isprintable()
    assert text.body.endswith("…")
