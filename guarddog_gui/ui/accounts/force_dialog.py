"""Confirmation before the user forces a new access token, with its cost and the remaining quota."""

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.runtime.controller import Controller
from guarddog_gui.ui.formatter import Formatter


def confirm_and_force(parent: QWidget, controller: Controller, formatter: Formatter, account: Account) -> None:
    """Force a new token after the user confirms; if WeChat's limits forbid it, show until when."""
    allowance = controller.history_queries.force_allowance(account.appid)
    box = QMessageBox(parent)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setWindowTitle(QCoreApplication.translate("ForceDialog", "Force a new token"))
    if not allowance.is_allowed:
        message = formatter.messages.force_refused(allowance)
        box.setIcon(QMessageBox.Icon.Information)
        box.setText(message.summary)
        box.setInformativeText(message.advice)
        box.addButton(QCoreApplication.translate("ForceDialog", "Close"), QMessageBox.ButtonRole.RejectRole)
        box.exec()
        return
    message = formatter.messages.force_cost(account, allowance)
    box.setIcon(QMessageBox.Icon.Warning)
    box.setText(message.summary)
    box.setInformativeText(message.advice)
    force = box.addButton(
        QCoreApplication.translate("ForceDialog", "Force a new token"), QMessageBox.ButtonRole.DestructiveRole
    )
    cancel = box.addButton(QCoreApplication.translate("ForceDialog", "Cancel"), QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(cancel)
    box.exec()
    if box.clickedButton() is force:
        controller.force_new_token(account.appid)
