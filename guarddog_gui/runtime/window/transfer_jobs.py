"""Jobs that export accounts for another computer, and import them."""

from msgspec import Struct

from guarddog_gui.domain.accounts.account import Secret
from guarddog_gui.domain.transfer import ImportPlan, TransferContent, TransferProblem
from guarddog_gui.services.accounts.transfer import NotExported, NotImported
from guarddog_gui.services.worker_context import WorkerContext


class OpenedFile(Struct, frozen=True):
    """Content of an exported file, and what its import does if no account is replaced."""

    content: TransferContent
    plan: ImportPlan


class ExportAccounts(Struct, frozen=True):
    """Write all accounts into a file; the user has chosen it, and agreed that it is replaced."""

    path: str
    passphrase: Secret

    def run(self, context: WorkerContext) -> TransferContent | NotExported:
        return context.make_account_transfer().export(self.path, self.passphrase.reveal(), overwrites=True)


class ReadTransferFile(Struct, frozen=True):
    """Open an exported file."""

    path: str
    passphrase: Secret

    def run(self, context: WorkerContext) -> OpenedFile | TransferProblem:
        transfer = context.make_account_transfer()
        content = transfer.read(self.path, self.passphrase.reveal())
        if isinstance(content, TransferProblem):
            return content
        return OpenedFile(content, transfer.plan(content, replaces_existing=False))


class ImportAccounts(Struct, frozen=True):
    """Import the accounts of a file that was read, all or none."""

    content: TransferContent
    replaces_existing: bool
    takes_settings: bool

    def run(self, context: WorkerContext) -> ImportPlan | NotImported:
        transfer = context.make_account_transfer()
        plan = transfer.plan(self.content, replaces_existing=self.replaces_existing)
        return transfer.apply(plan, self.content.settings if self.takes_settings else None) or plan
