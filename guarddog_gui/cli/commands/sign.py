"""`sign`: the signature of a page, or the whole `wx.config` that goes with it."""

import json
from dataclasses import dataclass
from enum import StrEnum
from secrets import token_hex

from guarddog_gui.cli.command_error import Stop
from guarddog_gui.cli.context import Desk
from guarddog_gui.cli.fresh_values import fetch_ticket
from guarddog_gui.cli.select_account import chosen
from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.signing.js_apis import USUAL_APIS
from guarddog_gui.domain.signing.wx_config import WxConfig
from guarddog_gui.domain.tokens.record import fingerprint
from guarddog_gui.services.exit_codes import Exit
from guarddog_gui.services.messages.local_time import iso
from guarddog_gui.services.messages.signing import not_signed, url_warning
from guarddog_gui.services.signing import BadField, NeverATicket, NoTicket, SignedPage, Signer, Wish


class SignForm(StrEnum):
    """What is printed; the value is the name of the option."""

    PLAIN = "plain"
    JSON = "json"
    JS = "js"
    HTML = "html"


@dataclass(frozen=True, slots=True)
class SignOptions:
    """How the result looks; the lists are for `wx.config` alone."""

    form: SignForm
    js_apis: tuple[str, ...]
    open_tags: tuple[str, ...]
    debug: bool


def sign(
    desk: Desk, wanted: str | None, url: str, nonce: str | None, timestamp: str | None, options: SignOptions
) -> Exit:
    """Print it; WeChat is asked only for a page that can be signed and where no live ticket is on disk."""
    account = chosen(desk, wanted)
    wish = Wish(url, token_hex(8) if nonce is None else nonce, timestamp)
    page = _signed(desk, account, wish)
    config = WxConfig(
        page.appid,
        page.signable.timestamp,
        page.signable.nonce,
        page.signable.signature,
        options.js_apis or USUAL_APIS,
        options.open_tags,
        options.debug,
    )
    match options.form:
        case SignForm.PLAIN:
            desk.terminal.put(config.signature)
            desk.terminal.say(
                desk.sentences.say("signed-with", nonce=config.nonce, timestamp=config.timestamp)
            )
        case SignForm.JSON:
            desk.terminal.put(json.dumps(_fields(desk, page, config), ensure_ascii=False, indent=2))
        case SignForm.JS:
            desk.terminal.put(config.as_javascript)
        case SignForm.HTML:
            desk.terminal.put(config.as_html(page.signable.url))
    for warning in page.warnings:
        desk.terminal.say(url_warning(warning, desk.sentences))
    return Exit.DONE


def _signed(desk: Desk, account: Account, wish: Wish) -> SignedPage:
    signer = Signer(dogs=desk.stores.dogs, clock=desk.stores.clock)
    signed = signer.sign(account, wish)
    if isinstance(signed, NoTicket):
        fetch_ticket(desk, account)
        signed = signer.sign(account, wish)
    match signed:
        case SignedPage():
            return signed
        case NeverATicket():
            code = Exit.NO_SUCH
        case BadField():
            code = Exit.WRONG_USAGE
        case NoTicket():
            code = Exit.TRY_LATER
    raise Stop(code, not_signed(signed, account, desk.sentences))


def _fields(desk: Desk, page: SignedPage, config: WxConfig) -> dict[str, object]:
    now, ticket = desk.stores.clock(), page.ticket
    return {
        "url": page.signable.url,
        "appid": page.appid,
        "nonceStr": page.signable.nonce,
        "timestamp": page.signable.timestamp,
        "signature": page.signable.signature,
        "signed": page.signable.text,
        "ticket": {
            "fingerprint": fingerprint(ticket.value),
            "age_seconds": int(max(0.0, now - ticket.generated_at)),
            "expires_at": int(ticket.expires_at),
            "expires_at_iso": iso(ticket.expires_at),
            "seconds_left": int(ticket.left(now)),
        },
        "warnings": [
            {
                "kind": warning.kind.value,
                "text": url_warning(warning, desk.sentences).what,
                "detail": warning.detail,
                "corrected": warning.corrected,
            }
            for warning in page.warnings
        ],
        "config": config.fields,
    }
