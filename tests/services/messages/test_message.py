"""What a person reads: every value of the core becomes a sentence that says what happened and what to do."""

from dataclasses import replace
from pathlib import Path

import pytest

from guarddog_gui.domain.accounts.account import Account, Endpoint, Platform, account_problem, secret_problem
from guarddog_gui.domain.accounts.existing_files import FoundFile, FoundFolder
from guarddog_gui.domain.accounts.keyring_results import Locked, Lost, Missing, Unavailable
from guarddog_gui.domain.errors import BadAddress, BadInput, FileTrouble, LockBusy, NoSuchAccount
from guarddog_gui.domain.message_catalog import Words
from guarddog_gui.domain.refresh import policy
from guarddog_gui.domain.refresh.history import CLEAR_QUOTA, Entry, Result, Trigger
from guarddog_gui.domain.refresh.policy import MayForce
from guarddog_gui.domain.refresh.status import AccountStatus, KeyStatus, Overview, State
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord
from guarddog_gui.domain.wechat.errcodes import ErrKind
from guarddog_gui.domain.wechat.protocol import Grant, Refusal, Silence, Unheard
from guarddog_gui.services.account_queries import NoToken
from guarddog_gui.services.accounts import NotSaved, Removed, Saved, Verdict
from guarddog_gui.services.messages.message import Sentence, Sentences
from guarddog_gui.services.refresh import Outcome
from tests.catalogue import CATALOGUE
from tests.fakes import NOW

RESOURCES = Path(__file__).parents[3] / "resources"
WORDS = (RESOURCES / "words.json").read_text(encoding="utf-8")
SHOP = Account("wx1234567890abcdef", "Shop")
RECORD = TokenRecord("91_" + "a" * 40, 7200, int(NOW * 1000), "/dogs", 290)


def clock_face(at: float) -> str:
    return f"+{at - NOW:.0f}s"


ENGLISH = Sentences(Words.from_text(WORDS, "en"), CATALOGUE, clock_face)
CHINESE = Sentences(Words.from_text(WORDS, "zh_CN"), CATALOGUE, clock_face)


def attempt(result: Result, **changes: object) -> Entry:
    fields: dict[str, object] = {
        "at": NOW,
        "appid": SHOP.appid,
        "key": "ACCESS_TOKEN",
        "trigger": Trigger.TIMER,
        "result": result,
        "calls": 1,
        "endpoint": "stable_token",
    }
    return Entry(**(fields | changes))  # type: ignore[arg-type]  # a test's shorthand


def refused(errcode: int, **changes: object) -> Entry:
    return attempt(Result.REFUSED, errcode=errcode, errmsg=f"errmsg of {errcode}", **changes)


@pytest.mark.parametrize("sentences", [ENGLISH, CHINESE], ids=["en", "zh"])
@pytest.mark.parametrize("result", Result)
def test_every_result_has_a_sentence_and_every_failure_a_way_on(result: Result, sentences: Sentences) -> None:
    said = sentences.entry(attempt(result, detail="/dogs/x: permission denied"))

    assert said.what
    assert bool(said.todo) or attempt(result).is_good
    assert said.text.startswith(said.what)


@pytest.mark.parametrize("sentences", [ENGLISH, CHINESE], ids=["en", "zh"])
@pytest.mark.parametrize("how", Unheard)
def test_every_silence_has_its_own_sentence(how: Unheard, sentences: Sentences) -> None:
    said = sentences.entry(attempt(Result.UNHEARD, detail=f"{how} 502"))

    others = {sentences.entry(attempt(Result.UNHEARD, detail=f"{other} 502")).what for other in Unheard}
    assert said.what in others
    assert len(others) == len(Unheard)
    assert said.todo


def test_a_server_in_trouble_shows_its_status_in_grey() -> None:
    assert ENGLISH.entry(attempt(Result.UNHEARD, detail="http-status 502")).code == "HTTP 502"


def test_a_new_value_says_until_when_it_is_good() -> None:
    outcome = Outcome(SHOP.appid, TokenKind.ACCESS_TOKEN, attempt(Result.NEW), RECORD)

    assert ENGLISH.outcome(outcome) == Sentence("WeChat gave a new access_token, good until +7200s.")
    assert CHINESE.outcome(outcome).what == "微信发来了新的 access_token，+7200s 到期。"


def test_a_quota_that_was_cleared_is_a_line_of_the_history_like_others() -> None:
    cleared = attempt(Result.CLEARED, key=CLEAR_QUOTA, endpoint="clear_quota")
    assert ENGLISH.entry(cleared).what == "The day's counters are at zero again."
    assert "48006" in ENGLISH.entry(refused(48006, key=CLEAR_QUOTA, endpoint="clear_quota")).text


def test_the_same_value_again_says_why_that_is_no_mistake() -> None:
    token = ENGLISH.entry(attempt(Result.SAME))
    ticket = ENGLISH.entry(attempt(Result.SAME, key="JSAPI_TICKET"))

    assert "last five minutes" in token.todo
    assert "jsapi_ticket" in ticket.what
    assert token.todo != ticket.todo


@pytest.mark.parametrize("code", [40164, 61004])
def test_an_ip_that_is_not_listed_is_named(code: int) -> None:
    said = ENGLISH.entry(refused(code, ip="203.0.113.9"))

    assert "203.0.113.9" in said.what
    assert said.code == str(code)
    assert "203.0.113.9" in CHINESE.entry(refused(code, ip="203.0.113.9")).what


def test_an_ip_that_wechat_did_not_name_leaves_the_catalogues_own_words() -> None:
    known = CATALOGUE.find(40164)
    assert known is not None

    assert ENGLISH.entry(refused(40164)).what == known.meaning_en


def test_a_refusal_is_said_in_the_catalogues_words_with_its_number_behind() -> None:
    known = CATALOGUE.find(40243)
    assert known is not None

    assert ENGLISH.entry(refused(40243)) == Sentence(known.meaning_en, known.fix_en, "40243")
    assert CHINESE.entry(refused(40243)) == Sentence(known.meaning_zh, known.fix_zh, "40243")
    assert ENGLISH.entry(refused(40243)).text.endswith(" (40243)")


def test_40001_is_about_the_secret_where_a_token_was_asked_for_and_about_the_token_elsewhere() -> None:
    secret, wrong_secret = ENGLISH.entry(refused(40001)), ENGLISH.entry(refused(40125))
    ticket = ENGLISH.entry(refused(40001, endpoint="getticket", key="JSAPI_TICKET"))

    assert secret.what == wrong_secret.what
    assert secret.code == "40001"
    assert "access_token" in ticket.what


def test_an_errcode_that_nobody_knows_is_shown_as_it_came() -> None:
    said = ENGLISH.entry(refused(99999))

    assert "errmsg of 99999" in said.what
    assert said.code == "99999"
    assert said.todo
    assert ENGLISH.entry(attempt(Result.REFUSED, errcode=99999)).what.endswith("does not know.")


def test_a_used_up_quota_says_when_it_comes_back() -> None:
    assert "+60s" in ENGLISH.entry(refused(45011)).todo
    assert "+60s" in CHINESE.entry(refused(45011)).todo


def test_a_failure_that_is_tried_again_says_when_and_a_success_does_not() -> None:
    assert ENGLISH.entry(refused(-1), next_at=NOW + 4).todo.endswith("Guard Dog tries again at +4s.")
    assert ENGLISH.entry(attempt(Result.NEW), next_at=NOW + 4).todo == ""


def test_the_budget_names_its_limit_and_the_next_morning_in_beijing() -> None:
    said = ENGLISH.entry(attempt(Result.BUDGET))

    assert str(policy.BUDGET_A_DAY) in said.what
    assert "+6400s" in said.todo, "NOW is 22:13:20 in Beijing"


def test_a_token_forced_too_soon_is_another_sentence_than_twenty_forced_today() -> None:
    soon = ENGLISH.entry(attempt(Result.BUDGET, detail=f"{policy.FORCED} {NOW + 20:.0f}"))
    enough = ENGLISH.entry(attempt(Result.BUDGET, detail=f"{policy.FORCED} {NOW + 6400:.0f}"))

    assert "30 seconds" in soon.what
    assert "+20s" in soon.todo
    assert "20 forced" in enough.what
    assert ENGLISH.force_refused(MayForce(allowed=False, from_at=NOW + 6400, left_today=0)) == enough
    assert ENGLISH.force_refused(MayForce(allowed=False, from_at=NOW + 20, left_today=7)) == soon


def test_a_value_that_the_disk_did_not_take_names_the_file_and_the_reason_in_ones_own_language() -> None:
    entry = attempt(Result.NOT_WRITTEN, detail="/dogs/a: b/ACCESS_TOKEN.dog: the disk is full")

    assert "/dogs/a: b/ACCESS_TOKEN.dog: the disk is full" in ENGLISH.entry(entry).what
    assert "磁盘已满" in CHINESE.entry(entry).what
    assert "access_token" in ENGLISH.entry(entry).what


def test_a_lock_that_could_not_be_made_does_not_claim_that_wechat_was_asked() -> None:
    entry = attempt(Result.NOT_WRITTEN, calls=0, detail="/locks: permission denied")

    assert ENGLISH.entry(entry) == ENGLISH.file_trouble(FileTrouble("/locks", "permission denied"))


def test_a_reason_of_the_system_stays_as_it_came() -> None:
    assert "Strange weather" in CHINESE.file_trouble(FileTrouble("/x", "Strange weather")).what


@pytest.mark.parametrize("answer", [Missing(), Locked(), Unavailable(), Unavailable("no bus"), Lost()])
def test_every_answer_of_the_keyring_says_what_to_do(
    answer: Missing | Locked | Unavailable | Lost,
) -> None:
    assert ENGLISH.keyring(answer).todo
    assert CHINESE.keyring(answer).todo


@pytest.mark.parametrize("sentences", [ENGLISH, CHINESE], ids=["en", "zh"])
def test_a_keyring_that_hangs_is_not_to_be_started_and_one_that_fails_shows_its_word_in_grey(
    sentences: Sentences,
) -> None:
    none, hangs, failed = (
        sentences.entry(attempt(Result.KEYRING_DOWN, detail=detail))
        for detail in ("no keyring answers", "no answer", "ModuleNotFoundError")
    )

    assert none == sentences.keyring(Unavailable())
    assert len({none.what, hangs.what, failed.what}) == len({none.todo, hangs.todo, failed.todo}) == 3
    assert "no answer" not in hangs.text
    assert (failed.code, "ModuleNotFoundError" in failed.what) == ("ModuleNotFoundError", False)
    for said in (none, hangs, failed):
        assert said.what.endswith((".", "。"))


def test_a_secret_that_no_keyring_can_hold_is_no_appsecret() -> None:
    assert ENGLISH.keyring(Unavailable("too long")) == ENGLISH.bad_input("bad-secret")


@pytest.mark.parametrize("sentences", [ENGLISH, CHINESE], ids=["en", "zh"])
def test_what_helps_against_a_trouble_with_a_file_depends_on_the_trouble(sentences: Sentences) -> None:
    reasons = ("permission denied", "written by a newer Guard Dog", "a folder is in its place")
    todos = [sentences.file_trouble(FileTrouble("/x", reason)).todo for reason in reasons]
    entry = attempt(Result.NOT_WRITTEN, detail=f"/x: {reasons[2]}")

    assert len(set(todos)) == 3
    assert "Guard Dog" in todos[1]
    assert sentences.entry(entry).todo == todos[2]


@pytest.mark.parametrize("sentences", [ENGLISH, CHINESE], ids=["en", "zh"])
def test_a_bad_address_of_wechat_is_said_so_that_it_fits_the_preferences_too(sentences: Sentences) -> None:
    assert "GUARDDOG_API_BASE" not in sentences.bad_input("bad-api-base").what


# -- accounts --------------------------------------------------------------------------------------


def test_a_verdict_is_good_or_the_sentence_of_its_attempt() -> None:
    entry = refused(40125)
    bad = Verdict(SHOP, Missing(), entry)
    good = Verdict(SHOP, Grant("t", 7200), attempt(Result.NEW))

    assert ENGLISH.verdict(good).what == "AppID and AppSecret work."
    assert ENGLISH.verdict(bad) == ENGLISH.entry(entry)


@pytest.mark.parametrize("reason", [Locked(), Unavailable(), Lost(), FileTrouble("/c", "permission denied")])
def test_an_account_that_is_not_saved_says_so_first_and_then_why(
    reason: Locked | Unavailable | Lost | FileTrouble,
) -> None:
    said = ENGLISH.saving(NotSaved(SHOP, reason))

    assert said.what.startswith("Shop is not saved. ")
    assert said.todo
    assert CHINESE.saving(NotSaved(SHOP, reason)).what.startswith("Shop 没有保存。")


def test_an_account_that_is_saved_needs_no_more_words() -> None:
    assert ENGLISH.saving(Saved(SHOP)).text == "Shop is saved."


def test_what_is_left_behind_by_a_removed_account_is_named() -> None:
    assert ENGLISH.removed(Removed(SHOP)).text == "Shop is removed."
    assert "guarddog:wx1234567890abcdef" in ENGLISH.removed(Removed(SHOP, Locked())).todo
    assert "/dogs/x" in ENGLISH.removed(Removed(SHOP, FileTrouble("/dogs/x", "permission denied"))).what


def test_forcing_names_the_account_what_it_costs_and_what_is_left() -> None:
    may = MayForce(allowed=True, from_at=NOW, left_today=19)
    stable = ENGLISH.force_costs(SHOP, may).what
    classic = ENGLISH.force_costs(Account("wx1", "Shop", endpoint=Endpoint.CLASSIC), may).what

    assert "Shop" in stable
    assert "19" in stable
    assert "at once" in stable
    assert "five minutes" in classic


def problems() -> list[str]:
    accounts = [
        Account("", "Shop"),
        Account("wx1", ""),
        Account("wx1", "Shop", ahead=-1),
        Account("wx1", "Shop", ahead=300),
        Account("wx1", "Shop", dog_dir=" "),
        Account("wx1", "Shop", dog_dir="/"),
        *(
            Account("wx1", "Shop", js_domains=(domain,))
            for domain in ("https://a.cn", "a.cn/p", "a.cn:80", "*.a.cn")
        ),
    ]
    found = [account_problem(account) for account in accounts]
    found += [secret_problem(text) for text in ("", "a b")]
    return [problem for problem in found if problem]


@pytest.mark.parametrize("problem", [*problems(), "bad-api-base", "bad-language", "bad-clipboard-seconds"])
def test_every_problem_with_what_was_typed_says_what_would_do(problem: str) -> None:
    assert ENGLISH.bad_input(problem).todo
    assert ENGLISH.bad_input(BadInput(problem)) == ENGLISH.bad_input(problem)
    assert CHINESE.bad_input(problem).what != ENGLISH.bad_input(problem).what


def test_a_bad_address_is_named_with_where_it_came_from() -> None:
    assert (
        "“ftp://x”, from GUARDDOG_API_BASE."
        in ENGLISH.bad_input(BadAddress("ftp://x", "GUARDDOG_API_BASE")).what
    )
    assert "“ftp://x”, from the Preferences." in ENGLISH.bad_input(BadAddress("ftp://x")).what
    assert "来自：首选项" in CHINESE.expected(BadAddress("ftp://x")).what
    assert ENGLISH.bad_input(BadAddress("ftp://x")).todo == ENGLISH.bad_input("bad-api-base").todo


def test_the_list_of_problems_above_is_whole() -> None:
    assert len(set(problems())) == 12


def test_a_problem_without_a_key_is_shown_as_it_is() -> None:
    assert "strange" in ENGLISH.bad_input("strange").what


def test_exceptions_that_are_expected_have_sentences() -> None:
    assert "nobody" in ENGLISH.expected(NoSuchAccount("nobody")).what
    assert ENGLISH.expected(LockBusy("x")) == ENGLISH.entry(attempt(Result.BUSY))
    assert ENGLISH.expected(BadInput("bad-appid")) == ENGLISH.bad_input("bad-appid")
    assert ENGLISH.expected(FileTrouble("/x", "y")) == ENGLISH.file_trouble(FileTrouble("/x", "y"))
    assert ENGLISH.crash() == ENGLISH.entry(attempt(Result.BUG))
    assert "/kept" in ENGLISH.set_aside("/kept").what


@pytest.mark.parametrize(
    "warning", [ENGLISH.classic_warning(), ENGLISH.ticket_not_forced(TokenKind.CARD_TICKET)]
)
def test_warnings_say_the_better_way(warning: Sentence) -> None:
    assert warning.what
    assert warning.todo


# -- words and headline ----------------------------------------------------------------------------


def test_every_kind_of_thing_has_a_word_in_both_languages() -> None:
    for sentences in (ENGLISH, CHINESE):
        said = [
            *(sentences.state(state) for state in State),
            *(sentences.trigger(trigger) for trigger in Trigger),
            *(sentences.result(result) for result in Result),
            *(sentences.kind(kind) for kind in ErrKind),
            *(sentences.platform(platform) for platform in Platform),
        ]
        assert all(said)
    assert [ENGLISH.state(state) for state in State] == list(State)


def overview(*records: TokenRecord | None, next_at: float | None, paused: float | None = None) -> Overview:
    keys = tuple(
        KeyStatus(TokenKind.ACCESS_TOKEN, State.FRESH if record else State.EXPIRED, record, None, next_at)
        for record in records
    )
    return Overview(NOW, (AccountStatus(SHOP, keys),), paused)


def test_the_headline_counts_what_is_fresh_and_names_the_next_refresh() -> None:
    shown = overview(RECORD, RECORD, RECORD, None, next_at=NOW + 60)

    assert ENGLISH.headline(shown) == "3 of 4 fresh · next refresh +60s"
    assert CHINESE.headline(shown) == "3/4 有效 · 下次刷新 +60s"


@pytest.mark.parametrize(
    ("shown", "headline"),
    [
        (Overview(NOW), "No account yet"),
        (overview(RECORD, next_at=None), "1 of 1 fresh"),
        (overview(None, next_at=NOW), "0 of 1 fresh · refreshing now"),
        (overview(RECORD, next_at=None, paused=NOW + 60), "1 of 1 fresh · paused until +60s"),
        (overview(RECORD, next_at=None, paused=float("inf")), "1 of 1 fresh · paused"),
    ],
)
def test_the_headline_says_why_there_is_no_next_refresh(shown: Overview, headline: str) -> None:
    assert ENGLISH.headline(shown) == headline


def test_the_state_of_a_key_carries_its_end_while_the_value_works() -> None:
    fresh = KeyStatus(TokenKind.ACCESS_TOKEN, State.FRESH, RECORD, None, None)
    dead = KeyStatus(TokenKind.ACCESS_TOKEN, State.FAILED, None, refused(40125), None)

    assert ENGLISH.key_state(fresh, NOW) == "fresh until +7200s"
    assert ENGLISH.key_state(dead, NOW) == "failed"


# -- questions to WeChat --------------------------------------------------------------------------


@pytest.mark.parametrize("sentences", [ENGLISH, CHINESE], ids=["en", "zh"])
@pytest.mark.parametrize(
    "heard",
    [NoToken(), Refusal(40001, "invalid credential"), Refusal(48006, ""), *(Silence(how) for how in Unheard)],
)
def test_every_question_without_an_answer_says_why_and_what_to_do(
    heard: NoToken | Refusal | Silence, sentences: Sentences
) -> None:
    said = sentences.unanswered(heard)
    assert said.what
    assert said.todo


def test_a_question_that_was_refused_is_explained_with_its_number() -> None:
    known = CATALOGUE.find(76003)
    assert known is not None
    said = ENGLISH.unanswered(Refusal(76003, "rid not found"))
    assert (said.what, said.todo, said.code) == (known.meaning_en, known.fix_en, "76003")
    assert CHINESE.unanswered(Refusal(76003, "rid not found")).what == known.meaning_zh


def test_a_refusal_that_nobody_knows_keeps_wechats_words_and_its_number() -> None:
    said = ENGLISH.unanswered(Refusal(123456, "<b>no</b>"))
    assert "<b>no</b>" in said.what
    assert said.code == "123456"


def test_a_refusal_without_words_is_a_whole_sentence() -> None:
    assert ENGLISH.unanswered(Refusal(123456, "")).what == ENGLISH.say("unknown-errcode-bare")


def test_a_server_in_trouble_names_its_status_to_whoever_asks() -> None:
    assert "503" in ENGLISH.unanswered(Silence(Unheard.HTTP_STATUS, "503")).text


@pytest.mark.parametrize("sentences", [ENGLISH, CHINESE], ids=["en", "zh"])
def test_a_taken_token_is_told_with_its_time_and_the_advice_that_fits_the_endpoint(
    sentences: Sentences,
) -> None:
    entry = refused(40001, detail=policy.TAKEN, at=NOW + 60)
    stable = sentences.taken(entry, SHOP)
    classic = sentences.taken(entry, replace(SHOP, endpoint=Endpoint.CLASSIC))
    assert "+60s" in stable.what
    assert stable.what == classic.what
    assert "stable_token" in classic.todo
    assert "stable_token" not in stable.todo


@pytest.mark.parametrize("sentences", [ENGLISH, CHINESE], ids=["en", "zh"])
@pytest.mark.parametrize("code", [code for code in CATALOGUE.codes() if code != 0])
def test_every_errcode_says_what_guard_dog_does_about_it(code: int, sentences: Sentences) -> None:
    known = CATALOGUE.find(code)
    assert known is not None
    said = sentences.reaction(known)
    assert said.startswith(sentences.say(f"reaction-{known.kind}"))
    assert "{" not in said
    if known.wait is not None and known.wait.until is None:
        assert str(known.wait.seconds) in said
    elif known.wait is not None:
        assert said.endswith(sentences.say(f"wait-{known.wait.until}"))


@pytest.mark.parametrize(("sentences", "word"), [(ENGLISH, "success"), (CHINESE, "成功")], ids=["en", "zh"])
def test_a_call_that_succeeded_is_of_no_kind_and_nothing_is_done_about_it(
    sentences: Sentences, word: str
) -> None:
    success, wrong = CATALOGUE.find(0), CATALOGUE.find(40002)
    assert success is not None
    assert wrong is not None
    assert (sentences.kind_of(success), sentences.reaction(success)) == (word, "")
    assert sentences.kind_of(wrong) == sentences.kind(wrong.kind) != word


# -- other programs -------------------------------------------------------------------------------


def test_a_second_writer_is_counted_and_may_be_made_a_follower() -> None:
    assert ENGLISH.second_writer("ACCESS_TOKEN", 3).text == (
        "Another program refreshes ACCESS_TOKEN.dog: 3 times in the last hour. Its newer values are taken over."
        " Let it follow: with the loader for Node it only reads the file."
    )
    assert "once in the last hour" in ENGLISH.second_writer("ACCESS_TOKEN", 1).text
    assert "ACCESS_TOKEN.dog：最近一小时 1 次" in CHINESE.second_writer("ACCESS_TOKEN", 1).text


def test_what_is_in_a_chosen_folder_is_said_file_by_file() -> None:
    dead = replace(RECORD, generated_ms=1)
    kinds = (TokenKind.ACCESS_TOKEN, TokenKind.JSAPI_TICKET)
    alive = FoundFolder((FoundFile(kinds[0], RECORD), FoundFile(kinds[1], dead)), ("X.dog",))

    assert ENGLISH.found(alive, kinds, NOW).text == (
        "Found ACCESS_TOKEN.dog, good until +7200s: saving takes it over."
        " Found JSAPI_TICKET.dog without a live value: saving replaces it."
        " Other .dog files are left alone: X.dog."
    )
    assert CHINESE.found(alive, kinds, NOW).text == (
        "发现 ACCESS_TOKEN.dog，+7200s 到期，保存后直接沿用。发现 JSAPI_TICKET.dog，其中的值已过期，保存后将被替换。"
        "其他 .dog 文件不会改动：X.dog。"
    )
    assert "alone: JSAPI_TICKET.dog" in ENGLISH.found(alive, kinds[:1], NOW).text  # a mini program has none
    assert ENGLISH.found(FoundFolder(), kinds, NOW).text == ""


def test_a_chosen_folder_that_is_difficult_says_why() -> None:
    kinds = (TokenKind.ACCESS_TOKEN,)
    theirs = FoundFolder((FoundFile(kinds[0], None, is_somebody_elses=True),), tuple("abcdefg"))
    said = ENGLISH.found(theirs, kinds, NOW).text
    assert "damaged or cannot be read" in said
    assert "belongs to another user" in said
    assert said.endswith("a, b, c, d, e and 2 more.")
    assert CHINESE.found(theirs, kinds, NOW).text.endswith("a, b, c, d, e 等（另有 2 个）。")
    closed = FoundFolder(trouble=FileTrouble("/srv/dogs", "permission denied"))
    assert ENGLISH.found(closed, kinds, NOW) == ENGLISH.file_trouble(
        FileTrouble("/srv/dogs", "permission denied")
    )


def test_a_link_in_a_chosen_folder_is_called_one_and_not_somebody_elses() -> None:
    kinds = (TokenKind.ACCESS_TOKEN,)
    link = FoundFolder((FoundFile(kinds[0], None, is_somebody_elses=True, is_link=True),))
    assert ENGLISH.found(link, kinds, NOW).text == (
        "Found ACCESS_TOKEN.dog, which is a link: saving puts a file in its place, and what it leads to is left alone."
    )


def test_what_cannot_be_used_is_named_where_there_are_several() -> None:
    assert ENGLISH.bad_input(BadInput("outlet-taken", "/srv/.env")).what == (
        "About /srv/.env: Another account is already written to the same file."
    )


def test_a_missing_folder_is_to_be_made() -> None:
    said = ENGLISH.file_trouble(FileTrouble("/srv/shop/.env", "no such file or folder"))
    assert said.todo.startswith("Make the folder")
