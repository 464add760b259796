"""`sign-card`: print the signed argument of addCard or chooseCard."""

from argparse import Namespace
from secrets import token_hex

from guarddog_gui.cli.commands.sign import sign_or_raise, warn_of_timestamp
from guarddog_gui.cli.context import PROGRAM, CommandContext
from guarddog_gui.cli.parser import CommandDefinition
from guarddog_gui.cli.select_account import select_account
from guarddog_gui.cli.unused_options import refuse_beside, refuse_without
from guarddog_gui.services.exit_codes import ExitCode
from guarddog_gui.services.signing import CardChoiceRequest, CardExtRequest, SignedCard


def register(command: CommandDefinition) -> None:
    text = command.text
    command.add_account()
    command.add_option("--card-id", "ID", text("the card; needed unless --choose is given"), "")
    command.add_option("--code", "CODE", text("the code of the card, where one is given out with it"), "")
    command.add_option("--openid", "ID", text("the only person who may take the card"), "")
    command.add_option("--card-type", "TYPE", text("with --choose: the kind of card, such as GROUPON"), "")
    command.add_option("--shop-id", "ID", text("with --choose: the shop (location_id in the signature)"), "")
    command.add_nonce_and_timestamp()
    command.add_flag("--choose", text("for chooseCard instead of addCard"))
    command.set_examples(
        f"{PROGRAM} sign-card Shop --card-id pjZ8Yt1XGILfi-FUsewpnnolGgZk",
        f"{PROGRAM} sign-card Shop --choose --card-type GROUPON",
    )


def _make_request(args: Namespace) -> CardExtRequest | CardChoiceRequest:
    nonce = token_hex(8) if args.nonce is None else args.nonce
    if args.choose:
        return CardChoiceRequest(nonce, args.timestamp, args.shop_id, args.card_id, args.card_type)
    return CardExtRequest(args.card_id, nonce, args.timestamp, args.code, args.openid)


def run(context: CommandContext, args: Namespace) -> ExitCode:
    """Print the argument as JSON; ask WeChat only if no valid card ticket is on disk."""
    if args.choose:
        refuse_beside(context, args, "--choose", "--code", "--openid")
    else:
        refuse_without(context, args, "--choose", "--card-type", "--shop-id")
    account, request = select_account(context, args.account), _make_request(args)
    signed: SignedCard = sign_or_raise(context, account, lambda signer: signer.sign_card(account, request))
    context.terminal.write_json(signed.fields)
    warn_of_timestamp(context, signed)
    return ExitCode.SUCCESS
