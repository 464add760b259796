"""Composition of ports and adapters for the tray app, the command line and the library."""

import sys
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from guarddog_gui.adapters.files.paths import AppPaths, get_app_paths, resource_path
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
    from guarddog_gui.domain.accounts.project import FoundProject
    from guarddog_gui.domain.api.catalogue import ApiCatalogue
    from guarddog_gui.domain.releases import Release
    from guarddog_gui.domain.wechat.errcode_host import ErrcodeHost
    from guarddog_gui.domain.wechat.errcodes import ErrcodeCatalog
    from guarddog_gui.domain.wechat.jssdk_errors import JssdkErrorCatalog
    from guarddog_gui.services.accounts.import_recovery import ImportRecovery
    from guarddog_gui.services.accounts.transfer import AccountTransfer
    from guarddog_gui.services.api_calls import ApiConsole
    from guarddog_gui.services.diagnosis import TicketSource
    from guarddog_gui.services.exports import Exporter
    from guarddog_gui.services.messages.message import Messages
    from guarddog_gui.services.own_address import AddressQuery
    from guarddog_gui.services.page_check import PageChecker
    from guarddog_gui.services.ports import Clock, SecretStore
    from guarddog_gui.services.provenance.own_values import OwnValues
    from guarddog_gui.services.refresh import Refresher
    from guarddog_gui.services.worker_context import WorkerContext

API_BASE_VARIABLE = "GUARDDOG_API_BASE"
EXPORT_LOCK_TIMEOUT_S = 60.0  # longer than some commands that another Guard Dog runs, each to its deadline
PartT = TypeVar("PartT")


class _LazyPart(Generic[PartT]):
    """Attribute of a container that is made when it is first read.

    Most commands need few of the parts, and importing all of them takes longer than such a command. Two
    threads that read a part at the same time get the same object: `functools.cached_property` does not
    promise that since Python 3.12.
    """

    def __init__(self, make: Callable[[Any], PartT]) -> None:
        self._make = make
        self._name = make.__name__

    def __get__(self, container: "Container", owner: type) -> PartT:
        with container.lock:
            parts = vars(container)  # what is stored there is found before this descriptor
            if self._name not in parts:
                parts[self._name] = self._make(container)
            made: PartT = parts[self._name]
        return made


class Container:
    """Parts that all threads and windows of one program share; each is safe to use from any thread."""

    def __init__(
        self,
        environ: Mapping[str, str],
        clock: "Clock",
        secrets: "SecretStore | None" = None,
        api_base: str | None = None,
        on_long_wait: "WaitListener | None" = None,
    ) -> None:
        """Store the arguments; `on_long_wait` is called with the lock file for which a call has to wait."""
        self.paths: AppPaths = get_app_paths(environ)
        self.clock = clock
        self.sandbox_login: tuple[str, str] | None = None  # AppID and AppSecret for trying "Add account"
        self.lock = threading.RLock()  # recursive: some parts are made of others
        self._environ = environ
        self._given_secrets = secrets
        self._given_api_base = api_base
        self._on_long_wait = on_long_wait

    def has_made(self, part: str) -> bool:
        return part in vars(self)

    @_LazyPart
    def accounts(self) -> "AccountsFile":
        from guarddog_gui.adapters.files.config_files import AccountsFile

        return AccountsFile(self.paths.accounts_file, self._on_long_wait)

    @_LazyPart
    def settings(self) -> "SettingsFile":
        from guarddog_gui.adapters.files.config_files import SettingsFile

        return SettingsFile(self.paths.settings_file, self._on_long_wait)

    @_LazyPart
    def client_keys(self) -> "ClientKeysFile":
        from guarddog_gui.adapters.files.client_keys_file import ClientKeysFile

        return ClientKeysFile(self.paths.client_keys_file, self._on_long_wait)

    @_LazyPart
    def dog_files(self) -> "AccountDogFiles":
        from guarddog_gui.adapters.files.account_files import AccountDogFiles

        return AccountDogFiles(self.paths.dogs_dir)

    @_LazyPart
    def own_values(self) -> "OwnValues":
        from guarddog_gui.services.provenance.own_values import OwnValues

        return OwnValues(self.dog_files, lambda: self.history, self.clock)

    @_LazyPart
    def replaced_tickets(self) -> "ReplacedTicketFiles":
        from guarddog_gui.adapters.files.account_files import ReplacedTicketFiles

        return ReplacedTicketFiles(self.dog_files)

    @_LazyPart
    def recent_urls(self) -> "RecentUrlsFile":
        from guarddog_gui.adapters.files.recent_urls import RecentUrlsFile

        return RecentUrlsFile(self.paths.recent_urls_file)

    @_LazyPart
    def api_calls(self) -> "ApiCallsFile":
        from guarddog_gui.adapters.files.api_calls import ApiCallsFile

        return ApiCallsFile(self.paths.api_calls_file)

    @_LazyPart
    def account_locks(self) -> "AccountLockFiles":
        from guarddog_gui.adapters.files.lock import AccountLockFiles

        return AccountLockFiles(self.paths.locks_dir, on_long_wait=self._on_long_wait)

    @_LazyPart
    def command_runner(self) -> "CommandRunner":
        from guarddog_gui.adapters.exports.command import CommandRunner

        return CommandRunner()

    @_LazyPart
    def history(self) -> "SqliteHistoryStore":
        from guarddog_gui.adapters.history.store import SqliteHistoryStore

        return SqliteHistoryStore(self.paths.history_file, self.clock)

    @_LazyPart
    def secrets(self) -> "SecretStore":
        if self._given_secrets is not None:
            return self._given_secrets
        from guarddog_gui.adapters.keyring.store import KeyringSecretStore

        return KeyringSecretStore()

    @_LazyPart
    def proxy_passwords(self) -> "SecretStore":
        from guarddog_gui.adapters.keyring.named_store import make_proxy_passwords

        return make_proxy_passwords(self._given_secrets)

    @_LazyPart
    def import_recovery(self) -> "ImportRecovery":
        from guarddog_gui.services.accounts.import_recovery import ImportRecovery

        return ImportRecovery(self.secrets, self._previous_secrets, self.accounts, self.settings, self.account_locks)

    @_LazyPart
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

    @_LazyPart
    def errcode_catalog(self) -> "ErrcodeCatalog":
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

    @_LazyPart
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
        from guarddog_gui.adapters.exports.files import ExportFiles
        from guarddog_gui.bootstrap.maintenance import run_maintenance
        from guarddog_gui.services.account_queries import AccountQueries
        from guarddog_gui.services.accounts.account_service import AccountService
        from guarddog_gui.services.worker_context import WorkerContext

        transport = self.make_transport(api_base)
        exporter = self.make_exporter()
        refresher = self._new_refresher(transport, exporter)
        return WorkerContext(
            refresher,
            AccountService(
                transport=transport,
                secrets=self.secrets,
                proxy_passwords=self.proxy_passwords,
                accounts=self.accounts,
                dog_files=self.dog_files,
                recent_urls=self.recent_urls,
                account_lock=self.account_locks,
                history=self.history,
                errcode_catalog=self.errcode_catalog,
                export_files=ExportFiles(),
                clock=self.clock,
                clear_api_calls=lambda appid: self.api_calls.clear(appid),  # noqa: PLW0108 - loads the file's module late
                import_recovery=self.import_recovery,
            ),
            AccountQueries(transport=transport, secrets=self.secrets, dog_files=self.own_values, clock=self.clock),
            exporter,
            self.history.read_timeline,
            self.history.read_page,
            self.history.add_outcomes,
            self.recent_urls,
            self.make_ticket_source(),
            self.read_project_folder,
            partial(run_maintenance, self),
            self.make_account_transfer,
            self.make_page_checker,
            partial(self.make_address_query, api_base),
            partial(self._make_api_console, transport, refresher),
            self.find_release,
        )

    def _new_refresher(self, transport: "AccountTransport", exporter: "Exporter") -> "Refresher":
        from guarddog_gui.services.refresh import Refresher

        return Refresher(
            transport=transport,
            secrets=self.secrets,
            dog_files=self.dog_files,
            replaced_tickets=self.replaced_tickets,
            account_lock=self.account_locks,
            history=self.history,
            errcode_catalog=self.errcode_catalog,
            clock=self.clock,
            exporter=exporter,
        )

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

    def _make_api_console(self, transport: "AccountTransport", refresher: "Refresher") -> "ApiConsole":
        from guarddog_gui.adapters.files.atomic import atomic_write
        from guarddog_gui.adapters.files.upload import read_upload  # rarely needed
        from guarddog_gui.adapters.http.api_client import AccountApiTransport
        from guarddog_gui.services.api_calls import ApiCaller, ApiConsole

        client = AccountApiTransport(transport)
        caller = ApiCaller(
            transport=client,
            refresher=refresher,
            dog_files=self.own_values,
            call_store=self.api_calls,
            clock=self.clock,
            failures_since=self.accounts.changed_at,
        )
        return ApiConsole(
            caller,
            self.api_calls,
            self.api_base_of,
            load_api_catalogue,
            read_upload,
            lambda path, data: atomic_write(Path(path), data),
            client.close,
        )

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

    @staticmethod
    def find_release() -> "Release | None":
        from guarddog_gui.adapters.http.client import WeChatHttpClient
        from guarddog_gui.adapters.http.releases import API_BASE, fetch_release  # once a day at most

        client = WeChatHttpClient(API_BASE)
        try:
            return fetch_release(client)
        finally:
            client.close()

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

    def make_page_checker(self) -> "PageChecker":
        from guarddog_gui.adapters.http.page_fetcher import HttpPageFetcher
        from guarddog_gui.services.page_check import PageChecker  # rarely needed

        return PageChecker(fetcher=HttpPageFetcher(), clock=self.clock)

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


def make_messages(
    environ: Mapping[str, str], language: str, errcode_catalog: "ErrcodeCatalog", format_time: Callable[[float], str]
) -> "Messages":
    from guarddog_gui.adapters.message_catalogs import find_language, load_message_catalog
    from guarddog_gui.services.messages.message import Messages

    message_catalog = load_message_catalog(find_language(environ, language))
    return Messages(message_catalog, errcode_catalog, format_time)


def load_errcode_catalog() -> "ErrcodeCatalog":
    from guarddog_gui.domain.wechat.errcodes import ErrcodeCatalog

    return ErrcodeCatalog.from_json(resource_path("errcodes.json").read_text(encoding="utf-8"), _read_errcode_list)


def _read_errcode_list(host: "ErrcodeHost") -> str:
    name = "errcodes_api.json" if host == "api.weixin.qq.com" else "errcodes_work.json"
    return resource_path(name).read_text(encoding="utf-8")


def load_jssdk_errors() -> "JssdkErrorCatalog":
    from guarddog_gui.domain.wechat.jssdk_errors import JssdkErrorCatalog

    return JssdkErrorCatalog.from_json(resource_path("jssdk_errors.json").read_text(encoding="utf-8"))


def load_api_catalogue() -> "ApiCatalogue":
    from guarddog_gui.domain.api.catalogue import ApiCatalogue

    return ApiCatalogue.from_json(resource_path("api_calls.json").read_text(encoding="utf-8"))
