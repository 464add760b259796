"""The fields of an account: what a person types, and the account that it means."""

import os

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from guarddog_gui.domain.accounts.account import (
    AHEAD_MAX_S,
    STABLE_AHEAD_MAX_S,
    Account,
    Endpoint,
    Platform,
    Secret,
    looks_like_secret,
)
from guarddog_gui.domain.accounts.js_domains import js_domains_in
from guarddog_gui.domain.exports.reports import OutletReport
from guarddog_gui.ui.accounts.export_list import OutletList
from guarddog_gui.ui.formatter import Voice
from guarddog_gui.ui.widgets.check_box import TickBox
from guarddog_gui.ui.widgets.form_grid import FormRows
from guarddog_gui.ui.widgets.form_scroll_area import FormArea
from guarddog_gui.ui.widgets.plain_text import WrappedLabel


class AccountForm(QWidget):
    """Knows neither WeChat nor what is stored: whoever shows it hears what was edited.

    The secret is in the line edit and in a `Secret`; it is never shown, logged or copied out.
    """

    credentials_edited = Signal()
    folder_edited = Signal()  # with every letter
    folder_chosen = Signal()  # once the field is left, or one was picked
    outlets_edited = Signal()
    edited = Signal()  # anything else

    def __init__(
        self, voice: Voice, account: Account | None = None, reports: tuple[OutletReport, ...] = ()
    ) -> None:
        """`reports` are the outlets of the account, with how they stand. Names come with `retranslate`."""
        super().__init__()
        self._voice = voice
        self._is_new = account is None
        self._name = QLineEdit()
        self._appid = QLineEdit()
        self._secret = _secret_field()
        self._length = QLabel()
        self._length.hide()  # while it is empty, which would still take a gap
        self._platform = QComboBox()
        for platform in Platform:
            self._platform.addItem("", platform)
        self._endpoint = QComboBox()
        for endpoint in Endpoint:
            self._endpoint.addItem("", endpoint)
        self._endpoint_why = WrappedLabel()
        self._ahead = QSpinBox()
        self._ahead.setRange(0, AHEAD_MAX_S)
        self._ahead.setValue(STABLE_AHEAD_MAX_S)
        self._js_domains = QLineEdit()
        self._card_ticket = TickBox()
        self._card_ticket_why = WrappedLabel()
        self._folder = QLineEdit()
        self._browse = QPushButton()
        self._browse.setAutoDefault(False)
        self._found = WrappedLabel()  # what that folder has already
        self._found.hide()
        self._outlets = OutletList(voice, reports)
        self._labelled: tuple[tuple[QLabel, QWidget], ...] = tuple(
            (QLabel(), field)
            for field in (
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
        )
        if account is not None:
            self._fill(account)
        self._lay_out()
        self._connect()
        self._on_platform()
        self._on_endpoint()

    def _fill(self, account: Account) -> None:
        self._name.setText(account.name)
        self._appid.setText(account.appid)
        self._appid.setReadOnly(True)
        self._platform.setCurrentIndex(self._platform.findData(account.platform))
        self._endpoint.setCurrentIndex(self._endpoint.findData(account.endpoint))
        self._ahead.setValue(account.ahead)
        self._js_domains.setText(" ".join(account.js_domains))
        self._card_ticket.setChecked(account.card_ticket)
        self._folder.setText(account.dog_dir or "")

    def _lay_out(self) -> None:
        secret = QHBoxLayout()
        secret.setSpacing(8)
        secret.addWidget(self._secret, 1)
        secret.addWidget(self._length)
        folder = QHBoxLayout()
        folder.setSpacing(8)
        folder.addWidget(self._folder, 1)
        folder.addWidget(self._browse)
        outlets = QVBoxLayout()
        outlets.addWidget(self._outlets)
        name, appid, key, platform, endpoint, ahead, domains, place, also = (
            label for label, _ in self._labelled
        )
        self._of_tickets = (domains, self._js_domains, self._card_ticket, self._card_ticket_why)
        rows = FormRows()
        rows.setContentsMargins(0, 0, 0, 0)
        rows.add(name, self._name)
        rows.add(appid, self._appid)
        rows.add(key, secret)
        rows.add(platform, self._platform)
        rows.add(endpoint, self._endpoint)
        rows.add_below(self._endpoint_why)
        rows.add(ahead, self._ahead)
        rows.add(domains, self._js_domains)
        rows.add_below(self._card_ticket)
        rows.add_below(self._card_ticket_why)
        rows.add(place, folder)
        rows.add_below(self._found)
        rows.add(also, outlets)
        rows.setRowStretch(rows.rowCount() - 1, 1)
        key.setBuddy(self._secret)
        place.setBuddy(self._folder)
        also.setBuddy(self._outlets.add_button)
        self.setLayout(rows)

    def _connect(self) -> None:
        self._appid.textEdited.connect(self._on_credentials)
        self._secret.textEdited.connect(self._on_credentials)
        self._platform.currentIndexChanged.connect(self._on_platform)
        self._endpoint.currentIndexChanged.connect(self._on_endpoint)
        self._folder.textChanged.connect(self.folder_edited)
        self._folder.editingFinished.connect(self.folder_chosen)
        self._browse.clicked.connect(self._on_browse)
        self._outlets.edited.connect(self.outlets_edited)
        self._name.textEdited.connect(self.edited)
        self._js_domains.textEdited.connect(self.edited)
        self._ahead.valueChanged.connect(self.edited)
        self._platform.currentIndexChanged.connect(self.edited)
        self._endpoint.currentIndexChanged.connect(self.edited)
        self._card_ticket.toggled.connect(self.edited)

    def retranslate(self) -> None:
        """Say everything again in the language of now."""
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
        for (label, field), text in zip(self._labelled, texts, strict=True):
            label.setText(text)
            field.setAccessibleName(text)
        self._appid.setPlaceholderText("wx…")
        self._secret.setPlaceholderText(
            self.tr("32 letters and digits") if self._is_new else self.tr("unchanged")
        )
        for index, platform in enumerate(Platform):
            self._platform.setItemText(index, self._voice.sentences.platform(platform))
        for index, endpoint in enumerate(Endpoint):
            self._endpoint.setItemText(index, self._voice.sentences.say(f"endpoint-{endpoint}"))
        self._on_endpoint()
        self._ahead.setSuffix(self.tr(" s"))
        self._js_domains.setPlaceholderText("www.example.com shop.example.com")
        self._card_ticket.setText(self.tr("Card ticket (wx_card)"))
        self._card_ticket_why.setText(
            self.tr("Only for pages that hand out or choose cards and coupons; most accounts do not need it.")
        )
        self._folder.setPlaceholderText(self.tr("the usual folder"))
        self._browse.setText(self.tr("Choose…"))
        self._outlets.retranslate()

    # -- what it says -----------------------------------------------------------------------------

    def account(self) -> Account:
        """What the fields mean; it may still be wrong, see `account_refusal`."""
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

    def typed_secret(self) -> Secret | None:
        """The new secret, or None where the stored one stays."""
        text = self._secret.text().strip()
        return Secret(text) if text or self._is_new else None

    # -- what it is told --------------------------------------------------------------------------

    def show_found(self, text: str) -> None:
        """What the folder has already, below its field."""
        self._found.setText(text)
        self._found.setVisible(bool(text))

    def show_found_in(self, area: FormArea) -> None:
        """Where the screen is too low for all, scroll to what was found."""
        area.turn_to(self._found)

    def take_outlets(self, reports: tuple[OutletReport, ...]) -> None:
        """They may have been written, or have failed, since the form was opened."""
        self._outlets.take(reports)

    def spell_out_folder(self) -> None:
        """Where the home was meant by ~, show which folder that is."""
        folder = self.account().dog_dir or ""
        if self._folder.text() != folder:
            with QSignalBlocker(self._folder):
                self._folder.setText(folder)

    def turn_to_secret(self) -> None:
        """The keyboard goes on there."""
        self._secret.setFocus()

    def forget_secret(self) -> None:
        """It is stored, and nobody needs it here any more."""
        self._secret.clear()

    # -- what is done in it -----------------------------------------------------------------------

    @Slot()
    def _on_credentials(self) -> None:
        """White space around what was pasted goes, and the length shows whether it was all."""
        for field in (self._appid, self._secret):
            text = field.text()
            if text != text.strip():
                with QSignalBlocker(field):
                    field.setText(text.strip())
        length = len(self._secret.text())
        self._length.setText(str(length) if length else "")
        self._length.setVisible(bool(length))
        self._length.setEnabled(looks_like_secret(self._secret.text()))
        self.credentials_edited.emit()

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
            self.folder_chosen.emit()


def _secret_field() -> QLineEdit:
    field = QLineEdit()
    field.setEchoMode(QLineEdit.EchoMode.Password)
    field.setInputMethodHints(
        Qt.InputMethodHint.ImhSensitiveData
        | Qt.InputMethodHint.ImhNoPredictiveText
        | Qt.InputMethodHint.ImhHiddenText
    )
    field.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
    return field
