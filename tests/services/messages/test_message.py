"""What a person reads: every value of the core becomes a sentence that says what happened and what to do."""

import pytest
from msgspec.structs import replace

from guarddog_gui.domain.accounts.account import Account, Endpoint
from guarddog_gui.domain.accounts.existing_files import ExistingFile, FolderContents
from guarddog_gui.domain.accounts.keyring_results import (
    KeyringFailure,
    KeyringIsDown,
    KeyringIsLocked,
    NotPersisted,
    SecretMissing,
)
from guarddog_gui.domain.errors import FileError
from guarddog_gui.domain.refresh import policy
from guarddog_gui.domain.refresh.history import AttemptResult
from guarddog_gui.domain.refresh.policy import ForceAllowance
from guarddog_gui.domain.refresh.status import AccountStatus, KeyState, KeyStatus, Overview
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord
from guarddog_gui.domain.wechat.protocol import IssuedToken
from guarddog_gui.services.accounts.account_removals import AccountRemoved
from guarddog_gui.services.accounts.account_service import AccountNotSaved, AccountSaved
from guarddog_gui.services.accounts.account_verification import VerificationResult
from guarddog_gui.services.messages.message import Message, Messages
from tests.fakes import NOW
from tests.services.messages.languages import CHINESE, ENGLISH, RECORD, SHOP, attempt, refused

# -- accounts --------------------------------------------------------------------------------------


def test_a_verdict_is_good_or_the_sentence_of_its_attempt() -> None:
    entry = refused(40125)
    bad = VerificationResult(SHOP, SecretMissing(), entry)
    good = VerificationResult(SHOP, IssuedToken("t", 7200), attempt(AttemptResult.NEW))

    assert ENGLISH.for_verification(good).summary == "WeChat accepts them."
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
    provided = ENGLISH.for_removal(AccountRemoved(SHOP, KeyringIsDown(KeyringFailure.READ_ONLY)))
    assert "Guard Dog leaves it there" in provided.summary
    assert f"guarddog.{SHOP.appid}.appsecret" in provided.advice
    locked = ENGLISH.for_removal(AccountRemoved(SHOP, KeyringIsLocked()))
    assert "guarddog:wx1234567890abcdef" in locked.summary
    assert "accounts remove wx1234567890abcdef" in locked.advice
    both = ENGLISH.for_removal(AccountRemoved(SHOP, NotPersisted(), FileError("/dogs/x", "permission denied")))
    assert both.text == (
        "Shop is no longer in the list of accounts. Its AppSecret (guarddog:wx1234567890abcdef) could not be "
        "removed from the keyring. The keyring reported no error and still has it. Its files could not be "
        "removed: /dogs/x: permission denied. Check that the folder is yours and the disk has room, then try again. "
        "What was there before is unchanged. Delete the entry in the keyring's own window. Then do it once more: "
        "guarddogctl accounts remove wx1234567890abcdef. Guard Dog also tries it by itself once a day."
    )


def test_forcing_names_the_account_what_it_costs_and_what_is_left() -> None:
    may = ForceAllowance(is_allowed=True, allowed_at=NOW, remaining_today=19)
    stable = ENGLISH.force_cost(SHOP, may).text
    classic = ENGLISH.force_cost(Account("wx1", "Shop", endpoint=Endpoint.CLASSIC), may).text

    assert "Shop" in stable
    assert "19" in stable
    assert "at once" in stable
    assert "five minutes" in classic


@pytest.mark.parametrize("warning", [ENGLISH.classic_warning(), ENGLISH.ticket_not_forced(TokenKind.CARD_TICKET)])
def test_warnings_say_the_better_way(warning: Message) -> None:
    assert warning.summary
    assert warning.advice


# -- words and headline ----------------------------------------------------------------------------


def overview(*records: TokenRecord | None, next_at: float | None, paused: float | None = None) -> Overview:
    keys = tuple(
        KeyStatus(TokenKind.ACCESS_TOKEN, KeyState.FRESH if record else KeyState.EXPIRED, record, None, next_at)
        for record in records
    )
    return Overview(NOW, (AccountStatus(SHOP, keys),), paused)


def test_the_headline_counts_what_is_usable_and_names_the_next_check() -> None:
    shown = overview(RECORD, RECORD, RECORD, None, next_at=NOW + 60)

    assert ENGLISH.headline(shown) == "3 of 4 usable · next check +60s"
    assert CHINESE.headline(shown) == "4 个凭据，3 个可用 · 下次检查 +60s"


@pytest.mark.parametrize(
    ("shown", "headline"),
    [
        (Overview(NOW), "No account yet"),
        (overview(RECORD, next_at=None), "1 of 1 usable"),
        (overview(None, next_at=NOW), "0 of 1 usable · refreshing now"),
        (overview(RECORD, next_at=None, paused=NOW + 60), "1 of 1 usable · paused until +60s"),
        (overview(RECORD, next_at=None, paused=float("inf")), "1 of 1 usable · paused"),
    ],
)
def test_the_headline_says_why_there_is_no_next_refresh(shown: Overview, headline: str) -> None:
    assert ENGLISH.headline(shown) == headline


def test_the_state_of_a_key_carries_its_end_while_the_value_works() -> None:
    fresh = KeyStatus(TokenKind.ACCESS_TOKEN, KeyState.FRESH, RECORD, None, None)
    dead = KeyStatus(TokenKind.ACCESS_TOKEN, KeyState.FAILED, None, refused(40125), None)

    assert ENGLISH.key_state_text(fresh, NOW) == "fresh until +7200s"
    assert ENGLISH.key_state_text(dead, NOW) == "failed"


@pytest.mark.parametrize("sentences", [ENGLISH, CHINESE], ids=["en", "zh"])
def test_a_taken_token_is_told_with_its_time_and_the_advice_that_fits_the_endpoint(sentences: Messages) -> None:
    entry = refused(40001, detail=policy.SUPERSEDED, at=NOW + 60)
    stable = sentences.for_superseded_token(entry, SHOP)
    classic = sentences.for_superseded_token(entry, replace(SHOP, endpoint=Endpoint.CLASSIC))
    assert "+60s" in stable.summary
    assert stable.summary == classic.summary
    assert "stable_token" in classic.advice
    assert "stable_token" not in stable.advice


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
