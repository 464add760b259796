"""The list of names: searched, ticked, and ticked still while a search hides it."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.signing.js_apis import JS_APIS, OPEN_TAGS, USUAL_APIS
from guarddog_gui.ui.signing.api_list import NameList

NAMES = (*JS_APIS, *OPEN_TAGS)


@pytest.fixture
def names(qtbot: QtBot) -> NameList:
    names = NameList(NAMES, USUAL_APIS)
    qtbot.addWidget(names)
    names.show()
    return names


def shown(names: NameList) -> list[str]:
    items = [names.list.item(row) for row in range(names.list.count())]
    return [item.text() for item in items if not item.isHidden()]


def tick(names: NameList, name: str, state: Qt.CheckState = Qt.CheckState.Checked) -> None:
    names.list.item(NAMES.index(name)).setCheckState(state)


def test_it_begins_with_all_names_and_the_usual_ones_ticked(names: NameList) -> None:
    assert shown(names) == list(NAMES)
    assert names.ticked() == USUAL_APIS


def test_a_search_leaves_the_names_that_have_every_word(names: NameList) -> None:
    names.search.setText("CHOOSE")
    assert shown(names) == ["chooseImage", "chooseCard", "chooseWXPay"]
    names.search.setText("wx- launch")
    assert shown(names) == ["wx-open-launch-weapp", "wx-open-launch-app"]
    names.search.setText("zzz")
    assert shown(names) == []
    names.search.clear()
    assert shown(names) == list(NAMES)


def test_what_is_ticked_survives_a_search_that_hides_it(names: NameList) -> None:
    tick(names, "scanQRCode")
    names.search.setText("choose")
    tick(names, "chooseImage")
    names.search.setText("zzz")
    assert names.ticked() == (*USUAL_APIS, "chooseImage", "scanQRCode")  # in the order of the list


def test_a_change_is_told_and_a_search_is_none(names: NameList) -> None:
    told: list[None] = []
    names.changed.connect(lambda: told.append(None))
    names.search.setText("choose")
    assert told == []
    tick(names, "chooseImage")
    tick(names, "chooseImage", Qt.CheckState.Unchecked)
    assert len(told) == 2


def test_a_name_is_found_and_ticked_with_the_keyboard_alone(names: NameList, qtbot: QtBot) -> None:
    names.activateWindow()
    names.search.setFocus()
    QTest.keyClicks(names.search, "scan")
    QTest.keyClick(names.search, Qt.Key.Key_Tab)
    qtbot.waitUntil(names.list.hasFocus)
    QTest.keyClick(names.list, Qt.Key.Key_Space)
    assert names.ticked() == (*USUAL_APIS, "scanQRCode")
