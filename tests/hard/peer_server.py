"""Another server that refreshes the same accounts: wechatpy, from PyPI, on the endpoint of the arguments.

It uses its token and its ticket every minute, as a web shop does, and fetches another token when WeChat refuses
the one it has.
"""

from __future__ import annotations

import sys
import time
from typing import Any

import requests
from wechatpy import client as wechatpy_client
from wechatpy import exceptions as wechatpy_exceptions

from guarddog_gui.domain.wechat.protocol import DEFAULT_API_BASE
from tests.interop.sandbox_redirect import SandboxRedirectAdapter

PAUSE_S = 60.0
WeChatClient: Any = wechatpy_client.WeChatClient  # it has no types
WeChatClientException: Any = wechatpy_exceptions.WeChatClientException


class StableClient(WeChatClient):  # type: ignore[misc]  # the same
    """Client on stable_token; wechatpy itself knows only the classic endpoint."""

    def fetch_access_token(self) -> Any:
        fields = {"grant_type": "client_credential", "appid": self.appid, "secret": self.secret}
        answer = self._http.post(f"{DEFAULT_API_BASE}/cgi-bin/stable_token", json=fields, timeout=self.timeout).json()
        if "access_token" not in answer:
            raise WeChatClientException(answer.get("errcode"), answer.get("errmsg"))
        self.session.set(self.access_token_key, answer["access_token"], answer["expires_in"])
        self.expires_at = int(time.time()) + answer["expires_in"]
        return answer


def main(base: str, endpoint: str, *credentials: str) -> None:
    make_client = StableClient if endpoint == "stable" else WeChatClient
    clients = [
        make_client(appid, secret, timeout=30) for appid, _, secret in (text.partition(":") for text in credentials)
    ]
    for client in clients:
        client._http.mount(DEFAULT_API_BASE, SandboxRedirectAdapter(base))
    while True:
        for client in clients:
            try:
                client.jsapi.get_jsapi_ticket()
                client.get("getcallbackip")
            except (WeChatClientException, requests.RequestException) as error:
                sys.stdout.write(f"{type(error).__name__} {getattr(error, 'errcode', '')}\n")
                sys.stdout.flush()
        time.sleep(PAUSE_S)


if __name__ == "__main__":
    main(*sys.argv[1:])
