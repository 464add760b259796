"""Dialog that shows what WeChat recorded about one request, found by its rid (request id)."""

from PySide6.QtWidgets import QWidget

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.wechat.account_queries import RidReport
from guarddog_gui.runtime.controller import Controller
from guarddog_gui.runtime.jobs import QueryKind
from guarddog_gui.services.account_queries import QueryAnswer
from guarddog_gui.ui.accounts.query_dialog import QueryDialog
from guarddog_gui.ui.formatter import Formatter


class RidDialog(QueryDialog):
    """Dialog with WeChat's report about a request of the last seven days (see WeChat's page getRidInfo)."""

    def __init__(
        self, controller: Controller, formatter: Formatter, account: Account, rid: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(controller, formatter, account, parent)
        self.retranslate()
        self.start_query(QueryKind.RID, rid)

    def retranslate(self) -> None:
        super().retranslate()
        self.setWindowTitle(self.tr("What WeChat knows of this rid"))

    def answer_text(self, answer: QueryAnswer) -> str:
        return self._report_text(answer) if isinstance(answer, RidReport) else ""

    def _report_text(self, report: RidReport) -> str:
        values = (
            (self.tr("Time"), self._formatter.time_format.format_full(report.requested_at)),
            (self.tr("Took"), f"{report.cost_ms} ms"),
            (self.tr("From"), report.client_ip),
            (self.tr("Request"), report.url),
            (self.tr("Body"), report.body),
            (self.tr("Answer"), report.response),
        )
        line = self.tr("{name}: {value}")
        return "\n".join(line.format(name=name, value=value) for name, value in values if value)
