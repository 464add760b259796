"""The dialog that adds or edits an account: it tries the credentials at once and says the verdict."""

import os
from collections.abc import Callable

from PySide6.QtCore import QEvent, QSignalBlocker, Qt, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QDialogButtonBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMessageBox,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from guarddog_gui.domain.accounts import (
    AHEAD_MAX_S,
    STABLE_AHEAD_MAX_S,
    Account,
    Endpoint,
    Platform,
    Secret,
    account_refusal,
    looks_like_secret,
    secret_problem,
)
from guarddog_gui.domain.errors import BadInput
from guarddog_gui.domain.found_files import FoundFolder
from guarddog_gui.domain.js_domains import js_domains_in
from guarddog_gui.domain.outlet_reports import OutletReport, standing
from guarddog_gui.domain.outlets import outlets_refusal
from guarddog_gui.domain.status import Overview, State
from guarddog_gui.runtime.controller import Controller
from guarddog_gui.runtime.jobs import Check, Crash, Done, Save, Survey, Trouble
from guarddog_gui.services.account_book import Draft, NotSaved, Saved, Verdict
from guarddog_gui.services.sentences import Sentence
from guarddog_gui.ui.form_area import FormArea
from guarddog_gui.ui.form_rows import FormRows
from guarddog_gui.ui.icons import state_colour
from guarddog_gui.ui.outlet_list import OutletList
from guarddog_gui.ui.tick_box import TickBox
from guarddog_gui.ui.voice import Voice
from guarddog_gui.ui.wrapping_dialog import WrappingDialog


class AccountDialog(WrappingDialog):
    """Stays open until the account is in both stores, or the person gives up.

    The secret is in the line edit and in a `Secret`; it is never shown, logged or copied out.
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
        self._check: Check | None = None
        self._save: Save | None = None
        self._verdict: Verdict | None = None
        self._said: tuple[Callable[[], Sentence], State | None] = (_nothing, None)
        self._name = QLineEdit(account.name if account else "")
        self._appid = QLineEdit(account.appid if account else "")
        self._appid.setReadOnly(account is not None)
        self._secret = QLineEdit()
        self._secret.setEchoMode(QLineEdit.EchoMode.Password)
        self._secret.setInputMethodHints(
            Qt.InputMethodHint.ImhSensitiveData
            | Qt.InputMethodHint.ImhNoPredictiveText
            | Qt.InputMethodHint.ImhHiddenText
        )
        self._secret.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self._length = QLabel()
        self._platform = QComboBox()
        self._endpoint = QComboBox()
        self._endpoint_why = _wrapped()
        self._ahead = QSpinBox()
        self._ahead.setRange(0, AHEAD_MAX_S)
        self._ahead.setValue(account.ahead if account else STABLE_AHEAD_MAX_S)
        self._folder = QLineEdit(account.dog_dir or "" if account else "")
        self._js_domains = QLineEdit(" ".join(account.js_domains) if account else "")
        self._outlets = OutletList(voice, self._known_outlets(account))
        self._card_ticket = TickBox()
        self._card_ticket.setChecked(account is not None and account.card_ticket)
        self._card_ticket_why = _wrapped()
        self._browse = QPushButton()
        self._browse.clicked.connect(self._on_browse)
        self._test = QPushButton()
        self._test.clicked.connect(self._on_test)
        self._what = _wrapped()
        self._todo = _wrapped()
        self._buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel
        )
        self._buttons.accepted.connect(self._on_save)
        self._buttons.rejected.connect(self.reject)
        self._save_button = self._buttons.button(QDialogButtonBox.StandardButton.Save)
        cancel = self._buttons.button(QDialogButtonBox.StandardButton.Cancel)
        for button in (self._browse, self._test, cancel):
            button.setAutoDefault(False)  # Enter saves, which tries first
        self._fill_choices(account)
        self._lay_out()
        self._connect()
        controller.job_done.connect(self._on_job_done)
        controller.changed.connect(self._on_overview)
        self.retranslate()
        self._on_platform()
        self._on_endpoint()
        self._seen = self.account() if account is not None else None  # what the form began with

    def _connect(self) -> None:
        self._appid.textEdited.connect(self._on_credentials)
        self._secret.textEdited.connect(self._on_credentials)
        self._platform.currentIndexChanged.connect(self._on_platform)
        self._endpoint.currentIndexChanged.connect(self._on_endpoint)
        self._folder.textChanged.connect(self._on_folder_changed)
        self._folder.editingFinished.connect(self._on_folder)
        self._name.textEdited.connect(self._on_edited)
        self._js_domains.textEdited.connect(self._on_edited)
        self._ahead.valueChanged.connect(self._on_edited)
        self._platform.currentIndexChanged.connect(self._on_edited)
        self._endpoint.currentIndexChanged.connect(self._on_edited)
        self._card_ticket.toggled.connect(self._on_edited)
        self._outlets.edited.connect(self._on_outlets)

    def _known_outlets(self, account: Account | None) -> tuple[OutletReport, ...]:
        if account is None:
            return ()
        status = self._controller.overview().account(account.appid)
        return standing(account.outlets, status.outlets if status is not None else ())

    def _fill_choices(self, account: Account | None) -> None:
        for platform in Platform:
            self._platform.addItem("", platform)
        for endpoint in Endpoint:
            self._endpoint.addItem("", endpoint)
        if account is not None:
            self._platform.setCurrentIndex(self._platform.findData(account.platform))
            self._endpoint.setCurrentIndex(self._endpoint.findData(account.endpoint))

    def _lay_out(self) -> None:
        secret = QHBoxLayout()
        secret.setSpacing(8)
        secret.addWidget(self._secret, 1)
        secret.addWidget(self._length)
        folder = QHBoxLayout()
        folder.setSpacing(8)
        folder.addWidget(self._folder, 1)
        folder.addWidget(self._browse)
        self._labels = [QLabel() for _ in range(9)]
        name, appid, key, platform, endpoint, ahead, domains, place, also = self._labels
        self._of_tickets = (domains, self._js_domains, self._card_ticket, self._card_ticket_why)
        form = FormRows()
        form.add(name, self._name)
        form.add(appid, self._appid)
        form.add(key, secret)
        form.add(platform, self._platform)
        form.add(endpoint, self._endpoint)
        form.add_below(self._endpoint_why)
        form.add(ahead, self._ahead)
        form.add(domains, self._js_domains)
        form.add_below(self._card_ticket)
        form.add_below(self._card_ticket_why)
        form.add(place, folder)
        self._found = _wrapped()  # what that folder has already
        self._found.hide()
        form.add_below(self._found)
        outlets = QVBoxLayout()
        outlets.addWidget(self._outlets)
        form.add(also, outlets)
        form.setRowStretch(form.rowCount() - 1, 1)
        also.setBuddy(self._outlets.add_button)
        key.setBuddy(self._secret)
        place.setBuddy(self._folder)
        foot = QHBoxLayout()
        foot.addWidget(self._test)
        foot.addStretch()
        foot.addWidget(self._buttons)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(16)
        self.scrolls = FormArea(form)
        layout.addWidget(self.scrolls, 1)
        said = QVBoxLayout()
        said.setSpacing(4)
        said.addWidget(self._what)
        said.addWidget(self._todo)
        layout.addLayout(said)
        layout.addLayout(foot)
        self.setMinimumWidth(520)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.LanguageChange:
            self.retranslate()
        elif event.type() is QEvent.Type.PaletteChange:
            self._say(*self._said)
        super().changeEvent(event)

    def retranslate(self) -> None:
        """Say everything again in the language of now."""
        self.setWindowTitle(self.tr("Edit account") if self._old else self.tr("Add account"))
        texts = (
            self.tr("Name"),
            "AppID",
            "AppSecret",
            self.tr("Platform"),
            self.tr("Endpoint"),
            self.tr("Refresh ahead"),
            self.tr("JS-safe domains"),
            self.tr("Folder for .dog files"),
            self.tr("Also write to"),
        )
        for label, text in zip(self._labels, texts, strict=True):
            label.setText(text)
        fields = (
            self._name,
            self._appid,
            self._secret,
            self._platform,
            self._endpoint,
            self._ahead,
            self._js_domains,
            self._folder,
            self._outlets,
        )
        for field, text in zip(fields, texts, strict=True):
            field.setAccessibleName(text)
        self._outlets.retranslate()
        self._secret.setPlaceholderText(
            self.tr("unchanged") if self._old else self.tr("32 letters and digits")
        )
        self._appid.setPlaceholderText("wx…")
        self._ahead.setSuffix(self.tr(" s"))
        self._js_domains.setPlaceholderText("www.example.com shop.example.com")
        self._card_ticket.setText(self.tr("Card ticket (wx_card)"))
        self._card_ticket_why.setText(
            self.tr("Only for pages that hand out or choose cards and coupons; most accounts do not need it.")
        )
        self._folder.setPlaceholderText(self.tr("the usual folder"))
        self._browse.setText(self.tr("Choose…"))
        self._test.setText(self.tr("Test"))
        for index, platform in enumerate(Platform):
            self._platform.setItemText(index, self._voice.sentences.platform(platform))
        for index, endpoint in enumerate(Endpoint):
            self._endpoint.setItemText(index, self._voice.sentences.say(f"endpoint-{endpoint}"))
        self._buttons.button(QDialogButtonBox.StandardButton.Save).setText(self.tr("Save"))
        self._buttons.button(QDialogButtonBox.StandardButton.Cancel).setText(self.tr("Cancel"))
        self._on_endpoint()
        self._show_found()
        self._say(*self._said)

    # -- the form ---------------------------------------------------------------------------------

    def account(self) -> Account:
        """What the form says; it may still be wrong, see `account_problem`."""
        platform = Platform(self._platform.currentData())  # a combo box gives back the bare text
        has_tickets = platform is not Platform.MINI_PROGRAM
        return Account(
            appid=self._appid.text().strip(),
            name=self._name.text().strip() or self._appid.text().strip(),
            platform=platform,
            endpoint=Endpoint(self._endpoint.currentData()),
            dog_dir=os.path.expanduser(self._folder.text().strip()) or None,  # noqa: PTH111 - a text
            ahead=self._ahead.value(),
            card_ticket=has_tickets and self._card_ticket.isChecked(),
            js_domains=js_domains_in(self._js_domains.text()) if has_tickets else (),
            outlets=self._outlets.outlets(),
        )

    def _typed_secret(self) -> Secret | None:
        """The new secret, or None where the stored one stays."""
        text = self._secret.text().strip()
        return None if not text and self._old is not None else Secret(text)

    def _refusal(self) -> BadInput | None:
        account, secret = self.account(), self._typed_secret()
        if self._old is None and self._controller.overview().account(account.appid) is not None:
            return BadInput("account-known")
        problem = secret_problem(secret.reveal()) if secret else None
        return account_refusal(account) or (BadInput(problem) if problem else None)

    def _say_refusal(self, refusal: BadInput) -> None:
        self._say(lambda: self._voice.sentences.bad_input(refusal), State.FAILED)

    @Slot()
    def _on_credentials(self) -> None:
        """A verdict is about what was tried, not about what is typed now. Pasted white space goes."""
        for field in (self._appid, self._secret):
            text = field.text()
            if text != text.strip():
                with QSignalBlocker(field):
                    field.setText(text.strip())
        length = len(self._secret.text())
        self._length.setText(str(length) if length else "")
        self._length.setEnabled(looks_like_secret(self._secret.text()))
        self._forget_verdict()

    def _forget_verdict(self) -> None:
        self._verdict = None
        self._check = None
        self._saving = False
        self._set_busy(self._save is not None)
        self._say(_nothing, None)

    @Slot()
    def _on_edited(self) -> None:
        """What was wrong may be right now; a verdict is about the credentials and goes on."""
        self._show_found()
        if not self._test.isEnabled():
            return  # something is under way, which is said
        if self._verdict is not None:
            self._say_verdict(self._verdict)
        else:
            self._say(_nothing, None)

    @Slot()
    def _on_outlets(self) -> None:
        self._on_edited()
        refusal = outlets_refusal(self._outlets.outlets())
        if refusal is not None:
            self._say_refusal(refusal)

    @Slot(object)
    def _on_overview(self, overview: Overview) -> None:
        """The outlets may have been written, or have failed, since the dialog was opened."""
        status = overview.account(self._old.appid) if self._old is not None else None
        if status is not None:
            self._outlets.take(status.outlets)

    @Slot()
    def _on_platform(self) -> None:
        """A mini program has no tickets, so that nothing about them is asked."""
        for widget in self._of_tickets:
            widget.setVisible(self._platform.currentData() != Platform.MINI_PROGRAM)

    @Slot()
    def _on_endpoint(self) -> None:
        classic = self._endpoint.currentData() == Endpoint.CLASSIC
        if classic:
            self._endpoint_why.setText(self._voice.sentences.classic_warning().text)
        else:
            self._endpoint_why.setText(
                self.tr("Everybody gets the same token, so your servers keep theirs. Right for nearly all.")
            )
        self._ahead.setMaximum(AHEAD_MAX_S if classic else STABLE_AHEAD_MAX_S)

    @Slot()
    def _on_browse(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, self.tr("Folder for .dog files"), self._folder.text())
        if folder:
            self._folder.setText(folder)
            self._on_folder()

    @Slot()
    def _on_folder_changed(self) -> None:
        """The verdict was about the token in the folder, too."""
        self._forget_verdict()
        self._survey = None
        self._show_found()

    @Slot()
    def _on_folder(self) -> None:
        """Say what the chosen folder has before it is this account's."""
        folder = self.account().dog_dir
        if self._folder.text() != (folder or ""):
            with QSignalBlocker(self._folder):
                self._folder.setText(folder or "")  # ~ is spelled out
        if self._survey is None and self._is_unseen(folder):
            self._survey = self._controller.survey(self.account())

    def _is_unseen(self, folder: str | None) -> bool:
        """Whether nobody has said yet what is in this folder, which the account did not have before."""
        if folder is None or not os.path.isabs(folder):  # noqa: PTH117 - a text
            return False
        return folder != self._surveyed and (self._seen is None or folder != self._seen.dog_dir)

    def _show_found(self) -> None:
        account = self.account()
        is_about_it = self._finding is not None and account.dog_dir == self._surveyed
        said = ""
        if self._finding is not None and is_about_it:
            said = self._voice.sentences.found(self._finding, account.kinds, self._voice.clock()).text
        self._found.setText(said)
        self._found.setVisible(bool(said))

    # -- trying and saving ------------------------------------------------------------------------

    @Slot()
    def _on_test(self) -> None:
        refusal = self._refusal()
        if refusal is not None:
            self._saving = False
            self._say_refusal(refusal)
            return
        self._check = self._controller.check(self.account(), self._typed_secret())
        self._say(lambda: Sentence(self.tr("Asking WeChat…")), State.REFRESHING)
        self._set_busy(True)

    @Slot()
    def _on_save(self) -> None:
        refusal = self._refusal()
        if refusal is not None:
            self._say_refusal(refusal)
            return
        if self._is_unseen(self.account().dog_dir):
            self._on_folder()
            self._saving = True
            self._say(lambda: Sentence(self.tr("Looking into the folder…")), State.REFRESHING)
            self._set_busy(True)
            return
        if self._verdict is None and self._has_to_try():
            self._saving = True
            self._on_test()
            return
        if self._verdict is not None and not self._verdict.is_good and not self._wants_it_anyway():
            return
        self._store()

    def _has_to_try(self) -> bool:
        """New credentials, and a folder in which a dead token may lie that looks alive."""
        is_moved = self._seen is not None and self.account().dog_dir != self._seen.dog_dir
        return is_moved or self._typed_secret() is not None

    def _store(self) -> None:
        draft = Draft.ADD if self._old is None else Draft.CHANGE
        self._save = self._controller.save(
            self.account(), self._typed_secret(), self._verdict, draft=draft, seen=self._seen
        )
        self._say(lambda: Sentence(self.tr("Saving…")), State.REFRESHING)
        self._set_busy(True)

    def _wants_it_anyway(self) -> bool:
        """Saving is possible without a passing test, after saying what does not work."""
        assert self._verdict is not None  # noqa: S101 - asked only with a verdict
        box = QMessageBox(self)
        box.setIcon(QMessageBox.Icon.Warning)
        box.setTextFormat(Qt.TextFormat.PlainText)
        told = self._voice.sentences.verdict(self._verdict)
        box.setWindowTitle(self.windowTitle())
        box.setText(told.what)
        box.setInformativeText(told.todo)
        save = box.addButton(self.tr("Save anyway"), QMessageBox.ButtonRole.AcceptRole)
        back = box.addButton(self.tr("Back"), QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(back)
        box.exec()
        return box.clickedButton() is save

    _saving = False  # Save was pressed and waits for the survey or the verdict
    _survey: Survey | None = None  # of the folder that was chosen last
    _surveyed: str | None = None  # the folder that `_finding` is about
    _finding: FoundFolder | None = None
    _seen: Account | None = None

    @Slot(object, object)
    def _on_job_done(self, job: object, done: Done) -> None:
        if job is self._check:
            self._check = None
            self._set_busy(False)
            self._on_verdict(done)
        elif job is self._save:
            self._save = None
            self._set_busy(False)
            self._on_saved(done)
        elif isinstance(job, Survey) and job is self._survey:
            self._survey = None
            self._on_surveyed(job.account.dog_dir, done)

    def _on_surveyed(self, folder: str | None, done: Done) -> None:
        saving, self._saving = self._saving, False
        if saving:
            self._set_busy(False)
        if isinstance(done, Trouble):  # above all: it is that of another account
            self._say_trouble(done)
            return
        self._surveyed = folder
        self._finding = done if isinstance(done, FoundFolder) else None
        self._show_found()
        if not saving:
            return
        if self._found.text():
            self._say(lambda: Sentence(self.tr("See what is in the folder, then save once more.")), None)
            self._save_button.setFocus()
        else:
            self._on_save()

    def _on_verdict(self, done: Done) -> None:
        saving, self._saving = self._saving, False
        if not isinstance(done, Verdict):
            self._say_trouble(done)
            return
        self._verdict = done
        self._say_verdict(done)
        # Enter goes on from here; the buttons that were off have left the focus on Cancel
        (self._save_button if done.is_good else self._secret).setFocus()
        if saving and (done.is_good or self._wants_it_anyway()):
            self._store()

    def _say_verdict(self, verdict: Verdict) -> None:
        state = State.FRESH if verdict.is_good else State.FAILED
        self._say(lambda: self._voice.sentences.verdict(verdict), state)

    def _on_saved(self, done: Done) -> None:
        match done:
            case Saved():
                self._secret.clear()
                self.accept()
            case NotSaved():
                self._say(lambda: self._voice.sentences.saving(done), State.FAILED)
            case _:
                self._say_trouble(done)

    def _say_trouble(self, done: Done) -> None:
        match done:
            case Trouble(reason):
                self._say(lambda: self._voice.sentences.expected(reason), State.FAILED)
            case Crash():
                self._say(self._voice.sentences.crash, State.FAILED)
            case _:
                pass

    def _say(self, speak: Callable[[], Sentence], state: State | None) -> None:
        """Below the form, in the colour of a state; `speak` is asked again in another language."""
        self._said = (speak, state)
        sentence = speak()
        self._what.setText(f"{sentence.what} ({sentence.code})" if sentence.code else sentence.what)
        self._todo.setText(sentence.todo)
        self._what.setVisible(bool(sentence.what))
        self._todo.setVisible(bool(sentence.todo))
        palette = self.palette()
        if state is not None:
            dark = palette.window().color().lightness() < 128
            palette.setColor(palette.ColorRole.WindowText, state_colour(state, dark=dark))
        self._what.setPalette(palette)
        self._what.setAccessibleName(sentence.text)

    def _set_busy(self, busy: bool) -> None:  # noqa: FBT001 - as Qt's own setters
        self._test.setEnabled(not busy)
        self._save_button.setEnabled(not busy)


def _nothing() -> Sentence:
    return Sentence("")


def _wrapped() -> QLabel:
    label = QLabel()
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
