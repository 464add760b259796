"""Every member of an enum that is shown has a text, and the same table serves both languages."""

import re
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

import pytest

from guarddog_gui.domain.accounts.account import Endpoint, Environment, Platform
from guarddog_gui.domain.accounts.existing_files import ExistingFileAction
from guarddog_gui.domain.diagnosis.mistakes import MistakeKind, MistakeLocation
from guarddog_gui.domain.diagnosis.search import PossibleCause
from guarddog_gui.domain.exports.reports import ExportErrorKind
from guarddog_gui.domain.exports.targets import ExportFormat
from guarddog_gui.domain.health.findings import CheckStatus, HealthCheck
from guarddog_gui.domain.health.results import ConnectionStep, TrayProbeResult
from guarddog_gui.domain.problems import FileErrorReason, InputProblem
from guarddog_gui.domain.refresh.history import AttemptResult, Trigger
from guarddog_gui.domain.refresh.status import KeyState
from guarddog_gui.domain.signing.url_warnings import UrlWarningKind
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.domain.wechat.errcodes import ErrcodeKind
from guarddog_gui.domain.wechat.protocol import FailureKind
from guarddog_gui.services.messages.attempts import TRANSPORT_FAILURES
from guarddog_gui.services.messages.exports import EXPORT_ERRORS, EXPORT_FORMAT_NAMES
from guarddog_gui.services.messages.health.desktop import TRAY_RESULTS
from guarddog_gui.services.messages.health.findings import CHECK_NAMES, CHECK_STATUS_NAMES
from guarddog_gui.services.messages.health.network import FAILED_STEPS
from guarddog_gui.services.messages.message import EXISTING_FILES, Message, Messages
from guarddog_gui.services.messages.problems import INPUT_PROBLEMS
from guarddog_gui.services.messages.signing.diagnosis import POSSIBLE_CAUSES, RULED_OUT
from guarddog_gui.services.messages.signing.diagnosis_mistakes import MISTAKES
from guarddog_gui.services.messages.signing.signatures import URL_WARNINGS
from guarddog_gui.services.messages.texts import (
    ENDPOINT_NAMES,
    ENVIRONMENT_NAMES,
    ERRCODE_KIND_NAMES,
    INVALID_TIME,
    KEY_NAMES,
    PLATFORM_NAMES,
    REACTIONS,
    RESULT_NAMES,
    STATE_NAMES,
    TRIGGER_NAMES,
    WAITS,
    ShortTimeFormat,
    format_iso,
    format_timestamp,
)
from tests.errcode_catalogue import CATALOGUE
from tests.services.messages.languages import CHINESE, ENGLISH


@pytest.mark.parametrize(
    ("table", "enum", "without"),
    [
        (KEY_NAMES, TokenKind, set()),
        (PLATFORM_NAMES, Platform, set()),
        (ENDPOINT_NAMES, Endpoint, set()),
        (ENVIRONMENT_NAMES, Environment, set()),
        (STATE_NAMES, KeyState, set()),
        (TRIGGER_NAMES, Trigger, set()),
        (RESULT_NAMES, AttemptResult, set()),
        (ERRCODE_KIND_NAMES, ErrcodeKind, set()),
        (REACTIONS, ErrcodeKind, set()),
        (TRANSPORT_FAILURES, FailureKind, set()),
        (EXISTING_FILES, ExistingFileAction, set()),
        (MISTAKES, MistakeKind, set()),
        (POSSIBLE_CAUSES, PossibleCause, set()),
        (RULED_OUT, MistakeLocation, set()),
        (EXPORT_FORMAT_NAMES, ExportFormat, set()),
        (EXPORT_ERRORS, ExportErrorKind, {ExportErrorKind.FILE}),  # says the reason of the file error
        (INPUT_PROBLEMS, InputProblem, set()),
        (URL_WARNINGS, UrlWarningKind, set()),
        (CHECK_NAMES, HealthCheck, set()),
        (CHECK_STATUS_NAMES, CheckStatus, set()),
        (FAILED_STEPS, ConnectionStep, {ConnectionStep.ANSWER}),  # says what is wrong with the answer
        (TRAY_RESULTS, TrayProbeResult, set()),
    ],
)
def test_every_member_has_a_text(table: Mapping[StrEnum, object], enum: type[StrEnum], without: set[StrEnum]) -> None:
    assert set(table) == set(enum) - without


@pytest.mark.parametrize("reason", FileErrorReason)
def test_every_reason_of_a_file_error_is_translated(reason: FileErrorReason) -> None:
    assert ENGLISH.file_error_reason(reason) == reason
    assert CHINESE.file_error_reason(reason) != reason


def test_both_texts_of_a_message_get_the_same_values() -> None:
    assert ENGLISH.message("{name} is saved.", "Refresh it first.", name="Shop", code="1") == Message(
        "Shop is saved.", "Refresh it first.", "1"
    )
    assert CHINESE.message("{name} is saved.", name="Shop").text == "Shop 已保存。"


def test_english_sentences_are_joined_by_a_space_and_chinese_ones_are_not() -> None:
    assert Message("Saved.", "Refresh it.").text == "Saved. Refresh it."
    assert Message("已保存。", "请先刷新。").text == "已保存。请先刷新。"


def test_a_count_has_its_own_text_for_one() -> None:
    once, twice = (ENGLISH.for_foreign_writes("KEY", count).summary for count in (1, 2))
    assert ("once" in once, "2 times" in twice) == (True, True)
    assert "1 次" in CHINESE.for_foreign_writes("KEY", 1).summary


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


NOON = datetime(2026, 11, 3, 12, 0).astimezone().timestamp()
LOCAL = ShortTimeFormat(lambda: NOON)


def test_today_needs_no_date_and_another_day_does() -> None:
    assert LOCAL(NOON + 3600) == "13:00"
    assert LOCAL(NOON + 86_400) == "2026-11-04 12:00"
    assert LOCAL(NOON - 86_400) == "2026-11-02 12:00"


def test_a_stamp_and_an_iso_time_are_the_same_moment() -> None:
    assert format_timestamp(NOON) == "2026-11-03 12:00:00"
    text = format_iso(NOON)
    assert text is not None
    assert re.fullmatch(r"2026-11-03T12:00:00[+-]\d\d:\d\d", text)
    assert datetime.fromisoformat(text).timestamp() == NOON


@pytest.mark.parametrize("at", [1e18, -1e18, float("inf"), float("nan")])
def test_a_moment_that_no_calendar_has_is_no_crash(at: float) -> None:
    assert LOCAL(at) == format_timestamp(at) == INVALID_TIME
    assert format_iso(at) is None
