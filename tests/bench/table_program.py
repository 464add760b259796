"""Smallest PySide6 program with a table: the given number of rows, all repainted once a second."""

from __future__ import annotations

import sys

from PySide6.QtCore import QTimer
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QApplication, QTableView

COLUMNS = 5
application = QApplication(sys.argv)
rows, width, height = map(int, sys.argv[1:])
model = QStandardItemModel(rows, COLUMNS)
for row in range(rows):
    for column in range(COLUMNS):
        model.setItem(row, column, QStandardItem(f"Shop {row}, {column}"))
table = QTableView()
table.setModel(model)
table.resize(width, height)
table.show()
timer = QTimer(interval=1000)
timer.timeout.connect(table.viewport().update)
timer.start()
QTimer.singleShot(0, lambda: print("ready", flush=True))  # noqa: T201 - a program that prints
sys.exit(application.exec())
