"""History entries for the tests of the history page: a success and a refusal."""

from msgspec.structs import replace

from guarddog_gui.domain.refresh.history import AttemptResult, HistoryEntry, Trigger
from tests.fakes import NOW
from tests.runtime.harness import SHOP, TOKEN

DAY = 86_400.0
SUCCESS = HistoryEntry(NOW, SHOP.appid, TOKEN, Trigger.TIMER, AttemptResult.NEW, calls=1, endpoint="stable_token")
NOT_LISTED = replace(
    SUCCESS, result=AttemptResult.REFUSED, errcode=40164, errmsg="invalid ip 203.0.113.9, not in whitelist",
    ip="203.0.113.9", rid="6176a2e0-0a0b0c0d-00000001",
)  # fmt: skip
