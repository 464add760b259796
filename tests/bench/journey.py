"""A journey through the whole tray app, as steps that its main thread makes one by one.

The steps know no page: they type into every field, choose every item and tick every box that is visible, so that the
journey also visits what is added later.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from PySide6.QtCore import QItemSelectionModel
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QCheckBox,
    QComboBox,
    QDialog,
    QLineEdit,
    QMainWindow,
    QPlainTextEdit,
    QPushButton,
    QWidget,
)

from guarddog_gui.app.tray_app import TrayApp
from guarddog_gui.domain.settings import Theme
from guarddog_gui.domain.tokens.record import TokenKind

Step = tuple[str, Callable[[], object]]
URL = "https://shop.example.cn/goods?id=1&from=timeline#top"
TEXTS = (URL, "40164", "no such words", "")
PASTED = f"""wx.config({{appId: 'wx0000000000000001', nonceStr: 'Wm3WZYTPz0wzccnW', timestamp: 1414587457,
signature: '{"0" * 40}'}}); // {URL}"""
STARTING_BUTTONS = ("Diagnose", "Sign")
ITEMS_MAX = 8


def make_steps(app: TrayApp) -> Iterator[Step]:
    """Return the steps one by one; each is made from what the app shows after the step before."""
    yield "open the window", app.windows.main_window.show_and_activate
    window = app.windows.main_window
    yield from _visit_pages(window)
    yield from _change_settings(app)
    yield from _visit_dialogs(window)
    yield from _use_controller(app)
    for width, height in ((700, 500), (1200, 760), (960, 640)):
        yield f"resize to {width} x {height}", partial(window.resize, width, height)
    yield "hide the window", window.hide
    yield "show the window again", window.show
    yield from _visit_pages(window)  # now everything is loaded
    yield "hide the window at the end", window.hide


def _visit_pages(window: QMainWindow) -> Iterator[Step]:
    pages = [action for action in window.actions() if action.shortcut().toString().startswith("Alt+")]
    for action in pages:
        name = action.shortcut().toString()
        yield f"page {name}", action.trigger
        yield from _use_widgets(window, f"page {name}")


def _use_widgets(parent: QWidget, where: str) -> Iterator[Step]:
    for field in _visible(parent, QLineEdit):
        for text in TEXTS:
            yield f"{where}: type {text!r}", partial(field.setText, text)
    for plain in _visible(parent, QPlainTextEdit):
        if not plain.isReadOnly():
            yield f"{where}: paste", partial(plain.setPlainText, PASTED)
    for combo in _visible(parent, QComboBox):
        for index in (*range(min(combo.count(), ITEMS_MAX)), combo.currentIndex()):
            yield f"{where}: choose item {index}", partial(combo.setCurrentIndex, index)
    for box in _visible(parent, QCheckBox):
        yield f"{where}: tick {box.text()!r}", box.toggle
        yield f"{where}: untick {box.text()!r}", box.toggle
    for view in _visible(parent, QAbstractItemView):
        yield f"{where}: scroll to the end", view.scrollToBottom
        for row in range(min(view.model().rowCount(), ITEMS_MAX)):
            yield f"{where}: select row {row}", partial(_select_row, view, row)
    for button in _visible(parent, QPushButton):
        if button.text() in STARTING_BUTTONS and button.isEnabled():
            yield f"{where}: {button.text()}", button.click


def _visible(parent: QWidget, kind: type[Any]) -> list[Any]:
    return [widget for widget in parent.findChildren(kind) if widget.isVisible() and widget.isEnabled()]


def _select_row(view: QAbstractItemView, row: int) -> None:
    model = view.model()
    if row < model.rowCount():
        view.selectionModel().setCurrentIndex(model.index(row, 0), QItemSelectionModel.SelectionFlag.SelectCurrent)


def _change_settings(app: TrayApp) -> Iterator[Step]:
    settings = app._settings_controller
    for language in ("zh_CN", "en"):
        yield f"language {language}", partial(settings.update_fields, language=language)
    for theme in (Theme.DARK, Theme.LIGHT):
        yield f"theme {theme.value}", partial(settings.update_fields, theme=theme)


def _visit_dialogs(window: QMainWindow) -> Iterator[Step]:
    shortcuts: dict[str, QAction] = {action.shortcut().toString(): action for action in window.actions()}
    for name in ("Ctrl+N", "Ctrl+,"):
        yield f"dialog {name}", shortcuts[name].trigger
        for dialog in _visible_dialogs():
            for field in _visible(dialog, QLineEdit):
                yield f"dialog {name}: type", partial(field.setText, "wx0000000000000001")
        yield f"dialog {name}: close", _close_dialogs


def _visible_dialogs() -> list[QDialog]:
    return [widget for widget in QApplication.topLevelWidgets() if isinstance(widget, QDialog) and widget.isVisible()]


def _close_dialogs() -> None:
    for dialog in _visible_dialogs():
        dialog.reject()


def _use_controller(app: TrayApp) -> Iterator[Step]:
    controller = app._background_engine.controller
    appid = controller.overview().accounts[0].account.appid
    yield "refresh all", controller.refresh
    yield "copy a token", partial(controller.copies.request, appid, TokenKind.ACCESS_TOKEN)
    yield "pause", lambda: controller.pause(time.time() + 60)
    yield "go on", lambda: controller.pause(None)
    yield "resume after a suspend", controller.on_system_resumed
    yield "the network comes back", controller.on_network_restored
    yield "tick", controller.tick
