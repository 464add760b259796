"""Set-up of the account service with in-memory stores."""

from msgspec.structs import replace

from guarddog_gui.domain.accounts.account import Account, Endpoint, Secret
from guarddog_gui.domain.wechat.protocol import Reply, TransportFailure
from tests.builders import SHOP
from tests.fakes import scripted_transport
from tests.in_memory_services import ScriptedServices

OLD, NEW = "0" * 32, "1" * 32
CLASSIC = replace(SHOP, endpoint=Endpoint.CLASSIC)
OTHER = Account("wx2", "Other")


class AccountServiceSetup(ScriptedServices):
    """An AccountService on fakes."""

    def knows(self, account: Account, secret: str | None = OLD) -> None:
        self.accounts.stored = (*self.accounts.stored, account)
        if secret is not None:
            self.secrets.stored[account.appid] = Secret(secret)


def make_setup(*replies: Reply | TransportFailure) -> AccountServiceSetup:
    return AccountServiceSetup(scripted_transport(*replies))
