"""Balloons of the tray icon: what is shown, and where a click on one leads."""

from PySide6.QtWidgets import QApplication, QSystemTrayIcon
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.refresh.notifications import NotificationAction, Urgency
from guarddog_gui.runtime.notifier import NotificationBackend
from guarddog_gui.services.messages.notifications import NotificationText
from guarddog_gui.ui.tray.balloons import BalloonNotifications


class Balloons(QSystemTrayIcon):
    """An icon that remembers its balloons; offscreen there is no tray to show them."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[tuple[str, str, QSystemTrayIcon.MessageIcon]] = []

    def showMessage(self, title: str, body: str, icon: QSystemTrayIcon.MessageIcon, _ms: int) -> None:  # type: ignore[override]  # noqa: N802
        self.shown.append((title, body, icon))


def text(urgency: Urgency) -> NotificationText:
    return NotificationText("Shop · needs you", "body", ((NotificationAction.OPEN, "Open"),), urgency)


def test_a_click_on_the_balloon_opens_the_account_that_it_was_about(qtbot: QtBot) -> None:  # noqa: ARG001
    notices, icon = BalloonNotifications(), Balloons()
    heard: list[tuple[str, str, str]] = []
    notices.set_action_callback(lambda *action: heard.append(action))
    notices.show("wxEarly", text(Urgency.LOW))
    notices.set_icon(icon)
    notices.show("wxA", text(Urgency.CRITICAL))
    notices.show("wxB", text(Urgency.LOW))
    icon.messageClicked.emit()

    assert [shown[2].name for shown in icon.shown] == ["Warning", "Information"]
    assert icon.shown[0][:2] == ("Shop · needs you", "body")
    assert heard == [("wxB", "open", "")]


def test_without_an_icon_or_after_the_end_nothing_is_shown(qapp: QApplication) -> None:  # noqa: ARG001
    notices, icon = BalloonNotifications(), Balloons()
    notices.set_icon(icon)
    notices.set_icon(None)
    notices.show("wxA", text(Urgency.LOW))
    notices.set_icon(icon)
    notices.stop()
    notices.show("wxA", text(Urgency.LOW))
    notices.close("wxA")

    assert icon.shown == []


def _fits_the_port(notices: BalloonNotifications) -> NotificationBackend:  # for mypy
    return notices
