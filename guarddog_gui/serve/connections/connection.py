"""HTTP connections: a parser that refuses more than waitress's own, and deadlines for slow clients.

waitress reads requests without a thread, so that a slow client costs memory only. But it closes a connection only after
some time without a byte: a client that sends one byte now and then keeps it for ever (slowloris).
"""

import time
from typing import Any

from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError
from waitress.task import WSGITask

CONNECTION = "guarddog.connection"  # key in the WSGI environment
REQUEST_MAX_S = 10.0  # from the first to the last byte of a request
FIRST_REQUEST_MAX_S = 10.0  # from the connection to the first byte
IDLE_MAX_S = 60.0  # between two requests, and for the client to read an answer


class StrictParser(HTTPRequestParser):
    """Parser that refuses what a proxy in front of the server might read in another way (request smuggling)."""

    def __init__(self, adj: Any) -> None:
        super().__init__(adj)  # type: ignore[no-untyped-call] # waitress
        self.started_at = time.monotonic()

    def parse_header(self, header_plus: bytes) -> None:
        try:
            super().parse_header(header_plus)  # type: ignore[no-untyped-call] # waitress
            self._refuse_two_meanings()
        except ParsingError:
            self.headers["CONNECTION"] = "close"  # else waitress would promise Keep-Alive, too, in HTTP/1.0
            raise

    def _refuse_two_meanings(self) -> None:
        if self.chunked and "CONTENT_LENGTH" in self.headers:
            raise ParsingError("Content-Length and Transfer-Encoding")
        if "TRANSFER_ENCODING" in self.headers:  # left there in version 1.0, which has none
            raise ParsingError("Transfer-Encoding in version 1.0")
        if self.proxy_netloc:
            raise ParsingError("a server is no proxy")
        if self.version not in {"1.0", "1.1"}:
            raise ParsingError("unknown version")


class ConnectionTask(WSGITask):
    """Task that puts the connection into the WSGI environment."""

    def get_environment(self) -> dict[str, Any]:
        environ: dict[str, Any] = super().get_environment()  # type: ignore[no-untyped-call] # waitress
        environ[CONNECTION] = self.channel
        return environ


class Connection(HTTPChannel):
    """Connection of one client. `is_trusted` is set once a request had a correct key."""

    parser_class = StrictParser
    task_class = ConnectionTask

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.is_trusted = False
        self.has_served = False
        self.idle_since = time.monotonic()
        super().__init__(*args, **kwargs)  # type: ignore[no-untyped-call] # waitress

    def service(self) -> None:
        super().service()  # type: ignore[no-untyped-call] # waitress
        self.has_served = True
        self.idle_since = time.monotonic()

    @property
    def is_idle(self) -> bool:
        """Return True if no request is being answered."""
        return not self.requests

    def close_now(self) -> None:
        """Close the connection, whatever is to be sent; only in the thread of the loop."""
        self.handle_close()  # type: ignore[no-untyped-call] # waitress

    def is_overdue(self, now: float) -> bool:
        """Return True if the client has taken too long to send a request, or to read an answer."""
        if not self.is_idle:
            return False
        partial = self.request
        if isinstance(partial, StrictParser) and now - partial.started_at > REQUEST_MAX_S:
            return True
        return now - self.idle_since > (IDLE_MAX_S if self.has_served else FIRST_REQUEST_MAX_S)
