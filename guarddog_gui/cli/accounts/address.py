"""`accounts address`: the IP address that WeChat sees for an account."""

from guarddog_gui.cli.context import CommandContext
from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.refresh.own_address import ADDRESSES_MAX, SeenAddress, address_history
from guarddog_gui.domain.wechat.protocol import Refusal, TransportFailure
from guarddog_gui.services.exit_codes import ExitCode
from guarddog_gui.services.messages.health.address import address_message, asked_message, proxy_in_use_text
from guarddog_gui.services.messages.texts import format_iso
from guarddog_gui.services.own_address import AddressReport


def print_address(context: CommandContext, account: Account, *, asks: bool, as_json: bool) -> ExitCode:
    """Print the address alone, so that scripts can use it; the words about it go to standard error."""
    terminal, messages = context.terminal, context.messages
    report = context.container.make_address_query().report(account, asks=asks)
    latest = report.known.latest
    if as_json:
        terminal.write_json(_json_fields(report))
    elif latest is not None:
        terminal.write_line(latest.ip)
    if not as_json:
        message = address_message(report.known, messages)
        if latest is None and not asks:
            advice = messages.text("Ask WeChat: guarddogctl accounts address {name} --ask", name=account.appid)
            terminal.write_message(f"{message.summary} {advice}")
        elif latest is not None:
            terminal.write_message(message)
        terminal.write_message(proxy_in_use_text(report.proxy, messages))
    failure = None if report.answer is None else asked_message(report.answer, messages)
    if failure is not None:
        terminal.write_message(failure)
    return _exit_code(context, report)


def _exit_code(context: CommandContext, report: AddressReport) -> ExitCode:
    match report.answer:
        case TransportFailure():
            return ExitCode.TRY_LATER
        case Refusal(code):
            known = context.container.errcode_catalog.find(code)
            is_temporary = known is not None and known.kind in ("transient", "quota")
            return ExitCode.TRY_LATER if is_temporary else ExitCode.USER_ACTION_REQUIRED
        case _:
            return ExitCode.NOT_FOUND if report.known.latest is None else ExitCode.SUCCESS


def known_address_text(context: CommandContext, account: Account) -> str:
    """Return the last address in a table: without asking WeChat."""
    known = address_history(context.container.history.addresses(account.appid, ADDRESSES_MAX))
    return (
        context.messages.text("not known") if known.latest is None else address_message(known, context.messages).summary
    )


def _json_fields(report: AddressReport) -> dict[str, object]:
    known, proxy = report.known, report.proxy
    return {
        "ip": known.latest.ip if known.latest is not None else None,
        "latest": _address_fields(known.latest),
        "previous": _address_fields(known.previous),
        "proxy": proxy.name or None,
        "proxy_from": "account" if proxy.is_of_account else proxy.variable or ("system" if proxy.name else None),
    }


def _address_fields(seen: SeenAddress | None) -> dict[str, object] | None:
    if seen is None:
        return None
    return {
        "ip": seen.ip,
        "first_at": seen.first_at,
        "first_at_iso": format_iso(seen.first_at),
        "last_at": seen.last_at,
        "last_at_iso": format_iso(seen.last_at),
        "whitelisted": seen.is_listed,
        "through_proxy": seen.is_proxied,
    }
