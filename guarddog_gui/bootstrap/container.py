"""Joins ports and adapters: what the tray app, the command line and the library have in common."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from guarddog_gui.adapters.exports.command import Commands
from guarddog_gui.adapters.exports.files import ForeignFiles
from guarddog_gui.adapters.exports.journal import OutletReportFiles
from guarddog_gui.adapters.files.account_lock import AccountLocks
from guarddog_gui.adapters.files.atomic import clean_left_overs
from guarddog_gui.adapters.files.config_files import AccountFile, SettingsFile
from guarddog_gui.adapters.files.dog_files import DogFiles
from guarddog_gui.adapters.files.paths import Locations, locations, resource
from guarddog_gui.adapters.files.recent_urls import RecentUrlFile
from guarddog_gui.adapters.files.ticket_files import TicketFiles
from guarddog_gui.adapters.history.store import HistoryDb
from guarddog_gui.adapters.http.client import WeChatHttp
from guarddog_gui.adapters.keyring.store import KeyringSecrets
from guarddog_gui.domain.errors import BadAddress, BadInput
from guarddog_gui.domain.message_catalog import Words, language_of
from guarddog_gui.domain.wechat.errcodes import Catalogue
from guarddog_gui.domain.wechat.protocol import checked_api_base
from guarddog_gui.services.account_queries import Inquirer
from guarddog_gui.services.accounts import AccountBook
from guarddog_gui.services.exports import Outlets
from guarddog_gui.services.messages.message import Sentences
from guarddog_gui.services.ports import Clock, SecretStore
from guarddog_gui.services.refresh import Refresher
from guarddog_gui.services.worker_context import Engine

if TYPE_CHECKING:
    from guarddog_gui.domain.wechat.jssdk_errors import JssdkErrors

API_BASE = "GUARDDOG_API_BASE"
OUTLETS_WAIT_S = 60.0  # longer than some commands that another Guard Dog runs, each to its deadline


@dataclass(frozen=True, slots=True)
class Stores:
    """The parts that all lanes and windows of one program share; each is safe to use from any thread."""

    places: Locations
    api_base: str
    accounts: AccountFile
    settings: SettingsFile
    dogs: DogFiles
    tickets: TicketFiles
    recent_urls: RecentUrlFile
    lock: AccountLocks
    commands: Commands
    history: HistoryDb
    secrets: SecretStore
    catalogue: Catalogue
    clock: Clock
    bad_address: BadAddress | None = None  # why there is no `api_base`

    def engine(self, api_base: str | None = None) -> Engine:
        """A new engine with its own connection to WeChat, for one thread. Raises BadAddress without one."""
        if api_base is None and self.bad_address is not None:
            raise self.bad_address
        from guarddog_gui.services.diagnosis import TicketShelf  # not before a lane is at work

        transport = WeChatHttp(api_base or self.api_base)
        outlets = self.outlets()
        return Engine(
            Refresher(
                transport=transport,
                secrets=self.secrets,
                dogs=self.dogs,
                tickets=self.tickets,
                lock=self.lock,
                history=self.history,
                catalogue=self.catalogue,
                clock=self.clock,
                outlets=outlets,
            ),
            AccountBook(
                transport=transport,
                secrets=self.secrets,
                accounts=self.accounts,
                dogs=self.dogs,
                recent_urls=self.recent_urls,
                lock=self.lock,
                history=self.history,
                catalogue=self.catalogue,
                outlet_files=ForeignFiles(),
                clock=self.clock,
            ),
            Inquirer(transport=transport, dogs=self.dogs, clock=self.clock),
            outlets,
            self.history.timeline,
            self.history.page,
            self.recent_urls,
            TicketShelf(dogs=self.dogs, accounts=self.accounts, earlier=self.tickets, clock=self.clock),
            self.tidy,
        )

    def outlets(self) -> Outlets:
        """Where else the values go."""
        return Outlets(
            dogs=self.dogs,
            files=ForeignFiles(),
            commands=self.commands,
            journal=OutletReportFiles(self.places.outlets_dir),
            lock=AccountLocks(self.places.locks_dir / "outlets", OUTLETS_WAIT_S),
            clock=self.clock,
        )

    def tidy(self) -> None:
        """Trim the history, remove what killed programs left behind; may take seconds. Raises FileTrouble."""
        now = self.clock()
        accounts = self.accounts.accounts()
        folders = {Path(self.dogs.directory(account)) for account in accounts}
        outlets = (outlet for account in accounts for outlet in account.outlets)
        folders |= {Path(file).parent for outlet in outlets for file in outlet.files}
        for folder in (self.places.config_dir, self.places.outlets_dir, *folders):
            clean_left_overs(folder, now)
        OutletReportFiles(self.places.outlets_dir).keep_only({account.appid for account in accounts})
        self.history.flush()
        self.history.trim(now)


def open_stores(
    environ: Mapping[str, str],
    clock: Clock,
    *,
    secrets: SecretStore | None = None,
    api_base: str | None = None,
    needs_address: bool = True,
) -> Stores:
    """The stores of this person's home; only the settings are read.

    Raises BadAddress where WeChat's address cannot be used; without `needs_address` the engine does.
    """
    places = locations(environ)
    settings = SettingsFile(places.settings_file)
    dogs = DogFiles(places.dogs_dir)
    address, bad_address = "", None
    try:
        address = _api_base(environ, settings, api_base)
    except BadAddress as bad:
        if needs_address:
            raise
        bad_address = bad
    return Stores(
        places=places,
        api_base=address,
        accounts=AccountFile(places.accounts_file),
        settings=settings,
        dogs=dogs,
        tickets=TicketFiles(dogs),
        recent_urls=RecentUrlFile(places.recent_urls_file),
        lock=AccountLocks(places.locks_dir),
        commands=Commands(),
        history=HistoryDb(places.history_file, clock),
        secrets=secrets or KeyringSecrets(),
        catalogue=Catalogue.from_text(resource("errcodes.json").read_text(encoding="utf-8")),
        clock=clock,
        bad_address=bad_address,
    )


def _api_base(environ: Mapping[str, str], settings: SettingsFile, given: str | None) -> str:
    variable = environ.get(API_BASE, "") if given is None else ""
    text = given or variable or settings.load().api_base
    try:
        return checked_api_base(text)
    except BadInput as bad:
        raise BadAddress(text, API_BASE if variable else "") from bad


def sentences_for(
    environ: Mapping[str, str], language: str, catalogue: Catalogue, local_time: Callable[[float], str]
) -> Sentences:
    """The sentences in the language of the environment, the person's setting or the system."""
    text = resource("words.json").read_text(encoding="utf-8")
    words = Words.from_text(text, language_of(environ, language))
    return Sentences(words, catalogue, local_time)


def jssdk_errors() -> "JssdkErrors":
    """What the messages of the JS-SDK mean."""
    from guarddog_gui.domain.wechat.jssdk_errors import JssdkErrors  # a start does without

    return JssdkErrors.from_text(resource("jssdk_errors.json").read_text(encoding="utf-8"))
