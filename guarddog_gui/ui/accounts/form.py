"""Form with the settings of an account: what everybody fills in, and the rest below "Advanced"."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QSignalBlocker, Signal, Slot
from PySide6.QtWidgets import QLineEdit, QPushButton, QWidget

from guarddog_gui.domain.accounts.account import (
    Account,
    Environment,
    Platform,
    Secret,
    looks_like_secret,
    secret_problem,
    validate_account,
)
from guarddog_gui.domain.accounts.pasted_appid import is_complete_appid, read_appid
from guarddog_gui.domain.accounts.project import FoundAccount
from guarddog_gui.domain.accounts.route import password_problem
from guarddog_gui.domain.errors import BadInput
from guarddog_gui.domain.exports.reports import ExportStatus
from guarddog_gui.domain.paste.layers import clean_text
from guarddog_gui.domain.problems import InputProblem
from guarddog_gui.ui.accounts.advanced_fields import AdvancedFields
from guarddog_gui.ui.accounts.field_problems import field_problem
from guarddog_gui.ui.accounts.paste_fields import PasteField, SecretField
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.style.button_kind import ButtonKind, set_kind
from guarddog_gui.ui.widgets.controls.chips import ChipBar
from guarddog_gui.ui.widgets.controls.labelled_field import LabelledField
from guarddog_gui.ui.widgets.layouts import STRETCH, make_column, make_row
from guarddog_gui.ui.widgets.text.message_view import MessageView

SECRET_LENGTH = 32


class AccountForm(QWidget):
    """Form that converts between an `Account` and its fields, and signals what the user edits.

    It calls neither WeChat nor the stores. The secret exists only in its line edit and in a `Secret`;
    it is never displayed, logged or copied to the clipboard.
    """

    credentials_edited = Signal()
    other_value_pasted = Signal(str, object)  # name of the field, BadInput: what was pasted does not belong there
    details_edited = Signal(str)  # any other field but those of `advanced`, with its object name

    def __init__(
        self,
        formatter: Formatter,
        account: Account | None = None,
        export_statuses: tuple[ExportStatus, ...] = (),
        groups: tuple[str, ...] = (),
    ) -> None:
        """Create a form for `account`, or for a new account. `retranslate` sets its texts."""
        super().__init__()
        self._formatter = formatter
        self._is_new = account is None
        self._sharing = account.sharing if account is not None else None
        self._is_platform_known = account is not None
        self._is_secret_from_source = False
        self._errors: dict[str, BadInput | None] = {}  # by the names of their fields
        self.appid_field = PasteField()
        self.secret_field = SecretField()
        self._name_field = QLineEdit()
        self._environment_chips = ChipBar(tuple(Environment))
        self.message_view = MessageView(formatter.icons)
        self.project_view = MessageView(formatter.icons, "project")
        self._advanced_button = QPushButton()
        set_kind(self._advanced_button, ButtonKind.FLAT)
        self.advanced = AdvancedFields(formatter, groups, export_statuses)
        self.advanced.hide()
        self.fields: dict[str, LabelledField] = {
            "appid": LabelledField("appid", self.appid_field),
            "secret": LabelledField("secret", self.secret_field),
            "name": LabelledField("name", self._name_field),
            "environment": LabelledField("environment", self._environment_chips),
            **self.advanced.fields,
        }
        if account is not None:
            self._fill(account)
        self._lay_out()
        self._connect()

    def _fill(self, account: Account) -> None:
        self.appid_field.setText(account.appid)
        self.appid_field.setReadOnly(True)
        self._name_field.setText(account.name)
        self._environment_chips.set_value(account.environment)
        self.advanced.fill(account)

    def _lay_out(self) -> None:
        fields = self.fields
        column = make_column(
            self.project_view,
            fields["appid"],
            fields["secret"],
            make_row((fields["name"], 1), fields["environment"], spacing=12),
            self.message_view,
            make_row(self._advanced_button, STRETCH),
            (self.advanced, 1),
            spacing=14,
        )
        self.setLayout(column)

    def _connect(self) -> None:
        self.appid_field.textEdited.connect(self._on_credentials_edited)
        self.secret_field.textEdited.connect(self._on_credentials_edited)
        self.secret_field.textChanged.connect(self._show_secret_notes)
        self.appid_field.pasted.connect(self._on_pasted)
        self.secret_field.pasted.connect(self._on_pasted)
        self._name_field.textEdited.connect(self._on_name_edited)
        self._environment_chips.value_changed.connect(self._on_environment_chosen)
        self._advanced_button.clicked.connect(self._on_advanced_clicked)

    def retranslate(self) -> None:
        self.fields["appid"].set_label("AppID")
        self.fields["secret"].set_label("AppSecret")
        self.fields["name"].set_label(self.tr("Name"))
        self.fields["environment"].set_label(self.tr("Environment"))
        names = tuple(map(self._formatter.environment_name, Environment))
        self._environment_chips.set_texts(names)
        self._environment_chips.set_accessible_name(self.tr("Environment"))
        self.appid_field.setPlaceholderText("wx…")
        kept = self.tr("none") if self._is_follower else self.tr("unchanged")
        self.secret_field.setPlaceholderText(self.tr("32 letters and digits") if self._is_new else kept)
        self.advanced.retranslate()
        self.message_view.retranslate()
        self.project_view.retranslate()
        for name, error in self._errors.items():
            self.show_error(name, error)
        self._show_advanced_text()
        self._show_secret_notes()
        self.show_platform(is_accepted=False)

    @property
    def _is_follower(self) -> bool:
        return self._sharing is not None and self._sharing.is_follower

    # -- entered values ---------------------------------------------------------------------------

    def entered_account(self) -> Account:
        """Return the account that the fields describe; it may be invalid, see `validate_account`."""
        appid = self.appid_field.text().strip()
        return Account(
            appid=appid,
            name=self._name_field.text().strip() or appid,
            environment=Environment(self._environment_chips.value),
            sharing=self._sharing,
            **self.advanced.entered(),  # type: ignore[arg-type]  # as named in `Account`
        )

    def entered_secret(self) -> Secret | None:
        """Return the new secret, or None to keep the stored one."""
        text = self.secret_field.text().strip()
        return Secret(text) if text or self._is_new else None

    def entered_proxy_password(self) -> Secret | None:
        """Return the new password of the proxy, or None to keep the stored one."""
        return self.advanced.route_fields.entered_password()

    def entered_credentials(self) -> tuple[Account, Secret | None, Secret | None]:
        """Return the account, its AppSecret and the password of its proxy."""
        return self.entered_account(), self.entered_secret(), self.entered_proxy_password()

    def clear_secrets(self) -> None:
        self.secret_field.clear()
        self.advanced.route_fields.clear_password()

    def fill_in(self, appid: str, secret: str, name: str = "", platform: Platform | None = None) -> None:
        """Fill in what was found elsewhere; empty values leave their fields as they are."""
        if appid and not self.appid_field.isReadOnly():
            self.appid_field.setText(appid)
        if secret:
            self.secret_field.setText(secret)
        if name and not self._name_field.text().strip():
            self._name_field.setText(name)
        if platform is not None and self._is_new:
            self._is_platform_known = True
            self.advanced.set_platform(platform)
        self._on_credentials_edited()

    def fill_in_found(self, account: FoundAccount, dog_folders: tuple[str, ...]) -> None:
        """Fill in an account that was found in a project; its only `.dog` folder becomes that of the account."""
        self._is_secret_from_source = bool(account.secret)
        platform = None if account.is_mini_program is None else _platform(is_mini_program=account.is_mini_program)
        if len(dog_folders) == 1:
            self.advanced.folder_field.setText(dog_folders[0])
            self.set_advanced_visible(visible=True)
        self.fill_in(account.appid, account.secret, account.name, platform)
        self.advanced.folder_selected.emit()

    # -- errors -----------------------------------------------------------------------------------

    def field_error(self, name: str, *, is_known: bool) -> BadInput | None:
        """Return what is wrong with a field as it is filled in so far; `is_known`: there is such an account."""
        error = field_problem(name, self.entered_account(), self.entered_secret())
        return BadInput(InputProblem.ACCOUNT_EXISTS) if name == "appid" and error is None and is_known else error

    def first_error(self, *, is_known: bool) -> BadInput | None:
        """Return why the account cannot be saved, or None if it can."""
        if is_known:
            return BadInput(InputProblem.ACCOUNT_EXISTS)
        error, secret = validate_account(self.entered_account()), self.entered_secret()
        if error is None and secret is not None and (problem := secret_problem(secret.reveal())) is not None:
            error = BadInput(problem)
        password = self.entered_proxy_password()
        if error is None and password is not None and (problem := password_problem(password.reveal())) is not None:
            error = BadInput(problem)
        return error

    # -- texts at the fields ----------------------------------------------------------------------

    def show_error(self, name: str, error: BadInput | None) -> None:
        self._errors[name] = error
        self.fields[name].set_error(self._formatter.messages.for_bad_input(error).text if error is not None else "")

    def expand_to(self, name: str) -> QWidget:
        """Unfold the part of the form that has this field, give the field the keyboard, and return it."""
        if name in self.advanced.fields:
            self.set_advanced_visible(visible=True)
        field = self.fields[name]
        field.field.setFocus()
        return field

    def show_default_folder(self, folder_of: Callable[[str], str]) -> None:
        folder, home = folder_of(self.appid_field.text().strip() or "…"), str(Path.home())
        self.advanced.set_default_folder(folder.replace(home, "~", 1) if folder.startswith(home) else folder)

    def set_advanced_visible(self, *, visible: bool) -> None:
        self.advanced.setVisible(visible)
        self._show_advanced_text()

    def show_platform(self, *, is_accepted: bool) -> None:
        """Show the kind of the account beside its AppID, once it is known or WeChat has accepted the AppID."""
        name = self._formatter.messages.platform_name(self.advanced.platform)
        self.fields["appid"].set_note(f"✓ {name}" if is_accepted or self._is_platform_known else "")

    def _show_advanced_text(self) -> None:
        text = (
            self.tr("Advanced")
            if not self.advanced.isHidden()
            else self.tr("Advanced: stable_token, JS-safe domains, proxy, .dog folder, also write to…")
        )
        self._advanced_button.setText(f"{'▸' if self.advanced.isHidden() else '▾'}  {text}")
        self._advanced_button.setAccessibleName(text)

    @Slot()
    def _show_secret_notes(self) -> None:
        field, length = self.fields["secret"], len(self.secret_field.text())
        field.set_note(f"{length} / {SECRET_LENGTH}" if length else "")
        field.note.setEnabled(looks_like_secret(self.secret_field.text()))
        if self._is_secret_from_source and length:
            hint = self.tr(
                "Kept in the keyring. It also stands readable in the text you pasted: remove it there, because "
                "whoever reads that file can act as this account."
            )
        elif self._is_follower:
            hint = self.tr("A follower needs none. Enter it before this computer becomes a leader.")
        else:
            hint = self.tr("Kept in the keyring of this computer, nowhere else.")
        field.set_hint(hint)

    # -- edits by the user ------------------------------------------------------------------------

    @Slot(str)
    def _on_pasted(self, text: str) -> None:
        """Fill in both fields from a text that has both values, else insert it where it was pasted."""
        from guarddog_gui.domain.accounts.pasted_credentials import read_credentials  # takes 6 ms, at the first paste
        from guarddog_gui.domain.paste.other_tokens import find_other_token

        field = self.sender()
        assert isinstance(field, QLineEdit)  # noqa: S101 - the signal has only these two senders
        found = read_credentials(text)
        known = self.appid_field.text().strip().lower()
        if self.appid_field.isReadOnly() and found.appid and found.appid != known:
            self.other_value_pasted.emit("secret", BadInput(InputProblem.SECRET_OF_OTHER_ACCOUNT, found.appid))
            return
        if not found.secret and (other_token := find_other_token(text)) is not None:
            name = "appid" if field is self.appid_field else "secret"
            self.other_value_pasted.emit(name, BadInput(other_token))
            return
        if not (found.appid or found.secret):
            field.insert(clean_text(text).strip())
            self._on_credentials_edited()
            return
        if found.appid and known not in ("", found.appid) and not found.secret:
            self.secret_field.clear()  # it is the secret of the account that was there before
        self._is_secret_from_source = found.is_from_source if found.secret else self._is_secret_from_source
        platform = None if found.is_mini_program is None else _platform(is_mini_program=found.is_mini_program)
        self.fill_in(found.appid, found.secret, found.name, platform)

    @Slot()
    def _on_credentials_edited(self) -> None:
        """Tidy what was entered and show the length of the secret, which reveals an incomplete one."""
        entered = self.appid_field.text()
        appid = read_appid(entered) if is_complete_appid(entered) else clean_text(entered).strip()
        _replace_text(self.appid_field, appid)
        _replace_text(self.secret_field, clean_text(self.secret_field.text()).strip())
        self._is_secret_from_source = self._is_secret_from_source and bool(self.secret_field.text())
        self._show_secret_notes()
        self.show_platform(is_accepted=False)
        self.credentials_edited.emit()

    @Slot()
    def _on_name_edited(self) -> None:
        self.details_edited.emit("name")

    @Slot()
    def _on_environment_chosen(self) -> None:
        self.details_edited.emit("environment")

    @Slot()
    def _on_advanced_clicked(self) -> None:
        self.set_advanced_visible(visible=self.advanced.isHidden())


def _platform(*, is_mini_program: bool) -> Platform:
    return Platform.MINI_PROGRAM if is_mini_program else Platform.OFFICIAL


def _replace_text(field: QLineEdit, text: str) -> None:
    """Set another text without signalling an edit; an equal one would only move the cursor."""
    if field.text() != text:
        with QSignalBlocker(field):
            field.setText(text)
