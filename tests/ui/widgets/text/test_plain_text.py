"""Plain tooltips, and dialog buttons without icons on all desktops."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import (
    QApplication,
    QDialogButtonBox,
    QProxyStyle,
    QPushButton,
    QStyle,
    QStyleHintReturn,
    QStyleOption,
    QWidget,
)
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.settings import AutostartState, Settings
from guarddog_gui.ui.accounts.dialog import AccountDialog
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.preferences import PreferencesDialog
from guarddog_gui.ui.widgets.text.plain_text import button_box_without_icons, plain_tooltip
from tests.runtime.harness import RuntimeHarness

CLOSE = QDialogButtonBox.StandardButton.Close


class WithIcons(QProxyStyle):
    """Style that puts icons on dialog buttons, as on a bare X session."""

    def styleHint(  # noqa: N802 - Qt's own name
        self,
        hint: QStyle.StyleHint,
        option: QStyleOption | None = None,
        widget: QWidget | None = None,
        data: QStyleHintReturn | None = None,
    ) -> int:
        if hint is QStyle.StyleHint.SH_DialogButtonBox_ButtonsHaveIcons:
            return 1
        return super().styleHint(hint, option, widget, data)


@pytest.fixture(autouse=True)
def with_icons(qapp: QApplication) -> Iterator[None]:
    before = qapp.style().name()
    qapp.setStyle(WithIcons("fusion"))
    yield
    qapp.setStyle(before)


def has_icons(box: QDialogButtonBox) -> bool:
    return any(not button.icon().isNull() for button in box.buttons())


def test_a_button_box_has_no_icons_of_the_desktop(qtbot: QtBot) -> None:
    theirs, ours = QDialogButtonBox(CLOSE), button_box_without_icons(CLOSE)
    qtbot.addWidget(theirs)
    qtbot.addWidget(ours)
    assert has_icons(theirs), "without icons here the test proves nothing"
    assert not has_icons(ours)


def test_the_dialogs_have_no_icons_of_the_desktop(harness: RuntimeHarness, formatter: Formatter, qtbot: QtBot) -> None:
    preferences = PreferencesDialog(Settings(), AutostartState.OFF, formatter)
    account = AccountDialog(harness.controller, formatter)
    for dialog in (preferences, account):
        qtbot.addWidget(dialog)
        dialog.show()
        assert all(button.icon().isNull() for button in dialog.findChildren(QPushButton))


def test_a_tooltip_shows_its_text_unchanged() -> None:
    html = plain_tooltip('<img src="x"> &amp;\nsecond')
    assert "&lt;img src=&quot;x&quot;&gt; &amp;amp;\nsecond" in html
    assert "<img" not in html
