"""Texts for what a pasted reply of WeChat says beside its errcode, and for what a number means elsewhere."""

from guarddog_gui.domain.paste.pasted_reply import PastedReply
from guarddog_gui.domain.wechat.errcode_host import ErrcodeHost
from guarddog_gui.services.messages.message import Messages

_OTHER_ERRCODES_MAX = 8


def reply_facts(reply: PastedReply, messages: Messages) -> tuple[str, ...]:
    """Return one line for each other fact: token, IP address, rid, hint, errcodes, addresses that were checked."""
    text = messages.text
    lines = []
    if reply.other_token is not None:
        lines.append(messages.for_bad_input(reply.other_token).text)
    if reply.ip:
        lines.append(text("IP address that WeChat saw: {ip}", ip=reply.ip))
    if reply.rid:
        lines.append(text("rid of the call, for a question to WeChat: {rid}", rid=reply.rid))
    if reply.hint:
        lines.append(text("hint of the call, for a question to WeChat: {hint}", hint=reply.hint))
    if reply.other_errcodes:
        codes = ", ".join(map(str, reply.other_errcodes[:_OTHER_ERRCODES_MAX]))
        lines.append(text("Other errcodes in this text: {codes}. Look them up one by one.", codes=codes))
    urls = map(_printable, reply.real_auth_urls)
    return (*lines, *(text("Address that WeChat checked the signature for: {url}", url=url) for url in urls))


def other_host_meaning(elsewhere: str, host: ErrcodeHost, messages: Messages) -> str:
    """Return what a number of `host` means on the other host."""
    other = ErrcodeHost.API if host is ErrcodeHost.WORK else ErrcodeHost.WORK
    return messages.text("On {host} this number means: {meaning}", host=other, meaning=elsewhere)


def _printable(url: str) -> str:
    return "".join(char if char.isprintable() else "…" for char in url)
