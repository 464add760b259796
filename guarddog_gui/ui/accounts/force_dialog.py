"""Asks before a token is forced: what it costs, how many are left, and when it is not possible."""

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.runtime.controller import Controller
from guarddog_gui.ui.formatter import Formatter


def confirm_and_force(
    parent: QWidget, controller: Controller, formatter: Formatter, account: Account
) -> None:
    """Say the cost and force on a yes; where WeChat's limits forbid it, say until when."""
    may = controller.history_queries.force_allowance(account.appid)
    box = QMessageBox(parent)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setWindowTitle(QCoreApplication.translate("ForceDialog", "Force a new token"))
    if not may.is_allowed:
        told = formatter.messages.force_refused(may)
        box.setIcon(QMessageBox.Icon.Information)
        box.setText(told.summary)
        box.setInformativeText(told.advice)
        box.addButton(QCoreApplication.translate("ForceDialog", "Close"), QMessageBox.ButtonRole.RejectRole)
        box.exec()
        return
    told = formatter.messages.force_cost(account, may)
    box.setIcon(QMessageBox.Icon.Warning)
    box.setText(told.summary)
    box.setInformativeText(told.advice)
    force = box.addButton(
        QCoreApplication.translate("ForceDialog", "Force a new token"), QMessageBox.ButtonRole.DestructiveRole
    )
    cancel = box.addButton(
        QCoreApplication.translate("ForceDialog", "Cancel"), QMessageBox.ButtonRole.RejectRole
    )
    box.setDefaultButton(cancel)
    box.exec()
    if box.clickedButton() is force:
        controller.force_new_token(account.appid)
