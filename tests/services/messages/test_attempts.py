"""Messages about attempts and queries: what happened and what to do."""

import pytest
from msgspec.structs import replace

from guarddog_gui.domain.errors import FileError
from guarddog_gui.domain.refresh import policy, retries
from guarddog_gui.domain.refresh.history import CLEAR_QUOTA_KEY, THROUGH_PROXY, AttemptResult
from guarddog_gui.domain.refresh.policy import ForceAllowance
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.domain.wechat.protocol import CONTRADICTION, FailureKind, Refusal, TransportFailure
from guarddog_gui.services.account_queries import NoLiveToken
from guarddog_gui.services.calls.refresh_request import RefreshResult
from guarddog_gui.services.messages.message import Message, Messages
from tests.errcode_catalogue import CATALOGUE
from tests.fakes import NOW
from tests.services.messages.languages import CHINESE, ENGLISH, RECORD, SHOP, attempt, refused


@pytest.mark.parametrize("sentences", [ENGLISH, CHINESE], ids=["en", "zh"])
@pytest.mark.parametrize("result", AttemptResult)
def test_every_result_has_a_sentence_and_every_failure_a_way_on(result: AttemptResult, sentences: Messages) -> None:
    said = sentences.for_entry(attempt(result, detail="/dogs/x: permission denied"))

    assert said.summary
    assert bool(said.advice) or attempt(result).is_success
    assert said.text.startswith(said.summary)


@pytest.mark.parametrize("sentences", [ENGLISH, CHINESE], ids=["en", "zh"])
@pytest.mark.parametrize("how", FailureKind)
def test_every_silence_has_its_own_sentence(how: FailureKind, sentences: Messages) -> None:
    said = sentences.for_entry(attempt(AttemptResult.NO_ANSWER, detail=f"{how} 502"))

    others = {
        sentences.for_entry(attempt(AttemptResult.NO_ANSWER, detail=f"{other} 502")).summary for other in FailureKind
    }
    assert said.summary in others
    assert len(others) == len(FailureKind)
    assert said.advice


def test_a_server_in_trouble_shows_its_status_in_grey() -> None:
    assert ENGLISH.for_entry(attempt(AttemptResult.NO_ANSWER, detail="http-status 502")).code == "HTTP 502"


def test_a_new_value_says_until_when_it_is_good() -> None:
    outcome = RefreshResult(SHOP.appid, TokenKind.ACCESS_TOKEN, attempt(AttemptResult.NEW), RECORD)

    assert ENGLISH.for_refresh_result(outcome) == Message("WeChat gave a new access_token, good until +7200s.")
    assert CHINESE.for_refresh_result(outcome).summary == "微信发来了新的 access_token，+7200s 到期。"


def test_a_quota_that_was_cleared_is_a_line_of_the_history_like_others() -> None:
    cleared = attempt(AttemptResult.QUOTA_CLEARED, key=CLEAR_QUOTA_KEY, endpoint="clear_quota")
    assert ENGLISH.for_entry(cleared).summary == "The day's counters are at zero again."
    assert "48006" in ENGLISH.for_entry(refused(48006, key=CLEAR_QUOTA_KEY, endpoint="clear_quota")).text


def test_the_same_value_again_says_why_that_is_no_mistake() -> None:
    token = ENGLISH.for_entry(attempt(AttemptResult.SAME))
    ticket = ENGLISH.for_entry(attempt(AttemptResult.SAME, key="JSAPI_TICKET"))

    assert "last five minutes" in token.advice
    assert "jsapi_ticket" in ticket.summary
    assert token.advice != ticket.advice


@pytest.mark.parametrize("code", [40164, 61004])
def test_an_ip_that_is_not_listed_is_named(code: int) -> None:
    said = ENGLISH.for_entry(refused(code, ip="203.0.113.9"))

    assert "203.0.113.9" in said.summary
    assert said.code == str(code)
    assert "203.0.113.9" in CHINESE.for_entry(refused(code, ip="203.0.113.9")).summary


def test_an_ip_that_wechat_did_not_name_leaves_the_catalogues_own_words() -> None:
    known = CATALOGUE.find(40164)
    assert known is not None

    assert ENGLISH.for_entry(refused(40164)).summary == known.meaning_en


def test_a_refusal_is_said_in_the_catalogues_words_with_its_number_behind() -> None:
    known = CATALOGUE.find(40243)
    assert known is not None

    assert ENGLISH.for_entry(refused(40243)) == Message(known.meaning_en, known.fix_en, "40243")
    assert CHINESE.for_entry(refused(40243)) == Message(known.meaning_zh, known.fix_zh, "40243")
    assert ENGLISH.for_entry(refused(40243)).text.endswith(" (40243)")


def test_40001_means_the_secret_for_token_calls_and_the_token_elsewhere() -> None:
    secret, wrong_secret = ENGLISH.for_entry(refused(40001)), ENGLISH.for_entry(refused(40125))
    ticket = ENGLISH.for_entry(refused(40001, endpoint="getticket", key="JSAPI_TICKET"))

    assert secret.summary == wrong_secret.summary
    assert secret.code == "40001"
    assert "access_token" in ticket.summary


def test_an_errcode_that_nobody_knows_is_shown_as_it_came() -> None:
    said = ENGLISH.for_entry(refused(99999))

    assert "errmsg of 99999" in said.summary
    assert said.code == "99999"
    assert said.advice
    assert ENGLISH.for_entry(attempt(AttemptResult.REFUSED, errcode=99999)).summary.endswith("does not know.")


def test_a_used_up_quota_says_when_it_comes_back() -> None:
    assert "+60s" in ENGLISH.for_entry(refused(45011)).advice
    assert "+60s" in CHINESE.for_entry(refused(45011)).advice


def test_a_failure_that_is_tried_again_says_when_and_a_success_does_not() -> None:
    assert ENGLISH.for_entry(refused(-1), next_at=NOW + 4).advice.endswith("Guard Dog tries again at +4s.")
    assert ENGLISH.for_entry(attempt(AttemptResult.NEW), next_at=NOW + 4).advice == ""


def test_the_budget_names_its_limit_and_the_next_morning_in_beijing() -> None:
    said = ENGLISH.for_entry(attempt(AttemptResult.BUDGET_EXCEEDED))

    assert str(policy.DAILY_CALL_BUDGET) in said.summary
    assert "+6400s" in said.advice, "NOW is 22:13:20 in Beijing"


def test_a_token_forced_too_soon_is_another_sentence_than_twenty_forced_today() -> None:
    soon = ENGLISH.for_entry(attempt(AttemptResult.BUDGET_EXCEEDED, detail=f"{retries.FORCE_DENIED} {NOW + 20:.0f}"))
    enough = ENGLISH.for_entry(
        attempt(AttemptResult.BUDGET_EXCEEDED, detail=f"{retries.FORCE_DENIED} {NOW + 6400:.0f}")
    )

    assert "30 seconds" in soon.summary
    assert "half a minute" in soon.advice
    assert "20 forced" in enough.summary
    assert ENGLISH.force_refused(ForceAllowance(is_allowed=False, allowed_at=NOW + 6400, remaining_today=0)) == enough
    assert ENGLISH.force_refused(ForceAllowance(is_allowed=False, allowed_at=NOW + 20, remaining_today=7)) == soon


def test_a_value_that_could_not_be_written_names_file_and_reason_in_each_language() -> None:
    entry = attempt(AttemptResult.NOT_WRITTEN, detail="/dogs/a: b/ACCESS_TOKEN.dog: the disk is full")

    assert "/dogs/a: b/ACCESS_TOKEN.dog: the disk is full" in ENGLISH.for_entry(entry).summary
    assert "磁盘已满" in CHINESE.for_entry(entry).summary
    assert "access_token" in ENGLISH.for_entry(entry).summary


def test_a_lock_that_could_not_be_made_does_not_claim_that_wechat_was_asked() -> None:
    entry = attempt(AttemptResult.NOT_WRITTEN, calls=0, detail="/locks: permission denied")

    assert ENGLISH.for_entry(entry) == ENGLISH.for_file_error(FileError("/locks", "permission denied"))


@pytest.mark.parametrize("sentences", [ENGLISH, CHINESE], ids=["en", "zh"])
@pytest.mark.parametrize(
    "heard",
    [
        NoLiveToken(),
        Refusal(40001, "invalid credential"),
        Refusal(48006, ""),
        *(TransportFailure(how) for how in FailureKind),
    ],
)
def test_every_question_without_an_answer_says_why_and_what_to_do(
    heard: NoLiveToken | Refusal | TransportFailure, sentences: Messages
) -> None:
    said = sentences.for_failed_query(heard)
    assert said.summary
    assert said.advice


def test_a_question_that_was_refused_is_explained_with_its_number() -> None:
    known = CATALOGUE.find(76003)
    assert known is not None
    said = ENGLISH.for_failed_query(Refusal(76003, "rid not found"))
    assert (said.summary, said.advice, said.code) == (known.meaning_en, known.fix_en, "76003")
    assert CHINESE.for_failed_query(Refusal(76003, "rid not found")).summary == known.meaning_zh


def test_a_refusal_that_nobody_knows_keeps_wechats_words_and_its_number() -> None:
    said = ENGLISH.for_failed_query(Refusal(123456, "<b>no</b>"))
    assert "<b>no</b>" in said.summary
    assert said.code == "123456"


def test_a_refusal_without_words_is_a_whole_sentence() -> None:
    assert ENGLISH.for_failed_query(Refusal(123456, "")).summary == (
        "WeChat answered with a number that Guard Dog does not know."
    )


def test_a_server_in_trouble_names_its_status_to_whoever_asks() -> None:
    assert "503" in ENGLISH.for_failed_query(TransportFailure(FailureKind.HTTP_STATUS, "503")).text


def test_a_login_page_is_named_only_where_a_web_page_came_back() -> None:
    page = attempt(AttemptResult.NO_ANSWER, detail="not-json html")
    broken = attempt(AttemptResult.NO_ANSWER, detail="not-json")
    assert "login page" in ENGLISH.for_entry(page).summary
    assert "login" not in ENGLISH.for_entry(broken).text


def test_a_socks_proxy_is_named_as_such() -> None:
    assert "SOCKS proxy" in ENGLISH.for_entry(attempt(AttemptResult.NO_ANSWER, detail="proxy SOCKS: refused")).summary
    old = ENGLISH.for_failed_query(TransportFailure(FailureKind.PROXY, "SOCKS: version 4"))
    assert "SOCKS 4" in old.summary
    assert "socks5://" in old.advice
    assert "SOCKS" not in ENGLISH.for_entry(attempt(AttemptResult.NO_ANSWER, detail="proxy HTTP 407")).text


def test_a_refused_address_behind_a_proxy_is_the_proxys_and_the_rid_is_in_the_text() -> None:
    entry = replace(refused(40164), ip="203.0.113.9", rid="6176a2e0-0a0b0c0d-00000001")
    assert ENGLISH.for_entry(entry).summary.startswith("This computer calls from 203.0.113.9")
    proxied = ENGLISH.for_entry(replace(entry, detail=THROUGH_PROXY))
    assert proxied.summary.startswith("A proxy is in between: WeChat sees 203.0.113.9")
    assert proxied.text.endswith("(40164, rid: 6176a2e0-0a0b0c0d-00000001)")


def test_an_errcode_with_a_value_is_named_with_its_number() -> None:
    entry = attempt(AttemptResult.NO_ANSWER, detail=f"{FailureKind.UNEXPECTED_JSON} {CONTRADICTION} 40001")
    message = ENGLISH.for_entry(entry, next_at=NOW + 4)

    assert "an error number and a value at the same time" in message.summary
    assert message.code == "40001"
    assert message.advice.endswith(f"Guard Dog tries again at {ENGLISH.format_time(NOW + 4)}.")
    assert CHINESE.for_entry(entry).summary != message.summary


def test_an_errcode_that_only_the_lists_have_is_passed_on_as_they_have_it() -> None:
    message = ENGLISH.for_failed_query(Refusal(40117, "invalid button media_id size"))
    assert message.summary == "Listed as: The media_id of a menu button has a wrong length."
    assert message.code == "40117"
    assert "列为：" in CHINESE.for_failed_query(Refusal(40117, "")).summary
