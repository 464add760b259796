"""Short titles of failures."""

import pytest

from guarddog_gui.adapters.message_catalogs import load_message_catalog
from guarddog_gui.domain.refresh.history import SUCCESS_RESULTS, AttemptResult
from guarddog_gui.services.messages.texts import Texts
from guarddog_gui.services.messages.titles import failure_title
from tests.errcode_catalogue import CATALOGUE


def texts(language: str) -> Texts:
    return Texts(load_message_catalog(language), CATALOGUE, lambda _: "")


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("code", [code for code in CATALOGUE.codes() if code])
def test_every_errcode_has_a_title_without_its_number(code: int, language: str) -> None:
    title = failure_title(texts(language), AttemptResult.REFUSED, code, "stable_token")
    assert title
    assert title[-1] not in ".。"


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("result", sorted(set(AttemptResult) - SUCCESS_RESULTS))
def test_every_failure_has_a_title(result: AttemptResult, language: str) -> None:
    assert failure_title(texts(language), result, None, "")


def test_a_refused_credential_is_a_wrong_secret_where_a_token_is_asked_for() -> None:
    assert failure_title(texts("en"), AttemptResult.REFUSED, 40001, "stable_token") == "AppSecret is wrong"
    assert failure_title(texts("en"), AttemptResult.REFUSED, 40001, "getticket") != "AppSecret is wrong"


def test_an_unknown_errcode_is_a_refusal() -> None:
    assert failure_title(texts("en"), AttemptResult.REFUSED, 123456, "") == "refused by WeChat"
