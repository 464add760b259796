"""Messages about errors: input, files, locks and keyrings that cannot be used, and accounts that do not exist."""

import os
import re

from msgspec.structs import replace

from guarddog_gui.domain.accounts import keyring_results
from guarddog_gui.domain.accounts.keyring_results import KeyringFailure, KeyringIsDown, KeyringIsLocked, SecretMissing
from guarddog_gui.domain.errors import BadApiBase, BadInput, FileError, LockBusy, NoSuchAccount
from guarddog_gui.domain.problems import FileErrorReason, InputProblem
from guarddog_gui.domain.wechat.protocol import redact_api_base
from guarddog_gui.services.messages.problems import DEFAULT_FILE_ADVICE, FILE_ERROR_ADVICE, INPUT_PROBLEMS
from guarddog_gui.services.messages.texts import Message, Texts

_TOO_LARGE = re.compile(r"larger than ([0-9]+) bytes")


class ErrorMessages(Texts):
    """Messages about what could not be done."""

    def for_error(self, error: BadInput | FileError | LockBusy | NoSuchAccount) -> Message:
        match error:
            case FileError():
                return self.for_file_error(error)
            case LockBusy():
                return self.for_busy_lock()
            case NoSuchAccount():
                return self.message(
                    "No account is called “{wanted}”.",
                    "See what there is with guarddogctl accounts list.",
                    wanted=str(error),
                )
            case BadInput():
                return self.for_bad_input(error)

    def for_bad_input(self, problem: BadInput | InputProblem) -> Message:
        if isinstance(problem, BadApiBase):
            return self._for_bad_api_base(problem)
        if isinstance(problem, InputProblem):
            return self.message(*INPUT_PROBLEMS[problem])
        message = self.message(*INPUT_PROBLEMS[problem.problem])
        if not problem.subject:
            return message
        return replace(message, summary=self.text("About {name}: {text}", name=problem.subject, text=message.summary))

    def _for_bad_api_base(self, error: BadApiBase) -> Message:
        return self.message(
            "This address of the WeChat API cannot be used. It is “{address}”, from {source}.",
            "Take an https address; plain http is for this computer only. Where neither the "
            "Preferences nor GUARDDOG_API_BASE names one, it is https://api.weixin.qq.com.",
            address=redact_api_base(error.api_base),
            source=error.variable or self.text("the Preferences"),
        )

    def for_file_error(self, error: FileError) -> Message:
        if error.reason == FileErrorReason.NEWER_VERSION:
            summary = self.text(
                "{path} was written by a newer Guard Dog: this one may read it but does not change it.", path=error.path
            )
            return Message(summary, self.file_error_advice(error.reason))
        reason = self.file_error_reason(error.reason)
        summary = self.text("{path} could not be read or written: {reason}.", path=error.path, reason=reason)
        return Message(summary, self.file_error_advice(error.reason))

    def for_history_error(self, error: FileError) -> Message:
        """Return that the history could not be written, which affects no value."""
        return self.message(
            "The history could not be written to {path}: {reason}.",
            "Values are not affected. Check that the folder is yours and the disk has room.",
            path=error.path,
            reason=self.file_error_reason(error.reason),
        )

    def for_busy_history(self, process: str) -> Message:
        """Return that another process holds the history; `process` describes it, or is empty."""
        return self.message(
            "The history is locked by {process}; this attempt is kept in a file and added to it later.",
            "Values are not affected. If that process should not use the history, end it.",
            process=process or self.text("another process"),
        )

    def file_error_reason(self, reason: str) -> str:
        """Translate the reason of a FileError; the operating system's own words stay as they come."""
        size = _TOO_LARGE.fullmatch(reason)
        if size:
            return self.text("larger than {bytes} bytes", bytes=size[1])
        return self.text(reason) if reason in set(FileErrorReason) else reason

    def file_error_advice(self, reason: str) -> str:
        if _TOO_LARGE.fullmatch(reason):
            return self.text("Take a smaller file, or move this one away.")
        return self.text(FILE_ERROR_ADVICE.get(reason, DEFAULT_FILE_ADVICE))

    def for_busy_lock(self) -> Message:
        return self.message(
            "Another program is refreshing this account and takes long.", "Wait a moment, then try again."
        )

    def for_keyring_result(
        self, result: KeyringIsLocked | KeyringIsDown | keyring_results.NotPersisted | SecretMissing
    ) -> Message:
        match result:
            case SecretMissing():
                return self.message(
                    "The keyring has no AppSecret for this account.",
                    "Enter the AppSecret again: edit the account, or run guarddogctl accounts add.",
                )
            case KeyringIsLocked():
                return self.message("The keyring is locked.", "Unlock it, then try again.")
            case KeyringIsDown(detail):
                return self._for_keyring_failure(detail)
            case keyring_results.NotPersisted():
                return self.message(
                    "The keyring took the AppSecret and kept nothing.",
                    "Choose a keyring that stores: look at the backend that keyring uses (keyring diagnose).",
                )

    def _for_keyring_failure(self, detail: str) -> Message:
        match detail:
            case KeyringFailure.NO_ANSWER:
                return self.message(
                    "The keyring is there and does not answer.",
                    "Look for a window of it that waits; else log out and in, then try again.",
                )
            case KeyringFailure.TOO_LONG:
                return self.for_bad_input(InputProblem.INVALID_SECRET)
            case "" | KeyringFailure.NO_KEYRING:
                return self.message(
                    "No keyring answers.",
                    "Start the keyring of the desktop (GNOME Keyring, KWallet or KeePassXC), then try again. On a "
                    "server choose one as the page “On a server” of the documentation says.",
                )
            case KeyringFailure.NOT_LOADED:
                return self.message(
                    "The keyring that PYTHON_KEYRING_BACKEND or keyringrc.cfg names cannot be loaded.",
                    "Correct the name, install the package that has it, or remove the setting.",
                )
            case KeyringFailure.READ_ONLY:
                return self.message(
                    "This keyring only reads: its secrets are files that systemd or a container provides.",
                    "Put the secret into the file guarddog.APPID.appsecret there, start again, and enter the same one.",
                )
            case _:  # the name of an error of the keyring's own library, for which there is no text
                return self.message(
                    "The keyring reported an error.",
                    "Check that the keyring of the desktop runs and can be opened, then try again.",
                    code=detail,
                )

    def for_crash(self, report: os.PathLike[str] | None = None) -> Message:
        """Return that the program has made a mistake, which is described in the file `report` or in the log."""
        if report is not None:
            return self.message(
                "Guard Dog made a mistake of its own.",
                "Please report it; what happened is in {path}.",
                path=os.fspath(report),
            )
        return self.message("Guard Dog made a mistake of its own.", "Please report it; the log has what happened.")

    def for_crash_report(self, *, is_of_earlier_run: bool) -> Message:
        """Return that the program has made a mistake and written a report."""
        if is_of_earlier_run:
            return self.message(
                "Guard Dog ended unexpectedly the last time.",
                "Copy the report, look it through, then open an issue with it.",
            )
        return self.message(
            "Guard Dog made a mistake of its own and goes on.",
            "Copy the report, look it through, then open an issue with it.",
        )

    def for_damaged_file(self, backup_path: str) -> Message:
        return self.message(
            "A damaged file was found and is kept as {kept}.",
            "Guard Dog goes on without it; take out of it by hand what you need.",
            kept=backup_path,
        )
