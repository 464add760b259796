"""Import of accounts in the running tray app: from the preferences to the list of accounts, with real encryption."""

from pathlib import Path

from guarddog_gui.adapters.transfer.transfer_file import write_transfer_file
from guarddog_gui.domain.accounts.account import Account, Secret
from guarddog_gui.domain.settings import Settings, Theme
from guarddog_gui.domain.transfer import MovedAccount, TransferContent
from tests.app.test_tray_app import ENDED_WELL, output_of

PASSPHRASE = "correct horse"
CODE = """
from PySide6.QtWidgets import QCheckBox, QFileDialog, QLineEdit, QPushButton, QTabWidget
from guarddog_gui.adapters.keyring.memory import MemorySecretStore
from guarddog_gui.ui.preferences import PreferencesDialog
from guarddog_gui.ui.transfer.import_dialog import ImportDialog

QFileDialog.getOpenFileName = staticmethod(lambda *arguments: (os.environ["EXPORTED"], ""))
container = make_container(os.environ, time.time, secrets=MemorySecretStore(), api_base="http://127.0.0.1:9")

def button(dialog, text):
    return next(b for b in dialog.findChildren(QPushButton) if b.text() == text)

class User:
    def __init__(self):
        self.steps = [self.open_preferences, self.choose_file, self.open_file, self.import_all, self.look]
        self.longest, self.last = 0.0, None
        self.timer = QTimer(interval=20)
        self.timer.timeout.connect(self.step)
        self.timer.start()

    def dialog(self, kind):
        return next((d for w in QApplication.topLevelWidgets() for d in [w] if isinstance(d, kind)), None)

    def step(self):
        now = time.monotonic()
        if self.last is not None and len(self.steps) <= 2:  # opening and importing
            self.longest = max(self.longest, now - self.last)
        self.last = now
        if self.steps and self.steps[0]():
            self.steps.pop(0)
            if not self.steps:
                QApplication.quit()

    def open_preferences(self):
        window = next((w for w in QApplication.topLevelWidgets() if type(w).__name__ == "MainWindow"), None)
        if window is None:
            return False
        window.preferences_requested.emit()
        return True

    def choose_file(self):
        button(self.dialog(PreferencesDialog), "Import accounts…").click()
        return True

    def open_file(self):
        dialog = self.dialog(ImportDialog)
        dialog.findChildren(QLineEdit)[0].setText("correct horse")
        button(dialog, "Open").click()
        return True

    def import_all(self):
        dialog = self.dialog(ImportDialog)
        if not any(b.text() == "Import" and b.isEnabled() for b in dialog.findChildren(QPushButton)):
            return False
        button(dialog, "Import").click()
        return True

    def look(self):
        if not any(b.text() == "Close" and b.isVisible() for b in self.dialog(ImportDialog).findChildren(QPushButton)):
            return False
        if self.dialog(PreferencesDialog).current_settings().theme != "dark":  # it follows the file a moment later
            return False
        print([account.name for account in container.accounts.load()], container.settings.load().theme)
        print(self.dialog(PreferencesDialog).current_settings().theme, self.longest < 0.5)
        return True

user = None
def start_user():
    global user
    user = User()
QTimer.singleShot(0, start_user)
run(container, show=True, seconds=40)
"""


def test_the_running_app_imports_accounts_and_settings_and_its_window_never_waits(tmp_path: Path) -> None:
    path = tmp_path / "accounts.age"
    account = MovedAccount(Account("wx1234567890abcdef", "Shop"), Secret("0123456789abcdef0123456789abcdef"))
    content = TransferContent((account,), Settings(theme=Theme.DARK))
    write_transfer_file(path, content, PASSPHRASE, overwrites=False)

    lines = output_of(tmp_path / "home", f"os.environ['EXPORTED'] = {str(path)!r}\n{CODE}")

    assert lines == ["['Shop'] dark", "dark True", ENDED_WELL]
