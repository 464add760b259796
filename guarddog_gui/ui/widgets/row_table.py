"""Table in which the user selects one whole row, as in the history and the errcodes."""

from PySide6.QtCore import QAbstractItemModel
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from guarddog_gui.ui.widgets.padded_delegate import ROW_HEIGHT, PaddedDelegate, PaddedHeader

ROWS_MEASURED = 20  # rows that decide the width of a column; measuring all of them blocks the window


def make_row_table(model: QAbstractItemModel, stretched_column: int, name_column: int | None = None) -> QTableView:
    """Return a table on this model.

    `stretched_column` takes the remaining width; `name_column` has texts of any length and a limited width.
    """
    table = QTableView()
    table.setHorizontalHeader(PaddedHeader())
    table.setItemDelegate(PaddedDelegate(table, name_column=name_column))
    table.setModel(model)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setShowGrid(False)
    table.setWordWrap(False)
    table.setTabKeyNavigation(False)
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(ROW_HEIGHT - 8)
    header = table.horizontalHeader()
    header.setResizeContentsPrecision(ROWS_MEASURED)
    header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    header.setSectionResizeMode(stretched_column, QHeaderView.ResizeMode.Stretch)
    return table
