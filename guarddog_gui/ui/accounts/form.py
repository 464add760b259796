"""Form with the settings of an account."""

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
        self._secret_field = _make_secret_field()
        self._secret_length_label = QLabel()
        self._secret_length_label.hide()  # an empty label would still take up the layout's spacing
        self._platform_combo = _make_combo(tuple(Platform))
        self._endpoint_combo = _make_combo(tuple(Endpoint))
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
        self._existing_files_label = WrappedLabel()
        self._existing_files_label.hide()
        self._export_list = ExportTargetList(formatter, export_statuses)
        self._labels = {name: QLabel() for name in self._labelled_fields()}
        self._name_widgets()
        if account is not None:
            self._fill_fields(account)
        self._lay_out()
        self._connect()
        self._on_platform_changed()
        self._on_endpoint_changed()

    def _labelled_fields(self) -> dict[str, QWidget]:
        """Return the fields with a label by their names, from the top."""
        return {
            "name": self._name_field,
            "appid": self._appid_field,
            "secret": self._secret_field,
            "platform": self._platform_combo,
            "endpoint": self._endpoint_combo,
            "refresh-ahead": self._refresh_ahead_spin_box,
            "js-domains": self._js_domains_field,
            "folder": self._folder_field,
            "export-targets": self._export_list,
        }

    def _name_widgets(self) -> None:
        """Set the object names, which unlike the texts do not depend on the language."""
        for name, widget in (
            *self._labelled_fields().items(),
            ("secret-length", self._secret_length_label),
            ("endpoint-hint", self._endpoint_hint),
            ("card-ticket", self._card_ticket_check_box),
            ("card-ticket-hint", self._card_ticket_hint),
            ("existing-files", self._existing_files_label),
        ):
            widget.setObjectName(name)

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
        exports = QVBoxLayout()
        exports.addWidget(self._export_list)
        labels = self._labels
        self._ticket_widgets = (
            labels["js-domains"],
            self._js_domains_field,
            self._card_ticket_check_box,
            self._card_ticket_hint,
        )
        rows = FormGrid()
        rows.setContentsMargins(0, 0, 0, 0)
        rows.add_row(labels["name"], self._name_field)
        rows.add_row(labels["appid"], self._appid_field)
        rows.add_row(labels["secret"], secret)
        rows.add_row(labels["platform"], self._platform_combo)
        rows.add_row(labels["endpoint"], self._endpoint_combo)
        rows.add_below_field(self._endpoint_hint)
        rows.add_row(labels["refresh-ahead"], self._refresh_ahead_spin_box)
        rows.add_row(labels["js-domains"], self._js_domains_field)
        rows.add_below_field(self._card_ticket_check_box)
        rows.add_below_field(self._card_ticket_hint)
        rows.add_row(labels["folder"], folder)
        rows.add_below_field(self._existing_files_label)
        rows.add_row(labels["export-targets"], exports)
        rows.setRowStretch(rows.rowCount() - 1, 1)
        labels["secret"].setBuddy(self._secret_field)
        labels["folder"].setBuddy(self._folder_field)
        labels["export-targets"].setBuddy(self._export_list.add_button)
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
        """Set all texts in the current language."""
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
        for name, field in self._labelled_fields().items():
            self._labels[name].setText(texts[name])
            field.setAccessibleName(texts[name])
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
            exports=self._export_list.targets(),
        )

    def entered_secret(self) -> Secret | None:
        """Return the new secret, or None to keep the stored one."""
        text = self._secret_field.text().strip()
        return Secret(text) if text or self._is_new else None

    # -- changes from outside ---------------------------------------------------------------------

    def show_existing_files(self, text: str) -> None:
        """Show below the folder field which files the folder already contains."""
        self._existing_files_label.setText(text)
        self._existing_files_label.setVisible(bool(text))

    def scroll_to_existing_files(self, area: FormScrollArea) -> None:
        """Scroll `area`, which contains the form, to the text about existing files."""
        area.scroll_to(self._existing_files_label)

    def update_export_statuses(self, statuses: tuple[ExportStatus, ...]) -> None:
        """Update when the export targets were last written, and their errors."""
        self._export_list.update_statuses(statuses)

    def expand_folder(self) -> None:
        """Replace a leading ~ by the home folder, without signalling an edit."""
        folder = self.entered_account().dog_dir or ""
        if self._folder_field.text() != folder:
            with QSignalBlocker(self._folder_field):
                self._folder_field.setText(folder)

    def focus_secret_field(self) -> None:
        self._secret_field.setFocus()

    def clear_secret_field(self) -> None:
        """Remove the secret from the form once it is stored."""
        self._secret_field.clear()

    # -- edits by the user ------------------------------------------------------------------------

    @Slot()
    def _on_credentials_edited(self) -> None:
        """Strip pasted white space and show the length of the secret, which reveals an incomplete paste."""
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
        """Hide the fields about tickets for a mini program, which has none."""
        for widget in self._ticket_widgets:
            widget.setVisible(self._platform_combo.currentData() != Platform.MINI_PROGRAM)

    @Slot()
    def _on_endpoint_changed(self) -> None:
        is_classic = self._endpoint_combo.currentData() == Endpoint.CLASSIC
        if is_classic:
            self._endpoint_hint.setText(self._formatter.messages.classic_warning().text)
        else:
            self._endpoint_hint.setText(
                self.tr("Everybody gets the same token, so your servers keep theirs. Right for nearly all.")
            )
        self._refresh_ahead_spin_box.setMaximum(AHEAD_MAX_S if is_classic else STABLE_AHEAD_MAX_S)

    @Slot()
    def _on_browse_clicked(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, self.tr("Folder for .dog files"), self._folder_field.text())
        if folder:
            self._folder_field.setText(folder)
            self.folder_selected.emit()


def _make_combo(values: tuple[Platform, ...] | tuple[Endpoint, ...]) -> QComboBox:
    combo = QComboBox()
    for value in values:
        combo.addItem("", value)
    return combo


def _make_secret_field() -> QLineEdit:
    field = QLineEdit()
    field.setEchoMode(QLineEdit.EchoMode.Password)
    field.setInputMethodHints(
        Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhNoPredictiveText | Qt.InputMethodHint.ImhHiddenText
    )
    field.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
    return field
