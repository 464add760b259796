"""Driver that uses the API page as a user does and returns what it shows."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QListView, QPlainTextEdit, QTabBar
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.api.answer import ApiReply
from guarddog_gui.domain.wechat.protocol import TransportFailure
from guarddog_gui.ui.api.console import ApiConsoleView
from guarddog_gui.ui.api.page import ApiPage
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.widgets.text.account_labels import ElidedLabel
from tests.runtime.harness import RuntimeHarness
from tests.ui import find

TOKEN_VALUE = "91_live" + "t" * 60


class ApiPageDriver:
    """A shown page, and records of what it has asked of the window."""

    def __init__(self, harness: RuntimeHarness, formatter: Formatter, qtbot: QtBot) -> None:
        harness.controller.start()
        harness.wait_until_idle(qtbot)
        self.harness = harness
        self.qtbot = qtbot
        self.page = ApiPage(harness.controller, formatter)
        self.copied: list[tuple[str, str]] = []
        self.copied_secrets: list[tuple[str, str]] = []
        self.statuses: list[str] = []
        self.rid_queries: list[object] = []
        self.errcodes: list[int] = []
        self.page.copy_requested.connect(lambda *copied: self.copied.append(copied))
        self.page.secret_copy_requested.connect(lambda *copied: self.copied_secrets.append(copied))
        self.page.status_reported.connect(self.statuses.append)
        self.page.rid_query_requested.connect(self.rid_queries.append)
        self.page.errcode_help_requested.connect(self.errcodes.append)
        qtbot.addWidget(self.page)
        self.page.resize(850, 700)
        self.page.show()
        qtbot.waitExposed(self.page)
        qtbot.waitUntil(lambda: self.call_view.model().rowCount() > 0, timeout=10_000)

    @property
    def console(self) -> ApiConsoleView:
        return find.widget(self.page, ApiConsoleView)

    @property
    def call_view(self) -> QListView:
        return find.widget(self.page, QListView, "Calls")

    @property
    def rows(self) -> list[str]:
        return find.column(self.call_view)

    def choose(self, text: str) -> None:
        """Click on the first row with this text."""
        row = next(row for row, shown in enumerate(self.rows) if text in shown)
        index = self.call_view.model().index(row, 0)
        self.call_view.scrollTo(index)
        QTest.mouseClick(
            self.call_view.viewport(), Qt.MouseButton.LeftButton, pos=self.call_view.visualRect(index).center()
        )

    def search(self, text: str) -> None:
        find.field(self.page, "Search the calls").setText(text)

    def show_list(self, name: str) -> None:
        find.combo(self.page, "Which calls are listed").setCurrentText(name)

    def enter(self, path: str, method: str = "GET", *, query: str = "", body: str = "") -> None:
        find.combo(self.page, "Method").setCurrentText(method)
        find.field(self.page, "Path").setText(path)
        self.text_area("Query").setPlainText(query)
        self.text_area("Body").setPlainText(body)

    def text_area(self, name: str) -> QPlainTextEdit:
        return find.widget(self.page, QPlainTextEdit, name)

    def answer_with(self, *replies: ApiReply | TransportFailure) -> None:
        self.harness.api_transport.script += replies

    def send(self) -> None:
        """Click on Send, and wait until the answer is shown."""
        self.click("Send")
        self.wait()

    def wait(self) -> None:
        self.harness.wait_until_idle(self.qtbot)
        self.qtbot.waitUntil(lambda: self.harness.worker_pool.is_idle, timeout=10_000)
        QTest.qWait(1)

    def click(self, name: str) -> None:
        find.button(self.page, name).click()

    def is_shown(self, name: str) -> bool:
        return find.has(self.page, name, QAbstractButton)

    @property
    def method(self) -> str:
        return find.widget(self.page, QComboBox, "Method").currentText()

    @property
    def path(self) -> str:
        return find.field(self.page, "Path").text()

    @property
    def answer(self) -> str:
        return self.text_area("Answer").toPlainText()

    @property
    def status(self) -> str:
        return find.widget(self.page, ElidedLabel, "answer-status").text()

    @property
    def message(self) -> str:
        label = find.widget(self.page, QLabel, "api-message-summary")
        return label.text() if label.isVisible() else ""

    @property
    def notice(self) -> str:
        label = find.widget(self.page, QLabel, "request-notice-summary")
        return label.text() if label.isVisible() else ""

    def show_raw(self) -> None:
        find.widget(self.page, QTabBar, "Form of the answer").setCurrentIndex(1)
