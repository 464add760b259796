"""Asks before a token is forced: what it costs, how many are left, and when it is not possible."""

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.runtime.controller import Controller
from guarddog_gui.ui.formatter import Voice


def ask_force(parent: QWidget, controller: Controller, voice: Voice, account: Account) -> None:
    """Say the cost and force on a yes; where WeChat's limits forbid it, say until when."""
    may = controller.may_force(account.appid)
    box = QMessageBox(parent)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setWindowTitle(QCoreApplication.translate("ForceDialog", "Force a new token"))
    if not may.allowed:
        told = voice.sentences.force_refused(may)
        box.setIcon(QMessageBox.Icon.Information)
        box.setText(told.what)
        box.setInformativeText(told.todo)
        box.addButton(QCoreApplication.translate("ForceDialog", "Close"), QMessageBox.ButtonRole.RejectRole)
        box.exec()
        return
    told = voice.sentences.force_costs(account, may)
    box.setIcon(QMessageBox.Icon.Warning)
    box.setText(told.what)
    box.setInformativeText(told.todo)
    force = box.addButton(
        QCoreApplication.translate("ForceDialog", "Force a new token"), QMessageBox.ButtonRole.DestructiveRole
    )
    cancel = box.addButton(
        QCoreApplication.translate("ForceDialog", "Cancel"), QMessageBox.ButtonRole.RejectRole
    )
    box.setDefaultButton(cancel)
    box.exec()
    if box.clickedButton() is force:
        controller.force(account.appid)
