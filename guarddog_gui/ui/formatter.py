"""What windows speak with: sentences and times in the person's language, and the clock that they read."""

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.refresh.history import Entry
from guarddog_gui.domain.refresh.status import AccountStatus, KeyStatus, Overview, State, worst_accounts_first
from guarddog_gui.domain.tokens.record import Previous, mask
from guarddog_gui.domain.wechat.errcodes import Catalogue
from guarddog_gui.services.messages.exports import names, standing
from guarddog_gui.services.messages.message import Sentence, Sentences
from guarddog_gui.services.ports import Clock
from guarddog_gui.ui.icons import Icons
from guarddog_gui.ui.time_format import Moments

if TYPE_CHECKING:
    from guarddog_gui.domain.wechat.jssdk_errors import JssdkErrors


class Voice:
    """Shared by all windows; `sentences` and `moments` are exchanged when the language changes.

    `jssdk` reads what the messages of the JS-SDK mean, when somebody first wants to know.
    """

    def __init__(
        self,
        sentences: Sentences,
        catalogue: Catalogue,
        jssdk: "Callable[[], JssdkErrors]",
        moments: Moments,
        clock: Clock,
        icons: Icons,
    ) -> None:
        self.sentences = sentences
        self.catalogue = catalogue
        self._read_jssdk = jssdk
        self.moments = moments
        self.clock = clock
        self.icons = icons

    @cached_property
    def jssdk(self) -> "JssdkErrors":
        """What the messages of the JS-SDK mean."""
        return self._read_jssdk()

    def when(self, at: float) -> str:
        """A clock time, seen from now."""
        return self.moments.clock(at, self.clock())

    def headline(self, overview: Overview) -> str:
        """`3 of 4 fresh · next refresh 14:32`."""
        return self.sentences.headline(overview)

    def worst_trouble(self, overview: Overview) -> str:
        """`Shop B: …` for the account that is worst off, empty if nothing is wrong."""
        for status in worst_accounts_first(overview):
            if status.trouble is not None:
                return self.about(status.account, self.trouble(status.trouble).what)
        return ""

    @staticmethod
    def about(account: Account, said: str) -> str:
        """`Shop B: …`, as a label before what is said."""
        text = QCoreApplication.translate("Voice", "{name}: {text}")
        return text.format(name=account.name, text=said)

    def account_line(self, status: AccountStatus) -> str:
        """`Shop A · until 16:05`, or `Shop B · failed 40164`."""
        trouble = status.trouble
        if trouble is None and status.until is not None:
            return f"{status.account.name} · {_until().format(time=self.when(status.until))}"
        code = f" {trouble.errcode}" if trouble is not None and trouble.errcode is not None else ""
        return f"{status.account.name} · {self.sentences.state(status.state)}{code}"

    def kind_of_account(self, account: Account) -> str:
        """`wx12…90ab · official account · stable`."""
        words = self.sentences
        endpoint = words.say(f"endpoint-{account.endpoint}")
        return f"{account.short_appid} · {words.platform(account.platform)} · {endpoint}"

    def outlets(self, status: AccountStatus) -> str:
        """`also written 12:03: .env`, or which are not; empty where there is nothing to tell yet."""
        called = dict(zip(status.outlets, names(tuple(r.outlet for r in status.outlets)), strict=True))
        failed = ", ".join(called[report] for report in status.failed_outlets)
        if failed:
            return QCoreApplication.translate("Voice", "not written: {names}").format(names=failed)
        written = [report for report in status.outlets if report.written_at is not None]
        if not written:
            return ""
        at = self.when(max(report.written_at or 0.0 for report in written))
        text = QCoreApplication.translate("Voice", "also written {time}: {names}")
        return text.format(names=", ".join(called[report] for report in written), time=at)

    def outlet_lines(self, status: AccountStatus) -> tuple[str, ...]:
        """How each outlet stands, and what helps those that failed."""
        return tuple(standing(report, self.sentences).text for report in status.outlets)

    def key_state(self, key: KeyStatus) -> str:
        """`fresh until 16:05`, or `failed · 40164 · good until 14:51 · again at 14:40`."""
        now = self.clock()
        if key.state is State.FRESH:
            return self.sentences.key_state(key, now)
        parts = [self.sentences.state(key.state)]
        if key.trouble is not None and key.trouble.errcode is not None:
            parts.append(str(key.trouble.errcode))
        record = key.usable(now)
        if record is not None:
            parts.append(_good_until().format(time=self.when(record.expires_at)))
        if key.trouble is not None and key.next_at is not None and key.next_at > now:
            parts.append(_again().format(time=self.when(key.next_at)))
        return " · ".join(parts)

    def trouble(self, entry: Entry) -> Sentence:
        """What went wrong and what to do."""
        return self.sentences.entry(entry)

    def reaction_to(self, entry: Entry) -> str:
        """What Guard Dog does about a refusal; empty for anything else."""
        if entry.errcode is None:
            return ""
        kind = self.catalogue.kind(entry.errcode, entry.endpoint)
        known = self.catalogue.find(entry.errcode)
        if known is None or kind is not known.kind:
            return self.sentences.say(f"reaction-{kind}")
        return self.sentences.reaction(known)

    def previous(self, previous: Previous) -> str:
        """`91_a…7Qz4 is accepted until 16:05`: why a token that was copied a minute ago still works."""
        text = QCoreApplication.translate("Voice", "the one before, {value}, is accepted until {time}")
        return text.format(value=mask(previous.value), time=self.when(previous.until))

    def page_for(self, entry: Entry) -> str | None:
        """The page of WeChat's console on which this can be put right."""
        known = self.catalogue.find(entry.errcode) if entry.errcode is not None else None
        return known.page if known is not None else None


def _until() -> str:
    return QCoreApplication.translate("Voice", "until {time}")


def _good_until() -> str:
    return QCoreApplication.translate("Voice", "good until {time}")


def _again() -> str:
    return QCoreApplication.translate("Voice", "again at {time}")
