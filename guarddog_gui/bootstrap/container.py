"""Composition of ports and adapters for the tray app, the command line and the library."""

import sys
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING

from guarddog_gui.adapters.files.paths import AppPaths, get_app_paths
from guarddog_gui.bootstrap.lazy_part import LazyPart
from guarddog_gui.domain.errors import BadApiBase, BadInput, FileError, LockBusy

if TYPE_CHECKING:
    from guarddog_gui.adapters.exports.command import CommandRunner
    from guarddog_gui.adapters.files.account_files import AccountDogFiles, ReplacedTicketFiles
    from guarddog_gui.adapters.files.api_calls import ApiCallsFile
    from guarddog_gui.adapters.files.client_keys_file import ClientKeysFile
    from guarddog_gui.adapters.files.config_files import AccountsFile, SettingsFile
    from guarddog_gui.adapters.files.lock import AccountLockFiles, WaitListener
    from guarddog_gui.adapters.files.recent_urls import RecentUrlsFile
    from guarddog_gui.adapters.history.store import SqliteHistoryStore
    from guarddog_gui.adapters.http.account_transport import AccountTransport
    from guarddog_gui.adapters.keyring.availability import KeyringAvailability
    from guarddog_gui.adapters.sharing.journal import SharingStatusFiles
    from guarddog_gui.adapters.sharing.redis_store import RedisSharedStore
    from guarddog_gui.domain.accounts.project import FoundProject
    from guarddog_gui.domain.wechat.errcodes import ErrcodeCatalog
    from guarddog_gui.services.accounts.import_recovery import ImportRecovery
    from guarddog_gui.services.accounts.transfer import AccountTransfer
    from guarddog_gui.services.api_calls import ApiConsole
    from guarddog_gui.services.diagnosis import TicketSource
    from guarddog_gui.services.exports import Exporter
    from guarddog_gui.services.own_address import AddressQuery
    from guarddog_gui.services.ports import Clock, SecretStore
    from guarddog_gui.services.provenance.own_values import OwnValues
    from guarddog_gui.services.refresh import Refresher
    from guarddog_gui.services.worker_context import WorkerContext

API_BASE_VARIABLE = "GUARDDOG_API_BASE"
EXPORT_LOCK_TIMEOUT_S = 60.0  # longer than some commands that another Guard Dog runs, each to its deadline


class Container:
    """Parts that all threads and windows of one program share; each is safe to use from any thread."""

    def __init__(
        self,
        environ: Mapping[str, str],
        clock: "Clock",
        secrets: "SecretStore | None" = None,
        api_base: str | None = None,
        on_long_wait: "WaitListener | None" = None,
        redis_passwords: "SecretStore | None" = None,
    ) -> None:
        """Store the arguments; `on_long_wait` is called with the lock file for which a call has to wait."""
        self.paths: AppPaths = get_app_paths(environ)
        self.clock = clock
        self.sandbox_login: tuple[str, str] | None = None  # AppID and AppSecret for trying "Add account"
        self.lock = threading.RLock()  # recursive: some parts are made of others
        self._environ = environ
        self._given_secrets = secrets
        self._given_redis_passwords = redis_passwords
        self._given_api_base = api_base
        self._on_long_wait = on_long_wait

    def has_made(self, part: str) -> bool:
        return part in vars(self)

    @LazyPart
    def accounts(self) -> "AccountsFile":
        from guarddog_gui.adapters.files.config_files import AccountsFile

        return AccountsFile(self.paths.accounts_file, self._on_long_wait)

    @LazyPart
    def settings(self) -> "SettingsFile":
        from guarddog_gui.adapters.files.config_files import SettingsFile

        return SettingsFile(self.paths.settings_file, self._on_long_wait)

    @LazyPart
    def client_keys(self) -> "ClientKeysFile":
        from guarddog_gui.adapters.files.client_keys_file import ClientKeysFile

        return ClientKeysFile(self.paths.client_keys_file, self._on_long_wait)

    @LazyPart
    def dog_files(self) -> "AccountDogFiles":
        from guarddog_gui.adapters.files.account_files import AccountDogFiles

        return AccountDogFiles(self.paths.dogs_dir)

    @LazyPart
    def own_values(self) -> "OwnValues":
        from guarddog_gui.services.provenance.own_values import OwnValues

        return OwnValues(self.dog_files, lambda: self.history, self.clock)

    @LazyPart
    def replaced_tickets(self) -> "ReplacedTicketFiles":
        from guarddog_gui.adapters.files.account_files import ReplacedTicketFiles

        return ReplacedTicketFiles(self.dog_files)

    @LazyPart
    def recent_urls(self) -> "RecentUrlsFile":
        from guarddog_gui.adapters.files.recent_urls import RecentUrlsFile

        return RecentUrlsFile(self.paths.recent_urls_file)

    @LazyPart
    def api_calls(self) -> "ApiCallsFile":
        from guarddog_gui.adapters.files.api_calls import ApiCallsFile

        return ApiCallsFile(self.paths.api_calls_file)

    @LazyPart
    def account_locks(self) -> "AccountLockFiles":
        from guarddog_gui.adapters.files.lock import AccountLockFiles

        return AccountLockFiles(self.paths.locks_dir, on_long_wait=self._on_long_wait)

    @LazyPart
    def command_runner(self) -> "CommandRunner":
        from guarddog_gui.adapters.exports.command import CommandRunner

        return CommandRunner()

    @LazyPart
    def history(self) -> "SqliteHistoryStore":
        from guarddog_gui.adapters.history.store import SqliteHistoryStore

        return SqliteHistoryStore(self.paths.history_file, self.clock)

    @LazyPart
    def secrets(self) -> "SecretStore":
        if self._given_secrets is not None:
            return self._given_secrets
        from guarddog_gui.adapters.keyring.store import KeyringSecretStore

        return KeyringSecretStore()

    @LazyPart
    def redis_passwords(self) -> "SecretStore":
        """Passwords of the Redis of each account; in memory where the AppSecrets are."""
        if self._given_secrets is not None:
            from guarddog_gui.adapters.keyring.memory import MemorySecretStore

            return self._given_redis_passwords or MemorySecretStore()
        from guarddog_gui.adapters.keyring.store import REDIS_USER_NAME, KeyringSecretStore

        return KeyringSecretStore(user_name=REDIS_USER_NAME)

    @LazyPart
    def shared_store(self) -> "RedisSharedStore":
        from guarddog_gui.adapters.sharing.redis_store import RedisSharedStore

        return RedisSharedStore(self.redis_passwords, self.clock)

    @LazyPart
    def sharing_journal(self) -> "SharingStatusFiles":
        from guarddog_gui.adapters.sharing.journal import SharingStatusFiles

        return SharingStatusFiles(self.paths.sharing_dir)

    @LazyPart
    def proxy_passwords(self) -> "SecretStore":
        from guarddog_gui.adapters.keyring.named_store import make_proxy_passwords

        return make_proxy_passwords(self._given_secrets)

    @LazyPart
    def import_recovery(self) -> "ImportRecovery":
        from guarddog_gui.services.accounts.import_recovery import ImportRecovery

        return ImportRecovery(self.secrets, self._previous_secrets, self.accounts, self.settings, self.account_locks)

    @LazyPart
    def _previous_secrets(self) -> "SecretStore":
        """Keyring entries for the AppSecrets that an import replaces, until it is done."""
        from guarddog_gui.adapters.keyring.memory import MemorySecretStore
        from guarddog_gui.adapters.keyring.store import PREVIOUS_SECRETS_PREFIX, KeyringSecretStore

        secrets = self.secrets
        if isinstance(secrets, KeyringSecretStore):
            return secrets.with_prefix(PREVIOUS_SECRETS_PREFIX)
        return MemorySecretStore()

    def make_keyring_availability(self, on_available: Callable[[], None]) -> "KeyringAvailability | None":
        """Return the watcher of the desktop's keyring; None where there is no Secret Service."""
        if self._given_secrets is not None or sys.platform in {"win32", "darwin"}:
            return None
        from guarddog_gui.adapters.keyring.availability import KeyringAvailability
        from guarddog_gui.adapters.keyring.store import KeyringSecretStore

        def release_and_report() -> None:
            for store in (self.secrets, self.proxy_passwords):
                if isinstance(store, KeyringSecretStore):
                    store.release_hanging_calls()
            on_available()

        return KeyringAvailability(release_and_report)

    @LazyPart
    def errcode_catalog(self) -> "ErrcodeCatalog":
        from guarddog_gui.bootstrap.catalogues import load_errcode_catalog

        return load_errcode_catalog()

    @property
    def api_base(self) -> str:
        """Address of WeChat's API; empty if the configured one cannot be used."""
        return self._api_base_or_error if isinstance(self._api_base_or_error, str) else ""

    @property
    def api_base_error(self) -> BadApiBase | None:
        return None if isinstance(self._api_base_or_error, str) else self._api_base_or_error

    @property
    def is_api_base_fixed(self) -> bool:
        """Return True if the sandbox or GUARDDOG_API_BASE stands for all of WeChat, also for accounts with a host."""
        return bool(self._given_api_base or self._environ.get(API_BASE_VARIABLE))

    @LazyPart
    def _api_base_or_error(self) -> str | BadApiBase:
        from guarddog_gui.domain.accounts.route import normalize_api_base

        variable = self._environ.get(API_BASE_VARIABLE, "") if self._given_api_base is None else ""
        text = self._given_api_base or variable or self.settings.load().api_base
        try:
            return normalize_api_base(text)
        except BadInput:
            return BadApiBase(text, API_BASE_VARIABLE if variable else "")

    def make_worker_context(self, api_base: str | None = None) -> "WorkerContext":
        """Return new services for one thread. Raise BadApiBase if the address of WeChat's API cannot be used."""
        if api_base is None and self.api_base_error is not None:
            raise self.api_base_error
        from guarddog_gui.bootstrap.worker_services import make_worker_context

        return make_worker_context(self, api_base)

    def make_transport(self, api_base: str | None = None) -> "AccountTransport":
        """Return the transport for one thread, to `api_base` or the configured one, or the host of an account."""
        from guarddog_gui.adapters.http.account_transport import AccountTransport

        base = api_base or self.api_base
        return AccountTransport(base, self.proxy_passwords, is_api_base_fixed=self.is_api_base_fixed)

    def api_base_of(self, appid: str) -> str:
        """Return the API base of an account: its own, unless the environment or the sandbox sets one for all."""
        account = next((each for each in self.accounts.load_read_only() if each.appid == appid), None)
        own = account.api_base if account is not None and not self.is_api_base_fixed else ""
        return own or self.api_base

    def make_refresher(self) -> "Refresher":
        """Return a refresher for one thread, once an import that was killed has been undone. Raises BadApiBase."""
        context = self.make_worker_context()
        with suppress(FileError, LockBusy):  # the refresh reports a list or a keyring that cannot be used
            self.import_recovery.finish()
        return context.refresher

    def make_api_console(self) -> "ApiConsole":
        """Return what a command calls WeChat's API with, see `make_refresher`. Raises BadApiBase."""
        context = self.make_worker_context()
        with suppress(FileError, LockBusy):
            self.import_recovery.finish()
        return context.make_api_console()

    def read_project_folder(self, folder: str) -> "FoundProject":
        from guarddog_gui.adapters.files.project_folder import read_project_folder  # rarely needed

        return read_project_folder(folder, self.clock())

    def make_account_transfer(self) -> "AccountTransfer":
        import os

        from guarddog_gui.adapters.exports.files import ExportFiles
        from guarddog_gui.adapters.transfer.transfer_file import AgeTransferFiles
        from guarddog_gui.services.accounts.transfer import AccountTransfer  # rarely needed

        return AccountTransfer(
            secrets=self.secrets,
            proxy_passwords=self.proxy_passwords,
            accounts=self.accounts,
            settings=self.settings,
            account_lock=self.account_locks,
            dog_files=self.dog_files,
            export_files=ExportFiles(),
            files=AgeTransferFiles(),
            path_exists=os.path.exists,
            recovery=self.import_recovery,
        )

    def make_ticket_source(self) -> "TicketSource":
        from guarddog_gui.services.diagnosis import TicketSource

        return TicketSource(
            dog_files=self.own_values, accounts=self.accounts, replaced_tickets=self.replaced_tickets, clock=self.clock
        )

    def make_address_query(self, api_base: str | None = None) -> "AddressQuery":
        from guarddog_gui.bootstrap.network_queries import make_address_query  # rarely needed

        return make_address_query(self, self._environ, api_base)

    def make_exporter(self) -> "Exporter":
        from guarddog_gui.adapters.exports.files import ExportFiles, ExportStatusStore
        from guarddog_gui.adapters.files.lock import AccountLockFiles
        from guarddog_gui.services.exports import Exporter

        return Exporter(
            dog_files=self.own_values,
            export_files=ExportFiles(),
            command_runner=self.command_runner,
            journal=ExportStatusStore(self.paths.exports_dir),
            export_lock=AccountLockFiles(self.paths.locks_dir / "outlets", EXPORT_LOCK_TIMEOUT_S, self._on_long_wait),
            clock=self.clock,
        )


def make_container(
    environ: Mapping[str, str], clock: "Clock", *, secrets: "SecretStore | None" = None, api_base: str | None = None
) -> Container:
    """Return a container. Raise BadApiBase at once, not only in `make_worker_context`."""
    container = Container(environ, clock, secrets, api_base)
    if container.api_base_error is not None:
        raise container.api_base_error
    return container
