"""Search of the history by the words that the list shows: accounts, errcodes, keys, triggers and results."""

from collections.abc import Mapping

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.refresh.history import ADDRESS_KEY, CLEAR_QUOTA_KEY, AttemptResult, TextMatches, Trigger
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.services.messages.message import Messages
from guarddog_gui.services.messages.titles import failure_title

_NUMBER_LENGTH_MIN = 3  # shorter beginnings of an errcode match too many


def find_matches(text: str, accounts: Mapping[str, Account], messages: Messages) -> TextMatches:
    """Return the values that are shown with this text, in the language of the messages."""
    searched = text.casefold()
    if not searched:
        return TextMatches()

    def is_found(*shown: str) -> bool:
        return any(searched in each.casefold() for each in shown)

    catalog = messages.errcode_catalog
    return TextMatches(
        appids=tuple(appid for appid, account in accounts.items() if is_found(appid, account.name)),
        keys=tuple(key for key in (*TokenKind, CLEAR_QUOTA_KEY, ADDRESS_KEY) if is_found(key)),
        triggers=tuple(trigger for trigger in Trigger if is_found(messages.trigger_name(trigger))),
        results=tuple(
            result
            for result in AttemptResult
            if is_found(messages.result_name(result), failure_title(messages, result, None, ""))
        ),
        errcodes=tuple(code for code in catalog.codes() if _is_errcode_found(searched, code, messages)),
    )


def _is_errcode_found(searched: str, code: int, messages: Messages) -> bool:
    if searched == str(code) or (len(searched) >= _NUMBER_LENGTH_MIN and str(code).startswith(searched)):
        return True
    errcode = messages.errcode_catalog.find(code)
    meaning = errcode.meaning(messages.language) if errcode is not None else ""
    title = failure_title(messages, AttemptResult.REFUSED, code, "")
    return searched in title.casefold() or searched in meaning.casefold()
