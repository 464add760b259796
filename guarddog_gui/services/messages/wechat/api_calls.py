"""Messages of the API console: why a request is not sent, and what came of one that was."""

from collections.abc import Mapping

from msgspec.structs import replace

from guarddog_gui.domain.accounts.account import Account, Platform
from guarddog_gui.domain.api.answer import ApiAnswer, Content
from guarddog_gui.domain.api.catalogue import CallEffect, CatalogueCall
from guarddog_gui.domain.api.request import ApiProblem, RefusedInput
from guarddog_gui.domain.message_catalog import N_
from guarddog_gui.domain.refresh.history import AttemptResult, HistoryEntry, Trigger
from guarddog_gui.domain.wechat.protocol import Refusal, TransportFailure
from guarddog_gui.services.api_calls import ApiOutcome
from guarddog_gui.services.messages.message import Message, Messages
from guarddog_gui.services.messages.texts import join_sentences

_PROBLEMS: Mapping[ApiProblem, tuple[str, str]] = {
    ApiProblem.UNKNOWN_METHOD: (
        N_("WeChat's API knows GET and POST only."),
        N_("Take the method that WeChat's page names."),
    ),
    ApiProblem.EMPTY_PATH: (N_("There is no path."), N_("Enter one such as cgi-bin/menu/get, or choose a call.")),
    ApiProblem.FOREIGN_ADDRESS: (
        N_("This is the address of another server."),
        N_("Guard Dog sends the token to the account's own API host only: enter the path, such as cgi-bin/menu/get."),
    ),
    ApiProblem.INVALID_PATH: (
        N_("This cannot be a path of WeChat's API."),
        N_("It has letters, digits, dots, dashes and single slashes, such as cgi-bin/menu/get."),
    ),
    ApiProblem.TOKEN_IN_QUERY: (
        N_("There is an access_token in the query."),
        N_("Leave it out: Guard Dog adds the live one."),
    ),
    ApiProblem.TOKEN_CALL: (
        N_("This call makes an access_token, which other programs would not get."),
        N_("Refresh the account instead: then the new token is where all programs read it."),
    ),
    ApiProblem.INVALID_QUERY: (
        N_("The query cannot be sent."),
        N_("Write each parameter as name=value: a name without spaces, a value without control characters."),
    ),
    ApiProblem.BODY_WITH_GET: (N_("A GET has no body."), N_("Choose POST, or leave the body empty.")),
    ApiProblem.BODY_NOT_JSON: (
        N_("The body is not a JSON object."),
        N_("Look for a missing comma or quotation mark; texts stand in double quotes."),
    ),
    ApiProblem.BODY_TOO_LARGE: (N_("The body is larger than 2 MB."), N_("Upload files as files.")),
    ApiProblem.UPLOAD_WITH_GET: (N_("A GET cannot upload a file."), N_("Choose POST.")),
}


def for_refused_input(refused: RefusedInput, messages: Messages) -> Message:
    """Return why a request is not sent; the place of the mistake is the code of the message."""
    summary, advice = _PROBLEMS[refused.problem]
    message = messages.message(summary, advice)
    if not refused.detail:
        return message
    line, _, column = refused.detail.partition(":")
    place = messages.text(N_("line {line}, column {column}") if column else N_("line {line}"), line=line, column=column)
    return replace(message, code=place)


def for_outcome(outcome: ApiOutcome, account: Account, messages: Messages) -> Message:
    """Return what keeps a call from being a success, and what to do; empty for a success."""
    if isinstance(outcome.failure, TransportFailure):
        return messages.for_failed_query(outcome.failure)
    if outcome.failure is not None:
        return messages.for_refresh_result(outcome.failure, platform=account.platform)
    refusal = outcome.answer.refusal if outcome.answer is not None else None
    if isinstance(refusal, TransportFailure):
        return messages.for_failed_query(refusal)
    if refusal is None:
        return Message("") if outcome.answer is not None else messages.for_crash()
    entry = refusal_entry(refusal, account, at=0.0, path=outcome.request.path)
    message = messages.for_entry(entry, platform=account.platform)
    renewed = renewal_text(outcome, messages)
    return replace(message, summary=join_sentences(message.summary, renewed)) if renewed else message


def renewal_text(outcome: ApiOutcome, messages: Messages) -> str:
    """Return what the renewal of a refused token has brought; empty if there was none."""
    if outcome.renewal is None:
        return ""
    if outcome.is_repeated:
        return messages.text("WeChat refused the token, so Guard Dog has renewed it and sent the call once more.")
    if not outcome.renewal.is_success:
        return messages.text("The token could not be renewed.")
    return messages.text("WeChat refuses the token that it has just given again, so the cause is another one.")


def refusal_entry(refusal: Refusal, account: Account, *, at: float, path: str) -> HistoryEntry:
    """Return the refusal of a call in the form in which messages and windows explain refusals."""
    return HistoryEntry(
        at, account.appid, "ACCESS_TOKEN", Trigger.USER, AttemptResult.REFUSED,
        errcode=refusal.errcode, errmsg=refusal.errmsg, rid=refusal.rid, ip=refusal.ip,
        endpoint=path.rpartition("/")[2],
    )  # fmt: skip


def effect_message(account: Account, title: str, call: CatalogueCall | None, messages: Messages) -> Message:
    """Return the question before a call that changes or sends something on a production account."""
    if call is None:
        consequence = N_("Guard Dog does not know this call: it may change or send something.")
    elif call.effect is CallEffect.SENDS:
        consequence = N_("People see it at once, and it cannot be taken back.")
    else:
        consequence = N_("It changes what the users of this account see or what is stored for it.")
    return messages.message("Call {title} on {name}?", consequence, title=title, name=account.name)


def content_name(answer: ApiAnswer, messages: Messages) -> str:
    """Return what an answer is, such as `PNG picture`."""
    match answer.content:
        case Content.EMPTY:
            return messages.text("empty")
        case Content.TEXT:
            return messages.text("text")
        case Content.BINARY:
            return messages.text("file")
        case content if content.is_picture:
            return messages.text("{kind} picture", kind=content.value.upper())
        case content:
            return content.value.upper()


def format_size(size: int) -> str:
    """Return a size such as `812 B` or `12.3 KB`."""
    if size < 1024:
        return f"{size} B"
    return f"{size / 1024:.1f} KB" if size < 1024 * 1024 else f"{size / 1024 / 1024:.1f} MB"


def platform_warning(account: Account, call: CatalogueCall | None, messages: Messages) -> str:
    """Return that a call is not for this kind of account; empty if it is, or if the call is unknown."""
    if call is None or call.platform.covers(account.platform):
        return ""
    if account.platform is Platform.MINI_PROGRAM:
        return messages.text("Official accounts have this call, mini programs do not: expect 48001.")
    return messages.text("Mini programs have this call, official accounts do not: expect 48001.")
