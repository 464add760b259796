"""Use the diagnose page as a user does, and read what it shows."""

from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha1

from PySide6.QtWidgets import QProgressBar
from pytestqt.qtbot import QtBot

from guarddog_gui.runtime.jobs import DiagnosisProgress
from guarddog_gui.ui.signing.diagnose_form import PasteField
from guarddog_gui.ui.signing.diagnose_page import DiagnosePage
from guarddog_gui.ui.signing.verdict_card import VerdictCard
from tests.desktop.jssdk_mistakes import SigningInputs
from tests.fakes import NOW
from tests.runtime.harness import CAFE, GAME, SHOP, TICKET, TOKEN, RuntimeHarness, runtime_harness
from tests.ui.conftest import make_formatter
from tests.ui.find import combo, label, widget
from tests.ui.signing.test_verdict_card import verdict_texts

PAGE = "https://shop.example.cn/shop/?id=7&from=timeline#top"
NONCE = "Wm3WZYTPz0wzccnW"
OLD = "o" * 86


@contextmanager
def diagnose_harness() -> Iterator[RuntimeHarness]:
    """Provide a runtime with three accounts, and a replaced ticket of the first."""
    with runtime_harness(SHOP, CAFE, GAME) as harness:
        harness.put_fresh_values(SHOP, CAFE, GAME)
        harness.tickets.add(SHOP, OLD, NOW - 3600)
        harness.controller.reload_from_disk()
        yield harness


class DiagnosePageDriver:
    """Use the diagnose page as a user does."""

    def __init__(self, harness: RuntimeHarness, qtbot: QtBot) -> None:
        self.harness = harness
        self.qtbot = qtbot
        self.formatter = make_formatter(harness)
        self.page = DiagnosePage(harness.controller, harness.signing, self.formatter)
        qtbot.addWidget(self.page)
        self.page.resize(800, 600)
        self.page.show()
        qtbot.waitExposed(self.page)

    def value(self, kind: object = TICKET) -> str:
        value = self.harness.value(SHOP, kind)  # type: ignore[arg-type]  # one of the two kinds
        assert value is not None
        return value

    def signing_inputs(self) -> SigningInputs:
        return SigningInputs(SHOP.appid, self.value(), OLD, self.value(TOKEN), NONCE, int(NOW), PAGE)

    def diagnose(self, pasted: str, url: str = PAGE) -> str:
        """Fill in both values, wait for the end of the search, and return the whole text of the verdict."""
        self.page.set_input(pasted, url)
        self.wait()
        return self.verdict

    def wait(self) -> None:
        self.qtbot.waitUntil(lambda: not self.page.is_running, timeout=20_000)

    def select_account(self, appid: str) -> None:
        accounts = combo(self.page, "Account")
        accounts.setCurrentIndex(accounts.findData(appid))

    @property
    def paste_field(self) -> PasteField:
        return widget(self.page, PasteField)

    @property
    def progress_bar(self) -> QProgressBar:
        return widget(self.page, QProgressBar)

    @property
    def search(self) -> DiagnosisProgress:
        """Return the running search."""
        assert self.page._search is not None
        return self.page._search

    @property
    def card(self) -> VerdictCard:
        return widget(self.page, VerdictCard)

    @property
    def verdict(self) -> str:
        """Return all texts of the verdict, each on a line; the URLs with what is marked in brackets."""
        return verdict_texts(self.card)

    @property
    def parsed_values(self) -> str:
        return label(self.page, "parsed-values").text()


def wx_config(config: dict[str, object]) -> str:
    lines = ", ".join(f"{name}: {value!r}" for name, value in config.items())
    return f"wx.config({{ {lines}, jsApiList: [] }});"


def signed(ticket: str, url: str) -> str:
    text = f"jsapi_ticket={ticket}&noncestr={NONCE}&timestamp={int(NOW)}&url={url}"
    return sha1(text.encode(), usedforsecurity=False).hexdigest()


def config_with(signature: str, appid: str = SHOP.appid) -> str:
    return wx_config({"appId": appid, "timestamp": int(NOW), "nonceStr": NONCE, "signature": signature})


def mistaken_config(driver: DiagnosePageDriver) -> str:
    """Return a config that was signed without the parameter `from` of PAGE."""
    return config_with(signed(driver.value(), "https://shop.example.cn/shop/?id=7"))
