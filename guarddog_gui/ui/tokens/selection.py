"""Accounts that the tokens page shows: those that match the filter, with trouble first, and the line above them."""

import math
from enum import StrEnum

from guarddog_gui.domain.accounts.account import Environment, Platform
from guarddog_gui.domain.refresh.status import AccountStatus, Overview
from guarddog_gui.services.messages.message import Messages


class AccountChip(StrEnum):
    """Choices above the list; the values are stored in the state of the window."""

    ALL = "all"
    NEEDS_YOU = "needs you"
    TEST = "test"
    PRODUCTION = "production"
    MINI_PROGRAMS = "mini programs"


def matches_chip(status: AccountStatus, chip: AccountChip, now: float) -> bool:
    match chip:
        case AccountChip.NEEDS_YOU:
            return status.needs_user(now)
        case AccountChip.TEST:
            return status.account.environment is Environment.TEST
        case AccountChip.PRODUCTION:
            return status.account.environment is Environment.PRODUCTION
        case AccountChip.MINI_PROGRAMS:
            return status.account.platform is Platform.MINI_PROGRAM
        case _:
            return True


def useful_chips(overview: Overview) -> frozenset[AccountChip]:
    """Return the chips that match some account; not those that match all of them."""
    found = {AccountChip.ALL}
    for chip in AccountChip:
        count = sum(1 for status in overview.accounts if matches_chip(status, chip, overview.at))
        if count > 0 and (count < len(overview.accounts) or chip is AccountChip.NEEDS_YOU):
            found.add(chip)
    return frozenset(found)


def select_accounts(overview: Overview, chip: AccountChip, text: str) -> tuple[AccountStatus, ...]:
    """Return the accounts that match, in the user's order but those with trouble first."""
    searched = text.strip().casefold()
    matching = [
        status
        for status in overview.accounts
        if matches_chip(status, chip, overview.at)
        and (not searched or searched in f"{status.account.name} {status.account.appid}".casefold())
    ]
    return tuple(sorted(matching, key=lambda status: _urgency(status, overview.at)))


def _urgency(status: AccountStatus, now: float) -> int:
    if status.needs_user(now):
        return 0
    has_trouble = status.failing_key is not None or status.superseded_entry is not None
    return 1 if has_trouble else 2


def overview_summary(overview: Overview, messages: Messages) -> str:
    """Return `1 account needs you · everything else is usable` or `Everything is usable · next check 16:00`."""
    needing = overview.accounts_needing_user
    all_count, usable_count = len(overview.keys), overview.usable_count
    usable = messages.text("{usable} of {all} usable", usable=usable_count, all=all_count)
    if needing:
        others = [key for status in overview.accounts if status not in needing for key in status.keys]
        are_others_usable = all(key.usable_record(overview.at) is not None for key in others)
        if others and are_others_usable:
            usable = messages.text("everything else is usable")
        need = messages.plural(
            "{count} account needs you", "{count} accounts need you", len(needing), count=len(needing)
        )
        return f"{need} · {usable}"
    if usable_count == all_count:
        usable = messages.text("Everything is usable")
    return " · ".join(filter(None, (usable, _next_check_text(overview, messages))))


def _next_check_text(overview: Overview, messages: Messages) -> str:
    paused, next_at = overview.paused_until, overview.next_attempt_at
    if paused is not None:
        if math.isinf(paused):
            return messages.text("paused")
        return messages.text("paused until {time}", time=messages.format_time(paused))
    if next_at is None:
        return ""
    if next_at <= overview.at:
        return messages.text("checking now")
    return messages.text("next check {time}", time=messages.format_time(next_at))
