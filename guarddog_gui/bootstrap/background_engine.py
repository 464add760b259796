"""The engine while it runs: lanes, scheduler, wake-ups and controller put together, and stopped in order."""

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Signal, Slot

from guarddog_gui.adapters.files.paths import private_folder
from guarddog_gui.bootstrap.container import Stores
from guarddog_gui.domain.refresh.history import Entry, Result
from guarddog_gui.domain.refresh.status import Overview
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.domain.wechat.protocol import Unheard, endpoint_of
from guarddog_gui.runtime.controller import Controller
from guarddog_gui.runtime.jobs import Tidy
from guarddog_gui.runtime.scheduler import Scheduler
from guarddog_gui.runtime.worker_pool import Lanes
from guarddog_gui.services.refresh import Eagerness, Order
from guarddog_gui.services.worker_context import Engine

if TYPE_CHECKING:
    from guarddog_gui.runtime.file_watcher import DogWatch
    from guarddog_gui.runtime.power_events import WakeUps
    from guarddog_gui.runtime.signing import SigningDesk

TIDY_FIRST_MS = 60_000
TIDY_MS = 24 * 3600 * 1000
STOP_MS = 1500  # for lanes to end; with the rest of a quit this stays below three seconds


class Live(QObject):
    """What the tray app and `guarddogctl watch` both run on."""

    woke = Signal()  # after a sleep, or a jump of the clock

    def __init__(self, stores: Stores) -> None:
        super().__init__()
        self._stores = stores
        self._api_base = stores.api_base
        self._lanes = Lanes(self._make_engine, parent=self)
        self._wakeups: WakeUps | None = None
        scheduler = Scheduler(stores.clock, time.monotonic, self)
        self.controller = Controller(
            accounts=stores.accounts,
            dogs=stores.dogs,
            history=stores.history,
            catalogue=stores.catalogue,
            clock=stores.clock,
            lanes=self._lanes,
            scheduler=scheduler,
            parent=self,
        )
        self._signing: SigningDesk | None = None
        scheduler.gap.connect(self._on_gap)
        self._tidying = QTimer(self)
        self._tidying.timeout.connect(self._on_tidy)
        self._watcher = QFileSystemWatcher(self)
        self._watcher.directoryChanged.connect(self.controller.on_list_changed)
        self._dog_watch: DogWatch | None = None

    @property
    def signing(self) -> "SigningDesk":
        """What the pages about signatures need, made with the first window."""
        if self._signing is None:
            from guarddog_gui.runtime.signing import SigningDesk

            stores = self._stores
            self._signing = SigningDesk(
                controller=self.controller,
                lanes=self._lanes,
                dogs=stores.dogs,
                recent_urls=stores.recent_urls,
                clock=stores.clock,
                parent=self,
            )
        return self._signing

    def _make_engine(self) -> Engine:
        return self._stores.engine(self._api_base)

    def use_api_base(self, api_base: str) -> None:
        """Talk to this address from the next job on; it has been checked."""
        if api_base != self._api_base:
            self._api_base = api_base
            self._lanes.renew()

    def start(self) -> None:
        """Begin to refresh. Raises FileTrouble when there can be no configuration folder."""
        private_folder(self._stores.places.config_dir)
        self._watcher.addPath(str(self._stores.places.config_dir))
        self.controller.start()
        self._wakeups = self._begin_wakeups()
        self._dog_watch = self._begin_dog_watch()
        self._tidying.start(TIDY_FIRST_MS)

    def _begin_wakeups(self) -> "WakeUps":
        from guarddog_gui.runtime.power_events import WakeUps  # QtNetwork, for which the tray does not wait

        wakeups = WakeUps(self)
        wakeups.woke.connect(self.controller.on_woke)
        wakeups.woke.connect(self.woke)
        wakeups.network_up.connect(self.controller.on_network_up)
        wakeups.start()
        return wakeups

    def _begin_dog_watch(self) -> "DogWatch":
        from guarddog_gui.runtime.file_watcher import DogWatch  # with the wake-ups, after the tray

        watch = DogWatch(self)
        watch.written.connect(self.controller.on_files_written)
        self.controller.changed.connect(self._on_changed)
        return watch

    @Slot(object)
    def _on_changed(self, overview: Overview) -> None:
        if self._dog_watch is not None:
            path = self._stores.dogs.path
            self._dog_watch.watch(
                path(status.account, key.kind) for status in overview.accounts for key in status.keys
            )

    @Slot(float)
    def _on_gap(self, _moved: float) -> None:
        self.woke.emit()

    @Slot()
    def _on_tidy(self) -> None:
        self._tidying.setInterval(TIDY_MS)
        self._lanes.submit(Tidy())

    def stop(self) -> bool:
        """End in order; False when something still hangs, and the process has to leave by `os._exit`."""
        self._tidying.stop()
        if self._dog_watch is not None:
            self._dog_watch.stop()
        self.controller.stop()
        if self._signing is not None:
            self._signing.stop()
        self._stores.history.break_off()
        self._stores.commands.break_off()
        ended = self._lanes.stop(STOP_MS)
        if not ended:
            self._record_unheard()
        self._stores.history.close()
        return ended

    def _record_unheard(self) -> None:
        """An answer that nobody waits for may have made a new token: the next start has to know."""
        for job in self._lanes.under_way():
            if isinstance(job, Order) and job.eagerness is not Eagerness.LOOK:
                kind = job.kinds[0]
                self._stores.history.append(
                    Entry(
                        self._stores.clock(),
                        job.account.appid,
                        kind.value,
                        job.trigger,
                        Result.UNHEARD,
                        forced=job.eagerness is Eagerness.FORCE and kind is TokenKind.ACCESS_TOKEN,
                        calls=1,
                        detail=Unheard.TIMEOUT,
                        endpoint=endpoint_of(job.account, kind),
                    )
                )
