"""Connections of the pages of the window, each made with its page."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from guarddog_gui.ui.shell.window_messages import WindowMessages
from guarddog_gui.ui.window_pages import PageName, WindowPages

if TYPE_CHECKING:
    from guarddog_gui.ui.main_window import MainWindow


class PageConnections(QObject):
    """Connect the requests of each page to the window and its actions."""

    def __init__(self, window: "MainWindow", pages: WindowPages, messages: WindowMessages) -> None:
        super().__init__(window)
        self._window = window
        self._pages = pages
        self._messages = messages

    @Slot(object)
    def connect_page(self, name: PageName) -> None:
        """Connect a page that has just been made."""
        connect: dict[PageName, Callable[[], None]] = {
            PageName.TOKENS: self._connect_tokens_page,
            PageName.HISTORY: self._connect_history_page,
            PageName.SIGN: self._connect_sign_page,
            PageName.DIAGNOSE: self._connect_diagnose_page,
            PageName.API: self._connect_api_page,
        }
        if name in connect:
            connect[name]()

    def _connect_tokens_page(self) -> None:
        actions, page = self._window.account_actions, self._pages.tokens
        page.add_requested.connect(actions.add_account)
        page.force_requested.connect(actions.force_new_token)
        page.edit_requested.connect(actions.edit_account)
        page.share_requested.connect(actions.share_account)
        page.remove_requested.connect(actions.remove_account)
        page.quota_query_requested.connect(actions.query_quota)
        page.token_check_requested.connect(actions.check_token)
        page.stable_token_requested.connect(actions.use_stable_token)
        page.address_requested.connect(actions.show_address)
        page.history_requested.connect(self._window.show_history)
        page.sign_requested.connect(self._window.sign_for_account)
        page.folder_requested.connect(self._window.folder_requested)
        page.text_copy_requested.connect(self._window.copy_text)
        page.errcode_help_requested.connect(self._window.show_errcode)
        page.node_loader_requested.connect(self._window.node_loader_requested)

    def _connect_history_page(self) -> None:
        actions, page = self._window.account_actions, self._pages.history
        page.copy_requested.connect(self._window.copy_text)
        page.rid_query_requested.connect(actions.query_rid)
        page.quota_query_requested.connect(actions.query_quota)
        page.export_requested.connect(actions.export_history)

    def _connect_sign_page(self) -> None:
        actions, page = self._window.account_actions, self._pages.sign
        page.copy_requested.connect(self._window.copy_named_text)
        page.secret_copy_requested.connect(self._window.secret_copy_requested)
        page.test_page_requested.connect(self._window.test_page_requested)
        page.card_requested.connect(actions.sign_card)
        page.page_check_requested.connect(actions.check_page)
        page.oauth_requested.connect(actions.open_web_authorisation)

    def _connect_diagnose_page(self) -> None:
        self._pages.diagnose.copy_requested.connect(self._window.copy_named_text)
        self._pages.diagnose.sign_requested.connect(self._window.sign_url)

    def _connect_api_page(self) -> None:
        actions, page = self._window.account_actions, self._pages.api
        page.copy_requested.connect(self._window.copy_named_text)
        page.secret_copy_requested.connect(self._window.named_secret_copy_requested)
        page.status_reported.connect(self._messages.show_text)
        page.rid_query_requested.connect(actions.query_rid)
        page.quota_query_requested.connect(actions.query_quota)
        page.errcode_help_requested.connect(self._window.show_errcode)
