"""The ten most common mistakes in a JS-SDK signature, each as a function that returns the wrong `wx.config`."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha1
from urllib.parse import quote

from msgspec import Struct

from guarddog_gui.domain.diagnosis.mistakes import MistakeKind
from guarddog_gui.domain.signing.signature import SignatureInput, strip_fragment

# Path of a page on which every mistake is possible.
PAGE_PATH = "/shop/?id=7&from=timeline#top"

ConfigFields = dict[str, object]


class SigningInputs(Struct, frozen=True):
    """Values that a server signs with; `url` is the page's URL with its fragment."""

    appid: str
    ticket: str
    previous_ticket: str  # no longer accepted
    access_token: str
    nonce: str
    timestamp: int
    url: str


def correct_config(inputs: SigningInputs) -> ConfigFields:
    """Return the config without a mistake."""
    return _config(inputs, SignatureInput(inputs.ticket, inputs.nonce, inputs.timestamp, strip_fragment(inputs.url)))


def fragment_signed(inputs: SigningInputs) -> ConfigFields:
    return _config(inputs, SignatureInput(inputs.ticket, inputs.nonce, inputs.timestamp, inputs.url))


def slash_missing(inputs: SigningInputs) -> ConfigFields:
    return _config_signed_for_url(inputs, strip_fragment(inputs.url).replace("/?", "?"))


def wrong_scheme(inputs: SigningInputs) -> ConfigFields:
    return _config_signed_for_url(inputs, strip_fragment(inputs.url).replace("http://", "https://"))


def encoded_url(inputs: SigningInputs) -> ConfigFields:
    """Sign the URL as JavaScript's encodeURIComponent encodes it."""
    return _config_signed_for_url(inputs, quote(strip_fragment(inputs.url), safe="!'()*"))


def share_parameter_missing(inputs: SigningInputs) -> ConfigFields:
    return _config_signed_for_url(inputs, strip_fragment(inputs.url).replace("&from=timeline", ""))


def timestamp_in_milliseconds(inputs: SigningInputs) -> ConfigFields:
    """Use JavaScript's Date.now() in the signature and in wx.config."""
    timestamp = inputs.timestamp * 1000 + 123
    signed = SignatureInput(inputs.ticket, inputs.nonce, timestamp, strip_fragment(inputs.url))
    return _config(inputs, signed) | {"timestamp": timestamp}


def nonce_under_wrong_name(inputs: SigningInputs) -> ConfigFields:
    """Sign `nonceStr` with the capital letter that wx.config requires, but the signature does not."""
    return _config_signed_for_text(inputs, lambda text: text.replace("noncestr=", "nonceStr="))


def times_sign(inputs: SigningInputs) -> ConfigFields:
    """Sign a text in which HTML has replaced `&times` by ×."""
    return _config_signed_for_text(inputs, lambda text: text.replace("&timestamp", "×tamp"))


def previous_ticket(inputs: SigningInputs) -> ConfigFields:
    return _config(
        inputs, SignatureInput(inputs.previous_ticket, inputs.nonce, inputs.timestamp, strip_fragment(inputs.url))
    )


def access_token_for_ticket(inputs: SigningInputs) -> ConfigFields:
    return _config(
        inputs, SignatureInput(inputs.access_token, inputs.nonce, inputs.timestamp, strip_fragment(inputs.url))
    )


MISTAKES: tuple[tuple[str, Callable[[SigningInputs], ConfigFields], MistakeKind], ...] = (
    ("fragment signed", fragment_signed, MistakeKind.FRAGMENT),
    ("slash missing", slash_missing, MistakeKind.SLASH_MISSING),
    ("http and https swapped", wrong_scheme, MistakeKind.HTTPS),
    ("URL encoded with encodeURIComponent", encoded_url, MistakeKind.ENCODED),
    ("share parameter left out", share_parameter_missing, MistakeKind.SHARE_PARAMETER_MISSING),
    ("timestamp in milliseconds", timestamp_in_milliseconds, MistakeKind.TIMESTAMP_MS_BOTH),
    ("nonce under the wrong name", nonce_under_wrong_name, MistakeKind.NONCE_NAME),
    ("×tamp", times_sign, MistakeKind.TIMES_SIGN),
    ("previous ticket", previous_ticket, MistakeKind.OLD_TICKET),
    ("access token instead of the ticket", access_token_for_ticket, MistakeKind.ACCESS_TOKEN),
)


def _config(inputs: SigningInputs, signed: SignatureInput) -> ConfigFields:
    return {
        "appId": inputs.appid,
        "timestamp": inputs.timestamp,
        "nonceStr": inputs.nonce,
        "signature": signed.signature,
        "jsApiList": ["chooseImage"],
    }


def _config_signed_for_url(inputs: SigningInputs, url: str) -> ConfigFields:
    return _config(inputs, SignatureInput(inputs.ticket, inputs.nonce, inputs.timestamp, url))


def _config_signed_for_text(inputs: SigningInputs, modify: Callable[[str], str]) -> ConfigFields:
    signable = SignatureInput(inputs.ticket, inputs.nonce, inputs.timestamp, strip_fragment(inputs.url))
    wrong_signature = sha1(modify(signable.signed_string).encode(), usedforsecurity=False).hexdigest()
    return _config(inputs, signable) | {"signature": wrong_signature}
