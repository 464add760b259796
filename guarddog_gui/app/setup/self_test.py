"""`guarddog-gui --self-test`: check that this installation has everything that the tray app needs.

Meant for builds: a frozen one lacks what nothing has told the bundler about. Nothing of the user's is read or changed,
except for one entry with a random name in the keyring, which is removed at once.
"""

import importlib
import platform
import secrets
import ssl
import sys
from collections.abc import Callable, Iterable
from enum import StrEnum
from pathlib import Path

from msgspec import Struct
from PySide6.QtCore import QCoreApplication, QLibraryInfo, QObject, QTranslator, qVersion
from PySide6.QtGui import QFontDatabase, QImageReader
from PySide6.QtWidgets import QApplication, QSystemTrayIcon

from guarddog_gui.adapters.files.paths import resource_path
from guarddog_gui.adapters.keyring.store import KeyringSecretStore
from guarddog_gui.adapters.message_catalogs import load_message_catalog
from guarddog_gui.bootstrap.catalogues import load_errcode_catalog, load_jssdk_errors
from guarddog_gui.bootstrap.sandbox_session import sandbox_session
from guarddog_gui.domain.accounts.account import Secret
from guarddog_gui.domain.accounts.keyring_results import KeyringIsDown, SecretFound, SecretSaved
from guarddog_gui.domain.message_catalog import CHINESE, MessageCatalog
from guarddog_gui.domain.refresh.history import Trigger
from guarddog_gui.domain.refresh.status import KeyState
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.services.calls.refresh_request import RefreshRequest
from guarddog_gui.services.ports import Clock
from guarddog_gui.ui.icons import Icons

_KEYRING_MODULES = {
    "linux": ("keyring.backends.SecretService", "keyring.backends.kwallet", "secretstorage"),
    "darwin": ("keyring.backends.macOS",),
    "win32": ("keyring.backends.Windows",),
}
_CERTIFICATE_FILES = (
    "/etc/ssl/certs/ca-certificates.crt",  # Debian, Arch
    "/etc/pki/tls/certs/ca-bundle.crt",  # Fedora
    "/etc/ssl/ca-bundle.pem",  # openSUSE
    "/etc/ssl/cert.pem",  # Alpine
)
_IMAGE_FORMATS = ("svg", "png")
ICON_SIZE = 32  # pixels


class Outcome(StrEnum):
    """Result of one check."""

    OK = "ok"
    ABSENT = "absent"  # this system does not have it; that is no fault of the installation
    FAILED = "FAILED"


class CheckResult(Struct, frozen=True):
    """Result of one check, with a version, a number or a reason."""

    name: str
    outcome: Outcome
    detail: str


class CheckFailedError(Exception):
    """Raised by a check for something that this installation lacks."""


class AbsentError(Exception):
    """Raised by a check for something that the system does not have."""


Check = Callable[[], str]


def run_self_test(application: QApplication, message_catalog: MessageCatalog, clock: Clock) -> bool:
    """Print a line per check; return True if none has failed."""
    results = [run_check(name, check) for name, check in make_checks(application, message_catalog, clock).items()]
    width = max(len(result.name) for result in results)
    for result in results:
        print(f"{result.outcome:<7} {result.name:<{width}}  {result.detail}")
    failed = [result.name for result in results if result.outcome is Outcome.FAILED]
    text = message_catalog.text
    if failed:
        parts = ", ".join(failed)
        print(text("This installation is not complete: {parts}. Install it again, or report these lines.", parts=parts))
    else:
        print(text("Everything that belongs to this installation works."))
    return not failed


def run_check(name: str, check: Check) -> CheckResult:
    try:
        return CheckResult(name, Outcome.OK, check())
    except AbsentError as reason:
        return CheckResult(name, Outcome.ABSENT, str(reason))
    except CheckFailedError as reason:
        return CheckResult(name, Outcome.FAILED, str(reason))
    except Exception as error:  # noqa: BLE001 - whatever is missing
        return CheckResult(name, Outcome.FAILED, f"{type(error).__name__}: {error}")


def make_checks(application: QApplication, message_catalog: MessageCatalog, clock: Clock) -> dict[str, Check]:
    text = message_catalog.text
    return {
        "python": describe_python,
        "qt": lambda: f"{qVersion()} {application.platformName()}",
        "tls": check_tls,
        "keyring": lambda: check_keyring(KeyringSecretStore(prefix="guarddog-self-test:"), text),
        "svg": check_svg,
        "resources": check_resources,
        "translations": lambda: check_translations(application),
        "tray": lambda: check_tray(text),
        "refresh": lambda: check_refresh(clock),
        "fonts": lambda: check_fonts(text),
    }


def describe_python() -> str:
    return f"{platform.python_version()}{', frozen' if getattr(sys, 'frozen', False) else ''}"


def check_tls() -> str:
    """Begin a handshake with the certificates of the system, as requests to WeChat do."""
    import truststore

    from guarddog_gui.adapters.http.session import TransportAdapter

    TransportAdapter()
    context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    outgoing = ssl.MemoryBIO()
    try:
        context.wrap_bio(ssl.MemoryBIO(), outgoing, server_hostname="api.weixin.qq.com").do_handshake()
    except ssl.SSLWantReadError:
        pass  # it waits for an answer
    if not outgoing.pending:
        raise CheckFailedError("no ClientHello")
    if platform.system() == "Linux":
        return f"{ssl.OPENSSL_VERSION}, {find_certificates()}"
    return ssl.OPENSSL_VERSION


def find_certificates(files: Iterable[str] = _CERTIFICATE_FILES) -> str:
    """Return the file with the certificates of the system: truststore's list, as far as distributions have it."""
    own = ssl.get_default_verify_paths().cafile
    found = next((file for file in (own, *files) if file and Path(file).is_file()), None)
    if found is None:
        raise CheckFailedError("no certificate authority is known; is ca-certificates installed?")
    return found


def check_keyring(store: KeyringSecretStore, text: Callable[..., str], platform_name: str = sys.platform) -> str:
    """Write a random secret, read it with another store and remove it."""
    for module in _KEYRING_MODULES.get(platform_name, ()):
        importlib.import_module(module)  # frozen builds have lost them
    name, secret = secrets.token_hex(8), Secret(secrets.token_hex(16))
    written = store.set(name, secret)
    if isinstance(written, KeyringIsDown):
        raise AbsentError(text("no keyring answers here"))
    if not isinstance(written, SecretSaved):
        raise CheckFailedError(type(written).__name__)
    try:
        store.invalidate(name)
        found = store.get(name)
    finally:
        store.remove(name)
    if found != SecretFound(secret):
        raise CheckFailedError(type(found).__name__)
    return "ok"


def check_svg() -> str:
    formats = {bytes(name.data()).decode() for name in QImageReader.supportedImageFormats()}
    missing = [name for name in _IMAGE_FORMATS if name not in formats]
    if missing:
        raise CheckFailedError(f"no plugin for {', '.join(missing)}")
    icons = Icons(resource_path("icons"))
    for icon in (icons.app_icon(), *(icons.tray_icon(state) for state in KeyState)):
        image = icon.pixmap(ICON_SIZE).toImage()
        if image.pixelColor(ICON_SIZE // 2, ICON_SIZE // 2).alpha() == 0:
            raise CheckFailedError("an icon is empty")
    return f"{len(KeyState)} states"


def check_resources() -> str:
    errcodes = load_errcode_catalog()
    load_jssdk_errors()
    resource_path("snippets/follower.js").read_text(encoding="utf-8")
    if 40164 not in errcodes:
        raise CheckFailedError("errcode 40164")
    return "ok"


def check_translations(parent: QObject) -> str:
    if load_message_catalog(CHINESE).text("Quit") == "Quit":
        raise CheckFailedError("no Chinese texts")
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if not QTranslator(parent).load(f"qtbase_{CHINESE}", folder):
        raise CheckFailedError("no Chinese texts of Qt's dialogs")
    return CHINESE


def check_tray(text: Callable[..., str]) -> str:
    QCoreApplication.processEvents()
    if not QSystemTrayIcon.isSystemTrayAvailable():
        raise AbsentError(text("no tray here"))
    icon = QSystemTrayIcon(Icons(resource_path("icons")).app_icon())
    icon.show()
    QCoreApplication.processEvents()
    icon.hide()
    return "ok"


def check_refresh(clock: Clock) -> str:
    """Refresh all keys of one account at the embedded WeChat, over HTTP, and read the files."""
    with sandbox_session(clock) as container:
        account = container.accounts.load()[0]
        request = RefreshRequest(account, account.token_kinds, Trigger.USER)
        container.make_worker_context().refresher.refresh_without_exports(request)
        record = container.dog_files.read(account, TokenKind.ACCESS_TOKEN)
        if record is None or record.remaining_s(clock()) <= 0:
            raise CheckFailedError("no access_token")
    return "ok"


def check_fonts(text: Callable[..., str]) -> str:
    families = QFontDatabase.families()
    if not families:
        raise AbsentError(text("no font is installed"))
    chinese = QFontDatabase.families(QFontDatabase.WritingSystem.SimplifiedChinese)
    if not chinese:
        raise AbsentError(text("no Chinese font is installed"))
    return f"{len(families)} families, {chinese[0]}"
