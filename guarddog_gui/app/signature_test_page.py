"""Test pages for the signatures of any account, on a sandbox that believes the account's own ticket."""

from dataclasses import replace

from PySide6.QtCore import QUrl

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.signing.page_url import parse_page_url
from guarddog_gui.domain.signing.signature import SignatureInput, strip_fragment
from guarddog_gui.domain.signing.wx_config import WxConfig
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.sandbox.jssdk import pages as jssdk_pages
from guarddog_gui.sandbox.server import SandboxServer
from guarddog_gui.services.ports import Clock, DogFileStore


class SignatureTestServer:
    """The server starts with the first page and listens on this computer only; the ticket stays in memory."""

    def __init__(self, dog_files: DogFileStore, clock: Clock) -> None:
        self._dog_files = dog_files
        self._clock = clock
        self._server: SandboxServer | None = None

    def make_page_url(self, account: Account, url: str, config: WxConfig) -> str | None:
        """A page of the same path and query, signed as `config` is but for its address on this computer.

        None while the account has no live ticket. Raises UsageError if there is no port to be had.
        """
        ticket = self._dog_files.read(account, TokenKind.JSAPI_TICKET)
        if ticket is None or ticket.remaining_s(self._clock()) <= 0:
            return None
        server = self._ensure_server()
        server.rules.accept_ticket(account.appid, ticket.value)
        below = _path_and_query(url)
        page = strip_fragment(jssdk_pages.make_test_page_url(server.base_url, below, ""))
        signable = SignatureInput(ticket.value, config.nonce, config.timestamp, page)
        signed = replace(config, signature=signable.signature)
        return jssdk_pages.make_test_page_url(server.base_url, below, signed.as_json)

    def _ensure_server(self) -> SandboxServer:
        if self._server is None:
            self._server = SandboxServer(self._clock).start()
        return self._server

    def stop(self) -> None:
        """Serve no more."""
        if self._server is not None:
            self._server.stop()
            self._server = None


def _path_and_query(url: str) -> str:
    """Path and query as they reach a browser: QUrl, on the way there, spells some in its own manner."""
    page = parse_page_url(url)
    if page is None:
        return "/"
    on_the_way = QUrl("http://localhost" + page.browser_form.path + page.browser_form.query)
    return bytes(on_the_way.toEncoded().data()).decode("ascii").removeprefix("http://localhost")
