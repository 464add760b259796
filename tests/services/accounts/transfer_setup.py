"""Computer to which accounts move, with in-memory stores."""

from __future__ import annotations

from guarddog_gui.domain.accounts.account import Account, Secret
from guarddog_gui.domain.settings import Settings, Theme
from guarddog_gui.domain.transfer import ImportPlan, MovedAccount, TransferContent
from guarddog_gui.services.accounts.import_recovery import ImportRecovery, KeyringFailure
from guarddog_gui.services.accounts.transfer import AccountTransfer
from tests.fakes import (
    FakeAccountLock,
    FakeAccountStore,
    FakeDogFileStore,
    FakeExportFileWriter,
    FakeSecretStore,
    FakeSettingsStore,
    FakeTransferFiles,
)

SHOP = Account("wx1234567890abcdef", "Shop")
CAFE = Account("wxabcdef1234567891", "Café")
GAME = Account("wx00000000000000ff", "Game")
SECRETS = {account.appid: Secret(f"secret-of-{account.appid}") for account in (SHOP, CAFE, GAME)}
OLD = Secret("old-secret-of-the-shop")
IMPORTED_SETTINGS = Settings(theme=Theme.DARK)


class Computer:
    """Computer to which accounts move."""

    def __init__(self, *accounts: Account, secrets: FakeSecretStore | None = None) -> None:
        self.secrets = secrets or FakeSecretStore()
        self.proxy_passwords = FakeSecretStore()
        self.accounts = FakeAccountStore(*accounts)
        self.settings = FakeSettingsStore()
        self.lock = FakeAccountLock()
        self.dog_files = FakeDogFileStore()
        self.files = FakeTransferFiles()
        self.previous_secrets = FakeSecretStore()
        self.recovery = ImportRecovery(self.secrets, self.previous_secrets, self.accounts, self.settings, self.lock)
        self.transfer = AccountTransfer(
            secrets=self.secrets,
            proxy_passwords=self.proxy_passwords,
            accounts=self.accounts,
            settings=self.settings,
            account_lock=self.lock,
            dog_files=self.dog_files,
            export_files=FakeExportFileWriter(),
            files=self.files,
            path_exists=lambda _: True,
            recovery=self.recovery,
        )

    def plan(self, *accounts: Account, replaces_existing: bool = True) -> ImportPlan:
        return self.transfer.plan(content(*accounts), replaces_existing=replaces_existing)

    def recover(self) -> KeyringFailure | None:
        """Do what the next start does."""
        return ImportRecovery(self.secrets, self.previous_secrets, self.accounts, self.settings, self.lock).finish()

    def state(self) -> object:
        accounts = self.accounts
        leftovers = accounts.removals, accounts.stored_import, dict(self.previous_secrets.stored)
        return dict(self.secrets.stored), accounts.stored, self.settings.stored, leftovers


def content(*accounts: Account) -> TransferContent:
    return TransferContent(tuple(MovedAccount(account, SECRETS[account.appid]) for account in accounts), Settings())
