"""`sign-card`: what a page hands to addCard or chooseCard."""

import json

from guarddog_gui.cli.command_error import Stop
from guarddog_gui.cli.context import Desk
from guarddog_gui.cli.fresh_values import fetch_ticket
from guarddog_gui.cli.select_account import chosen
from guarddog_gui.services.card_signing import (
    CardChoiceWish,
    CardExtWish,
    CardSigner,
    NoCardTicket,
    SignedCard,
)
from guarddog_gui.services.exit_codes import Exit
from guarddog_gui.services.messages.signing import not_signed
from guarddog_gui.services.signing import BadField, NeverATicket, NoTicket


def sign_card(desk: Desk, wanted: str | None, wish: CardExtWish | CardChoiceWish) -> Exit:
    """Print it as JSON; WeChat is asked only where no live card ticket is on disk."""
    account = chosen(desk, wanted)
    signer = CardSigner(dogs=desk.stores.dogs, clock=desk.stores.clock)
    signed = signer.sign(account, wish)
    if isinstance(signed, NoTicket):
        fetch_ticket(desk, account, signed.kind)
        signed = signer.sign(account, wish)
    match signed:
        case SignedCard(fields):
            desk.terminal.put(json.dumps(fields, ensure_ascii=False, indent=2))
            return Exit.DONE
        case NeverATicket() | NoCardTicket():
            code = Exit.NO_SUCH
        case BadField():
            code = Exit.WRONG_USAGE
        case NoTicket():
            code = Exit.TRY_LATER
    raise Stop(code, not_signed(signed, account, desk.sentences))
