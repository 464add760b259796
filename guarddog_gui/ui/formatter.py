"""Format states, times and errors for the windows, in the current language."""

import math
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from msgspec import Struct
from PySide6.QtCore import QCoreApplication

from guarddog_gui.domain.accounts.account import Account, Environment, Platform
from guarddog_gui.domain.refresh.history import HistoryEntry
from guarddog_gui.domain.refresh.status import (
    UNHEALTHY_STATES,
    AccountStatus,
    KeyState,
    Overview,
    Renewal,
    worst_accounts_first,
    worst_state,
)
from guarddog_gui.domain.tokens.record import PreviousToken, mask
from guarddog_gui.runtime.jobs import JobFailed, JobFailure
from guarddog_gui.services.messages.exports import export_status_message, short_names
from guarddog_gui.services.messages.message import Message, Messages
from guarddog_gui.services.ports import Clock
from guarddog_gui.ui.icons import Icons

if TYPE_CHECKING:
    from guarddog_gui.domain.wechat.jssdk_errors import JssdkErrorCatalog


class _Display(Struct, frozen=True):
    """Way in which an account is shown from `at` to `until` (Unix seconds); those of the least rank stand first."""

    status: AccountStatus
    at: float
    until: float
    state: KeyState
    rank: int


class Formatter(Struct, eq=False, dict=True):
    """Formatter shared by all windows; a change of language replaces `messages`.

    `load_jssdk_errors` is called once, when the JS-SDK messages are first needed.
    """

    messages: Messages
    load_jssdk_errors: "Callable[[], JssdkErrorCatalog]"
    clock: Clock
    icons: Icons

    @cached_property
    def jssdk_errors(self) -> "JssdkErrorCatalog":
        return self.load_jssdk_errors()

    def format_time(self, at: float) -> str:
        """Return a Unix time as a local time, with the day if it is not today."""
        return self.messages.format_time(at)

    def worst_error(self, overview: Overview) -> str:
        """Return the error of the account in the worst state as `Shop B: …`, or an empty text."""
        for status in worst_accounts_first(overview):
            if status.first_failure is not None:
                summary = self.messages.for_entry(status.first_failure).summary
                retry_at = status.retry_at(overview.at)
                text = summary if retry_at is None else f"{summary} · {self.retry_text(retry_at)}"
                return self.prefix_with_account(status.account, text)
        return next(filter(None, map(self._sharing_trouble, overview.accounts)), "")

    def _sharing_trouble(self, status: AccountStatus) -> str:
        """Return `Shop B: Redis cannot be reached.`, or an empty text."""
        message = self.messages.for_sharing_status(status.sharing)
        return "" if message is None else self.prefix_with_account(status.account, message.summary)

    def retry_text(self, retry_at: float) -> str:
        """Return `again at 14:40`."""
        return QCoreApplication.translate("Formatter", "again at {time}").format(time=self.format_time(retry_at))

    @staticmethod
    def prefix_with_account(account: Account, message: str) -> str:
        """Return `Shop B: …` for a message about this account."""
        text = QCoreApplication.translate("Formatter", "{name}: {text}")
        return text.format(name=account.name, text=message)

    def account_summary(self, status: AccountStatus) -> str:
        """Return the state of an account in short: `Shop A · until 16:05` or `Shop B · failed 40164`.

        While its values work: `Shop B · works until 16:05 · renewal failing (40164)`.
        """
        name, failure, now = elide_middle(status.account.name), status.first_failure, self.clock()
        is_usable = all(key.usable_record(now) is not None for key in status.keys)
        if status.valid_until is None or not is_usable:
            state = self.account_display_state(status)
            has_code = failure is not None and failure.errcode is not None and state in UNHEALTHY_STATES
            code = f" {failure.errcode}" if failure is not None and has_code else ""
            return f"{name} · {self.messages.state_name(state)}{code}"
        time = self.format_time(status.valid_until)
        if all(key.renewal is Renewal.OK for key in status.keys):
            return f"{name} · {QCoreApplication.translate('Formatter', 'until {time}').format(time=time)}"
        works = QCoreApplication.translate("Formatter", "works until {time} · renewal failing").format(time=time)
        code = f" ({failure.errcode})" if failure is not None and failure.errcode is not None else ""
        return f"{name} · {works}{code}"

    def account_description(self, account: Account) -> str:
        """Return platform and endpoint: `official account · stable`."""
        platform = self.messages.platform_name(account.platform)
        return f"{platform} · {self.messages.endpoint_name(account.endpoint)}"

    def account_display_state(self, status: AccountStatus) -> KeyState:
        """Return the state of an account as it is shown: a value that works is never failed."""
        return self._display(status, self.clock()).state

    def _display(self, status: AccountStatus, now: float) -> "_Display":
        """Return state and rank of an account; from one overview to the next those of most accounts stay the same."""
        cached = self._displays.get(status.account.appid)
        if cached is not None and cached.at <= now < cached.until and cached.status == status:
            return cached
        states = [key.state_of_value(now) for key in status.keys]
        is_failing = any(key.renewal is not Renewal.OK for key in status.keys)
        if any(key.renewal is not Renewal.OK and key.usable_record(now) is not None for key in status.keys):
            states.append(KeyState.DUE_SOON)
        state = worst_state(tuple(states))
        rank = 0 if state in UNHEALTHY_STATES else 1 if is_failing else 2
        records = [key.record for key in status.keys if key.record is not None]
        changes = [at for record in records for at in (record.refresh_at, record.expires_at) if at > now]
        display = _Display(status, now, min(changes, default=math.inf), state, rank)
        self._displays[status.account.appid] = display
        return display

    @cached_property
    def _displays(self) -> "dict[str, _Display]":
        return {}

    def overview_display_state(self, overview: Overview) -> KeyState | None:
        """Return the worst state of all accounts as it is shown; None if there is no account."""
        now = self.clock()
        states = tuple(self._display(status, now).state for status in overview.accounts)
        return worst_state(states) if states else None

    def failing_first(self, overview: Overview) -> tuple[AccountStatus, ...]:
        """Sort accounts without a value first, then those whose renewal fails; the others keep the user's order.

        A value that becomes due moves nothing: rows under the pointer have to stay where they are.
        """
        now = self.clock()
        return tuple(sorted(overview.accounts, key=lambda status: self._display(status, now).rank))

    @staticmethod
    def environment_badge(environment: Environment) -> str:
        """Return `TEST` or `PROD`; empty for an account without an environment."""
        if environment is Environment.NONE:
            return ""
        if environment is Environment.TEST:
            return QCoreApplication.translate("Formatter", "TEST")
        return QCoreApplication.translate("Formatter", "PROD")

    @staticmethod
    def environment_name(environment: Environment) -> str:
        names = {
            Environment.NONE: QCoreApplication.translate("Formatter", "none"),
            Environment.TEST: QCoreApplication.translate("Formatter", "test"),
            Environment.PRODUCTION: QCoreApplication.translate("Formatter", "production"),
        }
        return names[environment]

    def account_accessible_text(self, status: AccountStatus) -> str:
        """Return name, environment, AppID, state and exports that failed, for screen readers."""
        account, state = status.account, self.messages.state_name(self.account_display_state(status))
        environment = self.environment_name(account.environment) if account.environment is not Environment.NONE else ""
        role = self.messages.role_name(account.role) if account.sharing is not None else ""
        failed = self.failed_exports_text(status)
        return ", ".join(filter(None, (account.name, environment, account.appid, state, role, failed)))

    def account_tooltip(self, status: AccountStatus) -> str:
        lines = [status.account.name, status.account.appid]
        lines += self.sharing_lines(status)
        lines += [f"{key.kind.lower()}: {self.messages.key_state_text(key, self.clock())}" for key in status.keys]
        return "\n".join(lines)

    def role_text(self, status: AccountStatus) -> str:
        """Return `leader`, `follower`, or `follower of build-server`; empty for an account that is not shared."""
        account, leader = status.account, status.sharing.leader if status.sharing is not None else ""
        if account.sharing is None:
            return ""
        if account.is_follower and leader:
            return QCoreApplication.translate("Formatter", "follower of {computer}").format(computer=leader)
        return self.messages.role_name(account.role)

    def sharing_lines(self, status: AccountStatus) -> tuple[str, ...]:
        """Return role, leader and age of a shared account, and what is wrong; nothing for one that is not shared."""
        if status.account.sharing is None:
            return ()
        problem = self.messages.for_sharing_status(status.sharing)
        line = self.messages.sharing_line(status.account, status.sharing, self.clock())
        return (line,) if problem is None else (line, problem.summary)

    def failed_exports_text(self, status: AccountStatus) -> str:
        """Return `not written: .env`, or an empty text."""
        names = dict(zip(status.exports, short_names(tuple(r.target for r in status.exports)), strict=True))
        failed = ", ".join(names[report] for report in status.failed_exports)
        text = QCoreApplication.translate("Formatter", "not written: {names}")
        return text.format(names=failed) if failed else ""

    def export_status_lines(self, status: AccountStatus) -> tuple[str, ...]:
        """Return one line per export: its state and, if it failed, the advice."""
        return tuple(export_status_message(report, self.messages).text for report in status.exports)

    def job_failure_message(self, failure: JobFailure) -> Message:
        return self.messages.for_error(failure.error) if isinstance(failure, JobFailed) else self.messages.for_crash()

    def reaction_text(self, entry: HistoryEntry) -> str:
        """Return how Guard Dog reacts to an errcode; empty for an entry without one."""
        if entry.errcode is None:
            return ""
        kind = self.messages.errcode_catalog.kind_for(entry.errcode, entry.endpoint)
        known = self.messages.errcode_catalog.find(entry.errcode)
        if known is None or kind is not known.kind:
            return self.messages.error_kind_reaction(kind)
        return self.messages.errcode_reaction(known)

    def previous_token_text(self, previous: PreviousToken) -> str:
        text = QCoreApplication.translate("Formatter", "the one before, {value}, is accepted until {time}")
        return text.format(value=mask(previous.value), time=self.format_time(previous.valid_until))

    def console_page_url(self, entry: HistoryEntry, platform: Platform | None = None) -> str | None:
        """Return the URL of the page in the console of this platform where the user can fix the error, if any."""
        known = self.messages.errcode_catalog.find(entry.errcode) if entry.errcode is not None else None
        return known.console_url(platform) if known is not None else None


def elide_middle(text: str, length_max: int = 40) -> str:
    """Shorten a long name in the middle: the ends of similar names differ."""
    if len(text) <= length_max:
        return text
    half = (length_max - 1) // 2
    return f"{text[:half]}…{text[-half:]}"
