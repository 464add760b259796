"""Jobs that share accounts through Redis, end that, and look at what is there."""

from msgspec import Struct

from guarddog_gui.domain.accounts.account import Account, Secret
from guarddog_gui.domain.sharing.settings import Sharing
from guarddog_gui.domain.sharing.values import SharingFailure
from guarddog_gui.services.accounts.sharing_service import AccountShared, NotShared, SharingPreview
from guarddog_gui.services.worker_context import WorkerContext


class ShareAccount(Struct, frozen=True):
    """Share an account; see `SharingService.share` for the password."""

    account: Account
    sharing: Sharing
    password: Secret | None = None
    checks: bool = True

    def run(self, context: WorkerContext) -> AccountShared | NotShared:
        service = context.make_sharing_service()
        return service.share(self.account, self.sharing, self.password, checks=self.checks)


class UnshareAccount(Struct, frozen=True):
    """Keep an account on this computer alone again."""

    account: Account

    def run(self, context: WorkerContext) -> AccountShared | NotShared:
        return context.make_sharing_service().unshare(self.account)


class PreviewSharing(Struct, frozen=True):
    """Look at what is in Redis with these settings, without changing anything."""

    account: Account
    sharing: Sharing
    password: Secret | None = None

    def run(self, context: WorkerContext) -> SharingPreview:
        return context.make_sharing_service().preview(self.account, self.sharing, self.password)


class CheckSharing(Struct, frozen=True):
    """Check the Redis of a shared account."""

    account: Account

    def run(self, context: WorkerContext) -> tuple[SharingFailure, ...]:
        return context.make_sharing_service().check(self.account)
