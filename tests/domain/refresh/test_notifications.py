"""A notice comes when a trouble begins and when it is over, once each, and never while nobody need know."""

from dataclasses import replace

import pytest

from guarddog_gui.domain.accounts.account import Account, Platform
from guarddog_gui.domain.refresh import policy
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
from guarddog_gui.domain.refresh.policy import RetryState
from guarddog_gui.domain.refresh.status import AccountStatus, Overview, build_account_status
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord
from guarddog_gui.domain.wechat.protocol import FailureKind
from tests.errcode_catalogue import CATALOGUE
from tests.fakes import NOW, OWN_IP

TOKEN, TICKET = TokenKind.ACCESS_TOKEN, TokenKind.JSAPI_TICKET
NEEDS_PERSON, KEYRING_LOCKED = NotificationKind.NEEDS_USER_ACTION, NotificationKind.KEYRING_LOCKED
EXPIRES, RECOVERED, REFRESHED = (
    NotificationKind.EXPIRING,
    NotificationKind.RECOVERED,
    NotificationKind.REFRESHED,
)
HOUR = 3600.0


class NotificationScenario:
    """One account whose attempts go through the real policy, and a person who is told what comes of them."""

    def __init__(self, name: str = "Shop", *, left: float = 7200, **account: object) -> None:
        self.account = Account(f"wx{name}", name, **account)  # type: ignore[arg-type]  # a test's shorthand
        self.now = NOW
        self.records: dict[TokenKind, TokenRecord | None] = {}
        self.standings: dict[TokenKind, RetryState] = {}
        self.refreshing: frozenset[TokenKind] = frozenset()
        self.paused = False
        self.memory: NotificationStates = {}
        self.wishes = NotificationSettings()
        self.before: Overview | None = None
        self.withdrawn: tuple[str, ...] = ()
        for kind in self.account.token_kinds:
            self.got(kind, left=left)
        assert self.look() == []

    def got(self, kind: TokenKind = TOKEN, *, left: float = 7200) -> None:
        """WeChat gave a value that lives this long."""
        made_at = self.now - 7200 + left
        before = self.records.get(kind)
        value = f"{kind}-{made_at}"
        self.records[kind] = TokenRecord(value, 7200, int(made_at * 1000), "/dogs", self.account.ahead)
        if before is not None:
            self.tried(kind, AttemptResult.NEW, fingerprint=value)

    def failed(self, result: AttemptResult, kind: TokenKind = TOKEN, **more: object) -> None:
        self.tried(kind, result, **more)

    def refused(self, errcode: int, kind: TokenKind = TOKEN, **more: object) -> None:
        self.tried(kind, AttemptResult.REFUSED, errcode=errcode, errmsg=f"errmsg {errcode}", **more)

    def offline(self, kind: TokenKind = TOKEN) -> None:
        self.tried(kind, AttemptResult.NO_ANSWER, detail=FailureKind.OFFLINE)

    def tried(self, kind: TokenKind, result: AttemptResult, **more: object) -> None:
        call = "stable_token" if kind is TOKEN else "getticket"
        fields = {"endpoint": call, "calls": 1, **more}
        entry = HistoryEntry(self.now, self.account.appid, kind, Trigger.TIMER, result, **fields)  # type: ignore[arg-type]
        before = self.standings.get(kind, RetryState())
        self.standings[kind] = policy.next_retry_state(before, entry, CATALOGUE, 0.5)

    def woken(self) -> None:
        self.standings = {kind: policy.after_resume(standing) for kind, standing in self.standings.items()}
        self.wishes = replace(self.wishes, quiet_until=self.now + STARTUP_QUIET_S)

    def later(self, seconds: float) -> "NotificationScenario":
        self.now += seconds
        return self

    @property
    def status(self) -> AccountStatus:
        return build_account_status(
            self.account,
            self.records,
            self.standings,
            self.now,
            refreshing_kinds=self.refreshing,
            is_paused=self.paused,
        )

    def look(self) -> list[NotificationKind]:
        return [notice.kind for notice in self.told()]

    def told(self) -> tuple[Notification, ...]:
        until = self.now + HOUR if self.paused else None
        overview = Overview(self.now, (self.status,), until)
        decision = decide_notifications(self.before, overview, self.memory, self.wishes, CATALOGUE)
        self.before, self.memory, self.withdrawn = overview, decision.states, decision.withdraw
        return decision.show


@pytest.fixture
def shop() -> NotificationScenario:
    return NotificationScenario()


def keep_failing(shop: NotificationScenario, *, seconds: float) -> list[NotificationKind]:
    """Offline and tried again as the policy says; everything that is told meanwhile."""
    told: list[NotificationKind] = []
    end = shop.now + seconds
    while shop.now < end:
        shop.offline()
        told += shop.look()
        next_at = shop.status.keys[0].next_attempt_at
        assert next_at is not None
        shop.later(max(1.0, next_at - shop.now))
    return told


# -- a person must act ----------------------------------------------------------------------------


def test_a_refusal_that_waits_for_a_person_is_told_once_and_its_end_too(shop: NotificationScenario) -> None:
    shop.later(7000).refused(40125)
    assert shop.look() == [NEEDS_PERSON]
    assert shop.later(30).look() == []
    shop.refused(40125)
    assert shop.later(30).look() == [], "tried again by hand, the same trouble"

    shop.later(60).got()
    shop.got(TICKET)
    assert shop.look() == [RECOVERED]
    assert shop.later(60).look() == []


def test_the_notice_carries_what_it_takes_to_act(shop: NotificationScenario) -> None:
    shop.later(7000).refused(40164, ip=OWN_IP)

    (notice,) = shop.told()

    assert (notice.appid, notice.account_name) == ("wxShop", "Shop")
    assert notice.entry is not None
    assert notice.entry.ip == OWN_IP
    assert notice.expires_at == NOW + 7200
    assert notice.actions == (
        NotificationAction.COPY_IP,
        NotificationAction.TRY_AGAIN,
        NotificationAction.OPEN,
    )
    assert notice.urgency is Urgency.CRITICAL


def test_another_ip_is_another_trouble(shop: NotificationScenario) -> None:
    shop.later(7000).refused(40164, ip=OWN_IP)
    assert shop.look() == [NEEDS_PERSON]
    shop.later(60).refused(40164, ip="198.51.100.9")
    assert shop.look() == [NEEDS_PERSON]


def test_a_ticket_that_is_not_allowed_is_told_while_everything_is_still_fresh(
    shop: NotificationScenario,
) -> None:
    shop.refused(48001, TICKET)
    assert shop.look() == [NEEDS_PERSON]


def test_an_account_has_one_notice_although_both_of_its_keys_fail(shop: NotificationScenario) -> None:
    shop.later(7201).refused(40125)
    shop.refused(48001, TICKET)
    assert shop.look() == [NEEDS_PERSON]


def test_of_two_troubles_the_one_for_a_person_is_told() -> None:
    shop = NotificationScenario(left=60)
    shop.offline()
    shop.look()
    shop.later(9).refused(48001, TICKET)
    assert shop.look() == [NEEDS_PERSON]


def test_what_lasts_is_told_again_after_hours_and_less_and_less_often(shop: NotificationScenario) -> None:
    shop.later(7000).refused(40125)
    assert shop.look() == [NEEDS_PERSON]
    for wait in (*REMIND_AFTER_S, REMIND_AFTER_S[-1]):
        assert shop.later(wait - 1).look() == []
        assert shop.later(1).look() == [NEEDS_PERSON]


def test_a_refusal_from_before_the_start_waits_for_the_first_attempt() -> None:
    shop = NotificationScenario(left=-60)
    shop.refused(40125)
    shop.standings = {kind: policy.after_restart(standing) for kind, standing in shop.standings.items()}
    assert shop.later(60).look() == [], "it is about to be tried again"
    assert shop.later(20).look() == []
    shop.refused(40125)
    assert shop.look() == [NEEDS_PERSON]


def test_a_full_disk_is_told_when_it_is_still_full_after_some_tries(shop: NotificationScenario) -> None:
    shop.failed(AttemptResult.NOT_WRITTEN, detail="/dogs/x.dog: the disk is full")
    assert shop.look() == []
    shop.later(9).failed(AttemptResult.NOT_WRITTEN, detail="/dogs/x.dog: the disk is full")
    assert shop.look() == [NEEDS_PERSON]


# -- what may mend itself -------------------------------------------------------------------------


def test_a_value_that_will_end_before_it_can_be_refreshed_is_told_in_its_last_minutes(
    shop: NotificationScenario,
) -> None:
    shop.later(7200 - 290)
    assert keep_failing(shop, seconds=160) == []
    told = keep_failing(shop, seconds=60)
    assert told == [EXPIRES]
    assert keep_failing(shop, seconds=2 * HOUR) == [], "expired is no second trouble"


def test_a_blip_of_the_network_is_not_told() -> None:
    shop = NotificationScenario(left=7200, ahead=10)
    shop.later(7191).offline()
    assert shop.look() == []
    shop.later(2).got()
    assert shop.look() == []


def test_a_budget_that_comes_back_too_late_is_told_with_minutes_to_go(shop: NotificationScenario) -> None:
    shop.later(7200 - 290).failed(AttemptResult.BUDGET_EXCEEDED)
    assert shop.look() == []
    (notice,) = shop.later(9).told()
    assert notice.kind is EXPIRES
    assert notice.expires_at == NOW + 7200
    assert notice.urgency is Urgency.NORMAL


def test_a_failure_long_before_the_end_is_not_told(shop: NotificationScenario) -> None:
    shop.offline()
    assert shop.look() == []
    assert shop.later(600).look() == []


def test_no_trouble_is_decided_while_an_attempt_is_under_way(shop: NotificationScenario) -> None:
    shop.later(7300).offline()
    shop.look()
    shop.refreshing = frozenset({TOKEN})
    assert shop.later(60).look() == []
    shop.refreshing = frozenset()
    assert shop.look() == [EXPIRES]


def test_a_locked_keyring_gets_a_moment_and_is_told_at_once_when_it_is_given_up() -> None:
    patient = NotificationScenario(left=100)
    patient.failed(AttemptResult.KEYRING_LOCKED)
    assert patient.look() == []
    patient.later(10).failed(AttemptResult.KEYRING_LOCKED)
    assert patient.look() == [KEYRING_LOCKED]

    stopped = NotificationScenario(left=100)
    for _ in policy.KEYRING_BACKOFFS_S:
        stopped.failed(AttemptResult.KEYRING_LOCKED)
    stopped.failed(AttemptResult.KEYRING_LOCKED)
    assert stopped.look() == [KEYRING_LOCKED]


def test_a_pause_is_not_reported_to_the_one_who_made_it(shop: NotificationScenario) -> None:
    shop.later(7100).offline()
    shop.paused = True
    assert shop.later(60).look() == []
    assert shop.later(600).look() == []
    shop.paused = False
    assert shop.look() == [EXPIRES]


# -- over -----------------------------------------------------------------------------------------


def test_a_recovery_without_a_trouble_that_was_told_is_silent(shop: NotificationScenario) -> None:
    shop.later(7200 - 290).offline()
    shop.look()
    shop.later(5).got()
    shop.got(TICKET)
    assert shop.look() == []


def test_a_recovery_waits_for_the_other_key(shop: NotificationScenario) -> None:
    shop.later(7100).got(TICKET, left=250)
    shop.offline()
    shop.look()
    assert shop.later(9).look() == [EXPIRES]
    shop.offline(TICKET)
    shop.got()
    assert shop.look() == []
    shop.later(2).got(TICKET)
    assert shop.look() == [RECOVERED]


def test_a_recovery_by_hand_is_told_in_a_pause_too(shop: NotificationScenario) -> None:
    shop.later(6000).refused(40125)
    assert shop.look() == [NEEDS_PERSON]
    shop.paused = True
    assert shop.later(60).look() == []
    shop.got()
    assert shop.look() == [RECOVERED]


def test_waking_up_is_no_recovery(shop: NotificationScenario) -> None:
    shop.later(1300).refused(40164, TICKET, ip=OWN_IP)
    assert shop.look() == [NEEDS_PERSON]
    shop.later(HOUR).woken()
    assert shop.status.first_failure is None, "it is to be tried again, and looks fresh"
    assert shop.look() == []
    assert shop.withdrawn == ()
    shop.later(20).refused(40164, TICKET, ip=OWN_IP)
    assert shop.look() == [], "still the same"
    shop.later(20).got(TICKET)
    assert shop.look() == [RECOVERED]


def test_a_recovery_that_is_not_to_be_told_takes_the_notice_away(shop: NotificationScenario) -> None:
    shop.wishes = NotificationSettings(enabled_kinds=DEFAULT_NOTIFICATION_KINDS - {RECOVERED})
    shop.later(7000).refused(40125)
    assert shop.look() == [NEEDS_PERSON]
    shop.later(60).got()
    shop.got(TICKET)
    assert shop.look() == []
    assert list(shop.withdrawn) == ["wxShop"]
    shop.later(60).look()
    assert not shop.withdrawn, "once"


def test_a_removed_account_takes_its_notice_along(shop: NotificationScenario) -> None:
    shop.later(7000).refused(40125)
    shop.look()

    decision = decide_notifications(shop.before, Overview(shop.now), shop.memory, shop.wishes, CATALOGUE)

    assert decision.withdraw == ("wxShop",)
    assert decision.states == {}


def test_accounts_do_not_get_in_each_others_way(shop: NotificationScenario) -> None:
    other = NotificationScenario("Other", platform=Platform.MINI_PROGRAM)
    shop.later(7000).refused(40125)
    other.later(7000).refused(40125)

    overview = Overview(shop.now, (shop.status, other.status))
    decision = decide_notifications(None, overview, {}, NotificationSettings(), CATALOGUE)

    assert [notice.appid for notice in decision.show] == ["wxShop", "wxOther"]


# -- silence --------------------------------------------------------------------------------------


def test_right_after_a_wake_up_only_what_needs_a_person_is_told(shop: NotificationScenario) -> None:
    shop.later(8 * HOUR).woken()
    shop.offline()
    shop.look()
    shop.later(10).offline()
    assert shop.look() == []
    assert shop.later(STARTUP_QUIET_S - 10).look() == [EXPIRES]

    other = NotificationScenario()
    other.later(8 * HOUR).woken()
    other.refused(40164, ip=OWN_IP)
    assert other.look() == [NEEDS_PERSON]


def test_a_clock_that_is_set_back_does_not_make_the_quiet_long(shop: NotificationScenario) -> None:
    shop.wishes = NotificationSettings(quiet_until=NOW + 10 * HOUR)
    shop.later(7199).offline()
    shop.look()
    assert shop.later(9).look() == [EXPIRES]


def test_a_snooze_holds_everything_back_and_then_what_still_lasts_is_told(shop: NotificationScenario) -> None:
    shop.wishes = NotificationSettings(snoozed_until=NOW + 8000)
    shop.later(7000).refused(40125)
    assert shop.look() == []
    assert shop.later(1000).look() == [NEEDS_PERSON]


def test_what_began_and_ended_in_a_snooze_was_never_there(shop: NotificationScenario) -> None:
    shop.wishes = NotificationSettings(snoozed_until=NOW + 8000)
    shop.later(7000).refused(40125)
    shop.look()
    shop.later(60).got()
    shop.got(TICKET)
    assert shop.look() == []
    assert shop.later(1000).look() == []


@pytest.mark.parametrize("kind", [NEEDS_PERSON, EXPIRES, KEYRING_LOCKED])
def test_a_kind_that_is_switched_off_is_not_told(kind: NotificationKind) -> None:
    shop = NotificationScenario(left=100)
    shop.wishes = NotificationSettings(enabled_kinds=DEFAULT_NOTIFICATION_KINDS - {kind})
    results = {
        NEEDS_PERSON: AttemptResult.NO_SECRET,
        EXPIRES: AttemptResult.INTERNAL_ERROR,
        KEYRING_LOCKED: AttemptResult.KEYRING_LOCKED,
    }
    shop.failed(results[kind])
    assert shop.look() == []
    assert shop.later(60).look() == []
    shop.wishes = NotificationSettings()
    assert shop.look() == [kind]


# -- events ---------------------------------------------------------------------------------------


def refused_alive(shop: NotificationScenario) -> HistoryEntry:
    return HistoryEntry(
        shop.now, shop.account.appid, TICKET, Trigger.TIMER, AttemptResult.REFUSED, errcode=40001
    )


def test_a_taken_token_is_told_even_in_the_quiet_time_and_leaves_no_recovery_behind(
    shop: NotificationScenario,
) -> None:
    shop.later(600).woken()
    shop.memory = with_superseded(shop.memory, shop.account.appid, refused_alive(shop))
    (notice,) = shop.told()
    assert notice.kind is NotificationKind.SUPERSEDED
    assert notice.entry is not None
    assert notice.entry.errcode == 40001
    assert notice.actions == (NotificationAction.OPEN,)

    shop.later(60).got()
    assert shop.look() == []


def test_two_servers_that_take_it_from_each_other_are_told_once_in_hours(shop: NotificationScenario) -> None:
    told = []
    for _ in range(30):
        shop.later(300).got()
        shop.got(TICKET)
        shop.memory = with_superseded(shop.memory, shop.account.appid, refused_alive(shop))
        told += shop.look()
    assert told == [NotificationKind.SUPERSEDED]
    for wait, expected in ((REMIND_AFTER_S[0], [NotificationKind.SUPERSEDED]), (REMIND_AFTER_S[0], [])):
        shop.later(wait).got()
        shop.got(TICKET)
        shop.memory = with_superseded(shop.memory, shop.account.appid, refused_alive(shop))
        assert shop.look() == expected


def test_a_taken_token_waits_while_a_person_must_act_or_wants_silence(shop: NotificationScenario) -> None:
    shop.wishes = NotificationSettings(snoozed_until=NOW + 60)
    shop.memory = with_superseded(shop.memory, shop.account.appid, refused_alive(shop))
    assert shop.look() == []
    assert shop.later(60).look() == [NotificationKind.SUPERSEDED]

    other = NotificationScenario()
    other.refused(48001, TICKET)
    assert other.look() == [NEEDS_PERSON]
    other.memory = with_superseded(other.memory, other.account.appid, refused_alive(other))
    assert other.later(60).look() == []
    other.got(TICKET)
    assert other.look() == [RECOVERED]
    assert other.later(1).look() == [NotificationKind.SUPERSEDED]


def test_a_taken_token_that_nobody_wants_to_hear_of_is_forgotten(shop: NotificationScenario) -> None:
    shop.wishes = NotificationSettings(
        enabled_kinds=DEFAULT_NOTIFICATION_KINDS - {NotificationKind.SUPERSEDED}
    )
    shop.memory = with_superseded(shop.memory, shop.account.appid, refused_alive(shop))
    assert shop.look() == []
    shop.wishes = NotificationSettings()
    assert shop.look() == []


def test_successes_are_told_only_on_request_and_once_for_both_keys(shop: NotificationScenario) -> None:
    assert REFRESHED not in DEFAULT_NOTIFICATION_KINDS
    shop.later(7000).got()
    assert shop.look() == []

    shop.wishes = NotificationSettings(enabled_kinds=frozenset(NotificationKind))
    shop.later(7000).got()
    shop.got(TICKET)
    (notice,) = shop.told()
    assert notice.kind is REFRESHED
    assert notice.expires_at == shop.now + 7200
    assert notice.urgency is Urgency.LOW
    assert shop.later(30).look() == []


def test_a_success_that_ends_a_trouble_is_a_recovery_and_no_success(shop: NotificationScenario) -> None:
    shop.wishes = NotificationSettings(enabled_kinds=frozenset(NotificationKind))
    shop.later(7000).refused(40125)
    assert shop.look() == [NEEDS_PERSON]
    shop.later(60).got()
    shop.got(TICKET)
    assert shop.look() == [RECOVERED]


def test_a_success_does_not_push_a_trouble_off_the_screen(shop: NotificationScenario) -> None:
    shop.wishes = NotificationSettings(enabled_kinds=frozenset(NotificationKind))
    shop.refused(48001, TICKET)
    assert shop.look() == [NEEDS_PERSON]
    shop.later(7000).got()
    assert shop.look() == []
