"""Reader for a pasted jsapi_ticket: alone, named, in a reply of WeChat or in a `.dog` file."""

import re

from guarddog_gui.domain.paste.config import trim_to_config
from guarddog_gui.domain.paste.layers import clean_text, decoded_layers, fold_text
from guarddog_gui.domain.paste.names import Rank
from guarddog_gui.domain.paste.other_tokens import find_other_token
from guarddog_gui.domain.paste.scanner import scan_text
from guarddog_gui.domain.paste.values import TICKET

READ_MAX = 2**16  # characters
_DOG_FILE = re.compile(r"\"data\"\s{0,8}:\s{0,8}\"([!-~]{1,2048}?)\"")
_DOG_FILE_FIELD = re.compile(r"\"(?:gen_time|ahead|expires_in)\"")
_OTHER_VALUE = re.compile(r"access_?token|\"?err_?code\"?\s{0,4}[:=]\s{0,4}\"?-?[1-9]", re.IGNORECASE)
_WRAPPED = re.compile(r"(?:[\w-]{20,}\s*\n\s*)+[\w-]+", re.ASCII)
_WORD = re.compile(r"[!-~]+")
_TICKET_IN_TEXT = re.compile(r"(?<![\w-])[\w-]{40,512}(?![\w-])", re.ASCII)
_SIGNATURE = re.compile(r"[0-9a-fA-F]{40}|[0-9a-fA-F]{64}")
_EDGES = " \t\n\r\"'`,;:()[]<>*"


def read_ticket(text: str) -> str:
    """Return the ticket in the text, or an empty string if it has none, but a token or an error for example."""
    text = clean_text(trim_to_config(text, READ_MAX)).strip()
    if find_other_token(text) is not None:  # a component_verify_ticket is a ticket, too
        return ""
    for layer in decoded_layers(text):
        named = _named_ticket(layer)
        if named:
            return named
        saved = _DOG_FILE.search(layer) if _DOG_FILE_FIELD.search(layer) else None
        if saved is not None:
            return saved[1]
    if _OTHER_VALUE.search(text):
        return ""
    plain = fold_text(text).strip(_EDGES)
    if _WORD.fullmatch(plain):
        return plain
    if _WRAPPED.fullmatch(plain):
        return "".join(plain.split())
    found = {word for word in _TICKET_IN_TEXT.findall(plain) if not _SIGNATURE.fullmatch(word)}
    return found.pop() if len(found) == 1 else ""


def _named_ticket(text: str) -> str:
    if "ticket" not in text.lower() and "票据" not in text:
        return ""
    pairs = [pair for group in scan_text(text) for pair in group.pairs if pair.field == "ticket" and pair.is_literal]
    usable = [pair for pair in pairs if TICKET.fullmatch(pair.value.strip())]
    usable.sort(key=lambda pair: pair.rank >= Rank.WEAK)
    return usable[0].value.strip() if usable else ""
