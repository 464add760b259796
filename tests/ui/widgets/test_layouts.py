"""Rows, columns and forms, as they are laid out on the screen."""

import pytest
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLayout, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from guarddog_gui.ui.widgets.layouts import STRETCH, FlowLayout, FormGrid, make_column, make_row
from tests.ui import find


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    window = QWidget()
    qtbot.addWidget(window)
    return window


def lay_out(window: QWidget, layout: QLayout, width: int = 600, height: int = 300) -> None:
    window.setLayout(layout)
    window.resize(width, height)
    window.show()


def test_a_row_has_its_items_from_left_to_right_and_a_stretch_takes_the_rest(window: QWidget) -> None:
    first, second, last = QPushButton("a"), QPushButton("b"), QPushButton("c")

    lay_out(window, make_row(first, second, STRETCH, last, spacing=10, margin=5))

    assert first.x() == 5
    assert second.x() == first.geometry().right() + 1 + 10
    assert last.geometry().right() + 1 == 600 - 5
    assert last.x() > second.geometry().right() + 100


def test_a_column_has_its_items_from_top_to_bottom_and_two_margins(window: QWidget) -> None:
    title, body = QLabel("a"), QLineEdit()

    lay_out(window, make_column(title, body, STRETCH, spacing=4, margin=(7, 3)))

    assert (title.x(), title.y()) == (7, 3)
    assert body.y() == title.geometry().bottom() + 1 + 4


def test_items_share_the_space_by_their_stretch_factors(window: QWidget) -> None:
    narrow, wide = QWidget(), QWidget()

    lay_out(window, make_row((narrow, 1), (wide, 3), spacing=0))

    assert wide.width() == 3 * narrow.width() == 450


def test_a_layout_can_contain_another_one(window: QWidget) -> None:
    inner = QPushButton("a")

    lay_out(window, make_column(make_row(STRETCH, inner), STRETCH))

    assert inner.geometry().right() + 1 == 600


def test_a_form_has_labels_on_the_left_and_fields_as_wide_as_possible(window: QWidget) -> None:
    grid, name, appid, hint, note = FormGrid(), QLineEdit(), QLineEdit(), QLabel("hint"), QLabel("note")
    grid.add_row(QLabel("&Name"), name)
    grid.add_row(QLabel("A longer label"), appid)
    grid.add_below_field(hint)
    grid.add_full_width(note)

    lay_out(window, grid)

    assert name.x() == appid.x() == hint.x() > note.x() == 0
    assert name.geometry().right() + 1 == note.geometry().right() + 1 == 600
    assert name.y() < appid.y() < hint.y() < note.y()


def test_the_label_of_a_field_is_its_name(window: QWidget) -> None:
    grid, name = FormGrid(), QLineEdit()
    grid.add_row(QLabel("&Name"), name)

    lay_out(window, grid)

    assert find.field(window, "Name") is name


def test_the_label_of_stacked_fields_is_beside_the_first_one(window: QWidget) -> None:
    grid, label, first, second = FormGrid(), QLabel("Ways"), QLineEdit(), QLineEdit()
    beside, row = QLabel("Beside"), QHBoxLayout()
    row.addWidget(QLineEdit())
    grid.add_row(label, make_column(first, second))
    grid.add_row(beside, row)

    lay_out(window, grid)

    assert label.y() == first.y()
    assert label.geometry().bottom() < second.y()
    assert label.buddy() is None


def flow_of(*widths: int) -> tuple[FlowLayout, list[QWidget]]:
    """Return a layout with one widget for each width, 20 pixels high."""
    flow = FlowLayout(spacing=10)
    widgets = [QWidget() for _ in widths]
    for widget, width in zip(widgets, widths, strict=True):
        widget.setFixedSize(width, 20)
        flow.addWidget(widget)
    return flow, widgets


def test_a_flow_continues_in_the_next_row(window: QWidget) -> None:
    flow, widgets = flow_of(100, 100, 100)
    lay_out(window, make_column(flow, STRETCH), width=250)
    assert [(each.x(), each.y()) for each in widgets] == [(0, 0), (110, 0), (0, 30)]
    assert flow.heightForWidth(250) == 50
    assert flow.heightForWidth(320) == 20
    assert flow.minimumSize().width() == 100


def test_what_expands_takes_the_rest_of_its_row(window: QWidget) -> None:
    flow, widgets = flow_of(100, 100)
    flow.insert_widget(0, QLineEdit())
    lay_out(window, flow)
    assert widgets[-1].geometry().right() == 599


def test_a_hidden_widget_leaves_no_gap(window: QWidget) -> None:
    flow, widgets = flow_of(100, 100, 100)
    widgets[1].hide()
    lay_out(window, flow)
    assert widgets[2].x() == 110


def test_a_widget_is_taken_out_of_a_flow(window: QWidget) -> None:
    flow, widgets = flow_of(100, 100)
    lay_out(window, flow)
    flow.removeWidget(widgets[0])
    widgets[0].hide()
    flow.activate()
    assert flow.count() == 1
    assert widgets[1].x() == 0
