"""Has a live ticket on disk before something is signed or compared with it."""

from guarddog_gui.cli.context import Desk
from guarddog_gui.cli.fresh_values import failed
from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.refresh.history import Trigger
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.services.refresh import Eagerness, Order


def fetch_ticket(desk: Desk, account: Account, kind: TokenKind = TokenKind.JSAPI_TICKET) -> None:
    """Ask WeChat if there is none that lives. Stops with what is in the way."""
    began, changed_at = desk.stores.clock(), desk.stores.accounts.changed_at()
    order = Order(account, (kind,), Trigger.COMMAND, Eagerness.IF_NEEDED, patient=changed_at)
    outcomes = desk.stores.engine().refresher.refresh(order)
    bad = next((outcome for outcome in outcomes if not outcome.is_good), None)
    if bad is not None:
        raise failed(desk, bad, began)
