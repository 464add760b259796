"""Driver of the dialogs that ask WeChat, and the answers that WeChat gives."""

from pytestqt.qtbot import QtBot

from guarddog_gui.domain.wechat.protocol import Reply, Request, TransportFailure
from guarddog_gui.ui.accounts.query_dialogs import QueryDialog, QuotaDialog, RidDialog
from tests.fakes import json_reply
from tests.runtime.harness import SHOP, RuntimeHarness
from tests.ui.conftest import make_formatter
from tests.ui.find import label

RID = "6176a2e0-0a0b0c0d-00000001"
SECRET_IN_REPORT = "a1b2c3d4" * 4
HOSTILE = '<img src="file:///etc/passwd"><b>bold</b>'


class QueryDriver:
    """Open query dialogs of an account with a valid token; `answers` maps the end of a path to a reply."""

    def __init__(self, harness: RuntimeHarness, qtbot: QtBot) -> None:
        self.harness = harness
        self.qtbot = qtbot
        self.answers: dict[str, Reply | TransportFailure] = {"clear_quota": json_reply(errcode=0, errmsg="ok")}
        self.used = 12
        harness.put_fresh_values(SHOP)
        harness.transport.handler = self.reply
        harness.controller.start()
        harness.wait_until_idle(qtbot)

    def reply(self, request: Request) -> Reply | TransportFailure:
        answer = next((answer for path, answer in self.answers.items() if request.path.endswith(path)), None)
        if answer is not None:
            return answer
        assert request.path.endswith("quota/get")
        return json_reply(errcode=0, quota={"daily_limit": 2000, "used": self.used, "remain": 2000 - self.used})

    def open_quota(self, *, answered: bool = True) -> QuotaDialog:
        dialog = QuotaDialog(self.harness.controller, make_formatter(self.harness), SHOP)
        self._show(dialog, answered=answered)
        return dialog

    def open_rid(self, *, answered: bool = True) -> RidDialog:
        dialog = RidDialog(self.harness.controller, make_formatter(self.harness), SHOP, RID)
        self._show(dialog, answered=answered)
        return dialog

    def _show(self, dialog: QueryDialog, *, answered: bool) -> None:
        self.qtbot.addWidget(dialog)
        dialog.show()
        if answered:
            self.qtbot.waitUntil(lambda: not dialog.is_waiting)

    @property
    def paths(self) -> list[str]:
        return self.harness.transport.endpoints


def shown_answer(dialog: QueryDialog) -> str:
    """Return the text that the dialog shows."""
    return label(dialog, "answer").text()


def rid_report(**fields: object) -> Reply:
    """Return WeChat's reply about a rid; `fields` replace its usual ones."""
    request = {
        "invoke_time": 1_789_999_990,
        "cost_in_ms": 30,
        "request_url": f"https://api.weixin.qq.com/cgi-bin/token?appid={SHOP.appid}&secret={SECRET_IN_REPORT}",
        "request_body": "",
        "response_body": '{"errcode":40125,"errmsg":"invalid appsecret"}',
        "client_ip": "203.0.113.9",
    }
    return json_reply(errcode=0, errmsg="ok", request={**request, **fields})
