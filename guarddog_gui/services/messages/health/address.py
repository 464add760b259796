"""Texts about the IP address that WeChat sees for an account, and the proxy in between."""

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.accounts.route import ProxyInUse
from guarddog_gui.domain.health.findings import CheckStatus, Finding, HealthCheck
from guarddog_gui.domain.refresh.own_address import AddressHistory, SeenAddress
from guarddog_gui.domain.wechat.protocol import Refusal, TransportFailure
from guarddog_gui.services.messages.health.findings import make_finding
from guarddog_gui.services.messages.message import Message, Messages
from guarddog_gui.services.messages.texts import join_sentences
from guarddog_gui.services.own_address import OwnAddress


def address_message(known: AddressHistory, messages: Messages) -> Message:
    """Return which address WeChat saw last, if the whitelist has it, and since when it is this one."""
    latest = known.latest
    if latest is None:
        return messages.message(
            "WeChat has not named the address of this account's calls so far.",
            "Ask WeChat for it; that uses up nothing.",
        )
    summary = messages.text("WeChat saw {ip} at {time}.", ip=latest.ip, time=messages.format_time(latest.last_at))
    summary = join_sentences(summary, _whitelist_text(latest, messages))
    return Message(join_sentences(summary, _change_text(known, latest, messages)), _advice(latest, messages))


def _whitelist_text(latest: SeenAddress, messages: Messages) -> str:
    if latest.is_listed is None:
        return ""
    return messages.text("The IP whitelist accepts it." if latest.is_listed else "It is not on the IP whitelist.")


def _change_text(known: AddressHistory, latest: SeenAddress, messages: Messages) -> str:
    if known.previous is not None:
        return messages.text(
            "Before, until {time}, it was {ip}.",
            ip=known.previous.ip,
            time=messages.format_time(known.previous.last_at),
        )
    if latest.first_at < latest.last_at:
        return messages.text("It is the same since {time}.", time=messages.format_time(latest.first_at))
    return ""


def _advice(latest: SeenAddress, messages: Messages) -> str:
    if latest.is_listed is False:
        return messages.text("Add it to the IP whitelist in WeChat's console; a change takes some minutes.")
    return ""


def proxy_in_use_text(proxy: ProxyInUse, messages: Messages) -> str:
    """Return the proxy between this computer and WeChat, and where it is set."""
    if not proxy.name:
        return messages.text("No proxy in between.")
    if proxy.is_of_account:
        return messages.text("Through {proxy} (set for the account): WeChat sees its address.", proxy=proxy.name)
    source = proxy.variable or messages.text("a setting of the system")
    return messages.text(
        "Through {proxy} (from {source}): WeChat may see its address.", proxy=proxy.name, source=source
    )


def asked_message(answer: OwnAddress | Refusal | TransportFailure, messages: Messages) -> Message | None:
    """Return what an answer to the question says that `address_message` does not; None if the address is known now."""
    if not isinstance(answer, OwnAddress):
        return messages.for_failed_query(answer)
    if answer.ip:
        return None
    return messages.message(
        "The IP whitelist accepts this computer, and WeChat did not name its address.",
        "WeChat names it when there is a valid access_token: refresh the account, then ask again.",
    )


def address_finding(account: Account, known: AddressHistory, now: float, messages: Messages) -> Finding | None:
    """Return the finding of `doctor` about one account; None if nothing is known."""
    if known.latest is None:
        return None
    message = address_message(known, messages)
    is_problem = known.latest.is_listed is False and known.is_changed_recently(now)
    status = CheckStatus.WARNING if is_problem else CheckStatus.OK
    advice = message.advice if is_problem else ""
    return make_finding(HealthCheck.OWN_ADDRESS, status, Message(f"{account.name}: {message.summary}", advice))
