"""After which failures programs leave WeChat alone, and which are nobody else's business."""

import pytest

from guarddog_gui.domain.refresh.history import Entry, Result, Trigger
from guarddog_gui.services.retry_cooldown import REFUSED_S, held_by, is_of_one_process
from tests.catalogue import CATALOGUE
from tests.fakes import NOW


def entry(result: Result, at: float = NOW, *, errcode: int | None = None, calls: int = 1) -> Entry:
    return Entry(
        at, "wx1", "ACCESS_TOKEN", Trigger.COMMAND, result,
        calls=calls, errcode=errcode, endpoint="stable_token",
    )  # fmt: skip


def test_a_refusal_that_a_person_must_mend_holds_for_some_minutes() -> None:
    refused = entry(Result.REFUSED, errcode=40125)
    assert held_by((refused,), CATALOGUE, NOW + REFUSED_S - 1) is refused
    assert held_by((refused,), CATALOGUE, NOW + REFUSED_S) is None


def test_one_that_time_mends_holds_for_as_long_as_the_tray_waits() -> None:
    busy = entry(Result.REFUSED, errcode=-1)
    assert held_by((busy,), CATALOGUE, NOW + 0.1) is busy
    assert held_by((busy,), CATALOGUE, NOW + 10) is None


def test_a_success_ends_it() -> None:
    past = (entry(Result.REFUSED, errcode=40125), entry(Result.NEW, NOW + 1))
    assert held_by(past, CATALOGUE, NOW + 2) is None
    assert held_by((), CATALOGUE, NOW) is None


@pytest.mark.parametrize("result", [Result.NO_SECRET, Result.KEYRING_LOCKED, Result.KEYRING_DOWN])
def test_a_keyring_that_one_process_does_not_have_holds_nobody_else(result: Result) -> None:
    own = entry(result, NOW + 1, calls=0)
    assert is_of_one_process(own)
    assert held_by((own,), CATALOGUE, NOW + 2) is None
    refused = entry(Result.REFUSED, errcode=40125)
    assert held_by((refused, own), CATALOGUE, NOW + 2) is refused  # nor does it hide what does


def test_a_file_that_could_not_be_written_holds_only_where_it_has_cost_a_call() -> None:
    assert is_of_one_process(entry(Result.NOT_WRITTEN, calls=0))
    assert not is_of_one_process(entry(Result.NOT_WRITTEN))


def test_a_failure_in_the_future_was_timed_by_a_wrong_clock() -> None:
    assert held_by((entry(Result.REFUSED, NOW + 60, errcode=40125),), CATALOGUE, NOW) is None


def test_after_an_account_was_edited_it_may_be_right() -> None:
    refused = entry(Result.REFUSED, errcode=40125)
    assert held_by((refused,), CATALOGUE, NOW + 2, changed_at=NOW + 1) is None
    assert held_by((refused,), CATALOGUE, NOW + 2, changed_at=NOW - 1) is refused


def test_a_ticket_that_was_refused_for_its_token_may_be_asked_for_with_another() -> None:
    refused = Entry(
        NOW, "wx1", "JSAPI_TICKET", Trigger.COMMAND, Result.REFUSED,
        calls=1, errcode=40001, endpoint="getticket",
    )  # fmt: skip
    assert held_by((refused,), CATALOGUE, NOW + 2) is refused
    assert held_by((refused,), CATALOGUE, NOW + 2, renewed_at=NOW + 1) is None
