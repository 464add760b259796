"""Form with the settings of an account."""

import os

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QLabel, QLineEdit, QPushButton, QSpinBox, QWidget

from guarddog_gui.domain.accounts.account import (
    AHEAD_MAX_S,
    STABLE_AHEAD_MAX_S,
    Account,
    Endpoint,
    Platform,
    Secret,
    looks_like_secret,
    parse_js_domains,
)
from guarddog_gui.domain.exports.reports import ExportStatus
from guarddog_gui.domain.paste.appid import is_complete_appid, read_appid
from guarddog_gui.domain.paste.layers import clean_text
from guarddog_gui.ui.accounts.export_list import ExportTargetList
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.widgets.check_box import CheckBox
from guarddog_gui.ui.widgets.combo_boxes import make_choice_combo, set_item_texts
from guarddog_gui.ui.widgets.layouts import FormGrid, make_column, make_row, set_label
from guarddog_gui.ui.widgets.plain_text import WrappedLabel


class AccountForm(QWidget):
    """Form that converts between an `Account` and its fields, and signals what the user edits.

    It calls neither WeChat nor the stores. The secret exists only in its line edit and in a `Secret`;
    it is never displayed, logged or copied to the clipboard.
    """

    credentials_edited = Signal()
    folder_edited = Signal()  # with every character
    folder_selected = Signal()  # when the field loses the focus, or a folder was picked
    exports_edited = Signal()
    details_edited = Signal()  # any other field

    def __init__(
        self, formatter: Formatter, account: Account | None = None, export_statuses: tuple[ExportStatus, ...] = ()
    ) -> None:
        """Create a form for `account`, or for a new account. `retranslate` sets its texts."""
        super().__init__()
        self._formatter = formatter
        self._is_new = account is None
        self._name_field = QLineEdit()
        self._appid_field = QLineEdit()
        self.secret_field = _make_secret_field()
        self._secret_length_label = QLabel()
        self._secret_length_label.setObjectName("secret-length")
        self._secret_length_label.hide()  # an empty label would still take up the layout's spacing
        self._platform_combo = make_choice_combo(tuple(Platform))
        self._endpoint_combo = make_choice_combo(tuple(Endpoint))
        self._endpoint_hint = WrappedLabel("endpoint-hint")
        self._refresh_ahead_spin_box = QSpinBox(maximum=AHEAD_MAX_S, value=STABLE_AHEAD_MAX_S)
        self._js_domains_field = QLineEdit()
        self._card_ticket_check_box = CheckBox()
        self._card_ticket_check_box.setObjectName("card-ticket")
        self._card_ticket_hint = WrappedLabel("card-ticket-hint")
        self._folder_field = QLineEdit()
        self._browse_button = QPushButton(autoDefault=False)
        self.existing_files_label = WrappedLabel("existing-files")
        self.existing_files_label.hide()
        self.export_list = ExportTargetList(formatter, export_statuses)
        self._labelled_fields: dict[str, QWidget] = {  # by object name, from the top
            "name": self._name_field,
            "appid": self._appid_field,
            "secret": self.secret_field,
            "platform": self._platform_combo,
            "endpoint": self._endpoint_combo,
            "refresh-ahead": self._refresh_ahead_spin_box,
            "js-domains": self._js_domains_field,
            "folder": self._folder_field,
            "export-targets": self.export_list,
        }
        self._labels = {name: QLabel() for name in self._labelled_fields}
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
        layouts = {
            "secret": make_row((self.secret_field, 1), self._secret_length_label),
            "folder": make_row((self._folder_field, 1), self._browse_button),
            "export-targets": make_column(self.export_list),
        }
        hints: dict[str, tuple[QWidget, ...]] = {
            "endpoint": (self._endpoint_hint,),
            "js-domains": (self._card_ticket_check_box, self._card_ticket_hint),
            "folder": (self.existing_files_label,),
        }
        rows = FormGrid()
        for name, field in self._labelled_fields.items():
            field.setObjectName(name)
            rows.add_row(self._labels[name], layouts.get(name, field))
            self._labels[name].setBuddy(field)
            for hint in hints.get(name, ()):
                rows.add_below_field(hint)
        rows.setRowStretch(rows.rowCount() - 1, 1)
        self._labels["export-targets"].setBuddy(self.export_list.add_button)
        self.setLayout(rows)
        self._ticket_widgets = (self._labels["js-domains"], self._js_domains_field, *hints["js-domains"])

    def _connect(self) -> None:
        self._appid_field.textEdited.connect(self._on_credentials_edited)
        self.secret_field.textEdited.connect(self._on_credentials_edited)
        self._platform_combo.currentIndexChanged.connect(self._on_platform_changed)
        self._endpoint_combo.currentIndexChanged.connect(self._on_endpoint_changed)
        self._folder_field.textChanged.connect(self.folder_edited)
        self._folder_field.editingFinished.connect(self.folder_selected)
        self._browse_button.clicked.connect(self._on_browse_clicked)
        self.export_list.edited.connect(self.exports_edited)
        self._name_field.textEdited.connect(self.details_edited)
        self._js_domains_field.textEdited.connect(self.details_edited)
        self._refresh_ahead_spin_box.valueChanged.connect(self.details_edited)
        self._platform_combo.currentIndexChanged.connect(self.details_edited)
        self._endpoint_combo.currentIndexChanged.connect(self.details_edited)
        self._card_ticket_check_box.toggled.connect(self.details_edited)

    def retranslate(self) -> None:
        texts = {
            "name": self.tr("Name"),
            "appid": "AppID",
            "secret": "AppSecret",
            "platform": self.tr("Platform"),
            "endpoint": self.tr("Endpoint"),
            "refresh-ahead": self.tr("Refresh ahead"),
            "js-domains": self.tr("JS-safe domains"),
            "folder": self.tr("Folder for .dog files"),
            "export-targets": self.tr("Also write to"),
        }
        for name, field in self._labelled_fields.items():
            set_label(self._labels[name], texts[name], field)
        self._appid_field.setPlaceholderText("wx…")
        self.secret_field.setPlaceholderText(self.tr("32 letters and digits") if self._is_new else self.tr("unchanged"))
        set_item_texts(self._platform_combo, map(self._formatter.messages.platform_name, Platform))
        set_item_texts(self._endpoint_combo, map(self._formatter.messages.endpoint_name, Endpoint))
        self._on_endpoint_changed()
        self._refresh_ahead_spin_box.setSuffix(self.tr(" s"))
        self._js_domains_field.setPlaceholderText("www.example.com shop.example.com")
        self._card_ticket_check_box.setText(self.tr("Card ticket (wx_card)"))
        self._card_ticket_hint.setText(
            self.tr("Only for pages that hand out or choose cards and coupons; most accounts do not need it.")
        )
        self._folder_field.setPlaceholderText(self.tr("the usual folder"))
        self._browse_button.setText(self.tr("Choose…"))
        self.export_list.retranslate()

    # -- entered values ---------------------------------------------------------------------------

    def entered_account(self) -> Account:
        """Return the account that the fields describe; it may be invalid, see `validate_account`."""
        platform = Platform(self._platform_combo.currentData())  # a combo box returns the plain string
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
            exports=self.export_list.targets(),
        )

    def entered_secret(self) -> Secret | None:
        """Return the new secret, or None to keep the stored one."""
        text = self.secret_field.text().strip()
        return Secret(text) if text or self._is_new else None

    def expand_folder(self) -> None:
        """Replace a leading ~ by the home folder, without signalling an edit."""
        folder = self.entered_account().dog_dir or ""
        if self._folder_field.text() != folder:
            with QSignalBlocker(self._folder_field):
                self._folder_field.setText(folder)

    # -- edits by the user ------------------------------------------------------------------------

    @Slot()
    def _on_credentials_edited(self) -> None:
        """Tidy what was pasted and show the length of the secret, which reveals an incomplete paste."""
        pasted_appid = self._appid_field.text()
        appid = read_appid(pasted_appid) if is_complete_appid(pasted_appid) else clean_text(pasted_appid).strip()
        _replace_text(self._appid_field, appid)
        _replace_text(self.secret_field, clean_text(self.secret_field.text()).strip())
        length = len(self.secret_field.text())
        self._secret_length_label.setText(str(length) if length else "")
        self._secret_length_label.setVisible(bool(length))
        self._secret_length_label.setEnabled(looks_like_secret(self.secret_field.text()))
        self.credentials_edited.emit()

    @Slot()
    def _on_platform_changed(self) -> None:
        """Hide the fields about tickets for a mini program, which has none."""
        for widget in self._ticket_widgets:
            widget.setVisible(self._platform_combo.currentData() != Platform.MINI_PROGRAM)

    @Slot()
    def _on_endpoint_changed(self) -> None:
        is_classic = self._endpoint_combo.currentData() == Endpoint.CLASSIC
        self._endpoint_hint.setText(
            self._formatter.messages.classic_warning().text
            if is_classic
            else self.tr("Everybody gets the same token, so your servers keep theirs. Right for nearly all.")
        )
        self._refresh_ahead_spin_box.setMaximum(AHEAD_MAX_S if is_classic else STABLE_AHEAD_MAX_S)

    @Slot()
    def _on_browse_clicked(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, self.tr("Folder for .dog files"), self._folder_field.text())
        if folder:
            self._folder_field.setText(folder)
            self.folder_selected.emit()


def _replace_text(field: QLineEdit, text: str) -> None:
    """Set another text without signalling an edit; an equal one would only move the cursor."""
    if field.text() != text:
        with QSignalBlocker(field):
            field.setText(text)


def _make_secret_field() -> QLineEdit:
    field = QLineEdit(echoMode=QLineEdit.EchoMode.Password)
    field.setInputMethodHints(
        Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhNoPredictiveText | Qt.InputMethodHint.ImhHiddenText
    )
    field.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
    return field
