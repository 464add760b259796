"""The ten commonest mistakes in a JS-SDK signature, each as the `wx.config` that a page with it would have."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha1
from urllib.parse import quote

from guarddog_gui.domain.diagnosis.mistakes import MistakeKind
from guarddog_gui.domain.signing.signature import Signable, without_fragment

# a page on which each of them can be made; it is opened below an address of the test's own
PATH = "/shop/?id=7&from=timeline#top"

WxConfig = dict[str, object]


@dataclass(frozen=True, slots=True)
class Ingredients:
    """What a server has at hand when it signs; `url` is the page's own, with its fragment."""

    appid: str
    ticket: str
    previous_ticket: str  # replaced, and no longer accepted
    access_token: str
    nonce: str
    timestamp: int
    url: str


def right(have: Ingredients) -> WxConfig:
    """What Guard Dog would have made of them."""
    return _config(have, Signable(have.ticket, have.nonce, have.timestamp, without_fragment(have.url)))


def fragment_signed(have: Ingredients) -> WxConfig:
    return _config(have, Signable(have.ticket, have.nonce, have.timestamp, have.url))


def slash_missing(have: Ingredients) -> WxConfig:
    return _signed_url(have, without_fragment(have.url).replace("/?", "?"))


def wrong_scheme(have: Ingredients) -> WxConfig:
    return _signed_url(have, without_fragment(have.url).replace("http://", "https://"))


def encoded_url(have: Ingredients) -> WxConfig:
    """As JavaScript's encodeURIComponent leaves it when nobody decodes it again."""
    return _signed_url(have, quote(without_fragment(have.url), safe="!'()*"))


def share_parameter_left_out(have: Ingredients) -> WxConfig:
    return _signed_url(have, without_fragment(have.url).replace("&from=timeline", ""))


def milliseconds(have: Ingredients) -> WxConfig:
    """Date.now(), in the signature and in wx.config."""
    timestamp = have.timestamp * 1000 + 123
    signed = Signable(have.ticket, have.nonce, timestamp, without_fragment(have.url))
    return _config(have, signed) | {"timestamp": timestamp}


def nonce_under_wrong_name(have: Ingredients) -> WxConfig:
    """With the capital letter that wx.config wants, and the signature does not."""
    return _signed_text(have, lambda text: text.replace("noncestr=", "nonceStr="))


def times_sign(have: Ingredients) -> WxConfig:
    """`&times` is what HTML calls the sign ×."""
    return _signed_text(have, lambda text: text.replace("&timestamp", "×tamp"))


def previous_ticket(have: Ingredients) -> WxConfig:
    return _config(
        have, Signable(have.previous_ticket, have.nonce, have.timestamp, without_fragment(have.url))
    )


def access_token_for_ticket(have: Ingredients) -> WxConfig:
    return _config(have, Signable(have.access_token, have.nonce, have.timestamp, without_fragment(have.url)))


MISTAKES: tuple[tuple[str, Callable[[Ingredients], WxConfig], MistakeKind], ...] = (
    ("fragment signed", fragment_signed, MistakeKind.FRAGMENT),
    ("slash missing", slash_missing, MistakeKind.SLASH_MISSING),
    ("http and https swapped", wrong_scheme, MistakeKind.HTTPS),
    ("URL encoded with encodeURIComponent", encoded_url, MistakeKind.ENCODED),
    ("share parameter left out", share_parameter_left_out, MistakeKind.SHARE_MISSING),
    ("timestamp in milliseconds", milliseconds, MistakeKind.TIME_MS_BOTH),
    ("nonce under the wrong name", nonce_under_wrong_name, MistakeKind.NONCE_NAME),
    ("×tamp", times_sign, MistakeKind.TIMES_SIGN),
    ("previous ticket", previous_ticket, MistakeKind.OLD_TICKET),
    ("access token instead of the ticket", access_token_for_ticket, MistakeKind.ACCESS_TOKEN),
)


def _config(have: Ingredients, signed: Signable) -> WxConfig:
    return {
        "appId": have.appid,
        "timestamp": have.timestamp,
        "nonceStr": have.nonce,
        "signature": signed.signature,
        "jsApiList": ["chooseImage"],
    }


def _signed_url(have: Ingredients, url: str) -> WxConfig:
    return _config(have, Signable(have.ticket, have.nonce, have.timestamp, url))


def _signed_text(have: Ingredients, spoil: Callable[[str], str]) -> WxConfig:
    signable = Signable(have.ticket, have.nonce, have.timestamp, without_fragment(have.url))
    spoiled = sha1(spoil(signable.text).encode(), usedforsecurity=False).hexdigest()
    return _config(have, signable) | {"signature": spoiled}
