"""Requests of the cards, and the key whose value was copied a moment ago."""

from functools import partial

from PySide6.QtCore import QPoint
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from guarddog_gui.ui.tokens.requests import AccountAction, Target, TargetMixin, TokenRequests
from tests.runtime.harness import CAFE, SHOP, TICKET, TOKEN


def test_a_request_names_its_account_and_key(qtbot: QtBot) -> None:
    requests = TokenRequests()
    with qtbot.waitSignal(requests.action_requested) as requested:
        requests.request(Target(SHOP.appid, TICKET), AccountAction.COPY)
    assert requested.args == [Target(SHOP.appid, TICKET), AccountAction.COPY]


def test_only_the_value_copied_last_counts_as_copied(qtbot: QtBot) -> None:
    requests = TokenRequests()
    first, second = Target(SHOP.appid, TOKEN), Target(CAFE.appid, TOKEN)
    with qtbot.waitSignal(requests.copied_changed):
        requests.mark_copied(first)
    assert requests.is_copied(first)
    requests.mark_copied(second)
    assert requests.is_copied(second)
    assert not requests.is_copied(first)


class Button(TargetMixin, QPushButton):
    """Widget of one key."""

    def __init__(self, requests: TokenRequests) -> None:
        super().__init__()
        self._requests = requests
        self.clicked.connect(partial(self._open_menu_below, self))

    @property
    def target(self) -> Target:
        return Target(SHOP.appid, TICKET)


def test_the_menu_of_a_widget_is_about_its_target_and_stands_below_its_button(qtbot: QtBot) -> None:
    requests = TokenRequests()
    button = Button(requests)
    qtbot.addWidget(button)
    button.show()
    asked: list[tuple[object, QPoint]] = []
    requests.menu_requested.connect(lambda *what: asked.append(what))

    button.click()
    corner = button.mapToGlobal(QPoint(0, 0))
    QApplication.sendEvent(button, QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(3, 4), QPoint(30, 40)))

    target = Target(SHOP.appid, TICKET)
    assert asked == [(target, corner + QPoint(0, button.height())), (target, QPoint(30, 40))]
