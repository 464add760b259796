"""Local test pages that check a signature with the sandbox's JS-SDK and the account's real ticket."""

from msgspec.structs import replace
from PySide6.QtCore import QUrl

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.signing.page_url import parse_page_url
from guarddog_gui.domain.signing.signature import SignatureInput, strip_fragment
from guarddog_gui.domain.signing.wx_config import WxConfig
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.sandbox.jssdk import pages as jssdk_pages
from guarddog_gui.sandbox.server import SandboxServer
from guarddog_gui.services.ports import Clock, DogFileReader


class SignatureTestServer:
    """Sandbox server for test pages: started for the first page, on the loopback address only."""

    def __init__(self, dog_files: DogFileReader, clock: Clock) -> None:
        self._dog_files = dog_files
        self._clock = clock
        self._server: SandboxServer | None = None

    def make_page_url(self, account: Account, url: str, config: WxConfig) -> str | None:
        """Return the URL of a local page with the path and query of `url`, signed like `config`.

        Return None if the account has no valid ticket. Raise UsageError if no port is free.
        """
        ticket = self._dog_files.read(account, TokenKind.JSAPI_TICKET)
        if ticket is None or ticket.remaining_s(self._clock()) <= 0:
            return None
        if self._server is None:
            self._server = SandboxServer(self._clock).start()
        server = self._server
        server.rules.accept_ticket(account.appid, ticket.value)
        path_and_query = _path_and_query(url)
        page = strip_fragment(jssdk_pages.make_test_page_url(server.base_url, path_and_query, ""))
        signable = SignatureInput(ticket.value, config.nonce, config.timestamp, page)
        signed = replace(config, signature=signable.signature)
        return jssdk_pages.make_test_page_url(server.base_url, path_and_query, signed.as_json)

    def stop(self) -> None:
        if self._server is not None:
            self._server.stop()
            self._server = None


def _path_and_query(url: str) -> str:
    """Return path and query as the browser will send them: QUrl, which opens it, encodes some characters."""
    page = parse_page_url(url)
    if page is None:
        return "/"
    opened_url = QUrl("http://localhost" + page.browser_form.path + page.browser_form.query)
    return bytes(opened_url.toEncoded().data()).decode("ascii").removeprefix("http://localhost")
