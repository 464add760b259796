"""The smallest tray program: the kit is tried on it, and the real one is measured against it."""

import sys

from PySide6.QtGui import QAction, QIcon, QPixmap
from PySide6.QtWidgets import QApplication, QMenu, QSystemTrayIcon

application = QApplication(sys.argv)
application.setApplicationName("smallest-tray")
picture = QPixmap(32, 32)
picture.fill("#1a7f37")

menu = QMenu()
menu.aboutToShow.connect(lambda: print("about to show", flush=True))
copy = menu.addAction("Copy access_token")
copy.triggered.connect(lambda: application.clipboard().setText("令牌 of the tray"))
menu.addAction("Not now").setEnabled(False)
menu.addSeparator()
more = menu.addMenu("More")
pause = QAction("Pause", more, checkable=True)
pause.toggled.connect(lambda on: tray.setToolTip("paused" if on else "awake"))
more.addAction(pause)

tray = QSystemTrayIcon(QIcon(picture))
tray.setToolTip("awake")
tray.setContextMenu(menu)
tray.activated.connect(lambda reason: print("activated:", reason.name, flush=True))
tray.show()
sys.exit(application.exec())
