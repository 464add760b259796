"""The tray icon: the worst state at a glance, every action in a menu that is edited in place."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from guarddog_gui.domain.refresh.status import AccountStatus, Overview, State
from guarddog_gui.domain.settings import TrayStyle
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.runtime.controller import Controller
from guarddog_gui.ui.formatter import Voice
from guarddog_gui.ui.tray.availability import TrayHost
from guarddog_gui.ui.tray.pause_menu import PauseMenu

ROWS = 10  # accounts in the menu itself; the rest are under "More"


class Tray(QObject):
    """Owns the icon while there is a host for it, and the menu all the time.

    Texts carry absolute times, so that nothing has to be sent to the panel every second; an action is
    changed only when its text is another one, because panels redraw whole menus for less.
    """

    open_wanted = Signal()
    force_wanted = Signal(str)  # appid
    sign_wanted = Signal()
    preferences_wanted = Signal()
    snooze_wanted = Signal()
    quit_wanted = Signal()
    icon_changed = Signal(object)  # QSystemTrayIcon, or None

    def __init__(self, controller: Controller, host: TrayHost, voice: Voice) -> None:
        super().__init__(controller)
        self._controller = controller
        self._voice = voice
        self._host = host
        self._icon: QSystemTrayIcon | None = None
        self._drawn_by_panel = False
        self._style = TrayStyle.COLOUR
        self._shown: tuple[State, str] | None = None
        self._overview = controller.overview()
        self._last_used = ""
        self._rows: list[_AccountRow] = []
        self._menu = QMenu()
        self._more = QMenu()
        self._build()
        host.appeared.connect(self._on_appeared)
        host.lost.connect(self._on_lost)
        controller.changed.connect(self._on_changed)
        self._show(self._overview)

    @property
    def menu(self) -> QMenu:
        """The menu, for tests and for windows without a tray."""
        return self._menu

    @property
    def icon(self) -> QSystemTrayIcon | None:
        """The icon, while there is a host for it."""
        return self._icon

    def set_style(self, style: TrayStyle) -> None:
        """Paint the icon in colour, or in one ink."""
        if style is not self._style:
            self._style = style
            self._shown = None
            self._show(self._overview)

    def remove(self) -> None:
        """Take the icon away; on Windows a ghost would stay otherwise."""
        if self._icon is not None:
            self.icon_changed.emit(None)
            self._icon.hide()
            self._icon.deleteLater()
            self._icon = None

    def tell_where_it_went(self) -> None:
        """Say once that closing the window does not end the program."""
        if self._icon is not None:
            self._icon.showMessage(
                "Guard Dog",
                self.tr("Guard Dog goes on in the tray. Quit is in its menu."),
                self._icon.icon(),
            )

    # -- the menu ---------------------------------------------------------------------------------

    def _build(self) -> None:
        menu = self._menu
        self._headline = menu.addAction("")
        self._headline.setEnabled(False)
        self._trouble = menu.addAction("")
        self._trouble.triggered.connect(self.open_wanted)
        self._below_state = menu.addSeparator()
        self._more_action = menu.addMenu(self._more)
        self._below_accounts = menu.addSeparator()
        self._copies = {kind: menu.addAction("") for kind in TokenKind}
        self._copies[TokenKind.ACCESS_TOKEN].triggered.connect(self._on_copy_token)
        self._copies[TokenKind.JSAPI_TICKET].triggered.connect(self._on_copy_ticket)
        self._copies[TokenKind.CARD_TICKET].triggered.connect(self._on_copy_card_ticket)
        self._refresh = menu.addAction("")
        self._refresh.triggered.connect(self._on_refresh)
        self._sign = menu.addAction("")
        self._sign.triggered.connect(self.sign_wanted)
        self._below_copies = menu.addSeparator()
        self._pause = PauseMenu(self._controller, self._voice)
        menu.addMenu(self._pause.menu)
        self._snooze = menu.addAction("")
        self._snooze.triggered.connect(self.snooze_wanted)
        self._open = menu.addAction("")
        self._open.triggered.connect(self.open_wanted)
        self._preferences = menu.addAction("")
        self._preferences.triggered.connect(self.preferences_wanted)
        self._quit = menu.addAction("")
        self._quit.triggered.connect(self.quit_wanted)
        self.retranslate()

    def retranslate(self) -> None:
        """Say everything again in the language of now."""
        for kind, text in self._copy_texts().items():
            self._copies[kind].setText(text)
        self._refresh.setText(self.tr("Refresh now"))
        self._sign.setText(self.tr("Sign a URL…"))
        self._snooze.setText(self.tr("No notifications for 1 hour"))
        self._open.setText(self.tr("Open Guard Dog"))
        self._preferences.setText(self.tr("Preferences…"))
        self._quit.setText(self.tr("Quit"))
        self._more.setTitle(self.tr("More"))
        self._pause.retranslate()
        for row in self._rows:
            row.retranslate(self._copy_texts(), self.tr("Refresh now"), self.tr("Force a new token…"))
        self._shown = None
        self._show(self._overview)

    def label(self, text: str) -> str:
        """A text for a row of the menu, with nothing in it that underlines a letter.

        WORKAROUND: Qt 6 sends a text over D-Bus as it is; there `_` marks a letter, as `&` does in Qt.
        """
        text = text.replace("&", "&&")
        return text.replace("_", "__") if self._drawn_by_panel else text

    def _copy_texts(self) -> dict[TokenKind, str]:
        return {
            TokenKind.ACCESS_TOKEN: self.label(self.tr("Copy access_token")),
            TokenKind.JSAPI_TICKET: self.label(self.tr("Copy jsapi_ticket")),
            TokenKind.CARD_TICKET: self.label(self.tr("Copy wx_card ticket")),
        }

    @Slot(object)
    def _on_changed(self, overview: Overview) -> None:
        self._show(overview)

    def _show(self, overview: Overview) -> None:
        self._overview = overview
        voice = self._voice
        headline = voice.headline(overview)
        _set_text(self._headline, self.label(headline))
        trouble = voice.worst_trouble(overview)
        _set_text(self._trouble, self.label(trouble))
        _set_visible(self._trouble, bool(trouble))
        self._fit_rows(overview.accounts)
        for row, status in zip(self._rows, overview.accounts, strict=True):
            row.show(status, self.label(voice.account_line(status)))
        used = self._used()
        kinds = used.account.kinds if used is not None else ()
        for kind, action in self._copies.items():
            _set_visible(action, kind in kinds)
        _set_visible(self._refresh, used is not None)
        _set_visible(self._sign, used is not None)
        self._pause.show(overview)
        self._show_icon(State.PAUSED if overview.paused_until else overview.state, headline, trouble)

    def _fit_rows(self, accounts: tuple[AccountStatus, ...]) -> None:
        """As many rows as accounts; rows are kept, because a rebuilt menu closes under the mouse."""
        while len(self._rows) > len(accounts):
            self._rows.pop().remove()
        while len(self._rows) < len(accounts):
            row = _AccountRow(self)
            row.retranslate(self._copy_texts(), self.tr("Refresh now"), self.tr("Force a new token…"))
            if len(self._rows) < ROWS:
                self._menu.insertMenu(self._more_action, row.menu)
            else:
                self._more.addMenu(row.menu)
            self._rows.append(row)
        _set_visible(self._more_action, len(accounts) > ROWS)

    def _used(self) -> AccountStatus | None:
        """The account that the actions without a name are about: the last used, or the first."""
        known = self._overview.account(self._last_used)
        return known or (self._overview.accounts[0] if self._overview.accounts else None)

    # -- actions ----------------------------------------------------------------------------------

    def copy(self, appid: str, kind: TokenKind) -> None:
        """Copy a value of this account, and remember it as the last used."""
        self._last_used = appid
        self._controller.copy(appid, kind)

    def refresh(self, appid: str) -> None:
        """Ask WeChat for all keys of this account."""
        self._last_used = appid
        self._controller.refresh(appid)

    @Slot()
    def _on_copy_token(self) -> None:
        self._for_used(lambda appid: self.copy(appid, TokenKind.ACCESS_TOKEN))

    @Slot()
    def _on_copy_ticket(self) -> None:
        self._for_used(lambda appid: self.copy(appid, TokenKind.JSAPI_TICKET))

    @Slot()
    def _on_copy_card_ticket(self) -> None:
        self._for_used(lambda appid: self.copy(appid, TokenKind.CARD_TICKET))

    @Slot()
    def _on_refresh(self) -> None:
        self._for_used(self.refresh)

    def _for_used(self, act: Callable[[str], None]) -> None:
        used = self._used()
        if used is not None:
            act(used.account.appid)

    # -- the icon ---------------------------------------------------------------------------------

    @Slot()
    def _on_appeared(self) -> None:
        self.remove()
        icon = QSystemTrayIcon(self)
        icon.setContextMenu(self._menu)
        icon.activated.connect(self._on_activated)
        self._icon = icon
        self._drawn_by_panel = self._host.speaks_bus
        self.retranslate()
        icon.show()
        self.icon_changed.emit(icon)

    @Slot()
    def _on_lost(self) -> None:
        self.remove()

    @Slot(QSystemTrayIcon.ActivationReason)
    def _on_activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason in (
            QSystemTrayIcon.ActivationReason.Trigger,
            QSystemTrayIcon.ActivationReason.DoubleClick,
        ):
            self.open_wanted.emit()

    def _show_icon(self, state: State, headline: str, trouble: str) -> None:
        tooltip = "\n".join(line for line in ("Guard Dog", headline, trouble) if line)
        if self._icon is None or self._shown == (state, tooltip):
            return
        if self._shown is None or self._shown[0] is not state:
            self._icon.setIcon(self._voice.icons.tray_icon(state, self._style))
        self._icon.setToolTip(tooltip)
        self._shown = (state, tooltip)


class _AccountRow(QObject):
    """The submenu of one account, filled once and edited in place."""

    def __init__(self, tray: Tray) -> None:
        super().__init__(tray)
        self._tray = tray
        self._appid = ""
        self.menu = QMenu()
        self._copies = {kind: self.menu.addAction("") for kind in TokenKind}
        self._copies[TokenKind.ACCESS_TOKEN].triggered.connect(self._on_copy_token)
        self._copies[TokenKind.JSAPI_TICKET].triggered.connect(self._on_copy_ticket)
        self._copies[TokenKind.CARD_TICKET].triggered.connect(self._on_copy_card_ticket)
        self._refresh = self.menu.addAction("")
        self._refresh.triggered.connect(self._on_refresh)
        self._force = self.menu.addAction("")
        self._force.triggered.connect(self._on_force)

    def retranslate(self, copies: dict[TokenKind, str], refresh: str, force: str) -> None:
        for kind, text in copies.items():
            self._copies[kind].setText(text)
        self._refresh.setText(refresh)
        self._force.setText(force)

    def show(self, status: AccountStatus, text: str) -> None:
        self._appid = status.account.appid
        _set_text(self.menu.menuAction(), text)
        for kind, action in self._copies.items():
            _set_visible(action, kind in status.account.kinds)

    def remove(self) -> None:
        self.menu.deleteLater()
        self.deleteLater()

    @Slot()
    def _on_copy_token(self) -> None:
        self._tray.copy(self._appid, TokenKind.ACCESS_TOKEN)

    @Slot()
    def _on_copy_ticket(self) -> None:
        self._tray.copy(self._appid, TokenKind.JSAPI_TICKET)

    @Slot()
    def _on_copy_card_ticket(self) -> None:
        self._tray.copy(self._appid, TokenKind.CARD_TICKET)

    @Slot()
    def _on_refresh(self) -> None:
        self._tray.refresh(self._appid)

    @Slot()
    def _on_force(self) -> None:
        self._tray.force_wanted.emit(self._appid)


def _set_text(action: QAction, text: str) -> None:
    if action.text() != text:
        action.setText(text)


def _set_visible(action: QAction, visible: bool) -> None:  # noqa: FBT001 - as Qt's own setter
    if action.isVisible() != visible:
        action.setVisible(visible)
