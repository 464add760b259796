"""What is in Redis: found or not, life, and whose value it is."""

import pytest
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.sharing.values import SharedValue
from guarddog_gui.services.accounts.sharing_service import PreviewedValue
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.sharing.preview_view import PreviewView
from tests.runtime.harness import TICKET, TOKEN
from tests.ui import find

VALUE = "91_" + "p" * 60


@pytest.fixture
def view(formatter: Formatter, qtbot: QtBot) -> PreviewView:
    view = PreviewView(formatter)
    qtbot.addWidget(view)
    return view


def test_nothing_is_shown_before_something_is_known(view: PreviewView) -> None:
    assert view.isHidden()
    view.show_values((PreviewedValue(TOKEN, None),))
    assert not view.isHidden()
    view.show_values(())
    assert view.isHidden()


@pytest.mark.parametrize(
    ("previewed", "text"),
    [
        (PreviewedValue(TOKEN, None), "not found"),
        (PreviewedValue(TOKEN, SharedValue(VALUE, 3725.0, key="k")), "1:02:05 left"),
        (PreviewedValue(TOKEN, SharedValue(VALUE, 300.0, key="k", is_endless=True)), "no end stated"),
        (
            PreviewedValue(
                TOKEN, SharedValue(VALUE, 60.0, key="k", leader="mac"), is_known_here=True, is_accepted=True
            ),
            "01:00 left · from mac · accepted by WeChat · the same as here",
        ),
        (PreviewedValue(TOKEN, SharedValue(VALUE, 60.0, key="k"), is_accepted=False), "01:00 left · refused by WeChat"),
    ],
)
def test_life_and_origin_are_told_and_the_value_is_not(view: PreviewView, previewed: PreviewedValue, text: str) -> None:
    view.show_values((previewed,))
    label = find.label(view, "preview-text")
    assert label.text().lstrip("0:") == text.lstrip("0:")
    assert not find.shows(view, VALUE)


def test_fewer_keys_leave_no_row_behind(view: PreviewView) -> None:
    view.show_values((PreviewedValue(TOKEN, None), PreviewedValue(TICKET, None)))
    assert find.shows(view, "jsapi_ticket")
    view.show_values((PreviewedValue(TOKEN, None),))
    assert not find.shows(view, "jsapi_ticket")
