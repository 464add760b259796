"""Literal `wx.config({…})` in a pasted text: the properties in it that WeChat's client cannot use.

The client reads exactly `appId`, `timestamp`, `nonceStr`, `signature` and `jsApiList`; it ignores other spellings.
A server's reply may use any names, because the page copies its values: so only the call itself is looked at.
"""

import re
from collections.abc import Iterator
from enum import StrEnum

from msgspec import Struct

from guarddog_gui.domain.paste.layers import decoded_layers, fold_text, unescape
from guarddog_gui.domain.paste.names import Rank, find_field
from guarddog_gui.domain.paste.pairs import STRING, TEMPLATE
from guarddog_gui.domain.paste.values import is_template

_LIST = "jsApiList"  # most texts are pasted without it: it is no part of what is signed
_FIELD_OF_PARAMETER = {
    "appId": "appid",
    "timestamp": "timestamp",
    "nonceStr": "nonce",
    "signature": "signature",
    _LIST: "",
}
_OTHER_PARAMETERS = frozenset({"debug", "beta", "openTagList"})
_SIMILARITY_MIN = 0.8  # of a name that is a misspelt one: timestemp, appld
_CALL = re.compile(r"(?<![\w$.])(?:wx|jWeixin)\s{0,9}\.\s{0,9}config\s{0,9}\(\s{0,99}\{")
_CALLS_MAX = 20
_TOKENS_MAX = 2000
_TOKEN = re.compile(
    rf"(?P<template>{TEMPLATE.pattern})"
    r"|(?P<comment>//[^\n]*|/\*(?:[^*]++|\*(?!/))*+(?:\*/)?)"
    rf"|(?P<string>{STRING})"
    r"|(?P<spread>\.{3}|…)"
    r"|(?P<open>[{(\[])|(?P<close>[})\]])|(?P<comma>,)|(?P<colon>:)"
    r"|(?P<word>[\w$]+(?:\??\.[\w$]+)*)"
    r"|(?P<other>\S)",
    re.DOTALL,
)
_NOTHING = frozenset({"null", "undefined", "void", "NaN"})


class CallMistakeKind(StrEnum):
    """Reason for which WeChat's client cannot use a parameter of `wx.config`."""

    MISNAMED = "misnamed"
    MISSING = "missing"
    EMPTY = "empty"
    TEMPLATE = "template"  # the place of a template that the server has not filled in


class CallMistake(Struct, frozen=True):
    """Parameter that WeChat's client cannot use.

    parameter   name of the parameter as WeChat spells it
    written     wrong name, or the value that cannot be used; empty if there is none
    """

    kind: CallMistakeKind
    parameter: str
    written: str = ""


class _Value(Struct, frozen=True):
    """Value of a property: the tokens outside of brackets, each with the name of its group."""

    tokens: tuple[tuple[str, str], ...]

    @property
    def text(self) -> str | None:
        """Return the text of a string; None for a number, a variable and any other expression."""
        return unescape(self.tokens[0][1][1:-1]) if [kind for kind, _ in self.tokens] == ["string"] else None

    @property
    def template(self) -> str:
        """Return the place of a template that is the value or a part of it; `${x}` in backticks is a variable."""
        places = (text for kind, text in self.tokens if kind == "template" and not text.startswith("[["))
        text = self.text
        if text is not None and not self.tokens[0][1].startswith("`") and is_template(text):
            return text
        return next(places, "")


class _Call(Struct, frozen=True):
    """Properties of one call.

    is_complete   False if more may be in it: a cut text, a spread object or a template's block
    source        text from the opening bracket on
    """

    properties: dict[str, _Value]
    is_complete: bool
    source: str


def find_call_mistakes(text: str, signature: str) -> tuple[CallMistake, ...]:
    """Return the mistakes of the call that has this signature in it, or else of the only call in the text."""
    if "config" not in text:
        return ()
    for layer in decoded_layers(text):
        calls = list(_read_calls(fold_text(layer)))
        with_signature = [call for call in calls if signature and signature in call.source]
        if with_signature:
            return tuple(_mistakes(with_signature[0], has_values=True))
        if len(calls) == 1:
            return tuple(_mistakes(calls[0], has_values=False))
    return ()


def _read_calls(folded: str) -> Iterator[_Call]:
    end = 0
    for _ in range(_CALLS_MAX):
        start = _CALL.search(folded, end)
        if start is None:
            return
        call, end = _read_call(folded, start.end())
        if call is not None:
            yield call


def _read_call(folded: str, start: int) -> tuple[_Call | None, int]:
    """Return the call whose object begins at `start`, and where it ends; None for what is no literal of JavaScript."""
    scan, position = _CallScan(), start
    for _ in range(_TOKENS_MAX):
        token = _TOKEN.search(folded, position)
        if token is None:
            break
        position, kind = token.end(), token.lastgroup or ""
        if token[0] == "\\":
            return None, position  # a string inside a string: another layer has the call itself
        if scan.depth == 0 and kind == "close":
            scan.end_property()
            return _Call(scan.properties, scan.is_complete, folded[start:position]), position
        if kind != "comment":
            scan.add(kind, token[0])
    scan.end_property()
    return _Call(scan.properties, False, folded[start:position]), position


class _CallScan:
    """Scan of the properties of one object; `depth` counts the brackets that are open inside of it."""

    def __init__(self) -> None:
        self.properties: dict[str, _Value] = {}
        self.is_complete = True
        self.depth = 0
        self._name: str | None = None
        self._is_value = False
        self._tokens: list[tuple[str, str]] = []

    def end_property(self) -> None:
        if self._name is not None:
            self.properties[self._name] = _Value(tuple(self._tokens))
        self._name, self._is_value, self._tokens = None, False, []

    def add(self, kind: str, text: str) -> None:
        if self.depth == 0 and kind == "comma":
            self.end_property()
            return
        is_inside = self.depth > 0
        self.depth += (kind == "open") - (kind == "close")
        if is_inside:
            return
        if self._is_value:
            self._tokens.append((kind, text))
        elif kind == "colon":
            self._is_value = self._name is not None
        elif kind in ("word", "string"):
            self._name = text.strip("\"'`")
        else:
            self.is_complete = False  # a spread object, a computed name or a template's block


def _mistakes(call: _Call, *, has_values: bool) -> Iterator[CallMistake]:
    for parameter in _FIELD_OF_PARAMETER:
        value = call.properties.get(parameter)
        if value is not None:
            mistake = _value_mistake(parameter, value)
            if mistake is not None and (has_values or mistake.kind is not CallMistakeKind.TEMPLATE):
                yield mistake
            continue
        misspelt = next((name for name in call.properties if _is_meant(name, parameter)), "")
        if misspelt:
            yield CallMistake(CallMistakeKind.MISNAMED, parameter, misspelt)
        elif call.is_complete and call.properties and parameter != _LIST:
            yield CallMistake(CallMistakeKind.MISSING, parameter)


def _value_mistake(parameter: str, value: _Value) -> CallMistake | None:
    if value.template:
        return CallMistake(CallMistakeKind.TEMPLATE, parameter, value.template)
    if value.text is not None:
        text = value.text.strip()
        is_nothing = not text or (parameter == "appId" and text in _NOTHING)
        return CallMistake(CallMistakeKind.EMPTY, parameter, text) if is_nothing else None
    words = [text for _, text in value.tokens]
    return CallMistake(CallMistakeKind.EMPTY, parameter, words[0]) if words and words[0] in _NOTHING else None


def _is_meant(name: str, parameter: str) -> bool:
    """Return True if the name is a wrong spelling of the parameter."""
    if name in _FIELD_OF_PARAMETER or name in _OTHER_PARAMETERS:
        return False
    known = find_field(name)
    if known is not None:
        return known.field == _FIELD_OF_PARAMETER[parameter] and known.rank <= Rank.WEAK
    from difflib import SequenceMatcher  # rarely needed, and takes milliseconds to import

    return SequenceMatcher(None, name.lower(), parameter.lower()).ratio() >= _SIMILARITY_MIN
