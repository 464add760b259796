"""A table of whole rows, one of which is chosen: the look that history and errcodes share."""

from PySide6.QtCore import QAbstractItemModel
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from guarddog_gui.ui.widgets.padded_delegate import ROW_HEIGHT, PaddedDelegate, PaddedHeader

ROWS_MEASURED = 20  # looked at to find a column's width; all of a long table would stall


def make_row_table(
    model: QAbstractItemModel, stretched_column: int, name_column: int | None = None
) -> QTableView:
    """A table on this model; the column `stretched` takes what room there is, `names` only its share."""
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
