"""HTTP client of the API console: the session of the other calls, with forms, files and large answers."""

import mimetypes
import re
from pathlib import PurePath

from guarddog_gui.adapters.http.account_transport import AccountTransport
from guarddog_gui.adapters.http.client import HttpCall, WeChatHttpClient
from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.accounts.route import SYSTEM_PROXY
from guarddog_gui.domain.api.answer import ANSWER_MAX, ApiReply
from guarddog_gui.domain.api.request import ACCESS_TOKEN, ApiRequest, Upload
from guarddog_gui.domain.wechat.protocol import TransportFailure

READ_TIMEOUT_S = 30.0
TOTAL_TIMEOUT_S = 60.0  # an upload of 10 MB over a slow line
_ACCEPT_ALL = {"Accept": "*/*"}
_UNSAFE_CHARACTERS = re.compile(r"[^A-Za-z0-9._-]+")


class ApiHttpClient:
    """Transport for any call of WeChat's API; an instance belongs to one thread."""

    def __init__(
        self,
        api_base: str,
        proxy: str = SYSTEM_PROXY,
        *,
        read_timeout_s: float = READ_TIMEOUT_S,
        total_timeout_s: float = TOTAL_TIMEOUT_S,
    ) -> None:
        """Raise BadInput for an API base that would send the token over the network without TLS."""
        self._client = WeChatHttpClient(
            api_base, proxy=proxy, read_timeout_s=read_timeout_s, total_timeout_s=total_timeout_s
        )

    def send(self, request: ApiRequest, access_token: str) -> ApiReply | TransportFailure:
        """Send the request once, with the token added; a redirect is an answer and is not followed."""
        reply = self._client.send_call(_to_call(request, access_token))
        return reply if isinstance(reply, TransportFailure) else ApiReply(reply.status, reply.body, reply.server_at)

    def close(self) -> None:
        """Cancel the pending request, if any, and close the connections. May be called from any thread."""
        self._client.close()


class AccountApiTransport:
    """Transport for calls of any account, to its own API host and through its own proxy, for one thread."""

    def __init__(self, routes: AccountTransport) -> None:
        self._routes = routes
        self._client: ApiHttpClient | None = None  # of the last account

    def send(self, request: ApiRequest, access_token: str, account: Account) -> ApiReply | TransportFailure:
        proxy = self._routes.proxy_of(account)
        if isinstance(proxy, TransportFailure):
            return proxy
        self.close()
        self._client = ApiHttpClient(self._routes.api_base_of(account), proxy)
        return self._client.send(request, access_token)

    def close(self) -> None:
        """Cancel the pending request, if any, and close the connections. May be called from any thread."""
        if self._client is not None:
            self._client.close()


def _to_call(request: ApiRequest, access_token: str) -> HttpCall:
    query = (*request.query, (ACCESS_TOKEN, access_token))
    if request.upload is not None:
        upload = request.upload
        form = {"description": upload.description} if upload.description else {}
        files = ((upload.field, (_plain_name(upload.file_name), upload.content, _content_type(upload))),)
        return HttpCall(request.method, request.path, query, form, _ACCEPT_ALL, files, size_max=ANSWER_MAX)
    headers = _ACCEPT_ALL if request.body is None else {**_ACCEPT_ALL, "Content-Type": "application/json"}
    return HttpCall(request.method, request.path, query, request.body, headers, size_max=ANSWER_MAX)


def _plain_name(file_name: str) -> str:
    """Return a file name in ASCII: WeChat reads the suffix, and no name that is encoded as RFC 2231 asks."""
    path = PurePath(file_name)
    stem, suffix = _UNSAFE_CHARACTERS.sub("", path.stem), _UNSAFE_CHARACTERS.sub("", path.suffix)
    return f"{stem or 'file'}{suffix}"


def _content_type(upload: Upload) -> str:
    return mimetypes.guess_type(upload.file_name)[0] or "application/octet-stream"
