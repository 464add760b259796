"""Correct and wrong strings around the URL."""

from collections.abc import Iterable

import pytest

from guarddog_gui.domain.diagnosis.candidate_tickets import CandidateTicket, TicketOrigin
from guarddog_gui.domain.diagnosis.mistakes import MistakeKind, MistakeLocation
from guarddog_gui.domain.diagnosis.string_variants import StringTemplate, StringVariants

M = MistakeKind
NONCE, TIME, APPID = "Wm3WZYTP", "1414587457", "wx1234567890abcdef"
CURRENT = CandidateTicket("current-ticket", TicketOrigin.CURRENT, APPID)
OLD = CandidateTicket("previous-ticket", TicketOrigin.OLD, APPID)
OTHER_OLD = CandidateTicket("other-previous-ticket", TicketOrigin.OTHER_ACCOUNT_OLD, "wxother", "小店")
CORRECT = f"jsapi_ticket=current-ticket&noncestr={NONCE}&timestamp={TIME}&url=URL"


def make_variants(
    *tickets: CandidateTicket, nonce: str = NONCE, timestamp: str = TIME, appid: str = APPID
) -> StringVariants:
    return StringVariants(nonce, timestamp, appid, tickets or (CURRENT,))


def kinds_by_string(templates: Iterable[StringTemplate], value: str = "URL") -> dict[str, list[MistakeKind]]:
    return {
        f"{template.prefix.decode()}{value}{template.suffix.decode()}": [mistake.kind for mistake in template.mistakes]
        for template in templates
    }


def test_the_correct_string_is_in_the_documented_order() -> None:
    (template,) = make_variants(OLD, CURRENT).correct()

    assert kinds_by_string([template]) == {CORRECT: []}
    assert (template.ticket, template.location) == (CURRENT, None)


def test_each_ticket_that_may_be_the_current_one_has_a_correct_string() -> None:
    given = CandidateTicket("given-ticket", TicketOrigin.GIVEN_BY_USER)

    assert [template.ticket for template in make_variants(CURRENT, given).correct()] == [CURRENT, given]


def test_the_same_value_twice_keeps_its_first_origin() -> None:
    pasted = CandidateTicket(CURRENT.value, TicketOrigin.PASTED)
    variants = make_variants(CURRENT, pasted)

    assert [template.ticket for template in variants.correct()] == [CURRENT]
    assert M.FOREIGN_TICKET not in {m.kind for template in variants.with_one_mistake() for m in template.mistakes}


@pytest.mark.parametrize(
    ("signed", "kind", "location"),
    [
        (CORRECT.replace("noncestr", "nonceStr"), M.NONCE_NAME, MistakeLocation.NONCE),
        (CORRECT.replace(NONCE, NONCE.lower()), M.NONCE_CASE, MistakeLocation.NONCE),
        (CORRECT.replace(NONCE, NONCE + "\n"), M.NONCE_WHITESPACE, MistakeLocation.NONCE),
        (CORRECT.replace(TIME, TIME + "000"), M.TIMESTAMP_MS, MistakeLocation.TIMESTAMP),
        (CORRECT.replace(TIME, f"'{TIME}'"), M.TIMESTAMP_QUOTED, MistakeLocation.TIMESTAMP),
        (CORRECT.replace("&times", "×"), M.TIMES_SIGN, MistakeLocation.STRING),
        (CORRECT.replace("&", "&amp;"), M.HTML_AMPERSAND, MistakeLocation.STRING),
        (CORRECT.replace("jsapi_ticket", "ticket"), M.FIELD_NAME, MistakeLocation.STRING),
        (f"{CORRECT}&appid={APPID}", M.APPID_FIELD, MistakeLocation.STRING),
        (CORRECT.replace("current", "previous"), M.OLD_TICKET, MistakeLocation.TICKET),
        (CORRECT.replace("-ticket", "-ticket "), M.TICKET_WHITESPACE, MistakeLocation.TICKET),
    ],
)
def test_a_wrong_string_has_its_mistake_and_location(signed: str, kind: MistakeKind, location: MistakeLocation) -> None:
    templates = list(make_variants(CURRENT, OLD).with_one_mistake())

    assert kinds_by_string(templates)[signed] == [kind]
    (template,) = (template for template in templates if signed in kinds_by_string([template]))
    assert template.location is location


def test_a_wrong_order_shows_the_names_of_the_fields() -> None:
    templates = make_variants().with_one_mistake()
    orders = [m for template in templates for m in template.mistakes if m.kind is M.FIELD_ORDER]

    assert len(orders) == 23, "all orders of four fields but the correct one"
    assert {mistake.expected for mistake in orders} == {"jsapi_ticket, noncestr, timestamp, url"}
    assert "url, timestamp, noncestr, jsapi_ticket" in {mistake.signed for mistake in orders}


def test_an_unknown_appid_is_in_no_string() -> None:
    templates = make_variants(appid="").with_one_mistake()

    assert M.APPID_FIELD not in {mistake.kind for template in templates for mistake in template.mistakes}


def test_two_mistakes_are_in_different_parts() -> None:
    templates = list(make_variants(CURRENT, OLD).with_two_mistakes())

    assert {template.location for template in templates} == {MistakeLocation.PAIR}
    signed = CORRECT.replace("current", "previous").replace("noncestr", "nonceStr")
    assert sorted(kinds_by_string(templates)[signed]) == [M.NONCE_NAME, M.OLD_TICKET]


def test_an_old_ticket_of_another_account_gets_no_third_mistake() -> None:
    templates = list(make_variants(CURRENT, OTHER_OLD).with_two_mistakes())

    assert OTHER_OLD not in {template.ticket for template in templates}
    assert max(len(template.mistakes) for template in templates) == 2


@pytest.mark.parametrize(
    ("timestamp", "kinds"), [(TIME, []), (TIME + "123", [M.TIMESTAMP_MS_BOTH]), (TIME + ".5", [M.TIMESTAMP_FRACTION])]
)
def test_a_timestamp_of_the_config_may_be_wrong_itself(timestamp: str, kinds: list[MistakeKind]) -> None:
    strings = kinds_by_string(make_variants(timestamp=timestamp).correct())

    assert strings == {CORRECT.replace(TIME, timestamp): kinds}


def test_milliseconds_that_were_cut_or_rounded_give_the_second() -> None:
    milliseconds = dict(make_variants().close_timestamps)

    assert {"1414587457001", "1414587457999", "1414587456500"} <= set(milliseconds)
    in_ms = {text for text, mistakes in milliseconds.items() if mistakes[0].kind is M.TIMESTAMP_MS}
    assert all(abs(int(text) / 1000 - int(TIME)) < 1 for text in in_ms)
    again = {text for text, mistakes in milliseconds.items() if mistakes[0].kind is M.TIMESTAMP_AGAIN}
    assert {str(int(TIME) + 1), str(int(TIME) - 10)} <= again
    assert set(milliseconds) == in_ms | again
    of_config_in_ms = dict(make_variants(timestamp=TIME + "000").close_timestamps)
    assert {mistakes[0].kind for mistakes in of_config_in_ms.values()} == {M.TIMESTAMP_AGAIN}


def test_a_template_around_the_timestamp_contains_the_url() -> None:
    variants = make_variants(CURRENT, OLD)
    right = kinds_by_string(variants.around_timestamp("https://a.cn/", with_mistake=False), "1414587457001")
    wrong = kinds_by_string(variants.around_timestamp("https://a.cn/", with_mistake=True), "1414587457001")

    signed = CORRECT.replace(TIME, "1414587457001").replace("URL", "https://a.cn/")
    assert right == {signed: []}
    assert signed not in wrong
    assert wrong[signed.replace("current", "previous")] == [M.OLD_TICKET]


def test_braces_in_a_nonce_are_ordinary_characters() -> None:
    assert kinds_by_string(make_variants(nonce="{url}").correct()) == {CORRECT.replace(NONCE, "{url}"): []}


def test_no_ticket_is_in_the_repr_of_a_template() -> None:
    for template in make_variants(CURRENT, OLD).with_one_mistake():
        assert "current-ticket" not in repr(template)
        assert "previous-ticket" not in repr(template)
