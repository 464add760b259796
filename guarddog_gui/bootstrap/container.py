"""Joins ports and adapters: what the tray app, the command line and the library have in common."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from guarddog_gui.adapters.exports.command import CommandRunner
from guarddog_gui.adapters.exports.files import ExportFiles
from guarddog_gui.adapters.exports.journal import ExportStatusStore
from guarddog_gui.adapters.files.account_lock import AccountLockFiles
from guarddog_gui.adapters.files.atomic import remove_stale_temp_files
from guarddog_gui.adapters.files.config_files import AccountsFile, SettingsFile
from guarddog_gui.adapters.files.dog_files import AccountDogFiles
from guarddog_gui.adapters.files.paths import AppPaths, get_app_paths, resource_path
from guarddog_gui.adapters.files.recent_urls import RecentUrlsFile
from guarddog_gui.adapters.files.ticket_files import ReplacedTicketFiles
from guarddog_gui.adapters.history.store import SqliteHistoryStore
from guarddog_gui.adapters.http.client import WeChatHttpClient
from guarddog_gui.adapters.keyring.store import KeyringSecretStore
from guarddog_gui.adapters.message_catalogs import find_language, load_message_catalog
from guarddog_gui.domain.errors import BadApiBase, BadInput
from guarddog_gui.domain.wechat.errcodes import ErrcodeCatalog
from guarddog_gui.domain.wechat.protocol import normalize_api_base
from guarddog_gui.services.account_queries import AccountQueries
from guarddog_gui.services.accounts import AccountService
from guarddog_gui.services.exports import Exporter
from guarddog_gui.services.messages.message import Messages
from guarddog_gui.services.ports import Clock, SecretStore
from guarddog_gui.services.refresh import Refresher
from guarddog_gui.services.worker_context import WorkerContext

if TYPE_CHECKING:
    from guarddog_gui.domain.wechat.jssdk_errors import JssdkErrorCatalog

API_BASE_VARIABLE = "GUARDDOG_API_BASE"
EXPORT_LOCK_TIMEOUT_S = 60.0  # longer than some commands that another Guard Dog runs, each to its deadline


@dataclass(frozen=True, slots=True)
class Container:
    """The parts that all lanes and windows of one program share; each is safe to use from any thread."""

    paths: AppPaths
    api_base: str
    accounts: AccountsFile
    settings: SettingsFile
    dog_files: AccountDogFiles
    replaced_tickets: ReplacedTicketFiles
    recent_urls: RecentUrlsFile
    account_locks: AccountLockFiles
    command_runner: CommandRunner
    history: SqliteHistoryStore
    secrets: SecretStore
    errcode_catalog: ErrcodeCatalog
    clock: Clock
    api_base_error: BadApiBase | None = None  # why there is no `api_base`

    def make_worker_context(self, api_base: str | None = None) -> WorkerContext:
        """A new engine with its own connection to WeChat, for one thread. Raises BadAddress without one."""
        if api_base is None and self.api_base_error is not None:
            raise self.api_base_error
        from guarddog_gui.services.diagnosis import TicketSource  # not before a lane is at work

        transport = WeChatHttpClient(api_base or self.api_base)
        outlets = self.make_exporter()
        return WorkerContext(
            Refresher(
                transport=transport,
                secrets=self.secrets,
                dog_files=self.dog_files,
                replaced_tickets=self.replaced_tickets,
                account_lock=self.account_locks,
                history=self.history,
                errcode_catalog=self.errcode_catalog,
                clock=self.clock,
                exporter=outlets,
            ),
            AccountService(
                transport=transport,
                secrets=self.secrets,
                accounts=self.accounts,
                dog_files=self.dog_files,
                recent_urls=self.recent_urls,
                account_lock=self.account_locks,
                history=self.history,
                errcode_catalog=self.errcode_catalog,
                export_files=ExportFiles(),
                clock=self.clock,
            ),
            AccountQueries(transport=transport, dog_files=self.dog_files, clock=self.clock),
            outlets,
            self.history.read_timeline,
            self.history.read_page,
            self.recent_urls,
            TicketSource(
                dog_files=self.dog_files,
                accounts=self.accounts,
                replaced_tickets=self.replaced_tickets,
                clock=self.clock,
            ),
            self.run_maintenance,
        )

    def make_exporter(self) -> Exporter:
        """Where else the values go."""
        return Exporter(
            dog_files=self.dog_files,
            export_files=ExportFiles(),
            command_runner=self.command_runner,
            journal=ExportStatusStore(self.paths.exports_dir),
            export_lock=AccountLockFiles(self.paths.locks_dir / "outlets", EXPORT_LOCK_TIMEOUT_S),
            clock=self.clock,
        )

    def run_maintenance(self) -> None:
        """Trim the history, remove what killed programs left behind; may take seconds. Raises FileTrouble."""
        now = self.clock()
        accounts = self.accounts.load()
        folders = {Path(self.dog_files.directory(account)) for account in accounts}
        outlets = (outlet for account in accounts for outlet in account.exports)
        folders |= {Path(file).parent for outlet in outlets for file in outlet.files}
        for folder in (self.paths.config_dir, self.paths.exports_dir, *folders):
            remove_stale_temp_files(folder, now)
        ExportStatusStore(self.paths.exports_dir).delete_all_except({account.appid for account in accounts})
        self.history.flush()
        self.history.trim(now)


def make_container(
    environ: Mapping[str, str],
    clock: Clock,
    *,
    secrets: SecretStore | None = None,
    api_base: str | None = None,
    require_api_base: bool = True,
) -> Container:
    """The stores of this person's home; only the settings are read.

    Raises BadAddress where WeChat's address cannot be used; without `needs_address` the engine does.
    """
    places = get_app_paths(environ)
    settings = SettingsFile(places.settings_file)
    dogs = AccountDogFiles(places.dogs_dir)
    address, bad_address = "", None
    try:
        address = _resolve_api_base(environ, settings, api_base)
    except BadApiBase as bad:
        if require_api_base:
            raise
        bad_address = bad
    return Container(
        paths=places,
        api_base=address,
        accounts=AccountsFile(places.accounts_file),
        settings=settings,
        dog_files=dogs,
        replaced_tickets=ReplacedTicketFiles(dogs),
        recent_urls=RecentUrlsFile(places.recent_urls_file),
        account_locks=AccountLockFiles(places.locks_dir),
        command_runner=CommandRunner(),
        history=SqliteHistoryStore(places.history_file, clock),
        secrets=secrets or KeyringSecretStore(),
        errcode_catalog=ErrcodeCatalog.from_json(resource_path("errcodes.json").read_text(encoding="utf-8")),
        clock=clock,
        api_base_error=bad_address,
    )


def _resolve_api_base(environ: Mapping[str, str], settings_file: SettingsFile, override: str | None) -> str:
    variable = environ.get(API_BASE_VARIABLE, "") if override is None else ""
    text = override or variable or settings_file.load().api_base
    try:
        return normalize_api_base(text)
    except BadInput as bad:
        raise BadApiBase(text, API_BASE_VARIABLE if variable else "") from bad


def make_messages(
    environ: Mapping[str, str],
    language: str,
    errcode_catalog: ErrcodeCatalog,
    format_time: Callable[[float], str],
) -> Messages:
    """Return the messages in the language of the environment, the setting or the system."""
    message_catalog = load_message_catalog(find_language(environ, language))
    return Messages(message_catalog, errcode_catalog, format_time)


def load_jssdk_errors() -> "JssdkErrorCatalog":
    """What the messages of the JS-SDK mean."""
    from guarddog_gui.domain.wechat.jssdk_errors import JssdkErrorCatalog  # a start does without

    return JssdkErrorCatalog.from_json(resource_path("jssdk_errors.json").read_text(encoding="utf-8"))
