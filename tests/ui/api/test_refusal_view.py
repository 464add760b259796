"""The explanation of a refusal beside the answer, in the language of the window."""

import pytest
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.api.answer import read_answer
from guarddog_gui.domain.api.request import ApiRequest, Method
from guarddog_gui.services.api_calls import ApiOutcome
from guarddog_gui.services.messages.message import Message
from guarddog_gui.ui.api.refusal_view import RefusalView
from tests.api_fakes import api_reply
from tests.runtime.harness import SHOP, RuntimeHarness
from tests.ui import find
from tests.ui.conftest import make_formatter

REQUEST = ApiRequest(Method.GET, "/cgi-bin/menu/get")


def outcome_of(errcode: int, errmsg: str = "no") -> ApiOutcome:
    return ApiOutcome(REQUEST, read_answer(api_reply(errcode=errcode, errmsg=errmsg), REQUEST.path, ()))


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_known_and_unknown_numbers_are_explained(harness: RuntimeHarness, qtbot: QtBot, language: str) -> None:
    view = RefusalView(make_formatter(harness, language))
    qtbot.addWidget(view)
    for errcode in (40003, 123456):
        view.show_outcome(outcome_of(errcode), SHOP)
        assert not view.isHidden()
        assert str(errcode) in find.label(view, "api-message-summary").text()


def test_the_view_goes_with_the_next_success(harness: RuntimeHarness, qtbot: QtBot) -> None:
    view = RefusalView(make_formatter(harness))
    qtbot.addWidget(view)
    view.show_outcome(outcome_of(40003), SHOP)
    view.show_outcome(outcome_of(0), SHOP)
    assert view.isHidden()


def test_a_message_about_no_answer_has_no_buttons(harness: RuntimeHarness, qtbot: QtBot) -> None:
    view = RefusalView(make_formatter(harness))
    qtbot.addWidget(view)
    view.show()
    view.show_message(Message("The file is gone.", "Choose another one."))
    assert find.shows(view, "The file is gone.")
    assert not find.has(view, "Copy rid")
