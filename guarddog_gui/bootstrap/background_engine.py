"""Worker pool, scheduler, controller and watchers of one running program, stopped in the right order."""

import time
from functools import partial
from typing import TYPE_CHECKING

from msgspec.structs import replace

from guarddog_gui.adapters.files.paths import create_private_folder
from guarddog_gui.bootstrap.container import Container
from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.errors import FileError
from guarddog_gui.domain.refresh.history import AttemptResult, HistoryEntry
from guarddog_gui.domain.refresh.retries import is_keyring_failure
from guarddog_gui.domain.refresh.status import Overview
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.domain.wechat.protocol import FailureKind, endpoint_name
from guarddog_gui.runtime.controller import Controller
from guarddog_gui.runtime.disk.bounded_calls import BoundedCalls, error_of, run_bounded
from guarddog_gui.runtime.jobs import FindRelease, JobFailure, JobHandle, Maintenance, RefreshTokens
from guarddog_gui.runtime.qt_core import HAS_QT, QObject, QTimer, Signal, Slot
from guarddog_gui.runtime.scheduler import Scheduler
from guarddog_gui.runtime.worker_pool import WorkerPool
from guarddog_gui.services.calls.refresh_request import RefreshMode, RefreshResult

if TYPE_CHECKING:
    from guarddog_gui.adapters.keyring.availability import KeyringAvailability
    from guarddog_gui.adapters.sharing.watcher import SharingWatcher
    from guarddog_gui.domain.releases import Release
    from guarddog_gui.runtime.disk.file_watcher import WatcherThread
    from guarddog_gui.runtime.signing import SigningController

_CONFIG_FOLDER_LANE = "config folder"
_UNFINISHED_LANE = "unfinished changes"
MAINTENANCE_FIRST_MS = 60_000
MAINTENANCE_INTERVAL_MS = 24 * 3600 * 1000
MAINTENANCE_RETRY_MS = 3600 * 1000  # after one in which something failed
# with everything else a quit takes less than three seconds
STOP_TIMEOUT_MS = 1300  # for running jobs
WATCHER_TIMEOUT_MS = 200
HISTORY_TIMEOUT_S = 0.9  # longer than the database waits for another process


class BackgroundEngine(QObject):
    """Refreshes tokens in the background, for the tray app and for `guarddogctl watch`."""

    files_changed = Signal()  # in the folders of the account list, which has the settings too, and of the `.dog` files
    system_resumed = Signal()  # after a suspend or a jump of the clock

    _keyring_available = Signal()  # emitted in another thread, as is the next
    _shared_changed = Signal(str)  # AppID

    def __init__(self, container: Container) -> None:
        super().__init__()
        self._container = container
        self._api_base = container.api_base
        self._worker_pool = WorkerPool(lambda: container.make_worker_context(self._api_base), parent=self)
        self.calls = BoundedCalls(parent=self)
        self._has_config_folder = False
        scheduler = Scheduler(container.clock, time.monotonic, self)
        accounts, dog_files, history = container.accounts, container.dog_files, container.history
        errcode_catalog, clock = container.errcode_catalog, container.clock
        self.controller = Controller(
            accounts,
            dog_files,
            history,
            errcode_catalog,
            clock,
            self._worker_pool,
            scheduler,
            self.calls,
            parent=self,
            sharing_journal=container.sharing_journal,
        )
        self._signing_controller: SigningController | None = None
        scheduler.clock_jumped.connect(self.system_resumed)
        self._maintenance_timer = QTimer(self)
        self._maintenance_timer.timeout.connect(self._on_maintenance_timeout)
        self._watcher_thread: WatcherThread | None = None
        self._keyring_availability: KeyringAvailability | None = None  # from the first failure on
        self._sharing_watcher: SharingWatcher | None = None  # from the first shared account on
        self._shared_changed.connect(self.controller.on_shared_changed)
        self.system_resumed.connect(self._look_at_shared)
        self._keyring_available.connect(self.controller.on_keyring_available)
        self.controller.refresh_attempted.connect(self._on_refresh_attempted)

    @property
    def signing_controller(self) -> "SigningController":
        """Controller of the pages about signatures, made with the first window."""
        if self._signing_controller is None:
            from guarddog_gui.runtime.signing import SigningController

            parts = self._container
            self._signing_controller = SigningController(
                self.controller, self._worker_pool, parts.own_values, parts.recent_urls, parts.clock, self.calls, self,
                api_base=parts.api_base,
            )  # fmt: skip
        return self._signing_controller

    def set_api_base(self, api_base: str) -> None:
        if api_base != self._api_base:
            self._api_base = api_base
            self._worker_pool.reset_contexts()

    def start(self) -> None:
        self._create_config_folder()
        self.controller.start()
        # imported after the tray icon is shown: QtNetwork and ctypes take a while
        from guarddog_gui.adapters.allocator import return_large_blocks
        from guarddog_gui.runtime.disk.file_watcher import WatcherThread

        return_large_blocks()
        if HAS_QT:  # else the scheduler alone notices a suspend, half a minute later
            self._start_power_events()
        self._watcher_thread = WatcherThread(self)
        self._watcher_thread.files_changed.connect(self.controller.tick)
        self._watcher_thread.files_changed.connect(self.files_changed)
        self._watcher_thread.watch((self._container.paths.accounts_file,))
        self.controller.overview_changed.connect(self._on_overview_changed)
        self._maintenance_timer.start(MAINTENANCE_FIRST_MS)
        self.calls.ask(_UNFINISHED_LANE, self._has_unfinished_changes, self._on_unfinished_changes)

    def _has_unfinished_changes(self) -> bool:
        """Return True if the last run has left a removal or an import to be finished or undone."""
        accounts = self._container.accounts
        try:
            return bool(accounts.pending_removals()) or accounts.pending_import() is not None
        except FileError:  # the controller reports a list that cannot be read
            return False

    def _on_unfinished_changes(self, has_some: bool) -> None:  # noqa: FBT001 - a result
        """Finish them in a worker, whose services take 5 MB: mostly there is nothing to do."""
        if has_some:
            self.controller.removals.check()

    def _start_power_events(self) -> None:
        from guarddog_gui.runtime.power_events import PowerEvents

        power_events = PowerEvents(self)
        power_events.system_resumed.connect(self.controller.on_system_resumed)
        power_events.system_resumed.connect(self.system_resumed)
        power_events.network_restored.connect(self.controller.on_network_restored)
        power_events.network_restored.connect(self._look_at_shared)
        power_events.start()

    def _create_config_folder(self) -> None:
        """Create the folder of the account list, for the watcher; without it the next change tries again."""
        create = partial(error_of, partial(create_private_folder, self._container.paths.config_dir))
        self.calls.ask(_CONFIG_FOLDER_LANE, create, self._on_config_folder_created)

    def _on_config_folder_created(self, error: FileError | None) -> None:
        self._has_config_folder = error is None

    @Slot(object)
    def _on_overview_changed(self, overview: Overview) -> None:
        if not self._has_config_folder:
            self._create_config_folder()
        self._watch_shared(tuple(status.account for status in overview.accounts))
        if self._watcher_thread is not None:
            path = self._container.dog_files.path
            keys = [(status.account, key.kind) for status in overview.accounts for key in status.keys]
            can_watch = self._watcher_thread.can_watch(len(keys))  # else not even the paths are made, each time anew
            files = (path(account, kind) for account, kind in (keys if can_watch else ()))
            self._watcher_thread.watch((self._container.paths.accounts_file, *files))

    @Slot()
    def _look_at_shared(self) -> None:
        if self._sharing_watcher is not None:
            self._sharing_watcher.look_now()

    def _watch_shared(self, accounts: tuple[Account, ...]) -> None:
        if self._sharing_watcher is None and any(account.sharing is not None for account in accounts):
            from guarddog_gui.adapters.sharing.watcher import SharingWatcher

            self._sharing_watcher = SharingWatcher(self._container.shared_store, self._shared_changed.emit)
        if self._sharing_watcher is not None:
            self._sharing_watcher.watch(accounts)

    @Slot(object)
    def _on_refresh_attempted(self, result: RefreshResult) -> None:
        """Wait for the keyring's signals after it has failed."""
        if not is_keyring_failure(result.entry):
            return
        if self._keyring_availability is None:
            self._keyring_availability = self._container.make_keyring_availability(self._keyring_available.emit)
        if self._keyring_availability is not None:
            self._keyring_availability.watch()

    @Slot()
    def _on_maintenance_timeout(self) -> None:
        self._maintenance_timer.setInterval(MAINTENANCE_INTERVAL_MS)
        self._worker_pool.submit(Maintenance()).notify(self._on_maintenance_ended, self._on_maintenance_ended)

    @Slot(object)
    def _on_maintenance_ended(self, outcome: tuple[Exception, ...] | JobFailure) -> None:
        """Try again in an hour what could not be done; the log says what that was."""
        if outcome != ():
            self._maintenance_timer.start(MAINTENANCE_RETRY_MS)

    def find_release(self) -> JobHandle["Release | None"]:
        """Ask in a worker thread for the newest version of Guard Dog."""
        return self._worker_pool.submit(FindRelease())

    def stop(self) -> bool:
        """Stop everything; return False if something still runs, and the process has to leave by `os._exit`.

        Takes less than three seconds, whatever hangs: a request, the keyring, a disk, or the history's lock.
        """
        self._maintenance_timer.stop()
        self.controller.stop()
        self.calls.stop()
        if self._keyring_availability is not None:
            self._keyring_availability.stop()
        if self._sharing_watcher is not None:
            self._sharing_watcher.stop()
        if self._signing_controller is not None:
            self._signing_controller.stop()
        self._container.history.interrupt()
        self._container.command_runner.shut_down()
        has_ended = self._worker_pool.stop(STOP_TIMEOUT_MS)
        if not has_ended:
            self._record_lost_replies()
        if self._watcher_thread is not None:
            has_ended = self._watcher_thread.end(WATCHER_TIMEOUT_MS) and has_ended
        # entries that a locked history refuses go into a file, see `SqliteHistoryStore.close`
        return run_bounded(self._container.history.close, HISTORY_TIMEOUT_S) and has_ended

    def _record_lost_replies(self) -> None:
        """Record requests whose replies are lost, for the next start: WeChat may have issued tokens."""
        requests = (job.request for job in self._worker_pool.running_jobs() if isinstance(job, RefreshTokens))
        for request in requests:
            if request.mode.may_ask and not request.account.is_follower:
                now, appid, kind = self._container.clock(), request.account.appid, request.kinds[0]
                entry = HistoryEntry(now, appid, kind.value, request.trigger, AttemptResult.NO_ANSWER, calls=1)
                is_forced = request.mode is RefreshMode.FORCE and kind is TokenKind.ACCESS_TOKEN
                endpoint = endpoint_name(request.account, kind)
                self._container.history.enqueue(
                    replace(entry, forced=is_forced, detail=FailureKind.TIMEOUT, endpoint=endpoint)
                )
