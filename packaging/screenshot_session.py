"""Take screenshots of the program in one language and theme, with one number of accounts after another.

screenshot_session.py FOLDER LANGUAGE THEME SUFFIX COUNTS [names]   started by screenshots.py, with a temporary home

FOLDER gets `<page>-<SUFFIX>.png`; pages that are taken for several COUNTS have the number of accounts before `.png`.
"""

from __future__ import annotations

import json
import os
import sys
import time
import traceback
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtGui import QFont, QImage, QPainter  # allowed here: it shows windows
from PySide6.QtWidgets import QApplication, QWidget
from sample_data import (
    IP_NOT_LISTED_ERRMSG,
    NOW,
    SampleData,
    further_accounts,
    is_refused,
    make_further_data,
    make_sample_data,
    sample_accounts,
)
from screenshot_scenes import Scenes, ShownProgram

from guarddog_gui.adapters.keyring.memory import MemorySecretStore
from guarddog_gui.app.copying import Copying
from guarddog_gui.app.settings_controller import SettingsController
from guarddog_gui.bootstrap.background_engine import BackgroundEngine
from guarddog_gui.bootstrap.container import Container, make_container
from guarddog_gui.domain.accounts.account import Account, Secret
from guarddog_gui.domain.settings import Settings, Theme
from guarddog_gui.sandbox.accounts import SandboxAccount
from guarddog_gui.sandbox.faults.fault import Fault, FaultKind
from guarddog_gui.sandbox.server import SandboxServer
from guarddog_gui.ui.clipboard.clipboard import Clipboard
from guarddog_gui.ui.main_window import MainWindow
from guarddog_gui.ui.tray.availability import TrayAvailability
from guarddog_gui.ui.tray.icon import TrayIcon
from guarddog_gui.ui.tray.popover import Popover

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# The first that is installed; where none is, fontconfig chooses.
FONTS = {"en": ("Inter", "Noto Sans", "DejaVu Sans"), "zh_CN": ("WenQuanYi Micro Hei", "Noto Sans CJK SC")}
FONT_SIZE = 13  # pixels
SAMPLE_COUNT = 4  # number of the sample accounts; more than these are further accounts
_started_at_s = time.monotonic()


def clock() -> float:
    """Return the time since the start of this script, added to NOW, so that all screenshots show the same."""
    return NOW + time.monotonic() - _started_at_s


class ScreenshotSession(QObject):
    """Session that shows page after page and saves a screenshot of each.

    The scenes are generators that yield the milliseconds to wait before their next step.
    """

    def __init__(
        self,
        container: Container,
        application: QApplication,
        new_account: SandboxAccount,
        *,
        folder: Path,
        suffix: str,
        account_counts: Sequence[int],
        selected: Sequence[str],
    ) -> None:
        """Take the `selected` pages, or all if that is empty. `new_account` is one to add in the dialog."""
        super().__init__()
        self._container = container
        self._folder = folder
        self._suffix = suffix
        self._account_counts = account_counts
        self._account_count: int | None = None  # in the names of the files
        self._selected = selected
        self._engine = BackgroundEngine(container)
        self._engine.controller.reload_from_disk()
        settings = SettingsController(container, os.environ, application)
        settings.apply_theme()
        application.setWindowIcon(settings.formatter.icons.app_icon())
        self._program = self._make_program(settings)
        self._scenes = Scenes(self._program, container, new_account, self.save_screenshot)
        self._steps = self._all_steps()
        QTimer.singleShot(0, self, self._run_next_step)

    def _make_program(self, settings: SettingsController) -> ShownProgram:
        controller, formatter = self._engine.controller, settings.formatter
        clipboard = Clipboard(time.monotonic, parent=self)
        Copying(settings, controller, clipboard, self._container.api_base, self)
        return ShownProgram(
            controller=controller,
            formatter=formatter,
            theme=settings.settings.theme,
            window=MainWindow(controller, self._engine.signing_controller, clipboard, formatter),
            popover=Popover(controller, clipboard, formatter),
            tray=TrayIcon(controller, TrayAvailability(self), formatter),
        )

    @Slot()
    def _run_next_step(self) -> None:
        try:
            delay_ms = next(self._steps, None)
        except Exception:  # noqa: BLE001 - of any scene; a slot that raises would leave the program waiting
            traceback.print_exc()
            self._end(1)
            return
        if delay_ms is None:
            self._end(0)
        else:
            QTimer.singleShot(delay_ms, self, self._run_next_step)

    def _end(self, exit_code: int) -> None:
        self._program.window.hide()
        self._engine.stop()
        QApplication.exit(exit_code)

    def _all_steps(self) -> Iterator[int]:
        window = self._program.window
        window.resize(window.screen().size())
        window.show()
        yield 300
        self._engine.start()
        dialogs_count = next((count for count in self._account_counts if count >= SAMPLE_COUNT), None)
        for count in self._account_counts:
            self._account_count = count if len(self._account_counts) > 2 else None
            if count:
                yield from self._set_account_count(count)
                yield from self._scenes.capture_pages()
            else:
                yield from self._scenes.capture_first_run()
            if count == dialogs_count:
                self._account_count = None
                yield from self._scenes.capture_dialogs()

    def _set_account_count(self, count: int) -> Iterator[int]:
        """Show this number of accounts: first the sample accounts, of which WeChat refuses one, then further ones."""
        language = self._program.formatter.messages.message_catalog.language
        samples = sample_accounts(language)[:count]
        if self._engine.controller.overview().account(samples[-1].appid) is None:
            yield from self._set_accounts(samples[:2], 1000)  # WeChat's refusal is for the second
            yield from self._set_accounts(samples, 2500)  # until the token that becomes due is being refreshed
        if count > len(samples):
            further = further_accounts(language, count - len(samples))
            known = {status.account.appid for status in self._engine.controller.overview().accounts}
            write_data(self._container, make_further_data(tuple(a for a in further if a.appid not in known)), further)
            yield from self._set_accounts((*samples, *further), 3500)

    def _set_accounts(self, accounts: tuple[Account, ...], delay_ms: int) -> Iterator[int]:
        self._container.accounts.update(lambda _: accounts)
        yield delay_ms

    def save_screenshot(self, page: str, widget: QWidget) -> None:
        if not self._selected or page in self._selected:
            count = "" if self._account_count is None else f"-{self._account_count}"
            file = self._folder / f"{page}-{self._suffix}{count}.png"
            grabbed = widget.grab().toImage()
            image = QImage(grabbed.size(), QImage.Format.Format_RGB888)
            image.setDevicePixelRatio(grabbed.devicePixelRatio())
            image.fill(self._program.window.palette().window().color())  # behind round corners
            with QPainter(image) as painter:
                painter.drawImage(0, 0, grabbed)
            if not image.save(str(file)):
                raise OSError(f"{file} could not be written")


def write_data(container: Container, data: SampleData, accounts: Sequence[Account]) -> None:
    for entry in data.entries:
        container.history.append(entry)
    for account in accounts:
        for kind in account.token_kinds:
            if (record := data.records.get((account.appid, kind))) is not None:
                container.dog_files.write(account, kind, record)


def prepare_server(server: SandboxServer, secrets: MemorySecretStore) -> None:
    for account in server.accounts:
        secrets.set(account.appid, Secret(account.secret))
    for further in further_accounts("en", max(0, 60 - SAMPLE_COUNT)):
        secret = token_hex(16)
        server.rules.set_account(SandboxAccount(further.appid, secret, further.name, further.platform))
        secrets.set(further.appid, Secret(token_hex(16) if is_refused(further) else secret))
    # The first call is that of MAGAZINE, which is refused as before; the second, COFFEE's, stays pending.
    refusal = json.dumps({"errcode": 40164, "errmsg": IP_NOT_LISTED_ERRMSG})
    server.faults.add(Fault(FaultKind.CUSTOM_BODY, text=refusal), endpoint="stable_token")
    server.faults.add(Fault(FaultKind.HANG, seconds=60), endpoint="stable_token")


def main(folder: Path, language: str, theme: str, suffix: str, counts: str, selected: Sequence[str]) -> None:
    with SandboxServer(clock) as server:
        new_account = SandboxAccount("wx5a0d09b0c0f00004", token_hex(16), "UniStore")
        server.rules.set_account(new_account)
        secrets = MemorySecretStore()
        prepare_server(server, secrets)
        container = make_container(os.environ, clock, secrets=secrets, api_base=server.base_url)
        container.settings.save(Settings(theme=Theme(theme)))
        write_data(container, make_sample_data(), sample_accounts("en"))
        application = QApplication(["guarddog-gui", "-style", "fusion"])
        font = QFont()
        font.setFamilies(FONTS[language])
        font.setPixelSize(FONT_SIZE)
        application.setFont(font)
        session = ScreenshotSession(
            container,
            application,
            new_account,
            folder=folder,
            suffix=suffix,
            account_counts=[int(count) for count in counts.split(",")],
            selected=selected,
        )
        exit_code = application.exec()
        del session
        sys.stdout.flush()
        os._exit(exit_code)  # without waiting for the pending call


if __name__ == "__main__":
    folder, language, theme, suffix, counts, *selected = sys.argv[1:]
    main(Path(folder), language, theme, suffix, counts, selected)
