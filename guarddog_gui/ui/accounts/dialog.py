"""The dialog that adds or edits an account: it tries the credentials at once and says the verdict."""

import os
from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt, Slot
from PySide6.QtWidgets import (
    QDialogButtonBox,
    QHBoxLayout,
    QMessageBox,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from guarddog_gui.domain.accounts.account import Account, account_refusal, secret_problem
from guarddog_gui.domain.accounts.existing_files import FoundFolder
from guarddog_gui.domain.errors import BadInput
from guarddog_gui.domain.exports.reports import OutletReport, standing
from guarddog_gui.domain.exports.targets import outlets_refusal
from guarddog_gui.domain.refresh.status import Overview, State
from guarddog_gui.runtime.controller import Controller
from guarddog_gui.runtime.jobs import Check, Crash, Done, Save, Survey, Trouble
from guarddog_gui.services.accounts import Draft, NotSaved, Saved, Verdict
from guarddog_gui.services.messages.message import Sentence
from guarddog_gui.ui.accounts.form import AccountForm
from guarddog_gui.ui.formatter import Voice
from guarddog_gui.ui.widgets.auto_height_dialog import WrappingDialog
from guarddog_gui.ui.widgets.form_scroll_area import FormArea
from guarddog_gui.ui.widgets.message_view import SentenceView
from guarddog_gui.ui.widgets.plain_text import plain_buttons


class AccountDialog(WrappingDialog):
    """Stays open until the account is in both stores, or the person gives up.

    What has to come before it is stored, and in which order, is in `_on_save`.
    """

    def __init__(
        self,
        controller: Controller,
        voice: Voice,
        account: Account | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._controller = controller
        self._voice = voice
        self._old = account
        self._form = AccountForm(voice, account, self._known_outlets(account))
        self._seen = self._form.account() if account is not None else None  # what the form began with
        self._is_to_save = False  # Save was pressed and waits for the survey or the verdict
        self._survey: Survey | None = None  # of the folder that was chosen last
        self._surveyed: str | None = None  # the folder that `_finding` is about
        self._finding: FoundFolder | None = None
        self._check: Check | None = None
        self._verdict: Verdict | None = None  # about what the form says now
        self._save: Save | None = None
        self._said = SentenceView()
        self._test = QPushButton()
        self._buttons = plain_buttons(
            QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel
        )
        self._save_button = self._buttons.button(QDialogButtonBox.StandardButton.Save)
        self._cancel = self._buttons.button(QDialogButtonBox.StandardButton.Cancel)
        for button in (self._test, self._cancel):
            button.setAutoDefault(False)  # Enter saves, which tries first
        self._lay_out()
        self._connect()
        self.retranslate()

    def _known_outlets(self, account: Account | None) -> tuple[OutletReport, ...]:
        if account is None:
            return ()
        status = self._controller.overview().account(account.appid)
        return standing(account.outlets, status.outlets if status is not None else ())

    def _lay_out(self) -> None:
        foot = QHBoxLayout()
        foot.addWidget(self._test)
        foot.addStretch()
        foot.addWidget(self._buttons)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(16)
        self.scrolls = self._area = FormArea(self._form)
        layout.addWidget(self._area, 1)
        layout.addWidget(self._said)
        layout.addLayout(foot)
        self.setMinimumWidth(520)

    def _connect(self) -> None:
        self._form.credentials_edited.connect(self._forget_verdict)
        self._form.folder_edited.connect(self._on_folder_edited)
        self._form.folder_chosen.connect(self._on_folder_chosen)
        self._form.outlets_edited.connect(self._on_outlets_edited)
        self._form.edited.connect(self._on_edited)
        self._test.clicked.connect(self._on_test)
        self._buttons.accepted.connect(self._on_save)
        self._buttons.rejected.connect(self.reject)
        self._controller.job_done.connect(self._on_job_done)
        self._controller.changed.connect(self._on_overview)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def retranslate(self) -> None:
        """Say everything again in the language of now."""
        self.setWindowTitle(self.tr("Edit account") if self._old else self.tr("Add account"))
        self._form.retranslate()
        self._test.setText(self.tr("Test"))
        self._save_button.setText(self.tr("Save"))
        self._cancel.setText(self.tr("Cancel"))
        self._show_found()
        self._said.retranslate()

    # -- while the form is filled in --------------------------------------------------------------

    @Slot()
    def _forget_verdict(self) -> None:
        """It is about what was tried, not about what is typed now."""
        self._verdict = None
        self._check = None
        self._is_to_save = False
        self._show_busy()
        self._fall_silent()

    @Slot()
    def _on_edited(self) -> None:
        """What was wrong may be right now; a verdict is about the credentials and goes on."""
        self._show_found()
        if self._is_busy():
            return  # which is said
        if self._verdict is not None:
            self._say_verdict(self._verdict)
        else:
            self._fall_silent()

    @Slot()
    def _on_outlets_edited(self) -> None:
        self._on_edited()
        self.keeps_height = False  # the list itself becomes smaller by that
        refusal = outlets_refusal(self._form.account().outlets)
        if refusal is not None:
            self._say_refusal(refusal)

    @Slot(object)
    def _on_overview(self, overview: Overview) -> None:
        status = overview.account(self._old.appid) if self._old is not None else None
        if status is not None:
            self._form.take_outlets(status.outlets)

    @Slot()
    def _on_folder_edited(self) -> None:
        """The verdict was about the token in the folder, too."""
        self._forget_verdict()
        self._survey = None
        self._show_found()

    # -- what the folder has ----------------------------------------------------------------------

    @Slot()
    def _on_folder_chosen(self) -> None:
        """Say what the folder has before it is this account's."""
        self._form.spell_out_folder()
        if self._survey is None and self._is_unseen():
            self._survey = self._controller.survey(self._form.account())

    def _is_unseen(self) -> bool:
        """Whether nobody has said yet what is in the folder, which the account did not have before."""
        folder = self._form.account().dog_dir
        if folder is None or not os.path.isabs(folder):  # noqa: PTH117 - a text
            return False
        return folder != self._surveyed and (self._seen is None or folder != self._seen.dog_dir)

    def _on_surveyed(self, folder: str | None, done: Done) -> None:
        is_to_save, self._is_to_save = self._is_to_save, False
        self._show_busy()
        if isinstance(done, Trouble):  # above all: it is that of another account
            self._say_trouble(done)
            return
        self._surveyed = folder
        self._finding = done if isinstance(done, FoundFolder) else None
        self._show_found()
        if is_to_save and self._found():
            self._say(lambda: Sentence(self.tr("See what is in the folder, then save once more.")))
            self._form.show_found_in(self._area)
            self._save_button.setFocus()
        elif is_to_save:
            self._on_save()

    def _found(self) -> str:
        """It depends on the keys of the account which of the files are its own."""
        account = self._form.account()
        if self._finding is None or account.dog_dir != self._surveyed:
            return ""
        if self._verdict is not None and self._verdict.found_dead:
            return ""  # the verdict says what becomes of it
        return self._voice.sentences.found(self._finding, account.kinds, self._voice.clock()).text

    def _show_found(self) -> None:
        self._form.show_found(self._found())

    # -- trying and saving ------------------------------------------------------------------------

    @Slot()
    def _on_test(self) -> None:
        refusal = self._refusal()
        if refusal is not None:
            self._say_refusal(refusal)
        else:
            self._try()

    @Slot()
    def _on_save(self) -> None:
        """Store the account, or do what has to come first; whatever comes of that leads here again."""
        refusal = self._refusal()
        if refusal is not None:
            self._say_refusal(refusal)
        elif self._is_unseen():
            self._is_to_save = True
            self._look()
        elif self._verdict is None and self._has_to_try():
            self._is_to_save = True
            self._try()
        elif self._verdict is None or self._verdict.is_good or self._is_wanted_anyway(self._verdict):
            self._store()

    def _refusal(self) -> BadInput | None:
        account, secret = self._form.account(), self._form.typed_secret()
        if self._old is None and self._controller.overview().account(account.appid) is not None:
            return BadInput("account-known")
        problem = secret_problem(secret.reveal()) if secret else None
        return account_refusal(account) or (BadInput(problem) if problem else None)

    def _has_to_try(self) -> bool:
        """New credentials, and a folder in which a dead token may lie that looks alive."""
        is_moved = self._seen is not None and self._form.account().dog_dir != self._seen.dog_dir
        return is_moved or self._form.typed_secret() is not None

    def _is_wanted_anyway(self, verdict: Verdict) -> bool:
        """Saving is possible without a passing test, after saying what does not work."""
        told = self._voice.sentences.verdict(verdict)
        box = QMessageBox(self)
        box.setIcon(QMessageBox.Icon.Warning)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setWindowTitle(self.windowTitle())
        box.setText(told.what)
        box.setInformativeText(told.todo)
        save = box.addButton(self.tr("Save anyway"), QMessageBox.ButtonRole.AcceptRole)
        back = box.addButton(self.tr("Back"), QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(back)
        box.exec()
        return box.clickedButton() is save

    def _look(self) -> None:
        self._on_folder_chosen()  # unless it is looked into already
        self._say(lambda: Sentence(self.tr("Looking into the folder…")), State.REFRESHING)
        self._show_busy()

    def _try(self) -> None:
        self._check = self._controller.check(self._form.account(), self._form.typed_secret())
        self._say(lambda: Sentence(self.tr("Asking WeChat…")), State.REFRESHING)
        self._show_busy()

    def _store(self) -> None:
        draft = Draft.ADD if self._old is None else Draft.CHANGE
        self._save = self._controller.save(
            self._form.account(), self._form.typed_secret(), self._verdict, draft=draft, seen=self._seen
        )
        self._say(lambda: Sentence(self.tr("Saving…")), State.REFRESHING)
        self._show_busy()

    def _is_busy(self) -> bool:
        return self._is_to_save or self._check is not None or self._save is not None

    def _show_busy(self) -> None:
        """Neither can be pressed again while something is under way."""
        for button in (self._test, self._save_button):
            button.setEnabled(not self._is_busy())

    @Slot(object, object)
    def _on_job_done(self, job: object, done: Done) -> None:
        if isinstance(job, Survey) and job is self._survey:
            self._survey = None
            self._on_surveyed(job.account.dog_dir, done)
        elif job is self._check:
            self._check = None
            self._on_tried(done)
        elif job is self._save:
            self._save = None
            self._on_stored(done)

    def _on_tried(self, done: Done) -> None:
        is_to_save, self._is_to_save = self._is_to_save, False
        self._show_busy()
        if not isinstance(done, Verdict):
            self._say_trouble(done)
            return
        self._verdict = done
        self._show_found()
        self._say_verdict(done)
        # Enter goes on from here; the buttons that were off have left the focus on Cancel
        if done.is_good:
            self._save_button.setFocus()
        else:
            self._form.turn_to_secret()
        if is_to_save:
            self._on_save()

    def _on_stored(self, done: Done) -> None:
        self._show_busy()
        match done:
            case Saved():
                self._form.forget_secret()
                self.accept()
            case NotSaved():
                self._say(lambda: self._voice.sentences.saving(done), State.FAILED)
            case _:
                self._say_trouble(done)

    # -- saying what came of it -------------------------------------------------------------------

    def _say(self, speak: Callable[[], Sentence], state: State | None = None) -> None:
        self.keeps_height = False
        self._said.say(speak, state)

    def _fall_silent(self) -> None:
        """Whoever types is about to press a button, which stays where it is."""
        self.keeps_height = True
        self._said.clear()

    def _say_refusal(self, refusal: BadInput) -> None:
        self._say(lambda: self._voice.sentences.bad_input(refusal), State.FAILED)

    def _say_verdict(self, verdict: Verdict) -> None:
        state = State.FRESH if verdict.is_good else State.FAILED
        self._say(lambda: self._voice.sentences.verdict(verdict), state)

    def _say_trouble(self, done: Done) -> None:
        match done:
            case Trouble(reason):
                self._say(lambda: self._voice.sentences.expected(reason), State.FAILED)
            case Crash():  # in the words of now: another language has other sentences
                self._say(lambda: self._voice.sentences.crash(), State.FAILED)  # noqa: PLW0108
            case _:
                pass
