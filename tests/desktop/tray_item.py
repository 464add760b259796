"""A program's tray icon as the panel sees it: its properties, its menu, and clicks on both."""

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
    """One item of the menu as a panel shows it; a separator has no label."""

    id: int
    label: str
    is_enabled: bool
    is_visible: bool
    is_separator: bool
    is_checked: bool | None  # None if it is not checkable
    children: tuple[MenuItem, ...]

    def is_named(self, label: str) -> bool:
        """Return True for this label, also if the name of an account follows it."""
        return self.label == label or self.label.startswith(f"{label} · ")

    def __iter__(self) -> Iterator[MenuItem]:
        """Yield this item and those of its submenus, from the top."""
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
        """Return Title, Status, IconPixmap, ToolTip and the other properties on the bus."""
        return self._client.properties(self._service, self._path, ITEM_INTERFACE)

    @property
    def tooltip(self) -> str:
        _, _, title, text = self.properties()["ToolTip"]
        return f"{title}\n{text}".strip()

    @property
    def icon(self) -> dict[int, bytes]:
        """Return the pixels of each size by its width, in 32 bit ARGB (big-endian)."""
        return {width: pixels for width, _, pixels in self.properties()["IconPixmap"]}

    def click(self) -> None:
        """Click with the left button."""
        self._client.call(self._item, "Activate", "ii", (0, 0))

    def middle_click(self) -> None:
        self._client.call(self._item, "SecondaryActivate", "ii", (0, 0))

    def open_menu(self) -> None:
        """Announce to the program that the menu is about to be shown."""
        self._client.call(self._menu, "AboutToShow", "i", (0,))

    def menu(self) -> MenuItem:
        """Return the root of the whole menu, which has no label."""
        _, root = self._client.call(self._menu, "GetLayout", "iias", (0, -1, []))
        return _menu_item_from_layout(root)

    def labels(self) -> list[str]:
        """Return the labels of the visible items of the first level."""
        return [row.label for row in self.menu().children if row.is_visible and not row.is_separator]

    @property
    def headline(self) -> str:
        """Return the state of all accounts, in the only row that cannot be chosen."""
        return next(row.label for row in self.menu().children if row.is_visible and not row.is_enabled and row.label)

    def menu_item(self, *labels: str) -> MenuItem:
        """Return the item with the last label, in the submenus with the labels before it."""
        item = self.menu()
        for label in labels:
            matches = [child for child in item.children if child.is_named(label)]
            assert matches, f"no {label!r} among {[child.label for child in item.children]}"
            item = matches[0]
        return item

    def click_menu_item(self, *labels: str) -> None:
        """Click on a menu item as soon as it is visible and enabled."""
        self.wait_for_menu_item(*labels)
        self._client.call(self._menu, "Event", "isvu", (self.menu_item(*labels).id, "clicked", ("i", 0), 0))

    def wait_for_menu_item(self, *labels: str, seconds: float = 10.0) -> MenuItem:
        """Wait until the item is visible and enabled, and return it."""

        def find_usable() -> MenuItem | None:
            item = self.menu()
            for label in labels:
                matches = [
                    child for child in item.children if child.is_named(label) and child.is_visible and child.is_enabled
                ]
                if not matches:
                    return None
                item = matches[0]
            return item

        return wait_until(find_usable, f"the menu item {' > '.join(labels)}", timeout_s=seconds)

    def wait_until_fresh(self, key_count: int) -> None:
        """Wait until the menu shows that all keys are fresh."""
        text = f"{key_count} of {key_count} fresh"
        wait_until(lambda: self.headline.startswith(text), text, timeout_s=20)


def _menu_item_from_layout(layout: tuple[int, dict[str, tuple[str, Any]], list[tuple[str, Any]]]) -> MenuItem:
    number, properties, children = layout
    values = {name: value for name, (_, value) in properties.items()}
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
    """Return a label as a panel draws it: one underscore is a mnemonic mark, two are an underscore."""
    return "_".join(part.replace("_", "") for part in label.split("__"))
