"""Entries of the search everywhere for the main window."""

import re
from collections.abc import Callable, Iterator
from functools import partial

from PySide6.QtCore import QCoreApplication

from guarddog_gui.domain.refresh.status import AccountStatus
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.runtime.controller import Controller
from guarddog_gui.runtime.signing import SigningController
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.shell.search_index import EntryKind, SearchEntry

_NUMBER = re.compile(r"-?[0-9]{5,9}")
URLS_OF_ACCOUNTS_MAX = 20  # accounts whose signed addresses are listed


class WindowSearch:
    """Builder of the entries; the window gives what it can do."""

    def __init__(
        self,
        controller: Controller,
        signing: SigningController,
        formatter: Formatter,
        *,
        choose_account: Callable[[str], None],
        show_errcode: Callable[[int], None],
        sign_url: Callable[[str, str], None],
    ) -> None:
        self._controller = controller
        self._signing = signing
        self._formatter = formatter
        self._choose_account = choose_account
        self._show_errcode = show_errcode
        self._sign_url = sign_url

    def entries(
        self, pages: dict[str, Callable[[], None]], commands: dict[str, Callable[[], None]]
    ) -> tuple[SearchEntry, ...]:
        """Return all entries; `pages` and `commands` are by their names in the current language."""
        accounts = self._controller.overview().accounts
        result = [self._account_entry(status) for status in accounts]
        result += [SearchEntry(EntryKind.PAGE, name, "", show) for name, show in pages.items()]
        result += [SearchEntry(EntryKind.COMMAND, name, "", run) for name, run in commands.items()]
        for status in accounts:
            result += self._commands_of(status)
        result += self._errcode_entries()
        for status in accounts[:URLS_OF_ACCOUNTS_MAX]:
            result += self._addresses_of(status)
        return tuple(result)

    def entry_of_text(self, text: str) -> SearchEntry | None:
        """Return the entry that explains a typed number, or signs a typed URL; None for other texts."""
        from guarddog_gui.domain.signing.page_url import url_problem  # the window opens without it

        if _NUMBER.fullmatch(text.strip()):
            title = QCoreApplication.translate("WindowSearch", "Look up errcode {code}").format(code=text.strip())
            return SearchEntry(EntryKind.ERRCODE, title, "", partial(self._show_errcode, int(text)))
        if url_problem(text) is not None or not self._controller.overview().accounts:
            return None
        url = text.strip()
        title = QCoreApplication.translate("WindowSearch", "Sign {url}").format(url=url)
        return SearchEntry(EntryKind.ADDRESS, title, "", partial(self._sign_url, "", url))

    def _account_entry(self, status: AccountStatus) -> SearchEntry:
        account = status.account
        badge = self._formatter.environment_badge(account.environment)
        title = " · ".join(filter(None, (account.name, badge)))
        return SearchEntry(EntryKind.ACCOUNT, title, account.appid, partial(self._choose_account, account.appid))

    def _commands_of(self, status: AccountStatus) -> Iterator[SearchEntry]:
        account = status.account
        texts = {
            TokenKind.ACCESS_TOKEN: QCoreApplication.translate("WindowSearch", "Copy access_token · {name}"),
            TokenKind.JSAPI_TICKET: QCoreApplication.translate("WindowSearch", "Copy jsapi_ticket · {name}"),
            TokenKind.CARD_TICKET: QCoreApplication.translate("WindowSearch", "Copy wx_card ticket · {name}"),
        }
        for kind in account.token_kinds:
            run = partial(self._controller.copies.request, account.appid, kind)
            yield SearchEntry(EntryKind.COMMAND, texts[kind].format(name=account.name), account.appid, run)
        text = QCoreApplication.translate("WindowSearch", "Refresh now · {name}").format(name=account.name)
        run = partial(self._controller.refresh, account.appid)
        yield SearchEntry(EntryKind.COMMAND, text, account.appid, run)

    def _errcode_entries(self) -> Iterator[SearchEntry]:
        catalog = self._formatter.messages.errcode_catalog
        language = self._formatter.messages.message_catalog.language
        for errcode in filter(None, map(catalog.find, catalog.codes())):
            run = partial(self._show_errcode, errcode.code)
            yield SearchEntry(EntryKind.ERRCODE, str(errcode.code), errcode.meaning(language), run)

    def _addresses_of(self, status: AccountStatus) -> Iterator[SearchEntry]:
        account = status.account
        for url in self._signing.recent_urls(account.appid):
            yield SearchEntry(EntryKind.ADDRESS, url, account.name, partial(self._sign_url, account.appid, url))
