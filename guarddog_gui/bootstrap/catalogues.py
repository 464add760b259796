"""Data of the program as texts and files have it: messages, errcodes, JS-SDK errors, calls of WeChat's API."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from guarddog_gui.adapters.files.paths import resource_path

if TYPE_CHECKING:
    from guarddog_gui.domain.api.catalogue import ApiCatalogue
    from guarddog_gui.domain.wechat.errcode_host import ErrcodeHost
    from guarddog_gui.domain.wechat.errcodes import ErrcodeCatalog
    from guarddog_gui.domain.wechat.jssdk_errors import JssdkErrorCatalog
    from guarddog_gui.services.messages.message import Messages


def make_messages(
    environ: Mapping[str, str], language: str, errcode_catalog: "ErrcodeCatalog", format_time: Callable[[float], str]
) -> "Messages":
    from guarddog_gui.adapters.message_catalogs import find_language, load_message_catalog
    from guarddog_gui.services.messages.message import Messages

    message_catalog = load_message_catalog(find_language(environ, language))
    return Messages(message_catalog, errcode_catalog, format_time)


def load_errcode_catalog() -> "ErrcodeCatalog":
    from guarddog_gui.domain.wechat.errcodes import ErrcodeCatalog

    return ErrcodeCatalog.from_json(resource_path("errcodes.json").read_text(encoding="utf-8"), _read_errcode_list)


def _read_errcode_list(host: "ErrcodeHost") -> str:
    name = "errcodes_api.json" if host == "api.weixin.qq.com" else "errcodes_work.json"
    return resource_path(name).read_text(encoding="utf-8")


def load_jssdk_errors() -> "JssdkErrorCatalog":
    from guarddog_gui.domain.wechat.jssdk_errors import JssdkErrorCatalog

    return JssdkErrorCatalog.from_json(resource_path("jssdk_errors.json").read_text(encoding="utf-8"))


def load_api_catalogue() -> "ApiCatalogue":
    from guarddog_gui.domain.api.catalogue import ApiCatalogue

    return ApiCatalogue.from_json(resource_path("api_calls.json").read_text(encoding="utf-8"))
