"""Accessibility tree of the programs on a private AT-SPI bus, as a screen reader sees it."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jeepney import DBusAddress

from tests.desktop.bus_service import PROPERTIES_INTERFACE, BusClient, DBusCallError
from tests.desktop.processes import minimal_environment, start_process, stop_process, wait_until
from tests.desktop.session_bus import private_bus

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

REGISTRY_PROGRAM = "/usr/libexec/at-spi2-registryd"
ACCESSIBLE_INTERFACE = "org.a11y.atspi.Accessible"
ENABLED, FOCUSABLE, FOCUSED, SHOWING = 8, 11, 12, 25  # bits of AtspiStateType
CONTAINER_ROLES = ("table", "tree", "tree table", "list", "page tab list", "combo box")  # children are not read
CONTROL_ROLES = (
    "push button",
    "button menu",
    "check box",
    "combo box",
    "text",
    "spin button",
    "radio button",
    *CONTAINER_ROLES,
)

ObjectReference = tuple[str, str]  # bus name and object path


@dataclass(frozen=True, slots=True)
class AccessibleNode:
    """One object in a window."""

    role: str
    name: str
    states: int
    path: str

    def has_state(self, state: int) -> bool:
        return bool(self.states >> state & 1)

    @property
    def is_usable(self) -> bool:
        """True for a control that the user can reach with the keyboard."""
        return self.role in CONTROL_ROLES and self.has_state(FOCUSABLE) and self.has_state(ENABLED)


class AccessibilityTree:
    """Objects of all programs on the bus."""

    def __init__(self, bus: str) -> None:
        self._client = BusClient(bus)

    def close(self) -> None:
        self._client.close()

    def nodes(self) -> list[AccessibleNode]:
        """Return all visible objects of all windows, parents first, without the cells of tables."""
        nodes: list[AccessibleNode] = []
        for program in self._children(("org.a11y.atspi.Registry", "/org/a11y/atspi/accessible/root")):
            self._collect(program, nodes)
        return nodes

    def focused(self) -> list[AccessibleNode]:
        """Return the objects with the keyboard focus, outer ones first (such as a tab widget and its tab)."""
        return [node for node in self.nodes() if node.has_state(FOCUSED)]

    def texts(self) -> list[str]:
        """Return all texts that a screen reader can read currently."""
        return [node.name for node in self.nodes() if node.name]

    def place_of(self, role: str, text: str) -> tuple[int, int] | None:
        """Return the centre on the screen of the first visible object with this role and text, also inside of lists."""
        for program in self._children(("org.a11y.atspi.Registry", "/org/a11y/atspi/accessible/root")):
            found = self._find(program, role, text)
            if found is not None:
                address = DBusAddress(found[1], found[0], "org.a11y.atspi.Component")
                ((left, top, width, height),) = self._client.call(address, "GetExtents", "u", (0,))
                return left + width // 2, top + height // 2
        return None

    def _find(self, reference: ObjectReference, role: str, text: str) -> ObjectReference | None:
        try:
            states = self._call(reference, "GetState")[0][0]
            if not states >> SHOWING & 1:
                return None
            if self._call(reference, "GetRoleName")[0] == role and text in self._name(reference):
                return reference
        except DBusCallError:  # the object has disappeared meanwhile
            return None
        found = (self._find(child, role, text) for child in self._children(reference))
        return next((child for child in found if child is not None), None)

    def _collect(self, reference: ObjectReference, nodes: list[AccessibleNode]) -> None:
        try:
            role, states = self._call(reference, "GetRoleName")[0], self._call(reference, "GetState")[0]
            node = AccessibleNode(role, self._name(reference), states[0] | states[1] << 32, reference[1])
        except DBusCallError:  # the object has disappeared meanwhile
            return
        if not node.has_state(SHOWING):
            return
        nodes.append(node)
        if node.role not in CONTAINER_ROLES:
            for child in self._children(reference):
                self._collect(child, nodes)

    def _children(self, reference: ObjectReference) -> list[ObjectReference]:
        try:
            children: list[ObjectReference] = self._call(reference, "GetChildren")[0]
        except DBusCallError:
            return []
        return children

    def _name(self, reference: ObjectReference) -> str:
        address = DBusAddress(reference[1], reference[0], PROPERTIES_INTERFACE)
        name: str = self._client.call(address, "Get", "ss", (ACCESSIBLE_INTERFACE, "Name"))[0][1]
        return name

    def _call(self, reference: ObjectReference, member: str) -> tuple[Any, ...]:
        return self._client.call(DBusAddress(reference[1], reference[0], ACCESSIBLE_INTERFACE), member)


@contextmanager
def accessibility_bus(folder: Path, session_bus: str, display: str) -> Iterator[tuple[AccessibilityTree, str]]:
    """Run an accessibility bus. Yield its tree and the address for a program's AT_SPI_BUS_ADDRESS."""
    with private_bus(folder, "a11y") as address:
        environment = minimal_environment(
            AT_SPI_BUS_ADDRESS=address, DBUS_SESSION_BUS_ADDRESS=session_bus, DISPLAY=display
        )
        registry = start_process([REGISTRY_PROGRAM], environment)
        tree = AccessibilityTree(address)
        try:
            wait_until(lambda: _is_registry_running(tree), "the accessibility registry")
            yield tree, address
        finally:
            tree.close()
            stop_process(registry)


def _is_registry_running(tree: AccessibilityTree) -> bool:
    bus = DBusAddress("/org/freedesktop/DBus", "org.freedesktop.DBus", "org.freedesktop.DBus")
    (owned,) = tree._client.call(bus, "NameHasOwner", "s", ("org.a11y.atspi.Registry",))
    return bool(owned)
