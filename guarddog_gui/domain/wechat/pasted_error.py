"""Explanation of a pasted reply or error message: the errcode or JS-SDK message that it is about."""

import re

from msgspec import Struct

from guarddog_gui.domain.paste.pasted_reply import PastedReply
from guarddog_gui.domain.wechat.errcodes import Errcode, ErrcodeCatalog
from guarddog_gui.domain.wechat.jssdk_errors import JssdkError, JssdkErrorCatalog

_PLAIN_NUMBER = re.compile(r"-?[0-9]{1,18}")
_NUMBER = re.compile(r"-?\d{1,18}")  # also in full-width digits
_NUMBER_SEPARATORS = re.compile(r"[\s,;，；、]+")


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


def split_queries(
    arguments: tuple[str, ...], errcodes: ErrcodeCatalog, jssdk_errors: JssdkErrorCatalog
) -> tuple[str, ...]:
    """Return the queries in the arguments of a command: several numbers or messages, else one text of many words."""
    numbers = tuple(filter(None, _NUMBER_SEPARATORS.split(" ".join(arguments))))
    if len(numbers) > 1 and all(map(_NUMBER.fullmatch, numbers)):
        return numbers  # also unknown ones
    words = tuple(filter(None, (argument.strip() for argument in arguments)))
    if len(words) > 1 and all(_is_query(word, errcodes, jssdk_errors) for word in words):
        return words
    return (" ".join(arguments).strip(),)


def _is_query(text: str, errcodes: ErrcodeCatalog, jssdk_errors: JssdkErrorCatalog) -> bool:
    if " " not in text and not text.startswith("{") and not _NUMBER.fullmatch(text):
        return False  # a word of a message
    pasted = find_pasted_error(text, errcodes, jssdk_errors)
    return pasted.errcode is not None or pasted.jssdk_error is not None
