"""Tests of every ticket store; the test class of each store inherits them."""

import pytest

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.services.ports import ReplacedTicketStore
from tests.fakes import NOW

SHOP = Account("wx00000000000000a1", "Shop")
CAFE = Account("wx00000000000000b2", "Café")
HOUR_S, DAY_S = 3600.0, 86_400.0


class TicketStoreContract:
    @pytest.fixture
    def store(self) -> ReplacedTicketStore:
        raise NotImplementedError

    def test_empty_without_replaced_tickets(self, store: ReplacedTicketStore) -> None:
        assert store.recent(SHOP, NOW) == ()

    def test_newest_first_per_account(self, store: ReplacedTicketStore) -> None:
        store.add(SHOP, "J1", NOW)
        store.add(CAFE, "other", NOW)
        store.add(SHOP, "J2", NOW + 2 * HOUR_S)
        assert store.recent(SHOP, NOW + 3 * HOUR_S) == ("J2", "J1")
        assert store.recent(CAFE, NOW + 3 * HOUR_S) == ("other",)

    def test_ticket_expires_one_day_after_replacement(self, store: ReplacedTicketStore) -> None:
        store.add(SHOP, "J1", NOW)
        store.add(SHOP, "J2", NOW + HOUR_S)
        assert store.recent(SHOP, NOW + DAY_S - 1) == ("J2", "J1")
        assert store.recent(SHOP, NOW + DAY_S) == ("J2",)
        assert store.recent(SHOP, NOW + DAY_S + HOUR_S) == ()

    def test_returning_ticket_is_listed_once(self, store: ReplacedTicketStore) -> None:
        for hours, ticket in enumerate(("J1", "J2", "J1")):
            store.add(SHOP, ticket, NOW + hours * HOUR_S)
        assert store.recent(SHOP, NOW + 3 * HOUR_S) == ("J1", "J2")

    def test_ticket_from_far_future_is_dropped(self, store: ReplacedTicketStore) -> None:
        store.add(SHOP, "J1", NOW + 365 * DAY_S)
        assert store.recent(SHOP, NOW) == ()

    def test_at_most_hundred_tickets(self, store: ReplacedTicketStore) -> None:
        for number in range(120):
            store.add(SHOP, f"J{number}", NOW + number)
        assert store.recent(SHOP, NOW + 200) == tuple(f"J{number}" for number in range(119, 19, -1))
