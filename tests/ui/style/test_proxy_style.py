"""The style as it is painted: contrast measured from the pixels of real widgets, in both schemes."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QLineEdit,
    QListWidget,
    QMenu,
    QPushButton,
    QRadioButton,
    QScrollBar,
    QSpinBox,
    QStyle,
    QStyleOptionComboBox,
    QTabBar,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.settings import Theme
from guarddog_gui.ui.style.button_kind import ButtonKind, set_kind
from guarddog_gui.ui.style.colours import DARK, LIGHT, Colours
from guarddog_gui.ui.style.proxy_style import CONTROL_HEIGHT, GuardDogStyle
from guarddog_gui.ui.style.theme import apply_theme
from tests.ui.contrast import SIGN_CONTRAST_MIN, TEXT_CONTRAST_MIN, contrast


@pytest.fixture(params=[Theme.LIGHT, Theme.DARK])
def colours(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[Colours]:
    apply_theme(qapp, request.param)
    yield LIGHT if request.param is Theme.LIGHT else DARK
    apply_theme(qapp, Theme.SYSTEM)


@pytest.fixture
def show(qtbot: QtBot, colours: Colours) -> Callable[[QWidget], QImage]:  # noqa: ARG001 - the theme is applied first
    """Show a widget with room around it and return its picture with a margin of four pixels."""
    windows = []

    def picture(widget: QWidget, *, focus: bool = False) -> QImage:
        window = QWidget()
        windows.append(window)
        qtbot.addWidget(window)
        other = QLineEdit()
        layout = QVBoxLayout(window)
        layout.setContentsMargins(20, 20, 20, 20)
        layout.addWidget(widget)
        layout.addWidget(other)
        window.show()
        qtbot.waitExposed(window)
        other.setFocus()
        qtbot.waitUntil(other.hasFocus)
        if focus:
            QTest.keyClick(other, Qt.Key.Key_Tab, Qt.KeyboardModifier.ShiftModifier)
            qtbot.waitUntil(widget.hasFocus)
        rect = widget.geometry().adjusted(-4, -4, 4, 4)
        return window.grab(rect).toImage()

    return picture


def colours_in(image: QImage, rect: QRect | None = None) -> set[str]:
    area = rect or image.rect()
    return {
        image.pixelColor(x, y).name()
        for x in range(area.left(), area.right() + 1)
        for y in range(area.top(), area.bottom() + 1)
    }


def best_contrast(image: QImage, background: QColor) -> float:
    return max(contrast(QColor(name), background) for name in colours_in(image))


def border_contrast(image: QImage, background: QColor) -> float:
    """Return the contrast of the line that a ray from outside meets first, at the middle of the left side."""
    y = image.height() // 2
    return max(contrast(image.pixelColor(x, y), background) for x in range(8))


@pytest.mark.parametrize("make", [QLineEdit, QSpinBox, QComboBox])
def test_the_border_of_a_field_is_seen(
    make: Callable[[], QWidget], show: Callable[..., QImage], colours: Colours
) -> None:
    assert border_contrast(show(make()), colours.background) >= SIGN_CONTRAST_MIN


@pytest.mark.parametrize("make", [QLineEdit, QSpinBox, QComboBox, QPushButton])
def test_the_focus_is_seen(make: Callable[[], QWidget], show: Callable[..., QImage], colours: Colours) -> None:
    without, ring = show(make()), show(make(), focus=True)
    assert without != ring
    assert contrast(colours.accent, colours.background) >= SIGN_CONTRAST_MIN
    assert colours.accent.name() in colours_in(ring)


@pytest.mark.parametrize("kind", ButtonKind)
def test_the_text_of_every_button_can_be_read(kind: ButtonKind, show: Callable[..., QImage], colours: Colours) -> None:
    button = QPushButton("Copy")
    set_kind(button, kind)
    image = show(button)
    fill = {ButtonKind.PRIMARY: colours.accent, ButtonKind.DANGER: colours.bad}.get(kind, colours.card)
    if kind in (ButtonKind.FLAT, ButtonKind.LINK):
        fill = colours.background
    assert image.pixelColor(image.width() // 2, 8) == fill
    assert best_contrast(image, fill) >= TEXT_CONTRAST_MIN


@pytest.mark.parametrize("make", [QCheckBox, QRadioButton])
def test_a_box_to_tick_is_seen_in_both_states(
    make: type[QCheckBox | QRadioButton], show: Callable[..., QImage], colours: Colours
) -> None:
    empty, ticked = make("Only problems"), make("Only problems")
    ticked.setChecked(True)
    before, after = show(empty), show(ticked)
    left = QRect(4, 4, 16, before.height() - 8)
    assert max(contrast(QColor(c), colours.background) for c in colours_in(before, left)) >= SIGN_CONTRAST_MIN
    assert colours.accent.name() in colours_in(after, left)
    assert colours.accent.name() not in colours_in(before, left)


def test_a_selected_row_keeps_its_text_readable(show: Callable[..., QImage], colours: Colours) -> None:
    rows = QListWidget()
    rows.addItems(["Flower shop", "Museum guide"])
    rows.setCurrentRow(1)
    image = show(rows)
    assert colours.accent_tint.name() in colours_in(image)
    assert contrast(colours.ink, colours.accent_tint) >= TEXT_CONTRAST_MIN


def test_a_scroll_bar_has_a_handle_without_arrows(show: Callable[..., QImage], colours: Colours) -> None:
    bar = QScrollBar(Qt.Orientation.Vertical)
    bar.setRange(0, 100)
    bar.setPageStep(50)
    bar.setFixedHeight(100)
    image = show(bar)
    column = [image.pixelColor(bar.width() // 2 + 4, 4 + y) for y in range(100)]
    assert column[10] == colours.field_border, "the handle begins at the top"
    assert column[-5] == colours.background
    assert contrast(colours.field_border, colours.background) >= SIGN_CONTRAST_MIN


@pytest.mark.usefixtures("colours")
def test_controls_have_one_height(qtbot: QtBot) -> None:
    for widget in (QPushButton("Copy"), QLineEdit(), QComboBox(), QSpinBox()):
        qtbot.addWidget(widget)
        assert widget.sizeHint().height() == CONTROL_HEIGHT


def test_the_chosen_tab_is_marked(show: Callable[..., QImage], colours: Colours) -> None:
    tabs = QTabBar()
    for name in ("wx.config", "JSON"):
        tabs.addTab(name)
    image = show(tabs)
    chosen = tabs.tabRect(0).center() + QPoint(4, 4)
    assert image.pixelColor(chosen.x(), tabs.tabRect(0).top() + 4 + 5) == colours.card


@pytest.mark.usefixtures("colours")
def test_the_application_has_the_style(qapp: QApplication) -> None:
    assert isinstance(qapp.style(), GuardDogStyle)


@pytest.mark.usefixtures("colours")
def test_a_combo_box_is_wide_enough_for_its_texts(qtbot: QtBot) -> None:
    combo = QComboBox()
    qtbot.addWidget(combo)
    combo.addItem("Every refresh")
    combo.resize(combo.sizeHint())
    option = QStyleOptionComboBox()
    combo.initStyleOption(option)
    control, field = QStyle.ComplexControl.CC_ComboBox, QStyle.SubControl.SC_ComboBoxEditField
    room = combo.style().subControlRect(control, option, field, combo).width()
    assert room >= combo.fontMetrics().horizontalAdvance("Every refresh") + 4  # the margins of the label


def test_separators_of_a_menu_are_lines_that_can_be_seen(qtbot: QtBot, colours: Colours) -> None:
    menu = QMenu()
    qtbot.addWidget(menu)
    menu.addAction("Copy")
    separator = menu.addSeparator()
    menu.addAction("Remove")
    menu.popup(QPoint(0, 0))
    place = menu.actionGeometry(separator)
    assert menu.grab().toImage().pixelColor(place.center().x(), place.center().y()) == colours.line
    menu.close()
