"""What every TicketStore does, whatever is behind it; a test class of each inherits this."""

import pytest

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.services.ports import TicketStore
from tests.fakes import NOW

SHOP = Account("wx00000000000000a1", "Shop")
CAFE = Account("wx00000000000000b2", "Café")
HOUR, DAY = 3600.0, 86_400.0


class TicketStoreContract:
    @pytest.fixture
    def store(self) -> TicketStore:
        raise NotImplementedError

    def test_an_account_without_earlier_tickets_has_none(self, store: TicketStore) -> None:
        assert store.tickets(SHOP, NOW) == ()

    def test_the_newest_comes_first_and_accounts_do_not_mix(self, store: TicketStore) -> None:
        store.keep(SHOP, "J1", NOW)
        store.keep(CAFE, "other", NOW)
        store.keep(SHOP, "J2", NOW + 2 * HOUR)
        assert store.tickets(SHOP, NOW + 3 * HOUR) == ("J2", "J1")
        assert store.tickets(CAFE, NOW + 3 * HOUR) == ("other",)

    def test_a_ticket_is_known_for_a_day_after_it_was_replaced(self, store: TicketStore) -> None:
        store.keep(SHOP, "J1", NOW)
        store.keep(SHOP, "J2", NOW + HOUR)
        assert store.tickets(SHOP, NOW + DAY - 1) == ("J2", "J1")
        assert store.tickets(SHOP, NOW + DAY) == ("J2",)
        assert store.tickets(SHOP, NOW + DAY + HOUR) == ()

    def test_a_ticket_that_comes_back_and_goes_again_is_there_once(self, store: TicketStore) -> None:
        for hours, ticket in enumerate(("J1", "J2", "J1")):
            store.keep(SHOP, ticket, NOW + hours * HOUR)
        assert store.tickets(SHOP, NOW + 3 * HOUR) == ("J1", "J2")

    def test_what_a_wrong_clock_put_into_the_far_future_is_not_kept_for_ever(
        self, store: TicketStore
    ) -> None:
        store.keep(SHOP, "J1", NOW + 365 * DAY)
        assert store.tickets(SHOP, NOW) == ()

    def test_however_many_there_are_only_the_newest_hundred_are_known(self, store: TicketStore) -> None:
        for number in range(120):
            store.keep(SHOP, f"J{number}", NOW + number)
        assert store.tickets(SHOP, NOW + 200) == tuple(f"J{number}" for number in range(119, 19, -1))
