"""Tray icon that shows the worst state of all accounts, and its menu."""

import sys
import time

from PySide6.QtCore import QObject, QTimer, Signal, SignalInstance, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from guarddog_gui.domain.refresh.status import AccountStatus, KeyState, Overview
from guarddog_gui.domain.settings import TrayStyle
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.runtime.controller import Controller
from guarddog_gui.ui.formatter import Formatter, elide_middle
from guarddog_gui.ui.shell.pause_menu import PauseMenu
from guarddog_gui.ui.tray.account_menu import AccountMenu, kind_to_copy, set_text, set_visible
from guarddog_gui.ui.tray.availability import TrayAvailability

MENU_ACCOUNTS_MAX = 8  # accounts in the menu itself, which fits on a low screen; the others are in "More"
SUBMENUS_MAX = 40  # each takes 26 KB, mostly for D-Bus, and the window is the better place to search more
COPIED_MS = 1000  # how long the icon shows that something was copied


class TrayIcon(QObject):
    """Owner of the menu, and of the icon while there is a tray.

    Texts contain absolute times instead of countdowns, and an action is changed only if its text differs:
    panels redraw the whole menu for each change.
    """

    open_requested = Signal()
    popover_requested = Signal()
    add_account_requested = Signal()
    force_requested = Signal(str)  # appid
    sign_requested = Signal()
    preferences_requested = Signal()
    snooze_requested = Signal()
    quit_requested = Signal()
    icon_changed = Signal(object)  # QSystemTrayIcon, or None

    def __init__(
        self, controller: Controller, availability: TrayAvailability, formatter: Formatter, *, is_sandbox: bool = False
    ) -> None:
        super().__init__(controller)
        self._controller = controller
        self._formatter = formatter
        self._availability = availability
        self._is_sandbox = is_sandbox
        self.icon: QSystemTrayIcon | None = None  # None while there is no tray
        self._is_menu_drawn_by_panel = False
        self._style = TrayStyle.COLOUR
        self._shown_icon: tuple[KeyState | None, bool, str] | None = None  # state, copied, tooltip
        self._shown_day = 0  # of the year; 0: all texts are outdated
        self._overview = controller.overview()
        self._preferred_appid = ""  # from the settings
        self._last_used_appid = ""
        self._shows_states = False
        self._is_menu_dark = False
        self._account_menus: list[AccountMenu] = []
        self.menu = QMenu()  # exists also without a tray
        self._more_menu = QMenu()
        self._copied_timer = QTimer(self, singleShot=True, interval=COPIED_MS)
        self._copied_timer.timeout.connect(self._update_icon)
        self._build_menu()
        availability.became_available.connect(self._on_became_available)
        availability.became_unavailable.connect(self.remove)
        controller.overview_changed.connect(self._show_overview)
        controller.copies.copy_ready.connect(self._on_copy_ready)
        self._show_overview(self._overview)

    def set_style(self, style: TrayStyle) -> None:
        if style is not self._style:
            self._style = style
            self._shown_icon = None
            self._show_overview(self._overview)

    def set_default_account(self, appid: str) -> None:
        """Use this account for the rows without a name; empty for the one that was used last."""
        if appid != self._preferred_appid:
            self._preferred_appid = appid
            self._show_overview(self._overview)

    def show_states(self) -> None:
        """Show the shapes of the states in front of the accounts, which the icon itself need not wait for."""
        self._shows_states = True
        self._show_overview(self._overview)

    def show_copied(self) -> None:
        """Show for a second in the icon that something is on the clipboard."""
        self._copied_timer.start()
        self._update_icon()

    @Slot()
    def remove(self) -> None:
        """Remove the icon; otherwise Windows still shows it after the program has ended."""
        if self.icon is not None:
            self.icon_changed.emit(None)
            self.icon.hide()
            self.icon.deleteLater()
            self.icon = None

    def show_close_hint(self) -> None:
        """Notify the user that the program still runs although its window is closed."""
        if self.icon is not None:
            self.icon.showMessage(
                "Guard Dog", self.tr("Guard Dog keeps running in the tray. Quit from its menu."), self.icon.icon()
            )

    def _build_menu(self) -> None:
        menu = self.menu
        self._open_action = self._add_row(self.open_requested)
        self._headline_action = menu.addAction("")
        self._headline_action.setEnabled(False)
        self._error_action = self._add_row(self.open_requested)
        menu.addSeparator()
        self._add_account_action = self._add_row(self.add_account_requested)
        self._more_action = menu.addMenu(self._more_menu)
        self._all_accounts_action = self._more_menu.addAction("")
        self._all_accounts_action.triggered.connect(self.open_requested)
        menu.addSeparator()
        self._copy_actions = {kind: menu.addAction("") for kind in TokenKind}
        self._refresh_action = menu.addAction("")
        menu.triggered.connect(self._on_triggered)
        self._sign_action = self._add_row(self.sign_requested)
        menu.addSeparator()
        self._pause_menu = PauseMenu(self._controller, self._formatter)
        menu.addMenu(self._pause_menu.menu)
        self._snooze_action = self._add_row(self.snooze_requested)
        self._preferences_action = self._add_row(self.preferences_requested)
        self._quit_action = self._add_row(self.quit_requested)
        self.retranslate()

    def _add_row(self, requested: SignalInstance) -> QAction:
        action = self.menu.addAction("")
        action.triggered.connect(requested)
        return action

    def retranslate(self) -> None:
        self._add_account_action.setText(self.tr("Add account…"))
        self._sign_action.setText(self.tr("Sign a page…"))
        self._snooze_action.setText(self.tr("No notifications for 1 hour"))
        self._open_action.setText(self.tr("Open Guard Dog"))
        self._preferences_action.setText(self.tr("Preferences…"))
        self._quit_action.setText(self.tr("Quit"))
        self._more_menu.setTitle(self.tr("More"))
        self._pause_menu.retranslate()
        for submenu in self._account_menus:
            submenu.retranslate(self._copy_texts())
        self._shown_icon, self._shown_day = None, 0
        self._show_overview(self._overview)

    def escape_mnemonics(self, text: str) -> str:
        """Escape the characters that would mark a letter of a menu text as its mnemonic.

        WORKAROUND: Qt 6 does not escape texts for D-Bus menus, in which `_` marks a letter as `&` does in Qt.
        """
        text = text.replace("&", "&&")
        return text.replace("_", "__") if self._is_menu_drawn_by_panel else text

    def _copy_texts(self) -> dict[TokenKind, str]:
        return {
            TokenKind.ACCESS_TOKEN: self.escape_mnemonics(self.tr("Copy access_token")),
            TokenKind.JSAPI_TICKET: self.escape_mnemonics(self.tr("Copy jsapi_ticket")),
            TokenKind.CARD_TICKET: self.escape_mnemonics(self.tr("Copy wx_card ticket")),
        }

    @Slot(object)
    def _show_overview(self, overview: Overview) -> None:
        self._overview = overview
        formatter = self._formatter
        set_text(self._headline_action, self.escape_mnemonics(formatter.messages.headline(overview)))
        error = formatter.worst_error(overview)
        set_text(self._error_action, self.escape_mnemonics(error))
        set_visible(self._error_action, bool(error))
        statuses = formatter.failing_first(overview)[:SUBMENUS_MAX]
        self._sync_account_menus(len(statuses))
        self._show_row_of_all(len(overview.accounts))
        self._show_accounts(statuses, overview.at)
        if self._shows_states:
            self._show_states(statuses)
        self._show_default_account()
        set_visible(self._add_account_action, not overview.accounts)
        self._pause_menu.show_overview(overview)
        self._update_icon()

    def _show_states(self, statuses: tuple[AccountStatus, ...]) -> None:
        is_dark = self.menu.palette().window().color().lightness() < 128
        is_other_scheme, self._is_menu_dark = is_dark is not self._is_menu_dark, is_dark
        for menu, status in zip(self._account_menus, statuses, strict=True):
            state = self._formatter.account_display_state(status)
            if is_other_scheme:
                menu.forget_state()
            menu.show_state(state, self._formatter.icons.state_icon(state, dark=is_dark))

    def _show_default_account(self) -> None:
        """Name the account in the rows that copy and refresh without a submenu."""
        default = self._default_account()
        kinds = default.account.token_kinds if default is not None else ()
        name = f" · {self.escape_mnemonics(elide_middle(default.account.name))}" if default is not None else ""
        for kind, text in self._copy_texts().items():
            set_text(self._copy_actions[kind], f"{text}{name}")
            set_visible(self._copy_actions[kind], kind in kinds)
        set_text(self._refresh_action, f"{self.tr('Refresh now')}{name}")
        set_visible(self._refresh_action, default is not None)
        set_visible(self._sign_action, default is not None)

    def _show_accounts(self, statuses: tuple[AccountStatus, ...], now: float) -> None:
        """Update the submenus of the accounts that have changed; on a new day all, for the texts name the day."""
        day = time.localtime(now).tm_yday
        is_new_day, self._shown_day = day != self._shown_day, day
        for menu, status in zip(self._account_menus, statuses, strict=True):
            if is_new_day or menu.status != status:
                menu.show_status(status, self.escape_mnemonics(self._formatter.account_summary(status)))

    def _show_row_of_all(self, account_count: int) -> None:
        set_text(self._all_accounts_action, self.tr("All {count} accounts…").format(count=account_count))
        set_visible(self._all_accounts_action, account_count > SUBMENUS_MAX)

    def _sync_account_menus(self, count: int) -> None:
        """Add or remove submenus at the end; the others are reused, because an open menu closes when it is rebuilt."""
        while len(self._account_menus) > count:
            self._account_menus.pop().remove()
        while len(self._account_menus) < count:
            submenu = AccountMenu(self)
            submenu.retranslate(self._copy_texts())
            if len(self._account_menus) < MENU_ACCOUNTS_MAX:
                self.menu.insertMenu(self._more_action, submenu.menu)
            else:
                self._more_menu.insertMenu(self._all_accounts_action, submenu.menu)
            self._account_menus.append(submenu)
        set_visible(self._more_action, count > MENU_ACCOUNTS_MAX)

    def _default_account(self) -> AccountStatus | None:
        """Return the account for rows outside of submenus: the one in the settings, the last used one, or the first."""
        chosen = self._overview.account(self._preferred_appid) or self._overview.account(self._last_used_appid)
        return chosen or (self._overview.accounts[0] if self._overview.accounts else None)

    @property
    def default_appid(self) -> str:
        default = self._default_account()
        return default.account.appid if default is not None else ""

    def copy_value(self, appid: str, kind: TokenKind) -> None:
        self._controller.copies.request(appid, kind)

    def refresh(self, appid: str) -> None:
        """Refresh all values of this account, and make it the last used one."""
        self._use(appid)
        self._controller.refresh(appid)

    @Slot(str, object, str)
    def _on_copy_ready(self, appid: str, _kind: TokenKind, _value: str) -> None:
        self._use(appid)

    def _use(self, appid: str) -> None:
        if appid != self._last_used_appid:
            self._last_used_appid = appid
            self._show_default_account()

    @Slot(QAction)
    def _on_triggered(self, action: QAction) -> None:
        """Copy or refresh the default account; the menu also signals the actions of its submenus."""
        default = self._default_account()
        kind = kind_to_copy(self._copy_actions, action)
        if default is not None and kind is not None:
            self.copy_value(default.account.appid, kind)
        elif default is not None and action is self._refresh_action:
            self.refresh(default.account.appid)

    @Slot()
    def _on_became_available(self) -> None:
        self.remove()
        self.icon = icon = QSystemTrayIcon(self)
        icon.setContextMenu(self.menu)
        icon.activated.connect(self._on_activated)
        self._is_menu_drawn_by_panel = self._availability.uses_dbus
        self.retranslate()
        icon.show()
        self.icon_changed.emit(icon)

    @Slot(QSystemTrayIcon.ActivationReason)
    def _on_activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        """Open the popover; without an account, or with a second click, the window.

        On macOS the click opens the menu, and nothing else may open beside it.
        """
        reasons = QSystemTrayIcon.ActivationReason
        default = self._default_account()
        if reason is reasons.MiddleClick and default is not None:
            self.copy_value(default.account.appid, TokenKind.ACCESS_TOKEN)
        elif reason is reasons.DoubleClick or (reason is reasons.Trigger and default is None):
            self.open_requested.emit()
        elif reason is reasons.Trigger and sys.platform != "darwin":
            self.popover_requested.emit()

    @Slot()
    def _update_icon(self) -> None:
        overview, formatter = self._overview, self._formatter
        title = self.tr("Guard Dog · sandbox") if self._is_sandbox else "Guard Dog"
        lines = (title, formatter.messages.headline(overview), formatter.worst_error(overview))
        tooltip = "\n".join(filter(None, lines))
        state = formatter.overview_display_state(overview)
        if state is not None and overview.paused_until:
            state = KeyState.PAUSED
        is_copied = self._copied_timer.isActive()
        if self.icon is None or self._shown_icon == (state, is_copied, tooltip):
            return
        if self._shown_icon is None or self._shown_icon[:2] != (state, is_copied):
            icons = formatter.icons
            icon = icons.tray_icon(state, self._style, is_sandbox=self._is_sandbox, is_copied=is_copied)
            self.icon.setIcon(icon)
        if self._shown_icon is None or self._shown_icon[2] != tooltip:
            self.icon.setToolTip(tooltip)
        self._shown_icon = (state, is_copied, tooltip)
