"""Collect all texts of a window or menu, visible or for screen readers, by the path of their widget."""

from collections.abc import Iterator

from PySide6.QtCore import QAbstractItemModel, QAbstractListModel, QModelIndex, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QComboBox,
    QGroupBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QMenu,
    QSpinBox,
    QTabWidget,
    QWidget,
)

TextsByPath = dict[str, str]


def visible_texts(window: QWidget) -> TextsByPath:
    """Return the texts of a window and all its visible widgets."""
    if isinstance(window, QMenu):
        return {f"row {number}": text for number, text in enumerate(_menu_texts(window)) if text}
    texts: TextsByPath = {}
    for widget in (window, *window.findChildren(QWidget)):
        if widget is not window and (not widget.isVisibleTo(window) or widget.window() is not window.window()):
            continue
        path = _widget_path(widget, window)
        for number, text in enumerate(_widget_texts(widget)):
            if text.strip():
                texts[f"{path}#{number}"] = text
    return texts


def _menu_texts(menu: QMenu) -> list[str]:
    texts = [menu.title()]
    for action in menu.actions():
        submenu = action.menu()
        if isinstance(submenu, QMenu):
            texts += [action.text(), *_menu_texts(submenu)]
        elif action.isVisible():
            texts.append(action.text())
    return texts


def _widget_path(widget: QWidget, window: QWidget) -> str:
    names: list[str] = []
    at: QWidget | None = widget
    while at is not None and at is not window:
        parent = at.parentWidget()
        same = [child for child in parent.children() if type(child) is type(at)] if parent else [at]
        names.append(f"{type(at).__name__}[{same.index(at)}]")
        at = parent
    return "/".join(reversed(names)) or type(window).__name__


def _widget_texts(widget: QWidget) -> Iterator[str]:
    yield widget.toolTip()
    yield widget.accessibleName()
    yield widget.accessibleDescription()
    if widget.isWindow():
        yield widget.windowTitle()
    match widget:
        case QAbstractButton() | QLabel():
            yield widget.text()
        case QLineEdit():
            yield widget.placeholderText()
        case QComboBox():
            yield from (widget.itemText(row) for row in range(widget.count()))
        case QSpinBox():
            yield from (widget.prefix(), widget.suffix(), widget.specialValueText())
        case QTabWidget():
            yield from (widget.tabText(tab) for tab in range(widget.count()))
        case QGroupBox():
            yield widget.title()
        case QHeaderView():
            pass  # covered by the texts of the model
        case QAbstractItemView():
            yield from _model_texts(widget.model(), QModelIndex())
        case _:
            pass


def _model_texts(model: QAbstractItemModel, parent: QModelIndex) -> Iterator[str]:
    columns = range(1 if isinstance(model, QAbstractListModel) else model.columnCount(parent))
    if not parent.isValid():
        yield from (str(model.headerData(column, Qt.Orientation.Horizontal) or "") for column in columns)
    for row in range(model.rowCount(parent)):
        for column in columns:
            cell = model.index(row, column, parent)
            for role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
                yield str(cell.data(role) or "")
        yield from _model_texts(model, model.index(row, 0, parent))
