"""What a screen reader gets to know: the accessibility tree of the programs on a private AT-SPI bus."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jeepney import DBusAddress

from tests.desktop.bus_service import PROPERTIES, BusClient, BusError
from tests.desktop.processes import plain_environment, start, stop, wait_until
from tests.desktop.session_bus import private_bus

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

REGISTRY = "/usr/libexec/at-spi2-registryd"
ACCESSIBLE = "org.a11y.atspi.Accessible"
ENABLED, FOCUSABLE, FOCUSED, SHOWING = 8, 11, 12, 25  # bits of AtspiStateType
OF_CELLS = ("table", "tree", "tree table", "list")  # their cells are the models' business
OF_PARTS = ("combo box",)  # its line and its list are reached as one
CONTROLS = (
    "push button",
    "button menu",
    "check box",
    "combo box",
    "text",
    "spin button",
    "radio button",
    *OF_CELLS,
)

Reference = tuple[str, str]  # bus name and object path


@dataclass(frozen=True, slots=True)
class Node:
    """One thing in a window."""

    role: str
    name: str
    states: int
    path: str

    def has(self, state: int) -> bool:
        return bool(self.states >> state & 1)

    @property
    def is_usable(self) -> bool:
        """A control that a person sees and can reach."""
        return self.role in CONTROLS and all(map(self.has, (ENABLED, SHOWING, FOCUSABLE)))


class AccessibilityTree:
    """All programs that are on the bus."""

    def __init__(self, bus: str) -> None:
        self._client = BusClient(bus)

    def close(self) -> None:
        self._client.close()

    def nodes(self) -> list[Node]:
        """Everything in every window, from the top; cells are left out."""
        found: list[Node] = []
        for program in self._children(("org.a11y.atspi.Registry", "/org/a11y/atspi/accessible/root")):
            self._gather(program, found)
        return found

    def focused(self) -> Node | None:
        """What has the keyboard: a list and its chosen line both say so, and the outer one is meant."""
        found = [node for node in self.nodes() if node.has(FOCUSED) and node.has(SHOWING)]
        # Qt says it of the open tab of a tab bar all the time
        return next((node for node in found if node.role != "page tab"), found[0] if found else None)

    def texts(self) -> list[str]:
        """What can be read aloud now."""
        return [node.name for node in self.nodes() if node.name and node.has(SHOWING)]

    def _gather(self, at: Reference, found: list[Node]) -> None:
        try:
            role, states = self._call(at, "GetRoleName")[0], self._call(at, "GetState")[0]
            node = Node(role, self._name(at), states[0] | states[1] << 32, at[1])
        except BusError:  # it went while we were looking
            return
        found.append(node)
        if node.role not in OF_CELLS + OF_PARTS:
            for child in self._children(at):
                self._gather(child, found)

    def _children(self, at: Reference) -> list[Reference]:
        try:
            children: list[Reference] = self._call(at, "GetChildren")[0]
        except BusError:
            return []
        return children

    def _name(self, at: Reference) -> str:
        address = DBusAddress(at[1], at[0], PROPERTIES)
        name: str = self._client.call(address, "Get", "ss", (ACCESSIBLE, "Name"))[0][1]
        return name

    def _call(self, at: Reference, member: str) -> tuple[Any, ...]:
        return self._client.call(DBusAddress(at[1], at[0], ACCESSIBLE), member)


@contextmanager
def accessibility_bus(
    folder: Path, session_bus: str, display: str
) -> Iterator[tuple[AccessibilityTree, str]]:
    """The tree and the address that a program finds in AT_SPI_BUS_ADDRESS."""
    with private_bus(folder, "a11y") as address:
        environment = plain_environment(
            AT_SPI_BUS_ADDRESS=address, DBUS_SESSION_BUS_ADDRESS=session_bus, DISPLAY=display
        )
        registry = start([REGISTRY], environment)
        tree = AccessibilityTree(address)
        try:
            wait_until(lambda: _is_there(tree), "the accessibility registry")
            yield tree, address
        finally:
            tree.close()
            stop(registry)


def _is_there(tree: AccessibilityTree) -> bool:
    bus = DBusAddress("/org/freedesktop/DBus", "org.freedesktop.DBus", "org.freedesktop.DBus")
    (owned,) = tree._client.call(bus, "NameHasOwner", "s", ("org.a11y.atspi.Registry",))
    return bool(owned)
