"""Settings on disk, and starts of the program that apply them."""

from pathlib import Path

from PySide6.QtWidgets import QApplication

from guarddog_gui.adapters.files.config_files import SettingsFile
from guarddog_gui.adapters.keyring.memory import MemorySecretStore
from guarddog_gui.app.settings_controller import SettingsController
from guarddog_gui.bootstrap.container import Container, make_container
from guarddog_gui.domain.message_catalog import MessageCatalog
from guarddog_gui.domain.settings import Settings
from guarddog_gui.runtime.disk.bounded_calls import BoundedCalls
from tests.fakes import FakeClock


class SettingsHome:
    """A home on disk, and the settings in force in it; each `start` is a start of the program."""

    def __init__(self, folder: Path, application: QApplication) -> None:
        self.environ = {"GUARDDOG_HOME": str(folder), "GUARDDOG_LANG": ""}
        self._application = application
        self._running: list[tuple[Container, SettingsController]] = []

    def start(self, api_base: str | None = None) -> SettingsController:
        container = make_container(self.environ, FakeClock(), secrets=MemorySecretStore(), api_base=api_base)
        self.container = container  # of the last start
        chosen = SettingsController(container, self.environ, self._application, BoundedCalls(quick_wait_s=10.0))
        self._running.append((container, chosen))
        return chosen

    @property
    def file(self) -> Path:
        return Path(self.environ["GUARDDOG_HOME"]) / "config" / "settings.json"

    def kept(self) -> Settings:
        """Return what another program would read."""
        return SettingsFile(self.file).load()

    def end(self) -> None:
        for container, chosen in self._running:
            chosen._translator.set_catalog(MessageCatalog())
            container.history.close()
