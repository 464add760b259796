"""Messages for the user: what happened and what to do next, in English or Chinese."""

import math
from collections.abc import Mapping
from functools import reduce
from typing import TYPE_CHECKING

from msgspec.structs import replace

from guarddog_gui.domain.accounts.account import Account, Endpoint
from guarddog_gui.domain.accounts.existing_files import ExistingFileAction, FolderContents
from guarddog_gui.domain.accounts.keyring_results import KeyringIsDown, KeyringIsLocked, NotPersisted
from guarddog_gui.domain.errors import FileError
from guarddog_gui.domain.message_catalog import N_
from guarddog_gui.domain.problems import FileErrorReason
from guarddog_gui.domain.refresh.history import HistoryEntry
from guarddog_gui.domain.refresh.policy import ForceAllowance
from guarddog_gui.domain.refresh.status import KeyState, KeyStatus, Overview, Renewal
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.services.messages.attempts import AttemptMessages
from guarddog_gui.services.messages.texts import Message, join_sentences

if TYPE_CHECKING:  # most programs change no account
    from guarddog_gui.services.accounts.account_removals import AccountRemoved
    from guarddog_gui.services.accounts.account_service import AccountNotSaved, AccountSaved
    from guarddog_gui.services.accounts.account_verification import VerificationResult

__all__ = ["LISTED_NAMES_MAX", "Message", "Messages"]

LISTED_NAMES_MAX = 5  # files that are named before the number of the others

EXISTING_FILES: Mapping[ExistingFileAction, str] = {
    ExistingFileAction.ADOPTED: N_(
        "Found {key}.dog, good until {time}: it is used if WeChat shows that it belongs to this account."
    ),
    ExistingFileAction.REPLACED_EXPIRED: N_("Found {key}.dog without a live value: saving replaces it."),
    ExistingFileAction.REPLACED_DAMAGED: N_("Found {key}.dog, which is damaged or cannot be read: saving replaces it."),
    ExistingFileAction.REPLACED_LINK: N_(
        "Found {key}.dog, which is a link: saving puts a file in its place, and what it leads to is left alone."
    ),
    ExistingFileAction.BLOCKED_BY_FOLDER: N_(
        "A folder is in the place of {key}.dog: move it away, or choose another folder."
    ),
}


class Messages(AttemptMessages):
    """All messages in the language of a catalogue."""

    def headline(self, overview: Overview) -> str:
        """Return `3 of 4 usable · next check 14:32`."""
        if not overview.accounts:
            if overview.list_error is not None and overview.list_error.reason != FileErrorReason.NEWER_VERSION:
                return self.text("The list of accounts cannot be read")
            return self.text("No account yet")
        usable = self.text("{usable} of {all} usable", usable=overview.usable_count, all=len(overview.keys))
        return " · ".join(filter(None, (usable, self._next_refresh_text(overview))))

    def _next_refresh_text(self, overview: Overview) -> str:
        paused, next_at = overview.paused_until, overview.next_attempt_at
        if paused is not None:
            if math.isinf(paused):
                return self.text("paused")
            return self.text("paused until {time}", time=self.format_time(paused))
        if next_at is None:
            return ""
        if next_at <= overview.at:
            return self.text("refreshing now")
        return self.text("next check {time}", time=self.format_time(next_at))

    def key_state_name(self, key: KeyStatus, now: float) -> str:
        """Return the state in a word; a value that is missing because it was never fetched has not expired."""
        if key.is_refused and key.usable_record(now) is None:
            return self.text("replaced by another program")
        state = key.state_of_value(now)
        is_missing = key.is_never_fetched and state is KeyState.EXPIRED
        return self.text("not fetched yet") if is_missing else self.state_name(state)

    def key_state_text(self, key: KeyStatus, now: float) -> str:
        """Return `fresh until 16:05`, `works until 16:05 · renewal failing`, or the state alone if no value works."""
        record = key.usable_record(now)
        if record is None:
            return self.key_state_name(key, now)
        time = self.format_time(record.expires_at)
        if key.renewal is Renewal.FAILING:
            return self.text("works until {time} · renewal failing", time=time)
        if key.renewal is Renewal.STOPPED:
            return self.text("works until {time} · renewal stopped", time=time)
        return self.text("{state} until {time}", state=self.state_name(key.state_of_value(now)), time=time)

    def for_verification(self, result: "VerificationResult") -> Message:
        if not result.is_valid:
            return self.for_entry(result.entry)
        has_token = result.record is not None
        valid = self.text("WeChat accepts them. A token is ready." if has_token else "WeChat accepts them.")
        if not result.existing_token_rejected:
            return Message(valid)
        rejected = self.text(
            "The token in ACCESS_TOKEN.dog is of another account or invalid: the one of this check takes its place."
        )
        return Message(join_sentences(valid, rejected))

    def for_save(self, result: "AccountSaved | AccountNotSaved") -> Message:
        from guarddog_gui.services.accounts.account_service import AccountSaved

        name = result.account.name
        if isinstance(result, AccountSaved):
            return self.message("{name} is saved.", name=name)
        error = result.error
        reason = self.for_file_error(error) if isinstance(error, FileError) else self.for_keyring_result(error)
        not_saved = self.text("{name} is not saved.", name=name)
        summary = join_sentences(not_saved, reason.summary)
        if result.keeps_new_secret:
            kept = self.text("The keyring could not take the new AppSecret back: it is the stored one now.")
            summary = join_sentences(summary, kept)
        return replace(reason, summary=summary)

    def for_existing_files(self, folder: FolderContents, kinds: tuple[TokenKind, ...], now: float) -> Message:
        """Return what the chosen folder has for an account with these keys; empty if it has nothing."""
        if folder.error is not None:
            return self.for_file_error(folder.error)
        folder = folder.for_token_kinds(kinds)
        sentences = []
        for file in folder.files:
            time = self.format_time(file.record.expires_at) if file.record is not None else ""
            sentences.append(self.text(EXISTING_FILES[file.action(now)], key=file.kind, time=time))
            if file.is_owned_by_other_user and not (file.is_link or file.is_folder):
                other_owner = N_(
                    "{key}.dog belongs to another user, who cannot read it any more once Guard Dog has "
                    "replaced it (mode 0600)."
                )
                sentences.append(self.text(other_owner, key=file.kind))
        if folder.other_dog_files:
            sentences.append(self._other_files_text(folder.other_dog_files))
        return Message(reduce(join_sentences, sentences, ""))

    def _other_files_text(self, file_names: tuple[str, ...]) -> str:
        names = ", ".join(file_names[:LISTED_NAMES_MAX])
        if len(file_names) > LISTED_NAMES_MAX:
            more = len(file_names) - LISTED_NAMES_MAX
            names = self.text("{names} and {more} more", names=names, more=more)
        return self.text("Other .dog files are left alone: {names}.", names=names)

    def for_removal(self, result: "AccountRemoved") -> Message:
        """Return that an account is removed, and what of it is left, with the reason for each part."""
        name = result.account.name
        if result.is_complete and result.leaves_provided_secret:
            return self.message(
                "{name} is removed. Its AppSecret is provided from outside, and Guard Dog leaves it there.",
                "Remove {file} where it is provided.",
                name=name,
                file=f"guarddog.{result.account.appid}.appsecret",
            )
        if result.is_complete:
            return self.message("{name} is removed.", name=name)
        message = self.message(
            "{name} is no longer in the list of accounts.",
            "Then do it once more: guarddogctl accounts remove {appid}. Guard Dog also tries it by itself once a day.",
            name=name,
            appid=result.account.appid,
        )
        if result.secret_error is not None:
            secret_left = self.text(
                "Its AppSecret (guarddog:{appid}) could not be removed from the keyring.", appid=result.account.appid
            )
            message = self._with_reason(message, secret_left, self._for_removal_error(result.secret_error))
        if (error := result.file_error) is not None:
            reason = self.file_error_reason(error.reason)
            files_left = self.text("Its files could not be removed: {path}: {reason}.", path=error.path, reason=reason)
            message = self._with_reason(message, files_left, Message("", self.file_error_advice(error.reason)))
        return message

    def _for_removal_error(self, error: KeyringIsLocked | KeyringIsDown | NotPersisted) -> Message:
        if not isinstance(error, NotPersisted):
            return self.for_keyring_result(error)
        return self.message(
            "The keyring reported no error and still has it.", "Delete the entry in the keyring's own window."
        )

    def _with_reason(self, message: Message, failed: str, reason: Message) -> Message:
        summary = reduce(join_sentences, (message.summary, failed, reason.summary))
        return Message(summary, join_sentences(reason.advice, message.advice), reason.code or message.code)

    def classic_warning(self) -> Message:
        return self.message(
            "The classic endpoint makes a new token each time: the ones that your servers hold "
            "die within five minutes.",
            "Take stable unless no other program uses this account.",
        )

    def force_cost(self, account: Account, allowance: ForceAllowance) -> Message:
        """Return what a forced refresh ends, and how many are left today: shown before it is done."""
        cost = (
            N_(
                "The access_token that your servers use dies within five minutes: from then on calls fail with "
                "40001 until they read the new one. {left} forced refreshes are left today."
            )
            if account.endpoint is Endpoint.CLASSIC
            else N_(
                "The access_token that your servers use dies at once: calls fail with 40001 until they read the "
                "new one. {left} forced refreshes are left today."
            )
        )
        return self.message("Force a new token for {name}?", cost, name=account.name, left=allowance.remaining_today)

    def ticket_not_forced(self, kind: TokenKind) -> Message:
        return self.message(
            "A {key} cannot be forced: WeChat keeps giving the same one while it lives.",
            "Refresh it without --force.",
            key=self.key_name(kind),
        )

    def for_superseded_token(self, entry: HistoryEntry, account: Account) -> Message:
        advice = (
            N_("The classic endpoint lets programs take each other's tokens; stable_token gives everybody the same.")
            if account.endpoint is Endpoint.CLASSIC
            else N_("Look for a program that forces refreshes, or for a console where the AppSecret was reset.")
        )
        return self.message(
            "At {time} WeChat refused an access_token that should still have been alive. "
            "Probably another program made a new one.",
            advice,
            time=self.format_time(entry.at),
        )

    def for_foreign_writes(self, key: str, write_count: int) -> Message:
        summary = self.plural(
            "Another program writes {key}.dog: once in the last hour. Only a value of this account is taken over.",
            "Another program writes {key}.dog: {times} times in the last hour. "
            "Only values of this account are taken over.",
            write_count,
            key=key,
            times=write_count,
        )
        return Message(summary, self.text("Let it follow: with the loader for Node it only reads the file."))

    def for_clock_skew(self, minutes: int) -> Message:
        """Return by how many minutes the clock is wrong; positive if it is ahead of WeChat's."""
        return self.message(
            N_("The clock of this computer is {minutes} minutes ahead of WeChat's.")
            if minutes > 0
            else N_("The clock of this computer is {minutes} minutes behind WeChat's."),
            "Set it right: countdowns and the timestamps of signatures depend on it.",
            minutes=abs(minutes),
        )
