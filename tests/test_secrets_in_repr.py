"""No value class of the package shows a token, ticket or secret in its `repr`."""

import pickle
from collections.abc import Iterator
from importlib import import_module
from inspect import get_annotations
from pathlib import Path
from typing import Any

import pytest

import guarddog_gui
from guarddog_gui.adapters.message_catalogs import load_message_catalog
from guarddog_gui.cli.command_error import ReplaceProcess
from guarddog_gui.domain.diagnosis.candidate_tickets import CandidateTicket, TicketOrigin
from guarddog_gui.domain.diagnosis.replaced_tickets import ReplacedTicket
from guarddog_gui.domain.signing.signature import SignatureInput
from guarddog_gui.domain.tokens.dog_format import DogRecord
from guarddog_gui.domain.tokens.record import PreviousToken, TokenRecord
from guarddog_gui.domain.wechat.protocol import IssuedToken, Reply, Request
from guarddog_gui.services.messages.message import Messages
from tests.errcode_catalogue import CATALOGUE

TOKEN = "91_not-a-real-token-9a8b7c6d5e4f"

# what a field is called that holds a value, or a text that may have one in it
TELLING_NAMES = frozenset(
    {
        "access_token", "body", "damaged_bytes", "data", "environ", "pasted_ticket", "prefix", "query",
        "raw_fields", "request_body", "response", "response_body", "secret", "suffix", "ticket", "value",
    }
)  # fmt: skip
TELLING_TYPES = ("str", "bytes", "Any", "Mapping", "dict", "tuple[tuple[str")

# fields with such a name that hold something else
HARMLESS = {
    ("PageUrl", "query"): "the query of a page's address",
    ("NotificationText", "body"): "a sentence on the screen",
    ("_DogFields", "data"): "the base of DogRecord, which hides it; no instance is ever made",
}


def value_classes() -> Iterator[type[Any]]:
    root = Path(guarddog_gui.__file__).parent
    for path in sorted(root.rglob("*.py")):
        name = ".".join((root.name, *path.relative_to(root).with_suffix("").parts))
        if name.endswith("__main__") or path.stem == "windows":
            continue
        module = import_module(name.removesuffix(".__init__"))
        for kind in vars(module).values():
            if isinstance(kind, type) and field_names(kind) and kind.__module__ == module.__name__:
                yield kind


def field_names(kind: type[Any]) -> tuple[str, ...]:
    """Return the fields of a `Struct`, a named tuple or a dataclass; none for any other class."""
    return getattr(kind, "__match_args__", ())


def field_types(kind: type[Any]) -> dict[str, object]:
    return {name: hint for base in reversed(kind.__mro__) for name, hint in get_annotations(base).items()}


def telling_fields(kind: type[Any]) -> list[str]:
    types = field_types(kind)
    return [
        name
        for name in field_names(kind)
        if name in TELLING_NAMES
        and str(getattr(types[name], "__name__", types[name])).startswith(TELLING_TYPES)
        and (kind.__name__, name) not in HARMLESS
    ]


WITH_VALUES = [kind for kind in value_classes() if telling_fields(kind)]


@pytest.mark.parametrize("kind", WITH_VALUES, ids=lambda kind: kind.__name__)
def test_a_value_is_not_in_its_repr(kind: type[Any]) -> None:
    made = kind(**{name: TOKEN if name in telling_fields(kind) else None for name in field_names(kind)})
    assert TOKEN not in repr(made)
    # `rich` shows what this method yields in place of the `repr`
    assert TOKEN not in str(list(getattr(made, "__rich_repr__", list)()))


def test_the_walk_sees_the_values_that_matter() -> None:
    names = {kind.__name__ for kind in WITH_VALUES}
    assert names >= {
        "TokenRecord", "PreviousToken", "DogRecord", "ReplacedTicket", "CandidateTicket", "PastedConfig",
        "SignatureInput", "Request", "Reply", "IssuedToken", "DiagnosisRequest", "LoadedValue",
    }  # fmt: skip


@pytest.mark.parametrize(
    "value",
    [
        TokenRecord(TOKEN, 7200, 1, "/d", 290),
        PreviousToken(TOKEN, 1.0),
        DogRecord(TOKEN, 7200, 1),
        ReplacedTicket(TOKEN, 1.0),
        CandidateTicket(TOKEN, TicketOrigin.CURRENT),
        SignatureInput(TOKEN, "n", 1, "https://a.cn/"),
        IssuedToken(TOKEN, 7200),
        Request("/p", query=(("access_token", TOKEN),)),
        Reply(200, TOKEN.encode()),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_hidden_value_is_compared_and_pickled_all_the_same(value: Any) -> None:
    copied = pickle.loads(pickle.dumps(value))  # noqa: S301 - our own
    assert copied == value
    assert TOKEN in str([getattr(copied, name) for name in field_names(type(value))])
    assert TOKEN not in repr(copied)


def test_the_program_that_exec_starts_does_not_show_its_environment() -> None:
    messages = Messages(load_message_catalog("en"), CATALOGUE, str)
    request = ReplaceProcess(("true",), {"WECHAT_ACCESS_TOKEN": TOKEN}, messages)
    assert TOKEN not in f"{request!r} {request}"
