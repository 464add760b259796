"""Fields for the way of an account's calls to WeChat: the API host, the proxy, and the password of the proxy."""

import re

from PySide6.QtCore import QSignalBlocker, Signal, Slot
from PySide6.QtWidgets import QLineEdit, QWidget

from guarddog_gui.domain.accounts.account import Account, Secret
from guarddog_gui.domain.accounts.route import has_login, parse_api_host, split_proxy
from guarddog_gui.domain.errors import BadInput
from guarddog_gui.domain.wechat.protocol import DEFAULT_API_BASE
from guarddog_gui.ui.accounts.paste_fields import SecretField
from guarddog_gui.ui.widgets.controls.labelled_field import LabelledField
from guarddog_gui.ui.widgets.layouts import make_column


class RouteFields(QWidget):
    """Fields that most accounts leave empty.

    A password that was typed or pasted in the address of the proxy moves to the field for it, which shows dots.
    """

    edited = Signal()
    left = Signal(str)  # name of the field that has lost the focus

    def __init__(self) -> None:
        super().__init__()
        self._stored_proxy = ""
        self._host_field = QLineEdit()
        self._proxy_field = QLineEdit()
        self._password_field = SecretField()
        self.fields = {
            "api-host": LabelledField("api-host", self._host_field),
            "proxy": LabelledField("proxy", self._proxy_field),
            "proxy-password": LabelledField("proxy-password", self._password_field),
        }
        self.setLayout(make_column(*self.fields.values(), spacing=12))
        self._host_field.textEdited.connect(self.edited)
        self._proxy_field.textEdited.connect(self._on_proxy_edited)
        self._password_field.textEdited.connect(self.edited)
        self._password_field.pasted.connect(self._on_password_pasted)
        self._host_field.editingFinished.connect(self._on_host_left)
        self._proxy_field.editingFinished.connect(self._on_proxy_left)
        self._show_password_field()

    def fill(self, account: Account) -> None:
        self._stored_proxy = account.proxy
        self._host_field.setText(account.api_base)
        self._proxy_field.setText(account.proxy)
        self._show_password_field()

    def entered(self) -> dict[str, str]:
        """Return the values by the names that `Account` has for them; they may be invalid, but have no password."""
        host, proxy = self._host_field.text(), self._proxy_field.text()
        try:
            host = parse_api_host(host)
        except BadInput:
            host = host.strip()
        try:
            proxy = split_proxy(proxy)[0]
        except BadInput:
            proxy = re.sub(r"//.*@|^[^/]*@", "//x@", proxy.strip())
        return {"api_base": host, "proxy": proxy}

    def entered_password(self) -> Secret | None:
        """Return the new password of the proxy; None keeps the stored one."""
        if not has_login(self.entered()["proxy"]):
            return None
        try:
            in_address = split_proxy(self._proxy_field.text())[1]
        except BadInput:
            in_address = ""
        text = self._password_field.text() or in_address
        return Secret(text) if text else None

    def clear_password(self) -> None:
        self._password_field.clear()

    def retranslate(self) -> None:
        self.fields["api-host"].set_label(self.tr("API host"))
        self._host_field.setPlaceholderText(DEFAULT_API_BASE)
        self.fields["api-host"].set_hint(self.tr("Empty: as in the preferences."))
        self.fields["proxy"].set_label(self.tr("Proxy"))
        self._proxy_field.setPlaceholderText("socks5://127.0.0.1:1080")
        self.fields["proxy"].set_hint(self.tr("Empty: as the system has it. direct: none. Else http:// or socks5://."))
        self.fields["proxy-password"].set_label(self.tr("Password of the proxy"))
        self.fields["proxy-password"].set_hint(self.tr("Kept in the keyring of this computer, nowhere else."))
        self._show_password_field()

    def _show_password_field(self) -> None:
        proxy = self.entered()["proxy"]
        self.fields["proxy-password"].setVisible(has_login(proxy))
        is_stored = proxy == self._stored_proxy
        self._password_field.setPlaceholderText(self.tr("unchanged") if is_stored else "")

    @Slot()
    def _on_proxy_edited(self) -> None:
        self._show_password_field()
        self.edited.emit()

    @Slot(str)
    def _on_password_pasted(self, text: str) -> None:
        self._password_field.insert(text.strip("\r\n"))
        self.edited.emit()

    @Slot()
    def _on_host_left(self) -> None:
        self.left.emit("api-host")

    @Slot()
    def _on_proxy_left(self) -> None:
        """Move a password in the address to its own field."""
        try:
            proxy, password = split_proxy(self._proxy_field.text())
        except BadInput:
            pass
        else:
            with QSignalBlocker(self._proxy_field):
                self._proxy_field.setText(proxy)
            if password:
                self._password_field.setText(password)
        self._show_password_field()
        self.left.emit("proxy")
