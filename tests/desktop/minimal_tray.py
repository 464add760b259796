"""Minimal tray program, to test the desktop fixtures with and to compare the start time of Guard Dog with."""

# ruff: noqa: T201  # a program that prints

import sys

from PySide6.QtCore import QTimer
from PySide6.QtGui import QAction, QIcon, QPixmap
from PySide6.QtWidgets import QApplication, QMenu, QSystemTrayIcon

application = QApplication(sys.argv)
application.setApplicationName("smallest-tray")
pixmap = QPixmap(32, 32)
pixmap.fill("#1a7f37")

menu = QMenu()
menu.aboutToShow.connect(lambda: print("about to show", flush=True))
# WORKAROUND: Qt passes a menu's text to the panel unchanged, and the panel takes "_" for a mnemonic mark.
copy_action = menu.addAction("Copy access__token")
copy_action.triggered.connect(lambda: application.clipboard().setText("令牌 of the tray"))
menu.addAction("Not now").setEnabled(False)
menu.addSeparator()
more_menu = menu.addMenu("More")
pause_action = QAction("Pause", more_menu, checkable=True)
more_menu.addAction(pause_action)

tray = QSystemTrayIcon(QIcon(pixmap))
tray.setToolTip("awake")
tray.setContextMenu(menu)
pause_action.toggled.connect(lambda on: tray.setToolTip("paused" if on else "awake"))
tray.activated.connect(lambda reason: print("activated:", reason.name, flush=True))
tray.show()
QTimer.singleShot(0, lambda: print("ready", flush=True))
sys.exit(application.exec())
