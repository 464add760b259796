"""Confirmation before the user forces a new access token, with its cost and the remaining quota."""

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QMessageBox, QWidget

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.refresh.policy import ForceAllowance
from guarddog_gui.runtime.controller import Controller
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.widgets.plain_text import confirm, make_message_box


def confirm_and_force(parent: QWidget, controller: Controller, formatter: Formatter, account: Account) -> None:
    """Force a new token after the user confirms; if WeChat's limits forbid it, show until when."""

    def ask(allowance: ForceAllowance) -> None:
        _ask(parent, controller, formatter, account, allowance)

    controller.history_queries.load_force_allowance(account.appid, ask)


def _ask(
    parent: QWidget, controller: Controller, formatter: Formatter, account: Account, allowance: ForceAllowance
) -> None:
    title = QCoreApplication.translate("ForceDialog", "Force a new token")
    if not allowance.is_allowed:
        message = formatter.messages.force_refused(allowance)
        box = make_message_box(parent, QMessageBox.Icon.Information, title, message)
        box.addButton(QCoreApplication.translate("ForceDialog", "Close"), QMessageBox.ButtonRole.RejectRole)
        box.exec()
        return
    box = make_message_box(parent, QMessageBox.Icon.Warning, title, formatter.messages.force_cost(account, allowance))
    if confirm(box, title, QCoreApplication.translate("ForceDialog", "Cancel")):
        controller.force_new_token(account.appid)
