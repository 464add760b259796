"""Format states, times and errors for the windows, in the current language."""

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from msgspec import Struct
from PySide6.QtCore import QCoreApplication

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.refresh.history import HistoryEntry
from guarddog_gui.domain.refresh.status import AccountStatus, KeyState, KeyStatus, Overview, worst_accounts_first
from guarddog_gui.domain.tokens.record import PreviousToken, mask
from guarddog_gui.runtime.jobs import JobFailed, JobFailure
from guarddog_gui.services.messages.exports import export_status_message, short_names
from guarddog_gui.services.messages.message import Message, Messages
from guarddog_gui.services.ports import Clock
from guarddog_gui.ui.icons import Icons

if TYPE_CHECKING:
    from guarddog_gui.domain.wechat.jssdk_errors import JssdkErrorCatalog


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
        return ""

    def retry_text(self, retry_at: float) -> str:
        """Return `again at 14:40`."""
        return QCoreApplication.translate("Formatter", "again at {time}").format(time=self.format_time(retry_at))

    @staticmethod
    def prefix_with_account(account: Account, message: str) -> str:
        """Return `Shop B: …` for a message about this account."""
        text = QCoreApplication.translate("Formatter", "{name}: {text}")
        return text.format(name=account.name, text=message)

    def account_summary(self, status: AccountStatus) -> str:
        """Return the state of an account in short: `Shop A · until 16:05` or `Shop B · failed 40164`."""
        failure = status.first_failure
        if failure is None and status.valid_until is not None:
            until = QCoreApplication.translate("Formatter", "until {time}")
            return f"{status.account.name} · {until.format(time=self.format_time(status.valid_until))}"
        code = f" {failure.errcode}" if failure is not None and failure.errcode is not None else ""
        return f"{status.account.name} · {self.messages.state_name(status.state)}{code}"

    def account_description(self, account: Account) -> str:
        """Return AppID, platform and endpoint: `wx12…90ab · official account · stable`."""
        platform = self.messages.platform_name(account.platform)
        return f"{account.short_appid} · {platform} · {self.messages.endpoint_name(account.endpoint)}"

    def exports_summary(self, status: AccountStatus) -> str:
        """Return `also written 12:03: .env`, or the exports that failed; empty before the first write."""
        names = dict(zip(status.exports, short_names(tuple(r.target for r in status.exports)), strict=True))
        failed = ", ".join(names[report] for report in status.failed_exports)
        if failed:
            return QCoreApplication.translate("Formatter", "not written: {names}").format(names=failed)
        written = [report for report in status.exports if report.written_at is not None]
        if not written:
            return ""
        at = self.format_time(max(report.written_at or 0.0 for report in written))
        text = QCoreApplication.translate("Formatter", "also written {time}: {names}")
        return text.format(names=", ".join(names[report] for report in written), time=at)

    def export_status_lines(self, status: AccountStatus) -> tuple[str, ...]:
        """Return one line per export: its state and, if it failed, the advice."""
        return tuple(export_status_message(report, self.messages).text for report in status.exports)

    def key_summary(self, key: KeyStatus) -> str:
        """Return `fresh until 16:05` or `failed · 40164 · good until 14:51 · again at 14:40`."""
        now = self.clock()
        if key.state is KeyState.FRESH:
            return self.messages.key_state_text(key, now)
        is_missing = key.is_never_fetched and key.state is KeyState.EXPIRED
        parts = [self.messages.key_state_name(key, now) if is_missing else self.messages.state_name(key.state)]
        if key.failure is not None and key.failure.errcode is not None:
            parts.append(str(key.failure.errcode))
        record = key.usable_record(now)
        if record is not None:
            valid_until = QCoreApplication.translate("Formatter", "good until {time}")
            parts.append(valid_until.format(time=self.format_time(record.expires_at)))
        if key.failure is not None and key.next_attempt_at is not None and key.next_attempt_at > now:
            parts.append(self.retry_text(key.next_attempt_at))
        return " · ".join(parts)

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

    def console_page_url(self, entry: HistoryEntry) -> str | None:
        """Return the URL of the page in WeChat's console where the user can fix the error, if any."""
        known = self.messages.errcode_catalog.find(entry.errcode) if entry.errcode is not None else None
        return known.help_url if known is not None else None
