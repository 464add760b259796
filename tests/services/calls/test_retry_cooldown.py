"""Failures after which programs do not ask WeChat for a while."""

import pytest
from msgspec.structs import replace

from guarddog_gui.domain.refresh.history import AttemptResult, HistoryEntry, Trigger
from guarddog_gui.services.calls.retry_cooldown import REFUSED_COOLDOWN_S, active_cooldown, is_process_local
from tests.builders import TICKET, make_entry, make_refused_entry
from tests.errcode_catalogue import CATALOGUE
from tests.fakes import NOW


def entry(result: AttemptResult, at: float = NOW, *, errcode: int | None = None, calls: int = 1) -> HistoryEntry:
    return make_entry(result, at=at, trigger=Trigger.COMMAND, calls=calls, errcode=errcode, endpoint="stable_token")


def test_a_refusal_for_the_user_to_resolve_lasts_some_minutes() -> None:
    refused = entry(AttemptResult.REFUSED, errcode=40125)
    assert active_cooldown((refused,), CATALOGUE, NOW + REFUSED_COOLDOWN_S - 1) is refused
    assert active_cooldown((refused,), CATALOGUE, NOW + REFUSED_COOLDOWN_S) is None


def test_a_temporary_refusal_lasts_as_long_as_the_tray_waits() -> None:
    busy = entry(AttemptResult.REFUSED, errcode=-1)
    assert active_cooldown((busy,), CATALOGUE, NOW + 0.1) is busy
    assert active_cooldown((busy,), CATALOGUE, NOW + 10) is None


def test_a_success_ends_the_cooldown() -> None:
    past = (entry(AttemptResult.REFUSED, errcode=40125), entry(AttemptResult.NEW, NOW + 1))
    assert active_cooldown(past, CATALOGUE, NOW + 2) is None
    assert active_cooldown((), CATALOGUE, NOW) is None


@pytest.mark.parametrize("result", [AttemptResult.NO_SECRET, AttemptResult.KEYRING_LOCKED, AttemptResult.KEYRING_DOWN])
def test_keyring_failures_of_one_process_do_not_affect_others(result: AttemptResult) -> None:
    own = entry(result, NOW + 1, calls=0)
    assert is_process_local(own)
    assert active_cooldown((own,), CATALOGUE, NOW + 2) is None
    refused = entry(AttemptResult.REFUSED, errcode=40125)
    assert active_cooldown((refused, own), CATALOGUE, NOW + 2) is refused  # nor does it hide what does


def test_a_failed_write_counts_only_if_it_cost_a_call() -> None:
    assert is_process_local(entry(AttemptResult.NOT_WRITTEN, calls=0))
    assert not is_process_local(entry(AttemptResult.NOT_WRITTEN))


def test_a_failure_in_the_future_is_ignored() -> None:
    assert active_cooldown((entry(AttemptResult.REFUSED, NOW + 60, errcode=40125),), CATALOGUE, NOW) is None


def test_a_change_of_the_account_ends_the_cooldown() -> None:
    refused = entry(AttemptResult.REFUSED, errcode=40125)
    assert active_cooldown((refused,), CATALOGUE, NOW + 2, account_changed_at=NOW + 1) is None
    assert active_cooldown((refused,), CATALOGUE, NOW + 2, account_changed_at=NOW - 1) is refused


def test_a_new_token_ends_the_cooldown_of_a_ticket_refused_for_its_token() -> None:
    refused = make_refused_entry(40001, kind=TICKET, trigger=Trigger.COMMAND, endpoint="getticket")
    assert active_cooldown((refused,), CATALOGUE, NOW + 2) is refused
    assert active_cooldown((refused,), CATALOGUE, NOW + 2, token_renewed_at=NOW + 1) is None


def test_a_value_that_could_not_be_written_is_a_success_of_wechat() -> None:
    unwritten = replace(entry(AttemptResult.NOT_WRITTEN, NOW + 1), fingerprint="91_v…alue (64)")
    assert active_cooldown((unwritten,), CATALOGUE, NOW + 2) is None
    refused = entry(AttemptResult.REFUSED, errcode=40125)
    assert active_cooldown((refused, unwritten), CATALOGUE, NOW + 2) is None
