"""Findings about accounts: their values, their renewal, and their export targets."""

import pytest
from msgspec.structs import replace

from guarddog_gui.domain.accounts.account import Account, Platform
from guarddog_gui.domain.health.findings import CheckStatus, Finding, HealthCheck
from guarddog_gui.domain.refresh.history import AttemptResult, HistoryEntry
from guarddog_gui.domain.refresh.retries import retry_state_from_history
from guarddog_gui.domain.refresh.status import AccountStatus, build_account_status
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord
from guarddog_gui.services.messages.health.accounts import RenewalCircumstances, accounts_finding, renewal_findings
from guarddog_gui.services.messages.message import Messages
from tests.errcode_catalogue import CATALOGUE
from tests.fakes import NOW
from tests.services.messages.languages import CHINESE, ENGLISH, RECORD, SHOP, attempt, refused

MINI = Account("wxabcdef1234567890", "小店", Platform.MINI_PROGRAM)
TOKEN = TokenKind.ACCESS_TOKEN
EXPIRED = replace(RECORD, generated_ms=int((NOW - 8000) * 1000))


def test_accounts_are_counted_and_none_is_worth_a_word() -> None:
    two = accounts_finding((SHOP, MINI), ENGLISH)
    none = accounts_finding((), ENGLISH)

    assert two == Finding(HealthCheck.ACCOUNTS, CheckStatus.OK, "Accounts: 2 (official: 1, mini programs: 1).")
    assert none.status is CheckStatus.WARNING
    assert "accounts add" in none.advice


def status_of(record: TokenRecord | None, *entries: HistoryEntry) -> AccountStatus:
    retry_state = retry_state_from_history(entries, CATALOGUE)
    account = replace(SHOP, platform=Platform.MINI_PROGRAM)  # without a ticket
    return build_account_status(account, {TOKEN: record}, {TOKEN: retry_state}, NOW)


def circumstances(*, is_running: bool | None = False, paused_until: float | None = None) -> RenewalCircumstances:
    return RenewalCircumstances(NOW, paused_until, is_running, CATALOGUE)


def found(
    status: AccountStatus, messages: Messages = ENGLISH, *, is_running: bool | None = False, is_unproven: bool = False
) -> tuple[Finding, ...]:
    unproven = frozenset({TOKEN}) if is_unproven else frozenset[TokenKind]()
    return renewal_findings(status, unproven, circumstances(is_running=is_running), messages)


def test_a_value_that_works_and_one_that_was_never_fetched_are_well() -> None:
    assert found(status_of(RECORD)) == ()
    assert found(status_of(None)) == ()


@pytest.mark.parametrize("messages", [ENGLISH, CHINESE], ids=["en", "zh"])
def test_an_expired_value_needs_a_program_that_renews_it(messages: Messages) -> None:
    (stopped,) = found(status_of(EXPIRED), messages)
    (running,) = found(status_of(EXPIRED), messages, is_running=True)
    (unknown,) = found(status_of(EXPIRED), messages, is_running=None)

    assert (stopped.status, stopped.is_temporary) == (CheckStatus.WARNING, False)
    assert "guarddogctl watch" in stopped.advice
    assert stopped == unknown
    assert running.is_temporary


def test_an_expired_value_of_a_paused_program_needs_the_user() -> None:
    paused = circumstances(is_running=True, paused_until=NOW + 60)
    (finding,) = renewal_findings(status_of(EXPIRED), frozenset(), paused, ENGLISH)

    assert not finding.is_temporary
    assert "paused" in finding.advice


@pytest.mark.parametrize("record", [None, EXPIRED])
def test_a_refusal_that_needs_the_user_is_named_with_its_errcode(record: TokenRecord | None) -> None:
    (finding,) = found(status_of(record, refused(40164)))

    assert (finding.check, finding.status) == (HealthCheck.RENEWAL, CheckStatus.FAILED)
    assert finding.summary.startswith("Shop: ACCESS_TOKEN has no value that works. ")
    assert finding.summary.endswith("(40164)")
    assert "hitelist" in finding.advice
    assert not finding.is_temporary


def test_a_failing_renewal_is_reported_before_the_value_ends() -> None:
    (finding,) = found(status_of(RECORD, refused(40125)))

    assert finding.status is CheckStatus.WARNING
    assert finding.summary.startswith("Shop: ACCESS_TOKEN works until +7200s, and its renewal fails. ")


def test_a_failure_that_passes_by_itself_is_temporary() -> None:
    (finding,) = found(status_of(EXPIRED, refused(-1)))

    assert (finding.status, finding.is_temporary) == (CheckStatus.FAILED, True)


@pytest.mark.parametrize("result", [AttemptResult.KEYRING_LOCKED, AttemptResult.NOT_WRITTEN, AttemptResult.NO_SECRET])
def test_keyring_and_disk_need_the_user(result: AttemptResult) -> None:
    (finding,) = found(status_of(EXPIRED, attempt(result)))

    assert not finding.is_temporary


@pytest.mark.parametrize("messages", [ENGLISH, CHINESE], ids=["en", "zh"])
def test_a_value_of_another_program_is_named_as_such(messages: Messages) -> None:
    (finding,) = found(status_of(None), messages, is_unproven=True)

    assert "ACCESS_TOKEN.dog" in finding.summary
    assert finding.advice
