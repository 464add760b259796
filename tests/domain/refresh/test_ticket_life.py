"""How long a ticket may be relied on by what is known of its age."""

import pytest

from guarddog_gui.domain.refresh.ticket_life import near_end_life, needs_proof, reliable_life, unknown_age_life
from tests.domain.refresh.history_entries import MINUTE, TICKET, TOKEN, record
from tests.fakes import NOW


@pytest.mark.parametrize(
    ("life", "unknown", "near_end"), [(7200, 1200, 60), (60, 10, 1), (6, 1, 1), (100_000, 1200, 60)]
)
def test_lives_scale_with_the_life_that_wechat_states(life: int, unknown: int, near_end: int) -> None:
    assert unknown_age_life(life) == unknown
    assert near_end_life(life) == near_end


@pytest.mark.parametrize(
    ("age_min", "life_s"),
    [(0, 1200), (60, 1200), (110, 600), (118, 120), (119.5, 60), (120.5, 60), (121.5, 1200), (600, 1200)],
)
def test_a_ticket_of_unknown_age_is_checked_more_often_as_its_end_comes_near(age_min: float, life_s: int) -> None:
    life = reliable_life(7200, observed_at=0.0, seen_at=NOW - age_min * MINUTE, now=NOW)
    assert life == life_s


@pytest.mark.parametrize(
    ("age_min", "life_s"), [(0, 7200), (60, 3600), (118, 120), (119.5, 60), (120.5, 60), (122, 1200)]
)
def test_a_ticket_whose_beginning_was_observed_has_its_whole_life(age_min: float, life_s: int) -> None:
    began_at = NOW - age_min * MINUTE
    assert reliable_life(7200, observed_at=began_at, seen_at=began_at, now=NOW) == life_s


def test_a_life_of_seconds_is_that_of_a_sandbox_and_is_relied_on() -> None:
    assert reliable_life(8, observed_at=0.0, seen_at=NOW - 7, now=NOW) == 8


def test_only_a_long_life_of_a_ticket_has_to_be_proven() -> None:
    assert needs_proof(TICKET, record())
    assert not needs_proof(TICKET, record(expires_in=1200))
    assert not needs_proof(TOKEN, record())
