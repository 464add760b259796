"""Explanation of a pasted reply or error message: the errcode or JS-SDK message that it is about."""

import re
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from guarddog_gui.domain.paste.pasted_reply import PastedReply
from guarddog_gui.domain.wechat.errcode_host import ErrcodeHost
from guarddog_gui.domain.wechat.errcodes import Errcode, ErrcodeCatalog
from guarddog_gui.domain.wechat.jssdk_errors import JssdkError, JssdkErrorCatalog

if TYPE_CHECKING:
    from guarddog_gui.domain.wechat.errcode_lists import ListedErrcode

_PLAIN_NUMBER = re.compile(r"-?[0-9]{1,18}")
_NUMBER = re.compile(r"-?\d{1,18}")  # also in full-width digits
_NUMBER_SEPARATORS = re.compile(r"[\s,;，；、]+")


class PastedError(Struct, frozen=True):
    """Content of a pasted text, and the entry of one catalogue that explains it; none if no catalogue does.

    `listed` are entries of the lists of all errcodes: several if the number or the message means several things.
    """

    reply: PastedReply
    errcode: Errcode | None = None
    jssdk_error: JssdkError | None = None
    listed: "tuple[ListedErrcode, ...]" = ()

    @property
    def is_explained(self) -> bool:
        found = (self.errcode, self.jssdk_error, self.reply.other_token)
        return any(part is not None for part in found) or bool(self.listed)


def find_pasted_error(
    text: str, errcodes: ErrcodeCatalog, jssdk_errors: JssdkErrorCatalog, host: ErrcodeHost | None = None
) -> PastedError:
    """Find the explanation of a text that came from `host`, or from the host that the text names.

    A message of the JS-SDK counts before the errcode in it: its numbers are those of the client. Without any
    errcode the message is looked up, first among those of the JS-SDK. A number that the text does not call an
    errcode counts last: it may be a duration, a port or an order.
    """
    if _PLAIN_NUMBER.fullmatch(text):
        reply = PastedReply(int(text))
    else:
        from guarddog_gui.domain.paste.reply import read_reply  # takes 6 ms, which `errcode 40164` must not pay
        from guarddog_gui.domain.wechat.errcode_lists import find_host

        reply = read_reply(text, errcodes, errcodes.lists)
        host = host or find_host(text)
    jssdk_error = jssdk_errors.find(text, with_codes=reply.is_jssdk)
    if jssdk_error is not None and (reply.is_jssdk or reply.errcode is None or reply.is_bare_number):
        return PastedError(_without_number(reply), jssdk_error=jssdk_error)
    if reply.errcode is not None and not reply.is_bare_number:
        return _explain_number(reply, reply.errcode, errcodes, host)
    errcode = errcodes.find_by_errmsg(text)
    if errcode is not None:
        return PastedError(_without_number(reply), errcode)
    if reply.other_token is not None:
        return PastedError(_without_number(reply))
    return _find_in_lists(text, reply, errcodes, host)


def search_errcodes(
    text: str, errcodes: ErrcodeCatalog, host: ErrcodeHost | None = None
) -> "tuple[Errcode | ListedErrcode, ...]":
    """Return the errcodes with all words of the text, the common ones first."""
    words = text.casefold().split()
    common = [
        errcode
        for errcode in filter(None, map(errcodes.find, errcodes.codes()))
        if words and host in (None, errcode.host) and all(word in errcode.search_text for word in words)
    ]
    listed = (entry for entry in errcodes.lists.search(text, host) if not errcodes.explains(entry.code, entry.host))
    return (*common, *listed)


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


def _explain_number(reply: PastedReply, code: int, errcodes: ErrcodeCatalog, host: ErrcodeHost | None) -> PastedError:
    """Explain a number by its entry of the catalogue, unless it means another thing on the host of the reply."""
    errcode = errcodes.find(code)
    if errcodes.explains(code, host):
        return PastedError(reply, errcode)
    listed = errcodes.lists.find(code, host) or errcodes.lists.find(code)
    return PastedError(reply, listed=listed) if listed else PastedError(reply, errcode)


def _find_in_lists(text: str, reply: PastedReply, errcodes: ErrcodeCatalog, host: ErrcodeHost | None) -> PastedError:
    """Find a message that only the lists have, or a number that the text does not call an errcode."""
    from guarddog_gui.domain.paste.reply import read_reply

    listed = errcodes.lists.find_by_errmsg(text, host)
    if len(listed) == 1:
        return _explain_number(_without_number(reply), listed[0].code, errcodes, listed[0].host)
    if listed:
        return PastedError(_without_number(reply), listed=listed)
    known = reply if reply.errcode is not None else read_reply(text, errcodes.lists)
    return PastedError(reply) if known.errcode is None else _explain_number(known, known.errcode, errcodes, host)


def _without_number(reply: PastedReply) -> PastedReply:
    """Return the reply without a number that the text does not call an errcode: its message says what it is about."""
    return replace(reply, errcode=None, is_bare_number=False) if reply.is_bare_number else reply


def _is_query(text: str, errcodes: ErrcodeCatalog, jssdk_errors: JssdkErrorCatalog) -> bool:
    if " " not in text and not text.startswith("{") and not _NUMBER.fullmatch(text):
        return False  # a word of a message
    return find_pasted_error(text, errcodes, jssdk_errors).is_explained
