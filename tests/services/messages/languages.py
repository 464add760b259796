"""Messages in both languages, with times as seconds from now, and attempts to put into words."""

from guarddog_gui.adapters.message_catalogs import load_message_catalog
from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.refresh.history import AttemptResult, HistoryEntry, Trigger
from guarddog_gui.domain.tokens.record import TokenRecord
from guarddog_gui.services.messages.message import Messages
from tests.errcode_catalogue import CATALOGUE
from tests.fakes import NOW

SHOP = Account("wx1234567890abcdef", "Shop")
RECORD = TokenRecord("91_" + "a" * 40, 7200, int(NOW * 1000), "/dogs", 290)


def clock_face(at: float) -> str:
    return f"+{at - NOW:.0f}s"


ENGLISH = Messages(load_message_catalog("en"), CATALOGUE, clock_face)
CHINESE = Messages(load_message_catalog("zh_CN"), CATALOGUE, clock_face)


def attempt(result: AttemptResult, **changes: object) -> HistoryEntry:
    fields: dict[str, object] = {
        "at": NOW,
        "appid": SHOP.appid,
        "key": "ACCESS_TOKEN",
        "trigger": Trigger.TIMER,
        "result": result,
        "calls": 1,
        "endpoint": "stable_token",
    }
    return HistoryEntry(**(fields | changes))  # type: ignore[arg-type]  # a test's shorthand


def refused(errcode: int, **changes: object) -> HistoryEntry:
    return attempt(AttemptResult.REFUSED, errcode=errcode, errmsg=f"errmsg of {errcode}", **changes)
