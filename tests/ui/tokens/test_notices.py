"""Notices about the trouble of an account: which there are, what they say, and the buttons that they offer."""

import pytest
from msgspec.structs import replace

from guarddog_gui.domain.accounts.account import Account, Endpoint
from guarddog_gui.domain.exports.reports import ExportError, ExportErrorKind, ExportStatus
from guarddog_gui.domain.exports.targets import ExportFormat, ExportTarget
from guarddog_gui.domain.refresh import policy
from guarddog_gui.domain.refresh.history import AttemptResult, HistoryEntry, Trigger
from guarddog_gui.domain.refresh.status import AccountStatus, KeyState, Renewal
from guarddog_gui.domain.sharing.problems import SharingProblem
from guarddog_gui.domain.sharing.settings import Sharing, SharingRole
from guarddog_gui.domain.sharing.values import SharingStatus
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.tokens.notices import AccountNotice, NoticeAction, NoticeKind, account_notices
from guarddog_gui.ui.widgets.strip import Severity
from tests.fakes import NOW
from tests.runtime.harness import SHOP, TOKEN
from tests.ui.account_statuses import make_account_status

CLASSIC = replace(SHOP, endpoint=Endpoint.CLASSIC, ahead=900)
REFUSED = HistoryEntry(
    NOW - 60, SHOP.appid, TOKEN, Trigger.TIMER, AttemptResult.REFUSED, errcode=40164, ip="203.0.113.9", calls=1,
    errmsg="invalid ip 203.0.113.9, not in whitelist", rid="6566c1a8-2c4b1d0e", endpoint="stable_token",
)  # fmt: skip
SUPERSEDED = HistoryEntry(
    NOW, SHOP.appid, TOKEN, Trigger.TIMER, AttemptResult.NEW, errcode=40001, detail=policy.SUPERSEDED
)
LOCKED = HistoryEntry(NOW, SHOP.appid, TOKEN, Trigger.TIMER, AttemptResult.KEYRING_LOCKED)
OFFLINE = HistoryEntry(NOW, SHOP.appid, TOKEN, Trigger.TIMER, AttemptResult.NO_ANSWER, detail="offline")
BUSY = HistoryEntry(NOW, SHOP.appid, TOKEN, Trigger.TIMER, AttemptResult.REFUSED, errcode=-1, endpoint="stable_token")
COMMAND = ExportTarget(ExportFormat.COMMAND, command=("/usr/bin/notify",))


def with_key(status: AccountStatus, **changes: object) -> AccountStatus:
    """Return the status with another state of the access token; the ticket is well."""
    token, *others = status.keys
    well = tuple(replace(key, state=KeyState.FRESH, failure=None) for key in others)
    return replace(status, keys=(replace(token, **changes), *well))


def failing(entry: HistoryEntry, account: Account = SHOP, *, left: float = 3600, **changes: object) -> AccountStatus:
    return with_key(make_account_status(account, left=left), failure=entry, **{"state": KeyState.FAILED, **changes})


def only_notice(status: AccountStatus, formatter: Formatter) -> AccountNotice:
    (notice,) = account_notices(status, formatter, NOW)
    return notice


def test_an_account_without_trouble_has_no_notice(formatter: Formatter) -> None:
    assert account_notices(make_account_status(SHOP), formatter, NOW) == ()


def test_a_refused_ip_is_named_with_code_tries_and_buttons(formatter: Formatter) -> None:
    status = failing(REFUSED, renewal=Renewal.STOPPED, failed_attempts=3, failing_since=NOW - 720)
    notice = only_notice(status, formatter)
    assert notice.text == "203.0.113.9 is not on the IP whitelist"
    assert notice.severity is Severity.BAD
    assert notice.detail == f"40164 · 3 tries since {formatter.format_time(NOW - 720)}"
    copy_ip, console, retry, help_ = (
        NoticeAction.COPY_IP,
        NoticeAction.OPEN_CONSOLE,
        NoticeAction.RETRY,
        NoticeAction.HOW_TO_FIX,
    )
    assert notice.actions == (copy_ip, console, retry, help_)
    assert notice.console_url is not None
    assert "6566c1a8" in notice.explanation


def test_a_first_failure_has_its_time_in_place_of_tries(formatter: Formatter) -> None:
    notice = only_notice(failing(REFUSED, failed_attempts=1, failing_since=NOW - 60), formatter)
    assert notice.detail == f"40164 · {formatter.format_time(NOW - 60)}"


def test_while_it_is_tried_again_the_notice_stays_and_says_so(formatter: Formatter) -> None:
    notice = only_notice(failing(REFUSED, state=KeyState.REFRESHING), formatter)
    assert notice.detail == "40164 · trying again…"
    assert notice.severity is Severity.BAD


def test_a_failure_that_passes_by_itself_is_a_warning_while_the_value_works(formatter: Formatter) -> None:
    at = NOW + 30
    notice = only_notice(failing(BUSY, renewal=Renewal.FAILING, next_attempt_at=at), formatter)
    assert notice.severity is Severity.WARN
    assert f"tries again at {formatter.format_time(at)}" in notice.explanation
    without_value = only_notice(failing(BUSY, renewal=Renewal.FAILING, left=-10), formatter)
    assert without_value.severity is Severity.BAD


def test_a_locked_keyring_has_its_advice_and_no_ip_to_copy(formatter: Formatter) -> None:
    notice = only_notice(
        failing(LOCKED, state=KeyState.KEYRING_LOCKED, renewal=Renewal.STOPPED, next_attempt_at=None), formatter
    )
    assert "keyring is locked" in notice.text
    assert notice.text == formatter.messages.for_entry(LOCKED).text
    assert notice.actions == (NoticeAction.RETRY,)


@pytest.mark.parametrize("state", [KeyState.OFFLINE, KeyState.REFRESHING])
def test_being_offline_needs_no_notice(formatter: Formatter, state: KeyState) -> None:
    status = failing(OFFLINE, state=state, renewal=Renewal.FAILING, left=-10)
    assert account_notices(status, formatter, NOW) == ()


def test_a_superseded_classic_token_offers_the_stable_endpoint(formatter: Formatter) -> None:
    notice = only_notice(make_account_status_superseded(CLASSIC), formatter)
    assert notice.text.startswith("At ")
    assert "another program" in notice.text
    new_token, stable, dismiss = NoticeAction.NEW_TOKEN, NoticeAction.USE_STABLE_TOKEN, NoticeAction.DISMISS
    assert notice.actions == (new_token, stable, dismiss)
    assert only_notice(make_account_status_superseded(SHOP), formatter).actions == (new_token, dismiss)


def make_account_status_superseded(account: Account) -> AccountStatus:
    return replace(make_account_status(account), superseded_entry=SUPERSEDED)


def test_a_failure_is_more_urgent_than_a_superseded_token(formatter: Formatter) -> None:
    status = replace(failing(REFUSED), superseded_entry=SUPERSEDED)
    assert [notice.kind for notice in account_notices(status, formatter, NOW)] == [NoticeKind.FAILURE]


def test_another_writer_is_reported_beside_other_trouble(formatter: Formatter) -> None:
    status = failing(REFUSED, foreign_refresh_count=3)
    failure, foreign = account_notices(status, formatter, NOW)
    assert failure.kind is NoticeKind.FAILURE
    assert foreign.text.startswith("Another program writes ACCESS_TOKEN.dog: 3 times in the last hour.")
    assert foreign.token_kind is TOKEN
    assert foreign.actions == (NoticeAction.COPY_NODE_LOADER, NoticeAction.DISMISS)


def test_a_failed_export_is_a_warning_with_its_advice(formatter: Formatter) -> None:
    export = ExportStatus(COMMAND, error=ExportError(ExportErrorKind.EXIT, "3"))
    status = replace(make_account_status(SHOP), exports=(export,))
    notice = only_notice(status, formatter)
    assert notice.severity is Severity.WARN
    assert notice.text.startswith("The command /usr/bin/notify failed with exit code 3.")
    assert notice.actions == (NoticeAction.EDIT_EXPORTS,)


def test_several_failed_exports_are_named_in_one_line(formatter: Formatter) -> None:
    other = ExportTarget(ExportFormat.ENV, "/srv/.env")
    error = ExportError(ExportErrorKind.EXIT, "3")
    exports = (ExportStatus(COMMAND, error=error), ExportStatus(other, error=error))
    notice = only_notice(replace(make_account_status(SHOP), exports=exports), formatter)
    assert notice.text == "not written: notify, .env"
    assert notice.explanation.count("\n") == 1


def test_no_notice_contains_a_value(formatter: Formatter) -> None:
    status = failing(REFUSED, foreign_refresh_count=3)
    value = status.keys[0].record
    assert value is not None
    assert value.value not in repr(account_notices(status, formatter, NOW))


def test_used_up_calls_lead_to_the_quota_where_they_can_be_cleared(formatter: Formatter) -> None:
    used_up = replace(REFUSED, errcode=45009, ip=None)
    assert NoticeAction.API_QUOTA in only_notice(failing(used_up), formatter).actions
    assert NoticeAction.API_QUOTA not in only_notice(failing(REFUSED), formatter).actions


# --- accounts that are shared

FOLLOWER = replace(SHOP, sharing=Sharing(SharingRole.FOLLOWER, "redis://localhost"))
DOWN = SharingStatus(NOW, SharingProblem.UNREACHABLE, since=NOW - 60, leader="build-server", written_at=NOW - 724)
NOT_SHARED = HistoryEntry(
    NOW, SHOP.appid, TOKEN, Trigger.TIMER, AttemptResult.NOT_SHARED, detail=SharingProblem.UNREACHABLE
)


def test_a_redis_that_is_down_is_a_warning_while_the_value_works(formatter: Formatter) -> None:
    notice = only_notice(replace(make_account_status(FOLLOWER), sharing=DOWN), formatter)
    assert (notice.kind, notice.severity) == (NoticeKind.SHARING, Severity.WARN)
    assert notice.text.startswith("Redis cannot be reached. Check that it runs")
    assert notice.detail == f"since {formatter.format_time(NOW - 60)}"
    assert notice.explanation == "follower · redis://localhost · from build-server, 12:04 ago"
    assert notice.actions == (NoticeAction.RETRY, NoticeAction.SHARING)


def test_without_a_value_it_is_bad_and_told_once(formatter: Formatter) -> None:
    status = replace(failing(NOT_SHARED, FOLLOWER, left=-1), sharing=DOWN)
    notice = only_notice(status, formatter)
    assert (notice.kind, notice.severity) == (NoticeKind.SHARING, Severity.BAD)


def test_a_failure_at_wechat_is_told_beside_the_one_of_redis(formatter: Formatter) -> None:
    leader = replace(SHOP, sharing=Sharing(SharingRole.LEADER, "redis://localhost"))
    kinds = [notice.kind for notice in account_notices(replace(failing(REFUSED, leader), sharing=DOWN), formatter, NOW)]
    assert kinds == [NoticeKind.SHARING, NoticeKind.FAILURE]


def test_sharing_that_works_is_no_news(formatter: Formatter) -> None:
    well = SharingStatus(NOW, leader="build-server", written_at=NOW)
    assert account_notices(replace(make_account_status(FOLLOWER), sharing=well), formatter, NOW) == ()


def test_a_refresh_that_found_nothing_leads_to_the_sharing(formatter: Formatter) -> None:
    notice = only_notice(failing(NOT_SHARED, FOLLOWER), formatter)
    assert NoticeAction.SHARING in notice.actions
