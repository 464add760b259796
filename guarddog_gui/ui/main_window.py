"""The window: one sentence for the whole, a banner when a person must act, and the pages."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QCloseEvent, QGuiApplication, QKeySequence, QPalette
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QMessageBox,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from guarddog_gui.domain.accounts.account import STABLE_AHEAD_MAX_S, Account, Endpoint
from guarddog_gui.domain.refresh.history import Entry, HistoryFilter
from guarddog_gui.domain.refresh.status import Overview
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.domain.wechat.account_queries import Alive
from guarddog_gui.domain.wechat.protocol import Refusal, Silence
from guarddog_gui.runtime.controller import Controller
from guarddog_gui.runtime.jobs import Answered, Ask, Done, NoteUrl, Question, Remove, Save, Trouble
from guarddog_gui.runtime.signing import SigningDesk
from guarddog_gui.services.account_queries import NoToken
from guarddog_gui.services.accounts import Draft, NotSaved, Removed
from guarddog_gui.services.refresh import Outcome
from guarddog_gui.ui.accounts.dialog import AccountDialog
from guarddog_gui.ui.accounts.force_dialog import ask_force
from guarddog_gui.ui.accounts.query_dialog import InquiryDialog
from guarddog_gui.ui.banner import Banner
from guarddog_gui.ui.clipboard import Clipboard
from guarddog_gui.ui.errcode_page import ErrcodePage
from guarddog_gui.ui.formatter import Voice
from guarddog_gui.ui.history.export import HistoryExport
from guarddog_gui.ui.history.page import HistoryPage
from guarddog_gui.ui.signing.card_dialog import CardDialog
from guarddog_gui.ui.signing.diagnose_page import DiagnosePage
from guarddog_gui.ui.signing.sign_page import SignPage
from guarddog_gui.ui.tokens.page import TokensPage
from guarddog_gui.ui.tray.pause_menu import PauseMenu
from guarddog_gui.ui.welcome_page import FirstRunPage
from guarddog_gui.ui.widgets.auto_height_dialog import TITLE_BAR
from guarddog_gui.ui.widgets.sidebar import PageList
from guarddog_gui.ui.widgets.status_bar import StatusLine
from guarddog_gui.ui.widgets.themed import OwnColours

NEWS_MS = 30_000  # how long the status bar says what came of an attempt


class MainWindow(OwnColours, QMainWindow):
    """Shows what the controller says; closing hides it while there is a tray."""

    closed_to_tray = Signal()
    preferences_wanted = Signal()
    sandbox_wanted = Signal()
    quit_wanted = Signal()
    secret_copied = Signal(str)  # to be cleared from the clipboard in time
    test_page_wanted = Signal(object, str, object)  # Account, a page's URL, WxConfig
    loader_wanted = Signal(object, object)  # Account, TokenKind that another program is to follow

    def __init__(
        self, controller: Controller, signing: SigningDesk, clipboard: Clipboard, voice: Voice
    ) -> None:
        super().__init__()
        self._controller = controller
        self._signing = signing
        self._clipboard = clipboard
        self._voice = voice
        self._has_tray = False
        self._copied: Callable[[], str] | None = None  # what was, in the language of now
        self._left = 0  # seconds until it is cleared
        self._checking: Ask | None = None
        self._switching: Save | None = None
        self._status = StatusLine()
        self._headline = QLabel()
        self._headline.setTextFormat(Qt.TextFormat.PlainText)
        self._pause_button = QPushButton()
        self._pause = PauseMenu(controller, voice)
        self._pause_button.setMenu(self._pause.menu)
        self._add = QPushButton()
        self._add.clicked.connect(self.add_account)
        self._preferences = QPushButton()
        self._preferences.clicked.connect(self.preferences_wanted)
        self._banner = Banner(voice)
        self._banner.stable_wanted.connect(self._on_stable)
        self._banner.known.connect(controller.dismiss_taken)
        self._banner.second_writer_known.connect(controller.dismiss_second_writer)
        self._banner.loader_wanted.connect(self.loader_wanted)
        self._banner.copy_wanted.connect(self.copy_plain)
        self._banner.retry_wanted.connect(controller.refresh)
        self._banner.explain_wanted.connect(self._on_explain)
        self._tokens = TokensPage(controller, voice)
        self._history = HistoryPage(controller, voice)
        self._sign = SignPage(controller, signing, voice)
        self._diagnose = DiagnosePage(controller, signing, voice)
        self._errcodes = ErrcodePage(voice)
        self._first_run = FirstRunPage()
        self._first_run.add_wanted.connect(self.add_account)
        self._first_run.sandbox_wanted.connect(self.sandbox_wanted)
        self._list = PageList(
            (
                (self._tokens, "tokens"),
                (self._history, "history"),
                (self._sign, "sign"),
                (self._diagnose, "diagnose"),
                (self._errcodes, "search"),
            ),
            voice.icons,
        )
        self._whole = QStackedWidget()
        self._lay_out()
        self._make_actions()
        self._connect()
        self.resize(first_size(self.screen().availableGeometry().size()))
        self._tokens.begin()
        self.take_colours()
        self.retranslate()

    def _connect(self) -> None:
        controller = self._controller
        self._tokens.force_wanted.connect(self.force)
        self._tokens.edit_wanted.connect(self._on_edit)
        self._tokens.remove_wanted.connect(self._on_remove)
        self._tokens.history_wanted.connect(self._on_show_history)
        self._tokens.check_wanted.connect(self._on_check)
        self._history.copy_wanted.connect(self.copy_plain)
        self._history.rid_wanted.connect(self._on_rid)
        self._history.quota_wanted.connect(self._on_quota)
        self._history.export_wanted.connect(self._on_export)
        self._sign.copy_wanted.connect(self.copy_named)
        self._sign.secret_copy_wanted.connect(self._on_secret_copy)
        self._sign.test_page_wanted.connect(self.test_page_wanted)
        self._sign.card_wanted.connect(self._on_card)
        controller.changed.connect(self._on_changed)
        controller.attempted.connect(self._on_attempted)
        controller.copy_ready.connect(self._on_copy_ready)
        controller.copy_failed.connect(self._on_copy_failed)
        controller.job_done.connect(self._on_job_done)
        self._clipboard.counted.connect(self._on_counted)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setContentsMargins(16, 8, 16, 8)
        top.setSpacing(8)
        top.addWidget(self._headline, 1)
        top.addWidget(self._pause_button)
        top.addWidget(self._add)
        top.addWidget(self._preferences)
        body = QHBoxLayout()
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(0)
        body.addWidget(self._list)
        body.addWidget(self._list.stack, 1)
        table = QWidget()
        inner = QVBoxLayout(table)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(0)
        inner.addLayout(top)
        inner.addWidget(self._banner)
        inner.addLayout(body, 1)
        self._whole.addWidget(table)
        self._whole.addWidget(self._first_run)
        self.setCentralWidget(self._whole)
        self.setStatusBar(self._status)

    def _make_actions(self) -> None:
        self._action([QKeySequence("Ctrl+W")], self.close)
        self._hide_action = self._action([QKeySequence(Qt.Key.Key_Escape)], self.close)
        self._hide_action.setEnabled(self._has_tray)
        self._quit_action = self._action([QKeySequence("Ctrl+Q")], self.quit_wanted.emit)
        self._add_action = self._action([QKeySequence("Ctrl+N")], self.add_account)
        self._action([QKeySequence("Ctrl+,")], self.preferences_wanted.emit)
        for row in range(self._list.count()):
            self._action([QKeySequence(f"Alt+{row + 1}")], partial(self._list.go_to, row))

    def _action(self, keys: list[QKeySequence], slot: object) -> QAction:
        action = QAction(self)
        action.setShortcuts(keys)
        action.triggered.connect(slot)
        self.addAction(action)
        return action

    def retranslate(self) -> None:
        """Say everything again in the language of now."""
        self.setWindowTitle("Guard Dog")
        self._list.name_pages(
            (
                self.tr("Tokens"),
                self.tr("History"),
                self.tr("Sign"),
                self.tr("Diagnose"),
                self.tr("errcodes"),
            ),
        )
        self._list.setAccessibleName(self.tr("Pages"))
        self._add.setText(self.tr("Add account"))
        self._preferences.setToolTip(self.tr("Preferences…"))
        self._preferences.setAccessibleName(self.tr("Preferences…"))
        self._pause.retranslate()
        self._pause_button.setText(self._pause.menu.title())
        self._pause_button.setAccessibleName(self._pause.menu.title())
        self._tokens.retranslate()
        self._history.retranslate()
        self._sign.retranslate()
        self._diagnose.retranslate()
        self._errcodes.retranslate()
        self._first_run.retranslate()
        self._banner.retranslate()
        self._tell_copied()  # all else that was said is over
        self._on_changed(self._controller.overview())

    def take_colours(self) -> None:
        """The icons of the buttons in the ink of the palette."""
        ink = self.palette().color(QPalette.ColorRole.ButtonText)
        self._preferences.setIcon(self._voice.icons.action_icon("settings", ink))
        self._add.setIcon(self._voice.icons.action_icon("add", ink))

    # -- showing ----------------------------------------------------------------------------------

    @Slot(object)
    def _on_changed(self, overview: Overview) -> None:
        self._headline.setText(self._voice.headline(overview))
        self._banner.show_overview(overview)
        self._pause.show(overview)
        self._pause_button.setText(self._pause.menu.title())
        self._whole.setCurrentIndex(0 if overview.accounts else 1)

    @Slot(object)
    def _on_attempted(self, outcome: Outcome) -> None:
        """The last thing that a person asked for, said in the status bar."""
        if outcome.entry.trigger in ("person", "copy"):
            self._say_about(outcome.appid, self._voice.sentences.outcome(outcome).text)

    def say(self, text: str) -> None:
        """A sentence for the status bar."""
        self._copied, self._left = None, 0
        self._status.say(text)

    def _say_about(self, appid: str, text: str) -> None:
        """What came of an attempt: with the name of its account, and not for longer than it is news."""
        status = self._controller.overview().account(appid)
        self._copied, self._left = None, 0
        self._status.say(
            self._voice.about(status.account, text) if status is not None else text, news_ms=NEWS_MS
        )

    def appear(self) -> None:
        """Show, raise and activate, from wherever it was."""
        if self.isMinimized():
            self.showNormal()
        self.show()
        self.raise_()
        self.activateWindow()

    def set_has_tray(self, *, there: bool) -> None:
        """With a tray closing hides; without one the window is the app, and closing it quits."""
        self._has_tray = there
        self._hide_action.setEnabled(there)  # Escape would end the program

    def closeEvent(self, event: QCloseEvent) -> None:
        # accepted and never ignored: a refused close would block the end of the session
        event.accept()
        if self._has_tray:
            self.closed_to_tray.emit()

    # -- doing ------------------------------------------------------------------------------------

    @Slot()
    def add_account(self) -> None:
        """Open the dialog for a new account."""
        self._open(AccountDialog(self._controller, self._voice, None, self))

    @Slot(object)
    def _on_edit(self, account: Account) -> None:
        self._open(AccountDialog(self._controller, self._voice, account, self))

    def _open(self, dialog: QDialog) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    @Slot(object)
    def _on_remove(self, account: Account) -> None:
        box = QMessageBox(self)
        box.setIcon(QMessageBox.Icon.Question)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setWindowTitle(self.tr("Remove account"))
        box.setText(self.tr("Remove {name}?").format(name=account.name))
        box.setInformativeText(
            self.tr("Its AppSecret is deleted from the keyring. The .dog files stay where they are.")
        )
        remove = box.addButton(self.tr("Remove"), QMessageBox.ButtonRole.DestructiveRole)
        cancel = box.addButton(self.tr("Cancel"), QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(cancel)
        box.exec()
        if box.clickedButton() is remove:
            self._controller.remove(account, purge=False)

    @Slot(str)
    def force(self, appid: str) -> None:
        """Ask whether a token is really to be forced, and do it."""
        status = self._controller.overview().account(appid)
        if status is not None:
            ask_force(self, self._controller, self._voice, status.account)

    @Slot(int)
    def _on_explain(self, errcode: int) -> None:
        self._errcodes.look_up(errcode)
        self._list.turn_to(self._errcodes)

    @Slot(str)
    def _on_show_history(self, appid: str) -> None:
        self._history.show_account(appid)
        self._list.turn_to(self._history)

    @Slot(str, object, str)
    def _on_copy_ready(self, appid: str, kind: TokenKind, _value: str) -> None:
        status = self._controller.overview().account(appid)
        name = status.account.name if status is not None else appid
        self._say_copied(lambda: self.tr("Copied {key} of {name}").format(key=kind.value, name=name))

    def _say_copied(self, words: Callable[[], str]) -> None:
        """With the seconds until it is cleared behind it."""
        self._copied, self._left = words, 0
        self._tell_copied()

    def _tell_copied(self) -> None:
        end = self.tr("cleared in {time}").format(time=f"{self._left // 60}:{self._left % 60:02}")
        self._status.say(self._copied() if self._copied is not None else "", end if self._left else "")

    @Slot(str, object, object)
    def _on_copy_failed(self, appid: str, _kind: TokenKind, entry: Entry) -> None:
        self._say_about(appid, self._voice.sentences.entry(entry).text)

    @Slot(object, object)
    def _on_job_done(self, job: object, done: Done) -> None:
        """What came of what was clicked in the window itself; for the others their dialog is there."""
        sentences = self._voice.sentences
        if isinstance(job, Ask) and job is self._checking:
            self._checking = None
            match done:
                case Answered(Alive()):
                    self._say_about(job.account.appid, sentences.say("token-alive"))
                case Answered((Refusal() | Silence() | NoToken()) as heard):
                    self._say_about(job.account.appid, sentences.unanswered(heard).text)
                case _:
                    self.say(sentences.crash().text)
            return
        if job is self._switching:
            self._switching = None
            match done:
                case NotSaved():
                    self.say(sentences.saving(done).text)
                case Trouble(reason):
                    self.say(sentences.expected(reason).text)
            return
        match job, done:
            case Remove(), Removed():
                self.say(sentences.removed(done).text)
            case ((Remove() | NoteUrl(_, None)), Trouble(reason)):
                self.say(sentences.expected(reason).text)
            case Remove(), _:
                self.say(sentences.crash().text)

    @Slot(object)
    def _on_check(self, account: Account) -> None:
        self._checking = self._controller.ask(account, Question.ALIVE)
        self.say(self.tr("Asking WeChat…"))

    @Slot(object)
    def _on_stable(self, account: Account) -> None:
        """One click away from the endpoint on which programs take each other's tokens."""
        ahead = min(account.ahead, STABLE_AHEAD_MAX_S)
        self._controller.dismiss_taken(account.appid)
        stable = replace(account, endpoint=Endpoint.STABLE, ahead=ahead)
        self._switching = self._controller.save(stable, None, draft=Draft.CHANGE, seen=account)

    @Slot(object)
    def _on_rid(self, entry: Entry) -> None:
        status = self._controller.overview().account(entry.appid)
        if status is not None:
            self._open(InquiryDialog(self._controller, self._voice, status.account, entry, self))

    @Slot(object)
    def _on_quota(self, appid: str | None) -> None:
        status = self._controller.overview().account(appid) if appid is not None else None
        if status is not None:
            self._open(InquiryDialog(self._controller, self._voice, status.account, None, self))

    @Slot(object)
    def _on_export(self, wanted: HistoryFilter) -> None:
        path, _ = QFileDialog.getSaveFileName(
            self, self.tr("Export the history"), "guarddog-history.csv", "CSV (*.csv);;JSON (*.json)"
        )
        if path:
            export = HistoryExport(wanted, Path(path), self)
            export.wanted.connect(self._controller.read_leaf)
            self._controller.job_done.connect(export.take)
            export.finished.connect(self._on_exported)
            export.start()

    @Slot(int, str)
    def _on_exported(self, rows: int, trouble: str) -> None:
        if trouble:
            self.say(self.tr("The history could not be exported: {reason}").format(reason=trouble))
        else:
            self.say(self.tr("{count} lines exported").format(count=rows))

    @Slot()
    def sign(self) -> None:
        """Open the page that signs; an address on the clipboard is what somebody probably means."""
        self._sign.take_url(QGuiApplication.clipboard().text())
        self._list.turn_to(self._sign)
        self._sign.begin()

    @Slot(object)
    def _on_card(self, account: Account) -> None:
        dialog = CardDialog(self._signing, self._voice, account, self)
        dialog.copy_wanted.connect(self.copy_named)
        self._open(dialog)

    @Slot(str, str)
    def copy_named(self, text: str, name: str) -> None:
        """Copy something that is no secret and too long to be repeated."""
        QGuiApplication.clipboard().setText(text)
        self.say(self.tr("Copied {text}").format(text=name))

    @Slot(str)
    def _on_secret_copy(self, text: str) -> None:
        self._say_copied(lambda: self.tr("Copied the signed string"))
        self.secret_copied.emit(text)

    @Slot(str)
    def copy_plain(self, text: str) -> None:
        """Copy something that is no secret, such as an IP."""
        QGuiApplication.clipboard().setText(text)
        self.say(self.tr("Copied {text}").format(text=text))

    @Slot(int)
    def _on_counted(self, seconds: int) -> None:
        if self._copied is not None:
            self._left = seconds
            if not seconds:
                self._copied = None
            self._tell_copied()


def first_size(screen: QSize) -> QSize:
    """What the window opens with: no larger than there is room for."""
    return QSize(960, 640).boundedTo(screen - QSize(0, TITLE_BAR))
