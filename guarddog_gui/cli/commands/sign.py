"""`sign`: the signature of a page, or the whole `wx.config` that goes with it."""

import json
from dataclasses import dataclass
from enum import StrEnum
from secrets import token_hex

from guarddog_gui.cli.command_error import CommandError
from guarddog_gui.cli.context import CommandContext
from guarddog_gui.cli.fresh_values import require_ticket
from guarddog_gui.cli.select_account import select_account
from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.signing.js_apis import DEFAULT_JS_APIS
from guarddog_gui.domain.signing.wx_config import WxConfig
from guarddog_gui.domain.tokens.record import fingerprint
from guarddog_gui.services.exit_codes import ExitCode
from guarddog_gui.services.messages.local_time import format_iso
from guarddog_gui.services.messages.signing import not_signed_message, url_warning_message
from guarddog_gui.services.signing import (
    InvalidField,
    NoLiveTicket,
    PageSigner,
    SignedPage,
    SignRequest,
    TicketUnsupported,
)


class SignFormat(StrEnum):
    """What is printed; the value is the name of the option."""

    PLAIN = "plain"
    JSON = "json"
    JS = "js"
    HTML = "html"


@dataclass(frozen=True, slots=True)
class SignOptions:
    """How the result looks; the lists are for `wx.config` alone."""

    output_format: SignFormat
    js_apis: tuple[str, ...]
    open_tags: tuple[str, ...]
    debug: bool


def run_sign(
    context: CommandContext,
    name_or_appid: str | None,
    url: str,
    nonce: str | None,
    timestamp: str | None,
    options: SignOptions,
) -> ExitCode:
    """Print it; WeChat is asked only for a page that can be signed and where no live ticket is on disk."""
    account = select_account(context, name_or_appid)
    wish = SignRequest(url, token_hex(8) if nonce is None else nonce, timestamp)
    page = _sign_page(context, account, wish)
    config = WxConfig(
        page.appid,
        page.signature_input.timestamp,
        page.signature_input.nonce,
        page.signature_input.signature,
        options.js_apis or DEFAULT_JS_APIS,
        options.open_tags,
        options.debug,
    )
    match options.output_format:
        case SignFormat.PLAIN:
            context.terminal.write_line(config.signature)
            context.terminal.write_message(
                context.messages.text(
                    "Signed with the nonce {nonce} and the timestamp {timestamp}.",
                    nonce=config.nonce,
                    timestamp=config.timestamp,
                )
            )
        case SignFormat.JSON:
            context.terminal.write_line(
                json.dumps(_json_fields(context, page, config), ensure_ascii=False, indent=2)
            )
        case SignFormat.JS:
            context.terminal.write_line(config.as_javascript)
        case SignFormat.HTML:
            context.terminal.write_line(config.as_html(page.signature_input.url))
    for warning in page.warnings:
        context.terminal.write_message(url_warning_message(warning, context.messages))
    return ExitCode.SUCCESS


def _sign_page(context: CommandContext, account: Account, request: SignRequest) -> SignedPage:
    signer = PageSigner(dog_files=context.container.dog_files, clock=context.container.clock)
    signed = signer.sign(account, request)
    if isinstance(signed, NoLiveTicket):
        require_ticket(context, account)
        signed = signer.sign(account, request)
    match signed:
        case SignedPage():
            return signed
        case TicketUnsupported():
            code = ExitCode.NOT_FOUND
        case InvalidField():
            code = ExitCode.USAGE_ERROR
        case NoLiveTicket():
            code = ExitCode.TRY_LATER
    raise CommandError(code, not_signed_message(signed, account, context.messages))


def _json_fields(context: CommandContext, page: SignedPage, config: WxConfig) -> dict[str, object]:
    now, ticket = context.container.clock(), page.ticket
    return {
        "url": page.signature_input.url,
        "appid": page.appid,
        "nonceStr": page.signature_input.nonce,
        "timestamp": page.signature_input.timestamp,
        "signature": page.signature_input.signature,
        "signed": page.signature_input.signed_string,
        "ticket": {
            "fingerprint": fingerprint(ticket.value),
            "age_seconds": int(max(0.0, now - ticket.generated_at)),
            "expires_at": int(ticket.expires_at),
            "expires_at_iso": format_iso(ticket.expires_at),
            "seconds_left": int(ticket.remaining_s(now)),
        },
        "warnings": [
            {
                "kind": warning.kind.value,
                "text": url_warning_message(warning, context.messages).summary,
                "detail": warning.detail,
                "corrected": warning.corrected,
            }
            for warning in page.warnings
        ],
        "config": config.arguments,
    }
