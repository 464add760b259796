"""The user's settings: one frozen value, each field with its default."""

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct, field

from guarddog_gui.domain.accounts.route import normalize_api_base
from guarddog_gui.domain.errors import BadInput
from guarddog_gui.domain.hotkeys import HotkeyAction
from guarddog_gui.domain.problems import InputProblem
from guarddog_gui.domain.refresh.notification_kinds import DEFAULT_NOTIFICATION_KINDS, NotificationKind
from guarddog_gui.domain.tokens.copy_formats import CopyFormat
from guarddog_gui.domain.wechat.protocol import DEFAULT_API_BASE

LANGUAGES = ("system", "en", "zh_CN")
CLIPBOARD_MAX_S = 600
# the hosts that WeChat's page getAccessToken lists: nearest, disaster recovery and three regions
API_BASES = (DEFAULT_API_BASE, *(f"https://{host}.weixin.qq.com" for host in ("api2", "sh.api", "sz.api", "hk.api")))


class Theme(StrEnum):
    """Colour scheme of the windows."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class TrayStyle(StrEnum):
    """Style of the tray icon: `mono-light` is light ink for dark panels, `mono-dark` the reverse."""

    COLOUR = "colour"
    MONO_LIGHT = "mono-light"
    MONO_DARK = "mono-dark"


class LogLevel(StrEnum):
    """Lowest level of the messages in the log."""

    WARNING = "warning"
    INFO = "info"
    DEBUG = "debug"


class AutostartState(StrEnum):
    """Behaviour at the next login; `elsewhere`: another installation of Guard Dog starts."""

    ON = "on"
    OFF = "off"
    OTHER_INSTALLATION = "elsewhere"
    UNSUPPORTED = "impossible"


class WindowState(Struct, frozen=True):
    """State of the window when it was closed, to be restored when it is opened again.

    geometry           position and size, in Qt's own form as base64
    page               name of the page
    current_account    AppID
    filters            filters of the pages by their name, each as a text that the page understands
    """

    geometry: str = ""
    page: str = ""
    current_account: str = ""
    filters: dict[str, str] = {}


class Settings(Struct, frozen=True):
    """Content of `settings.json`; the field names are the keys of the file.

    clipboard_s         seconds until a copied value is removed from the clipboard; 0 for never
    notices             kinds of notifications that are shown
    close_hint_shown    the user was told where the window goes when it is closed
    paused_until        Unix seconds until which automatic refreshes are paused; survives a restart
    default_account     AppID of the account that is used where none is named; empty for none
    window              state of the window
    hotkey              keys such as `Ctrl+Alt+G` that open Guard Dog from every program; empty for none
    hotkey_action       window that they open
    copy_formats        form in which the values of an account were copied last, by AppID
    check_for_updates   ask once a day for a newer version of Guard Dog
    skipped_version     version of which the user has been told
    desktop_offered     the user was asked whether Guard Dog shall be in the menu of the desktop
    """

    language: str = "system"
    clipboard_s: int = 30
    notices: frozenset[NotificationKind] = DEFAULT_NOTIFICATION_KINDS
    api_base: str = DEFAULT_API_BASE
    theme: Theme = Theme.SYSTEM
    tray_style: TrayStyle = TrayStyle.COLOUR
    log_level: LogLevel = LogLevel.INFO
    close_hint_shown: bool = False
    paused_until: float | None = None
    default_account: str = ""
    window: WindowState = WindowState()
    hotkey: str = ""
    hotkey_action: HotkeyAction = HotkeyAction.SEARCH
    copy_formats: Mapping[str, CopyFormat] = field(default_factory=dict)
    check_for_updates: bool = False
    skipped_version: str = ""
    desktop_offered: bool = False


def settings_problem(settings: Settings) -> InputProblem | None:
    if settings.language not in LANGUAGES:
        return InputProblem.UNKNOWN_LANGUAGE
    if not 0 <= settings.clipboard_s <= CLIPBOARD_MAX_S:
        return InputProblem.CLIPBOARD_SECONDS_OUT_OF_RANGE
    try:
        normalize_api_base(settings.api_base)
    except BadInput as error:
        return error.problem
    return None
