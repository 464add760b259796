"""Names of copied values, for the messages about them; the values themselves are not part of them."""

from msgspec import Struct
from PySide6.QtCore import QCoreApplication

from guarddog_gui.domain.tokens.record import TokenKind


class KeySubject(Struct, frozen=True):
    """Token or ticket of an account."""

    kind: TokenKind
    account_name: str
    appid: str = ""


class SignedStringSubject(Struct, frozen=True):
    """String that was signed, with the ticket in it."""


class NamedTextSubject(Struct, frozen=True):
    """Text that is no secret; a short one is its own name."""

    name: str


CopySubject = KeySubject | SignedStringSubject | NamedTextSubject


def copied_message(subject: CopySubject) -> str:
    """Return the report of a copy in the current language."""
    match subject:
        case KeySubject(kind=kind, account_name=account_name):
            text = QCoreApplication.translate("Clipboard", "Copied {key} of {name}")
            return text.format(key=kind.value, name=account_name)
        case SignedStringSubject():
            return QCoreApplication.translate("Clipboard", "Copied the signed string")
        case NamedTextSubject(name):
            return QCoreApplication.translate("Clipboard", "Copied {text}").format(text=name)


def copy_failed_message(subject: CopySubject) -> str:
    """Return the report of a copy that another program has prevented, in the current language."""
    text = QCoreApplication.translate(
        "Clipboard", "{action}: another program uses the clipboard, so nothing was copied. Try again."
    )
    return text.format(action=copy_question(subject))


def copy_question(subject: CopySubject) -> str:
    """Return the title of a window that offers to copy the value, in the current language."""
    match subject:
        case KeySubject(kind=kind, account_name=account_name):
            text = QCoreApplication.translate("Clipboard", "Copy {key} of {name}")
            return text.format(key=kind.value, name=account_name)
        case SignedStringSubject():
            return QCoreApplication.translate("Clipboard", "Copy the signed string")
        case NamedTextSubject(name):
            return QCoreApplication.translate("Clipboard", "Copy {text}").format(text=name)
