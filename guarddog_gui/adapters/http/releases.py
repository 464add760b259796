"""The newest release of Guard Dog, as GitHub names it."""

from http import HTTPStatus
from typing import TYPE_CHECKING

from guarddog_gui.domain.releases import Release, parse_release
from guarddog_gui.domain.wechat.protocol import Reply, Request

if TYPE_CHECKING:
    from guarddog_gui.adapters.http.client import WeChatHttpClient

API_BASE = "https://api.github.com"
_PATH = "/repos/guarddog/guarddog-gui/releases/latest"  # as in [project.urls] of pyproject.toml
_PAGE_PREFIX = "https://github.com/guarddog/guarddog-gui/releases/"


def fetch_release(client: "WeChatHttpClient") -> Release | None:
    """Ask once, and return None for anything that is no release: the user is not to be bothered by it."""
    reply = client.send(Request(_PATH))
    if not isinstance(reply, Reply) or reply.status != HTTPStatus.OK:
        return None
    return parse_release(reply.body.decode("utf-8", "replace"), _PAGE_PREFIX)
