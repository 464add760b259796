"""Labelled fields: what is shown below a field, and what screen readers read with it."""

import pytest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from guarddog_gui.ui.style.colours import DARK, LIGHT, Colours, make_palette
from guarddog_gui.ui.widgets.controls.labelled_field import LabelledField


@pytest.fixture
def field(qtbot: QtBot) -> LabelledField:
    field = LabelledField("appid", QLineEdit())
    qtbot.addWidget(field)
    field.show()
    return field


def test_an_error_takes_the_place_of_the_hint(field: LabelledField) -> None:
    field.set_hint("Kept here.")
    assert (field.hint.isVisible(), field.error.isVisible()) == (True, False)
    field.set_error("Wrong.")
    assert (field.hint.isVisible(), field.error.isVisible()) == (False, True)
    assert field.field.accessibleDescription() == "Wrong."
    field.set_error("")
    assert (field.hint.isVisible(), field.error.isVisible()) == (True, False)
    assert field.field.accessibleDescription() == "Kept here."


def test_the_label_names_the_field(field: LabelledField) -> None:
    field.set_label("AppID")
    assert field.field.accessibleName() == "AppID"
    assert field.label.buddy() is field.field


def test_an_empty_note_takes_no_room(field: LabelledField) -> None:
    field.set_note("31 / 32")
    assert field.note.isVisible()
    field.set_note("")
    assert not field.note.isVisible()


@pytest.mark.parametrize("colours", [LIGHT, DARK])
def test_an_error_is_red_in_every_theme(field: LabelledField, colours: Colours) -> None:
    field.setPalette(make_palette(colours))
    assert field.error.palette().windowText().color() == colours.bad
