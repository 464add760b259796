"""Form with the settings by which an account is shared: role, Redis, password, certificate, keys."""

import os
from collections.abc import Callable

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFileDialog, QLineEdit, QPushButton, QWidget

from guarddog_gui.domain.accounts.account import Account, Secret
from guarddog_gui.domain.accounts.pasted_appid import read_appid
from guarddog_gui.domain.paste.layers import clean_text
from guarddog_gui.domain.sharing.redis_url import parse_redis_url, take_password
from guarddog_gui.domain.sharing.settings import Sharing, SharingRole
from guarddog_gui.ui.accounts.paste_fields import PasteField, SecretField
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.sharing.key_names_field import KeyNamesField
from guarddog_gui.ui.sharing.preview_view import PreviewView
from guarddog_gui.ui.widgets.controls.chips import ChipBar
from guarddog_gui.ui.widgets.controls.labelled_field import LabelledField
from guarddog_gui.ui.widgets.layouts import STRETCH, make_column, make_row
from guarddog_gui.ui.widgets.text.message_view import MessageView

ROLES = (SharingRole.LEADER, SharingRole.FOLLOWER)


class ShareForm(QWidget):
    """Form that converts between `Sharing` and its fields. The password exists only in its field and in a `Secret`."""

    connection_edited = Signal()  # address, password or certificate
    keys_edited = Signal()  # what is read or written there

    def __init__(self, formatter: Formatter, account: Account | None) -> None:
        """Create a form for an account of the list; None for a new one, which can only follow."""
        super().__init__()
        self._formatter = formatter
        self._account = account
        self._errors: dict[str, Callable[[], str]] = {}  # by the names of their fields
        self.appid_field, self.name_field = QLineEdit(), QLineEdit()
        self._role_chips = ChipBar(ROLES)
        self.url_field, self.password_field = PasteField(), SecretField()
        self.ca_field, self._browse_button = QLineEdit(), QPushButton()
        self.keys_field = KeyNamesField()
        self.message_view = MessageView(formatter.icons)
        self.preview_view = PreviewView(formatter)
        self.fields = {
            "appid": LabelledField("appid", self.appid_field),
            "name": LabelledField("name", self.name_field),
            "role": LabelledField("role", self._role_chips, make_row(self._role_chips, STRETCH)),
            "url": LabelledField("url", self.url_field),
            "password": LabelledField("password", self.password_field),
            "ca-file": LabelledField("ca-file", self.ca_field, make_row((self.ca_field, 1), self._browse_button)),
            "keys": LabelledField("keys", self.keys_field),
        }
        self._fill()
        self._lay_out()
        self._connect()
        self._show_ca_field()

    def _fill(self) -> None:
        sharing = self._account.sharing if self._account is not None else None
        if sharing is not None:
            self._role_chips.set_value(sharing.role)
            self.url_field.setText(sharing.url)
            self.ca_field.setText(sharing.ca_file)
            self.keys_field.fill(sharing.formats)
        if self._account is None:
            self._role_chips.set_value(SharingRole.FOLLOWER)

    def _lay_out(self) -> None:
        fields, is_new = self.fields, self._account is None
        for name in ("appid", "name"):
            fields[name].setVisible(is_new)
        fields["role"].setVisible(not is_new)
        account_row = QWidget()
        account_row.setLayout(make_row((fields["appid"], 1), (fields["name"], 1), spacing=12))
        account_row.setVisible(is_new)
        column = make_column(
            account_row,
            fields["role"],
            fields["url"],
            fields["password"],
            fields["ca-file"],
            fields["keys"],
            self.message_view,
            self.preview_view,
            spacing=14,
        )
        self.setLayout(column)

    def _connect(self) -> None:
        self.appid_field.textEdited.connect(self._on_appid_edited)
        self.name_field.textEdited.connect(self._on_name_edited)
        self._role_chips.value_changed.connect(self._on_role_chosen)
        self.url_field.textEdited.connect(self._on_url_edited)
        self.url_field.pasted.connect(self._on_url_pasted)
        self.password_field.textEdited.connect(self._on_password_edited)
        self.password_field.pasted.connect(self._on_password_pasted)
        self.ca_field.textEdited.connect(self._on_ca_edited)
        self._browse_button.clicked.connect(self._on_browse_clicked)
        self.keys_field.edited.connect(self._on_keys_edited)

    # -- entered values ---------------------------------------------------------------------------

    @property
    def role(self) -> SharingRole:
        return SharingRole(self._role_chips.value)

    def entered_account(self) -> Account:
        """Return the account to be shared; a new one has no AppSecret and is named by its AppID at least."""
        if self._account is not None:
            return self._account
        appid = read_appid(self.appid_field.text())
        return Account(appid, self.name_field.text().strip() or appid)

    def entered_sharing(self) -> Sharing:
        """Return the settings; they may be invalid, which `SharingService` finds out."""
        ca_file = os.path.expanduser(self.ca_field.text().strip()) if self.has_tls else ""  # noqa: PTH111 - a text
        return Sharing(self.role, self.url_field.text().strip(), ca_file, self.keys_field.formats)

    def entered_password(self) -> Secret | None:
        """Return the password; None keeps the stored one, which is sent to the same address only."""
        text = self.password_field.text()
        return Secret(text) if text else None

    @property
    def has_tls(self) -> bool:
        address = parse_redis_url(self.url_field.text().strip())
        return address is not None and address.uses_tls

    # -- texts --------------------------------------------------------------------------------------

    def retranslate(self) -> None:
        is_stored = self._account is not None and self._account.sharing is not None
        self.fields["appid"].set_label("AppID")
        self.fields["name"].set_label(self.tr("Name"))
        self.fields["role"].set_label(self.tr("Role of this computer"))
        self.fields["url"].set_label(self.tr("Address of Redis"))
        self.fields["password"].set_label(self.tr("Password of Redis"))
        self.fields["ca-file"].set_label(self.tr("Certificate of the authority"))
        self.appid_field.setPlaceholderText("wx…")
        self._role_chips.set_texts((self.tr("Leader"), self.tr("Follower")))
        self._role_chips.set_accessible_name(self.tr("Role of this computer"))
        self.url_field.setPlaceholderText("rediss://user@redis.example.com")
        self.fields["url"].set_hint(
            self.tr("Or redis:// without TLS, unix:///path, redis+sentinel://…, redis+cluster://…")
        )
        self.password_field.setPlaceholderText(self.tr("unchanged") if is_stored else self.tr("none"))
        self.fields["password"].set_hint(self.tr("Kept in the keyring of this computer, nowhere else."))
        self.ca_field.setPlaceholderText(self.tr("Default: those that the system trusts"))
        self._browse_button.setText(self.tr("Choose…"))
        self.keys_field.retranslate()
        self.message_view.retranslate()
        self.preview_view.retranslate()
        self._show_role()
        for name, make_text in self._errors.items():
            self.fields[name].set_error(make_text())

    def _show_role(self) -> None:
        is_follower = self.role is SharingRole.FOLLOWER
        self.fields["role"].set_hint(
            self.tr("Only reads: it never asks WeChat, and needs no AppSecret.")
            if is_follower
            else self.tr("Asks WeChat when a value is due, and writes it for all. Several computers may lead.")
        )
        self.fields["keys"].set_label(
            self.tr("Read the keys that a program of yours keeps, in place of Guard Dog's own")
            if is_follower
            else self.tr("Also write the keys that programs of yours read")
        )
        hint = self.tr("Empty names are the usual ones. {placeholder} stands for the AppID.")
        self.fields["keys"].set_hint(hint.format(placeholder="{appid}") if self.keys_field.formats else "")

    def show_error(self, name: str, make_text: Callable[[], str]) -> None:
        """Show what is wrong with a field; `make_text` is called again for another language."""
        self._errors[name] = make_text
        self.fields[name].set_error(make_text())

    def clear_error(self, name: str) -> None:
        self._errors.pop(name, None)
        self.fields[name].set_error("")

    def clear_errors(self) -> None:
        for name in self.fields:
            self.clear_error(name)

    def _show_ca_field(self) -> None:
        self.fields["ca-file"].setVisible(self.has_tls)

    # -- edits by the user ------------------------------------------------------------------------

    @Slot()
    def _on_appid_edited(self) -> None:
        self.clear_error("appid")
        self.keys_edited.emit()

    @Slot()
    def _on_name_edited(self) -> None:
        self.clear_error("name")

    @Slot()
    def _on_role_chosen(self) -> None:
        self.clear_error("role")
        self._show_role()
        self.keys_edited.emit()

    @Slot(str)
    def _on_url_pasted(self, text: str) -> None:
        """Insert a pasted address; a whole one replaces the old one, and its password goes into its field."""
        pasted = clean_text(text).strip()
        if parse_redis_url(pasted) is None:
            self.url_field.insert(pasted)
        else:
            url, password = take_password(pasted)
            self.url_field.setText(url)
            if password:
                self.password_field.setText(password)
        self._on_url_edited()

    @Slot()
    def _on_url_edited(self) -> None:
        self.clear_error("url")
        self._show_ca_field()
        self.connection_edited.emit()

    @Slot(str)
    def _on_password_pasted(self, text: str) -> None:
        self.password_field.insert(text.strip("\r\n"))
        self._on_password_edited()

    @Slot()
    def _on_password_edited(self) -> None:
        self.clear_error("password")
        self.connection_edited.emit()

    @Slot()
    def _on_ca_edited(self) -> None:
        self.clear_error("ca-file")
        self.connection_edited.emit()

    @Slot()
    def _on_browse_clicked(self) -> None:
        filter_text = self.tr("Certificates (*.pem *.crt *.cer);;All files (*)")
        path, _ = QFileDialog.getOpenFileName(
            self, self.tr("Certificate of the authority"), self.ca_field.text(), filter_text
        )
        if path:
            self.ca_field.setText(path)
            self._on_ca_edited()

    @Slot()
    def _on_keys_edited(self) -> None:
        self.clear_error("keys")
        self._show_role()
        self.keys_edited.emit()
