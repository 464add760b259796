"""Signs what a page hands to addCard or chooseCard, while somebody types."""

import json
from secrets import token_hex

from PySide6.QtCore import QEvent, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import (
    QComboBox,
    QDialogButtonBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.runtime.signing import SigningDesk
from guarddog_gui.services.card_signing import CardChoiceWish, CardExtWish, SignedCard
from guarddog_gui.services.messages.signing import not_signed
from guarddog_gui.services.refresh import Outcome
from guarddog_gui.services.signing import NoTicket
from guarddog_gui.ui.formatter import Voice
from guarddog_gui.ui.widgets.auto_height_dialog import WrappingDialog
from guarddog_gui.ui.widgets.form_grid import FormRows
from guarddog_gui.ui.widgets.plain_text import plain_buttons

ADD, CHOOSE = "addCard", "chooseCard"


class CardDialog(WrappingDialog):
    """For an account that keeps a card ticket. What comes out is JSON, to be copied."""

    copy_wanted = Signal(str, str)  # text and its name

    def __init__(
        self, desk: SigningDesk, voice: Voice, account: Account, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._desk = desk
        self._voice = voice
        self._signing = account
        self._nonce = token_hex(8)
        self._call = QComboBox()
        for call in (ADD, CHOOSE):
            self._call.addItem(f"wx.{call}", call)
        self._call_label = QLabel()
        self._fields = {
            name: (QLabel(), QLineEdit()) for name in ("card_id", "code", "openid", "type", "shop")
        }
        self._said = QLabel()
        self._said.setTextFormat(Qt.TextFormat.PlainText)
        self._said.setWordWrap(True)
        self._result = QPlainTextEdit()
        self._result.setReadOnly(True)
        self._result.setTabChangesFocus(True)
        self._result.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self._copy = QPushButton()
        self._copy.setDefault(True)
        self._buttons = plain_buttons(QDialogButtonBox.StandardButton.Close)
        self._buttons.addButton(self._copy, QDialogButtonBox.ButtonRole.ActionRole)
        self._lay_out()
        self._call.currentIndexChanged.connect(self._on_call)
        for _, field in self._fields.values():
            field.textChanged.connect(self.sign)
        self._copy.clicked.connect(self._on_copy)
        self._buttons.rejected.connect(self.reject)
        desk.ticket_came.connect(self._on_ticket)
        self.setMinimumSize(480, 360)
        self.retranslate()
        self._on_call()
        # a ticket that is on its way is told of once the caller has shown us
        QTimer.singleShot(0, self, self.sign)

    def _lay_out(self) -> None:
        rows = FormRows()
        rows.add(self._call_label, self._call)
        for label, field in self._fields.values():
            rows.add(label, field)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(8)
        layout.addLayout(rows)
        layout.addWidget(self._said)
        layout.addWidget(self._result, 1)
        layout.addWidget(self._buttons)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def retranslate(self) -> None:
        """Say everything again in the language of now."""
        self.setWindowTitle(self.tr("Sign a card for {name}").format(name=self._signing.name))
        self._call_label.setText(self.tr("For"))
        self._call.setAccessibleName(self.tr("For"))
        names = {
            "card_id": "card_id",
            "code": self.tr("code, if one is given out"),
            "openid": self.tr("openid, if only one person may take it"),
            "type": self.tr("Kind of card, such as GROUPON"),
            "shop": self.tr("Shop"),
        }
        for name, (label, field) in self._fields.items():
            label.setText(names[name])
            field.setAccessibleName(names[name])
        self._result.setAccessibleName(self.tr("The result"))
        self._copy.setText(self.tr("Copy"))
        self._buttons.button(QDialogButtonBox.StandardButton.Close).setText(self.tr("Close"))
        self.sign()

    @Slot()
    def _on_call(self) -> None:
        """Each call has fields of its own; the card is optional for chooseCard."""
        adds = self._call.currentData() == ADD
        for name, (label, field) in self._fields.items():
            shown = name == "card_id" or (name in ("code", "openid")) is adds
            label.setVisible(shown)
            field.setVisible(shown)
        self.sign()

    def _wish(self) -> CardExtWish | CardChoiceWish:
        typed = {name: field.text().strip() for name, (_, field) in self._fields.items()}
        if self._call.currentData() == ADD:
            return CardExtWish(typed["card_id"], self._nonce, None, typed["code"], typed["openid"])
        return CardChoiceWish(self._nonce, None, typed["shop"], typed["card_id"], typed["type"])

    @Slot()
    def sign(self) -> None:
        """Sign what the fields say now, or say what is in the way."""
        signed = self._desk.sign_card(self._signing, self._wish())
        self._copy.setEnabled(isinstance(signed, SignedCard))
        if isinstance(signed, SignedCard):
            self._said.clear()
            self._result.setPlainText(json.dumps(signed.fields, ensure_ascii=False, indent=2))
            return
        self._result.clear()
        self._said.setText(not_signed(signed, self._signing, self._voice.sentences).text)
        if isinstance(signed, NoTicket) and self.isVisible():
            self._desk.want_ticket(self._signing.appid, TokenKind.CARD_TICKET)

    @Slot(str, object)
    def _on_ticket(self, appid: str, outcome: Outcome) -> None:
        if appid != self._signing.appid:
            return
        if outcome.is_good:
            self.sign()
        else:
            self._said.setText(self._voice.sentences.outcome(outcome).text)

    @Slot()
    def _on_copy(self) -> None:
        name = "cardExt" if self._call.currentData() == ADD else CHOOSE
        self.copy_wanted.emit(self._result.toPlainText(), name)
        self._nonce = token_hex(8)  # the next card gets another one
