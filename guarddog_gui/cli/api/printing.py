"""Output of the command `api`: the answer as text, as JSON, or in a file."""

from argparse import Namespace
from pathlib import Path

import msgspec

from guarddog_gui.adapters.files.atomic import write_named_file
from guarddog_gui.cli.context import CommandContext
from guarddog_gui.domain.api.answer import ApiAnswer, Content
from guarddog_gui.domain.wechat.protocol import TransportFailure
from guarddog_gui.services.api_calls import ApiOutcome
from guarddog_gui.services.messages.wechat.api_calls import content_name, format_size


def print_outcome(context: CommandContext, args: Namespace, outcome: ApiOutcome) -> None:
    """Print what WeChat answered, or write it into the file of --output. Raises FileError."""
    answer = outcome.answer
    saved_to = None
    if answer is not None and args.output is not None and outcome.is_success:
        write_named_file(Path(args.output), answer.data or answer.text.encode())
        saved_to = args.output
    if args.json:
        context.terminal.write_json(_json_fields(outcome, saved_to))
    elif answer is not None and saved_to is not None:
        text = context.messages.text(
            "{kind}, {size}, written to {path}.",
            kind=content_name(answer, context.messages),
            size=format_size(answer.size),
            path=saved_to,
        )
        context.terminal.write_message(text)
    elif answer is not None:
        _print_answer(context, answer)


def _print_answer(context: CommandContext, answer: ApiAnswer) -> None:
    if answer.content.is_text:
        if answer.pretty:
            context.terminal.write_line(answer.pretty.removesuffix("\n"))
        return
    if context.terminal.takes_bytes:
        context.terminal.write_bytes(answer.data)
        return
    message = context.messages.message(
        "The answer is no text: {kind}, {size}.",
        "Call it again with --output FILE to get it.",
        kind=content_name(answer, context.messages),
        size=format_size(answer.size),
    )
    context.terminal.write_message(message)


def _json_fields(outcome: ApiOutcome, saved_to: str | None) -> dict[str, object]:
    answer, failure = outcome.answer, outcome.failure
    body: object = None
    if answer is not None and answer.content is Content.JSON:
        body = msgspec.json.decode(answer.text)
    return {
        "method": outcome.request.method.value,
        "path": outcome.request.path,
        "status": None if answer is None else answer.status,
        "errcode": None if answer is None else answer.errcode,
        "rid": None if answer is None else answer.rid,
        "took_ms": outcome.took_ms,
        "size": None if answer is None else answer.size,
        "content": None if answer is None else answer.content.value or "empty",
        "failure": failure.kind.value if isinstance(failure, TransportFailure) else None,
        "token_renewed": outcome.is_repeated,
        "saved_to": saved_to,
        "body": body,
        "text": answer.text if answer is not None and body is None and answer.text else None,
    }
