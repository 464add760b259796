"""Jobs of the API console, as its page starts them."""

from typing import ClassVar

from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtCore import QObject, Signal, Slot

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.api.call_log import Favourite, LoggedCall
from guarddog_gui.domain.api.catalogue import ApiCatalogue
from guarddog_gui.domain.api.request import ApiRequest
from guarddog_gui.domain.hidden_fields import HiddenFields
from guarddog_gui.runtime.jobs import JobHandle, WriteExports
from guarddog_gui.runtime.worker_pool import CALL_GROUP, HISTORY_GROUP, WorkerPool
from guarddog_gui.services.api_calls import ApiOutcome
from guarddog_gui.services.worker_context import WorkerContext


class CallApi(Struct, frozen=True):
    """Send one call; the file of an upload is read first, from the path that is its name."""

    thread_group: ClassVar[str] = CALL_GROUP
    account: Account
    request: ApiRequest

    def run(self, context: WorkerContext) -> ApiOutcome:
        console = context.make_api_console()
        request = self.request
        if request.upload is not None:
            content = console.read_upload(request.upload.file_name)
            request = replace(request, upload=replace(request.upload, content=content))
        try:
            outcome = console.caller.call(self.account, request)
        finally:
            console.close()
        errcode, catalog = outcome.errcode, context.refresher.errcode_catalog
        if errcode is not None and errcode not in catalog:
            catalog.lists.find(errcode)  # read the list here: the main thread explains the errcode with it
        return replace(outcome, request=self.request)  # without the content of the file


class ConsoleData(Struct, frozen=True):
    """What the page shows before a call: the catalogue, the API base, the calls of an account, the favourites."""

    appid: str
    catalogue: ApiCatalogue
    api_base: str
    calls: tuple[LoggedCall, ...]
    favourites: tuple[Favourite, ...]


class LoadConsole(Struct, frozen=True):
    """Read the calls of an account, and the catalogue."""

    thread_group: ClassVar[str] = HISTORY_GROUP
    appid: str

    def run(self, context: WorkerContext) -> ConsoleData:
        console = context.make_api_console()
        store = console.store
        return ConsoleData(
            self.appid,
            console.load_catalogue(),
            console.api_base_of(self.appid),
            store.calls(self.appid),
            store.favourites(),
        )


class ForgetCalls(Struct, frozen=True):
    """Remove the logged calls of an account."""

    thread_group: ClassVar[str] = HISTORY_GROUP
    appid: str

    def run(self, context: WorkerContext) -> None:
        context.make_api_console().store.clear(self.appid)


class SetFavourite(Struct, frozen=True):
    """Add or remove a favourite call."""

    thread_group: ClassVar[str] = HISTORY_GROUP
    favourite: Favourite
    is_kept: bool

    def run(self, context: WorkerContext) -> None:
        context.make_api_console().store.set_favourite(self.favourite, is_kept=self.is_kept)


class SaveAnswer(HiddenFields, Struct, frozen=True):
    """Write an answer into a file that the user has chosen."""

    hidden_fields = ("data",)
    thread_group: ClassVar[str] = HISTORY_GROUP

    path: str
    data: bytes

    def run(self, context: WorkerContext) -> str:
        context.make_api_console().write_file(self.path, self.data)
        return self.path


class ApiJobs(QObject):
    """Submits the jobs of the API console."""

    values_changed = Signal()  # a call has renewed the token of its account

    def __init__(self, worker_pool: WorkerPool, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._worker_pool = worker_pool

    def load(self, appid: str) -> JobHandle[ConsoleData]:
        return self._worker_pool.submit(LoadConsole(appid))

    def call(self, account: Account, request: ApiRequest) -> JobHandle[ApiOutcome]:
        handle = self._worker_pool.submit(CallApi(account, request))
        handle.finished.connect(self._on_call_ended)
        return handle

    def forget_calls(self, appid: str) -> JobHandle[None]:
        return self._worker_pool.submit(ForgetCalls(appid))

    def set_favourite(self, favourite: Favourite, *, is_kept: bool) -> JobHandle[None]:
        return self._worker_pool.submit(SetFavourite(favourite, is_kept))

    def save_answer(self, path: str, data: bytes) -> JobHandle[str]:
        return self._worker_pool.submit(SaveAnswer(path, data))

    @Slot(object, object)
    def _on_call_ended(self, outcome: ApiOutcome, job: CallApi) -> None:
        if outcome.has_refreshed:
            if job.account.exports:
                self._worker_pool.submit(WriteExports(job.account))
            self.values_changed.emit()
