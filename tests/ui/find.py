"""Find widgets as a user does: by the text on them, by their label or accessible name, or by `objectName`."""

from typing import TypeVar

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QCheckBox,
    QComboBox,
    QDialog,
    QLabel,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QSpinBox,
    QWidget,
)

from guarddog_gui.ui.api.page import ApiPage
from guarddog_gui.ui.errcode_page import ErrcodePage
from guarddog_gui.ui.history.page import HistoryPage
from guarddog_gui.ui.main_window import MainWindow
from guarddog_gui.ui.signing.diagnose_page import DiagnosePage
from guarddog_gui.ui.signing.sign_page import SignPage
from guarddog_gui.ui.tokens.page import TokensPage
from guarddog_gui.ui.widgets.text.account_labels import ElidedLabel
from guarddog_gui.ui.widgets.toast import Toast
from guarddog_gui.ui.window_pages import PageName

Widget = TypeVar("Widget", bound=QWidget)
Dialog = TypeVar("Dialog", bound=QDialog)
PAGES: dict[type[QWidget], PageName] = {
    TokensPage: PageName.TOKENS,
    HistoryPage: PageName.HISTORY,
    SignPage: PageName.SIGN,
    DiagnosePage: PageName.DIAGNOSE,
    ErrcodePage: PageName.ERRCODES,
    ApiPage: PageName.API,
}


def widget(window: QWidget, kind: type[Widget], name: str | None = None) -> Widget:
    """Return the only widget of this class in `window` that has this name, in any of its four ways.

    Without a name, the only widget of the class. If several match, those that are visible count.

    Raises:
        LookupError: no widget or more than one widget matches.

    """
    matches = [each for each in window.findChildren(kind) if name is None or name in _names(each)]
    if len(matches) > 1:
        matches = [each for each in matches if each.isVisibleTo(window)]
    if len(matches) != 1:
        known = sorted({text for each in window.findChildren(kind) for text in _names(each)})
        message = f"{len(matches)} widgets of class {kind.__name__} are named {name!r}; names: {known}"
        raise LookupError(message)
    return matches[0]


def page(window: MainWindow, kind: type[Widget]) -> Widget:
    """Return the page of this class, shown or not; it is made if the user has not visited it yet."""
    if kind in PAGES:
        window.pages.page(PAGES[kind])
    return widget(window, kind)


def button(window: QWidget, name: str) -> QAbstractButton:
    """Return the button, radio button or tool button with this text or name."""
    return widget(window, QAbstractButton, name)


def check_box(window: QWidget, name: str) -> QCheckBox:
    """Return the check box with this text or name."""
    return widget(window, QCheckBox, name)


def combo(window: QWidget, name: str) -> QComboBox:
    """Return the combo box with this label or name."""
    return widget(window, QComboBox, name)


def field(window: QWidget, name: str) -> QLineEdit:
    """Return the one-line input field with this label or name."""
    return widget(window, QLineEdit, name)


def text_area(window: QWidget, name: str) -> QPlainTextEdit:
    """Return the input field of several lines with this label or name."""
    return widget(window, QPlainTextEdit, name)


def spin_box(window: QWidget, name: str) -> QSpinBox:
    """Return the number field with this label or name."""
    return widget(window, QSpinBox, name)


def table(window: QWidget, name: str) -> QAbstractItemView:
    """Return the table or list with this label or name."""
    return widget(window, QAbstractItemView, name)


def label(window: QWidget, name: str) -> QLabel:
    """Return the label with this text or `objectName`."""
    return widget(window, QLabel, name)


def timer(window: QWidget, object_name: str) -> QTimer:
    """Return the timer with this `objectName`."""
    found = window.findChild(QTimer, object_name)
    assert found is not None, f"no timer {object_name}"
    return found


def has(window: QWidget, name: str, kind: type[QWidget] = QWidget) -> bool:
    """Return whether the user sees a widget of this class with this name."""
    return any(name in _names(each) and each.isVisibleTo(window) for each in window.findChildren(kind))


def shows(window: QWidget, text: str) -> bool:
    """Return whether a label that the user sees contains this text."""
    labels: list[QLabel | ElidedLabel] = [*window.findChildren(QLabel), *window.findChildren(ElidedLabel)]
    return any(text in each.text() and each.isVisibleTo(window) for each in labels)


def dialog(window: QWidget, kind: type[Dialog]) -> Dialog:
    """Return the newest dialog of this class that `window` has opened."""
    return window.findChildren(kind)[-1]


def action(menu: QMenu, text: str) -> QAction:
    """Return the row of a menu, or of its submenus, with this text."""
    for each in menu.actions():
        if _without_mnemonic(each.text()) == text:
            return each
        submenu = each.menu()
        if isinstance(submenu, QMenu) and any(_without_mnemonic(a.text()) == text for a in submenu.actions()):
            return action(submenu, text)
    message = f"no {text!r} in {[each.text() for each in menu.actions()]}"
    raise LookupError(message)


def cell(view: QAbstractItemView, row: int, column: int = 0) -> str:
    """Return the text that a table shows in this cell."""
    return str(view.model().index(row, column).data() or "")


def column(view: QAbstractItemView, number: int = 0) -> list[str]:
    """Return the texts of one column of a table, from the top."""
    return [cell(view, row, number) for row in range(view.model().rowCount())]


def check_state(view: QAbstractItemView, row: int, column: int = 0) -> Qt.CheckState:
    """Return the state of the check box in this cell."""
    return Qt.CheckState(view.model().index(row, column).data(Qt.ItemDataRole.CheckStateRole))


def _names(each: QWidget) -> set[str]:
    names = {each.objectName(), each.accessibleName()}
    if isinstance(each, QAbstractButton | QLabel):
        names.add(_without_mnemonic(each.text()))
    labels = each.window().findChildren(QLabel)
    names |= {_without_mnemonic(label.text()) for label in labels if label.buddy() is each}
    return names - {""}


def _without_mnemonic(text: str) -> str:
    return text.replace("&&", "\0").replace("&", "").replace("\0", "&")


def toast(window: QWidget) -> str:
    """Return the short news that the window shows, with its countdown; empty if there is none."""
    return widget(window, Toast).message
