"""Names that every item model and delegate needs in its signatures."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt

Index = QModelIndex | QPersistentModelIndex
DISPLAY_ROLE = int(Qt.ItemDataRole.DisplayRole)
FIRST_CUSTOM_ROLE = int(Qt.ItemDataRole.UserRole) + 1
