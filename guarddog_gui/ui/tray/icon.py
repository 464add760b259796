"""Tray icon that shows the worst state of all accounts, and its menu."""

import time

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from guarddog_gui.domain.refresh.status import AccountStatus, KeyState, Overview
from guarddog_gui.domain.settings import TrayStyle
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.runtime.controller import Controller
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.tray.availability import TrayAvailability
from guarddog_gui.ui.tray.pause_menu import PauseMenu

MENU_ACCOUNTS_MAX = 10  # accounts in the menu itself; the others are in the submenu "More"


class TrayIcon(QObject):
    """Owner of the menu, and of the icon while there is a tray.

    Texts contain absolute times instead of countdowns, and an action is changed only if its text differs:
    panels redraw the whole menu for each change.
    """

    open_requested = Signal()
    force_requested = Signal(str)  # appid
    sign_requested = Signal()
    preferences_requested = Signal()
    snooze_requested = Signal()
    quit_requested = Signal()
    icon_changed = Signal(object)  # QSystemTrayIcon, or None

    def __init__(self, controller: Controller, availability: TrayAvailability, formatter: Formatter) -> None:
        super().__init__(controller)
        self._controller = controller
        self._formatter = formatter
        self._availability = availability
        self.icon: QSystemTrayIcon | None = None  # None while there is no tray
        self._is_menu_drawn_by_panel = False
        self._style = TrayStyle.COLOUR
        self._shown_icon: tuple[KeyState, str] | None = None
        self._shown_day = 0  # of the year; 0: all texts are outdated
        self._overview = controller.overview()
        self._last_used_appid = ""
        self._account_menus: list[_AccountMenu] = []
        self.menu = QMenu()  # exists also without a tray
        self._more_menu = QMenu()
        self._build_menu()
        availability.became_available.connect(self._on_became_available)
        availability.became_unavailable.connect(self.remove)
        controller.overview_changed.connect(self._show_overview)
        self._show_overview(self._overview)

    def set_style(self, style: TrayStyle) -> None:
        if style is not self._style:
            self._style = style
            self._shown_icon = None
            self._show_overview(self._overview)

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
                "Guard Dog", self.tr("Guard Dog goes on in the tray. Quit is in its menu."), self.icon.icon()
            )

    def _build_menu(self) -> None:
        menu = self.menu
        self._headline_action = menu.addAction("")
        self._headline_action.setEnabled(False)
        self._error_action = menu.addAction("")
        self._error_action.triggered.connect(self.open_requested)
        self._state_separator = menu.addSeparator()
        self._more_action = menu.addMenu(self._more_menu)
        self._accounts_separator = menu.addSeparator()
        self._copy_actions = {kind: menu.addAction("") for kind in TokenKind}
        self._refresh_action = menu.addAction("")
        menu.triggered.connect(self._on_triggered)
        self._sign_action = menu.addAction("")
        self._sign_action.triggered.connect(self.sign_requested)
        self._copies_separator = menu.addSeparator()
        self._pause_menu = PauseMenu(self._controller, self._formatter)
        menu.addMenu(self._pause_menu.menu)
        self._snooze_action = menu.addAction("")
        self._snooze_action.triggered.connect(self.snooze_requested)
        self._open_action = menu.addAction("")
        self._open_action.triggered.connect(self.open_requested)
        self._preferences_action = menu.addAction("")
        self._preferences_action.triggered.connect(self.preferences_requested)
        self._quit_action = menu.addAction("")
        self._quit_action.triggered.connect(self.quit_requested)
        self.retranslate()

    def retranslate(self) -> None:
        for kind, text in self._copy_texts().items():
            self._copy_actions[kind].setText(text)
        self._refresh_action.setText(self.tr("Refresh now"))
        self._sign_action.setText(self.tr("Sign a URL…"))
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
        headline = formatter.messages.headline(overview)
        _set_text(self._headline_action, self.escape_mnemonics(headline))
        error = formatter.worst_error(overview)
        _set_text(self._error_action, self.escape_mnemonics(error))
        _set_visible(self._error_action, bool(error))
        self._sync_account_menus(overview.accounts)
        self._show_accounts(overview)
        default = self._default_account()
        kinds = default.account.token_kinds if default is not None else ()
        for kind, action in self._copy_actions.items():
            _set_visible(action, kind in kinds)
        _set_visible(self._refresh_action, default is not None)
        _set_visible(self._sign_action, default is not None)
        self._pause_menu.show_overview(overview)
        self._update_icon(KeyState.PAUSED if overview.paused_until else overview.state, headline, error)

    def _show_accounts(self, overview: Overview) -> None:
        """Update the submenus of the accounts that have changed; on a new day all, for the texts name the day."""
        day = time.localtime(overview.at).tm_yday
        is_new_day, self._shown_day = day != self._shown_day, day
        for menu, status in zip(self._account_menus, overview.accounts, strict=True):
            if is_new_day or menu.status != status:
                menu.show_status(status, self.escape_mnemonics(self._formatter.account_summary(status)))

    def _sync_account_menus(self, accounts: tuple[AccountStatus, ...]) -> None:
        """Add or remove submenus at the end; the others are reused, because an open menu closes when it is rebuilt."""
        while len(self._account_menus) > len(accounts):
            self._account_menus.pop().remove()
        while len(self._account_menus) < len(accounts):
            submenu = _AccountMenu(self)
            submenu.retranslate(self._copy_texts())
            if len(self._account_menus) < MENU_ACCOUNTS_MAX:
                self.menu.insertMenu(self._more_action, submenu.menu)
            else:
                self._more_menu.addMenu(submenu.menu)
            self._account_menus.append(submenu)
        _set_visible(self._more_action, len(accounts) > MENU_ACCOUNTS_MAX)

    def _default_account(self) -> AccountStatus | None:
        """Return the account for actions outside of submenus: the last used one, or the first."""
        last_used = self._overview.account(self._last_used_appid)
        return last_used or (self._overview.accounts[0] if self._overview.accounts else None)

    def copy_value(self, appid: str, kind: TokenKind) -> None:
        """Copy a value of this account, and make it the default account."""
        self._last_used_appid = appid
        self._controller.copies.request(appid, kind)

    def refresh(self, appid: str) -> None:
        """Refresh all values of this account, and make it the default account."""
        self._last_used_appid = appid
        self._controller.refresh(appid)

    @Slot(QAction)
    def _on_triggered(self, action: QAction) -> None:
        """Copy or refresh the default account; the menu also signals the actions of its submenus."""
        default = self._default_account()
        kind = _kind_to_copy(self._copy_actions, action)
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
        if reason in (QSystemTrayIcon.ActivationReason.Trigger, QSystemTrayIcon.ActivationReason.DoubleClick):
            self.open_requested.emit()

    def _update_icon(self, state: KeyState, headline: str, error: str) -> None:
        tooltip = "\n".join(line for line in ("Guard Dog", headline, error) if line)
        if self.icon is None or self._shown_icon == (state, tooltip):
            return
        if self._shown_icon is None or self._shown_icon[0] is not state:
            self.icon.setIcon(self._formatter.icons.tray_icon(state, self._style))
        self.icon.setToolTip(tooltip)
        self._shown_icon = (state, tooltip)


class _AccountMenu(QObject):
    """Submenu of one account, which can be reused for another one."""

    def __init__(self, tray: TrayIcon) -> None:
        super().__init__(tray)
        self._tray = tray
        self._appid = ""
        self.status: AccountStatus | None = None  # the shown one
        self.menu = QMenu()
        self._copy_actions = {kind: self.menu.addAction("") for kind in TokenKind}
        self._refresh_action = self.menu.addAction("")
        self._force_action = self.menu.addAction("")
        self.menu.triggered.connect(self._on_triggered)

    def retranslate(self, copy_texts: dict[TokenKind, str]) -> None:
        for kind, text in copy_texts.items():
            self._copy_actions[kind].setText(text)
        self._refresh_action.setText(self.tr("Refresh now"))
        self._force_action.setText(self.tr("Force a new token…"))

    def show_status(self, status: AccountStatus, text: str) -> None:
        self._appid, self.status = status.account.appid, status
        _set_text(self.menu.menuAction(), text)
        for kind, action in self._copy_actions.items():
            _set_visible(action, kind in status.account.token_kinds)

    def remove(self) -> None:
        self.menu.deleteLater()
        self.deleteLater()

    @Slot(QAction)
    def _on_triggered(self, action: QAction) -> None:
        kind = _kind_to_copy(self._copy_actions, action)
        if kind is not None:
            self._tray.copy_value(self._appid, kind)
        elif action is self._refresh_action:
            self._tray.refresh(self._appid)
        else:
            self._tray.force_requested.emit(self._appid)


def _kind_to_copy(copy_actions: dict[TokenKind, QAction], action: QAction) -> TokenKind | None:
    return next((kind for kind, each in copy_actions.items() if each is action), None)


def _set_text(action: QAction, text: str) -> None:
    if action.text() != text:
        action.setText(text)


def _set_visible(action: QAction, visible: bool) -> None:  # noqa: FBT001 - as Qt's own setter
    if action.isVisible() != visible:
        action.setVisible(visible)
