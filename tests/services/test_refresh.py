"""Refreshes of tokens and tickets, with every possible result."""

import pytest
from msgspec.structs import replace

from guarddog_gui.domain.accounts.account import Account, Endpoint, Platform, Secret
from guarddog_gui.domain.accounts.keyring_results import KeyringIsDown, KeyringIsLocked, LookupResult, SecretMissing
from guarddog_gui.domain.errors import FileError
from guarddog_gui.domain.refresh import policy
from guarddog_gui.domain.refresh.history import AttemptResult, HistoryEntry, Trigger
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord
from guarddog_gui.domain.wechat.errcodes import beijing_day_start
from guarddog_gui.domain.wechat.protocol import FailureKind, Reply, Request, TransportFailure
from guarddog_gui.services.calls.refresh_request import RefreshMode, RefreshResult
from tests.builders import CARD, SECRET, SHOP, TICKET, TOKEN
from tests.fakes import (
    NOW,
    OFFLINE_FAILURE,
    FakeAccountLock,
    FakeClock,
    FakeTransport,
    error_reply,
    json_reply,
    ticket_reply,
    token_reply,
)
from tests.services.refresh_setup import BOTH, RefreshSetup, make_setup

CLASSIC = replace(SHOP, endpoint=Endpoint.CLASSIC)
MINI = replace(SHOP, platform=Platform.MINI_PROGRAM)
CARDS = replace(SHOP, card_ticket=True)


def the(outcomes: tuple[RefreshResult, ...]) -> RefreshResult:
    (outcome,) = outcomes
    return outcome


# -- it works -----------------------------------------------------------------------------------------


def test_a_first_token_is_requested_written_and_recorded() -> None:
    d = make_setup(token_reply("T1"))

    outcome = the(d.refresh(TOKEN))

    assert outcome.record == TokenRecord("T1", 7200, int(NOW * 1000), "/dogs/wx0123456789abcdef", 290)
    assert d.dogs.read(SHOP, TOKEN) == outcome.record
    assert outcome.is_success
    assert d.history.entries == [outcome.entry]
    assert (outcome.entry.result, outcome.entry.calls, outcome.entry.endpoint) == (AttemptResult.NEW, 1, "stable_token")
    assert not d.lock.held_appids


def test_the_ticket_is_requested_with_the_new_token() -> None:
    d = make_setup(token_reply("T1"), ticket_reply("J1"))

    outcomes = d.refresh(*BOTH)

    assert [outcome.kind for outcome in outcomes] == [TOKEN, TICKET]
    assert d.transport.endpoints == ["stable_token", "getticket"]
    assert dict(d.transport.requests[1].query)["access_token"] == "T1"
    assert d.value_on_disk(SHOP, TICKET) == "J1"
    assert outcomes[1].entry.endpoint == "getticket"


def test_the_life_starts_when_the_request_is_sent() -> None:
    d = make_setup()

    def slow(_: Request) -> Reply:
        d.clock.advance(9)
        return token_reply("T1")

    d.transport.handler = slow
    look_up = d.secrets.get

    def slow_keyring(appid: str) -> LookupResult:
        d.clock.advance(4)
        return look_up(appid)

    d.secrets.get = slow_keyring  # type: ignore[method-assign]  # a keyring that asks a person first

    outcome = the(d.refresh(TOKEN))

    assert outcome.record is not None
    assert outcome.record.generated_at == NOW + 4
    assert outcome.entry.took_ms == 9000


def test_a_classic_account_uses_the_classic_endpoint() -> None:
    d = make_setup(token_reply("T1"))

    outcome = the(d.refresh(TOKEN, account=CLASSIC))

    assert d.transport.endpoints == ["token"]
    assert outcome.entry.endpoint == "token"


def test_a_mini_program_never_has_a_ticket() -> None:
    d = make_setup(token_reply("T1"))

    assert [o.kind for o in d.refresh(*BOTH, account=MINI)] == [TOKEN]
    assert d.refresh(TICKET, account=MINI) == ()
    assert d.transport.endpoints == ["stable_token"]


def test_the_same_token_is_written_with_its_remaining_life() -> None:
    d = make_setup(token_reply("T1", 295))
    d.holds(TOKEN, "T1", age=6910)

    outcome = the(d.refresh(TOKEN))

    assert outcome.entry.result is AttemptResult.SAME
    assert outcome.record is not None
    assert (outcome.record.generated_at, outcome.record.expires_in) == (NOW, 295)
    assert d.dogs.read(SHOP, TOKEN) == outcome.record


# -- nothing has to be done ---------------------------------------------------------------------------


def test_a_fresh_file_is_left_alone_without_a_history_entry() -> None:
    d = make_setup()
    record = d.holds(TOKEN, "T1")

    outcome = the(d.refresh(TOKEN, seen=record))

    assert (outcome.entry.result, outcome.record) == (AttemptResult.STILL_FRESH, record)
    assert outcome.is_success
    assert d.history.entries == []


def test_a_due_file_suffices_for_a_short_min_ttl() -> None:
    d = make_setup(token_reply("T2"))
    d.holds(TOKEN, "T1", age=7100)

    assert the(d.refresh(TOKEN, min_left=99)).entry.result is AttemptResult.STILL_FRESH
    assert the(d.refresh(TOKEN, min_left=100)).entry.result is AttemptResult.NEW


def test_a_newer_file_of_another_program_is_adopted() -> None:
    d = make_setup()
    mine = d.holds(TOKEN, "mine", age=7000)
    theirs = d.holds(TOKEN, "theirs", age=10)

    outcome = the(d.refresh(TOKEN, seen=mine))

    assert (outcome.entry.result, outcome.record) == (AttemptResult.ADOPTED, theirs)
    assert outcome.entry.expires_at == theirs.expires_at  # else the timeline would show a gap
    assert d.results == [("ACCESS_TOKEN", AttemptResult.ADOPTED)]
    assert outcome.entry.calls == 0


def test_always_mode_adopts_only_newer_fresh_values() -> None:
    d = make_setup(token_reply("T1"), token_reply("T2"), token_reply("T3"))
    mine = d.holds(TOKEN, "mine", age=100)
    ask = RefreshMode.ALWAYS

    assert the(d.refresh(TOKEN, seen=mine, eagerness=ask)).entry.result is AttemptResult.NEW
    d.holds(TOKEN, "older", age=200)
    assert the(d.refresh(TOKEN, seen=mine, eagerness=ask)).entry.result is AttemptResult.NEW
    d.holds(TOKEN, "newer but nearly dead", age=50, life=300)
    assert the(d.refresh(TOKEN, seen=mine, eagerness=ask)).entry.result is AttemptResult.NEW
    d.holds(TOKEN, "newer", age=50)
    assert the(d.refresh(TOKEN, seen=mine, eagerness=ask)).entry.result is AttemptResult.ADOPTED


def test_files_from_the_future_that_cannot_be_replaced_are_over_for_their_followers_by_any_clock() -> None:
    d = make_setup(OFFLINE_FAILURE)
    d.holds(TOKEN, "T1", age=-6 * 3600)
    d.holds(TICKET, "J1", age=-6 * 3600)

    failed = the(d.refresh(*BOTH))

    assert failed.entry.result is AttemptResult.NO_ANSWER
    records = [d.dogs.read(SHOP, kind) for kind in BOTH]
    assert [record.value for record in records if record] == ["T1", "J1"]
    for now in (NOW, NOW - 20 * 24 * 3600):  # the clock that is ahead now may be set right
        assert [now >= record.expires_at for record in records if record] == [True, True]


def test_a_file_from_the_future_is_replaced() -> None:
    d = make_setup(token_reply("T2"))
    d.holds(TOKEN, "T1", age=-3600)

    assert the(d.refresh(TOKEN)).entry.result is AttemptResult.NEW


@pytest.mark.parametrize("text", ["", "{", "[]", '{"data":"x"}'])
def test_a_damaged_file_counts_as_absent_and_is_replaced(text: str) -> None:
    d = make_setup(token_reply("T1"))
    d.dogs.put_text(SHOP, TOKEN, text)

    assert the(d.refresh(TOKEN)).entry.result is AttemptResult.NEW
    assert d.value_on_disk(SHOP, TOKEN) == "T1"


# -- it does not work -----------------------------------------------------------------------------------


@pytest.mark.parametrize("errcode", [-1, 40001, 40013, 40125, 40164, 40243, 45009, 45011, 50004, 89503, 987654])
def test_a_refusal_is_recorded_in_full_and_the_old_value_stays(errcode: int) -> None:
    d = make_setup(error_reply(errcode, "invalid ip 203.0.113.7 rid: 6176a2e0-0a0b0c0d-00000001"))
    due = d.holds(TOKEN, "T1", age=7000)

    outcome = the(d.refresh(TOKEN))

    entry = outcome.entry
    assert (entry.result, entry.errcode, entry.calls) == (AttemptResult.REFUSED, errcode, 1)
    assert (entry.ip, entry.rid) == ("203.0.113.7", "6176a2e0-0a0b0c0d-00000001")
    assert entry.endpoint == "stable_token"
    assert not outcome.is_success
    assert outcome.record == due
    assert d.value_on_disk(SHOP, TOKEN) == "T1"


def test_a_lost_reply_counts_as_a_call_and_no_network_does_not() -> None:
    d = make_setup(OFFLINE_FAILURE, TransportFailure(FailureKind.TIMEOUT, "read"), Reply(200, b"<html>"))

    entries = [the(d.refresh(TOKEN)).entry for _ in range(3)]

    assert [entry.result for entry in entries] == [AttemptResult.NO_ANSWER] * 3
    assert [entry.detail for entry in entries] == ["offline no route", "timeout read", "not-json html"]
    assert [entry.calls for entry in entries] == [0, 1, 1]


@pytest.mark.parametrize(
    ("answer", "result", "detail"),
    [
        (SecretMissing(), AttemptResult.NO_SECRET, ""),
        (KeyringIsLocked("the prompt was dismissed"), AttemptResult.KEYRING_LOCKED, "the prompt was dismissed"),
        (KeyringIsDown("no bus"), AttemptResult.KEYRING_DOWN, "no bus"),
    ],
)
def test_without_a_secret_wechat_is_not_asked(answer: LookupResult, result: AttemptResult, detail: str) -> None:
    d = make_setup()
    d.secrets.lookup_result = answer
    due = d.holds(TOKEN, "T1", age=7000)

    outcome = the(d.refresh(TOKEN))

    assert (outcome.entry.result, outcome.entry.detail) == (result, detail)
    assert outcome.record == due
    assert d.transport.requests == []


@pytest.mark.parametrize(("errcode", "forgotten"), [(40125, True), (40001, True), (40013, False), (-1, False)])
def test_a_refused_secret_is_read_again_from_the_keyring(errcode: int, forgotten: bool) -> None:  # noqa: FBT001
    d = make_setup(error_reply(errcode))

    d.refresh(TOKEN)

    assert d.secrets.invalidated == ([SHOP.appid] if forgotten else [])


def test_a_cached_secret_that_has_changed_is_retried_at_once() -> None:
    d = make_setup(error_reply(40125), token_reply("T1"))
    d.secrets.cached[SHOP.appid] = Secret("0" * 32)

    outcome = the(d.refresh(TOKEN))

    assert (outcome.entry.result, outcome.entry.calls) == (AttemptResult.NEW, 2)
    assert d.value_on_disk(SHOP, TOKEN) == "T1"
    assert len(d.transport.requests) == 2


def test_an_unchanged_secret_is_not_retried() -> None:
    d = make_setup(error_reply(40125))
    d.secrets.cached[SHOP.appid] = d.secrets.stored[SHOP.appid]

    assert the(d.refresh(TOKEN)).entry.errcode == 40125
    assert len(d.transport.requests) == 1


def test_a_request_that_respects_failures_waits_for_the_cooldown() -> None:
    d = make_setup(error_reply(40164), token_reply("T1"))
    refused = the(d.refresh(TOKEN, trigger=Trigger.COMMAND))

    again = the(d.refresh(TOKEN, trigger=Trigger.COMMAND, patient=0.0))

    assert again.entry == refused.entry
    assert (len(d.transport.requests), len(d.history.entries)) == (1, 1)
    d.clock.advance(400)
    assert the(d.refresh(TOKEN, trigger=Trigger.COMMAND, patient=0.0)).entry.result is AttemptResult.NEW


def test_a_ticket_in_cooldown_is_not_requested_with_a_valid_token() -> None:
    d = make_setup(error_reply(48001), ticket_reply("J1"))
    d.holds(TOKEN, "T1")
    refused = the(d.refresh(TICKET, trigger=Trigger.COMMAND))
    assert refused.entry.errcode == 48001

    assert the(d.refresh(TICKET, trigger=Trigger.COMMAND, patient=0.0)).entry == refused.entry
    assert len(d.transport.requests) == 1


def test_a_recently_confirmed_value_is_not_requested_again() -> None:
    d = make_setup(token_reply("T1", 3000), token_reply("T2"))
    d.holds(TOKEN, "T1", age=4200)
    assert the(d.refresh(TOKEN, min_left=3500)).entry.result is AttemptResult.SAME
    d.clock.advance(60)

    assert the(d.refresh(TOKEN, min_left=3500)).entry.result is AttemptResult.STILL_FRESH
    assert len(d.transport.requests) == 1
    d.clock.advance(1200)
    assert the(d.refresh(TOKEN, min_left=3500)).entry.result is AttemptResult.NEW


def test_a_ticket_uses_the_token_that_is_only_in_memory() -> None:
    d = make_setup(ticket_reply("J1"))
    held = TokenRecord("T1", 7200, int(NOW * 1000), "", 290)

    outcomes = d.refresh(TICKET, held=((TOKEN, held),))

    assert the(outcomes).entry.result is AttemptResult.NEW
    assert d.transport.requests[0].query[0] == ("access_token", "T1")


def test_a_full_disk_keeps_the_old_file_and_returns_the_new_value() -> None:
    d = make_setup(token_reply("T2"), ticket_reply("J2"))
    d.holds(TOKEN, "T1", age=7000)
    d.dogs.is_disk_full = True

    token, ticket = d.refresh(*BOTH)

    assert (token.entry.result, ticket.entry.result) == (AttemptResult.NOT_WRITTEN, AttemptResult.NOT_WRITTEN)
    assert not token.is_success
    assert "no space left" in token.entry.detail
    assert token.record is not None
    assert token.record.value == "T2"
    assert dict(d.transport.requests[1].query)["access_token"] == "T2"  # it is good enough for the ticket
    assert d.value_on_disk(SHOP, TOKEN) == "T1"


def test_a_busy_account_is_not_refreshed() -> None:
    d = make_setup()
    due = d.holds(TOKEN, "T1", age=7000)
    d.lock.is_busy = True

    outcome = the(d.refresh(*BOTH))

    assert (outcome.kind, outcome.entry.result, outcome.record) == (TOKEN, AttemptResult.LOCK_BUSY, due)
    assert d.results == [("ACCESS_TOKEN", AttemptResult.LOCK_BUSY)]
    assert d.transport.requests == []


def test_a_lock_file_that_cannot_be_created_is_a_file_error() -> None:
    d = make_setup()

    class ReadOnly(FakeAccountLock):
        def acquire(self, appid: str) -> None:  # type: ignore[override]  # it does not get as far as to return
            raise FileError(f"/locks/{appid}.lock", "read-only file system")

    d.lock = ReadOnly()

    outcome = the(d.refresh(TOKEN))

    assert outcome.entry.result is AttemptResult.NOT_WRITTEN
    assert "read-only" in outcome.entry.detail
    assert d.transport.requests == []


def test_an_unexpected_exception_releases_the_lock() -> None:
    d = make_setup()

    with pytest.raises(StopIteration):
        d.refresh(TOKEN)

    assert not d.lock.held_appids


# -- tickets ----------------------------------------------------------------------------------------------


def test_a_ticket_alone_uses_the_token_on_disk() -> None:
    d = make_setup(ticket_reply("J1"))
    d.holds(TOKEN, "T1", age=7000)  # due, and alive

    outcome = the(d.refresh(TICKET))

    assert (outcome.kind, outcome.entry.result) == (TICKET, AttemptResult.NEW)
    assert d.transport.endpoints == ["getticket"]
    assert d.secrets.lookup_count == 0


@pytest.mark.parametrize("age", [7198.5, 8000])
def test_a_ticket_alone_requests_a_token_if_there_is_no_valid_one(age: float) -> None:
    d = make_setup(token_reply("T2"), ticket_reply("J1"))
    d.holds(TOKEN, "T1", age=age)

    outcomes = d.refresh(TICKET)

    assert [(o.kind, o.entry.result) for o in outcomes] == [(TOKEN, AttemptResult.NEW), (TICKET, AttemptResult.NEW)]


@pytest.mark.parametrize("kinds", [(TICKET,), BOTH])
def test_without_a_token_only_the_failure_of_the_token_is_returned(kinds: tuple[TokenKind, ...]) -> None:
    d = make_setup(error_reply(40164))

    outcome = the(d.refresh(*kinds))

    assert (outcome.kind, outcome.entry.errcode) == (TOKEN, 40164)
    assert d.transport.endpoints == ["stable_token"]


def test_a_ticket_is_requested_with_a_valid_token_that_failed_to_refresh() -> None:
    d = make_setup(error_reply(-1), ticket_reply("J1"))
    d.holds(TOKEN, "T1", age=7000)

    token, ticket = d.refresh(*BOTH)

    assert (token.entry.errcode, ticket.entry.result) == (-1, AttemptResult.NEW)


def test_a_token_that_expires_during_the_refresh_is_reported() -> None:
    class Ticking(FakeClock):
        def __call__(self) -> float:
            self.advance(0.3)
            return self.now

    d = make_setup()
    d.clock = Ticking()
    d.holds(TOKEN, "T1", age=7196.7)

    outcome = the(d.refresh(TICKET))

    assert (outcome.kind, outcome.entry.result) == (TOKEN, AttemptResult.STILL_FRESH)
    assert d.transport.requests == []


def test_a_ticket_is_relied_on_for_twenty_minutes_if_its_age_is_unknown() -> None:
    d = make_setup(ticket_reply("J1"), ticket_reply("J1"))
    d.holds(TOKEN, "T1")

    first = the(d.refresh(TICKET))
    d.clock.advance(1200)
    again = the(d.refresh(TICKET))

    assert [d.lifetimes(first), d.lifetimes(again)] == [(NOW, 1200), (NOW + 1200, 1200)]
    assert (again.entry.result, again.entry.detail) == (AttemptResult.SAME, "")


def test_a_ticket_that_was_seen_replacing_another_has_its_whole_life() -> None:
    d = make_setup(ticket_reply("J1"), ticket_reply("J2"))
    d.holds(TOKEN, "T1")

    d.refresh(TICKET)
    d.clock.advance(1200)
    replaced = the(d.refresh(TICKET))

    assert d.lifetimes(replaced) == (NOW + 1200, 7200)
    assert d.life_on_disk(TICKET) == 7200


def test_the_same_ticket_keeps_its_file_and_expiry() -> None:
    d = make_setup(ticket_reply("J1"), ticket_reply("J2"), ticket_reply("J2"))
    d.holds(TOKEN, "T1")
    d.refresh(TICKET)
    d.clock.advance(1200)
    first = the(d.refresh(TICKET)).record
    d.clock.advance(1200)
    writes = d.dogs.write_count

    outcome = the(d.refresh(TICKET, eagerness=RefreshMode.ALWAYS, seen=first))

    assert (outcome.entry.result, outcome.entry.detail) == (AttemptResult.SAME, policy.EXPIRY_KEPT)
    assert outcome.record == first
    assert d.dogs.write_count == writes


@pytest.mark.parametrize("set_back_s", [7200, 3600])
def test_a_ticket_of_unknown_age_after_the_clock_was_set_back_is_written_once(set_back_s: int) -> None:
    d = make_setup(ticket_reply("J1"), *[ticket_reply("J2")] * 2)
    d.holds(TOKEN, "T1", age=set_back_s)
    d.refresh(TICKET)
    d.clock.advance(1200)
    d.refresh(TICKET)
    d.clock.advance(1800 - set_back_s)

    d.is_clock_set_back = True
    written = the(d.refresh(TICKET, eagerness=RefreshMode.ALWAYS))

    assert d.lifetimes(written) == (NOW + 3000 - set_back_s, 1200)
    d.is_clock_set_back = False
    assert the(d.refresh(TICKET)).entry.result is AttemptResult.STILL_FRESH


def test_a_ticket_that_came_back_at_the_end_of_its_life_gets_no_new_one() -> None:
    d = make_setup(ticket_reply("J1"), ticket_reply("J2"), token_reply("T2"), ticket_reply("J2"))
    d.holds(TOKEN, "T1")
    d.refresh(TICKET)
    d.clock.advance(1200)
    d.refresh(TICKET)
    d.clock.advance(7170)

    token, outcome = d.refresh(TICKET)

    assert (token.kind, outcome.entry.result, outcome.entry.detail) == (TOKEN, AttemptResult.SAME, "")
    assert d.lifetimes(outcome) == (NOW + 1200 + 7170, 60)


def test_a_ticket_that_another_program_wrote_is_verified_and_has_a_short_life() -> None:
    d = make_setup(ticket_reply("J1"), ticket_reply("J-THEIRS"))
    d.holds(TOKEN, "T1")
    d.refresh(TICKET)
    d.holds(TICKET, "J-THEIRS", age=0, is_foreign=True)
    d.clock.advance(3600)
    d.holds(TOKEN, "T1", age=-3600)
    d.holds(TICKET, "J-THEIRS", age=-3600, is_foreign=True)

    outcome = the(d.refresh(TICKET, eagerness=RefreshMode.ADOPT_ONLY))

    assert outcome.entry.result is AttemptResult.ADOPTED
    assert d.lifetimes(outcome) == (NOW + 3600, 1200)
    assert d.life_on_disk(TICKET) == 1200


@pytest.mark.parametrize("errcode", [40001, 40014, 42001])
def test_a_rejected_token_is_renewed_and_the_ticket_retried(errcode: int) -> None:
    d = make_setup(error_reply(errcode), token_reply("T2"), ticket_reply("J1"))
    d.holds(TOKEN, "T1")

    token, ticket = d.refresh(TICKET)

    assert d.transport.endpoints == ["getticket", "stable_token", "getticket"]
    assert (token.entry.result, d.value_on_disk(SHOP, TOKEN)) == (AttemptResult.NEW, "T2")
    assert (ticket.entry.result, ticket.entry.calls) == (AttemptResult.NEW, 2)
    assert dict(d.transport.requests[2].query)["access_token"] == "T2"


def test_a_ticket_is_retried_only_once() -> None:
    d = make_setup(error_reply(42001), token_reply("T2"), error_reply(42001))
    d.holds(TOKEN, "T1")

    token, ticket = d.refresh(TICKET)

    assert token.entry.result is AttemptResult.NEW
    assert (ticket.entry.errcode, ticket.entry.calls) == (42001, 2)
    assert d.transport.endpoints == ["getticket", "stable_token", "getticket"]


def test_a_rejected_token_is_never_forced() -> None:
    d = make_setup(error_reply(42001), token_reply("T2"), ticket_reply("J1"))
    d.holds(TOKEN, "T1")

    d.refresh(TICKET, eagerness=RefreshMode.FORCE)

    assert dict(d.transport.requests[1].body or ())["force_refresh"] is False


def test_a_ticket_is_not_retried_with_the_same_token() -> None:
    d = make_setup(error_reply(40001), token_reply("T1", 5000))
    d.holds(TOKEN, "T1")

    token, ticket = d.refresh(TICKET)

    assert token.entry.result is AttemptResult.SAME
    assert (ticket.entry.errcode, ticket.entry.calls) == (40001, 1)


def test_a_ticket_keeps_its_refusal_if_no_token_is_issued() -> None:
    d = make_setup(error_reply(40001), error_reply(-1))
    d.holds(TOKEN, "T1")

    token, ticket = d.refresh(TICKET)

    assert (token.entry.errcode, ticket.entry.errcode) == (-1, 40001)


def test_an_unwritten_new_token_is_used_for_the_ticket() -> None:
    d = make_setup(error_reply(40001), token_reply("T2"), ticket_reply("J1"))
    d.holds(TOKEN, "T1")
    d.dogs.is_disk_full = True

    token, ticket = d.refresh(TICKET)

    assert (token.entry.result, ticket.entry.result) == (AttemptResult.NOT_WRITTEN, AttemptResult.NOT_WRITTEN)
    assert ticket.record is not None


def test_a_token_written_meanwhile_is_used_instead_of_a_request() -> None:
    d = make_setup()
    d.holds(TOKEN, "T1", age=100)

    def kill(request: Request) -> Reply:
        if "T1" in dict(request.query).values():
            d.holds(TOKEN, "T2", age=10)
            return error_reply(40001)
        return ticket_reply("J1")

    d.transport.handler = kill

    token, ticket = d.refresh(TICKET)

    assert (token.entry.result, ticket.entry.result) == (AttemptResult.ADOPTED, AttemptResult.NEW)
    assert d.transport.endpoints == ["getticket", "getticket"]


@pytest.mark.parametrize("errcode", [48001, 40164, 45009, -1])
def test_a_ticket_refused_for_another_reason_renews_no_token(errcode: int) -> None:
    d = make_setup(error_reply(errcode))
    d.holds(TOKEN, "T1")

    outcome = the(d.refresh(TICKET))

    assert (outcome.kind, outcome.entry.errcode, outcome.entry.endpoint) == (TICKET, errcode, "getticket")


def test_a_ticket_request_may_get_no_answer() -> None:
    d = make_setup(OFFLINE_FAILURE)
    d.holds(TOKEN, "T1")

    assert the(d.refresh(TICKET)).entry.result is AttemptResult.NO_ANSWER


# -- two tickets ------------------------------------------------------------------------------------------


def types_asked_for(d: RefreshSetup) -> list[str | None]:
    return [dict(request.query).get("type") for request in d.transport.requests]


def test_the_card_ticket_has_its_own_type_and_file() -> None:
    d = make_setup(token_reply("T1"), ticket_reply("J1"), ticket_reply("C1"))

    outcomes = d.refresh(*CARDS.token_kinds, account=CARDS)

    assert [outcome.kind for outcome in outcomes] == [TOKEN, TICKET, CARD]
    assert types_asked_for(d) == [None, "jsapi", "wx_card"]
    assert (d.value_on_disk(SHOP, TICKET), d.value_on_disk(SHOP, CARD)) == ("J1", "C1")
    assert outcomes[2].entry.endpoint == "getticket"


def test_a_disabled_card_ticket_is_not_requested() -> None:
    d = make_setup()

    assert d.refresh(CARD) == ()
    assert d.transport.requests == []


@pytest.mark.parametrize("full", [False, True])
def test_a_token_requested_for_one_ticket_serves_the_other(full: bool) -> None:  # noqa: FBT001
    d = make_setup(token_reply("T1"), ticket_reply("J1"), ticket_reply("C1"))
    d.dogs.is_disk_full = full

    outcomes = d.refresh(TICKET, CARD, account=CARDS)

    assert [outcome.kind for outcome in outcomes] == [TOKEN, TICKET, CARD]
    assert [dict(request.query).get("access_token") for request in d.transport.requests] == [None, "T1", "T1"]


def test_an_unavailable_token_is_requested_once_for_both_tickets() -> None:
    d = make_setup(error_reply(40164))

    outcome = the(d.refresh(TICKET, CARD, account=CARDS))

    assert (outcome.kind, outcome.entry.errcode) == (TOKEN, 40164)
    assert d.results == [(TOKEN, AttemptResult.REFUSED)]


def test_a_token_renewed_for_one_ticket_serves_the_other() -> None:
    d = make_setup(error_reply(40001), token_reply("T2"), ticket_reply("J1"), ticket_reply("C1"))
    d.holds(TOKEN, "T1")

    outcomes = d.refresh(TICKET, CARD, account=CARDS)

    assert [(o.kind, o.entry.result) for o in outcomes] == [(kind, AttemptResult.NEW) for kind in TokenKind]
    assert dict(d.transport.requests[3].query)["access_token"] == "T2"


def test_a_token_is_renewed_at_most_once_per_refresh() -> None:
    d = make_setup(error_reply(42001), token_reply("T2"), error_reply(42001), error_reply(42001))
    d.holds(TOKEN, "T1")

    token, ticket, card = d.refresh(TICKET, CARD, account=CARDS)

    assert token.entry.result is AttemptResult.NEW
    assert (ticket.entry.errcode, ticket.entry.calls) == (42001, 2)
    assert (card.entry.errcode, card.entry.calls) == (42001, 1)


def test_a_ticket_without_permission_does_not_affect_the_other() -> None:
    d = make_setup(token_reply("T1"), ticket_reply("J1"), error_reply(48001))

    _, ticket, card = d.refresh(*CARDS.token_kinds, account=CARDS)

    assert ticket.is_success
    assert (card.entry.errcode, card.entry.key) == (48001, "CARD_TICKET")


# -- earlier tickets --------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [TICKET, CARD])
def test_a_replaced_ticket_is_kept_for_the_diagnosis(kind: TokenKind) -> None:
    d = make_setup(ticket_reply("J2"), ticket_reply("J3"))
    d.holds(TOKEN, "T1")
    d.holds(kind, "J1", age=7200)

    d.refresh(kind, account=CARDS)
    d.clock.advance(60)
    d.refresh(kind, account=CARDS, eagerness=RefreshMode.ALWAYS)

    assert d.tickets.recent(SHOP, d.clock()) == ("J2", "J1")


def test_only_replaced_tickets_are_kept_for_the_diagnosis() -> None:
    d = make_setup(token_reply("T2"), ticket_reply("J1"), ticket_reply("J1"))
    d.holds(TOKEN, "T1", age=7200)

    d.refresh(*BOTH)
    d.refresh(TICKET, eagerness=RefreshMode.ALWAYS)

    assert d.tickets.stored == {}


def test_a_ticket_with_an_unwritten_successor_is_not_replaced() -> None:
    d = make_setup(ticket_reply("J2"))
    d.holds(TOKEN, "T1")
    d.holds(TICKET, "J1", age=7200)
    d.dogs.is_disk_full = True

    d.refresh(TICKET)

    assert d.tickets.stored == {}


# -- force and budget -------------------------------------------------------------------------------------


def test_a_forced_token_is_new_even_if_the_old_one_is_fresh() -> None:
    d = make_setup(token_reply("T2"), ticket_reply("J1"))
    d.holds(TOKEN, "T1")

    token, ticket = d.refresh(*BOTH, trigger=Trigger.USER, eagerness=RefreshMode.FORCE)

    assert dict(d.transport.requests[0].body or ())["force_refresh"] is True
    assert (token.entry.result, token.entry.forced, d.value_on_disk(SHOP, TOKEN)) == (AttemptResult.NEW, True, "T2")
    assert not ticket.entry.forced


def test_a_refused_forced_request_counts() -> None:
    d = make_setup(error_reply(45009))

    assert the(d.refresh(TOKEN, trigger=Trigger.USER, eagerness=RefreshMode.FORCE)).entry.forced


def test_a_second_forced_request_within_30_seconds_is_not_sent() -> None:
    d = make_setup(token_reply("T1"), token_reply("T2"))
    force = {"trigger": Trigger.USER, "eagerness": RefreshMode.FORCE}

    d.refresh(TOKEN, **force)  # type: ignore[arg-type]  # two fields of two types
    d.clock.advance(29)
    held_back = the(d.refresh(TOKEN, **force))  # type: ignore[arg-type]  # the same
    d.clock.advance(1)
    third = the(d.refresh(TOKEN, **force))  # type: ignore[arg-type]  # the same

    assert (held_back.entry.result, held_back.entry.detail) == (AttemptResult.BUDGET_EXCEEDED, f"forced {NOW + 30:.0f}")
    assert held_back.record is not None
    assert third.entry.result is AttemptResult.NEW
    assert len(d.transport.requests) == 2


def test_the_21st_forced_request_of_a_day_waits_for_the_next() -> None:
    d = RefreshSetup(FakeTransport(lambda _: token_reply("T")))
    d.clock.now = beijing_day_start(NOW) + 60
    outcomes = []
    for _ in range(21):
        outcomes.append(the(d.refresh(TOKEN, trigger=Trigger.USER, eagerness=RefreshMode.FORCE)))
        d.clock.advance(31)

    assert [o.entry.result for o in outcomes[:20]] == [AttemptResult.NEW] + [AttemptResult.SAME] * 19
    midnight = beijing_day_start(NOW) + 86_400
    assert outcomes[20].entry.detail == f"forced {midnight:.0f}"
    d.clock.now = midnight
    assert the(d.refresh(TOKEN, trigger=Trigger.USER, eagerness=RefreshMode.FORCE)).entry.calls == 1


def used_up(d: RefreshSetup, calls: int, trigger: Trigger = Trigger.TIMER) -> None:
    """Return the history that an earlier run of the program left."""
    for n in range(calls):
        d.history.append(HistoryEntry(NOW - n, SHOP.appid, TOKEN, trigger, AttemptResult.REFUSED, calls=1, errcode=-1))


def test_the_daily_budget_survives_restarts_and_ends_with_the_day() -> None:
    d = make_setup(token_reply("T1"))
    used_up(d, policy.DAILY_CALL_BUDGET)

    assert the(d.refresh(TOKEN)).entry.result is AttemptResult.BUDGET_EXCEEDED
    assert d.transport.requests == []

    d.clock.now = beijing_day_start(NOW) + 86_400
    assert the(d.refresh(TOKEN)).entry.result is AttemptResult.NEW


def test_the_budget_does_not_apply_to_requests_of_the_user() -> None:
    d = make_setup(token_reply("T1"), token_reply("T2"))
    used_up(d, policy.DAILY_CALL_BUDGET)
    assert the(d.refresh(TOKEN, trigger=Trigger.USER)).entry.result is AttemptResult.NEW

    d = make_setup(token_reply("T1"))
    used_up(d, policy.DAILY_CALL_BUDGET, Trigger.USER)
    assert the(d.refresh(TOKEN)).entry.result is AttemptResult.NEW


def test_tickets_leave_part_of_the_budget_to_the_token() -> None:
    d = make_setup()
    used_up(d, policy.DAILY_CALL_BUDGET - policy.TOKEN_RESERVED_CALLS)
    d.holds(TOKEN, "T1")

    outcome = the(d.refresh(TICKET))

    assert (outcome.kind, outcome.entry.result) == (TICKET, AttemptResult.BUDGET_EXCEEDED)
    assert d.transport.requests == []


def test_calls_of_other_accounts_are_not_counted() -> None:
    d = make_setup(token_reply("T1"))
    for n in range(600):
        d.history.append(HistoryEntry(NOW - n, "wx-other", TOKEN, Trigger.TIMER, AttemptResult.NEW, calls=1))

    assert the(d.refresh(TOKEN)).entry.result is AttemptResult.NEW


# -- secrets ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("account", [SHOP, CLASSIC], ids=["stable", "classic"])
def test_no_secret_or_value_is_in_history_result_or_repr(account: Account) -> None:
    token = "91_" + "t" * 60
    ticket = "kg" + "j" * 60
    told: list[object] = []
    for replies in (
        [token_reply(token), ticket_reply(ticket)],
        [error_reply(40125, f"you sent {SECRET}")],
        [token_reply(token), error_reply(48001, f"you sent {token}")],
        [Reply(500, SECRET.encode())],
        [json_reply(errcode=0, secret=SECRET)],
    ):
        d = make_setup(*replies)
        outcomes = d.refresh(*BOTH, account=account)
        told += [d.history.entries, [o.entry for o in outcomes], d.transport.requests, d.secrets.stored]

    shown = f"{told!r} {told!s}"
    assert shown.count("you sent …") == 8  # in the history and in the outcome, in each of both texts
    for hidden in (SECRET, token, ticket):
        assert hidden not in shown


def test_a_ticket_that_lives_for_two_minutes_is_not_requested_many_times_a_second() -> None:
    d = RefreshSetup(FakeTransport(lambda _: ticket_reply("J1", 120)))
    d.holds(TOKEN, "T1")
    until = d.clock() + 600
    while d.clock() < until:
        ticket = d.dogs.read(SHOP, TICKET)
        if ticket is None or not ticket.is_fresh(d.clock()):
            d.refresh(TICKET)
        d.clock.advance(0.1)
    assert 10 <= d.transport.endpoints.count("getticket") <= 50
