"""Forms of values, and what stands in place of one."""

import pytest

from guarddog_gui.domain.paste.values import (
    has_form,
    has_typed_form,
    is_placeholder,
    is_template,
    is_variable,
    join_broken_signatures,
    join_signature,
    plain_integer,
)


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


HALVES = ("0f9de62fce790f9a083d", "5c99e95740ceb90c27ed")


@pytest.mark.parametrize("between", ["\n", "\r\n", " ", "\n> ", "' + '", '" +\n  "', "' . '", "<br>", "\\n"])
def test_a_signature_in_two_pieces_is_joined(between: str) -> None:
    assert join_signature(between.join(HALVES)) == "".join(HALVES)
    text = "{{'signature': '{}', 'a': 1}}"
    assert join_broken_signatures(text.format(between.join(HALVES))) == text.format("".join(HALVES))


@pytest.mark.parametrize(
    "text",
    [
        "signature: " + "".join(HALVES),
        "signature: " + " ".join(HALVES) + "ab",
        "signature: " + " ".join(HALVES)[:-1],
        "signature: " + "-".join(HALVES),
        "nonce: " + " ".join(HALVES),
        "signature: 1795411200\nnonceStr: abc",
    ],
)
def test_other_digits_are_not_joined(text: str) -> None:
    assert join_broken_signatures(text) == text


@pytest.mark.parametrize(
    "text", ["{{ n }}", "<?= $n ?>", "<%= n %>", "${n}", "#{n}", "{$a.b}", "{#n#}", "[[${n}]]", "@Model.N"]
)
def test_the_place_of_a_template_is_recognised(text: str) -> None:
    assert is_template(text)
    assert is_placeholder(text)


@pytest.mark.parametrize("text", ["", "Wm3WZYTPz0wzccnW", "nonceStr", "{abc}", "%a", "$n", "@n", "undefined", "a{{b}}"])
def test_a_nonce_is_no_place_of_a_template(text: str) -> None:
    assert not is_template(text)
