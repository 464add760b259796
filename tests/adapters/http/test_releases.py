from typing import cast

import pytest

from guarddog_gui.adapters.http.client import WeChatHttpClient
from guarddog_gui.adapters.http.releases import fetch_release
from guarddog_gui.domain.releases import Release
from guarddog_gui.domain.wechat.protocol import FailureKind, Reply, Request, TransportFailure

PAGE = "https://github.com/guarddog/guarddog-gui/releases/tag/v9.0.0"
BODY = f'{{"tag_name": "v9.0.0", "html_url": "{PAGE}"}}'.encode()


class AnsweringClient:
    def __init__(self, answer: Reply | TransportFailure) -> None:
        self.answer = answer
        self.requests: list[Request] = []

    def send(self, request: Request) -> Reply | TransportFailure:
        self.requests.append(request)
        return self.answer


def test_one_get_without_parameters_finds_the_release() -> None:
    client = AnsweringClient(Reply(200, BODY))
    assert fetch_release(cast("WeChatHttpClient", client)) == Release("9.0.0", PAGE)
    (request,) = client.requests
    assert (request.path, request.query, request.body) == ("/repos/guarddog/guarddog-gui/releases/latest", (), None)


@pytest.mark.parametrize(
    "answer", [Reply(404, b'{"message": "Not Found"}'), Reply(200, b"\xff\xfe"), TransportFailure(FailureKind.OFFLINE)]
)
def test_no_answer_is_no_release(answer: Reply | TransportFailure) -> None:
    assert fetch_release(cast("WeChatHttpClient", AnsweringClient(answer))) is None
