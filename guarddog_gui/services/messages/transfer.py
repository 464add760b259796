"""Messages about accounts that move to another computer: files that cannot be read, and what an import has done."""

from collections.abc import Mapping

from msgspec.structs import replace

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.errors import BadInput, FileError, LockBusy
from guarddog_gui.domain.message_catalog import N_
from guarddog_gui.domain.transfer import PASSPHRASE_LENGTH_MIN, ImportPlan, TransferContent, TransferProblem
from guarddog_gui.services.accounts.transfer import NotExported, NotImported
from guarddog_gui.services.messages.message import Message, Messages
from guarddog_gui.services.messages.texts import join_sentences

TRANSFER_PROBLEMS: Mapping[TransferProblem, tuple[str, str]] = {
    TransferProblem.NOT_EXPORTED: (
        N_("{path} is no file that Guard Dog has exported with a passphrase."),
        N_("Take the file of guarddogctl accounts export, or of Export accounts in the preferences."),
    ),
    TransferProblem.WRONG_PASSPHRASE: (
        N_("The passphrase does not open {path}."),
        N_("Try it again; if it is certainly the right one, the file was changed: export it once more."),
    ),
    TransferProblem.DAMAGED: (
        N_("{path} is cut off or was changed."),
        N_("Copy it once more, or export it once more."),
    ),
    TransferProblem.NEWER_VERSION: (
        N_("{path} was exported by a newer Guard Dog, and this one cannot read it."),
        N_("Update this Guard Dog, then try again."),
    ),
    TransferProblem.TOO_SLOW: (
        N_("This computer is too slow or too busy to open {path}: it would take minutes."),
        N_("Close other programs, then try again. The file is not damaged."),
    ),
}


def transfer_problem_message(problem: TransferProblem, path: str, messages: Messages) -> Message:
    return _nothing_imported(messages.message(*TRANSFER_PROBLEMS[problem], path=path), messages)


def passphrase_message(passphrase: str, repeated: str | None, messages: Messages) -> Message | None:
    """Return why this passphrase cannot be taken for a new file; `repeated` is None where it is typed once."""
    if len(passphrase) < PASSPHRASE_LENGTH_MIN:
        return messages.message(
            "The passphrase is too short: it protects the AppSecrets of all accounts.",
            "Take at least {length} characters, better several words.",
            length=PASSPHRASE_LENGTH_MIN,
        )
    if repeated is not None and repeated != passphrase:
        return messages.message("The two passphrases are not the same.", "Type it twice in the same way.")
    return None


def exported_message(content: TransferContent, path: str, messages: Messages) -> Message:
    """Return how many accounts are in the file, and which of them without an AppSecret."""
    count = len(content.accounts)
    summary = messages.plural(
        "1 account is exported to {path}.", "{count} accounts are exported to {path}.", count, count=count, path=path
    )
    advice = messages.text(
        "The file and the passphrase together give the AppSecrets: keep them apart, and delete the file after the move."
    )
    return Message(_with_missing_secrets(summary, content, messages), advice)


def _with_missing_secrets(summary: str, content: TransferContent, messages: Messages) -> str:
    names = ", ".join(moved.account.name for moved in content.accounts if moved.secret is None)
    if not names:
        return summary
    missing = messages.text("The keyring has no AppSecret of {names}: enter it there.", names=names)
    return join_sentences(summary, missing)


def not_exported_message(failure: NotExported, messages: Messages) -> Message:
    return messages.for_keyring_result(failure.error)


def imported_message(plan: ImportPlan, messages: Messages) -> Message:
    """Return how many accounts are new, replaced and kept."""
    added, replaced, kept = len(plan.added), len(plan.replaced), len(plan.kept)
    parts = []
    if added:
        parts.append(messages.plural("1 account is imported", "{count} accounts are imported", added, count=added))
    if replaced:
        parts.append(messages.plural("1 is replaced", "{count} are replaced", replaced, count=replaced))
    if kept:
        parts.append(messages.plural("1 is kept as it is here", "{count} are kept as they are here", kept, count=kept))
    summary = " · ".join(parts) or messages.text("The file has no accounts.")
    without_secret = ", ".join(moved.account.name for moved in plan.changes if moved.secret is None)
    advice = (
        messages.text("The file has no AppSecret of {names}: enter it by editing the account.", names=without_secret)
        if without_secret
        else ""
    )
    return Message(summary, advice)


def left_out_messages(plan: ImportPlan, messages: Messages) -> list[Message]:
    """Return which places of the accounts are left out, because this computer does not have them."""
    names = {moved.account.appid: moved.account.name for moved in plan.changes}
    return [
        messages.message(
            "{place} of {name} does not exist here and is left out.",
            "Set it again by editing the account.",
            name=names[left_out.appid],
            place=left_out.place,
        )
        for left_out in plan.left_out
    ]


def not_imported_message(failure: NotImported, messages: Messages) -> Message:
    """Return that nothing was imported, why, and whose AppSecret could not be put back."""
    error = failure.error
    reason = messages.for_file_error(error) if isinstance(error, FileError) else messages.for_keyring_result(error)
    message = _nothing_imported(reason, messages)
    if failure.unrestored:
        names = ", ".join(map(_name, failure.unrestored))
        kept = messages.text(
            "The keyring still has the AppSecret of the file for: {names}. "
            "Guard Dog puts the previous one back as soon as the keyring lets it.",
            names=names,
        )
        return replace(message, summary=join_sentences(message.summary, kept))
    return message


def refused_import_message(error: BadInput | FileError | LockBusy, messages: Messages) -> Message:
    """Return that nothing was imported, and why it was not even begun."""
    return _nothing_imported(messages.for_error(error), messages)


def _nothing_imported(reason: Message, messages: Messages) -> Message:
    return replace(reason, summary=join_sentences(messages.text("Nothing is imported."), reason.summary))


def _name(account: Account) -> str:
    return account.name
