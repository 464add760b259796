"""What a person reads: every value of the core becomes a sentence that says what happened and what to do."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from guarddog_gui.adapters.message_catalogs import load_message_catalog
from guarddog_gui.domain.accounts.account import Account, Endpoint, Platform, account_problem, secret_problem
from guarddog_gui.domain.accounts.existing_files import ExistingFile, FolderContents
from guarddog_gui.domain.accounts.keyring_results import KeyringIsDown, KeyringIsLocked, NotPersisted, SecretMissing
from guarddog_gui.domain.errors import BadApiBase, BadInput, FileError, LockBusy, NoSuchAccount
from guarddog_gui.domain.problems import FileErrorReason, InputProblem
from guarddog_gui.domain.refresh import policy
from guarddog_gui.domain.refresh.history import CLEAR_QUOTA_KEY, AttemptResult, HistoryEntry, Trigger
from guarddog_gui.domain.refresh.policy import ForceAllowance
from guarddog_gui.domain.refresh.status import AccountStatus, KeyState, KeyStatus, Overview
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord
from guarddog_gui.domain.wechat.errcodes import ErrcodeKind
from guarddog_gui.domain.wechat.protocol import FailureKind, IssuedToken, Refusal, TransportFailure
from guarddog_gui.services.account_queries import NoLiveToken
from guarddog_gui.services.accounts import AccountNotSaved, AccountRemoved, AccountSaved, VerificationResult
from guarddog_gui.services.messages.message import Message, Messages
from guarddog_gui.services.messages.texts import WAITS
from guarddog_gui.services.refresh_request import RefreshResult
from tests.errcode_catalogue import CATALOGUE
from tests.fakes import NOW

RESOURCES = Path(__file__).parents[3] / "resources"
SHOP = Account("wx1234567890abcdef", "Shop")
RECORD = TokenRecord("91_" + "a" * 40, 7200, int(NOW * 1000), "/dogs", 290)


def clock_face(at: float) -> str:
    return f"+{at - NOW:.0f}s"


ENGLISH = Messages(load_message_catalog("en"), CATALOGUE, clock_face)
CHINESE = Messages(load_message_catalog("zh_CN"), CATALOGUE, clock_face)


def attempt(result: AttemptResult, **changes: object) -> HistoryEntry:
    fields: dict[str, object] = {
        "at": NOW,
        "appid": SHOP.appid,
        "key": "ACCESS_TOKEN",
        "trigger": Trigger.TIMER,
        "result": result,
        "calls": 1,
        "endpoint": "stable_token",
    }
    return HistoryEntry(**(fields | changes))  # type: ignore[arg-type]  # a test's shorthand


def refused(errcode: int, **changes: object) -> HistoryEntry:
    return attempt(AttemptResult.REFUSED, errcode=errcode, errmsg=f"errmsg of {errcode}", **changes)


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


def test_40001_is_about_the_secret_where_a_token_was_asked_for_and_about_the_token_elsewhere() -> None:
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
    soon = ENGLISH.for_entry(attempt(AttemptResult.BUDGET_EXCEEDED, detail=f"{policy.FORCE_DENIED} {NOW + 20:.0f}"))
    enough = ENGLISH.for_entry(attempt(AttemptResult.BUDGET_EXCEEDED, detail=f"{policy.FORCE_DENIED} {NOW + 6400:.0f}"))

    assert "30 seconds" in soon.summary
    assert "+20s" in soon.advice
    assert "20 forced" in enough.summary
    assert ENGLISH.force_refused(ForceAllowance(is_allowed=False, allowed_at=NOW + 6400, remaining_today=0)) == enough
    assert ENGLISH.force_refused(ForceAllowance(is_allowed=False, allowed_at=NOW + 20, remaining_today=7)) == soon


def test_a_value_that_the_disk_did_not_take_names_the_file_and_the_reason_in_ones_own_language() -> None:
    entry = attempt(AttemptResult.NOT_WRITTEN, detail="/dogs/a: b/ACCESS_TOKEN.dog: the disk is full")

    assert "/dogs/a: b/ACCESS_TOKEN.dog: the disk is full" in ENGLISH.for_entry(entry).summary
    assert "磁盘已满" in CHINESE.for_entry(entry).summary
    assert "access_token" in ENGLISH.for_entry(entry).summary


def test_a_lock_that_could_not_be_made_does_not_claim_that_wechat_was_asked() -> None:
    entry = attempt(AttemptResult.NOT_WRITTEN, calls=0, detail="/locks: permission denied")

    assert ENGLISH.for_entry(entry) == ENGLISH.for_file_error(FileError("/locks", "permission denied"))


def test_a_reason_of_the_system_stays_as_it_came() -> None:
    assert "Strange weather" in CHINESE.for_file_error(FileError("/x", "Strange weather")).summary


@pytest.mark.parametrize(
    "answer", [SecretMissing(), KeyringIsLocked(), KeyringIsDown(), KeyringIsDown("no bus"), NotPersisted()]
)
def test_every_answer_of_the_keyring_says_what_to_do(
    answer: SecretMissing | KeyringIsLocked | KeyringIsDown | NotPersisted,
) -> None:
    assert ENGLISH.for_keyring_result(answer).advice
    assert CHINESE.for_keyring_result(answer).advice


@pytest.mark.parametrize("sentences", [ENGLISH, CHINESE], ids=["en", "zh"])
def test_a_keyring_that_hangs_is_not_to_be_started_and_one_that_fails_shows_its_word_in_grey(
    sentences: Messages,
) -> None:
    none, hangs, failed = (
        sentences.for_entry(attempt(AttemptResult.KEYRING_DOWN, detail=detail))
        for detail in ("no keyring answers", "no answer", "ModuleNotFoundError")
    )

    assert none == sentences.for_keyring_result(KeyringIsDown())
    assert len({none.summary, hangs.summary, failed.summary}) == len({none.advice, hangs.advice, failed.advice}) == 3
    assert "no answer" not in hangs.text
    assert (failed.code, "ModuleNotFoundError" in failed.summary) == ("ModuleNotFoundError", False)
    for said in (none, hangs, failed):
        assert said.summary.endswith((".", "。"))


def test_a_secret_that_no_keyring_can_hold_is_no_appsecret() -> None:
    assert ENGLISH.for_keyring_result(KeyringIsDown("too long")) == ENGLISH.for_bad_input(InputProblem.INVALID_SECRET)


@pytest.mark.parametrize("sentences", [ENGLISH, CHINESE], ids=["en", "zh"])
def test_what_helps_against_a_trouble_with_a_file_depends_on_the_trouble(sentences: Messages) -> None:
    reasons = ("permission denied", "written by a newer Guard Dog", "a folder is in its place")
    todos = [sentences.for_file_error(FileError("/x", reason)).advice for reason in reasons]
    entry = attempt(AttemptResult.NOT_WRITTEN, detail=f"/x: {reasons[2]}")

    assert len(set(todos)) == 3
    assert "Guard Dog" in todos[1]
    assert sentences.for_entry(entry).advice == todos[2]


@pytest.mark.parametrize("sentences", [ENGLISH, CHINESE], ids=["en", "zh"])
def test_a_bad_address_of_wechat_is_said_so_that_it_fits_the_preferences_too(sentences: Messages) -> None:
    assert "GUARDDOG_API_BASE" not in sentences.for_bad_input(InputProblem.INVALID_API_BASE).summary


# -- accounts --------------------------------------------------------------------------------------


def test_a_verdict_is_good_or_the_sentence_of_its_attempt() -> None:
    entry = refused(40125)
    bad = VerificationResult(SHOP, SecretMissing(), entry)
    good = VerificationResult(SHOP, IssuedToken("t", 7200), attempt(AttemptResult.NEW))

    assert ENGLISH.for_verification(good).summary == "AppID and AppSecret work."
    assert ENGLISH.for_verification(bad) == ENGLISH.for_entry(entry)


@pytest.mark.parametrize(
    "reason", [KeyringIsLocked(), KeyringIsDown(), NotPersisted(), FileError("/c", "permission denied")]
)
def test_an_account_that_is_not_saved_says_so_first_and_then_why(
    reason: KeyringIsLocked | KeyringIsDown | NotPersisted | FileError,
) -> None:
    said = ENGLISH.for_save(AccountNotSaved(SHOP, reason))

    assert said.summary.startswith("Shop is not saved. ")
    assert said.advice
    assert CHINESE.for_save(AccountNotSaved(SHOP, reason)).summary.startswith("Shop 没有保存。")


def test_an_account_that_is_saved_needs_no_more_words() -> None:
    assert ENGLISH.for_save(AccountSaved(SHOP)).text == "Shop is saved."


def test_what_is_left_behind_by_a_removed_account_is_named() -> None:
    assert ENGLISH.for_removal(AccountRemoved(SHOP)).text == "Shop is removed."
    assert "guarddog:wx1234567890abcdef" in ENGLISH.for_removal(AccountRemoved(SHOP, KeyringIsLocked())).advice
    assert "/dogs/x" in ENGLISH.for_removal(AccountRemoved(SHOP, FileError("/dogs/x", "permission denied"))).summary


def test_forcing_names_the_account_what_it_costs_and_what_is_left() -> None:
    may = ForceAllowance(is_allowed=True, allowed_at=NOW, remaining_today=19)
    stable = ENGLISH.force_cost(SHOP, may).summary
    classic = ENGLISH.force_cost(Account("wx1", "Shop", endpoint=Endpoint.CLASSIC), may).summary

    assert "Shop" in stable
    assert "19" in stable
    assert "at once" in stable
    assert "five minutes" in classic


def problems() -> list[InputProblem]:
    accounts = [
        Account("", "Shop"),
        Account("wx1", ""),
        Account("wx1", "Shop", ahead=-1),
        Account("wx1", "Shop", ahead=300),
        Account("wx1", "Shop", dog_dir=" "),
        Account("wx1", "Shop", dog_dir="/"),
        *(Account("wx1", "Shop", js_domains=(domain,)) for domain in ("https://a.cn", "a.cn/p", "a.cn:80", "*.a.cn")),
    ]
    found = [account_problem(account) for account in accounts]
    found += [secret_problem(text) for text in ("", "a b")]
    return [problem for problem in found if problem]


@pytest.mark.parametrize(
    "problem",
    [
        *problems(),
        InputProblem.INVALID_API_BASE,
        InputProblem.UNKNOWN_LANGUAGE,
        InputProblem.CLIPBOARD_SECONDS_OUT_OF_RANGE,
    ],
)
def test_every_problem_with_what_was_typed_says_what_would_do(problem: InputProblem) -> None:
    assert ENGLISH.for_bad_input(problem).advice
    assert ENGLISH.for_bad_input(BadInput(problem)) == ENGLISH.for_bad_input(problem)
    assert CHINESE.for_bad_input(problem).summary != ENGLISH.for_bad_input(problem).summary


def test_a_bad_address_is_named_with_where_it_came_from() -> None:
    assert (
        "“ftp://x”, from GUARDDOG_API_BASE."
        in ENGLISH.for_bad_input(BadApiBase("ftp://x", "GUARDDOG_API_BASE")).summary
    )
    assert "“ftp://x”, from the Preferences." in ENGLISH.for_bad_input(BadApiBase("ftp://x")).summary
    assert "来自：首选项" in CHINESE.for_error(BadApiBase("ftp://x")).summary
    assert (
        ENGLISH.for_bad_input(BadApiBase("ftp://x")).advice
        == ENGLISH.for_bad_input(InputProblem.INVALID_API_BASE).advice
    )


def test_the_list_of_problems_above_is_whole() -> None:
    assert len(set(problems())) == 12


@pytest.mark.parametrize("sentences", [ENGLISH, CHINESE], ids=["en", "zh"])
@pytest.mark.parametrize("problem", InputProblem)
def test_every_problem_has_a_text(problem: InputProblem, sentences: Messages) -> None:
    assert sentences.for_bad_input(problem).summary not in ("", problem)


@pytest.mark.parametrize("reason", FileErrorReason)
def test_every_reason_of_a_file_error_has_a_text(reason: FileErrorReason) -> None:
    assert ENGLISH.file_error_reason(reason) == reason
    assert CHINESE.file_error_reason(reason) != reason
    assert ENGLISH.for_file_error(FileError("/x", reason)).advice


def test_exceptions_that_are_expected_have_sentences() -> None:
    assert "nobody" in ENGLISH.for_error(NoSuchAccount("nobody")).summary
    assert ENGLISH.for_error(LockBusy("x")) == ENGLISH.for_entry(attempt(AttemptResult.LOCK_BUSY))
    assert ENGLISH.for_error(BadInput(InputProblem.INVALID_APPID)) == ENGLISH.for_bad_input(InputProblem.INVALID_APPID)
    assert ENGLISH.for_error(FileError("/x", "y")) == ENGLISH.for_file_error(FileError("/x", "y"))
    assert ENGLISH.for_crash() == ENGLISH.for_entry(attempt(AttemptResult.INTERNAL_ERROR))
    assert "/kept" in ENGLISH.for_damaged_file("/kept").summary


@pytest.mark.parametrize("warning", [ENGLISH.classic_warning(), ENGLISH.ticket_not_forced(TokenKind.CARD_TICKET)])
def test_warnings_say_the_better_way(warning: Message) -> None:
    assert warning.summary
    assert warning.advice


# -- words and headline ----------------------------------------------------------------------------


def test_every_kind_of_thing_has_a_word_in_both_languages() -> None:
    for sentences in (ENGLISH, CHINESE):
        said = [
            *(sentences.state_name(state) for state in KeyState),
            *(sentences.trigger_name(trigger) for trigger in Trigger),
            *(sentences.result_name(result) for result in AttemptResult),
            *(sentences.error_kind_name(kind) for kind in ErrcodeKind),
            *(sentences.platform_name(platform) for platform in Platform),
        ]
        assert all(said)
    assert [ENGLISH.state_name(state) for state in KeyState] == list(KeyState)


def overview(*records: TokenRecord | None, next_at: float | None, paused: float | None = None) -> Overview:
    keys = tuple(
        KeyStatus(TokenKind.ACCESS_TOKEN, KeyState.FRESH if record else KeyState.EXPIRED, record, None, next_at)
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
    fresh = KeyStatus(TokenKind.ACCESS_TOKEN, KeyState.FRESH, RECORD, None, None)
    dead = KeyStatus(TokenKind.ACCESS_TOKEN, KeyState.FAILED, None, refused(40125), None)

    assert ENGLISH.key_state_text(fresh, NOW) == "fresh until +7200s"
    assert ENGLISH.key_state_text(dead, NOW) == "failed"


# -- questions to WeChat --------------------------------------------------------------------------


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


@pytest.mark.parametrize("sentences", [ENGLISH, CHINESE], ids=["en", "zh"])
def test_a_taken_token_is_told_with_its_time_and_the_advice_that_fits_the_endpoint(sentences: Messages) -> None:
    entry = refused(40001, detail=policy.SUPERSEDED, at=NOW + 60)
    stable = sentences.for_superseded_token(entry, SHOP)
    classic = sentences.for_superseded_token(entry, replace(SHOP, endpoint=Endpoint.CLASSIC))
    assert "+60s" in stable.summary
    assert stable.summary == classic.summary
    assert "stable_token" in classic.advice
    assert "stable_token" not in stable.advice


@pytest.mark.parametrize("sentences", [ENGLISH, CHINESE], ids=["en", "zh"])
@pytest.mark.parametrize("code", [code for code in CATALOGUE.codes() if code != 0])
def test_every_errcode_says_what_guard_dog_does_about_it(code: int, sentences: Messages) -> None:
    known = CATALOGUE.find(code)
    assert known is not None
    said = sentences.errcode_reaction(known)
    assert said.startswith(sentences.error_kind_reaction(known.kind))
    assert "{" not in said
    if known.wait is not None and known.wait.until is None:
        assert str(known.wait.seconds) in said
    elif known.wait is not None and known.wait.until is not None:
        assert said.endswith(sentences.text(WAITS[known.wait.until]))


@pytest.mark.parametrize(("sentences", "word"), [(ENGLISH, "success"), (CHINESE, "成功")], ids=["en", "zh"])
def test_a_call_that_succeeded_is_of_no_kind_and_nothing_is_done_about_it(sentences: Messages, word: str) -> None:
    success, wrong = CATALOGUE.find(0), CATALOGUE.find(40002)
    assert success is not None
    assert wrong is not None
    assert (sentences.errcode_kind_name(success), sentences.errcode_reaction(success)) == (word, "")
    assert sentences.errcode_kind_name(wrong) == sentences.error_kind_name(wrong.kind) != word


# -- other programs -------------------------------------------------------------------------------


def test_a_second_writer_is_counted_and_may_be_made_a_follower() -> None:
    assert ENGLISH.for_foreign_writes("ACCESS_TOKEN", 3).text == (
        "Another program writes ACCESS_TOKEN.dog: 3 times in the last hour. Only values of this account are taken over."
        " Let it follow: with the loader for Node it only reads the file."
    )
    assert "once in the last hour" in ENGLISH.for_foreign_writes("ACCESS_TOKEN", 1).text
    assert "ACCESS_TOKEN.dog：最近一小时 1 次" in CHINESE.for_foreign_writes("ACCESS_TOKEN", 1).text


def test_what_is_in_a_chosen_folder_is_said_file_by_file() -> None:
    dead = replace(RECORD, generated_ms=1)
    kinds = (TokenKind.ACCESS_TOKEN, TokenKind.JSAPI_TICKET)
    alive = FolderContents((ExistingFile(kinds[0], RECORD), ExistingFile(kinds[1], dead)), ("X.dog",))

    assert ENGLISH.for_existing_files(alive, kinds, NOW).text == (
        "Found ACCESS_TOKEN.dog, good until +7200s: it is used if WeChat shows that it belongs to this account."
        " Found JSAPI_TICKET.dog without a live value: saving replaces it."
        " Other .dog files are left alone: X.dog."
    )
    assert CHINESE.for_existing_files(alive, kinds, NOW).text == (
        "发现 ACCESS_TOKEN.dog，+7200s 到期；经微信证实属于本账号后才会采用。发现 JSAPI_TICKET.dog，其中的值已过期，保存后将被替换。"
        "其他 .dog 文件不会改动：X.dog。"
    )
    assert (
        "alone: JSAPI_TICKET.dog" in ENGLISH.for_existing_files(alive, kinds[:1], NOW).text
    )  # a mini program has none
    assert ENGLISH.for_existing_files(FolderContents(), kinds, NOW).text == ""


def test_a_chosen_folder_that_is_difficult_says_why() -> None:
    kinds = (TokenKind.ACCESS_TOKEN,)
    theirs = FolderContents((ExistingFile(kinds[0], None, is_owned_by_other_user=True),), tuple("abcdefg"))
    said = ENGLISH.for_existing_files(theirs, kinds, NOW).text
    assert "damaged or cannot be read" in said
    assert "belongs to another user" in said
    assert said.endswith("a, b, c, d, e and 2 more.")
    assert CHINESE.for_existing_files(theirs, kinds, NOW).text.endswith("a, b, c, d, e 等（另有 2 个）。")
    closed = FolderContents(error=FileError("/srv/dogs", "permission denied"))
    assert ENGLISH.for_existing_files(closed, kinds, NOW) == ENGLISH.for_file_error(
        FileError("/srv/dogs", "permission denied")
    )


def test_a_link_in_a_chosen_folder_is_called_one_and_not_somebody_elses() -> None:
    kinds = (TokenKind.ACCESS_TOKEN,)
    link = FolderContents((ExistingFile(kinds[0], None, is_owned_by_other_user=True, is_link=True),))
    assert ENGLISH.for_existing_files(link, kinds, NOW).text == (
        "Found ACCESS_TOKEN.dog, which is a link: saving puts a file in its place, and what it leads to is left alone."
    )


def test_what_cannot_be_used_is_named_where_there_are_several() -> None:
    assert ENGLISH.for_bad_input(BadInput(InputProblem.EXPORT_OF_OTHER_ACCOUNT, "/srv/.env")).summary == (
        "About /srv/.env: Another account is already written to the same file."
    )


def test_a_missing_folder_is_to_be_made() -> None:
    said = ENGLISH.for_file_error(FileError("/srv/shop/.env", "no such file or folder"))
    assert said.advice.startswith("Make the folder")
