"""Services that only a window or a rare command needs; their modules are loaded when they are made."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from guarddog_gui.adapters.http.account_transport import AccountTransport
    from guarddog_gui.bootstrap.container import Container
    from guarddog_gui.domain.releases import Release
    from guarddog_gui.services.api_calls import ApiConsole
    from guarddog_gui.services.page_check import PageChecker
    from guarddog_gui.services.ports import Clock
    from guarddog_gui.services.refresh import Refresher


def make_api_console(container: "Container", transport: "AccountTransport", refresher: "Refresher") -> "ApiConsole":
    """Return what calls of WeChat's API are made with, for the thread of `transport` and `refresher`."""
    from guarddog_gui.adapters.files.atomic import write_named_file
    from guarddog_gui.adapters.files.upload import read_upload
    from guarddog_gui.adapters.http.api_client import AccountApiTransport
    from guarddog_gui.bootstrap.catalogues import load_api_catalogue
    from guarddog_gui.services.api_calls import ApiCaller, ApiConsole

    client = AccountApiTransport(transport)
    caller = ApiCaller(
        transport=client,
        refresher=refresher,
        dog_files=container.own_values,
        call_store=container.api_calls,
        clock=container.clock,
        failures_since=container.accounts.changed_at,
    )
    return ApiConsole(
        caller,
        container.api_calls,
        container.api_base_of,
        load_api_catalogue,
        read_upload,
        lambda path, data: write_named_file(Path(path), data),
        client.close,
    )


def make_page_checker(clock: "Clock") -> "PageChecker":
    """Return the check whether a page is ready."""
    from guarddog_gui.adapters.http.page_fetcher import HttpPageFetcher
    from guarddog_gui.services.page_check import PageChecker

    return PageChecker(fetcher=HttpPageFetcher(), clock=clock)


def find_release() -> "Release | None":
    """Ask for the newest version of Guard Dog."""
    from guarddog_gui.adapters.http.client import WeChatHttpClient
    from guarddog_gui.adapters.http.releases import API_BASE, fetch_release

    client = WeChatHttpClient(API_BASE)
    try:
        return fetch_release(client)
    finally:
        client.close()
