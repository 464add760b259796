"""Notifications about problems: once at the beginning, once at the end, and only if they matter."""

import pytest
from msgspec.structs import replace

from guarddog_gui.domain.accounts.account import Account, Platform
from guarddog_gui.domain.refresh import retries
from guarddog_gui.domain.refresh.backoff import KEYRING_BACKOFFS_S
from guarddog_gui.domain.refresh.history import AttemptResult, HistoryEntry, Trigger
from guarddog_gui.domain.refresh.notification_kinds import DEFAULT_NOTIFICATION_KINDS, NotificationKind
from guarddog_gui.domain.refresh.notifications import (
    REMIND_AFTER_S,
    STARTUP_QUIET_S,
    Notification,
    NotificationAction,
    NotificationSettings,
    NotificationStates,
    Urgency,
    decide_notifications,
    with_superseded,
)
from guarddog_gui.domain.refresh.retries import RetryState
from guarddog_gui.domain.refresh.status import AccountStatus, Overview, build_account_status
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord
from guarddog_gui.domain.wechat.protocol import FailureKind
from tests.errcode_catalogue import CATALOGUE
from tests.fakes import NOW, OWN_IP

TOKEN, TICKET = TokenKind.ACCESS_TOKEN, TokenKind.JSAPI_TICKET
NEEDS_PERSON, KEYRING_LOCKED = NotificationKind.NEEDS_USER_ACTION, NotificationKind.KEYRING_LOCKED
EXPIRES, RECOVERED, REFRESHED = (NotificationKind.EXPIRING, NotificationKind.RECOVERED, NotificationKind.REFRESHED)
HOUR = 3600.0


class NotificationScenario:
    """One account whose attempts go through the real policy, and the notifications about them."""

    def __init__(self, name: str = "Shop", *, left: float = 7200, **account: object) -> None:
        self.account = Account(f"wx{name}", name, **account)  # type: ignore[arg-type]  # a test's shorthand
        self.now = NOW
        self.records: dict[TokenKind, TokenRecord | None] = {}
        self.retry_states: dict[TokenKind, RetryState] = {}
        self.refreshing: frozenset[TokenKind] = frozenset()
        self.paused = False
        self.states: NotificationStates = {}
        self.settings = NotificationSettings()
        self.before: Overview | None = None
        self.withdrawn: tuple[str, ...] = ()
        for kind in self.account.token_kinds:
            self.record_success(kind, left=left)
        assert self.decide() == []

    def record_success(self, kind: TokenKind = TOKEN, *, left: float = 7200) -> None:
        """Add a value of WeChat's with this remaining lifetime."""
        made_at = self.now - 7200 + left
        before = self.records.get(kind)
        value = f"{kind}-{made_at}"
        self.records[kind] = TokenRecord(value, 7200, int(made_at * 1000), "/dogs", self.account.ahead)
        if before is not None:
            self.record_attempt(kind, AttemptResult.NEW, fingerprint=value)

    def record_failure(self, result: AttemptResult, kind: TokenKind = TOKEN, **more: object) -> None:
        self.record_attempt(kind, result, **more)

    def refused(self, errcode: int, kind: TokenKind = TOKEN, **more: object) -> None:
        self.record_attempt(kind, AttemptResult.REFUSED, errcode=errcode, errmsg=f"errmsg {errcode}", **more)

    def offline(self, kind: TokenKind = TOKEN) -> None:
        self.record_attempt(kind, AttemptResult.NO_ANSWER, detail=FailureKind.OFFLINE)

    def record_attempt(self, kind: TokenKind, result: AttemptResult, **more: object) -> None:
        call = "stable_token" if kind is TOKEN else "getticket"
        fields = {"endpoint": call, "calls": 1, **more}
        entry = HistoryEntry(self.now, self.account.appid, kind, Trigger.TIMER, result, **fields)  # type: ignore[arg-type]
        before = self.retry_states.get(kind, RetryState())
        self.retry_states[kind] = retries.next_retry_state(before, entry, CATALOGUE, 0.5)

    def resume(self) -> None:
        self.retry_states = {kind: retries.after_resume(retry_state) for kind, retry_state in self.retry_states.items()}
        self.settings = replace(self.settings, quiet_until=self.now + STARTUP_QUIET_S)

    def later(self, seconds: float) -> "NotificationScenario":
        self.now += seconds
        return self

    @property
    def status(self) -> AccountStatus:
        return build_account_status(
            self.account,
            self.records,
            self.retry_states,
            self.now,
            refreshing_kinds=self.refreshing,
            is_paused=self.paused,
        )

    def decide(self) -> list[NotificationKind]:
        return [notification.kind for notification in self.reported()]

    def reported(self) -> tuple[Notification, ...]:
        until = self.now + HOUR if self.paused else None
        overview = Overview(self.now, (self.status,), until)
        decision = decide_notifications(self.before, overview, self.states, self.settings, CATALOGUE)
        self.before, self.states, self.withdrawn = overview, decision.states, decision.withdraw
        return decision.show


@pytest.fixture
def shop() -> NotificationScenario:
    return NotificationScenario()


def keep_failing(shop: NotificationScenario, *, seconds: float) -> list[NotificationKind]:
    """Stay offline, retry as the policy says, and return what is reported meanwhile."""
    reported: list[NotificationKind] = []
    end = shop.now + seconds
    while shop.now < end:
        shop.offline()
        reported += shop.decide()
        next_at = shop.status.keys[0].next_attempt_at
        assert next_at is not None
        shop.later(max(1.0, next_at - shop.now))
    return reported


# -- a person must act ----------------------------------------------------------------------------


def test_a_refusal_that_needs_the_user_is_reported_once_and_so_is_its_end(shop: NotificationScenario) -> None:
    shop.later(7000).refused(40125)
    assert shop.decide() == [NEEDS_PERSON]
    assert shop.later(30).decide() == []
    shop.refused(40125)
    assert shop.later(30).decide() == [], "tried again by hand, the same problem"

    shop.later(60).record_success()
    shop.record_success(TICKET)
    assert shop.decide() == [RECOVERED]
    assert shop.later(60).decide() == []


def test_the_notification_has_what_the_user_needs_to_act(shop: NotificationScenario) -> None:
    shop.later(7000).refused(40164, ip=OWN_IP)

    (notification,) = shop.reported()

    assert (notification.appid, notification.account_name) == ("wxShop", "Shop")
    assert notification.entry is not None
    assert notification.entry.ip == OWN_IP
    assert notification.expires_at == NOW + 7200
    assert notification.actions == (NotificationAction.COPY_IP, NotificationAction.TRY_AGAIN, NotificationAction.OPEN)
    assert notification.urgency is Urgency.CRITICAL


def test_another_ip_is_another_problem(shop: NotificationScenario) -> None:
    shop.later(7000).refused(40164, ip=OWN_IP)
    assert shop.decide() == [NEEDS_PERSON]
    shop.later(60).refused(40164, ip="198.51.100.9")
    assert shop.decide() == [NEEDS_PERSON]


def test_a_refused_ticket_is_reported_while_all_values_are_valid(shop: NotificationScenario) -> None:
    shop.refused(48001, TICKET)
    assert shop.decide() == [NEEDS_PERSON]


def test_an_account_with_two_failing_keys_has_one_notification(shop: NotificationScenario) -> None:
    shop.later(7201).refused(40125)
    shop.refused(48001, TICKET)
    assert shop.decide() == [NEEDS_PERSON]


def test_of_two_problems_the_one_that_needs_the_user_is_reported() -> None:
    shop = NotificationScenario(left=60)
    shop.offline()
    shop.decide()
    shop.later(9).refused(48001, TICKET)
    assert shop.decide() == [NEEDS_PERSON]


def test_a_lasting_problem_is_repeated_after_growing_times(shop: NotificationScenario) -> None:
    shop.later(7000).refused(40125)
    assert shop.decide() == [NEEDS_PERSON]
    for wait in (*REMIND_AFTER_S, REMIND_AFTER_S[-1]):
        assert shop.later(wait - 1).decide() == []
        assert shop.later(1).decide() == [NEEDS_PERSON]


def test_a_refusal_before_the_start_is_reported_after_the_first_attempt() -> None:
    shop = NotificationScenario(left=-60)
    shop.refused(40125)
    shop.retry_states = {kind: retries.after_restart(retry_state) for kind, retry_state in shop.retry_states.items()}
    assert shop.later(60).decide() == [], "it is about to be tried again"
    assert shop.later(20).decide() == []
    shop.refused(40125)
    assert shop.decide() == [NEEDS_PERSON]


def test_a_full_disk_is_reported_after_some_attempts(shop: NotificationScenario) -> None:
    shop.record_failure(AttemptResult.NOT_WRITTEN, detail="/dogs/x.dog: the disk is full")
    assert shop.decide() == []
    shop.later(9).record_failure(AttemptResult.NOT_WRITTEN, detail="/dogs/x.dog: the disk is full")
    assert shop.decide() == [NEEDS_PERSON]


# -- what may mend itself -------------------------------------------------------------------------


def test_a_value_about_to_expire_is_reported_in_its_last_minutes(shop: NotificationScenario) -> None:
    shop.later(7200 - 290)
    assert keep_failing(shop, seconds=160) == []
    reported = keep_failing(shop, seconds=60)
    assert reported == [EXPIRES]
    assert keep_failing(shop, seconds=2 * HOUR) == [], "expired is no second problem"


def test_a_short_network_failure_is_not_reported() -> None:
    shop = NotificationScenario(left=7200, ahead=10)
    shop.later(7191).offline()
    assert shop.decide() == []
    shop.later(2).record_success()
    assert shop.decide() == []


def test_a_budget_that_is_reset_too_late_is_reported_before_the_expiry(shop: NotificationScenario) -> None:
    shop.later(7200 - 290).record_failure(AttemptResult.BUDGET_EXCEEDED)
    assert shop.decide() == []
    (notification,) = shop.later(9).reported()
    assert notification.kind is EXPIRES
    assert notification.expires_at == NOW + 7200
    assert notification.urgency is Urgency.NORMAL


def test_a_failure_long_before_the_expiry_is_not_reported(shop: NotificationScenario) -> None:
    shop.offline()
    assert shop.decide() == []
    assert shop.later(600).decide() == []


def test_nothing_is_decided_during_an_attempt(shop: NotificationScenario) -> None:
    shop.later(7300).offline()
    shop.decide()
    shop.refreshing = frozenset({TOKEN})
    assert shop.later(60).decide() == []
    shop.refreshing = frozenset()
    assert shop.decide() == [EXPIRES]


def test_a_locked_keyring_is_reported_after_a_moment_or_when_attempts_stop() -> None:
    patient = NotificationScenario(left=100)
    patient.record_failure(AttemptResult.KEYRING_LOCKED)
    assert patient.decide() == []
    patient.later(10).record_failure(AttemptResult.KEYRING_LOCKED)
    assert patient.decide() == [KEYRING_LOCKED]

    stopped = NotificationScenario(left=100)
    for _ in KEYRING_BACKOFFS_S:
        stopped.record_failure(AttemptResult.KEYRING_LOCKED)
    stopped.record_failure(AttemptResult.KEYRING_LOCKED)
    assert stopped.decide() == [KEYRING_LOCKED]


def test_nothing_is_reported_during_a_pause(shop: NotificationScenario) -> None:
    shop.later(7100).offline()
    shop.paused = True
    assert shop.later(60).decide() == []
    assert shop.later(600).decide() == []
    shop.paused = False
    assert shop.decide() == [EXPIRES]


# -- over -----------------------------------------------------------------------------------------


def test_the_end_of_an_unreported_problem_is_not_reported(shop: NotificationScenario) -> None:
    shop.later(7200 - 290).offline()
    shop.decide()
    shop.later(5).record_success()
    shop.record_success(TICKET)
    assert shop.decide() == []


def test_a_recovery_is_reported_when_all_keys_are_fresh(shop: NotificationScenario) -> None:
    shop.later(7100).record_success(TICKET, left=250)
    shop.offline()
    shop.decide()
    assert shop.later(9).decide() == [EXPIRES]
    shop.offline(TICKET)
    shop.record_success()
    assert shop.decide() == []
    shop.later(2).record_success(TICKET)
    assert shop.decide() == [RECOVERED]


def test_a_manual_recovery_is_reported_during_a_pause_too(shop: NotificationScenario) -> None:
    shop.later(6000).refused(40125)
    assert shop.decide() == [NEEDS_PERSON]
    shop.paused = True
    assert shop.later(60).decide() == []
    shop.record_success()
    assert shop.decide() == [RECOVERED]


def test_a_resume_is_no_recovery(shop: NotificationScenario) -> None:
    shop.later(1300).refused(40164, TICKET, ip=OWN_IP)
    assert shop.decide() == [NEEDS_PERSON]
    shop.later(HOUR).resume()
    assert shop.status.first_failure is None, "it is to be tried again, and looks fresh"
    assert shop.decide() == []
    assert shop.withdrawn == ()
    shop.later(20).refused(40164, TICKET, ip=OWN_IP)
    assert shop.decide() == [], "still the same"
    shop.later(20).record_success(TICKET)
    assert shop.decide() == [RECOVERED]


def test_an_unwanted_recovery_only_withdraws_the_notification(shop: NotificationScenario) -> None:
    shop.settings = NotificationSettings(enabled_kinds=DEFAULT_NOTIFICATION_KINDS - {RECOVERED})
    shop.later(7000).refused(40125)
    assert shop.decide() == [NEEDS_PERSON]
    shop.later(60).record_success()
    shop.record_success(TICKET)
    assert shop.decide() == []
    assert list(shop.withdrawn) == ["wxShop"]
    shop.later(60).decide()
    assert not shop.withdrawn, "once"


def test_removing_an_account_withdraws_its_notification(shop: NotificationScenario) -> None:
    shop.later(7000).refused(40125)
    shop.decide()

    decision = decide_notifications(shop.before, Overview(shop.now), shop.states, shop.settings, CATALOGUE)

    assert decision.withdraw == ("wxShop",)
    assert decision.states == {}


def test_accounts_are_independent(shop: NotificationScenario) -> None:
    other = NotificationScenario("Other", platform=Platform.MINI_PROGRAM)
    shop.later(7000).refused(40125)
    other.later(7000).refused(40125)

    overview = Overview(shop.now, (shop.status, other.status))
    decision = decide_notifications(None, overview, {}, NotificationSettings(), CATALOGUE)

    assert [notification.appid for notification in decision.show] == ["wxShop", "wxOther"]


# -- silence --------------------------------------------------------------------------------------


def test_after_a_resume_only_what_needs_the_user_is_reported(shop: NotificationScenario) -> None:
    shop.later(8 * HOUR).resume()
    shop.offline()
    shop.decide()
    shop.later(10).offline()
    assert shop.decide() == []
    assert shop.later(STARTUP_QUIET_S - 10).decide() == [EXPIRES]

    other = NotificationScenario()
    other.later(8 * HOUR).resume()
    other.refused(40164, ip=OWN_IP)
    assert other.decide() == [NEEDS_PERSON]


def test_setting_the_clock_back_does_not_prolong_the_quiet_time(shop: NotificationScenario) -> None:
    shop.settings = NotificationSettings(quiet_until=NOW + 10 * HOUR)
    shop.later(7199).offline()
    shop.decide()
    assert shop.later(9).decide() == [EXPIRES]


def test_after_a_snooze_lasting_problems_are_reported(shop: NotificationScenario) -> None:
    shop.settings = NotificationSettings(snoozed_until=NOW + 8000)
    shop.later(7000).refused(40125)
    assert shop.decide() == []
    assert shop.later(1000).decide() == [NEEDS_PERSON]


def test_a_problem_during_a_snooze_is_not_reported(shop: NotificationScenario) -> None:
    shop.settings = NotificationSettings(snoozed_until=NOW + 8000)
    shop.later(7000).refused(40125)
    shop.decide()
    shop.later(60).record_success()
    shop.record_success(TICKET)
    assert shop.decide() == []
    assert shop.later(1000).decide() == []


@pytest.mark.parametrize("kind", [NEEDS_PERSON, EXPIRES, KEYRING_LOCKED])
def test_a_disabled_kind_is_not_reported(kind: NotificationKind) -> None:
    shop = NotificationScenario(left=100)
    shop.settings = NotificationSettings(enabled_kinds=DEFAULT_NOTIFICATION_KINDS - {kind})
    results = {
        NEEDS_PERSON: AttemptResult.NO_SECRET,
        EXPIRES: AttemptResult.INTERNAL_ERROR,
        KEYRING_LOCKED: AttemptResult.KEYRING_LOCKED,
    }
    shop.record_failure(results[kind])
    assert shop.decide() == []
    assert shop.later(60).decide() == []
    shop.settings = NotificationSettings()
    assert shop.decide() == [kind]


# -- events ---------------------------------------------------------------------------------------


def refused_alive(shop: NotificationScenario) -> HistoryEntry:
    return HistoryEntry(shop.now, shop.account.appid, TICKET, Trigger.TIMER, AttemptResult.REFUSED, errcode=40001)


def test_a_superseded_token_is_reported_even_in_the_quiet_time(shop: NotificationScenario) -> None:
    shop.later(600).resume()
    shop.states = with_superseded(shop.states, shop.account.appid, refused_alive(shop))
    (notification,) = shop.reported()
    assert notification.kind is NotificationKind.SUPERSEDED
    assert notification.entry is not None
    assert notification.entry.errcode == 40001
    assert notification.actions == (NotificationAction.OPEN,)

    shop.later(60).record_success()
    assert shop.decide() == []


def test_servers_that_supersede_each_other_are_reported_once_in_hours(shop: NotificationScenario) -> None:
    reported = []
    for _ in range(30):
        shop.later(300).record_success()
        shop.record_success(TICKET)
        shop.states = with_superseded(shop.states, shop.account.appid, refused_alive(shop))
        reported += shop.decide()
    assert reported == [NotificationKind.SUPERSEDED]
    for wait, expected in ((REMIND_AFTER_S[0], [NotificationKind.SUPERSEDED]), (REMIND_AFTER_S[0], [])):
        shop.later(wait).record_success()
        shop.record_success(TICKET)
        shop.states = with_superseded(shop.states, shop.account.appid, refused_alive(shop))
        assert shop.decide() == expected


def test_a_superseded_token_waits_for_the_end_of_a_snooze_or_worse_problem(shop: NotificationScenario) -> None:
    shop.settings = NotificationSettings(snoozed_until=NOW + 60)
    shop.states = with_superseded(shop.states, shop.account.appid, refused_alive(shop))
    assert shop.decide() == []
    assert shop.later(60).decide() == [NotificationKind.SUPERSEDED]

    other = NotificationScenario()
    other.refused(48001, TICKET)
    assert other.decide() == [NEEDS_PERSON]
    other.states = with_superseded(other.states, other.account.appid, refused_alive(other))
    assert other.later(60).decide() == []
    other.record_success(TICKET)
    assert other.decide() == [RECOVERED]
    assert other.later(1).decide() == [NotificationKind.SUPERSEDED]


def test_a_disabled_report_of_a_superseded_token_is_dropped(shop: NotificationScenario) -> None:
    shop.settings = NotificationSettings(enabled_kinds=DEFAULT_NOTIFICATION_KINDS - {NotificationKind.SUPERSEDED})
    shop.states = with_superseded(shop.states, shop.account.appid, refused_alive(shop))
    assert shop.decide() == []
    shop.settings = NotificationSettings()
    assert shop.decide() == []


def test_successes_are_reported_on_request_and_once_for_both_keys(shop: NotificationScenario) -> None:
    assert REFRESHED not in DEFAULT_NOTIFICATION_KINDS
    shop.later(7000).record_success()
    assert shop.decide() == []

    shop.settings = NotificationSettings(enabled_kinds=frozenset(NotificationKind))
    shop.later(7000).record_success()
    shop.record_success(TICKET)
    (notification,) = shop.reported()
    assert notification.kind is REFRESHED
    assert notification.expires_at == shop.now + 7200
    assert notification.urgency is Urgency.LOW
    assert shop.later(30).decide() == []


def test_a_success_that_ends_a_problem_is_reported_as_recovery(shop: NotificationScenario) -> None:
    shop.settings = NotificationSettings(enabled_kinds=frozenset(NotificationKind))
    shop.later(7000).refused(40125)
    assert shop.decide() == [NEEDS_PERSON]
    shop.later(60).record_success()
    shop.record_success(TICKET)
    assert shop.decide() == [RECOVERED]


def test_a_success_does_not_replace_a_reported_problem(shop: NotificationScenario) -> None:
    shop.settings = NotificationSettings(enabled_kinds=frozenset(NotificationKind))
    shop.refused(48001, TICKET)
    assert shop.decide() == [NEEDS_PERSON]
    shop.later(7000).record_success()
    assert shop.decide() == []
