"""Notices about the trouble of one account: what happened, and the buttons that help."""

from enum import StrEnum

from msgspec import Struct

from guarddog_gui.domain.accounts.account import Account, Endpoint
from guarddog_gui.domain.refresh.history import AttemptResult, HistoryEntry
from guarddog_gui.domain.refresh.own_address import NOT_LISTED_ERRCODES, earlier_address, is_through_proxy
from guarddog_gui.domain.refresh.status import AccountStatus, KeyState, KeyStatus
from guarddog_gui.domain.sharing.values import SharingFailure, SharingStatus
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.services.account_queries import QUOTA_USED_UP
from guarddog_gui.services.messages.exports import export_status_message
from guarddog_gui.services.messages.message import Message
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.sharing.problem_fields import window_message
from guarddog_gui.ui.widgets.strip import Severity


class NoticeAction(StrEnum):
    """Buttons of a notice, from the left."""

    COPY_IP = "copy ip"
    OPEN_CONSOLE = "open console"
    RETRY = "retry"
    API_QUOTA = "api quota"
    HOW_TO_FIX = "how to fix"
    NEW_TOKEN = "new token"  # noqa: S105 - the name of an action
    USE_STABLE_TOKEN = "use stable_token"  # noqa: S105 - the name of an action
    COPY_NODE_LOADER = "copy node loader"
    SHARING = "sharing"
    EDIT_EXPORTS = "edit exports"
    DISMISS = "dismiss"


class NoticeKind(StrEnum):
    """Kinds of trouble, the most urgent first."""

    FAILURE = "failure"
    SHARING = "sharing"
    SUPERSEDED = "superseded"
    FOREIGN_WRITES = "foreign writes"
    FAILED_EXPORTS = "failed exports"


class AccountNotice(Struct, frozen=True):
    """Notice about one account.

    detail         code and number of attempts
    explanation    the whole message, for the tooltip
    entry          attempt that the notice is about
    token_kind     key that another program writes
    console_url    page of WeChat's console where the user can fix it
    """

    kind: NoticeKind
    account: Account
    severity: Severity
    text: str
    detail: str = ""
    explanation: str = ""
    actions: tuple[NoticeAction, ...] = ()
    entry: HistoryEntry | None = None
    token_kind: TokenKind | None = None
    console_url: str | None = None


def account_notices(status: AccountStatus, formatter: Formatter, now: float) -> tuple[AccountNotice, ...]:
    """Return the notices about an account, the most urgent first."""
    found: list[AccountNotice] = []
    sharing = status.sharing
    has_sharing_problem = sharing is not None and sharing.problem is not None
    if sharing is not None and has_sharing_problem:
        found.append(_sharing_notice(status, sharing, formatter, now))
    is_explained = has_sharing_problem and _is_not_shared(status.failing_key)
    if status.failing_key is not None and not is_explained:
        found.append(_failure_notice(status, status.failing_key, formatter, now))
    if status.superseded_entry is not None and status.failing_key is None:
        found.append(_superseded_notice(status.account, status.superseded_entry, formatter))
    if status.foreign_refreshed_key is not None:
        found.append(_foreign_notice(status.account, status.foreign_refreshed_key, formatter))
    if status.failed_exports:
        found.append(_export_notice(status, formatter))
    return tuple(found)


def _is_not_shared(key: KeyStatus | None) -> bool:
    return key is not None and key.failure is not None and key.failure.result is AttemptResult.NOT_SHARED


def _sharing_notice(status: AccountStatus, sharing: SharingStatus, formatter: Formatter, now: float) -> AccountNotice:
    """Return what is wrong with the Redis of a shared account, since when, and what to do."""
    assert sharing.problem is not None  # noqa: S101 - the caller has looked
    message = window_message(SharingFailure(sharing.problem, sharing.detail), formatter.messages)
    is_usable = all(key.usable_record(now) is not None for key in status.keys)
    since = formatter.messages.text("since {time}", time=formatter.format_time(sharing.since)) if sharing.since else ""
    return AccountNotice(
        NoticeKind.SHARING,
        status.account,
        Severity.WARN if is_usable else Severity.BAD,
        message.text,
        detail=since,
        explanation=formatter.messages.sharing_line(status.account, sharing, now),
        actions=(NoticeAction.RETRY, NoticeAction.SHARING),
    )


def _failure_notice(status: AccountStatus, key: KeyStatus, formatter: Formatter, now: float) -> AccountNotice:
    entry = key.failure
    assert entry is not None  # noqa: S101 - a failing key has one
    message = formatter.messages.for_entry(entry, next_at=_next_attempt_at(key, now), platform=status.account.platform)
    has_code = entry.errcode is not None
    url = formatter.console_page_url(entry, status.account.platform)
    actions = [NoticeAction.COPY_IP] if entry.ip else []
    actions += [NoticeAction.OPEN_CONSOLE] if url else []
    actions += [NoticeAction.RETRY]
    actions += [NoticeAction.API_QUOTA] if entry.errcode == QUOTA_USED_UP else []
    actions += [NoticeAction.HOW_TO_FIX] if has_code else []
    actions += [NoticeAction.SHARING] if entry.result is AttemptResult.NOT_SHARED else []
    return AccountNotice(
        NoticeKind.FAILURE,
        status.account,
        Severity.BAD if status.needs_user(now) else Severity.WARN,
        _short_summary(entry, message, formatter),
        detail=_failure_detail(key, formatter),
        explanation=message.text,
        actions=tuple(actions),
        entry=entry,
        console_url=url,
    )


def _next_attempt_at(key: KeyStatus, now: float) -> float | None:
    is_pending = key.state is not KeyState.REFRESHING and key.next_attempt_at is not None and key.next_attempt_at > now
    return key.next_attempt_at if is_pending else None


def _short_summary(entry: HistoryEntry, message: Message, formatter: Formatter) -> str:
    """Return one sentence; without a button that explains it, the advice is part of it."""
    if entry.ip and entry.errcode in NOT_LISTED_ERRCODES and not is_through_proxy(entry.detail):
        if earlier := earlier_address(entry.detail):
            return formatter.messages.text(
                "Your address changed from {earlier} to {ip}, which is not on the IP whitelist",
                ip=entry.ip,
                earlier=earlier,
            )
        return formatter.messages.text("{ip} is not on the IP whitelist", ip=entry.ip)
    return message.summary.removesuffix("。").removesuffix(".") if entry.errcode is not None else message.text


def _failure_detail(key: KeyStatus, formatter: Formatter) -> str:
    """Return `40164 · 3 tries since 14:40`."""
    entry, messages = key.failure, formatter.messages
    parts = [str(entry.errcode)] if entry is not None and entry.errcode is not None else []
    if key.state is KeyState.REFRESHING:
        parts.append(messages.text("trying again…"))
    elif key.failed_attempts > 1 and key.failing_since is not None:
        since = messages.format_time(key.failing_since)
        tries = messages.plural(
            "{count} try since {time}", "{count} tries since {time}", key.failed_attempts,
            count=key.failed_attempts, time=since,
        )  # fmt: skip
        parts.append(tries)
    elif entry is not None:
        parts.append(messages.format_time(entry.at))
    return " · ".join(parts)


def _superseded_notice(account: Account, entry: HistoryEntry, formatter: Formatter) -> AccountNotice:
    message = formatter.messages.for_superseded_token(entry, account)
    is_classic = account.endpoint is Endpoint.CLASSIC
    actions = (NoticeAction.NEW_TOKEN, *((NoticeAction.USE_STABLE_TOKEN,) if is_classic else ()), NoticeAction.DISMISS)
    return AccountNotice(
        NoticeKind.SUPERSEDED, account, Severity.WARN, message.summary, explanation=message.text, actions=actions,
        entry=entry,
    )  # fmt: skip


def _foreign_notice(account: Account, key: KeyStatus, formatter: Formatter) -> AccountNotice:
    message = formatter.messages.for_foreign_writes(key.kind, key.foreign_refresh_count)
    return AccountNotice(
        NoticeKind.FOREIGN_WRITES,
        account,
        Severity.WARN,
        message.summary,
        explanation=message.text,
        actions=(NoticeAction.COPY_NODE_LOADER, NoticeAction.DISMISS),
        token_kind=key.kind,
    )


def _export_notice(status: AccountStatus, formatter: Formatter) -> AccountNotice:
    messages = [export_status_message(report, formatter.messages) for report in status.failed_exports]
    text = messages[0].text if len(messages) == 1 else formatter.failed_exports_text(status)
    return AccountNotice(
        NoticeKind.FAILED_EXPORTS,
        status.account,
        Severity.WARN,
        text,
        explanation="\n".join(message.text for message in messages),
        actions=(NoticeAction.EDIT_EXPORTS,),
    )
