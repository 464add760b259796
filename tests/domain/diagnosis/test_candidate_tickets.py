"""Values that may have been signed in the place of the current ticket."""

import pytest

from guarddog_gui.domain.diagnosis.candidate_tickets import CandidateTicket, TicketOrigin
from guarddog_gui.domain.diagnosis.mistakes import MistakeKind

M = MistakeKind
MISTAKES = {
    TicketOrigin.CURRENT: [],
    TicketOrigin.GIVEN_BY_USER: [],
    TicketOrigin.OLD: [M.OLD_TICKET],
    TicketOrigin.PASTED: [M.FOREIGN_TICKET],
    TicketOrigin.CARD: [M.CARD_TICKET],
    TicketOrigin.ACCESS_TOKEN: [M.ACCESS_TOKEN],
    TicketOrigin.OTHER_ACCOUNT: [M.OTHER_ACCOUNT],
    TicketOrigin.OTHER_ACCOUNT_OLD: [M.OTHER_ACCOUNT, M.OLD_TICKET],
    TicketOrigin.OTHER_ACCESS_TOKEN: [M.OTHER_ACCOUNT, M.ACCESS_TOKEN],
}


@pytest.mark.parametrize("origin", TicketOrigin)
def test_each_origin_has_its_mistakes(origin: TicketOrigin) -> None:
    ticket = CandidateTicket("ticket", origin, "wx1234567890abcdef", "小店")

    assert [mistake.kind for mistake in ticket.mistakes] == MISTAKES[origin]


@pytest.mark.parametrize("origin", TicketOrigin)
def test_only_a_correct_ticket_has_no_mistake(origin: TicketOrigin) -> None:
    ticket = CandidateTicket("ticket", origin)

    assert ticket.is_correct == (not ticket.mistakes)


def test_the_mistake_names_the_other_account() -> None:
    ticket = CandidateTicket("ticket", TicketOrigin.OTHER_ACCOUNT_OLD, "wx1234567890abcdef", "小店")

    assert [mistake.signed for mistake in ticket.mistakes] == ["小店", ""]


def test_no_mistake_and_no_repr_contains_the_ticket() -> None:
    for origin in TicketOrigin:
        ticket = CandidateTicket("a-secret-ticket", origin, "wx1234567890abcdef", "Shop")

        assert "a-secret-ticket" not in repr(ticket)
        assert "a-secret-ticket" not in repr(ticket.mistakes)
