"""A program's icon in the tray, seen from the panel: its properties, its menu, and the clicks on both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from jeepney import DBusAddress

from tests.desktop.processes import wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.desktop.bus_service import BusClient

ITEM_INTERFACE = "org.kde.StatusNotifierItem"
MENU_INTERFACE = "com.canonical.dbusmenu"


@dataclass(frozen=True, slots=True)
class MenuItem:
    """One row of the menu as a panel shows it; a separator has no label."""

    id: int
    label: str
    is_enabled: bool
    is_visible: bool
    is_separator: bool
    is_checked: bool | None  # None where there is nothing to check
    children: tuple[MenuItem, ...]

    def __iter__(self) -> Iterator[MenuItem]:
        """The row and all below it, from the top."""
        yield self
        for row in self.children:
            yield from row


class TrayItem:
    def __init__(self, client: BusClient, service: str, path: str) -> None:
        self._client = client
        self._service = service
        self._path = path
        self._item = DBusAddress(path, service, ITEM_INTERFACE)
        menu: str = self.properties()["Menu"]
        self._menu = DBusAddress(menu, service, MENU_INTERFACE)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._client.close()

    def properties(self) -> dict[str, Any]:
        """Title, Status, IconPixmap, ToolTip and the rest, as they are on the bus."""
        return self._client.properties(self._service, self._path, ITEM_INTERFACE)

    @property
    def tooltip(self) -> str:
        _, _, title, text = self.properties()["ToolTip"]
        return f"{title}\n{text}".strip()

    @property
    def icon(self) -> dict[int, bytes]:
        """The pixels by the width of the picture: 32 bit ARGB, the highest byte first."""
        return {width: pixels for width, _, pixels in self.properties()["IconPixmap"]}

    def click(self) -> None:
        """The left button."""
        self._client.call(self._item, "Activate", "ii", (0, 0))

    def middle_click(self) -> None:
        self._client.call(self._item, "SecondaryActivate", "ii", (0, 0))

    def open_menu(self) -> None:
        """What a panel says to the program before it shows the menu."""
        self._client.call(self._menu, "AboutToShow", "i", (0,))

    def menu(self) -> MenuItem:
        """The whole menu; the root itself has no label."""
        _, root = self._client.call(self._menu, "GetLayout", "iias", (0, -1, []))
        return _menu_item_from_layout(root)

    def labels(self) -> list[str]:
        """The visible rows of the first level, without separators."""
        return [row.label for row in self.menu().children if row.is_visible and not row.is_separator]

    def menu_item(self, *labels: str) -> MenuItem:
        """The row to which these labels lead, through submenus."""
        here = self.menu()
        for label in labels:
            fitting = [row for row in here.children if row.label == label]
            assert fitting, f"no {label!r} among {[row.label for row in here.children]}"
            here = fitting[0]
        return here

    def click_menu_item(self, *labels: str) -> None:
        """Clicks on a row of the menu, as soon as it can be clicked."""
        self.wait_for_menu_item(*labels)
        self._client.call(self._menu, "Event", "isvu", (self.menu_item(*labels).id, "clicked", ("i", 0), 0))

    def wait_for_menu_item(self, *labels: str, seconds: float = 10.0) -> MenuItem:
        """The row once it is there, visible and enabled."""

        def usable() -> MenuItem | None:
            here = self.menu()
            for label in labels:
                below = [row for row in here.children if row.label == label and row.is_visible and row.is_enabled]
                if not below:
                    return None
                here = below[0]
            return here

        return wait_until(usable, f"the row {' > '.join(labels)}", timeout_s=seconds)


def _menu_item_from_layout(layout: tuple[int, dict[str, tuple[str, Any]], list[tuple[str, Any]]]) -> MenuItem:
    number, given, children = layout
    values = {name: value for name, (_, value) in given.items()}
    return MenuItem(
        id=number,
        label=displayed_label(values.get("label", "")),
        is_enabled=values.get("enabled", True),
        is_visible=values.get("visible", True),
        is_separator=values.get("type") == "separator",
        is_checked=values.get("toggle-state") == 1 if values.get("toggle-type") else None,
        children=tuple(_menu_item_from_layout(child) for _, child in children),
    )


def displayed_label(label: str) -> str:
    """As a panel draws it: one underscore marks the letter to press, two stand for one."""
    return "_".join(part.replace("_", "") for part in label.split("__"))
