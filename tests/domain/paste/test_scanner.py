"""Groups of pairs in nested brackets, elements, strings and blocks."""

from hypothesis import given, settings
from hypothesis import strategies as st

from guarddog_gui.domain.paste.scanner import scan_text
from tests.pasted_cases import PIECES


def groups(text: str) -> list[tuple[str, list[str]]]:
    return [
        (group.opener, [f"{pair.field} {pair.value}" for pair in group.pairs])
        for group in scan_text(text)
        if group.pairs
    ]


def test_each_bracket_has_a_group_of_its_own() -> None:
    assert groups("{timestamp: 1, data: {timestamp: 2, nonce: 'a'}, url: 'https://a.cn'}") == [
        ("{", ["timestamp 1", "url https://a.cn"]),
        ("{", ["timestamp 2", "nonce a"]),
    ]


def test_brackets_around_a_value_or_a_name_close_again() -> None:
    assert groups("dict(timestamp=int('1'), nonce=('a'), data['signature']='b')") == [
        ("(", ["timestamp 1", "nonce a", "signature b"])
    ]


def test_elements_of_xml_and_indented_blocks_are_groups() -> None:
    assert [opener for opener, _ in groups("<r><timestamp>1</timestamp><d><nonce>a</nonce></d></r>")] == ["r", "d"]
    assert [opener for opener, _ in groups("timestamp: 1\ndata:\n  timestamp: 2\nnonce: b")] == ["text", "block"]


def test_a_string_that_holds_names_is_read_inside() -> None:
    assert groups('{"body": "{\\"nonce\\": \\"a\\"}"}') == [("{", ["nonce a"])]


def test_names_in_comments_are_not_read() -> None:
    assert groups("// nonce: 'a'\n/* nonce: 'b' */ nonce: 'c' // nonce: 'd'") == [("text", ["nonce c"])]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=80).map("".join))
def test_any_text_can_be_scanned(text: str) -> None:
    assert scan_text(text)[0].opener == "text"
