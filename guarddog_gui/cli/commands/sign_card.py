"""`sign-card`: what a page hands to addCard or chooseCard."""

import json

from guarddog_gui.cli.command_error import CommandError
from guarddog_gui.cli.context import CommandContext
from guarddog_gui.cli.fresh_values import require_ticket
from guarddog_gui.cli.select_account import select_account
from guarddog_gui.services.card_signing import (
    CardChoiceRequest,
    CardExtRequest,
    CardSigner,
    CardTicketDisabled,
    SignedCard,
)
from guarddog_gui.services.exit_codes import ExitCode
from guarddog_gui.services.messages.signing import not_signed_message
from guarddog_gui.services.signing import InvalidField, NoLiveTicket, TicketUnsupported


def run_sign_card(
    context: CommandContext, name_or_appid: str | None, request: CardExtRequest | CardChoiceRequest
) -> ExitCode:
    """Print it as JSON; WeChat is asked only where no live card ticket is on disk."""
    account = select_account(context, name_or_appid)
    signer = CardSigner(dog_files=context.container.dog_files, clock=context.container.clock)
    signed = signer.sign(account, request)
    if isinstance(signed, NoLiveTicket):
        require_ticket(context, account, signed.kind)
        signed = signer.sign(account, request)
    match signed:
        case SignedCard(fields):
            context.terminal.write_line(json.dumps(fields, ensure_ascii=False, indent=2))
            return ExitCode.SUCCESS
        case TicketUnsupported() | CardTicketDisabled():
            code = ExitCode.NOT_FOUND
        case InvalidField():
            code = ExitCode.USAGE_ERROR
        case NoLiveTicket():
            code = ExitCode.TRY_LATER
    raise CommandError(code, not_signed_message(signed, account, context.messages))
