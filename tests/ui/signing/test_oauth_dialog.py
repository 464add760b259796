"""Tests of the dialog that builds the link of a web authorisation and exchanges its code."""

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.accounts.keyring_results import KeyringIsLocked
from guarddog_gui.domain.wechat.protocol import Reply
from guarddog_gui.ui.signing.oauth_dialog import OAuthDialog
from tests.fakes import OFFLINE_FAILURE, error_reply, json_reply
from tests.runtime.harness import SECRET, SHOP, RuntimeHarness
from tests.ui.conftest import make_formatter
from tests.ui.find import button, combo, field, label, text_area

PAGE = "https://shop.example.cn/login"
CODE = "0a1B2c3D4e5F6g7H"
TOKEN, REFRESH_TOKEN = "87_access-token-of-the-user", "87_refresh-token-of-the-user"
USER = json_reply(
    access_token=TOKEN, expires_in=7200, refresh_token=REFRESH_TOKEN, openid="oLVPpjqs9BhvzwPj5A", scope="snsapi_base"
)


class OAuthDriver:
    """The dialog of an account, and what WeChat answers."""

    def __init__(self, harness: RuntimeHarness, qtbot: QtBot, account: Account = SHOP, url: str = PAGE) -> None:
        self.harness, self.qtbot = harness, qtbot
        harness.controller.reload_from_disk()
        self.dialog = OAuthDialog(harness.controller, make_formatter(harness), account, url)
        qtbot.addWidget(self.dialog)
        self.dialog.show()

    @property
    def link(self) -> str:
        return text_area(self.dialog, "The link").toPlainText()

    @property
    def warnings(self) -> str:
        return label(self.dialog, "oauth-warnings").text()

    @property
    def answer(self) -> str:
        return label(self.dialog, "oauth-answer").text()

    def exchange(self, text: str, reply: Reply | object) -> str:
        self.harness.transport.handler = lambda _: reply  # type: ignore[assignment,return-value]  # a column of a table
        field(self.dialog, "Code").setText(text)
        button(self.dialog, "Exchange the code").click()
        self.qtbot.waitUntil(lambda: self.answer != "Asking WeChat…")
        return self.answer


@pytest.fixture
def driver(harness: RuntimeHarness, qtbot: QtBot) -> OAuthDriver:
    return OAuthDriver(harness, qtbot)


def test_the_link_follows_what_is_entered(driver: OAuthDriver) -> None:
    field(driver.dialog, "state").setText("abc123")
    combo(driver.dialog, "scope").setCurrentText("snsapi_userinfo")
    assert driver.link == (
        f"https://open.weixin.qq.com/connect/oauth2/authorize?appid={SHOP.appid}"
        "&redirect_uri=https%3A%2F%2Fshop.example.cn%2Flogin&response_type=code"
        "&scope=snsapi_userinfo&state=abc123#wechat_redirect"
    )
    assert driver.warnings == ""
    assert "web-authorisation domain has to be shop.example.cn" in label(driver.dialog, "oauth-mistakes").text()


def test_what_is_wrong_is_said_while_the_user_types(driver: OAuthDriver) -> None:
    field(driver.dialog, "Page (redirect_uri)").setText("http://shop.example.cn:8080/#/login")
    field(driver.dialog, "state").setText("a-1")
    assert len(driver.warnings.splitlines()) == 4
    field(driver.dialog, "Page (redirect_uri)").setText("shop.example.cn")
    assert driver.link == ""
    assert not button(driver.dialog, "Copy the link").isEnabled()
    assert driver.warnings.startswith("This is not a full address")
    field(driver.dialog, "Page (redirect_uri)").clear()
    assert driver.warnings == ""


def test_the_link_is_copied_by_its_name(driver: OAuthDriver, qtbot: QtBot) -> None:
    with qtbot.waitSignal(driver.dialog.copy_requested) as copied:
        button(driver.dialog, "Copy the link").click()
    assert copied.args == [driver.link, "link"]


def test_a_code_is_exchanged_for_openid_and_scope_and_no_token_is_shown(driver: OAuthDriver) -> None:
    files = dict(driver.harness.dogs.files)
    assert driver.exchange(f"{PAGE}?code={CODE}&state=1", USER) == "openid: oLVPpjqs9BhvzwPj5A\nscope: snsapi_base"
    sent = driver.harness.transport.requests[-1]
    assert sent.path == "/sns/oauth2/access_token"
    assert dict(sent.query) == {
        "appid": SHOP.appid, "secret": SECRET, "code": CODE, "grant_type": "authorization_code",
    }  # fmt: skip
    assert field(driver.dialog, "Code").text() == ""
    assert driver.harness.dogs.files == files
    shown = repr(driver.harness.job_results) + driver.answer
    for secret in (TOKEN, REFRESH_TOKEN, SECRET, CODE):
        assert secret not in shown


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (error_reply(40029, f"invalid code {CODE}"), "(40029"),
        (error_reply(40163, "code been used"), "already used"),
        (OFFLINE_FAILURE, "cannot reach WeChat"),
        (json_reply(access_token=TOKEN), "answer"),
    ],
)
def test_a_failed_exchange_is_explained(driver: OAuthDriver, reply: object, words: str) -> None:
    answer = driver.exchange(CODE, reply)
    assert words in answer
    assert CODE not in answer
    assert TOKEN not in answer
    assert button(driver.dialog, "Exchange the code").isEnabled()


def test_a_text_without_a_code_is_not_sent(driver: OAuthDriver) -> None:
    calls = len(driver.harness.transport.requests)
    field(driver.dialog, "Code").setText("hello")
    button(driver.dialog, "Exchange the code").click()
    assert driver.answer.startswith("There is no authorisation code in this text.")
    assert len(driver.harness.transport.requests) == calls


def test_a_locked_keyring_is_named(driver: OAuthDriver) -> None:
    driver.harness.secrets.lookup_result = KeyringIsLocked()
    assert driver.exchange(CODE, USER).startswith("The keyring is locked.")


def test_a_snapshot_user_is_pointed_out(driver: OAuthDriver) -> None:
    user = json_reply(access_token=TOKEN, openid="o1", scope="snsapi_userinfo", unionid="u1", is_snapshotuser=1)
    lines = driver.exchange(CODE, user).splitlines()
    assert lines[:3] == ["openid: o1", "scope: snsapi_userinfo", "unionid: u1"]
    assert "snapshot mode" in lines[3]


def test_a_domain_that_the_account_does_not_have_is_pointed_out(harness: RuntimeHarness, qtbot: QtBot) -> None:
    account = replace(SHOP, js_domains=("other.example.cn",))
    assert "not among the JS-safe domains" in OAuthDriver(harness, qtbot, account).warnings


def test_enter_in_the_code_exchanges_it(driver: OAuthDriver, qtbot: QtBot) -> None:
    driver.harness.transport.handler = lambda _: USER
    copied: list[str] = []
    driver.dialog.copy_requested.connect(lambda text, _name: copied.append(text))
    field(driver.dialog, "Code").setText(CODE)
    QTest.keyClick(field(driver.dialog, "Code"), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: driver.answer.startswith("openid"))
    assert driver.dialog.isVisible()
    assert copied == []
