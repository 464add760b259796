"""Names of copied values, for the messages about them; the values themselves are not part of them."""

from collections.abc import Callable

from msgspec import Struct
from PySide6.QtCore import QCoreApplication

from guarddog_gui.domain.tokens.copy_formats import CopyFormat
from guarddog_gui.domain.tokens.record import TokenKind


class KeySubject(Struct, frozen=True):
    """Token or ticket of an account; `valid_until` is in Unix seconds, None if unknown."""

    kind: TokenKind
    account_name: str
    appid: str = ""
    copy_format: CopyFormat = CopyFormat.VALUE
    valid_until: float | None = None


class SignedStringSubject(Struct, frozen=True):
    """String that was signed, with the ticket in it."""


class NamedTextSubject(Struct, frozen=True):
    """Text of which the name is no secret; a short one that is none is its own name."""

    name: str


CopySubject = KeySubject | SignedStringSubject | NamedTextSubject


def copied_message(subject: CopySubject, format_time: Callable[[float], str]) -> str:
    """Return the report of a copy in the current language: whose value it is, and until when it works."""
    match subject:
        case KeySubject(kind=kind, account_name=account_name):
            if subject.copy_format is CopyFormat.VALUE:
                text = QCoreApplication.translate("Clipboard", "Copied {key} of {name}")
            else:
                text = QCoreApplication.translate("Clipboard", "Copied {key} of {name} as {form}")
            copied = text.format(key=_key_name(kind), name=account_name, form=copy_format_name(subject.copy_format))
            if subject.valid_until is None:
                return copied
            works = QCoreApplication.translate("Clipboard", "works until {time}")
            return f"{copied} · {works.format(time=format_time(subject.valid_until))}"
        case SignedStringSubject():
            return QCoreApplication.translate("Clipboard", "Copied the signed string")
        case NamedTextSubject(name):
            return QCoreApplication.translate("Clipboard", "Copied {text}").format(text=name)


def copy_format_name(copy_format: CopyFormat) -> str:
    """Return the name of a form in a menu, in the current language."""
    names = {
        CopyFormat.VALUE: QCoreApplication.translate("Clipboard", "value"),
        CopyFormat.CURL: QCoreApplication.translate("Clipboard", "curl line"),
        CopyFormat.ENV: QCoreApplication.translate("Clipboard", "env line"),
        CopyFormat.JSON: "JSON",
        CopyFormat.APPID: "AppID",
    }
    return names[copy_format]


def _key_name(kind: TokenKind) -> str:
    return "wx_card ticket" if kind is TokenKind.CARD_TICKET else kind.lower()


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
            return text.format(key=_key_name(kind), name=account_name)
        case SignedStringSubject():
            return QCoreApplication.translate("Clipboard", "Copy the signed string")
        case NamedTextSubject(name):
            return QCoreApplication.translate("Clipboard", "Copy {text}").format(text=name)
