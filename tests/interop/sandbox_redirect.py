"""Redirection of wechatpy to the sandbox."""

from typing import Any

import requests
from requests.adapters import HTTPAdapter

from guarddog_gui.domain.wechat.protocol import DEFAULT_API_BASE


class SandboxRedirectAdapter(HTTPAdapter):
    """HTTP adapter that sends requests for WeChat to the sandbox: wechatpy has WeChat's address hard-coded."""

    def __init__(self, base: str) -> None:
        super().__init__()
        self._base = base

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        request.url = (request.url or "").replace(DEFAULT_API_BASE, self._base, 1)
        return super().send(request, *args, **kwargs)
