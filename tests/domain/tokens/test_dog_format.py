"""Reading and writing of `.dog` files."""

import json
import math
from collections.abc import Mapping

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from guarddog_gui.domain.tokens.dog_format import (
    DogRecord,
    dog_file_name,
    format_dog,
    format_token_record,
    nesting_depth,
    parse_dog,
    parse_token_record,
)
from guarddog_gui.domain.tokens.expiry import BELIEVABLE_LIFETIME_MAX_S
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord

RECORD = TokenRecord("90_abc-DEF", 7200, 1_700_000_000_123, "/somewhere", 290)
FIELDS = {"data": "90_abc-DEF", "expires_in": 7200, "gen_time": 1_700_000_000_123, "dir": "/somewhere", "ahead": 290}

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)
RECORDS = st.builds(
    TokenRecord,
    value=st.text(min_size=1).filter(str.isprintable),
    expires_in=st.integers(1, BELIEVABLE_LIFETIME_MAX_S),
    generated_ms=st.integers(1, 2**53 - 1),
    directory=st.text(),
    ahead=st.integers(0, BELIEVABLE_LIFETIME_MAX_S),
)


def text_of(**changes: object) -> str:
    return json.dumps({**FIELDS, **changes})


def without(name: str) -> str:
    return json.dumps({key: value for key, value in FIELDS.items() if key != name})


def test_the_files_have_the_names_of_their_keys() -> None:
    assert [dog_file_name(kind) for kind in TokenKind] == ["ACCESS_TOKEN.dog", "JSAPI_TICKET.dog", "CARD_TICKET.dog"]


def test_a_record_is_written_as_npm_guard_dog_does() -> None:
    assert format_token_record(RECORD) == (
        '{"data":"90_abc-DEF","expires_in":7200,"gen_time":1700000000123,"dir":"/somewhere","ahead":290}'
    )


def test_characters_are_escaped_as_json_stringify_does() -> None:
    record = TokenRecord('小"\\/\n\x00\x7f\u2028', 1, 1, "店", 0)
    assert format_token_record(record) == (
        '{"data":"小\\"\\\\/\\n\\u0000\x7f\u2028","expires_in":1,"gen_time":1,"dir":"店","ahead":0}'
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (text_of(), RECORD),
        (json.dumps(dict(reversed(FIELDS.items())), indent=4) + "\n", RECORD),
        (text_of(expires_in="7200", gen_time="1700000000123", ahead="290"), RECORD),
        (text_of(expires_in=7200.0), RECORD),
        (text_of(colour="red"), RECORD),
        (without("dir"), TokenRecord("90_abc-DEF", 7200, 1_700_000_000_123, "", 290)),
        (without("ahead"), TokenRecord("90_abc-DEF", 7200, 1_700_000_000_123, "/somewhere", 2)),
    ],
)
def test_files_of_other_writers_are_read(text: str, expected: TokenRecord) -> None:
    assert parse_token_record(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "{",
        "null",
        "[]",
        "42",
        '"text"',
        "\ufeff" + text_of(),
        text_of() + "}",
        "[" * 200_000,
        '{"data":' * 100_000,
        text_of(data=""),
        text_of(data=None),
        text_of(data=7),
        text_of(data={"access_token": "x"}),
        text_of(dir=None),
        text_of(expires_in=0),
        text_of(expires_in=-1),
        text_of(expires_in=BELIEVABLE_LIFETIME_MAX_S + 1),
        text_of(expires_in=True),
        text_of(expires_in=7200.5),
        text_of(expires_in=math.inf),
        text_of(expires_in=math.nan),
        text_of(expires_in="-7200"),
        text_of(expires_in="٧٢٠٠"),
        text_of(expires_in="9" * 5000),
        text_of(gen_time=0),
        text_of(gen_time=2**53),
        text_of(gen_time=1e300),
        text_of(gen_time=None),
        text_of(ahead=-1),
        text_of(ahead="soon"),
        text_of().replace("7200", "9" * 10_000),
        without("data"),
        without("expires_in"),
        without("gen_time"),
    ],
)
def test_what_is_not_a_dog_file_is_none(text: str) -> None:
    assert parse_token_record(text) is None


@given(RECORDS)
@example(TokenRecord("0", 1, 2**53 - 1, "", 0))
def test_every_record_comes_back_from_its_text(record: TokenRecord) -> None:
    assert parse_token_record(format_token_record(record)) == record


@pytest.mark.parametrize("value", ["\ud800abc", "a\nb", "a\x00", "\x7f"])
def test_an_unprintable_value_is_no_token(value: str) -> None:
    assert parse_token_record(text_of(data=value)) is None


def assert_usable(record: TokenRecord | None) -> None:
    """Check that a parsed record has the right types and can be written again."""
    if record is not None:
        assert record.value
        assert type(record.expires_in) is type(record.generated_ms) is type(record.ahead) is int
        assert 0 < record.expires_in <= BELIEVABLE_LIFETIME_MAX_S
        assert parse_token_record(format_token_record(record)) == record


@given(st.text())
def test_any_text_can_be_parsed(text: str) -> None:
    assert_usable(parse_token_record(text))


@given(JSON)
def test_any_json_can_be_parsed(value: object) -> None:
    assert_usable(parse_token_record(json.dumps(value)))


@given(st.fixed_dictionaries({}, optional={name: JSON | st.just(FIELDS[name]) for name in FIELDS}))
def test_any_fields_can_be_parsed(fields: Mapping[str, object]) -> None:
    assert_usable(parse_token_record(json.dumps(fields)))


@given(st.integers(0, len(text_of()) - 1), st.integers(0, len(text_of())), st.text(max_size=3))
def test_any_truncated_or_changed_file_can_be_parsed(start: int, end: int, patch: str) -> None:
    assert_usable(parse_token_record(text_of()[:start] + patch + text_of()[end:]))


# any JSON value, as the guard_dog library stores it

DOGS = st.builds(
    DogRecord,
    data=st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
        max_leaves=10,
    ),
    expires_in=st.integers(0, 10**11) | st.floats(0.001, 1000).filter(lambda life: not life.is_integer()),
    generated_ms=st.integers(1, 10**13),
    directory=st.text(),
    ahead=st.integers(0, 10**9),
)


@given(DOGS)
def test_any_json_value_comes_back_from_its_text(dog: DogRecord) -> None:
    assert parse_dog(format_dog(dog)) == dog


@given(st.fixed_dictionaries({}, optional={name: JSON | st.just(FIELDS[name]) for name in FIELDS}))
def test_any_fields_can_be_parsed_for_the_library(fields: Mapping[str, object]) -> None:
    dog = parse_dog(json.dumps(fields))
    if dog is not None:
        assert dog.remaining_s(now=0) >= 0
        assert dog.refresh_at <= dog.expires_at


@pytest.mark.parametrize(
    "text",
    [
        "", "null", "[]", without("data"), text_of(expires_in=-1), text_of(ahead=-1), text_of(gen_time=0),
        text_of(expires_in=2**53), text_of(gen_time=2**53), text_of().replace("7200", "9" * 4000),
        text_of(expires_in=math.nan), text_of(expires_in=math.inf), text_of(data=math.nan), text_of(expires_in=True), text_of(dir=1),
    ],
)  # fmt: skip
def test_a_file_that_no_writer_produces_is_rejected(text: str) -> None:
    assert parse_dog(text) is None


def test_null_and_zero_are_valid_values() -> None:
    assert parse_dog(text_of(data=None, expires_in=0)) == DogRecord(None, 0, 1_700_000_000_123, "/somewhere", 290)


@pytest.mark.parametrize("data", [math.nan, math.inf, {"deep": [-math.inf]}])
def test_data_that_json_cannot_express_is_not_written(data: object) -> None:
    with pytest.raises(ValueError, match="JSON"):
        format_dog(DogRecord(data, 60, 1))


@pytest.mark.parametrize(
    ("life", "ahead", "due"), [(7200, 300, 6900), (3, 2, 1), (2, 2, 2), (1, 2, 1), (0, 2, 0), (300, 7200, 300)]
)
def test_a_lifetime_up_to_ahead_is_due_at_expiry_as_in_npm(life: float, ahead: float, due: float) -> None:
    dog = DogRecord("a", life, 1_000_000, "", ahead)
    assert dog.refresh_at == 1000 + due
    assert dog.is_auto_refreshed == (life > ahead)


def test_a_token_is_due_before_its_expiry() -> None:
    assert TokenRecord("a", 300, 1_000_000, "", 7200).refresh_at == 1270


def nested(depth: int) -> str:
    return '[{"a":' * (depth // 2) + "1" + "}]" * (depth // 2)


def test_data_nested_too_deep_is_rejected() -> None:
    assert parse_dog(text_of(data=json.loads(nested(100)))) is not None
    for depth in (102, 900, 100_000):
        assert parse_dog(f'{{"data":{nested(depth)},"expires_in":1,"gen_time":1}}') is None


@pytest.mark.parametrize(
    ("data", "depth"), [("[[", 0), (1, 0), (None, 0), ([], 1), ({}, 1), ([1, [2]], 2), ({"a": [{}], "b": 1}, 3)]
)
def test_nesting_depth_counts_lists_and_objects(data: object, depth: int) -> None:
    assert nesting_depth(data) == depth
