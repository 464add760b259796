"""Valid values: from disk if they live long enough, else from WeChat."""

import pytest

from guarddog_gui.domain.refresh.history import AttemptResult
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.domain.wechat.protocol import Reply, TransportFailure
from guarddog_gui.services.fresh_values import FreshValues, get_fresh_values
from guarddog_gui.services.refresh import Refresher
from tests.builders import SHOP, TICKET, TOKEN
from tests.errcode_catalogue import CATALOGUE
from tests.fakes import OFFLINE_FAILURE, error_reply, ticket_reply, token_reply
from tests.services.refresh_setup import BOTH, RefreshSetup, make_setup


def nobody() -> Refresher:
    raise AssertionError("nothing has to be refreshed")


def live(d: RefreshSetup, *kinds: TokenKind, min_left: float = 0) -> FreshValues:
    return get_fresh_values(SHOP, kinds, min_left, dog_files=d.dogs, clock=d.clock, make_refresher=lambda: d.refresher)


def values(got: FreshValues) -> dict[TokenKind, str]:
    return {kind: record.value for kind, record in got.records.items()}


def with_replies(*replies: Reply | TransportFailure) -> RefreshSetup:
    """Return a setup with both keys on disk; the token has 100 seconds left, the ticket 3,600."""
    d = make_setup(*replies)
    d.holds(TOKEN, "T1", age=7100)
    d.holds(TICKET, "K1", age=3600)
    return d


def test_values_that_live_long_enough_cause_no_refresh() -> None:
    d = with_replies()

    got = get_fresh_values(SHOP, BOTH, 99, dog_files=d.dogs, clock=d.clock, make_refresher=nobody)

    assert values(got) == {TOKEN: "T1", TICKET: "K1"}
    assert got.failure is None


def test_only_values_with_a_short_life_are_refreshed() -> None:
    d = with_replies(token_reply("T2"))

    assert values(live(d, *BOTH, min_left=600)) == {TOKEN: "T2", TICKET: "K1"}
    assert d.transport.endpoints == ["stable_token"]


def test_missing_values_are_requested() -> None:
    d = make_setup(token_reply("T1"), ticket_reply("K1"))

    assert values(live(d, *BOTH)) == {TOKEN: "T1", TICKET: "K1"}


def test_a_token_renewed_for_the_ticket_is_returned() -> None:
    d = make_setup(error_reply(40001), token_reply("T2"), ticket_reply("K1"))
    d.holds(TOKEN, "T1", age=10)

    assert values(live(d, *BOTH)) == {TOKEN: "T2", TICKET: "K1"}


def test_a_valid_value_is_returned_with_the_failure_of_its_refresh() -> None:
    got = live(with_replies(OFFLINE_FAILURE), *BOTH, min_left=600)

    assert values(got) == {TOKEN: "T1", TICKET: "K1"}
    assert got.failure is not None
    assert got.failure.entry.result is AttemptResult.NO_ANSWER


def test_a_value_that_could_not_be_written_is_returned() -> None:
    d = make_setup(token_reply("T1"))
    d.dogs.is_disk_full = True

    got = live(d, TOKEN)

    assert values(got) == {TOKEN: "T1"}
    assert got.failure is not None
    assert got.failure.entry.result is AttemptResult.NOT_WRITTEN


def test_a_key_without_a_value_has_a_failure() -> None:
    got = live(make_setup(error_reply(40164)), *BOTH)

    assert values(got) == {}
    assert got.failure is not None
    assert got.failure.entry.errcode == 40164


def test_fresh_values_are_sufficient_if_no_key_is_missing() -> None:
    fresh = live(with_replies(), *BOTH)

    assert fresh.is_sufficient(BOTH, CATALOGUE)
    assert not FreshValues({}).is_sufficient(BOTH, CATALOGUE, require_all=False)


@pytest.mark.parametrize(("errcode", "is_optional"), [(48001, True), (40164, False), (-1, False)])
def test_a_ticket_without_permission_may_be_missing(errcode: int, *, is_optional: bool) -> None:
    fresh = live(make_setup(token_reply("T1"), error_reply(errcode)), *BOTH)

    assert not fresh.is_sufficient(BOTH, CATALOGUE)
    assert fresh.is_sufficient(BOTH, CATALOGUE, require_all=False) == is_optional
