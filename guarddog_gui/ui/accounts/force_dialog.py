"""Confirmation before the user forces a new access token, with its cost and the remaining quota."""

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from guarddog_gui.domain.accounts.account import Account, Environment
from guarddog_gui.domain.refresh.policy import ForceAllowance
from guarddog_gui.runtime.controller import Controller
from guarddog_gui.ui.dialogs.confirm_dialog import ConfirmDialog
from guarddog_gui.ui.formatter import Formatter


def confirm_and_force(parent: QWidget, controller: Controller, formatter: Formatter, account: Account) -> None:
    """Force a new token after the user confirms; if WeChat's limits forbid it, show until when.

    For a production account the user has to type its name.
    """

    def ask(allowance: ForceAllowance) -> None:
        if isValid(parent):  # the window may be closed before a slow disk answers
            _ask(parent, controller, formatter, account, allowance)

    controller.history_queries.load_force_allowance(account.appid, ask)


def _ask(
    parent: QWidget, controller: Controller, formatter: Formatter, account: Account, allowance: ForceAllowance
) -> None:
    translate, messages = QCoreApplication.translate, formatter.messages
    if not allowance.is_allowed:
        ConfirmDialog(parent, messages.force_refused(allowance), translate("ForceDialog", "Close")).ask()
        return
    is_production = account.environment is Environment.PRODUCTION
    dialog = ConfirmDialog(
        parent,
        messages.force_cost(account, allowance),
        translate("ForceDialog", "Cancel"),
        translate("ForceDialog", "Force a new token"),
        is_destructive=True,
        typed_name=account.name if is_production else "",
    )
    if dialog.ask():
        controller.force_new_token(account.appid)
