"""Texts about the entries of the lists of all errcodes."""

from guarddog_gui.domain.message_catalog import N_, NC_
from guarddog_gui.domain.wechat.errcode_lists import Doubt, ListedErrcode
from guarddog_gui.services.messages.message import Messages

TOPIC_NAMES = {
    "argument": NC_("errcode topic", "parameters"),
    "card": NC_("errcode topic", "cards and coupons"),
    "config": NC_("errcode topic", "settings"),
    "content": NC_("errcode topic", "content"),
    "device": NC_("errcode topic", "devices"),
    "media": NC_("errcode topic", "media"),
    "menu": NC_("errcode topic", "menus"),
    "other": NC_("errcode topic", "other"),
    "pay": NC_("errcode topic", "payment and orders"),
    "permission": NC_("errcode topic", "permissions"),
    "quota": NC_("errcode topic", "quotas and limits"),
    "store": NC_("errcode topic", "stores"),
    "system": NC_("errcode topic", "WeChat's servers"),
    "template": NC_("errcode topic", "templates"),
    "token": NC_("errcode topic", "tokens and tickets"),
    "user": NC_("errcode topic", "users and members"),
}
SCOPE_NAMES = {
    "mp": NC_("errcode scope", "official accounts"),
    "mini": NC_("errcode scope", "mini programs"),
    "open": NC_("errcode scope", "third-party platforms"),
    "work": NC_("errcode scope", "WeCom"),
    "store": NC_("errcode scope", "WeChat stores"),
    "jssdk": NC_("errcode scope", "JS-SDK"),
}
_DOUBTS = {
    Doubt.ONE_SOURCE: N_("Only one public list has this number."),
    Doubt.DIFFERENT_SOURCES: N_("The public lists do not agree about this number."),
}


def left_out_text(count: int, messages: Messages) -> str:
    """Return how many entries of a search are not shown."""
    return messages.plural(
        "{count} more errcode has these words: add a word.",
        "{count} more errcodes have these words: add a word.",
        count,
        count=count,
    )


def topic_name(entry: ListedErrcode, messages: Messages) -> str:
    return messages.text_in_context("errcode topic", TOPIC_NAMES[entry.topic])


def listed_heading(entry: ListedErrcode, messages: Messages) -> str:
    """Return the area and the host: `menus · qyapi.weixin.qq.com`."""
    return f"{topic_name(entry, messages)} · {entry.host}"


def listed_details(entry: ListedErrcode, messages: Messages) -> tuple[str, ...]:
    """Return one line each for the errmsg, the circumstance, the remedy, the products and the doubt of an entry."""
    text, language = messages.text, messages.language
    scope = " · ".join(messages.text_in_context("errcode scope", SCOPE_NAMES[name]) for name in entry.scope)
    lines = (
        f"errmsg: {entry.errmsg}" if entry.errmsg else "",
        entry.fix(language) or entry.cause(language),  # the remedy of a common one says what its cause does
        text("Listed for: {products}", products=scope),
        text(_DOUBTS[entry.doubt]) if entry.doubt is not None else "",
    )
    return tuple(filter(None, lines))
