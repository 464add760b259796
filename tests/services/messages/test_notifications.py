"""What a notice says: the account first, then the state; what happened and what to do; never too much."""

import pytest
from msgspec.structs import replace

from guarddog_gui.domain.refresh.history import AttemptResult, HistoryEntry, Trigger
from guarddog_gui.domain.refresh.notification_kinds import NotificationKind
from guarddog_gui.domain.refresh.notifications import Notification, Urgency
from guarddog_gui.domain.refresh.own_address import refusal_detail
from guarddog_gui.services.messages.message import Messages
from guarddog_gui.services.messages.notifications import BODY_MAX, notification_text
from tests.fakes import NOW, OWN_IP
from tests.services.messages.languages import CHINESE, ENGLISH


def attempt(result: AttemptResult, **more: object) -> HistoryEntry:
    fields: dict[str, object] = {"endpoint": "stable_token", **more}
    return HistoryEntry(NOW, "wxShop", "ACCESS_TOKEN", Trigger.TIMER, result, **fields)  # type: ignore[arg-type]


def refused(errcode: int, **more: object) -> HistoryEntry:
    return attempt(AttemptResult.REFUSED, errcode=errcode, **more)


def notice(kind: NotificationKind, entry: HistoryEntry | None = None, expires_at: float | None = None) -> Notification:
    return Notification(kind, "wxShop", "Shop <B>", entry, expires_at)


def test_an_ip_that_is_not_listed_says_which_and_offers_to_copy_it() -> None:
    text = notification_text(notice(NotificationKind.NEEDS_USER_ACTION, refused(40164, ip=OWN_IP)), ENGLISH, NOW)

    assert text.title == "Shop <B> · needs you"
    assert OWN_IP in text.body
    assert text.body.endswith("(40164)")
    assert [label for _, label in text.actions] == ["Copy IP", "Try again", "Open"]
    assert text.urgency is Urgency.CRITICAL


def test_the_same_in_chinese() -> None:
    text = notification_text(notice(NotificationKind.NEEDS_USER_ACTION, refused(40164, ip=OWN_IP)), CHINESE, NOW)

    assert text.title == "Shop <B> · 需要处理"
    assert [label for _, label in text.actions] == ["复制 IP", "重试", "打开"]


@pytest.mark.parametrize(
    ("kind", "expires_at", "title"),
    [
        (NotificationKind.EXPIRING, NOW + 90, "Shop <B> · expires at +90s"),
        (NotificationKind.EXPIRING, NOW, "Shop <B> · expired"),
        (NotificationKind.EXPIRING, None, "Shop <B> · expired"),
        (NotificationKind.KEYRING_LOCKED, NOW, "Shop <B> · keyring locked"),
        (NotificationKind.SUPERSEDED, None, "Shop <B> · token replaced by somebody else"),
    ],
)
def test_the_title_is_the_account_and_its_state(kind: NotificationKind, expires_at: float | None, title: str) -> None:
    assert notification_text(notice(kind, attempt(AttemptResult.NO_ANSWER), expires_at), ENGLISH, NOW).title == title


def test_good_news_says_until_when() -> None:
    for kind, title in ((NotificationKind.RECOVERED, "works again"), (NotificationKind.REFRESHED, "refreshed")):
        text = notification_text(notice(kind, None, NOW + 7200), ENGLISH, NOW)
        assert text.title == f"Shop <B> · {title}"
        assert text.body == "Everything of this account is fresh until +7200s."


def test_a_taken_token_says_when_and_what_to_do() -> None:
    text = notification_text(notice(NotificationKind.SUPERSEDED, refused(40001)), ENGLISH, NOW)

    assert text.body.startswith("At +0s WeChat refused")
    assert "stable" in text.body


@pytest.mark.parametrize("sentences", [ENGLISH, CHINESE], ids=["en", "zh"])
@pytest.mark.parametrize("kind", NotificationKind)
def test_every_kind_has_words_in_both_languages(kind: NotificationKind, sentences: Messages) -> None:
    text = notification_text(notice(kind, attempt(AttemptResult.KEYRING_LOCKED)), sentences, NOW)

    assert text.title.startswith("Shop <B> · ")
    assert text.body
    assert text.actions


def test_an_endless_errmsg_with_control_characters_is_cut_and_cleaned() -> None:
    text = notification_text(
        notice(NotificationKind.NEEDS_USER_ACTION, refused(123456, errmsg="\0\ud800\x1b[1m" + "x" * 9000)), ENGLISH, NOW
    )

    assert len(text.body) == BODY_MAX
    assert text.body.isprintable()
    assert text.body.endswith("…")


def test_a_problem_that_is_tried_again_says_when() -> None:
    unknown = notice(NotificationKind.EXPIRING, refused(987654, errmsg="new"))
    retried = replace(unknown, next_attempt_at=NOW + 300)

    assert (
        f"Guard Dog tries again at {ENGLISH.format_time(NOW + 300)}." in notification_text(retried, ENGLISH, NOW).body
    )
    assert "tries again" not in notification_text(unknown, ENGLISH, NOW).body
    assert "tries again" not in notification_text(retried, ENGLISH, NOW + 301).body


def test_an_address_that_has_changed_says_so_in_the_title_and_names_the_one_before() -> None:
    changed = refused(40164, ip="203.0.113.9", detail=refusal_detail("203.0.113.9", "203.0.113.7", is_proxied=False))
    text = notification_text(notice(NotificationKind.NEEDS_USER_ACTION, changed), ENGLISH, NOW)

    assert text.title == "Shop <B> · IP address changed"
    assert "calls from 203.0.113.9" in text.body
    assert "before, WeChat saw 203.0.113.7" in text.body
