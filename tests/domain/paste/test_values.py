"""Forms of values, and what stands in place of one."""

import pytest

from guarddog_gui.domain.paste.values import has_form, has_typed_form, is_placeholder, is_variable, plain_integer


@pytest.mark.parametrize("text", ["${a}", "{{a}}", "<?= $a ?>", "<%=a%>", "@Model.A", "[[${a}]]", "****", "undefined"])
def test_places_of_templates_and_masks_are_placeholders(text: str) -> None:
    assert is_placeholder(text)


@pytest.mark.parametrize("text", ["timestamp", "res.data.sign", "sha1(text)", "d['a']", "$sign"])
def test_names_of_the_language_are_variables(text: str) -> None:
    assert is_variable(text)


@pytest.mark.parametrize("text", ["Wm3WZYTPz0wzccnW", "1414587457", "a-b-c", "e0f9de62fce790f9a083d5c99e95740ceb90c2"])
def test_values_are_neither(text: str) -> None:
    assert not is_variable(text)
    assert not is_placeholder(text)


@pytest.mark.parametrize(
    ("printed", "plain"),
    [
        ("1.7954112E9", "1795411200"),
        ("1.7954112e+09", "1795411200"),
        ("1795411200L", "1795411200"),
        ("1795411200", "1795411200"),
        ("1795411200.5", "1795411200.5"),
        ("1.5e0", "1.5e0"),
        ("abc", "abc"),
    ],
)
def test_an_integer_is_read_as_a_language_printed_it(printed: str, plain: str) -> None:
    assert plain_integer(printed) == plain


def test_a_nonce_is_not_what_is_plainly_another_value() -> None:
    assert has_typed_form("nonce", "Wm3WZYTPz0wzccnW")
    assert not has_typed_form("nonce", "1795411200")
    assert not has_typed_form("nonce", "wx0000000000000001")
    assert not has_typed_form("nonce", "callback")
    assert has_form("nonce", "anything at all")
    assert not has_form("signature", "anything")
