"""Changes of the keyboard focus, told to widgets that scroll to what has it."""

import pytest
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import Shiboken

from guarddog_gui.ui.widgets.focus_changes import FocusChanges, follow_focus


class Follower(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.followed: list[QWidget] = []
        follow_focus(self._on_focus_changed)

    def _on_focus_changed(self, focused: QWidget) -> None:
        self.followed.append(focused)


class Form(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.first, self.second = QLineEdit(), QLineEdit()
        layout = QVBoxLayout(self)
        layout.addWidget(self.first)
        layout.addWidget(self.second)


@pytest.fixture
def form(qtbot: QtBot) -> Form:
    form = Form()
    qtbot.addWidget(form)
    with qtbot.waitActive(form):
        form.show()
        form.activateWindow()
    form.first.setFocus()
    return form


def test_a_follower_is_told_who_gets_the_keyboard(form: Form) -> None:
    follower = Follower()
    form.second.setFocus()
    form.second.clearFocus()
    form.first.setFocus()
    assert follower.followed == [form.second, form.first]


def test_a_deleted_follower_is_not_called(form: Form) -> None:
    follower = Follower()
    Shiboken.delete(follower)
    form.second.setFocus()
    assert follower.followed == []


def test_there_is_one_list_of_followers_and_it_does_not_grow(qapp: QApplication, form: Form) -> None:
    changes = qapp.findChild(FocusChanges)
    assert changes is not None
    follower = Follower()
    count = len(changes._listeners)
    for _ in range(50):
        Follower()
    form.second.setFocus()
    assert follower.followed == [form.second]
    assert len(changes._listeners) <= count + 1
    assert len(qapp.findChildren(FocusChanges)) == 1


class Owner(Follower):
    """A follower that keeps a field without being its parent."""

    def __init__(self) -> None:
        super().__init__()
        self.field = QLineEdit()


def test_a_follower_may_be_deleted_while_its_own_field_has_the_keyboard(qtbot: QtBot) -> None:
    holder = QWidget()
    owner = Owner()
    with qtbot.waitActive(owner.field):
        owner.field.show()
        owner.field.activateWindow()
    assert owner.field.hasFocus()
    owner.setParent(holder)
    del owner
    Shiboken.delete(holder)
    assert QApplication.focusWidget() is None
