"""Strip inside of a card that shows a notice, with its buttons."""

from functools import partial

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QPushButton, QWidget

from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.tokens.key_parts import CompactButton
from guarddog_gui.ui.tokens.notices import AccountNotice, NoticeAction
from guarddog_gui.ui.tokens.requests import TokenRequests
from guarddog_gui.ui.widgets.strip import Strip
from guarddog_gui.ui.widgets.text.plain_text import plain_tooltip

BUTTON_PADDING = 28  # pixels


def notice_action_text(action: NoticeAction) -> str:
    texts = {
        NoticeAction.COPY_IP: QCoreApplication.translate("NoticeStrip", "Copy IP"),
        NoticeAction.OPEN_CONSOLE: QCoreApplication.translate("NoticeStrip", "Open WeChat console"),
        NoticeAction.RETRY: QCoreApplication.translate("NoticeStrip", "Retry"),
        NoticeAction.API_QUOTA: QCoreApplication.translate("NoticeStrip", "API quota…"),
        NoticeAction.HOW_TO_FIX: QCoreApplication.translate("NoticeStrip", "How to fix"),
        NoticeAction.NEW_TOKEN: QCoreApplication.translate("NoticeStrip", "Get a new token"),
        NoticeAction.USE_STABLE_TOKEN: QCoreApplication.translate("NoticeStrip", "Use stable_token"),
        NoticeAction.COPY_NODE_LOADER: QCoreApplication.translate("NoticeStrip", "Copy the loader for Node"),
        NoticeAction.SHARING: QCoreApplication.translate("NoticeStrip", "Sharing…"),
        NoticeAction.EDIT_EXPORTS: QCoreApplication.translate("NoticeStrip", "Edit account…"),
        NoticeAction.DISMISS: QCoreApplication.translate("NoticeStrip", "Dismiss"),
    }
    return texts[action]


class NoticeStrip(Strip):
    """Strip for one notice; the buttons send their requests through the page's `TokenRequests`."""

    def __init__(self, formatter: Formatter, requests: TokenRequests, parent: QWidget | None = None) -> None:
        super().__init__(formatter.icons, parent=parent)
        self._requests = requests
        self._notice: AccountNotice | None = None
        self.buttons: dict[NoticeAction, QPushButton] = {}

    def show_account_notice(self, notice: AccountNotice) -> None:
        if self._notice is None or notice.actions != self._notice.actions:
            self._make_buttons(notice.actions)
        self._notice = notice
        self.show_notice(notice.severity, notice.text, notice.detail)
        self.setToolTip(plain_tooltip(notice.explanation) if notice.explanation else "")
        self.setAccessibleDescription(notice.explanation)
        for action, button in self.buttons.items():
            text = notice_action_text(action)
            button.setText(text)
            named = self.tr("{action}: {name}")
            button.setAccessibleName(named.format(action=text.removesuffix("…"), name=notice.account.name))

    def _make_buttons(self, actions: tuple[NoticeAction, ...]) -> None:
        for button in self.buttons.values():
            self.button_row.removeWidget(button)
            button.hide()
            button.deleteLater()
        self.buttons = {}
        for action in actions:
            button = CompactButton(BUTTON_PADDING, self)
            button.clicked.connect(partial(self._on_clicked, action))
            self.button_row.addWidget(button)
            self.buttons[action] = button
            button.show()

    def _on_clicked(self, action: NoticeAction) -> None:
        if self._notice is not None:
            self._requests.notice_action_requested.emit(self._notice, action)
