"""`sign`: print the signature of a page, or the whole `wx.config` call."""

import os
from argparse import Namespace
from collections.abc import Callable
from enum import StrEnum
from typing import TypeVar

from guarddog_gui.cli.command_error import CommandError
from guarddog_gui.cli.context import PROGRAM, CommandContext
from guarddog_gui.cli.fresh_values import require_ticket
from guarddog_gui.cli.parser import CommandDefinition
from guarddog_gui.cli.select_account import select_account
from guarddog_gui.cli.unused_options import refuse_without
from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.signing.js_apis import DEFAULT_JS_APIS
from guarddog_gui.domain.signing.wx_config import WxConfig
from guarddog_gui.domain.tokens.record import fingerprint
from guarddog_gui.services.exit_codes import ExitCode
from guarddog_gui.services.fresh_values import FetchedValues
from guarddog_gui.services.messages.signing.signatures import not_signed_message, url_warning_message
from guarddog_gui.services.messages.texts import format_iso
from guarddog_gui.services.signing import (
    CardTicketDisabled,
    InvalidField,
    NoLiveTicket,
    SignedCard,
    SignedPage,
    Signer,
    SignRequest,
    TicketUnsupported,
)

_Signed = TypeVar("_Signed", SignedPage, SignedCard)


class SignFormat(StrEnum):
    """Output formats; the value is the name of the option."""

    PLAIN = "plain"
    JSON = "json"
    JS = "js"
    HTML = "html"


def register(command: CommandDefinition) -> None:
    text = command.text
    command.parser.add_argument(
        "url",
        metavar="URL",
        help=text("the page's address; what begins with # is not signed, nor are blanks at the ends"),
    )
    command.add_account()
    command.add_nonce_and_timestamp()
    formats = command.parser.add_mutually_exclusive_group()
    json_help = text(
        "everything as JSON: the signature, the string that was signed (with the ticket in it), warnings, the config"
    )
    for output_format, help_text in (
        (SignFormat.JSON, json_help),
        (SignFormat.JS, text("the wx.config call as JavaScript")),
        (SignFormat.HTML, text("a page that calls wx.config and shows what came of it")),
    ):
        formats.add_argument(
            f"--{output_format}", action="store_const", const=output_format, dest="format", help=help_text
        )
    command.parser.set_defaults(format=SignFormat.PLAIN)
    for option, help_text in (
        ("--api", text("names for jsApiList, also several with commas (default: the two of sharing)")),
        ("--open-tag", text("names for openTagList, also several with commas")),
    ):
        command.parser.add_argument(
            option, action="extend", type=_split_names, default=[], metavar="NAME", help=help_text
        )
    command.add_flag("--debug", text("with debug: true"))
    command.set_examples(
        f"{PROGRAM} sign 'https://shop.example.cn/p?id=1' Shop --json",
        f"{PROGRAM} sign 'https://shop.example.cn/' --js --api chooseImage,scanQRCode",
        f"{PROGRAM} sign 'https://shop.example.cn/try.html' --html --debug > try.html",
    )


def _split_names(word: str) -> list[str]:
    return [name.strip() for name in word.split(",") if name.strip()]


def run(context: CommandContext, args: Namespace) -> ExitCode:
    """Print the signature; ask WeChat only if the page can be signed and no valid ticket is on disk."""
    if args.format is SignFormat.PLAIN:
        refuse_without(context, args, "--js, --html, --json", "--api", "--open-tag", "--debug")
    account = select_account(context, args.account)
    nonce = os.urandom(8).hex() if args.nonce is None else args.nonce
    request = SignRequest(args.url, nonce, args.timestamp)
    page: SignedPage = sign_or_raise(context, account, lambda signer: signer.sign_page(account, request))
    signed, apis, open_tags = page.signature_input, tuple(args.api) or DEFAULT_JS_APIS, tuple(args.open_tag)
    config = WxConfig(page.appid, signed.timestamp, signed.nonce, signed.signature, apis, open_tags, args.debug)
    match args.format:
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
            context.terminal.write_json(_json_fields(context, page, config))
        case SignFormat.JS:
            context.terminal.write_line(config.as_javascript)
        case _:
            context.terminal.write_line(config.as_html(page.signature_input.url))
    for warning in page.warnings:
        context.terminal.write_message(url_warning_message(warning, context.messages))
    warn_of_timestamp(context, page)
    return ExitCode.SUCCESS


def warn_of_timestamp(context: CommandContext, signed: SignedPage | SignedCard) -> None:
    if signed.timestamp_warning is not None:
        context.terminal.write_message(context.messages.for_bad_input(signed.timestamp_warning))


def sign_or_raise(
    context: CommandContext,
    account: Account,
    sign: Callable[[Signer], _Signed | InvalidField | NoLiveTicket | TicketUnsupported | CardTicketDisabled],
) -> _Signed:
    """Return what `sign` returns, after a ticket was fetched if there was none. Raises CommandError."""
    values, clock = context.container.own_values, context.container.clock
    signed = sign(Signer(dog_files=values, clock=clock))
    if isinstance(signed, NoLiveTicket):
        fetched = FetchedValues(values, account, {signed.kind: require_ticket(context, account, signed.kind)})
        signed = sign(Signer(dog_files=fetched, clock=clock))
    match signed:
        case TicketUnsupported() | CardTicketDisabled():
            code = ExitCode.NOT_FOUND
        case InvalidField():
            code = ExitCode.USAGE_ERROR
        case NoLiveTicket():
            code = ExitCode.TRY_LATER
        case _:
            return signed
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
        "warnings": _json_warnings(context, page),
        "config": config.arguments,
    }


def _json_warnings(context: CommandContext, page: SignedPage) -> list[dict[str, object]]:
    warnings: list[dict[str, object]] = [
        {
            "kind": warning.kind.value,
            "text": url_warning_message(warning, context.messages).summary,
            "detail": warning.detail,
            "corrected": warning.corrected,
        }
        for warning in page.warnings
    ]
    if page.timestamp_warning is not None:
        summary = context.messages.for_bad_input(page.timestamp_warning).summary
        timestamp = str(page.signature_input.timestamp)
        warnings.append({"kind": page.timestamp_warning.value, "text": summary, "detail": timestamp, "corrected": None})
    return warnings
