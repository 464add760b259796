"""Dialog that signs the parameters of `wx.addCard` or `wx.chooseCard`."""

import json
from secrets import token_hex

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtWidgets import QComboBox, QDialogButtonBox, QLabel, QLineEdit, QPushButton, QWidget

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.runtime.signing import SigningController
from guarddog_gui.services.calls.refresh_request import RefreshResult
from guarddog_gui.services.messages.signing.signatures import not_signed_message
from guarddog_gui.services.signing import CardChoiceRequest, CardExtRequest, NoLiveTicket, SignedCard
from guarddog_gui.ui.dialogs.auto_height_dialog import AutoHeightDialog
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.widgets.layouts import FormGrid, make_column, set_label
from guarddog_gui.ui.widgets.text.code_view import CodeFrame, CodeView
from guarddog_gui.ui.widgets.text.plain_text import button_box_without_icons, make_plain_label

ADD_CARD, CHOOSE_CARD = "addCard", "chooseCard"


class CardDialog(AutoHeightDialog):
    """Dialog that signs while the user types, for an account with a card ticket, and shows the JSON to copy."""

    copy_requested = Signal(str, str)  # text to copy and its name

    def __init__(
        self, signing: SigningController, formatter: Formatter, account: Account, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._signing = signing
        self._formatter = formatter
        self._account = account
        self._nonce = token_hex(8)
        self._call_combo = QComboBox()
        for call in (ADD_CARD, CHOOSE_CARD):
            self._call_combo.addItem(f"wx.{call}", call)
        self._call_label = QLabel()
        self._fields = {name: (QLabel(), QLineEdit()) for name in ("card_id", "code", "openid", "type", "shop")}
        self._message_label = make_plain_label("card-message")
        self._result_view = CodeView()
        self._copy_button = QPushButton(default=True)
        self._button_box = button_box_without_icons(QDialogButtonBox.StandardButton.Close)
        self._button_box.addButton(self._copy_button, QDialogButtonBox.ButtonRole.ActionRole)
        rows = FormGrid()
        rows.add_row(self._call_label, self._call_combo)
        for label, field in self._fields.values():
            rows.add_row(label, field)
            field.textChanged.connect(self.sign)
        code = CodeFrame(self._result_view)
        self.setLayout(make_column(rows, self._message_label, (code, 1), self._button_box, margin=24))
        self._call_combo.currentIndexChanged.connect(self._on_call_changed)
        self._copy_button.clicked.connect(self._on_copy_clicked)
        self._button_box.rejected.connect(self.reject)
        signing.ticket_refreshed.connect(self._on_ticket_refreshed)
        self.setMinimumSize(480, 360)
        self.retranslate()
        self._on_call_changed()
        # Sign again when the dialog is visible: only then is a missing ticket requested.
        QTimer.singleShot(0, self, self.sign)

    def retranslate(self) -> None:
        self.setWindowTitle(self.tr("Sign a card for {name}").format(name=self._account.name))
        set_label(self._call_label, self.tr("For"), self._call_combo)
        names = {
            "card_id": "card_id",
            "code": self.tr("code, if one is given out"),
            "openid": self.tr("openid, if only one person may take it"),
            "type": self.tr("Kind of card, such as GROUPON"),
            "shop": self.tr("Shop"),
        }
        for name, (label, field) in self._fields.items():
            set_label(label, names[name], field)
        self._result_view.setAccessibleName(self.tr("The result"))
        self._copy_button.setText(self.tr("Copy"))
        self._button_box.button(QDialogButtonBox.StandardButton.Close).setText(self.tr("Close"))
        self.sign()

    @Slot()
    def _on_call_changed(self) -> None:
        """Show the fields of the selected call. `card_id` belongs to both, and is optional for chooseCard."""
        is_add_card = self._call_combo.currentData() == ADD_CARD
        for name, (label, field) in self._fields.items():
            is_visible = name == "card_id" or (name in ("code", "openid")) is is_add_card
            label.setVisible(is_visible)
            field.setVisible(is_visible)
        self.sign()

    def _build_request(self) -> CardExtRequest | CardChoiceRequest:
        values = {name: field.text().strip() for name, (_, field) in self._fields.items()}
        if self._call_combo.currentData() == ADD_CARD:
            return CardExtRequest(values["card_id"], self._nonce, None, values["code"], values["openid"])
        return CardChoiceRequest(self._nonce, None, values["shop"], values["card_id"], values["type"])

    @Slot()
    def sign(self) -> None:
        result = self._signing.sign_card(self._account, self._build_request())
        self._copy_button.setEnabled(isinstance(result, SignedCard))
        if isinstance(result, SignedCard):
            self._message_label.clear()
            self._result_view.show_code(json.dumps(result.fields, ensure_ascii=False, indent=2))
            return
        self._result_view.clear()
        self._message_label.setText(not_signed_message(result, self._account, self._formatter.messages).text)
        if isinstance(result, NoLiveTicket) and self.isVisible():
            self._signing.ensure_fresh_ticket(self._account.appid, TokenKind.CARD_TICKET)

    @Slot(str, object)
    def _on_ticket_refreshed(self, appid: str, result: RefreshResult) -> None:
        if appid != self._account.appid:
            return
        if result.is_success:
            self.sign()
        else:
            message = self._formatter.messages.for_refresh_result(result, platform=self._account.platform)
            self._message_label.setText(message.text)

    @Slot()
    def _on_copy_clicked(self) -> None:
        name = "cardExt" if self._call_combo.currentData() == ADD_CARD else CHOOSE_CARD
        self.copy_requested.emit(self._result_view.toPlainText(), name)
        self._nonce = token_hex(8)  # use a nonce for one card only
