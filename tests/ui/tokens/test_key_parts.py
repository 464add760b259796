"""Parts of rows and panels: the copy button, the masked value, icon buttons, colours of the ring."""

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolTip, QWidget
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.refresh.status import KeyState, KeyStatus, Renewal
from guarddog_gui.domain.tokens.record import mask
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.style.colours import DARK, LIGHT, make_palette
from guarddog_gui.ui.tokens.key_parts import (
    CopyButton,
    IconButton,
    LargeRing,
    ValueButton,
    fraction_left,
    paint_key_ring,
    state_ink,
)
from guarddog_gui.ui.tokens.requests import AccountAction, Target, TokenRequests
from tests.fakes import NOW
from tests.runtime.harness import SHOP, TOKEN
from tests.ui.account_statuses import VALUE, make_account_status

KEY = make_account_status(SHOP).keys[0]
EXPIRED = make_account_status(SHOP, left=-10).keys[0]


@pytest.mark.parametrize(
    ("key", "name"),
    [
        (KEY, "ok"),
        (replace(KEY, state=KeyState.DUE_SOON), "warn"),
        (replace(KEY, renewal=Renewal.FAILING), "warn"),
        (replace(KEY, state=KeyState.FAILED, renewal=Renewal.STOPPED), "warn"),
        (replace(KEY, state=KeyState.REFRESHING, renewal=Renewal.FAILING), "info"),
        (replace(EXPIRED, state=KeyState.FAILED), "bad"),
        (replace(EXPIRED, state=KeyState.EXPIRED), "bad"),
        (replace(EXPIRED, state=KeyState.OFFLINE), "dim"),
        (replace(EXPIRED, state=KeyState.KEYRING_LOCKED), "locked"),
    ],
)
def test_a_value_that_works_is_never_red(key: KeyStatus, name: str) -> None:
    assert state_ink(key, LIGHT, NOW) == getattr(LIGHT, name)


def test_the_ring_shows_the_remaining_part_of_the_lifetime() -> None:
    assert fraction_left(KEY, NOW) == pytest.approx(0.5)
    assert fraction_left(EXPIRED, NOW) == 0
    assert fraction_left(replace(KEY, is_refused=True), NOW) == 0


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("state", KeyState)
def test_each_state_has_a_ring_of_its_own(formatter: Formatter, colours: object, state: KeyState) -> None:
    palette = make_palette(LIGHT if colours is LIGHT else DARK)
    images = set()
    for key in (replace(EXPIRED, state=state), replace(EXPIRED, state=KeyState.PAUSED, is_refused=True)):
        image = QImage(24, 24, QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        paint_key_ring(painter, image.rect(), key, formatter.icons, palette, NOW)
        painter.end()
        images.add(bytes(image.constBits()))
    assert len(images) == (1 if state is KeyState.PAUSED else 2)


# -- the copy button ------------------------------------------------------------------------------


@pytest.fixture
def copy_button(formatter: Formatter, qtbot: QtBot) -> CopyButton:
    button = CopyButton(formatter.icons, TokenRequests())
    qtbot.addWidget(button)
    button.retranslate()
    button.set_target(Target(SHOP.appid, TOKEN), "Copy access_token of Shop", is_enabled=True)
    return button


def test_the_copy_button_requests_its_key(copy_button: CopyButton, qtbot: QtBot) -> None:
    with qtbot.waitSignal(copy_button._requests.action_requested) as requested:
        copy_button.click()
    assert requested.args == [Target(SHOP.appid, TOKEN), AccountAction.COPY]
    assert copy_button.accessibleName() == "Copy access_token of Shop"


def test_copied_does_not_change_the_width_of_the_button(copy_button: CopyButton) -> None:
    width = copy_button.width()
    copy_button._requests.mark_copied(Target(SHOP.appid, TOKEN))
    assert copy_button.text() == "Copied ✓"
    assert copy_button.width() == width
    assert copy_button.fontMetrics().horizontalAdvance(copy_button.text()) < width - 8


def test_a_reused_button_does_not_claim_that_another_key_was_copied(copy_button: CopyButton) -> None:
    copy_button._requests.mark_copied(Target(SHOP.appid, TOKEN))
    copy_button.set_target(Target("wx2", TOKEN), "Copy access_token of Two", is_enabled=True)
    assert copy_button.text() == "Copy"
    copy_button.set_target(Target(SHOP.appid, TOKEN), "Copy access_token of Shop", is_enabled=True)
    assert copy_button.text() == "Copied ✓"


def test_without_a_value_nothing_can_be_copied(copy_button: CopyButton) -> None:
    copy_button.set_target(Target(SHOP.appid, TOKEN), "Copy access_token of Shop", is_enabled=False)
    assert not copy_button.isEnabled()


# -- the masked value -----------------------------------------------------------------------------


@pytest.fixture
def values() -> list[str]:
    """The value that can be read; empty once it has expired."""
    return [VALUE]


@pytest.fixture
def value_button(values: list[str], qtbot: QtBot) -> ValueButton:
    button = ValueButton(lambda: values[0])
    qtbot.addWidget(button)
    button.set_value(VALUE, "Value of access_token of Shop")
    button.resize(120, 26)
    button.show()
    qtbot.waitExposed(button)
    return button


@pytest.mark.parametrize("way", ["mouse", "keyboard"])
def test_the_value_is_shown_only_while_it_is_pressed(value_button: ValueButton, qtbot: QtBot, way: str) -> None:
    assert value_button.text() == mask(VALUE)
    press, release = (QTest.mousePress, QTest.mouseRelease) if way == "mouse" else (QTest.keyPress, QTest.keyRelease)
    pressed = Qt.MouseButton.LeftButton if way == "mouse" else Qt.Key.Key_Space
    press(value_button, pressed)  # type: ignore[arg-type]  # the one that belongs to it
    assert QToolTip.text().replace("\n", "") == VALUE
    release(value_button, pressed)  # type: ignore[arg-type]  # the one that belongs to it
    qtbot.waitUntil(lambda: not QToolTip.isVisible())
    assert VALUE not in f"{value_button.text()} {value_button.accessibleName()} {value_button.toolTip()}"


def test_a_dragged_value_is_plain_text(value_button: ValueButton) -> None:
    data = value_button.make_mime_data()
    assert data.text() == VALUE
    assert data.formats() == ["text/plain"]


def test_a_value_that_has_expired_is_neither_shown_nor_dragged(value_button: ValueButton, values: list[str]) -> None:
    values[0] = ""
    QTest.mousePress(value_button, Qt.MouseButton.LeftButton)
    assert not QToolTip.isVisible()
    QTest.mouseRelease(value_button, Qt.MouseButton.LeftButton)
    assert not value_button.make_mime_data().hasText()


def test_moving_the_pressed_mouse_drags_the_value(value_button: ValueButton, monkeypatch: pytest.MonkeyPatch) -> None:
    dragged: list[str] = []
    monkeypatch.setattr(
        "guarddog_gui.ui.tokens.key_parts.QDrag.exec", lambda drag, *_: dragged.append(drag.mimeData().text())
    )
    QTest.mousePress(value_button, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    QTest.mouseMove(value_button, QPoint(8, 5))
    assert dragged == []
    QTest.mouseMove(value_button, QPoint(80, 20))
    assert dragged == [VALUE]
    assert not value_button.isDown()


# -- the others -----------------------------------------------------------------------------------


def test_an_icon_button_has_a_name_and_a_tooltip(formatter: Formatter, qtbot: QtBot) -> None:
    button = IconButton(formatter.icons, "more")
    qtbot.addWidget(button)
    button.set_name("More for Shop")
    assert (button.accessibleName(), button.toolTip()) == ("More for Shop", "More for Shop")
    assert not button.icon().isNull()


def test_a_hidden_icon_is_not_painted_unless_it_has_the_focus(formatter: Formatter, qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    button = IconButton(formatter.icons, "more", window)
    window.setGeometry(400, 400, 100, 100)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)

    def colour_count() -> int:
        image = button.grab().toImage()
        return len({image.pixel(x, y) for x in range(image.width()) for y in range(image.height())})

    button.clearFocus()
    assert colour_count() > 1
    button.is_shown = False
    assert colour_count() == 1
    button.setFocus()
    assert colour_count() > 1


def test_the_large_ring_repaints_only_what_changes(qtbot: QtBot) -> None:
    ring = LargeRing()
    qtbot.addWidget(ring)
    ring.show_time("1:12:04", "left", 0.6, LIGHT.ok)
    assert ring.width() == ring.height() == 128
    assert (ring.countdown, ring.caption) == ("1:12:04", "left")
    assert ring.grab().toImage().pixelColor(64, 3) == LIGHT.ok
