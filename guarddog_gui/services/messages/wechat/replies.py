"""Texts for what a pasted reply of WeChat says beside its errcode, and for what a number means elsewhere."""

from guarddog_gui.domain.message_catalog import CHINESE
from guarddog_gui.domain.paste.pasted_reply import PastedReply
from guarddog_gui.domain.wechat.errcode_host import ErrcodeHost
from guarddog_gui.services.messages.message import Messages

_OTHER_ERRCODES_MAX = 20


def bare_number_lines(reply: PastedReply, messages: Messages) -> tuple[str, ...]:
    """Return the line to show before the explanation of a number that the text does not call an errcode."""
    if not reply.is_bare_number:
        return ()
    return (messages.text("This text names no errcode: {code} only appears in it as a number.", code=reply.errcode),)


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
        lines.append(_other_errcodes_text(reply.other_errcodes, messages))
    urls = map(_printable, reply.real_auth_urls)
    return (*lines, *(text("Address that WeChat checked the signature for: {url}", url=url) for url in urls))


def _other_errcodes_text(errcodes: tuple[int, ...], messages: Messages) -> str:
    codes = ("、" if messages.language == CHINESE else ", ").join(map(str, errcodes[:_OTHER_ERRCODES_MAX]))
    left_out = len(errcodes) - _OTHER_ERRCODES_MAX
    if left_out > 0:
        return messages.text("Other errcodes in this text: {codes} and {count} more.", codes=codes, count=left_out)
    return messages.text("Other errcodes in this text: {codes}. Look them up one by one.", codes=codes)


def other_host_meaning(elsewhere: str, host: ErrcodeHost, messages: Messages) -> str:
    """Return what a number of `host` means on the other host."""
    other = ErrcodeHost.API if host is ErrcodeHost.WORK else ErrcodeHost.WORK
    return messages.text("On {host} this number means: {meaning}", host=other, meaning=elsewhere)


def _printable(url: str) -> str:
    return "".join(char if char.isprintable() else "…" for char in url)
