"""Fields below "Advanced": colours, the default folder, and the groups that exist."""

import pytest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.accounts.account import AccountColour
from guarddog_gui.ui.accounts.advanced_fields import AdvancedFields
from guarddog_gui.ui.formatter import Formatter
from tests.ui.find import combo, field


@pytest.fixture
def fields(formatter: Formatter, qtbot: QtBot) -> AdvancedFields:
    fields = AdvancedFields(formatter, ("Shops", "Museums"), ())
    qtbot.addWidget(fields)
    fields.set_default_folder("~/dogs/wx1")
    fields.retranslate()
    return fields


def test_each_colour_has_a_name_and_a_swatch(fields: AdvancedFields) -> None:
    colours = combo(fields, "colour")
    assert [colours.itemData(row) for row in range(colours.count())] == list(AccountColour)
    assert all(colours.itemText(row) for row in range(colours.count()))
    assert [colours.itemIcon(row).isNull() for row in range(colours.count())] == [True] + [False] * 10


def test_the_default_folder_is_named(fields: AdvancedFields) -> None:
    assert field(fields, "folder").placeholderText() == "Default: ~/dogs/wx1"


def test_groups_that_exist_are_offered(fields: AdvancedFields) -> None:
    group = fields.findChild(QLineEdit, "group")
    assert group is not None
    completer = group.completer()
    assert completer is not None
    completer.setCompletionPrefix("Sh")
    assert completer.currentCompletion() == "Shops"
