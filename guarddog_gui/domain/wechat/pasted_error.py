"""Explanation of a pasted reply or error message: the errcode or JS-SDK message that it is about."""

import re

from msgspec import Struct

from guarddog_gui.domain.paste.pasted_reply import PastedReply
from guarddog_gui.domain.wechat.errcodes import Errcode, ErrcodeCatalog
from guarddog_gui.domain.wechat.jssdk_errors import JssdkError, JssdkErrorCatalog

_PLAIN_NUMBER = re.compile(r"-?[0-9]{1,18}")


class PastedError(Struct, frozen=True):
    """Content of a pasted text, and the entry of one catalogue that explains it; neither if none does."""

    reply: PastedReply
    errcode: Errcode | None = None
    jssdk_error: JssdkError | None = None


def find_pasted_error(text: str, errcodes: ErrcodeCatalog, jssdk_errors: JssdkErrorCatalog) -> PastedError:
    """Find the explanation of a text.

    A message of the JS-SDK counts before the errcode in it: its numbers are those of the client. Without any
    errcode the message is looked up, first among those of the JS-SDK.
    """
    if _PLAIN_NUMBER.fullmatch(text):
        reply = PastedReply(int(text))
    else:
        from guarddog_gui.domain.paste.reply import read_reply  # takes 6 ms, which `errcode 40164` must not pay

        reply = read_reply(text, errcodes)
    jssdk_error = jssdk_errors.find(text)
    if jssdk_error is not None and (reply.is_jssdk or reply.errcode is None):
        return PastedError(reply, jssdk_error=jssdk_error)
    if reply.errcode is not None:
        return PastedError(reply, errcodes.find(reply.errcode))
    return PastedError(reply, errcodes.find_by_errmsg(text))
