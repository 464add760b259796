"""Pages of the main window: which there are, in which order, and what of them is remembered."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtWidgets import QStackedWidget, QWidget

from guarddog_gui.runtime.controller import Controller
from guarddog_gui.runtime.signing import SigningController
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.shell.current_account import CurrentAccount
from guarddog_gui.ui.widgets.page import Page

if TYPE_CHECKING:
    from guarddog_gui.ui.api.page import ApiPage
    from guarddog_gui.ui.errcode_page import ErrcodePage
    from guarddog_gui.ui.history.page import HistoryPage
    from guarddog_gui.ui.signing.diagnose_page import DiagnosePage
    from guarddog_gui.ui.signing.sign_page import SignPage
    from guarddog_gui.ui.tokens.page import TokensPage


class PageName(StrEnum):
    """Name under which a page is remembered, which is also that of its icon; in the order of the rail."""

    TOKENS = "tokens"
    HISTORY = "history"
    SIGN = "sign"
    DIAGNOSE = "diagnose"
    ERRCODES = "errcodes"
    API = "api"

    @property
    def row(self) -> int:
        """Row in the rail."""
        return list(PageName).index(self)


class WindowPages(QStackedWidget):
    """The six pages, of which one is shown.

    Each is imported and made when it is first needed: with all of them the main thread is away for 150 ms when the
    window opens.
    """

    page_made = Signal(object)  # PageName

    def __init__(
        self,
        controller: Controller,
        signing: SigningController,
        formatter: Formatter,
        current_account: CurrentAccount,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._controller = controller
        self._signing = signing
        self._formatter = formatter
        self._current_account = current_account
        self._makers: dict[PageName, Callable[[], Page]] = {
            PageName.TOKENS: self._make_tokens,
            PageName.HISTORY: self._make_history,
            PageName.SIGN: self._make_sign,
            PageName.DIAGNOSE: self._make_diagnose,
            PageName.ERRCODES: self._make_errcodes,
            PageName.API: self._make_api,
        }
        self._made: dict[PageName, Page] = {}
        self._filters: dict[PageName, str] = {}  # of pages that are not made yet
        self._untranslated: list[Page] = []  # since the last change of the language
        self.currentChanged.connect(self._retranslate_current)

    def page(self, name: PageName) -> Page:
        """Return a page, which is made if it does not exist yet."""
        page = self._made.get(name)
        if page is None:
            page = self._made[name] = self._makers[name]()
            self.addWidget(page)
            if name in self._filters:
                page.set_filters(self._filters.pop(name))
            self.page_made.emit(name)
        return page

    @property
    def tokens(self) -> "TokensPage":
        return cast("TokensPage", self.page(PageName.TOKENS))

    @property
    def history(self) -> "HistoryPage":
        return cast("HistoryPage", self.page(PageName.HISTORY))

    @property
    def sign(self) -> "SignPage":
        return cast("SignPage", self.page(PageName.SIGN))

    @property
    def diagnose(self) -> "DiagnosePage":
        return cast("DiagnosePage", self.page(PageName.DIAGNOSE))

    @property
    def errcodes(self) -> "ErrcodePage":
        return cast("ErrcodePage", self.page(PageName.ERRCODES))

    @property
    def api(self) -> "ApiPage":
        return cast("ApiPage", self.page(PageName.API))

    def _make_tokens(self) -> Page:
        from guarddog_gui.ui.tokens.page import TokensPage

        return TokensPage(self._controller, self._formatter, self._current_account)

    def _make_history(self) -> Page:
        from guarddog_gui.ui.history.page import HistoryPage

        return HistoryPage(self._controller, self._formatter)

    def _make_sign(self) -> Page:
        from guarddog_gui.ui.signing.sign_page import SignPage

        return SignPage(self._controller, self._signing, self._formatter, self._current_account)

    def _make_diagnose(self) -> Page:
        from guarddog_gui.ui.signing.diagnose_page import DiagnosePage

        return DiagnosePage(self._controller, self._signing, self._formatter, self._current_account)

    def _make_errcodes(self) -> Page:
        from guarddog_gui.ui.errcode_page import ErrcodePage

        return ErrcodePage(self._formatter)

    def _make_api(self) -> Page:
        from guarddog_gui.ui.api.page import ApiPage

        return ApiPage(self._controller, self._formatter, self._current_account)

    @property
    def current_name(self) -> PageName:
        current = self.currentWidget()
        return next((name for name, page in self._made.items() if page is current), PageName.TOKENS)

    @Slot(int)
    def show_row(self, row: int) -> None:
        """Show the page in this row of the rail."""
        self.setCurrentWidget(self.page(list(PageName)[row]))

    def titles(self) -> tuple[str, ...]:
        """Return the titles in the current language."""
        return (
            self.tr("Tokens"),
            self.tr("History"),
            self.tr("Sign a page"),
            self.tr("Diagnose"),
            self.tr("Error codes"),
            self.tr("API"),
        )

    def retranslate(self) -> None:
        """Set the texts of the page that is shown, and those of the others one by one: all at once take 40 ms."""
        self._untranslated = list(self._made.values())
        self._retranslate_current()

    @Slot()
    def _retranslate_current(self) -> None:
        if self._made:
            self._retranslate(self.page(self.current_name))

    @Slot()
    def _retranslate_next(self) -> None:
        if self._untranslated:
            self._retranslate(self._untranslated[0])

    def _retranslate(self, page: Page) -> None:
        if page in self._untranslated:
            self._untranslated.remove(page)
            page.retranslate()
        if self._untranslated:
            QTimer.singleShot(0, self, self._retranslate_next)

    def filters(self) -> dict[str, str]:
        """Return the filters of the pages that have some."""
        made = {name: text for name, page in self._made.items() if (text := page.filters())}
        return {name.value: text for name, text in (self._filters | made).items()}

    def restore_filters(self, filters: Mapping[str, str]) -> None:
        """Restore filters; names of pages that do not exist are ignored."""
        for name in PageName:
            if name.value not in filters:
                continue
            if name in self._made:
                self._made[name].set_filters(filters[name.value])
            else:
                self._filters[name] = filters[name.value]
