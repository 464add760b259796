"""Answers of WeChat that take more than a line: the quota of an account, and what a rid was about."""

from PySide6.QtCore import QEvent, Qt, Slot
from PySide6.QtWidgets import (
    QDialogButtonBox,
    QLabel,
    QMessageBox,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.refresh.history import Entry
from guarddog_gui.domain.wechat.account_queries import CLEARS_A_MONTH, Alive, Cleared, Quota, RidReport
from guarddog_gui.runtime.controller import Controller
from guarddog_gui.runtime.jobs import Answered, Ask, Crash, Done, Question, Trouble
from guarddog_gui.services.account_queries import Heard
from guarddog_gui.ui.formatter import Voice
from guarddog_gui.ui.widgets.auto_height_dialog import WrappingDialog
from guarddog_gui.ui.widgets.plain_text import plain_buttons


class InquiryDialog(WrappingDialog):
    """Asks once when it opens and shows the answer as plain text."""

    def __init__(
        self,
        controller: Controller,
        voice: Voice,
        account: Account,
        entry: Entry | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """With an `entry` it asks about its rid, without one about the quota."""
        super().__init__(parent)
        self._controller = controller
        self._voice = voice
        self._account = account
        self._entry = entry
        self._job: Ask | None = None
        self._done: Done | None = None
        self._text = QLabel()
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setWordWrap(True)
        self._text.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self._clear = QPushButton()
        self._clear.setAutoDefault(False)
        self._clear.clicked.connect(self._on_clear)
        self._buttons = plain_buttons(QDialogButtonBox.StandardButton.Close)
        if entry is None:  # a box shows what it is given, hidden or not
            self._buttons.addButton(self._clear, QDialogButtonBox.ButtonRole.ActionRole)
        self._buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(16)
        layout.addWidget(self._text, 1)
        layout.addWidget(self._buttons)
        self.setMinimumSize(480, 160)
        controller.job_done.connect(self._on_job_done)
        self.retranslate()
        self._ask(Question.QUOTAS if entry is None else Question.RID)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def retranslate(self) -> None:
        """Say everything again in the language of now."""
        title = (
            self.tr("Quota of {name}") if self._entry is None else self.tr("What WeChat knows of this rid")
        )
        self.setWindowTitle(title.format(name=self._account.name))
        self._clear.setText(self.tr("Clear the counters…"))
        self._buttons.button(QDialogButtonBox.StandardButton.Close).setText(self.tr("Close"))
        if self._done is not None:
            self._tell(self._done)

    def _ask(self, question: Question) -> None:
        rid = self._entry.rid or "" if self._entry is not None else ""
        self._job = self._controller.ask(self._account, question, rid)
        self._text.setText(self.tr("Asking WeChat…"))
        self._clear.setEnabled(False)

    @Slot(object, object)
    def _on_job_done(self, job: object, done: Done) -> None:
        if job is not self._job:
            return
        self._job = None
        self._done = done
        self._clear.setEnabled(True)
        self._tell(done)

    def _tell(self, done: Done) -> None:
        match done:
            case Answered(heard):
                self._text.setText(self._words(heard))
            case Trouble(reason):
                self._text.setText(self._voice.sentences.expected(reason).text)
            case Crash():
                self._text.setText(self._voice.sentences.crash().text)
            case _:
                pass

    def _words(self, heard: Heard) -> str:
        say = self._voice.sentences.say
        match heard:
            case RidReport():
                return self._report(heard)
            case Cleared():
                done = self._controller.clears_this_month(self._account.appid)
                return say("quota-cleared-times", done=done, most=CLEARS_A_MONTH)
            case Alive():
                return say("token-alive")
            case tuple():
                return "\n".join(self._line(quota) for quota in heard)
            case _:
                return self._voice.sentences.unanswered(heard).text

    def _line(self, quota: Quota) -> str:
        return self._voice.sentences.say(
            "quota-line", path=quota.path, used=quota.used, limit=quota.limit, remain=quota.remain
        )

    def _report(self, report: RidReport) -> str:
        lines = (
            (self.tr("Time"), self._voice.moments.stamp(report.at)),
            (self.tr("Took"), f"{report.cost_ms} ms"),
            (self.tr("From"), report.client_ip),
            (self.tr("Request"), report.url),
            (self.tr("Body"), report.body),
            (self.tr("Answer"), report.answer),
        )
        line = self.tr("{name}: {value}")
        return "\n".join(line.format(name=name, value=value) for name, value in lines if value)

    @Slot()
    def _on_clear(self) -> None:
        box = QMessageBox(self)
        box.setIcon(QMessageBox.Icon.Warning)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setWindowTitle(self.windowTitle())
        box.setText(self.tr("Set all counters of today to zero?"))
        box.setInformativeText(
            self.tr(
                "Guard Dog has done it {done} of {most} times this month;"
                " the button in WeChat's console counts, too."
            ).format(done=self._controller.clears_this_month(self._account.appid), most=CLEARS_A_MONTH)
        )
        clear = box.addButton(self.tr("Clear"), QMessageBox.ButtonRole.DestructiveRole)
        cancel = box.addButton(self.tr("Cancel"), QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(cancel)
        box.exec()
        if box.clickedButton() is clear:
            self._ask(Question.CLEAR_QUOTA)
