"""Wrong forms of a page's query."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guarddog_gui.domain.diagnosis.mistakes import MistakeKind
from guarddog_gui.domain.diagnosis.query_variants import (
    DOUBLE_MISTAKES_MAX,
    ORDERS_MAX,
    SUBSETS_MAX,
    distinct_variants,
    is_tracking_parameter,
    make_double_mistake_queries,
    make_query_variants,
)

M = MistakeKind
QUERY = "?b=2&a=1&from=timeline"


def kinds_by_query(query: str, foreign_parts: tuple[str, ...] = ()) -> dict[str, MistakeKind]:
    return {text: mistakes[0].kind for text, mistakes in make_query_variants(query, foreign_parts)}


@pytest.mark.parametrize("part", ["from=timeline", "FROM=x", "isappinstalled=0", "code=c", "state", "utm_anything=1"])
def test_parameters_of_wechat_oauth_and_campaigns_are_recognised(part: str) -> None:
    assert is_tracking_parameter(part)


@pytest.mark.parametrize("part", ["", "id=7", "fromage=1", "a=from", "myutm_source=1"])
def test_parameters_of_the_page_are_not_taken_for_tracking(part: str) -> None:
    assert not is_tracking_parameter(part)


@pytest.mark.parametrize(
    ("signed", "kind"),
    [
        ("", M.QUERY_MISSING),
        ("?b=2&a=1", M.SHARE_PARAMETER_MISSING),
        ("?a=1&from=timeline", M.PARAMETER_MISSING),
        ("?from=timeline", M.PARAMETER_MISSING),
        (QUERY + "&isappinstalled=0", M.SHARE_PARAMETER_ADDED),
        ("?b=2", M.URL_CUT),
        (QUERY + "&null", M.NULL_APPENDED),
        (QUERY + "&", M.QUERY_REWRITTEN),
        ("?b=2;a=1;from=timeline", M.QUERY_REWRITTEN),
        ("?a=1&b=2&from=timeline", M.QUERY_ORDER),
        ("?from=timeline&a=1&b=2", M.QUERY_ORDER),
        ("?b=2&from=timeline&a=1", M.QUERY_ORDER),
    ],
)
def test_a_wrong_query_has_its_mistake(signed: str, kind: MistakeKind) -> None:
    assert kinds_by_query(QUERY)[signed] is kind


def test_a_mistake_shows_the_parts_that_are_missing() -> None:
    variants = dict(make_query_variants(QUERY))

    assert [(mistake.signed, mistake.expected) for mistake in variants["?from=timeline"]] == [("", "b=2&a=1")]


@pytest.mark.parametrize(
    ("page", "signed", "kind"),
    [
        ("?a&b=1", "?a=&b=1", M.QUERY_REWRITTEN),
        ("?a=1&", "?a=1", M.QUERY_REWRITTEN),
        ("?a=1&a=2", "?a=2", M.PARAMETER_MISSING),
        ("?l[]=1&l[]=2", "?l%5B0%5D=1&l%5B1%5D=2", M.QUERY_REWRITTEN),
        ("?back=/a/b&x=1", "?back=%2Fa%2Fb&x=1", M.REESCAPED),
        ("?q=a%3Ab", "?q=a:b", M.DECODED),
        ("?a.b=1", "?a_b=1", M.QUERY_REWRITTEN),
        ("?Id=A", "?id=A", M.LETTER_CASE),
        ("?from=timeline&isappinstalled=0", "?from=timeline", M.URL_CUT),
    ],
)
def test_a_query_may_have_been_parsed_and_written_anew(page: str, signed: str, kind: MistakeKind) -> None:
    assert kinds_by_query(page)[signed] is kind


def test_parts_of_related_urls_may_have_been_added() -> None:
    kinds = kinds_by_query(QUERY, ("z=9", "utm_term=w", "a=1"))

    assert kinds[QUERY + "&z=9"] is M.PARAMETER_ADDED
    assert kinds[QUERY + "&utm_term=w"] is M.SHARE_PARAMETER_ADDED
    assert QUERY + "&a=1" not in kinds, "the page has it already"


def test_a_page_without_a_query_may_have_been_signed_with_one() -> None:
    kinds = kinds_by_query("")

    assert kinds["?from=singlemessage"] is M.SHARE_PARAMETER_ADDED
    assert kinds["?null"] is M.NULL_APPENDED
    assert set(kinds.values()) == {M.SHARE_PARAMETER_ADDED, M.NULL_APPENDED}


def test_the_most_common_mistake_is_tried_first() -> None:
    assert make_query_variants(QUERY)[0][0] == "?b=2&a=1"


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(["a=1", "b", "=", "from=timeline", "utm_x=1", "图=书"]), max_size=7))
def test_every_variant_is_distinct_and_wrong(parts: list[str]) -> None:
    query = "?" + "&".join(parts) if parts else ""
    texts = [text for text, _ in make_query_variants(query)]

    assert len(texts) == len(set(texts))
    assert query not in texts


def test_a_query_of_many_parameters_has_a_limited_number_of_variants() -> None:
    variants = make_query_variants("?" + "&".join(f"utm_{number}={number}" for number in range(200)))

    assert len(variants) < 2 * SUBSETS_MAX + ORDERS_MAX + 1_500
    doubled = make_double_mistake_queries("?a=1", variants)
    assert len(doubled) <= DOUBLE_MISTAKES_MAX


def test_two_mistakes_in_one_query_are_both_named() -> None:
    one_mistake = make_query_variants(QUERY)
    doubled = {
        text: [mistake.kind for mistake in mistakes]
        for text, mistakes in make_double_mistake_queries(QUERY, one_mistake)
    }

    assert doubled["?a=1&b=2"] == [M.SHARE_PARAMETER_MISSING, M.QUERY_ORDER]
    assert doubled["?b=2&a=1&from=groupmessage"] == [M.SHARE_PARAMETER_MISSING, M.SHARE_PARAMETER_ADDED]
    assert not set(doubled) & {QUERY, *(text for text, _ in one_mistake)}


def test_the_first_of_equal_texts_is_kept() -> None:
    (missing,), (added,) = (dict(make_query_variants(QUERY))[text] for text in ("", QUERY + "&scene=0"))
    seen = {"known"}

    variants = distinct_variants([("known", (added,)), ("new", (missing,)), ("new", (added,))], seen)

    assert list(variants) == [("new", (missing,))]
    assert seen == {"known", "new"}
