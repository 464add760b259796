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
from guarddog_gui.domain.accounts.js_domains import parse_js_domains
from guarddog_gui.domain.exports.reports import ExportStatus
from guarddog_gui.ui.accounts.export_list import ExportTargetList
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.widgets.check_box import CheckBox
from guarddog_gui.ui.widgets.form_grid import FormGrid
from guarddog_gui.ui.widgets.form_scroll_area import FormScrollArea
from guarddog_gui.ui.widgets.plain_text import WrappedLabel


class AccountForm(QWidget):
    """Knows neither WeChat nor what is stored: whoever shows it hears what was edited.

    The secret is in the line edit and in a `Secret`; it is never shown, logged or copied out.
    """

    credentials_edited = Signal()
    folder_edited = Signal()  # with every letter
    folder_selected = Signal()  # once the field is left, or one was picked
    exports_edited = Signal()
    details_edited = Signal()  # anything else

    def __init__(
        self,
        formatter: Formatter,
        account: Account | None = None,
        export_statuses: tuple[ExportStatus, ...] = (),
    ) -> None:
        """`reports` are the outlets of the account, with how they stand. Names come with `retranslate`."""
        super().__init__()
        self._formatter = formatter
        self._is_new = account is None
        self._name_field = QLineEdit()
        self._appid_field = QLineEdit()
        self._secret_field = _make_secret_field()
        self._secret_length_label = QLabel()
        self._secret_length_label.hide()  # while it is empty, which would still take a gap
        self._platform_combo = QComboBox()
        for platform in Platform:
            self._platform_combo.addItem("", platform)
        self._endpoint_combo = QComboBox()
        for endpoint in Endpoint:
            self._endpoint_combo.addItem("", endpoint)
        self._endpoint_hint = WrappedLabel()
        self._refresh_ahead_spin_box = QSpinBox()
        self._refresh_ahead_spin_box.setRange(0, AHEAD_MAX_S)
        self._refresh_ahead_spin_box.setValue(STABLE_AHEAD_MAX_S)
        self._js_domains_field = QLineEdit()
        self._card_ticket_check_box = CheckBox()
        self._card_ticket_hint = WrappedLabel()
        self._folder_field = QLineEdit()
        self._browse_button = QPushButton()
        self._browse_button.setAutoDefault(False)
        self._existing_files_label = WrappedLabel()  # what that folder has already
        self._existing_files_label.hide()
        self._export_list = ExportTargetList(formatter, export_statuses)
        self._labelled_fields: tuple[tuple[QLabel, QWidget], ...] = tuple(
            (QLabel(), field)
            for field in (
                self._name_field,
                self._appid_field,
                self._secret_field,
                self._platform_combo,
                self._endpoint_combo,
                self._refresh_ahead_spin_box,
                self._js_domains_field,
                self._folder_field,
                self._export_list,
            )
        )
        if account is not None:
            self._fill_fields(account)
        self._lay_out()
        self._connect()
        self._on_platform_changed()
        self._on_endpoint_changed()

    def _fill_fields(self, account: Account) -> None:
        self._name_field.setText(account.name)
        self._appid_field.setText(account.appid)
        self._appid_field.setReadOnly(True)
        self._platform_combo.setCurrentIndex(self._platform_combo.findData(account.platform))
        self._endpoint_combo.setCurrentIndex(self._endpoint_combo.findData(account.endpoint))
        self._refresh_ahead_spin_box.setValue(account.ahead)
        self._js_domains_field.setText(" ".join(account.js_domains))
        self._card_ticket_check_box.setChecked(account.card_ticket)
        self._folder_field.setText(account.dog_dir or "")

    def _lay_out(self) -> None:
        secret = QHBoxLayout()
        secret.setSpacing(8)
        secret.addWidget(self._secret_field, 1)
        secret.addWidget(self._secret_length_label)
        folder = QHBoxLayout()
        folder.setSpacing(8)
        folder.addWidget(self._folder_field, 1)
        folder.addWidget(self._browse_button)
        outlets = QVBoxLayout()
        outlets.addWidget(self._export_list)
        name, appid, key, platform, endpoint, ahead, domains, place, also = (
            label for label, _ in self._labelled_fields
        )
        self._ticket_widgets = (
            domains,
            self._js_domains_field,
            self._card_ticket_check_box,
            self._card_ticket_hint,
        )
        rows = FormGrid()
        rows.setContentsMargins(0, 0, 0, 0)
        rows.add_row(name, self._name_field)
        rows.add_row(appid, self._appid_field)
        rows.add_row(key, secret)
        rows.add_row(platform, self._platform_combo)
        rows.add_row(endpoint, self._endpoint_combo)
        rows.add_below_field(self._endpoint_hint)
        rows.add_row(ahead, self._refresh_ahead_spin_box)
        rows.add_row(domains, self._js_domains_field)
        rows.add_below_field(self._card_ticket_check_box)
        rows.add_below_field(self._card_ticket_hint)
        rows.add_row(place, folder)
        rows.add_below_field(self._existing_files_label)
        rows.add_row(also, outlets)
        rows.setRowStretch(rows.rowCount() - 1, 1)
        key.setBuddy(self._secret_field)
        place.setBuddy(self._folder_field)
        also.setBuddy(self._export_list.add_button)
        self.setLayout(rows)

    def _connect(self) -> None:
        self._appid_field.textEdited.connect(self._on_credentials_edited)
        self._secret_field.textEdited.connect(self._on_credentials_edited)
        self._platform_combo.currentIndexChanged.connect(self._on_platform_changed)
        self._endpoint_combo.currentIndexChanged.connect(self._on_endpoint_changed)
        self._folder_field.textChanged.connect(self.folder_edited)
        self._folder_field.editingFinished.connect(self.folder_selected)
        self._browse_button.clicked.connect(self._on_browse_clicked)
        self._export_list.edited.connect(self.exports_edited)
        self._name_field.textEdited.connect(self.details_edited)
        self._js_domains_field.textEdited.connect(self.details_edited)
        self._refresh_ahead_spin_box.valueChanged.connect(self.details_edited)
        self._platform_combo.currentIndexChanged.connect(self.details_edited)
        self._endpoint_combo.currentIndexChanged.connect(self.details_edited)
        self._card_ticket_check_box.toggled.connect(self.details_edited)

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
        for (label, field), text in zip(self._labelled_fields, texts, strict=True):
            label.setText(text)
            field.setAccessibleName(text)
        self._appid_field.setPlaceholderText("wx…")
        self._secret_field.setPlaceholderText(
            self.tr("32 letters and digits") if self._is_new else self.tr("unchanged")
        )
        for index, platform in enumerate(Platform):
            self._platform_combo.setItemText(index, self._formatter.messages.platform_name(platform))
        for index, endpoint in enumerate(Endpoint):
            self._endpoint_combo.setItemText(index, self._formatter.messages.endpoint_name(endpoint))
        self._on_endpoint_changed()
        self._refresh_ahead_spin_box.setSuffix(self.tr(" s"))
        self._js_domains_field.setPlaceholderText("www.example.com shop.example.com")
        self._card_ticket_check_box.setText(self.tr("Card ticket (wx_card)"))
        self._card_ticket_hint.setText(
            self.tr("Only for pages that hand out or choose cards and coupons; most accounts do not need it.")
        )
        self._folder_field.setPlaceholderText(self.tr("the usual folder"))
        self._browse_button.setText(self.tr("Choose…"))
        self._export_list.retranslate()

    # -- what it says -----------------------------------------------------------------------------

    def entered_account(self) -> Account:
        """What the fields mean; it may still be wrong, see `account_refusal`."""
        platform = Platform(self._platform_combo.currentData())  # a combo box gives back the bare text
        has_tickets = platform is not Platform.MINI_PROGRAM
        return Account(
            appid=self._appid_field.text().strip(),
            name=self._name_field.text().strip() or self._appid_field.text().strip(),
            platform=platform,
            endpoint=Endpoint(self._endpoint_combo.currentData()),
            dog_dir=os.path.expanduser(self._folder_field.text().strip()) or None,  # noqa: PTH111 - a text
            ahead=self._refresh_ahead_spin_box.value(),
            card_ticket=has_tickets and self._card_ticket_check_box.isChecked(),
            js_domains=parse_js_domains(self._js_domains_field.text()) if has_tickets else (),
            exports=self._export_list.targets(),
        )

    def entered_secret(self) -> Secret | None:
        """The new secret, or None where the stored one stays."""
        text = self._secret_field.text().strip()
        return Secret(text) if text or self._is_new else None

    # -- what it is told --------------------------------------------------------------------------

    def show_existing_files(self, text: str) -> None:
        """What the folder has already, below its field."""
        self._existing_files_label.setText(text)
        self._existing_files_label.setVisible(bool(text))

    def scroll_to_existing_files(self, area: FormScrollArea) -> None:
        """Where the screen is too low for all, scroll to what was found."""
        area.scroll_to(self._existing_files_label)

    def update_export_statuses(self, statuses: tuple[ExportStatus, ...]) -> None:
        """They may have been written, or have failed, since the form was opened."""
        self._export_list.update_statuses(statuses)

    def expand_folder(self) -> None:
        """Where the home was meant by ~, show which folder that is."""
        folder = self.entered_account().dog_dir or ""
        if self._folder_field.text() != folder:
            with QSignalBlocker(self._folder_field):
                self._folder_field.setText(folder)

    def focus_secret_field(self) -> None:
        """The keyboard goes on there."""
        self._secret_field.setFocus()

    def clear_secret_field(self) -> None:
        """It is stored, and nobody needs it here any more."""
        self._secret_field.clear()

    # -- what is done in it -----------------------------------------------------------------------

    @Slot()
    def _on_credentials_edited(self) -> None:
        """White space around what was pasted goes, and the length shows whether it was all."""
        for field in (self._appid_field, self._secret_field):
            text = field.text()
            if text != text.strip():
                with QSignalBlocker(field):
                    field.setText(text.strip())
        length = len(self._secret_field.text())
        self._secret_length_label.setText(str(length) if length else "")
        self._secret_length_label.setVisible(bool(length))
        self._secret_length_label.setEnabled(looks_like_secret(self._secret_field.text()))
        self.credentials_edited.emit()

    @Slot()
    def _on_platform_changed(self) -> None:
        """A mini program has no tickets, so that nothing about them is asked."""
        for widget in self._ticket_widgets:
            widget.setVisible(self._platform_combo.currentData() != Platform.MINI_PROGRAM)

    @Slot()
    def _on_endpoint_changed(self) -> None:
        classic = self._endpoint_combo.currentData() == Endpoint.CLASSIC
        if classic:
            self._endpoint_hint.setText(self._formatter.messages.classic_warning().text)
        else:
            self._endpoint_hint.setText(
                self.tr("Everybody gets the same token, so your servers keep theirs. Right for nearly all.")
            )
        self._refresh_ahead_spin_box.setMaximum(AHEAD_MAX_S if classic else STABLE_AHEAD_MAX_S)

    @Slot()
    def _on_browse_clicked(self) -> None:
        folder = QFileDialog.getExistingDirectory(
            self, self.tr("Folder for .dog files"), self._folder_field.text()
        )
        if folder:
            self._folder_field.setText(folder)
            self.folder_selected.emit()


def _make_secret_field() -> QLineEdit:
    field = QLineEdit()
    field.setEchoMode(QLineEdit.EchoMode.Password)
    field.setInputMethodHints(
        Qt.InputMethodHint.ImhSensitiveData
        | Qt.InputMethodHint.ImhNoPredictiveText
        | Qt.InputMethodHint.ImhHiddenText
    )
    field.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
    return field
