"""Pages of the main window: which there are, in which order, and what of them is remembered."""

from collections.abc import Mapping

from PySide6.QtCore import QTimer, Slot
from PySide6.QtWidgets import QStackedWidget, QWidget

from guarddog_gui.runtime.controller import Controller
from guarddog_gui.runtime.signing import SigningController
from guarddog_gui.ui.api.page import ApiPage
from guarddog_gui.ui.errcode_page import ErrcodePage
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.history.page import HistoryPage
from guarddog_gui.ui.shell.current_account import CurrentAccount
from guarddog_gui.ui.signing.diagnose_page import DiagnosePage
from guarddog_gui.ui.signing.sign_page import SignPage
from guarddog_gui.ui.tokens.page import TokensPage
from guarddog_gui.ui.widgets.page import Page


class WindowPages(QStackedWidget):
    """The six pages, of which one is shown; their rows are those of the rail."""

    def __init__(
        self,
        controller: Controller,
        signing: SigningController,
        formatter: Formatter,
        current_account: CurrentAccount,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.tokens = TokensPage(controller, formatter, current_account)
        self.history = HistoryPage(controller, formatter)
        self.sign = SignPage(controller, signing, formatter, current_account)
        self.diagnose = DiagnosePage(controller, signing, formatter, current_account)
        self.errcodes = ErrcodePage(formatter)
        self.api = ApiPage(controller, formatter, current_account)
        self._names: dict[Page, str] = {
            self.tokens: "tokens",
            self.history: "history",
            self.sign: "sign",
            self.diagnose: "diagnose",
            self.errcodes: "errcodes",
            self.api: "api",
        }
        self._untranslated: list[Page] = []  # since the last change of the language
        for page in self._names:
            self.addWidget(page)
        self.currentChanged.connect(self._retranslate_current)

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names under which pages are remembered, which are also those of their icons."""
        return tuple(self._names.values())

    @property
    def current_name(self) -> str:
        return self.names[self.currentIndex()]

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

    def page_in_row(self, row: int) -> Page:
        return list(self._names)[row]

    def row_of(self, page: Page) -> int:
        return list(self._names).index(page)

    def retranslate(self) -> None:
        """Set the texts of the page that is shown, and those of the others one by one: all at once take 40 ms."""
        self._untranslated = list(self._names)
        self._retranslate_current()

    @Slot()
    def _retranslate_current(self) -> None:
        self._retranslate(self.page_in_row(self.currentIndex()))

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
        return {name: text for page, name in self._names.items() if (text := page.filters())}

    def restore_filters(self, filters: Mapping[str, str]) -> None:
        """Restore filters; names of pages that do not exist are ignored."""
        for page, name in self._names.items():
            if name in filters:
                page.set_filters(filters[name])
